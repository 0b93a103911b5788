"""Decides how words group into phrases: counted nouns, verbs with their auxiliaries, and the marks between.

A noun phrase is ``[qualifier] [number or determiner] modifiers* head [of/for ... form]``; a verb
phrase is ``[auxiliaries, negation] verb``. What fits neither stays a mark: a comma, a comparison,
a year, a word that names who speaks.
"""

# ruff: noqa: PLR0911 - a grammar is a list of cases, each with its way out

from __future__ import annotations

from functools import cache

from monitor.extraction.lexicon import Noun, Tag
from monitor.extraction.noun_phrases import MAKING
from monitor.extraction.phrases import Det, Kind, NounPhrase, Phrase
from monitor.extraction.verb_phrases import AUXILIARIES, FLOATING, Auxiliaries, VerbPhraseReader
from monitor.extraction.words import Word

_MARKS = {
    ",": Kind.COMMA,
    ":": Kind.COLON,
    "(": Kind.OPEN,
    "[": Kind.OPEN,
    ")": Kind.CLOSE,
    "]": Kind.CLOSE,
}
_TAGGED = (
    (Tag.STORY, Kind.STORY),
    (Tag.SIMILAR, Kind.SIMILAR),
    (Tag.SAME, Kind.SAME),
    (Tag.COMPARE, Kind.COMPARE),
    (Tag.PERIOD, Kind.PERIOD),
    (Tag.SUBSET, Kind.SUBSET),
    (Tag.RESPECTIVELY, Kind.RESPECTIVELY),
    (Tag.CONTRAST, Kind.CONTRAST),
    (Tag.CONJUNCTION, Kind.CONJUNCTION),
    (Tag.UNCLEAR, Kind.UNCLEAR),
    (Tag.COMPLICITY, Kind.COMPLICITY),
    (Tag.WITHOUT, Kind.WITHOUT),
    (Tag.PREPOSITION, Kind.PREPOSITION),
    (Tag.TIE, Kind.PREPOSITION),
    (Tag.CRIME, Kind.CRIME),
    (Tag.FORM, Kind.FORM),
    (Tag.BLOCKER, Kind.BLOCKER),
    (Tag.AGENT, Kind.AGENT),
    (Tag.PRONOUN, Kind.PRONOUN),
    (Tag.UNSPECIFIED, Kind.UNSPECIFIED),
)


# What words that only join have none of; no phrase begins with one of those.
_MORE_THAN_LINKS = ~(Tag.PREPOSITION | Tag.TIE | Tag.CONJUNCTION | Tag.PRONOUN | Tag.SPAN)
# Words that may be decided before verbs and nouns are looked for.
_FIRST = Tag.DASH | Tag.LABEL | Tag.STORY | Tag.SIMILAR | Tag.SAME
# Words that are one mark whatever follows.
_ALONE = Tag.PERIOD | Tag.SUBSET | Tag.RESPECTIVELY | Tag.UNCLEAR | Tag.WITHOUT | Tag.COMPLICITY
# Words that can begin a noun phrase; a number can too.
_STARTS = (
    Tag.NONE
    | Tag.ORDINAL
    | Tag.VAGUE
    | Tag.UNKNOWN
    | Tag.QUALIFIER
    | Tag.NOUN
    | Tag.DATA
    | Tag.DATA_HEAD
    | Tag.FORM
    | Tag.CRIME
    | Tag.ADJECTIVE
    | Tag.AGENT
    | Tag.ANY
    | Tag.NO
    | Tag.ARTICLE
    | Tag.DEFINITE
    | Tag.OTHER
)


@cache
def _decided(tags: int) -> tuple[int, Kind] | None:
    """Return the first of a word's tags that makes it a mark; words share a few hundred sets of tags."""
    return next(((tag, kind) for tag, kind in _TAGGED if tags & tag), None)


def phrases(words: list[Word]) -> list[Phrase]:
    """Group ``words`` into phrases, left to right."""
    return _Chunker(words).run()


