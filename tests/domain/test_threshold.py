"""How far a figure must move before a subscriber hears of it."""

from __future__ import annotations

import pytest

from monitor.domain.change import ChangeKind
from monitor.domain.threshold import Threshold
from tests.builders import change, subscription


@pytest.mark.parametrize(
    ("threshold", "old", "new", "passes"),
    [
        ("any", 31, 30, True),
        ("absolute:10", 31, 21, True),
        ("absolute:10", 31, 22, False),
        ("absolute:10", 22, 31, False),
        ("percent:50", 30, 15, True),
        ("percent:50", 30, 16, False),
        ("percent:50", 0, 1, True),
        ("crosses:20", 31, 20, False),
        ("crosses:20", 31, 19, True),
        ("crosses:20", 19, 20, True),
        ("crosses:20", 0, 19, False),
    ],
)
def test_a_move_passes_a_threshold(threshold, old, new, passes) -> None:
    assert Threshold.parse(threshold).passes(old, new) is passes
    assert str(Threshold.parse(threshold)) == threshold


@pytest.mark.parametrize(("old", "new"), [(None, 3), (3, None), ("unreported", 3), ("2", "2WL")])
def test_what_is_no_move_between_numbers_always_passes(old, new) -> None:
    assert Threshold.parse("absolute:1000").passes(old, new)


@pytest.mark.parametrize(
    "text", ["", "10", "25%", "absolute", "absolute:-3", "absolute:x", "any:3", "half:2"]
)
def test_what_is_no_threshold_is_refused(text) -> None:
    with pytest.raises(
        ValueError, match="is no threshold; write any, absolute:10, percent:25, crosses:50 or significance:40"
    ):
        Threshold.parse(text)


def test_a_subscription_hears_only_of_figures_that_moved_far_enough() -> None:
    choosy = subscription(threshold=Threshold.parse("absolute:20"))
    assert not choosy.wants(change(old=31, new=17))
    assert choosy.wants(change(old=31, new=5))
    assert choosy.wants(change(ChangeKind.FIGURE_RESTATED, old=31, new=30))
    assert choosy.wants(change(ChangeKind.TIER_CHANGED, old="2", new="2WL"))


@pytest.mark.parametrize(("significance", "wanted"), [(0.39, False), (0.4, True), (0.95, True)])
def test_any_change_may_be_weighed_instead(significance, wanted) -> None:
    choosy = subscription(threshold=Threshold.parse("significance:40"))
    for kind in (ChangeKind.FIGURE_CHANGED, ChangeKind.TIER_CHANGED, ChangeKind.CLAIM_MADE):
        assert choosy.wants(change(kind, significance=significance)) is wanted
