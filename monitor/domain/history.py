"""What is known of countries over the years: the background against which a change is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.domain.figure import Form, Measure
from monitor.domain.tier import TierPlacement


@dataclass(frozen=True, slots=True)
class CountryHistory:
    """A country's placements by edition, and its headline figures.

    ``figures`` gives for a measure and form the editions in order, each with the number, with
    ``"unreported"``, or with null where the narrative is silent. ``conviction_rates`` has the
    editions that print both numbers it takes.
    """

    placements: tuple[TierPlacement, ...] = ()
    figures: Mapping[tuple[Measure, Form], tuple[tuple[int, int | str | None], ...]] = field(
        default_factory=dict
    )
    conviction_rates: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Survey:
    """What was looked at in a period: sources that answered, that failed, and that are overdue."""

    checked: int
    failed: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