class _Chunker(VerbPhraseReader):
    """The walk over the words of a clause."""

    def run(self) -> list[Phrase]:
        at, count, step = 0, len(self._words), self._step
        while at < count:
            at = step(at)
        _share_heads(self._out)
        return self._out

    def _step(self, at: int) -> int:
        word = self._words[at]
        tags = word.tags
        if not tags and word.value is None:
            return self._strange(at)
        if tags and not tags & _MORE_THAN_LINKS and word.low != "to":
            return self._tagged(at)
        if (tags & _FIRST or word.year is not None) and (end := self._first(at)) is not None:
            return end
        if (tags & AUXILIARIES or word.low in FLOATING or word.low[-2:] == "ly") and self._is_auxiliary(at):
            return at + 1
        if tags & Tag.VERB and self._is_verb(at):
            return self._verb(at)
        if tags & _ALONE or (
            tags & Tag.COMPARE and not (tags & Tag.QUALIFIER and self._number_follows(at + 1))
        ):
            return self._tagged(at)
        if word.value is None and not tags & _STARTS:
            return self._tagged(at)
        end = self._noun_phrase(at)
        return self._tagged(at) if end is None else end

    def _strange(self, at: int) -> int:
        """A punctuation mark, or a word that the lexicon does not have."""
        low = self._words[at].low
        mark = _MARKS.get(low)
        if mark is not None:
            return self._mark(mark, at, at + 1)
        return at + 1 if low.endswith("ly") and self._is_auxiliary(at) else self._other(at)

    def _first(self, at: int) -> int | None:
        """What is decided before verbs and nouns: dashes, labels, years, words that are always a mark."""
        word = self._words[at]
        if word.has(Tag.DASH):
            return self._mark(Kind.DASH, at, at + 1)
        if (
            word.has(Tag.LABEL)
            and self._word(at + 1) is not None
            and self._words[at + 1].low == "of"
            and self._numeral(at + 2)
        ):
            self._out.append(Phrase(Kind.OTHER, word.start, self._words[at + 2].end, "label"))
            return at + 3
        if word.has(Tag.LABEL) and self._numeral(at + 1):
            return self._label(at)
        if word.year is not None and (years := self._years(at)) is not None:
            return years
        if word.has(Tag.STORY | Tag.SIMILAR | Tag.SAME):
            return self._tagged(at)
        return None

    def _mark(self, kind: Kind, at: int, end: int) -> int:
        word = self._words[at]
        self._out.append(Phrase(kind, word.start, self._words[end - 1].end, word.low))
        if kind is not Kind.COMMA or not self._aux.negated:
            self._aux = Auxiliaries()
        return end

    def _tagged(self, at: int) -> int:
        word = self._words[at]
        tags = word.tags
        decided = _decided(tags) if tags else None
        if decided is None:
            return self._other(at)
        tag, kind = decided
        entry = word.by_tag[tag]
        self._out.append(
            Phrase(kind, word.start, word.end, word.low, None, None, (), entry.sense, entry.form, entry.group)
        )
        if kind is not Kind.PREPOSITION:
            if not (self._aux.negated and self._inverted(at)):
                self._aux = Auxiliaries()
        elif word.low == "to":
            self._aux.to = True
        return at + 1

    def _other(self, at: int) -> int:
        word = self._words[at]
        self._out.append(Phrase(Kind.OTHER, word.start, word.end, word.low))
        if word.low.endswith("ly"):
            self._aux.hedged = self._aux.negated
        elif not (self._aux.negated and self._inverted(at)):
            self._aux = Auxiliaries()
        return at + 1

    def _inverted(self, at: int) -> bool:
        """ "nor did the government convict": the subject stands between the auxiliary and its verb."""
        return (self._aux.do or self._aux.have) and any(
            word.low == "nor" for word in self._words[max(0, at - 4) : at]
        )

    def _numeral(self, at: int) -> bool:
        word = self._word(at)
        return word is not None and word.low[0].isdigit()

    def _label(self, at: int) -> int:
        """ "articles 13.1, 12.3 and 113": numbers that name a law count nothing."""
        end = at + 1
        while True:
            if self._numeral(end):
                end += 1
                continue
            joint = self._word(end)
            if joint is not None and joint.low == "," and self._joined_numeral(end + 1):
                # "articles 600, 601, and 602"
                end += 3
                continue
            if (
                joint is not None
                and joint.low in (",", "and", "or", "-", "(", ")", "to", "\u2013", ".", "/")
                and self._numeral(end + 1)
            ):
                then = self._word(end + 2)
                if joint.low == "," and (then is None or then.has(Tag.NOUN)):
                    break
                if then is not None and (then.has(Tag.FORM) or (then.low == "for" and joint.low != "-")):
                    # "24 under article 171 and 16 for labor trafficking"
                    break
                end += 2
                continue
            break
        self._out.append(Phrase(Kind.OTHER, self._words[at].start, self._words[end - 1].end, "label"))
        return end

    def _joined_numeral(self, at: int) -> bool:
        word, then = self._word(at), self._word(at + 2)
        counts = then is not None and (then.has(Tag.NOUN | Tag.FORM) or then.low == "for")
        return word is not None and word.has(Tag.CONJUNCTION) and self._numeral(at + 1) and not counts

    def _years(self, at: int) -> int | None:
        """A calendar year or a list of them ("2011 or 2012"), unless it begins a name ("the 2005 Act")."""
        if self._words[at].year is None:
            return None
        if (end := self._split_year(at)) is not None:
            return end
        following = self._word(at + 1)
        if following is not None:
            noun = following.get(Tag.NOUN)
            before = self._word(at - 1)
            if (
                noun is not None
                and noun.plural
                and (before is None or not before.has(Tag.DEFINITE | Tag.PREPOSITION | Tag.MONTH))
            ):
                return None
            if noun is not None and not (self._at_clause_head(at) and following.has(Tag.AGENT)):
                self._out.append(Phrase(Kind.OTHER, self._words[at].start, self._words[at].end))
                return at + 1
            named = following.capital and (following.unknown or following.has(Tag.ADJECTIVE))
            if named and not self._at_clause_head(at):
                self._out.append(Phrase(Kind.OTHER, self._words[at].start, self._words[at].end))
                return at + 1
        years = [self._words[at].year]
        end = at + 1
        while True:
            joint, then = self._word(end), self._word(end + 1)
            if (
                joint is not None
                and then is not None
                and then.year is not None
                and joint.low in ("and", "or", "-", "\u2013", "to", "through")
            ):
                years.append(then.year)
                end += 2
                continue
            break
        previous = self._before_year()
        sense = (
            previous.low if previous is not None and previous.kind in (Kind.PREPOSITION, Kind.OTHER) else ""
        )
        start = self._words[at].start
        month = self._word(at - 1)
        if month is not None and month.has(Tag.MONTH):
            sense = "month"
        ranged = end > at + 1 and self._words[at + 1].low in ("-", "\u2013", "to", "through")
        if sense in ("since", "between") or ranged:
            sense = "span"
        self._out.append(
            Phrase(
                Kind.YEAR, start, self._words[end - 1].end, years=tuple(y for y in years if y), sense=sense
            )
        )
        self._aux = Auxiliaries()
        return end

    def _split_year(self, at: int) -> int | None:
        """ "2016/17", "2023/2024": one period of which neither year is the year."""
        first, joint, then = self._words[at], self._word(at + 1), self._word(at + 2)
        if first.year is None or joint is None or joint.low != "/" or then is None:
            return None
        if then.year != first.year + 1 and then.value != (first.year + 1) % 100:
            return None
        self._out.append(Phrase(Kind.PERIOD, first.start, then.end, first.low, sense="split"))
        return at + 3

    def _before_year(self) -> Phrase | None:
        """ "in FY 2014", "during calendar year 2012": what governs the year."""
        for phrase in reversed(self._out):
            kind = phrase.noun is not None and phrase.noun.sense == "year"
            if not kind and phrase.low not in (
                "fy",
                "cy",
                "fiscal",
                "calendar",
                "fiscal year",
                "calendar year",
                "the year",
            ):
                return phrase
        return None

    def _at_clause_head(self, at: int) -> bool:
        """ "In 2013 police opened ...": a year with its preposition, and the subject right after."""
        before = self._word(at - 1)
        return len(self._out) == 1 and before is not None and before.low in ("in", "during")

    def _reported_clause(self, at: int) -> bool:
        """ "found that 5,000 cases were prosecuted", "reported that NGOs identified ..."."""
        following = self._word(at + 1)
        told = bool(self._out) and self._out[-1].kind is Kind.VERB
        return following is not None and (
            following.value is not None or (told and following.has(Tag.AGENT | Tag.NOUN))
        )

    def _noun_phrase(self, at: int) -> int | None:
        word = self._words[at]
        if word.has(Tag.DEFINITE | Tag.ARTICLE) and (then := self._word(at + 1)) is not None and then.unknown:
            return None
        if word.low == "that" and self._reported_clause(at):
            return None
        if not (word.tags & MAKING or word.value is not None or self._leads_to_head(at)):
            return None
        np = NounPhrase()
        j = self._determiner(at, np)
        if j is None:
            return None
        head = self._head(j, np)
        if head is None:
            return None
        j = head
        if np.noun is Noun.MEASURE:
            j = self._coordinated_measures(j, np)
        elif np.noun in (Noun.ACCUSED, Noun.PERSON, Noun.OTHER, Noun.CRIME):
            j = self._coordinated_officials(j, np)
        if np.noun is not None or np.det is not Det.BARE:
            j = self._postmodifiers(j, np)
        if (
            np.noun is None
            and np.det in (Det.BARE, Det.DEFINITE, Det.ANY, Det.ONE)
            and not np.data
            and not np.partitive
        ):
            return None
        self._out.append(
            Phrase(Kind.NOUN, self._words[at].start, self._words[j - 1].end, self._words[at].low, noun=np)
        )
        self._aux = Auxiliaries()
        return j


def _share_heads(out: list[Phrase]) -> None:
    """Give "143 potential and 118 confirmed victims" and "five sex and three labor cases" their head."""
    for index in range(len(out) - 1, -1, -1):
        np = out[index].noun
        if np is None or np.noun is not None or np.det is not Det.NUMBER:
            continue
        if np.form is None and not np.modified:
            continue
        at = index + 1
        while at < len(out) and out[at].kind in (Kind.COMMA, Kind.CONJUNCTION):
            at += 1
        if at == index + 1 or at >= len(out):
            continue
        head = out[at].noun
        shared = head is not None and head.det is Det.NUMBER and not (head.crime or head.unspecified)
        if head is not None and shared and head.noun not in (None, Noun.OTHER):
            np.noun, np.measure, np.persons, np.plural = head.noun, head.measure, head.persons, head.plural
