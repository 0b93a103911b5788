"""Tiers: a country's placement in an edition, and what a text says of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from monitor.domain.figure import Evidence


class Tier(StrEnum):
    """Placement under the Trafficking Victims Protection Act of 2000, section 110 (22 U.S.C. 7107)."""

    ONE = "1"
    TWO = "2"
    TWO_WATCH_LIST = "2WL"
    THREE = "3"
    SPECIAL_CASE = "SC"

    @property
    def label(self) -> str:
        """The tier as the report writes it."""
        return _LABELS[self]


_LABELS = {
    Tier.ONE: "Tier 1",
    Tier.TWO: "Tier 2",
    Tier.TWO_WATCH_LIST: "Tier 2 Watch List",
    Tier.THREE: "Tier 3",
    Tier.SPECIAL_CASE: "Special Case",
}


class Movement(StrEnum):
    UPGRADED = "upgraded"
    DOWNGRADED = "downgraded"
    REMAINED = "remained"


@dataclass(frozen=True, slots=True)
class TierReading:
    """What a text says of the tier; ``watch_list_years`` counts consecutive years where it says so."""

    value: Tier
    evidence: Evidence
    movement: Movement | None = None
    watch_list_years: int | None = None


@dataclass(frozen=True, slots=True)
class TierPlacement:
    """A country's tier in an edition. ``secondary`` where it comes from the shipped baseline."""

    country: str
    edition: int
    tier: Tier
    movement: Movement | None = None
    watch_list_years: int | None = None
    secondary: bool = False
