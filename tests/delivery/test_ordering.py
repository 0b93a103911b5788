"""What is told first."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

from monitor.delivery.ordering import by_country
from tests.delivery import samples
from tests.delivery.samples import COUNTRIES


def test_a_digest_is_grouped_by_country_with_the_most_telling_first() -> None:
    assert [
        (group.country, group.name, [change.kind.value for change in group.changes])
        for group in by_country(samples.ALL, COUNTRIES)
    ] == [
        ("BOL", "Bolivia", ["tier_changed", "figure_restated"]),
        ("TUR", "Türkiye", ["tier_changed"]),
        ("ARG", "Argentina", ["figure_changed", "claim_made"]),
        ("GTM", "Guatemala", ["figure_changed", "figure_vanished"]),
        ("BRA", "Brazil", ["figure_appeared", "narrative_revised"]),
        (None, "The report", ["edition_published"]),
    ]


def test_the_order_does_not_depend_on_the_order_given() -> None:
    some = samples.ALL[:5]
    orders = [by_country(order, COUNTRIES) for order in permutations(some)]
    assert all(order == orders[0] for order in orders)


def test_a_difference_weighs_against_the_scatter_of_its_counts() -> None:
    """From 31 to 17 tells more than from 1,000 to 1,030."""
    large = replace(samples.CONVICTIONS_DOWN, id="large", country="BRA", old=1000, new=1030)
    groups = by_country([large, samples.CONVICTIONS_DOWN], COUNTRIES)
    assert [group.country for group in groups] == ["ARG", "BRA"]


def test_a_country_that_the_table_lacks_goes_by_its_code() -> None:
    [group] = by_country([replace(samples.TIER_UP, country="XXX")], COUNTRIES)
    assert (group.country, group.name) == ("XXX", "XXX")
