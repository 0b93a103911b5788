"""Decides what a noun phrase's determiner says: a number, none, any, one, those that are known."""

# ruff: noqa: PLR0911, PLR0912, PLR0915 - a grammar is a list of cases, each with its way out

from __future__ import annotations

from collections.abc import Callable

from monitor.domain.figure import Qualifier, Stage
from monitor.extraction.lexicon import Noun, Tag
from monitor.extraction.phrases import Det, NounPhrase, Phrase
from monitor.extraction.words import Word

# Words that can stand in a determiner, beside numbers and ``MORE``.
DETERMINING = (
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
_OF_THEM = frozenset({"of them", "of these", "of those", "of which", "of whom"})
MORE = frozenset({"additional", "further", "new", "estimated", "approximate", "more", "remaining"})


# No rule looks further than this beyond the words of a clause, on either side.
_BESIDE = (None,) * 16


class DeterminerReader:
    """Reads ``[qualifier] [number]`` out of words."""

    def __init__(self, words: list[Word]) -> None:
        self._words = words
        self._out: list[Phrase] = []
        # The word at a place, None before the first and after the last: what is asked for most.
        self._word: Callable[[int], Word | None] = [*words, *_BESIDE].__getitem__

    def _number_follows(self, at: int) -> bool:
        word = self._word(at)
        if word is not None and word.low in ("a", "the"):
            word = self._word(at + 1)
        return word is not None and word.value is not None

    def _year_alone(self, at: int) -> bool:
        word, then = self._word(at), self._word(at + 1)
        return (
            word is not None
            and word.year is not None
            and (then is None or not then.has(Tag.NOUN | Tag.FORM | Tag.ADJECTIVE))
        )

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
            if word.value is not None or (word.tags == 0 and word.low[0].isdigit()):
                if word.value is None:
                    return None
                np.det, np.value = Det.NUMBER, word.value
                return self._partitive(j + 1, np)
            tags = word.tags
            if tags & Tag.ADJECTIVE and word.by_tag[Tag.ADJECTIVE].sense == "begun":
                # "the initiation of any prosecutions", "the opening of 12 investigations"
                np.stage, np.det, np.definite = Stage.NEW, Det.BARE, False
                j += 1
                continue
            if not tags & DETERMINING and word.low not in MORE:
                break
            if tags & Tag.DATA:
                np.untold = np.untold or np.det is Det.NO
                np.data, np.det, np.value = True, Det.DATA, None
                then = self._word(j + 1)
                if then is not None and then.low in _OF_THEM:
                    np.partitive = True
                    return j + 2
                if then is not None and then.low == "of" and (end := self._of_the_known(j + 2)) is not None:
                    np.partitive = True
                    return end
            elif tags & Tag.QUALIFIER and word.low == "over" and self._year_alone(j + 1):
                # "an increase of 12 over 2018"
                return None
            elif tags & Tag.QUALIFIER and (self._number_follows(j + 1) or np.det is Det.UNKNOWN):
                qualifier = word.by_tag[Tag.QUALIFIER].qualifier
                assert qualifier is not None  # noqa: S101 - entries of this tag have one
                if qualifier is not Qualifier.EXACT:
                    np.qualifier = qualifier
                np.total = np.total or word.low.endswith(("total of", "totaling"))
            elif tags & Tag.QUALIFIER and word.low.endswith(("total of", "only", "just")):
                if word.low == "only" and np.det is Det.DEFINITE:
                    np.ordinal, np.det = True, Det.ONE
            elif tags & Tag.UNKNOWN:
                np.det = Det.UNKNOWN
                j = j + 1
                following = self._word(j)
                if following is not None and following.low == "of":
                    j += 1
                return j
            elif tags & Tag.VAGUE:
                np.det = Det.VAGUE
                following = self._word(j + 1)
                return j + 2 if following is not None and following.low == "of" else j + 1
            elif tags & Tag.NONE:
                np.det, np.value = Det.NO, 0
                if word.low in ("no one", "nobody", "no-one"):
                    np.noun, np.persons = Noun.PERSON, True
                return self._partitive(j + 1, np)
            elif tags & Tag.NO:
                np.det, np.value = Det.NO, 0
            elif tags & Tag.ANY:
                if np.det is not Det.DATA:
                    np.det = Det.ANY
                then = self._word(j + 1)
                if then is not None and then.low in _OF_THEM:
                    np.partitive = True
                    return j + 2
            elif tags & Tag.ARTICLE and np.det is Det.BARE:
                np.det, np.article = Det.ONE, True
            elif tags & Tag.ORDINAL:
                np.ordinal = True
                if np.det in (Det.BARE, Det.DEFINITE):
                    np.det = Det.ONE
            elif word.low in MORE and self._number_follows(j + 1):
                np.remainder = np.remainder or word.low == "remaining"
            elif tags & Tag.OTHER and np.det in (Det.DEFINITE, Det.ANY, Det.NO, Det.BARE, Det.DATA):
                np.remainder = True
                if word.low.startswith("any"):
                    np.det = Det.ANY
            elif tags & Tag.DEFINITE:
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
