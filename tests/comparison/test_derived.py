"""Numbers that no text prints: told as derived, never as observed."""

from __future__ import annotations

import pytest

from monitor.comparison.derived import conviction_rate, total_of_parts
from monitor.comparison.editions import compare_editions
from monitor.domain.change import ChangeStatus
from monitor.domain.figure import Form, Measure, Qualifier, Unit
from tests.builders import NOW, figure, narrative

CONVICTIONS, PROSECUTIONS = Measure.CONVICTIONS, Measure.PROSECUTIONS


@pytest.mark.parametrize(
    ("figures", "total"),
    [
        ([figure(7, form=Form.SEX), figure(2, form=Form.LABOR)], 9),
        ([figure(9), figure(7, form=Form.SEX), figure(2, form=Form.LABOR)], None),
        ([figure(7, form=Form.SEX)], None),
        ([figure(7, form=Form.SEX), figure(None, form=Form.LABOR)], None),
        ([figure(7, form=Form.SEX), figure(2, form=Form.LABOR, qualifier=Qualifier.AT_LEAST)], None),
        ([figure(7, form=Form.SEX, unit=Unit.PERSONS), figure(2, form=Form.LABOR)], None),
    ],
    ids=["both parts", "a printed total", "one part", "an unreported part", "a bound", "two units"],
)
def test_a_total_is_worked_out_of_exact_parts_only(figures, total) -> None:
    assert total_of_parts(figures, CONVICTIONS) == total


@pytest.mark.parametrize(
    ("figures", "rate"),
    [
        ([figure(17), figure(34, PROSECUTIONS)], 0.5),
        ([figure(40), figure(32, PROSECUTIONS)], 1.25),
        ([figure(0), figure(32, PROSECUTIONS)], 0.0),
        ([figure(17), figure(0, PROSECUTIONS)], None),
        ([figure(17)], None),
        ([figure(17, unit=Unit.PERSONS), figure(34, PROSECUTIONS, unit=Unit.CASES)], None),
    ],
    ids=["half", "more than were prosecuted", "zero", "nobody prosecuted", "not told", "two units"],
)
def test_convictions_per_prosecution(figures, rate) -> None:
    assert conviction_rate(figures) == rate


def test_a_change_by_form_brings_the_derived_total_and_marks_it() -> None:
    old = narrative(2012, figure(7, form=Form.SEX), figure(2, form=Form.LABOR))
    new = narrative(2013, figure(4, form=Form.SEX), figure(2, form=Form.LABOR))
    (change,) = compare_editions(old, new, country_name="Argentina", now=NOW, status=ChangeStatus.PUBLISHED)
    assert (change.old, change.new, change.form) == (7, 4, Form.SEX)
    assert change.detail["derived"] == {"total_of_parts": {"old": 9, "new": 6}}


def test_a_change_of_convictions_brings_the_conviction_rate() -> None:
    old = narrative(2012, figure(31), figure(62, PROSECUTIONS))
    new = narrative(2013, figure(17), figure(62, PROSECUTIONS))
    (change,) = compare_editions(old, new, country_name="Argentina", now=NOW, status=ChangeStatus.PUBLISHED)
    assert change.detail["derived"] == {"conviction_rate": {"old": 0.5, "new": 0.274}}
