"""Decides what follows a head and still belongs to it: "of traffickers", "for sex trafficking"."""

# ruff: noqa: PLR0911 - a grammar is a list of cases, each with its way out

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from monitor.domain.figure import Group, Measure, Qualifier
from monitor.extraction.coordination import CoordinationReader
from monitor.extraction.lexicon import Entry, Noun, Tag
from monitor.extraction.noun_phrases import HALF_FORMS, joined
from monitor.extraction.phrases import Det, NounPhrase
from monitor.extraction.words import Word

_OF_COURTS = frozenset({"state", "general", "office", "high", "supreme", "magistrate", "magistrates", "of"})
# Where a case that is sent is prosecuted.
_COURTS = frozenset({"court", "courts", "trial", "prosecution", "prosecutor", "prosecutors", "attorney"})


# What may stand between a tie and its target: "of the other alleged child sex trafficking crimes".
_BEFORE_TARGET = (
    Tag.DEFINITE | Tag.ARTICLE | Tag.ADJECTIVE | Tag.ANY | Tag.TIE | Tag.OTHER | Tag.ADVERB | Tag.AGENT
)


# What begins all that may follow a head.
_FOLLOWING = Tag.TIE | Tag.COMPLICITY | Tag.FORM


class _Tie(Struct, gc=False):
    """A tying word ("of", "for", "into"), what it ties at word ``k``, and the modifiers between."""

    word: Word
    target: Word
    k: int
    inner: NounPhrase

    @property
    def low(self) -> str:
        return self.word.low

    @property
    def noun(self) -> Entry | None:
        return self.target.get(Tag.NOUN)


