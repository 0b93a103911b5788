"""Scores readings against labelled passages: precision, recall and F1 of core figures, and every miss.

The rules are those of the labelling guideline: a core figure's key is measure, form, relation and
value (null where unreported), in news the country too; a passage's keys are a set; unit, qualifier,
year and stage are scored over the keys that match. Pure: labels and readings in, numbers out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from monitor.domain.figure import (
    CORE_MEASURES,
    Accused,
    Figure,
    Form,
    Group,
    Measure,
    Relation,
    Reporter,
    Status,
)
from monitor.domain.reading import DocumentKind, Reading
from monitor.extraction.sentences import sentences

SIDE_FIELDS = ("unit", "qualifier", "year", "stage")


class Key(NamedTuple):
    """What makes two core figures of a passage the same; ``country`` is null outside news."""

    measure: Measure
    form: Form
    relation: Relation
    value: int | None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class LabelledPassage:
    """One passage as a person labelled it; ``figures`` are the core figures' side fields by key."""

    id: str
    kind: DocumentKind
    country: str | None
    edition: int | None
    tier: str | None
    figures: Mapping[Key, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of keys: found and labelled, found only, labelled only."""

    hits: int = 0
    extra: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.hits / max(self.hits + self.extra, 1)

    @property
    def recall(self) -> float:
        return self.hits / max(self.hits + self.missed, 1)

    @property
    def f1(self) -> float:
        return 2 * self.hits / max(2 * self.hits + self.extra + self.missed, 1)

    def __add__(self, other: Score) -> Score:
        return Score(self.hits + other.hits, self.extra + other.extra, self.missed + other.missed)


@dataclass(frozen=True, slots=True)
class Miss:
    """One key that only one side has, with the sentence to look at.

    ``found`` is true for a figure that nobody labelled. The sentence of a labelled one is the most
    likely: labels name no place.
    """

    passage: str
    key: Key
    found: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How readings compare with labels.

    ``by`` maps ``measure``, ``form``, ``era`` (the edition's decade) and ``kind`` to the scores of
    their values. ``tier_accuracy`` is null where no passage labels a tier; the ``side`` accuracies
    are null where no key matched.
    """

    passages: int
    score: Score
    exact_passages: int
    passages_with_only_false_alarms: int
    tiers: int
    tiers_right: int
    side: Mapping[str, float | None]
    by: Mapping[str, Mapping[str, Score]]
    misses: tuple[Miss, ...] = field(repr=False)

    @property
    def tier_accuracy(self) -> float | None:
        return self.tiers_right / self.tiers if self.tiers else None


def labelled_passages(lines: Iterable[str]) -> list[LabelledPassage]:
    """Read the lines of a ``labels.jsonl``.

    Raises:
        ValueError: a line is no JSON object, lacks a field or holds a value that does not exist;
            the message begins with the line's number.
    """
    passages = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            passages.append(_passage(json.loads(line)))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError(f"line {number}: {type(error).__name__}: {error}") from error
    return passages


def _passage(label: Mapping[str, Any]) -> LabelledPassage:
    kind = DocumentKind(label.get("kind") or DocumentKind.NARRATIVE)
    news = kind is DocumentKind.NEWS
    figures = {
        _labelled_key(figure, news=news): {name: figure.get(name) for name in SIDE_FIELDS}
        for figure in label["figures"]
        if _is_core(figure)
    }
    return LabelledPassage(
        id=label["id"],
        kind=kind,
        country=None if news else label["country"],
        edition=label["edition"],
        tier=label.get("tier"),
        figures=figures,
    )


def _is_core(figure: Mapping[str, Any]) -> bool:
    return (
        Measure(figure["measure"]) in CORE_MEASURES
        and Relation(figure["relation"]) in (Relation.CURRENT, Relation.PREVIOUS)
        and figure["accused"] == Accused.ANY
        and figure["reporter"] == Reporter.GOVERNMENT
        and figure["group"] == Group.ALL
    )


def _labelled_key(figure: Mapping[str, Any], *, news: bool) -> Key:
    return Key(
        measure=Measure(figure["measure"]),
        form=Form(figure["form"]),
        relation=Relation(figure["relation"]),
        value=figure["value"] if figure["status"] == Status.REPORTED else None,
        country=figure.get("country") if news else None,
    )


def _found_key(figure: Figure, *, news: bool) -> Key:
    country = figure.country if news else None
    return Key(figure.measure, figure.form, figure.relation, figure.value, country)


def evaluate(
    passages: Sequence[LabelledPassage], readings: Sequence[Reading], texts: Sequence[str]
) -> Evaluation:
    """Compare ``readings`` of ``texts`` with the labels, passage by passage in the same order.

    Raises:
        ValueError: the three differ in length.
    """
    total = Score()
    by: dict[str, dict[str, Score]] = {"measure": {}, "form": {}, "era": {}, "kind": {}}
    side = dict.fromkeys(SIDE_FIELDS, 0)
    misses: list[Miss] = []
    exact = spurious = tiers = tiers_right = 0
    for passage, reading, text in zip(passages, readings, texts, strict=True):
        news = passage.kind is DocumentKind.NEWS
        found = {_found_key(figure, news=news): figure for figure in reading.figures if figure.is_core}
        hits = passage.figures.keys() & found.keys()
        extra = found.keys() - passage.figures.keys()
        missed = passage.figures.keys() - found.keys()
        total += Score(len(hits), len(extra), len(missed))
        exact += not extra and not missed
        spurious += bool(found) and not passage.figures
        for keys, one in ((hits, Score(hits=1)), (extra, Score(extra=1)), (missed, Score(missed=1))):
            for key in keys:
                for group, name in _groups(key, passage):
                    by[group][name] = by[group].get(name, Score()) + one
        for key in hits:
            for name in SIDE_FIELDS:
                side[name] += passage.figures[key][name] == getattr(found[key], name)
        if passage.tier is not None:
            tiers += 1
            tiers_right += reading.tier is not None and reading.tier.value == passage.tier
        misses += [Miss(passage.id, key, False, _likely_sentence(key, text)) for key in _ordered(missed)]
        misses += [Miss(passage.id, key, True, found[key].evidence.text) for key in _ordered(extra)]
    return Evaluation(
        passages=len(passages),
        score=total,
        exact_passages=exact,
        passages_with_only_false_alarms=spurious,
        tiers=tiers,
        tiers_right=tiers_right,
        side={name: right / total.hits if total.hits else None for name, right in side.items()},
        by={group: dict(sorted(scores.items())) for group, scores in by.items()},
        misses=tuple(misses),
    )


def _groups(key: Key, passage: LabelledPassage) -> Iterable[tuple[str, str]]:
    decade = f"{passage.edition // 10 * 10}s" if passage.edition is not None else "no edition"
    return (
        ("measure", key.measure.value),
        ("form", key.form.value),
        ("era", decade),
        ("kind", passage.kind.value),
    )


def _ordered(keys: Iterable[Key]) -> list[Key]:
    return sorted(keys, key=str)


_STEMS = {
    Measure.INVESTIGATIONS: ("investigat", "case", "inquir", "detect", "open"),
    Measure.PROSECUTIONS: ("prosecut", "charg", "indict", "tried", "trial"),
    Measure.CONVICTIONS: ("convict", "guilty", "sentenc"),
    Measure.VICTIMS_IDENTIFIED: ("identif", "victim", "rescue", "detect"),
}
_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_SILENCE = re.compile(
    r"\b(?:no|not|none|never|unclear|unknown|unavailable|without|unspecified)\b", re.IGNORECASE
)


def _likely_sentence(key: Key, text: str) -> str:
    """Return the sentence that holds the labelled number and most of its measure's words."""
    best, best_score = "", 0
    for span in sentences(text):
        sentence = text[span.start : span.end]
        if not _holds(key.value, sentence):
            continue
        low = sentence.lower()
        matched = 1 + 2 * sum(stem in low for stem in _STEMS.get(key.measure, ()))
        matched += key.form is not Form.ALL and key.form.value in low
        if matched > best_score:
            best, best_score = sentence, matched
    return best


def _holds(value: int | None, sentence: str) -> bool:
    if not value:
        return _SILENCE.search(sentence) is not None
    spellings = [str(value), f"{value:,}"]
    if value < len(_UNITS):
        spellings.append(_UNITS[value])
    return any(
        re.search(rf"(?<![\w.,]){re.escape(word)}(?![\w])", sentence, re.IGNORECASE) for word in spellings
    )
