"""Decides what a word or phrase can be: the vocabulary, compiled for longest match.

The vocabulary is data (``config/lexicon/*.toml``): ``numbers``, ``nouns``, ``forms`` and
``crimes``, ``verbs``, ``adjectives`` and ``links``. A phrase may be several things ("arrest" is a
noun and a verb); the grammar decides by what stands around it.
"""

# ruff: noqa: PLR0912 - a grammar is a list of cases, each with its way out

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import reduce
from operator import or_
from typing import Any, Final, NamedTuple

from monitor.domain.figure import Form, Group, Measure, Qualifier, Stage
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
    GUILT: Final = 1 << 44
    OTHER: Final = 1 << 45
    LABEL: Final = 1 << 46
    HEDGE: Final = 1 << 47


class Noun(Enum):
    """What the head of a noun phrase counts."""

    MEASURE = auto()
    ACCUSED = auto()
    OFFICIAL = auto()
    CASE = auto()
    CRIME = auto()
    VICTIM = auto()
    PERSON = auto()
    OTHER = auto()


class Verb(Enum):
    """What a verb does to the number beside it."""

    COUNT = auto()
    OPEN = auto()
    CONTINUE = auto()
    SUPPORT = auto()
    TELL = auto()
    CHANGE = auto()
    UNDO = auto()
    OTHER = auto()


class Inflection(Enum):
    BASE = auto()
    PRESENT = auto()
    PAST = auto()
    PARTICIPLE = auto()
    ING = auto()


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


class Senses(NamedTuple):
    """All that one phrase can be: the union of its tags, and its entry for each."""

    tags: int
    by_tag: Mapping[int, Entry]


_PLAIN_MARKS: dict[str, int] = {
    "any": Tag.ANY,
    "no": Tag.NO,
    "article": Tag.ARTICLE,
    "definite": Tag.DEFINITE,
    "preposition": Tag.PREPOSITION,
    "conjunction": Tag.CONJUNCTION,
    "contrast": Tag.CONTRAST,
    "pronoun": Tag.PRONOUN,
    "respectively": Tag.RESPECTIVELY,
    "adverb": Tag.ADVERB,
    "dash": Tag.DASH,
    "span": Tag.SPAN,
    "complicity": Tag.COMPLICITY,
    "months": Tag.MONTH,
    "unspecified": Tag.UNSPECIFIED,
    "guilt": Tag.GUILT,
    "other": Tag.OTHER,
    "labels": Tag.LABEL,
    "hedges": Tag.HEDGE,
}
_SPECIAL_PLURALS = frozenset(
    {"people", "men", "women", "children", "policemen", "businessmen", "fishermen", "police"}
)
_FORMS = {"sex": Form.SEX, "labor": Form.LABOR, "all": Form.ALL}
_GROUPS = {group.value: group for group in Group}
_STAGES = {"new": Stage.NEW, "continued": Stage.CONTINUED}


class Lexicon:
    """The compiled vocabulary: phrases of lower-case words, longest first, by their first two words."""

    __slots__ = ("_longer", "_single", "cardinals", "scales")

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
        self._longer: dict[str, dict[str, list[tuple[list[str], Senses]]]] = {}
        for words in sorted(phrases, key=len, reverse=True):
            by_tag = phrases[words]
            senses = Senses(reduce(or_, by_tag), by_tag)
            if len(words) == 1:
                self._single[words[0]] = (1, senses)
            else:
                by_second = self._longer.setdefault(words[0], {})
                by_second.setdefault(words[1], []).append((list(words[2:]), senses))

    @classmethod
    def from_tables(cls, tables: Mapping[str, Any]) -> Lexicon:
        """Compile the tables of all lexicon files, merged by their top-level keys.

        Raises:
            KeyError: a table is missing.
            ValueError: a table names a measure, form or group that does not exist.
        """
        return cls(_entries(tables), tables["numbers"]["cardinals"], tables["numbers"]["scales"])

    def match(self, lows: list[str], at: int, *, story: bool = True) -> tuple[int, Senses] | None:
        """Return the longest phrase that begins at word ``at``: its length in words and its senses.

        ``story`` lets phrases through that open the telling of a case.
        """
        low = lows[at]
        if low in self._longer and at + 1 < len(lows):
            by_second = self._longer[low]
            for rest, senses in by_second.get(lows[at + 1], ()):
                end = at + 2 + len(rest)
                if (not rest or lows[at + 2 : end] == rest) and (story or not senses.tags & Tag.STORY):
                    return len(rest) + 2, senses
        return self._single.get(low)


