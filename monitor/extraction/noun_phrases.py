"""Decides what a noun phrase counts: its modifiers and its head."""

# ruff: noqa: PLR0911, PLR0912, PLR0915 - a grammar is a list of cases, each with its way out

from __future__ import annotations

from monitor.domain.figure import Form, Group
from monitor.extraction.determiners import DETERMINING, MORE, DeterminerReader
from monitor.extraction.frames import ACCUSED_MEASURES
from monitor.extraction.lexicon import Entry, Inflection, Noun, Tag, Verb
from monitor.extraction.phrases import Det, Kind, NounPhrase

_MODIFYING = Tag.ADJECTIVE | Tag.FORM | Tag.CRIME | Tag.ORDINAL | Tag.UNSPECIFIED | Tag.AGENT | Tag.MONTH
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
# What makes a noun phrase: a head, or a determiner that needs none. A number does too.
MAKING = Tag.NOUN | Tag.DATA | Tag.DATA_HEAD | Tag.UNKNOWN | Tag.VAGUE | Tag.NONE | Tag.NO | Tag.ANY
# What a noun phrase may go on over before its head.
_INSIDE = DETERMINING | _MODIFYING | Tag.CONJUNCTION
_ENDING = _FUNCTION | Tag.UNCLEAR
# "Labor" and "sex" where "trafficking" is left out, or follows once for both.
HALF_FORMS = {"labor": Form.LABOR, "labour": Form.LABOR, "sex": Form.SEX}