class PostmodifierReader(CoordinationReader):
    """Reads what stands after the head of a noun phrase."""

    def _postmodifiers(self, j: int, np: NounPhrase) -> int:
        """Read "of traffickers", "for sex trafficking", "of officials complicit in ..." after the head."""
        for _ in range(4):
            end = self._postmodifier(j, np)
            if end is None:
                return j
            j = end
        return j

    def _postmodifier(self, j: int, np: NounPhrase) -> int | None:
        word = self._word(j)
        if word is None or not word.tags & _FOLLOWING:
            return None
        complicit = self._complicit(j, word, np)
        if complicit is not None:
            return complicit
        if word.has(Tag.FORM) and word.low.startswith("in "):
            return self._form_phrase(j, word.by_tag[Tag.FORM], np)
        if not word.has(Tag.TIE) or word.has(Tag.BE):
            return None
        sent = np.noun in (Noun.CASE, Noun.ACCUSED) or (np.bare and np.det is Det.NUMBER)
        if word.low == "to" and sent and (court := self._court_at(j + 1)):
            np.measure = Measure.PROSECUTIONS
            return court
        inner = NounPhrase()
        k = self._modifiers(j + 1, inner)
        target = self._word(k)
        if target is None:
            return None
        tie = _Tie(word, target, k, inner)
        for rule in _RULES:
            end = rule(self, tie, np)
            if end is not None:
                np.local = np.local or inner.local
                return end
        return None

    def _complicit(self, j: int, word: Word, np: NounPhrase) -> int | None:
        """ "of complicity", "allegedly complicit in sex trafficking": the counted are officials."""
        if word.has(Tag.TIE) and (after := self._word(j + 1)) is not None and after.has(Tag.COMPLICITY):
            np.officials = True
            return self._skip_form(j + 2)
        if word.low == "of" and (end := self._complicit_body(j + 1)) is not None:
            np.officials = np.persons = True
            return self._skip_form(end)
        if word.has(Tag.COMPLICITY):
            np.officials = np.officials or np.noun is Noun.OFFICIAL
            return self._skip_form(j + 1)
        return None

    def _complicit_body(self, j: int) -> int | None:
        """ "convictions of Tarsian authorities complicit in trafficking": past "complicit"."""
        body = False
        for k in range(j, j + 5):
            word = self._word(k)
            if word is None or word.has(Tag.VERB | Tag.PREPOSITION):
                return None
            if word.has(Tag.COMPLICITY):
                return k + 1 if body else None
            body = body or word.has(Tag.AGENT)
        return None

    def _modifiers(self, start: int, inner: NounPhrase) -> int:
        """Read what stands between the tie and its target into ``inner``; return where the target is."""
        k = start
        while (
            (modifier := self._word(k)) is not None
            and modifier.has(_BEFORE_TARGET)
            and not modifier.has(Tag.FORM | Tag.CRIME | Tag.PERIOD)
            and (not modifier.has(Tag.NOUN) or self._form_at(k + 1))
            and k < start + 4
        ):
            adjective = modifier.get(Tag.ADJECTIVE)
            if adjective is not None:
                inner.stage = adjective.stage or inner.stage
                inner.group = adjective.group or inner.group
                inner.childlike = inner.childlike or modifier.low == "child"
                inner.local = inner.local or adjective.sense == "place"
            if modifier.has(Tag.DEFINITE):
                inner.definite = True
            if modifier.has(Tag.ANY) and not modifier.has(Tag.OTHER):
                inner.det = Det.ANY
            if modifier.has(Tag.OTHER):
                inner.remainder = True
            k += 1
        return k

    def _of_crime(self, tie: _Tie, np: NounPhrase) -> int | None:
        """ "cases of smuggling"; "of unspecified forms", which splits by no form."""
        if tie.target.has(Tag.CRIME):
            np.crime = True
            return tie.k + 1
        if tie.target.has(Tag.UNSPECIFIED) and not tie.target.has(Tag.FORM):
            np.unspecified = True
            return tie.k + 1
        return None

    def _of_form(self, tie: _Tie, np: NounPhrase) -> int | None:
        """ "investigations of sex trafficking", "eight for labor and three for sex trafficking"."""
        if tie.low in ("suspected of", "accused of") and np.noun is Noun.PERSON:
            np.noun = Noun.ACCUSED
        form = tie.target.get(Tag.FORM)
        if form is not None:
            ties = ("for", "on charges of", "for crimes of")
            np.form_last = tie.low in ties or (tie.low == "of" and np.noun is Noun.MEASURE)
            np.childlike = np.childlike or tie.inner.childlike
            np.exploited = tie.inner.group
            if np.childlike or tie.target.low.startswith("child "):
                np.exploited, np.of_children = Group.CHILDREN, True
            return self._past_exploited(self._form_phrase(tie.k, form, np), np)
        if tie.target.low in HALF_FORMS and np.value is not None and self._other_form_follows(tie.k + 1):
            np.form = joined(np.form, HALF_FORMS[tie.target.low])
            np.named = np.trafficking = True
            return tie.k + 1
        if tie.noun is not None and np.noun is Noun.CASE and self._form_at(tie.k + 1):
            return self._form_phrase(tie.k + 1, self._words[tie.k + 1].by_tag[Tag.FORM], np)
        return None

    def _past_exploited(self, j: int, np: NounPhrase) -> int:
        """ "one for sex trafficking of a child, one for sex trafficking of an adult": whom it was done to."""
        of, article = self._word(j), self._word(j + 1)
        k = j + 2 if article is not None and article.has(Tag.ARTICLE) else j + 1
        person = self._word(k)
        noun = person.get(Tag.NOUN) if person is not None else None
        group = noun.group if noun is not None and noun.noun is Noun.PERSON else None
        if of is None or of.low != "of" or np.value is None or group not in (Group.CHILDREN, Group.ADULTS):
            return j
        np.exploited = group
        return k + 1

    def _of_accused(self, tie: _Tie, np: NounPhrase) -> int | None:
        """ "convictions of traffickers", "investigations into abuses", "one investigation into officials"."""
        if np.noun is not Noun.MEASURE:
            return None
        of_any = tie.low == "of" and tie.inner.det is Det.ANY and not tie.inner.remainder
        np.remainder = np.remainder or (tie.low == "of" and tie.inner.remainder)
        if of_any and np.det in (Det.BARE, Det.DEFINITE):
            # "did not report the conviction of any traffickers": any convictions
            np.det = Det.ANY
        if np.det is Det.NUMBER and tie.low in ("into", "against", "of"):
            np.officials = np.officials or self._officials_at(tie.k)
        counted = tie.target.value is not None or self._qualified_number(tie)
        named = tie.noun is not None and tie.noun.noun is not Noun.OTHER
        if tie.low == "into" and not named and not counted:
            return self._into(tie.k, np)
        if tie.noun is not None and tie.low in ("of", "against", "into", "for", "involving", "with"):
            return self._of_persons(tie.k, tie.noun, tie.inner, np)
        return None

    def _of_counted(self, tie: _Tie, np: NounPhrase) -> int | None:
        """ "the prosecution of seven suspects", "convictions in at least four cases"."""
        number = tie.target.value is not None and tie.target.year is None
        if np.noun is Noun.MEASURE and np.det is not Det.NUMBER:
            if number and tie.low in ("of", "against", "into", "for"):
                return self._of_number(tie.k, np)
            if tie.low in ("of", "against", "into", "for") and self._qualified_number(tie):
                np.qualifier = tie.target.by_tag[Tag.QUALIFIER].qualifier or np.qualifier
                return self._of_number(tie.k + 1, np)
        if np.det is Det.BARE and np.noun is Noun.MEASURE and tie.low == "involving" and number:
            # "continuing prosecutions involving 25 defendants"
            return self._of_number(tie.k, np)
        within = np.det is Det.BARE and np.measure is not None and tie.low in ("in", "involving")
        if within and number and (self._case_follows(tie.k) or self._ends_at(tie.k + 1)):
            return self._of_number(tie.k, np)
        return None

    def _of_measure(self, tie: _Tie, np: NounPhrase) -> int | None:
        """ "15 cases for prosecution"."""
        counted = np.noun in (Noun.CASE, Noun.ACCUSED, Noun.PERSON)
        if counted and tie.low in ("for", "to") and tie.noun is not None and tie.noun.measure is not None:
            np.measure = tie.noun.measure
            return tie.k + 1
        return None

    def _of_unknown(self, tie: _Tie, np: NounPhrase) -> int | None:
        """ "428 cases of forcible recruitment": whatever that is, it is not called trafficking."""
        if np.noun is Noun.CASE and tie.low == "of" and not np.named and tie.target.unknown and np.value:
            np.crime = True
            return tie.k + 1
        return None

    def _qualified_number(self, tie: _Tie) -> bool:
        return tie.target.has(Tag.QUALIFIER) and self._number_follows(tie.k + 1)

    def _ends_at(self, k: int) -> bool:
        """Whether the stretch before ``k`` is all: "handed down convictions in four of them"."""
        word = self._word(k)
        return word is None or word.low in (".", ",", "of them", "of these", "of those")

    def _officials_at(self, k: int) -> bool:
        """ "one investigation into three airport officials"."""
        inner = NounPhrase()
        j = self._determiner(k, inner)
        return j is not None and self._head(j, inner) is not None and inner.noun is Noun.OFFICIAL

    def _court_at(self, k: int) -> int | None:
        """ "to court", "to the public prosecutor's office for prosecution": the end of a place of trial."""
        for at in range(k, min(k + 7, len(self._words))):
            word = self._words[at]
            if word.low in _COURTS:
                following = self._word(at + 1)
                if any(later.low == "investigation" for later in self._words[at + 1 : at + 5]):
                    # "to the public prosecutor's office for further investigation"
                    return None
                return at + 2 if following is not None and following.low == "office" else at + 1
            if not (word.has(Tag.DEFINITE | Tag.AGENT | Tag.ADJECTIVE) or word.low in _OF_COURTS):
                return None
        return None

    def _other_form_follows(self, k: int) -> bool:
        """ "eight for labor and three for sex trafficking": the word that both share comes with the last."""
        joint, number = self._word(k), self._word(k + 1)
        return (
            joint is not None
            and (joint.has(Tag.CONJUNCTION) or joint.low == ",")
            and any(word.has(Tag.FORM) for word in self._words[k + 1 : k + 5])
            and number is not None
        )

    def _case_follows(self, k: int) -> bool:
        for word in self._words[k + 1 : k + 4]:
            noun = word.get(Tag.NOUN)
            if noun is not None:
                return noun.noun is Noun.CASE
        return False

    def _into(self, k: int, np: NounPhrase) -> int | None:
        """ "investigations into reports of labor exploitation", "into abuses against workers"."""
        for at in range(k, min(k + 7, len(self._words))):
            word = self._words[at]
            if word.low in (",", ";", "(", ".") or word.value is not None:
                break
            form = word.get(Tag.FORM)
            if form is not None:
                return self._form_phrase(at, form, np)
            noun = word.get(Tag.NOUN)
            if noun is not None and noun.noun in (Noun.ACCUSED, Noun.CASE, Noun.OFFICIAL, Noun.VICTIM):
                return None
        np.crime = True
        return None

    def _of_number(self, k: int, np: NounPhrase) -> int | None:
        """ "the prosecution of seven suspects": the number of the inner phrase is the count."""
        inner = NounPhrase()
        j = self._determiner(k, inner)
        if j is None:
            return None
        end = self._head(j, inner)
        if end is None or inner.value is None:
            return None
        if inner.noun is None and (to := self._word(end)) is not None and to.low in ("to", "-", "\u2013"):
            # "sentences of five to 12 years"
            return None
        if inner.noun is Noun.CASE and np.measure is Measure.VICTIMS_IDENTIFIED:
            # "the identification of 44 trafficking cases"
            np.measure = Measure.INVESTIGATIONS
        victims = inner.noun is Noun.VICTIM and np.measure in (
            Measure.VICTIMS_IDENTIFIED,
            Measure.VICTIMS_ASSISTED,
        )
        if inner.noun not in (Noun.ACCUSED, Noun.PERSON, Noun.OFFICIAL, Noun.CASE, None) and not victims:
            return None
        np.det, np.value = Det.NUMBER, inner.value
        np.definite = False
        if inner.qualifier is not Qualifier.EXACT:
            np.qualifier = inner.qualifier
        if inner.noun is None and inner.stage is None:
            end = self._elliptic(end, inner)
        np.persons = inner.persons or inner.noun is None
        if np.measure in (Measure.VICTIMS_IDENTIFIED, Measure.VICTIMS_ASSISTED):
            np.group = inner.group or np.group
        np.officials = inner.officials
        np.form = joined(np.form, inner.form)
        np.crime = np.crime or inner.crime
        np.stage = np.stage or inner.stage
        return end

    def _elliptic(self, end: int, inner: NounPhrase) -> int:
        """ "two active and two former police officers": the head comes with the second number."""
        joint, number = self._word(end), self._word(end + 1)
        if joint is None or number is None or not joint.has(Tag.CONJUNCTION) or number.value is None:
            return end
        second = NounPhrase()
        j = self._determiner(end + 1, second)
        last = self._head(j, second) if j is not None else None
        if last is None or second.noun is not Noun.OFFICIAL:
            return end
        inner.officials, inner.persons, inner.noun = True, True, second.noun
        return last


# In order: the first that fits says where the postmodifier ends.
_RULES: tuple[Callable[[PostmodifierReader, _Tie, NounPhrase], int | None], ...] = (
    PostmodifierReader._of_crime,
    PostmodifierReader._of_form,
    PostmodifierReader._of_accused,
    PostmodifierReader._of_counted,
    PostmodifierReader._of_measure,
    PostmodifierReader._of_unknown,
)