def _entries(tables: Mapping[str, Any]) -> Iterator[tuple[str, Entry]]:
    yield from _numbers(tables["numbers"])
    yield from _nouns(tables["nouns"])
    yield from _forms(tables["forms"])
    for phrase in tables["crimes"]["words"]:
        yield phrase, Entry(Tag.CRIME)
    yield from _verbs(tables["verbs"])
    yield from _adjectives(tables["adjectives"])
    yield from _links(tables["links"])


def _numbers(table: Mapping[str, Any]) -> Iterator[tuple[str, Entry]]:
    words = table["words"]
    for key, tag in (
        ("none", Tag.NONE),
        ("ordinals", Tag.ORDINAL),
        ("vague", Tag.VAGUE),
        ("unknown", Tag.UNKNOWN),
    ):
        for phrase in words[key]:
            yield phrase, Entry(tag)
    for key, phrases in table["qualifiers"].items():
        for phrase in phrases:
            yield phrase, Entry(Tag.QUALIFIER, qualifier=Qualifier(key))


def _nouns(table: Mapping[str, Any]) -> Iterator[tuple[str, Entry]]:
    for key, phrases in table["measures"].items():
        for phrase in phrases:
            yield (
                phrase,
                Entry(
                    Tag.NOUN, sense=phrase, noun=Noun.MEASURE, measure=Measure(key), plural=_plural(phrase)
                ),
            )
    for key in ("accused", "case", "crime", "victim", "person", "official", "other"):
        for kind, phrases in table[key].items():
            for phrase in phrases:
                yield (
                    phrase,
                    Entry(
                        Tag.NOUN,
                        sense=phrase,
                        noun=Noun[key.upper()],
                        form=_FORMS.get(kind),
                        group=_GROUPS.get(kind),
                        plural=_plural(phrase),
                    ),
                )
    for phrase in table["data"]["words"]:
        yield phrase, Entry(Tag.DATA)
    for phrase in table["data"]["heads"]:
        yield phrase, Entry(Tag.DATA_HEAD)


def _plural(phrase: str) -> bool:
    word = phrase.rsplit(" ", 1)[-1]
    return word in _SPECIAL_PLURALS or (word.endswith("s") and not word.endswith("ss"))


def _forms(table: Mapping[str, Any]) -> Iterator[tuple[str, Entry]]:
    for key, phrases in table.items():
        for phrase in phrases:
            yield (
                phrase,
                Entry(
                    Tag.FORM,
                    form=_FORMS.get(key, Form.ALL),
                    group=_GROUPS.get(key) if key not in _FORMS else None,
                ),
            )


def _verbs(table: Mapping[str, Any]) -> Iterator[tuple[str, Entry]]:
    irregular: Mapping[str, list[str]] = table["irregular"]
    for name, lemmas in table["count"].items():
        for lemma in lemmas:
            stage = Stage.NEW if lemma.startswith("initiate ") else None
            yield from _inflected(lemma, irregular, Verb.COUNT, measure=Measure(name), stage=stage)
    for key, verb in (
        ("open", Verb.OPEN),
        ("continue", Verb.CONTINUE),
        ("support", Verb.SUPPORT),
        ("tell", Verb.TELL),
        ("change", Verb.CHANGE),
        ("undo", Verb.UNDO),
        ("other", Verb.OTHER),
    ):
        for lemma in table[key]["words"]:
            yield from _inflected(lemma, irregular, verb)
    for name, kinds in table["predicates"].items():
        for kind, phrases in kinds.items():
            for phrase in phrases:
                yield (
                    phrase,
                    Entry(
                        Tag.VERB,
                        sense="predicate",
                        verb=Verb.COUNT,
                        measure=Measure(name),
                        stage=_STAGES.get(kind),
                        inflections=frozenset({Inflection.PARTICIPLE}),
                    ),
                )
    for phrase in table["tie"]["words"]:
        yield phrase, Entry(Tag.TIE)
    for key, tag in (("be", Tag.BE), ("have", Tag.HAVE), ("do", Tag.DO)):
        for phrase in table["auxiliaries"][key]:
            yield phrase, Entry(tag)