class HeadReader(DeterminerReader):
    """Reads ``modifiers* head`` after the determiner."""

    def _leads_to_head(self, at: int) -> bool:
        """Whether what makes a noun phrase comes before what ends every one: a cheap look ahead.

        Half of the words that could begin a noun phrase begin none ("the government did not ...").
        """
        words = self._words
        for k in range(at, len(words)):
            word = words[k]
            tags, low = word.tags, word.low
            if tags & MAKING or word.value is not None:
                return True
            if tags & _INSIDE or low in MORE:
                if tags & Tag.PRONOUN and not tags & (DETERMINING | Tag.ADJECTIVE):
                    return False  # "it" is a body's name too
            elif (
                tags & _ENDING
                or (tags & Tag.VERB and word.by_tag[Tag.VERB].measure is None)
                or not (low[0].isalpha() or low in ("'", "\u2019"))
            ):
                return False
        return False

    def _head(self, j: int, np: NounPhrase) -> int | None:
        """Read modifiers and the head from ``j``; a number may stand without a head."""
        if np.det is Det.NUMBER and self._is_half_form(j):
            np.form, np.named, np.trafficking = HALF_FORMS[self._words[j].low], True, True
            return j + 1
        start = j
        strange = False
        while (word := self._word(j)) is not None:
            tags = word.tags
            noun = word.by_tag[Tag.NOUN] if tags & Tag.NOUN else None
            if tags & Tag.VERB and j > start and self._is_present(j):
                break
            if noun is not None and self._is_official(j):
                j += 1
                continue
            if noun is not None and self._is_head(j, noun, np):
                if (agent := word.get(Tag.AGENT)) is not None:
                    np.agent = np.agent or agent.sense
                deed = self._words[j - 1].get(Tag.NOUN) if j > start and noun.noun is Noun.CASE else None
                if deed is not None and deed.measure in ACCUSED_MEASURES:
                    # "13 prosecution cases"
                    self._take_head(deed, np)
                    np.plural = noun.plural
                else:
                    self._take_head(noun, np)
                return j + 1
            if np.noun is not None:
                break
            if word.low == "reports of" and np.det is Det.NUMBER:
                # "30 reports of forced labor" are so many cases that may be.
                np.noun, np.plural = Noun.CASE, True
                return self._take_modifier(j + 1, np) if self._form_at(j + 1) else j + 1
            if tags & (Tag.PRONOUN | Tag.UNCLEAR | Tag.DATA):
                break
            if tags & Tag.CONJUNCTION and self._joins_adjectives(j):
                j += 1
                continue
            if tags & Tag.DATA_HEAD:
                if j > start and (deed := self._words[j - 1].get(Tag.NOUN)) is not None:
                    # "prosecution data"
                    np.measure = np.measure or deed.measure
                np.data, np.noun = True, Noun.OTHER if np.measure is None else Noun.MEASURE
                np.det = Det.DATA
                return j + 1
            if j > start and tags & Tag.VERB and self._words[j - 1].has(Tag.AGENT):
                # "courts convicted traffickers": the agent is a subject, not a modifier.
                if np.det is Det.NUMBER:
                    np.noun = Noun.OTHER
                break
            if word.low in ("'", "\u2019") and self._noun_after(j + 1):
                j += 1
                continue
            if tags & Tag.OTHER:
                np.remainder = True
            np.such = np.such or word.low == "such"
            if tags & Tag.AGENT and np.agent != "other":
                np.agent = word.by_tag[Tag.AGENT].sense
            if noun is not None:
                if noun.measure is not None:
                    np.participle = None
                if noun.group is not None and np.group is None:
                    np.group = noun.group
                if noun.noun is Noun.VICTIM:
                    np.trafficking = True
                if noun.noun is Noun.OFFICIAL and word.low not in ("police", "judge", "prosecutor"):
                    np.officials = True
            elif tags & _MODIFYING:
                j = self._take_modifier(j, np)
                continue
            elif tags & Tag.VERB:
                entry = word.by_tag[Tag.VERB]
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
            elif tags & _FUNCTION or not word.low[0].isalpha() or word.value is not None:
                break
            elif tags & Tag.ADVERB or word.low.endswith("ly"):
                pass
            else:
                strange = True
                np.national = np.national or word.capital
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

    def _is_present(self, at: int) -> bool:
        """ "Police rescue 40", "Court convicts 12", ", rescues 30": a headline's verb before its number."""
        word, before = self._word(at), self._word(at - 1)
        entry = word.get(Tag.VERB) if word is not None else None
        if entry is None or before is None or not entry.inflections & {Inflection.BASE, Inflection.PRESENT}:
            return False
        if entry.measure is None and entry.verb is not Verb.OPEN:
            return False
        following = self._word(at + 1)
        qualified = following is not None and following.has(Tag.QUALIFIER) and self._number_follows(at + 2)
        if following is None or following.year is not None or not (following.value is not None or qualified):
            return False
        noun = before.get(Tag.NOUN)
        listed = before.low in (",", "and") and any(p.kind is Kind.VERB for p in self._out)
        official = noun is not None and noun.noun is Noun.OFFICIAL
        name = before.capital and (before.unknown or before.has(Tag.ADJECTIVE))
        return listed or official or name or before.has(Tag.AGENT)

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
            and (before.has(Tag.ADJECTIVE) or before.low == "official")
            and after.has(Tag.ADJECTIVE)
            and after.value is None
            and then.has(Tag.NOUN | Tag.FORM)
        )

    def _is_official(self, j: int) -> bool:
        """ "95 official and potential victims": of what kind they are, not who they are."""
        word, joint, then = self._word(j), self._word(j + 1), self._word(j + 2)
        if word is None or word.low != "official" or joint is None:
            return False
        if joint.has(Tag.CONJUNCTION):
            joint = then if then is not None and then.has(Tag.ADJECTIVE) else None
            joint = self._word(j + 3) if joint is not None else None
        noun = joint.get(Tag.NOUN) if joint is not None else None
        return noun is not None and noun.noun is Noun.VICTIM

    def _is_head(self, j: int, noun: Entry, np: NounPhrase) -> bool:
        """A singular noun before another noun modifies it ("victim referrals", "case workers")."""
        following = self._word(j + 1)
        if following is None:
            return True
        if following.low in ("'", "\u2019") and self._noun_after(j + 2):
            # "228 suspected traffickers' cases"
            return False
        then = following.get(Tag.NOUN)
        acts = following.has(Tag.AGENT) or (then is not None and then.noun is Noun.OFFICIAL)
        if (
            np.data
            and noun.plural
            and acts
            and (verb := self._word(j + 2)) is not None
            and verb.has(Tag.VERB)
        ):
            # "how many cases police investigated"
            return True
        if then is not None and not following.has(Tag.VERB):
            return False
        if noun.plural:
            return not (then is not None and then.noun is Noun.MEASURE)
        if noun.noun is Noun.PERSON and following.has(Tag.FORM):
            # "no national anti-trafficking strategy"
            return False
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
        kind = noun.noun
        np.noun = kind
        np.sense = noun.sense
        np.measure = noun.measure
        np.plural = noun.plural
        if noun.form is not None:
            np.form = joined(np.form, noun.form) if np.form not in (None, Form.ALL) else noun.form
            np.trafficking = True
        if noun.group is not None:
            np.group = noun.group
        if np.group is Group.CHILDREN and kind in (Noun.ACCUSED, Noun.CASE, Noun.MEASURE):
            np.group = None
        if kind is Noun.OFFICIAL or (np.officials and kind in (Noun.MEASURE, Noun.CASE)):
            np.officials = True
        if kind in (Noun.ACCUSED, Noun.OFFICIAL, Noun.VICTIM, Noun.PERSON):
            np.persons = True
        if np.childlike and kind is Noun.VICTIM:
            np.group = Group.CHILDREN
        trafficking = "traffick" in noun.sense
        np.named = np.named or np.form is not None or trafficking
        if kind is Noun.VICTIM or (kind is Noun.ACCUSED and trafficking):
            np.trafficking = True

    def _take_modifier(self, j: int, np: NounPhrase) -> int:
        word = self._words[j]
        tags = word.tags
        if tags & Tag.FORM:
            form = word.by_tag[Tag.FORM]
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
            either = form.form is Form.ALL and word.low.startswith(
                ("sex", "forced prostitution", "labor", "forced labor")
            )
            np.unspecified = np.unspecified or either or word.low.startswith("both ")
            return j + 1
        if tags & Tag.CRIME:
            np.crime = True
            return j + 1
        if tags & Tag.ORDINAL:
            np.ordinal = True
        if tags & Tag.UNSPECIFIED:
            np.unspecified = True
        adjective = word.get(Tag.ADJECTIVE)
        np.modified = True
        np.more = np.more or word.low in ("additional", "further", "more")
        if adjective is not None:
            np.stage = adjective.stage or np.stage
            np.group = adjective.group or np.group
            np.local = np.local or adjective.sense == "place"
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
