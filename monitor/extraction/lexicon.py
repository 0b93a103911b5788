"""Decides what a word or phrase can be: the vocabulary, compiled for longest match.

The vocabulary is data (``config/lexicon/*.toml``): ``numbers``, ``nouns``, ``forms`` and
``crimes``, ``verbs``, ``adjectives`` and ``links``. A phrase may be several things ("arrest" is a
noun and a verb); the grammar decides by what stands around it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import ClassVar, Final

from monitor.domain.figure import Form, Group, Measure, Qualifier, Stage
from monitor.extraction.signs import Sign
from monitor.extraction.tokens import tokenise


class Tag:
    """What a phrase can be, as bits: a word carries the union of its tags."""

    NONE: Final = 1 << 0
    ORDINAL: Final = 1 << 1
    VAGUE: Final = 1 << 2
    UNKNOWN: Final = 1 << 3
    QUALIFIER: Final = 1 << 4
    NOUN: Final = 1 << 5
    DATA: Final = 1 << 6
    DATA_HEAD: Final = 1 << 7
    FORM: Final = 1 << 8
    CRIME: Final = 1 << 9
    ADJECTIVE: Final = 1 << 10
    VERB: Final = 1 << 11
    TIE: Final = 1 << 12
    BE: Final = 1 << 13
    HAVE: Final = 1 << 14
    DO: Final = 1 << 15
    COMPARE: Final = 1 << 16
    SAME: Final = 1 << 17
    SIMILAR: Final = 1 << 18
    PERIOD: Final = 1 << 19
    SUBSET: Final = 1 << 20
    AGENT: Final = 1 << 21
    BLOCKER: Final = 1 << 22
    MODAL: Final = 1 << 23
    FACT: Final = 1 << 24
    NOT: Final = 1 << 25
    WITHOUT: Final = 1 << 26
    UNCLEAR: Final = 1 << 27
    STORY: Final = 1 << 28
    ANY: Final = 1 << 29
    NO: Final = 1 << 30
    ARTICLE: Final = 1 << 31
    DEFINITE: Final = 1 << 32
    PREPOSITION: Final = 1 << 33
    CONJUNCTION: Final = 1 << 34
    CONTRAST: Final = 1 << 35
    PRONOUN: Final = 1 << 36
    RESPECTIVELY: Final = 1 << 37
    ADVERB: Final = 1 << 38
    DASH: Final = 1 << 39
    SPAN: Final = 1 << 40
    COMPLICITY: Final = 1 << 41
    MONTH: Final = 1 << 42
    UNSPECIFIED: Final = 1 << 43
    OTHER: Final = 1 << 45
    LABEL: Final = 1 << 46
    HEDGE: Final = 1 << 47


class Noun(Sign):
    """What the head of a noun phrase counts."""

    MEASURE: ClassVar[Noun]
    ACCUSED: ClassVar[Noun]
    OFFICIAL: ClassVar[Noun]
    CASE: ClassVar[Noun]
    CRIME: ClassVar[Noun]
    VICTIM: ClassVar[Noun]
    PERSON: ClassVar[Noun]
    OTHER: ClassVar[Noun]


class Verb(Sign):
    """What a verb does to the number beside it."""

    COUNT: ClassVar[Verb]
    OPEN: ClassVar[Verb]
    CONTINUE: ClassVar[Verb]
    SUPPORT: ClassVar[Verb]
    TELL: ClassVar[Verb]
    CHANGE: ClassVar[Verb]
    UNDO: ClassVar[Verb]
    OTHER: ClassVar[Verb]


class Inflection(Sign):
    BASE: ClassVar[Inflection]
    PRESENT: ClassVar[Inflection]
    PAST: ClassVar[Inflection]
    PARTICIPLE: ClassVar[Inflection]
    ING: ClassVar[Inflection]


# In the order in which the vocabulary spells them.
INFLECTIONS = (
    Inflection.BASE,
    Inflection.PRESENT,
    Inflection.PAST,
    Inflection.PARTICIPLE,
    Inflection.ING,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One sense of a phrase; fields that a tag has no use for keep their defaults."""

    tag: int
    sense: str = ""
    measure: Measure | None = None
    form: Form | None = None
    group: Group | None = None
    stage: Stage | None = None
    qualifier: Qualifier | None = None
    noun: Noun | None = None
    plural: bool = False
    verb: Verb | None = None
    inflections: frozenset[Inflection] = frozenset()


@dataclass(frozen=True, slots=True)
class Senses:
    """All that one phrase can be: the union of its tags, and its entry for each."""

    tags: int
    by_tag: Mapping[int, Entry]


NO_SENSES = Senses(0, {})


class Lexicon:
    """The compiled vocabulary: phrases of lower-case words, longest first, by their first two words.

    ``longer`` has the longer phrases by their first two words. ``alone`` are the words that stand for
    themselves where they begin none of those: no number and no telling of a case, so that nothing
    around them needs looking at. ``begins`` are the words that begin anything at all.
    """

    __slots__ = ("_single", "alone", "begins", "cardinals", "longer", "scales")

    def __init__(
        self, entries: Iterable[tuple[str, Entry]], cardinals: Mapping[str, int], scales: Mapping[str, int]
    ) -> None:
        self.cardinals = dict(cardinals)
        self.scales = dict(scales)
        phrases: dict[tuple[str, ...], dict[int, Entry]] = {}
        for phrase, entry in entries:
            words = tuple(tokenise(phrase, 0, len(phrase))[0])
            phrases.setdefault(words, {}).setdefault(entry.tag, entry)
        self._single: dict[str, tuple[int, Senses]] = {}
        self.longer: dict[str, dict[str, list[tuple[list[str], Senses]]]] = {}
        for words in sorted(phrases, key=len, reverse=True):
            by_tag = phrases[words]
            senses = Senses(reduce(or_, by_tag), by_tag)
            if len(words) == 1:
                self._single[words[0]] = (1, senses)
            else:
                by_second = self.longer.setdefault(words[0], {})
                by_second.setdefault(words[1], []).append((list(words[2:]), senses))
        self.begins = frozenset((*self._single, *self.longer, *self.cardinals))
        self.alone = {
            word: senses
            for word, (_, senses) in self._single.items()
            if word not in self.cardinals and not word[0].isdigit() and "-" not in word
            if not senses.tags & Tag.STORY
        }

    def match(self, lows: list[str], at: int, *, story: bool = True) -> tuple[int, Senses] | None:
        """Return the longest phrase that begins at word ``at``: its length in words and its senses.

        ``story`` lets phrases through that open the telling of a case.
        """
        low = lows[at]
        by_second = self.longer.get(low)
        if by_second is not None and at + 1 < len(lows):
            for rest, senses in by_second.get(lows[at + 1], ()):
                end = at + 2 + len(rest)
                if (not rest or lows[at + 2 : end] == rest) and (story or not senses.tags & Tag.STORY):
                    return len(rest) + 2, senses
        return self._single.get(low)