def _inflected(
    lemma: str,
    irregular: Mapping[str, list[str]],
    verb: Verb,
    *,
    measure: Measure | None = None,
    stage: Stage | None = None,
) -> Iterator[tuple[str, Entry]]:
    forms: dict[str, set[Inflection]] = {}
    for spelling, inflection in zip(_spellings(lemma, irregular), Inflection, strict=True):
        forms.setdefault(spelling, set()).add(inflection)
    for spelling, inflections in forms.items():
        yield (
            spelling,
            Entry(
                Tag.VERB,
                sense=lemma,
                verb=verb,
                measure=measure,
                stage=stage,
                inflections=frozenset(inflections),
            ),
        )


def _spellings(lemma: str, irregular: Mapping[str, list[str]]) -> list[str]:
    """All inflections of a verb or of a phrase that begins with one, in the order of ``Inflection``."""
    if lemma in irregular:
        return irregular[lemma]
    word, _, rest = lemma.partition(" ")
    if rest and word in irregular:
        return [f"{spelling} {rest}" for spelling in irregular[word]]
    return _regular(lemma)


def _regular(lemma: str) -> list[str]:
    """Inflect the first word of a regular verb; the rest of the phrase stays."""
    word, _, rest = lemma.partition(" ")
    tail = f" {rest}" if rest else ""
    if word.endswith("e"):
        present, past, ing = word + "s", word + "d", word[:-1] + "ing"
    elif word.endswith("y") and word[-2] not in "aeiou":
        present, past, ing = word[:-1] + "ies", word[:-1] + "ied", word + "ing"
    elif word in (
        "refer",
        "commit",
        "transfer",
        "admit",
        "drop",
        "submit",
        "expel",
        "acquit",
        "jail-cell",
        "step",
    ):
        present, past, ing = word + "s", word + word[-1] + "ed", word + word[-1] + "ing"
    elif word.endswith(("s", "sh", "ch", "x", "z")):
        present, past, ing = word + "es", word + "ed", word + "ing"
    else:
        present, past, ing = word + "s", word + "ed", word + "ing"
    return [word + tail, present + tail, past + tail, past + tail, ing + tail]


def _adjectives(table: Mapping[str, list[str]]) -> Iterator[tuple[str, Entry]]:
    for key, phrases in table.items():
        for phrase in phrases:
            yield (
                phrase,
                Entry(Tag.ADJECTIVE, sense=key, stage=_STAGES.get(key), group=_GROUPS.get(key)),
            )


def _links(table: Mapping[str, Any]) -> Iterator[tuple[str, Entry]]:
    for key, tag in (("words", Tag.COMPARE), ("same", Tag.SAME), ("similar", Tag.SIMILAR)):
        for phrase in table["compare"][key]:
            yield phrase, Entry(tag)
    for sense, phrases in table["period"].items():
        for phrase in phrases:
            yield phrase, Entry(Tag.PERIOD, sense=sense)
    for phrase in table["subset"]["words"]:
        yield phrase, Entry(Tag.SUBSET)
    for sense, phrases in table["agents"].items():
        for phrase in phrases:
            yield phrase, Entry(Tag.AGENT, sense=sense)
    for key, tag in (("efforts", Tag.BLOCKER), ("modals", Tag.MODAL), ("facts", Tag.FACT)):
        for phrase in table["blockers"][key]:
            yield phrase, Entry(tag)
    for key, tag in (("not", Tag.NOT), ("without", Tag.WITHOUT), ("unclear", Tag.UNCLEAR)):
        for phrase in table["polarity"][key]:
            yield phrase, Entry(tag, sense="never" if phrase in table["polarity"]["never"] else "")
    for phrase in table["story"]["words"]:
        yield phrase, Entry(Tag.STORY)
    for key, tag in _PLAIN_MARKS.items():
        for phrase in table["words"].get(key, ()):
            yield phrase, Entry(tag, sense=key)
