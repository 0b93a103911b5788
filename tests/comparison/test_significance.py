"""How much a change matters."""

from __future__ import annotations

import pytest

from monitor.comparison.significance import weighed
from monitor.domain.change import ChangeKind, Direction
from monitor.domain.figure import Form, Measure
from tests.builders import change


def moved(old: int, new: int, measure: Measure = Measure.CONVICTIONS, **fields):
    direction = Direction.UP if new > old else Direction.DOWN
    return change(old=old, new=new, measure=measure, direction=direction, **fields)


def tier(old: str | None, new: str | None):
    return change(ChangeKind.TIER_CHANGED, old=old, new=new)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        pytest.param(tier("2", "3"), 0.95, id="down by two ranks"),
        pytest.param(tier("2", "2WL"), 0.9, id="down by one"),
        pytest.param(tier("2WL", "2"), 0.8, id="up by one"),
        pytest.param(tier("3", "1"), 0.9, id="up by three"),
        pytest.param(tier("SC", "3"), 0.75, id="no rank was left"),
        pytest.param(tier(None, "2"), 0.75, id="first placed"),
        pytest.param(change(ChangeKind.CORRECTION), 0.95, id="a correction"),
        pytest.param(change(ChangeKind.EDITION_PUBLISHED, measure=None), 0.5, id="an edition"),
        pytest.param(moved(31, 17), 0.22 + 0.05, id="31 to 17 convictions"),
        pytest.param(moved(17, 31), 0.22, id="17 to 31 convictions"),
        pytest.param(moved(1000, 100), 0.717, id="a collapse of convictions"),
        pytest.param(moved(1000, 100, Measure.INVESTIGATIONS), 0.583, id="of investigations"),
        pytest.param(moved(1000, 100, form=Form.SEX), 0.65, id="of one form"),
    ],
)
def test_the_formula_gives(one, expected) -> None:
    assert weighed(one).significance == pytest.approx(expected, abs=0.001)


def test_to_zero_weighs_more_than_to_one() -> None:
    assert weighed(moved(20, 0)).significance - weighed(moved(20, 1)).significance > 0.05


@pytest.mark.parametrize(
    ("new", "record"), [(5, "low"), (17, None), (40, "high")], ids=["low", "between", "high"]
)
def test_a_record_among_three_earlier_editions_is_told(new, record) -> None:
    one = weighed(moved(31, new), {2010: 12, 2011: 35, 2012: 31})
    assert one.detail.get("record") == record
    plain = weighed(moved(31, new))
    assert one.significance - plain.significance == pytest.approx(0.05 if record else 0.0)


def test_two_earlier_editions_make_no_record() -> None:
    assert "record" not in weighed(moved(31, 5), {2011: 35, 2012: 31}).detail


def test_a_move_without_a_sure_way_is_no_record() -> None:
    unsure = weighed(change(old=30, new=90, direction=None), {2010: 12, 2011: 35, 2012: 30})
    assert ("record" in unsure.detail, unsure.significance) == (False, 0.05)


def test_no_figure_outweighs_a_tier() -> None:
    largest = weighed(moved(1_000_000, 0), {2010: 5, 2011: 5, 2012: 1_000_000})
    assert largest.significance < weighed(tier("2", "2WL")).significance
