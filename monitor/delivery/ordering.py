"""Decides which change is told first, and groups a digest by country."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.domain.change import Change, ChangeKind, Direction
from monitor.domain.country import Countries
from monitor.domain.figure import Measure

_KINDS = (
    ChangeKind.TIER_CHANGED,
    ChangeKind.CORRECTION,
    ChangeKind.FIGURE_CHANGED,
    ChangeKind.FIGURE_VANISHED,
    ChangeKind.FIGURE_APPEARED,
    ChangeKind.FIGURE_RESTATED,
    ChangeKind.NARRATIVE_REVISED,
    ChangeKind.CLAIM_MADE,
    ChangeKind.EDITION_PUBLISHED,
)
_MEASURES = (
    Measure.CONVICTIONS,
    Measure.PROSECUTIONS,
    Measure.INVESTIGATIONS,
    Measure.VICTIMS_IDENTIFIED,
)
_Weight = tuple[float, int, int, float, str, str]


@dataclass(frozen=True, slots=True)
class CountryChanges:
    """A country's changes, the most telling first; ``country`` is null for those of no country."""

    country: str | None
    name: str
    changes: tuple[Change, ...]


def by_country(changes: Iterable[Change], countries: Countries) -> tuple[CountryChanges, ...]:
    """Return ``changes`` grouped by country: the country with the most telling change first.

    The more significant change comes first (``comparison.significance``). Of equals, tier changes come
    before all else, downgrades first, then corrections, then figures: convictions before prosecutions,
    investigations and victims, and among those the larger difference. Changes of no country (a new
    edition) come last, under "The report".
    """
    groups: dict[str | None, list[Change]] = {}
    for change in sorted(changes, key=_weight):
        groups.setdefault(change.country, []).append(change)
    ordered = sorted(groups, key=lambda country: (country is None, _weight(groups[country][0])))
    return tuple(
        CountryChanges(
            country,
            countries.name_of(country) if country else "The report",
            tuple(groups[country]),
        )
        for country in ordered
    )


def _weight(change: Change) -> _Weight:
    measure = _MEASURES.index(change.measure) if change.measure in _MEASURES else len(_MEASURES)
    return (
        -change.significance,
        _KINDS.index(change.kind),
        measure,
        -_difference(change),
        change.headline,
        change.id,
    )


def _difference(change: Change) -> float:
    """How far two counts lie apart, against the scatter that counts of their size have.

    Of tiers: a downgrade before a move that is no rank, and that before an upgrade.
    """
    old, new = change.old, change.new
    if change.kind is ChangeKind.TIER_CHANGED:
        return {Direction.DOWN: 2.0, None: 1.0, Direction.UP: 0.0}[change.direction]
    if not isinstance(old, int) or not isinstance(new, int):
        return 0.0
    return (new - old) ** 2 / (new + old + 1)
