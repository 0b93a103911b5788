"""The headline figure: the one that stands for a measure."""

from __future__ import annotations

import itertools

import pytest

from monitor.comparison.headline import comparable_pair, headline_figure
from monitor.domain.figure import Accused, Form, Group, Measure, Qualifier, Relation, Reporter, Stage, Unit
from tests.builders import figure

CONVICTIONS = Measure.CONVICTIONS


def whatever(*_) -> bool:
    return True


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        pytest.param(figure(3), figure(None), id="a number before its absence"),
        pytest.param(figure(3, unit=Unit.PERSONS), figure(9, unit=Unit.CASES), id="persons before cases"),
        pytest.param(figure(9), figure(12, stage=Stage.NEW), id="all stages before new ones"),
        pytest.param(
            figure(3, stage=Stage.NEW), figure(12, stage=Stage.CONTINUED), id="new before continued"
        ),
        pytest.param(figure(3), figure(9, qualifier=Qualifier.AT_LEAST), id="exact before bounded"),
        pytest.param(figure(9), figure(3), id="the total before a part of it"),
    ],
)
def test_the_better_candidate_stands_for_the_measure_whatever_the_order(better, worse) -> None:
    for figures in itertools.permutations([better, worse]):
        assert headline_figure(figures, CONVICTIONS, Form.ALL) is better


def test_investigations_are_told_in_cases() -> None:
    cases = figure(4, Measure.INVESTIGATIONS, unit=Unit.CASES)
    persons = figure(9, Measure.INVESTIGATIONS, unit=Unit.PERSONS)
    assert headline_figure([persons, cases], Measure.INVESTIGATIONS, Form.ALL) is cases


@pytest.mark.parametrize(
    "part",
    [
        figure(5, accused=Accused.OFFICIALS),
        figure(5, group=Group.GIRLS),
        figure(5, reporter=Reporter.OTHER),
        figure(5, relation=Relation.CUMULATIVE),
        figure(5, form=Form.SEX),
        figure(5, Measure.ARRESTS),
    ],
)
def test_a_part_or_another_count_never_stands_for_the_measure(part) -> None:
    assert headline_figure([part], CONVICTIONS, Form.ALL) is None


def test_two_editions_are_compared_in_the_unit_both_have() -> None:
    old = (figure(9, unit=Unit.CASES),)
    new = (figure(20, unit=Unit.PERSONS), figure(11, unit=Unit.CASES))
    assert comparable_pair(old, new, whatever) == (old[0], new[1])


def test_an_unreported_side_has_no_comparable_pair() -> None:
    assert comparable_pair((figure(None),), (figure(4),), whatever) is None
