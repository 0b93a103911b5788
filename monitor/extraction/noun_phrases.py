"""Decides what a noun phrase counts: its determiner, its modifiers and its head."""

# ruff: noqa: PLR0911, PLR0912, PLR0915 - a grammar is a list of cases, each with its way out

from __future__ import annotations

from monitor.domain.figure import Form, Group, Qualifier, Stage
from monitor.extraction.lexicon import Entry, Inflection, Noun, Tag
from monitor.extraction.phrases import Det, NounPhrase, Phrase
from monitor.extraction.words import Word

_MODIFYING = Tag.ADJECTIVE | Tag.FORM | Tag.CRIME | Tag.ORDINAL | Tag.UNSPECIFIED | Tag.AGENT | Tag.MONTH
# Words that can stand in a determiner, beside numbers and ``_MORE``.
_DETERMINING = (
    Tag.DATA
    | Tag.QUALIFIER
    | Tag.UNKNOWN
    | Tag.VAGUE
    | Tag.NONE
    | Tag.NO
    | Tag.ANY
    | Tag.ARTICLE
    | Tag.ORDINAL
    | Tag.OTHER
    | Tag.DEFINITE
)
_FUNCTION = (
    Tag.PREPOSITION
    | Tag.CONJUNCTION
    | Tag.CONTRAST
    | Tag.PRONOUN
    | Tag.BE
    | Tag.DO
    | Tag.HAVE
    | Tag.MODAL
    | Tag.NOT
    | Tag.COMPARE
    | Tag.PERIOD
    | Tag.SUBSET
    | Tag.RESPECTIVELY
    | Tag.DEFINITE
    | Tag.ARTICLE
    | Tag.ANY
    | Tag.NO
    | Tag.DASH
    | Tag.TIE
    | Tag.WITHOUT
    | Tag.STORY
    | Tag.SAME
    | Tag.SIMILAR
)
# "Labor" and "sex" where "trafficking" is left out, or follows once for both.
HALF_FORMS = {"labor": Form.LABOR, "labour": Form.LABOR, "sex": Form.SEX}
_OF_THEM = frozenset({"of them", "of these", "of those", "of which", "of whom"})
_MORE = frozenset({"additional", "further", "new", "estimated", "approximate", "more", "remaining"})


