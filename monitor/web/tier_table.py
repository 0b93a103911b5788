"""Decides how placements are shown: a country's strip over the editions, and an edition's table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.comparison.wording import tier_direction, tier_words
from monitor.domain.change import Direction
from monitor.domain.country import Countries
from monitor.domain.tier import Movement, Tier, TierPlacement

_BEST_FIRST = (Tier.ONE, Tier.TWO, Tier.TWO_WATCH_LIST, Tier.THREE, Tier.SPECIAL_CASE)
_DIRECTIONS = {Movement.UPGRADED: Direction.UP, Movement.DOWNGRADED: Direction.DOWN}


@dataclass(frozen=True, slots=True)
class StripCell:
    """One edition in a country's strip; ``placement`` is null where none is known."""

    edition: int
    placement: TierPlacement | None


@dataclass(frozen=True, slots=True)
class PlacedCountry:
    """One line of an edition's table.

    ``before`` is the tier of the edition before where one is known. ``direction`` follows the two
    tiers, and the text's own word where the tier before is unknown.
    """

    iso3: str
    name: str
    tier: Tier
    before: Tier | None
    direction: Direction | None
    watch_list_years: int | None
    secondary: bool

    @property
    def movement(self) -> str:
        """What happened since the edition before, in words; empty where it is not known."""
        if self.direction is not None:
            verb = "Upgraded" if self.direction is Direction.UP else "Downgraded"
            return f"{verb} from {self.before.label}" if self.before else verb
        if self.before is None:
            return ""
        return "Unchanged" if self.before is self.tier else f"Moved from {self.before.label}"


@dataclass(frozen=True, slots=True)
class TierGroup:
    """The countries of one tier, in the order of their names."""

    tier: Tier
    countries: tuple[PlacedCountry, ...]


@dataclass(frozen=True, slots=True)
class TierTable:
    """An edition's placements by tier, the best first; tiers without a country are left out."""

    edition: int
    groups: tuple[TierGroup, ...]

    @property
    def size(self) -> int:
        return sum(len(group.countries) for group in self.groups)

    @property
    def secondary(self) -> bool:
        """Whether any placement comes from the shipped baseline."""
        return any(country.secondary for group in self.groups for country in group.countries)

    def moved(self, direction: Direction) -> tuple[PlacedCountry, ...]:
        """Return the countries that went ``direction``, in the order of their names."""
        found = [
            country for group in self.groups for country in group.countries if country.direction is direction
        ]
        return tuple(sorted(found, key=lambda country: country.name))

    @property
    def upgraded(self) -> tuple[PlacedCountry, ...]:
        return self.moved(Direction.UP)

    @property
    def downgraded(self) -> tuple[PlacedCountry, ...]:
        return self.moved(Direction.DOWN)


FIRST_EDITION = 2001
"""The first edition of the report."""


def tier_strip(placements: Iterable[TierPlacement], newest: int) -> tuple[StripCell, ...]:
    """Return one cell per edition from the first of the report to ``newest``, gaps included.

    Empty where no placement is known at all.
    """
    known = {placement.edition: placement for placement in placements}
    if not known:
        return ()
    return tuple(StripCell(year, known.get(year)) for year in range(FIRST_EDITION, max(newest, *known) + 1))


def newest_movement(placements: Sequence[TierPlacement]) -> str:
    """Return what the newest of a country's placements did since the edition before it, in words.

    Empty where that edition's placement is not known or is the same.
    """
    known = {placement.edition: placement.tier for placement in placements}
    if not known:
        return ""
    newest = max(known)
    before = known.get(newest - 1)
    return "" if before is None or before is known[newest] else tier_words(before, known[newest])


def tier_table(
    edition: int, now: Iterable[TierPlacement], before: Iterable[TierPlacement], countries: Countries
) -> TierTable:
    """Return the placements ``now`` of ``edition`` with those of the edition ``before`` beside them."""
    old = {placement.country: placement.tier for placement in before}
    placed = sorted(
        (_placed(placement, old.get(placement.country), countries) for placement in now),
        key=lambda country: country.name,
    )
    groups = ((tier, tuple(c for c in placed if c.tier is tier)) for tier in _BEST_FIRST)
    return TierTable(edition, tuple(TierGroup(tier, members) for tier, members in groups if members))


def _placed(placement: TierPlacement, before: Tier | None, countries: Countries) -> PlacedCountry:
    if before is not None:
        direction = tier_direction(before, placement.tier)
    else:
        direction = _DIRECTIONS.get(placement.movement) if placement.movement else None
    return PlacedCountry(
        iso3=placement.country,
        name=countries.name_of(placement.country),
        tier=placement.tier,
        before=before,
        direction=direction,
        watch_list_years=placement.watch_list_years,
        secondary=placement.secondary,
    )
