"""What a person should see before anyone hears of it."""

from __future__ import annotations

import pytest

from monitor.comparison.editions import compare_editions
from monitor.comparison.state import CountryRecord
from monitor.domain.change import ChangeKind, ChangeStatus
from monitor.domain.figure import Confidence, Form, Measure, Stage
from tests.builders import NOW, figure, narrative


def compare(old, new, earlier: dict[int, int] | None = None, status=ChangeStatus.PUBLISHED):
    series = {(Measure.CONVICTIONS, Form.ALL): earlier or {}}
    return compare_editions(
        narrative(2012, *old),
        narrative(2013, *new),
        country_name="Argentina",
        now=NOW,
        status=status,
        record=CountryRecord(series=series),
    )


def held(changes) -> list[object]:
    return [change.detail.get("held") for change in changes if change.status is ChangeStatus.HELD]


@pytest.mark.parametrize(
    ("old", "new", "earlier", "expected"),
    [
        pytest.param([figure(31)], [figure(17)], {}, [], id="plain"),
        pytest.param(
            [figure(31)],
            [figure(17, confidence=Confidence.LOW)],
            {},
            [["low_confidence"]],
            id="unsure reading",
        ),
        pytest.param(
            [figure(31)],
            [figure(17), figure(71, sentence="Another sentence.")],
            {},
            [["conflicting_candidates"]],
            id="two numbers of the same kind",
        ),
        pytest.param(
            [figure(31)],
            [figure(17), figure(9, stage=Stage.NEW)],
            {},
            [],
            id="another stage is no conflict",
        ),
        pytest.param([figure(31)], [figure(3100)], {}, [["implausible_jump"]], id="a hundredfold"),
        pytest.param([figure(0)], [figure(60)], {}, [], id="small counts may swing"),
        pytest.param(
            [figure(1000)],
            [figure(50)],
            {2010: 40, 2011: 900, 2012: 1000},
            [],
            id="the country moved as far before",
        ),
        pytest.param(
            [figure(1000)],
            [figure(50)],
            {2010: 980, 2011: 990, 2012: 1000},
            [["implausible_jump"]],
            id="the country was steady",
        ),
        pytest.param(
            [],
            [figure(4, confidence=Confidence.LOW)],
            {},
            [["low_confidence"]],
            id="a number that appears",
        ),
    ],
)
def test_a_doubtful_figure_is_held_with_its_reasons(old, new, earlier, expected) -> None:
    assert held(compare(old, new, earlier)) == expected


def test_a_narrative_whose_numbers_vanish_at_once_is_a_collapse() -> None:
    every = [
        figure(9, measure)
        for measure in (
            Measure.INVESTIGATIONS,
            Measure.PROSECUTIONS,
            Measure.CONVICTIONS,
            Measure.VICTIMS_IDENTIFIED,
        )
    ]
    changes = compare(every, [])
    assert {change.kind for change in changes} == {ChangeKind.FIGURE_VANISHED}
    assert held(changes) == [["coverage_collapse"]] * 4
    assert held(compare(every, every[:3])) == []


def test_a_held_change_keeps_the_status_that_approval_gives_it() -> None:
    (change,) = compare([figure(31)], [figure(3100)], status=ChangeStatus.HISTORY)
    assert (change.status, change.detail["if_approved"]) == (ChangeStatus.HELD, "history")
