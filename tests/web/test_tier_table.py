"""How placements become strips, tables and movements."""

from __future__ import annotations

import pytest

from monitor.domain.change import Direction
from monitor.domain.tier import Movement, Tier, TierPlacement
from monitor.web.tier_table import newest_movement, tier_strip, tier_table
from tests.web.samples import COUNTRIES


def placed(edition: int, tier: Tier, country: str = "ARG", movement: Movement | None = None) -> TierPlacement:
    return TierPlacement(country, edition, tier, movement)


def test_a_strip_goes_from_the_first_edition_to_the_newest_gaps_included() -> None:
    strip = tier_strip([placed(2003, Tier.TWO), placed(2005, Tier.ONE)], 2006)

    assert [(cell.edition, cell.placement and cell.placement.tier) for cell in strip] == [
        (2001, None),
        (2002, None),
        (2003, Tier.TWO),
        (2004, None),
        (2005, Tier.ONE),
        (2006, None),
    ]


def test_a_country_never_placed_has_no_strip() -> None:
    assert tier_strip([], 2013) == ()


@pytest.mark.parametrize(
    ("before", "now", "stated", "movement", "direction"),
    [
        (Tier.THREE, Tier.TWO, None, "Upgraded from Tier 3", Direction.UP),
        (Tier.TWO, Tier.TWO_WATCH_LIST, None, "Downgraded from Tier 2", Direction.DOWN),
        (Tier.TWO, Tier.TWO, Movement.REMAINED, "Unchanged", None),
        (Tier.SPECIAL_CASE, Tier.THREE, None, "Moved from Special Case", None),
        (None, Tier.THREE, Movement.DOWNGRADED, "Downgraded", Direction.DOWN),
        (None, Tier.THREE, None, "", None),
    ],
)
def test_movement_follows_the_tiers_and_else_the_texts_word(
    before: Tier | None, now: Tier, stated: Movement | None, movement: str, direction: Direction | None
) -> None:
    earlier = [placed(2012, before)] if before else []
    (group,) = tier_table(2013, [placed(2013, now, movement=stated)], earlier, COUNTRIES).groups

    assert [(country.movement, country.direction) for country in group.countries] == [(movement, direction)]


def test_a_table_goes_from_the_best_tier_to_the_worst_and_by_name() -> None:
    table = tier_table(
        2013,
        [
            placed(2013, Tier.THREE, "GIN"),
            placed(2013, Tier.ONE, "TUR"),
            placed(2013, Tier.ONE, "CIV"),
            placed(2013, Tier.SPECIAL_CASE, "BOL"),
        ],
        [],
        COUNTRIES,
    )

    assert [(group.tier, [country.name for country in group.countries]) for group in table.groups] == [
        (Tier.ONE, ["Côte d'Ivoire", "Türkiye"]),
        (Tier.THREE, ["Guinea"]),
        (Tier.SPECIAL_CASE, ["Bolivia"]),
    ]
    assert (table.size, table.upgraded, table.downgraded) == (4, (), ())


def test_the_newest_movement_is_told_only_against_the_edition_just_before() -> None:
    assert newest_movement([placed(2012, Tier.TWO), placed(2013, Tier.ONE)]) == (
        "upgraded from Tier 2 to Tier 1"
    )
    assert newest_movement([placed(2011, Tier.TWO), placed(2013, Tier.ONE)]) == ""
    assert newest_movement([placed(2012, Tier.ONE), placed(2013, Tier.ONE)]) == ""
    assert newest_movement([]) == ""