class HeadReader:
    """Reads ``[qualifier] [number] modifiers* head`` out of words."""

    def __init__(self, words: list[Word]) -> None:
        self._words = words
        self._out: list[Phrase] = []

    def _word(self, at: int) -> Word | None:
        return self._words[at] if 0 <= at < len(self._words) else None

    def _number_follows(self, at: int) -> bool:
        word = self._word(at)
        if word is not None and word.low in ("a", "the"):
            word = self._word(at + 1)
        return word is not None and word.value is not None

    def _noun_after(self, j: int) -> bool:
        word = self._word(j)
        return word is not None and word.has(Tag.NOUN)

    def _form_at(self, k: int) -> bool:
        word = self._word(k)
        return word is not None and word.has(Tag.FORM)

    def _deed(self, j: int) -> bool:
        """ "data on the prosecution of traffickers": the deed in the singular, not some that are known."""
        word = self._word(j)
        noun = word.get(Tag.NOUN) if word is not None else None
        return noun is not None and noun.measure is not None and not noun.plural

    def _determiner(self, at: int, np: NounPhrase) -> int | None:
        j = at
        while (word := self._word(j)) is not None:
            if word.year is not None and np.det in (Det.DEFINITE, Det.ONE):
                j += 1
                continue
            if word.value is not None or (word.senses.tags == 0 and word.low[0].isdigit()):
                if word.value is None:
                    return None
                np.det, np.value = Det.NUMBER, word.value
                return self._partitive(j + 1, np)
            if (begun := word.get(Tag.ADJECTIVE)) is not None and begun.sense == "begun":
                # "the initiation of any prosecutions", "the opening of 12 investigations"
                np.stage, np.det, np.definite = Stage.NEW, Det.BARE, False
                j += 1
                continue
            if not word.has(_DETERMINING) and word.low not in _MORE:
                break
            if word.has(Tag.DATA):
                np.untold = np.untold or np.det is Det.NO
                np.data, np.det, np.value = True, Det.DATA, None
                then = self._word(j + 1)
                if then is not None and then.low in _OF_THEM:
                    np.partitive = True
                    return j + 2
                if then is not None and then.low == "of" and (end := self._of_the_known(j + 2)) is not None:
                    np.partitive = True
                    return end
            elif word.has(Tag.QUALIFIER) and (self._number_follows(j + 1) or np.det is Det.UNKNOWN):
                qualifier = word.senses.by_tag[Tag.QUALIFIER].qualifier
                assert qualifier is not None  # noqa: S101 - entries of this tag have one
                if qualifier is not Qualifier.EXACT:
                    np.qualifier = qualifier
                np.total = np.total or word.low.endswith(("total of", "totaling"))
            elif word.has(Tag.QUALIFIER) and word.low.endswith(("total of", "only", "just")):
                if word.low == "only" and np.det is Det.DEFINITE:
                    np.ordinal, np.det = True, Det.ONE
            elif word.has(Tag.UNKNOWN):
                np.det = Det.UNKNOWN
                j = j + 1
                following = self._word(j)
                if following is not None and following.low == "of":
                    j += 1
                return j
            elif word.has(Tag.VAGUE):
                np.det = Det.VAGUE
                following = self._word(j + 1)
                return j + 2 if following is not None and following.low == "of" else j + 1
            elif word.has(Tag.NONE):
                np.det, np.value = Det.NO, 0
                if word.low in ("no one", "nobody", "no-one"):
                    np.noun, np.persons = Noun.PERSON, True
                return self._partitive(j + 1, np)
            elif word.has(Tag.NO):
                np.det, np.value = Det.NO, 0
            elif word.has(Tag.ANY):
                if np.det is not Det.DATA:
                    np.det = Det.ANY
                then = self._word(j + 1)
                if then is not None and then.low in _OF_THEM:
                    np.partitive = True
                    return j + 2
            elif word.has(Tag.ARTICLE) and np.det is Det.BARE:
                np.det, np.article = Det.ONE, True
            elif word.has(Tag.ORDINAL):
                np.ordinal = True
                if np.det in (Det.BARE, Det.DEFINITE):
                    np.det = Det.ONE
            elif word.low in _MORE and self._number_follows(j + 1):
                pass
            elif word.has(Tag.OTHER) and np.det in (Det.DEFINITE, Det.ANY, Det.NO, Det.BARE, Det.DATA):
                np.remainder = True
                if word.low.startswith("any"):
                    np.det = Det.ANY
            elif word.has(Tag.DEFINITE):
                np.definite = True
                if np.data and np.det is Det.DATA and not np.untold and not self._deed(j + 1):
                    np.data, np.det = False, Det.DEFINITE
                if np.det is Det.BARE:
                    np.det = Det.DEFINITE
            else:
                break
            j += 1
        return j

    def _of_the_known(self, j: int) -> int | None:
        """ "how many of the 44 suspects were tried": past what tells of them."""
        word, following = self._word(j), self._word(j + 1)
        if word is None or not word.has(Tag.DEFINITE):
            return None
        return j + 2 if following is not None and following.value is not None else j + 1

    def _partitive(self, j: int, np: NounPhrase) -> int:
        """ "22 of these suspects", "33 of the 46 victims"."""
        word, following = self._word(j), self._word(j + 1)
        if word is None:
            return j
        if word.has(Tag.SUBSET) and word.low.startswith("of "):
            np.partitive = True
            if following is not None and following.value is not None and following.year is None:
                np.whole = following.value
                return j + 2
            return j + 1
        if word.low in ("of", "out of the", "out of") and following is not None:
            if following.has(Tag.DEFINITE) and following.low != "both":
                np.partitive = True
                then = self._word(j + 2)
                if then is not None and then.value is not None and then.year is None:
                    np.whole = then.value
                    return j + 3
                return j + 2
            if following.value is not None and following.year is None:
                np.partitive, np.whole = True, following.value
                return j + 2
        return j

    def _head(self, j: int, np: NounPhrase) -> int | None:
        """Read modifiers and the head from ``j``; a number may stand without a head."""
        if np.det is Det.NUMBER and self._is_half_form(j):
            np.form, np.named, np.trafficking = HALF_FORMS[self._words[j].low], True, True
            return j + 1
        start = j
        strange = False
        while (word := self._word(j)) is not None:
            noun = word.get(Tag.NOUN)
            if noun is not None and self._is_head(j, noun, np):
                if (agent := word.get(Tag.AGENT)) is not None:
                    np.agent = np.agent or agent.sense
                self._take_head(noun, np)
                return j + 1
            if np.noun is not None:
                break
            if word.low == "reports of" and np.det is Det.NUMBER:
                # "30 reports of forced labor" are so many cases that may be.
                np.noun, np.plural = Noun.CASE, True
                return self._take_modifier(j + 1, np) if self._form_at(j + 1) else j + 1
            if word.has(Tag.PRONOUN | Tag.UNCLEAR | Tag.DATA):
                break
            if word.has(Tag.CONJUNCTION) and self._joins_adjectives(j):
                j += 1
                continue
            if word.has(Tag.DATA_HEAD):
                np.data, np.noun = True, Noun.OTHER if np.measure is None else Noun.MEASURE
                np.det = Det.DATA
                return j + 1
            if j > start and word.has(Tag.VERB) and self._words[j - 1].has(Tag.AGENT):
                # "courts convicted traffickers": the agent is a subject, not a modifier.
                if np.det is Det.NUMBER:
                    np.noun = Noun.OTHER
                break
            if word.low in ("'", "\u2019") and self._noun_after(j + 1):
                j += 1
                continue
            if word.has(Tag.OTHER):
                np.remainder = True
            agent = word.get(Tag.AGENT)
            if agent is not None and np.agent != "other":
                np.agent = agent.sense
            if noun is not None:
                if noun.measure is not None:
                    np.participle = None
                if noun.group is not None and np.group is None:
                    np.group = noun.group
                if noun.noun is Noun.VICTIM:
                    np.trafficking = True
                if noun.noun is Noun.OFFICIAL and word.low not in ("police", "judge", "prosecutor"):
                    np.officials = True
            elif word.has(_MODIFYING):
                j = self._take_modifier(j, np)
                continue
            elif word.has(Tag.VERB):
                entry = word.senses.by_tag[Tag.VERB]
                following = self._word(j + 1)
                if (
                    entry.inflections & {Inflection.PARTICIPLE, Inflection.PAST}
                    and entry.measure is not None
                    and entry.sense != "predicate"
                    and following is not None
                    and following.has(Tag.NOUN | Tag.FORM | Tag.ADJECTIVE)
                    and not following.has(Tag.PREPOSITION)
                    and (np.det is not Det.BARE)
                ):
                    np.participle = entry.measure
                else:
                    break
            elif word.has(_FUNCTION) or not word.low[0].isalpha() or word.value is not None:
                break
            elif word.has(Tag.ADVERB) or word.low.endswith("ly"):
                pass
            else:
                strange = True
            j += 1
        if np.noun is not None:
            return j
        if np.det in (Det.NUMBER, Det.NO, Det.UNKNOWN, Det.VAGUE):
            if strange:
                np.noun = Noun.OTHER
            return j
        if np.data or (np.partitive and np.det is Det.ANY):
            return j
        return None

    def _is_half_form(self, j: int) -> bool:
        """ "12 traffickers (10 sex, two labor)": the form alone, with nothing after it."""
        word, following = self._word(j), self._word(j + 1)
        if word is None or word.low not in HALF_FORMS:
            return False
        if following is not None and following.has(Tag.CONJUNCTION):
            return self._number_follows(j + 2)
        return following is None or following.low in (",", ")", ".")

    def _joins_adjectives(self, j: int) -> bool:
        """ "184 confirmed and potential victims"."""
        before, after, then = self._word(j - 1), self._word(j + 1), self._word(j + 2)
        return (
            before is not None
            and after is not None
            and then is not None
            and before.has(Tag.ADJECTIVE)
            and after.has(Tag.ADJECTIVE)
            and after.value is None
            and then.has(Tag.NOUN | Tag.FORM)
        )

    def _is_head(self, j: int, noun: Entry, np: NounPhrase) -> bool:
        """A singular noun before another noun modifies it ("victim referrals", "case workers")."""
        following = self._word(j + 1)
        if following is None:
            return True
        if following.low in ("'", "\u2019") and self._noun_after(j + 2):
            # "228 suspected traffickers' cases"
            return False
        then = following.get(Tag.NOUN)
        if then is not None and not following.has(Tag.VERB):
            return False
        if noun.plural:
            return not (then is not None and then.noun is Noun.MEASURE)
        if (
            noun.noun is Noun.MEASURE
            and (following.unknown or following.has(Tag.BLOCKER))
            and not following.low.endswith(("ed", "ly"))
        ):
            return False
        if (
            np.det is Det.NUMBER
            and np.value != 1
            and noun.noun is not Noun.OTHER
            and (following.unknown or following.has(Tag.FORM))
        ):
            return False
        return not (
            (following.has(Tag.FORM) and noun.noun is not Noun.MEASURE and self._noun_after(j + 2))
            or following.has(Tag.DATA_HEAD)
        )

    def _take_head(self, noun: Entry, np: NounPhrase) -> None:
        np.noun = noun.noun
        np.sense = noun.sense
        np.measure = noun.measure
        np.plural = noun.plural
        if noun.form is not None:
            np.form = joined(np.form, noun.form) if np.form not in (None, Form.ALL) else noun.form
            np.trafficking = True
        if noun.group is not None:
            np.group = noun.group
        if noun.noun in (Noun.ACCUSED, Noun.CASE, Noun.MEASURE) and np.group is Group.CHILDREN:
            np.group = None
        if noun.noun is Noun.OFFICIAL or (np.officials and noun.noun in (Noun.MEASURE, Noun.CASE)):
            np.officials = True
        if noun.noun in (Noun.ACCUSED, Noun.OFFICIAL, Noun.VICTIM, Noun.PERSON):
            np.persons = True
        if np.childlike and noun.noun is Noun.VICTIM:
            np.group = Group.CHILDREN
        np.named = np.named or np.form is not None or "traffick" in noun.sense
        if noun.noun is Noun.VICTIM or (noun.noun is Noun.ACCUSED and "traffick" in str(noun.sense)):
            np.trafficking = True

    def _take_modifier(self, j: int, np: NounPhrase) -> int:
        word = self._words[j]
        form = word.get(Tag.FORM)
        if form is not None:
            following = self._word(j + 1)
            then = self._word(j + 2)
            if (
                following is not None
                and then is not None
                and following.has(Tag.CONJUNCTION)
                and (other := then.get(Tag.FORM)) is not None
                and then.value is None
            ):
                np.form = joined(joined(np.form, form.form), other.form)
                np.trafficking = True
                np.unspecified = np.unspecified or np.form is Form.ALL
                return j + 3
            np.form = joined(np.form, form.form)
            np.group = form.group or np.group
            np.childlike = np.childlike or word.low.startswith("child ")
            np.trafficking = True
            np.unspecified = np.unspecified or word.low.startswith("both ")
            return j + 1
        if word.has(Tag.CRIME):
            np.crime = True
            return j + 1
        if word.has(Tag.ORDINAL):
            np.ordinal = True
        if word.has(Tag.UNSPECIFIED):
            np.unspecified = True
        adjective = word.get(Tag.ADJECTIVE)
        np.modified = True
        if adjective is not None:
            np.stage = adjective.stage or np.stage
            np.group = adjective.group or np.group
            if adjective.sense == "other":
                np.remainder = True
            if adjective.sense == "abroad":
                np.abroad = True
            if (
                word.low.endswith("ed")
                and (deed := word.get(Tag.VERB)) is not None
                and deed.measure is not None
            ):
                verb = word.get(Tag.VERB)
                np.participle = verb.measure if verb is not None else None
            np.total = np.total or word.low == "total"
            if word.low in ("complicit", "corrupt"):
                np.officials = True
        return j + 1


def joined(first: Form | None, second: Form | None) -> Form | None:
    """Sex and labor together limit nothing; "trafficking" beside a form adds nothing."""
    if first is None or first is Form.ALL:
        return second if second is not None else first
    if second is None or second is Form.ALL or second is first:
        return first
    return Form.ALL
