"""Lays a person's corrections over what an extractor read in a narrative."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from monitor.domain.change import UNREPORTED
from monitor.domain.figure import Accused, Confidence, Evidence, Figure, Group, Reporter, Status
from monitor.domain.reading import Reading
from monitor.domain.review import Correction
from monitor.domain.tier import Tier, TierReading


@dataclass(frozen=True, slots=True)
class Corrected:
    """A reading under its corrections; ``outdated`` are those whose sentence the text no longer has."""

    reading: Reading
    applied: tuple[Correction, ...]
    outdated: tuple[Correction, ...]


def apply_corrections(text: str, reading: Reading, corrections: Iterable[Correction]) -> Corrected:
    """Return ``reading`` with each correction whose sentence still stands in ``text``, white space aside.

    What the extractor read in that sentence for the measure, form and period gives way, whichever
    number it was: so a correction survives a newer extractor. Where it read nothing there, the figure
    is added with the sentence as its evidence.
    """
    applied, outdated = [], []
    for correction in corrections:
        place = find_sentence(text, correction.sentence)
        if place is None:
            outdated.append(correction)
            continue
        applied.append(correction)
        reading = _with_tier(reading, correction, place)
        if correction.measure is not None:
            reading = replace(reading, figures=_with_figure(reading, correction, place))
    return Corrected(reading, tuple(applied), tuple(outdated))


def find_sentence(text: str, sentence: str) -> Evidence | None:
    """Return where ``sentence`` stands in ``text``, white space aside, or None."""
    words = sentence.split()
    found = re.search(r"\s+".join(map(re.escape, words)), text) if words else None
    return Evidence(found.group(), found.start(), found.end()) if found else None


def _with_tier(reading: Reading, correction: Correction, place: Evidence) -> Reading:
    if correction.measure is not None or not isinstance(correction.value, str):
        return reading
    tier = reading.tier or TierReading(Tier(correction.value), place)
    return replace(reading, tier=replace(tier, value=Tier(correction.value), evidence=place))


def _with_figure(reading: Reading, correction: Correction, place: Evidence) -> tuple[Figure, ...]:
    matching = [n for n, figure in enumerate(reading.figures) if _is_meant(figure, correction, place)]
    same = [n for n in matching if _value(reading.figures[n]) == correction.original]
    chosen = (same or matching)[:1]
    figures = list(reading.figures)
    if not chosen:
        return (*figures, *_figures_of(correction, place))
    (at,) = chosen
    figures[at : at + 1] = [
        replace(
            figures[at],
            value=made.value,
            status=made.status,
            confidence=Confidence.HIGH,
        )
        for made in _figures_of(correction, place)
    ]
    return tuple(figures)


def _figures_of(correction: Correction, place: Evidence) -> list[Figure]:
    if correction.measure is None or correction.value is None:
        return []
    number = correction.value if isinstance(correction.value, int) else None
    return [
        Figure(
            country=correction.country,
            measure=correction.measure,
            value=number,
            evidence=place,
            form=correction.form,
            relation=correction.relation,
            status=Status.UNREPORTED if number is None else Status.REPORTED,
        )
    ]


def _is_meant(figure: Figure, correction: Correction, place: Evidence) -> bool:
    return (
        figure.measure is correction.measure
        and figure.form is correction.form
        and figure.relation is correction.relation
        and figure.accused is Accused.ANY
        and figure.group is Group.ALL
        and figure.reporter is Reporter.GOVERNMENT
        and figure.evidence.start < place.end
        and place.start < figure.evidence.end
    )


def _value(figure: Figure) -> int | str:
    return UNREPORTED if figure.value is None else figure.value
