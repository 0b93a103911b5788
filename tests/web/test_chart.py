"""Zero, unreported, silent and unread are drawn and told apart; parts never exceed their total."""

from __future__ import annotations

import pytest

from monitor.domain.figure import Measure
from monitor.web.chart import figure_chart, round_up
from monitor.web.comparison_chart import comparison_chart
from monitor.web.figure_table import Cell, MeasureTable, Row, Value

SILENT = Cell((), ())


def number(value: int | None) -> Cell:
    if value is None:
        return Cell((Value(None, "not reported", "unreported", "", "a"),), ())
    return Cell((Value(value, f"{value:,}", "zero" if value == 0 else "number", "", "a"),), ())


def table(*rows: tuple[int, Cell, Cell, Cell]) -> MeasureTable:
    return MeasureTable(
        Measure.CONVICTIONS,
        tuple(Row(edition, (total, sex, labor)) for edition, total, sex, labor in rows),
        (),
    )


MIXED = table(
    (2013, number(17), number(15), number(2)),
    (2012, number(0), SILENT, SILENT),
    (2011, number(None), SILENT, SILENT),
    (2010, SILENT, SILENT, SILENT),
    (2008, SILENT, number(3), number(1)),
)


def test_every_kind_of_lack_looks_and_reads_different() -> None:
    chart = figure_chart(MIXED, first=2008, last=2013)

    assert chart is not None
    assert [(bar.edition, bar.look, bar.label, bar.words) for bar in chart.bars] == [
        (2008, "number", "4", "2008: 3 sex trafficking, 1 labor trafficking"),
        (2009, "unread", "", "2009: not read"),
        (2010, "silent", "\N{EN DASH}", "2010: not mentioned"),
        (2011, "unreported", "n/r", "2011: not reported"),
        (2012, "zero", "0", "2012: 0"),
        (2013, "number", "17", "2013: 17 (15 sex trafficking, 2 labor trafficking)"),
    ]
    assert chart.summary == (
        "The newest number is 17 in the 2013 report; the highest 17 (2013), the lowest 0 (2012). "
        "Not reported: 2011. Not mentioned: 2010. Not read: 2009."
    )


def test_parts_are_stacked_from_the_floor_to_the_total() -> None:
    chart = figure_chart(table((2013, number(20), number(12), number(3))), first=2013, last=2013)

    assert chart is not None
    (bar,) = chart.bars
    assert [part.kind for part in bar.segments] == ["sex", "labor", "total"]
    assert sum(part.height for part in bar.segments) == pytest.approx(140, abs=0.3)
    assert bar.segments[0].y + bar.segments[0].height == chart.floor
    assert bar.segments[0].height > bar.segments[2].height > bar.segments[1].height


def test_parts_that_do_not_fit_into_the_total_are_not_drawn() -> None:
    """A text may count persons by form and cases in all."""
    chart = figure_chart(table((2013, number(10), number(12), SILENT)), first=2013, last=2013)

    assert chart is not None
    assert [part.kind for part in chart.bars[0].segments] == ["total"]


def test_a_measure_that_no_edition_mentions_is_not_drawn() -> None:
    assert figure_chart(table((2013, SILENT, SILENT, SILENT)), first=2013, last=2013) is None


@pytest.mark.parametrize(
    ("largest", "top"), [(1, 1), (3, 4), (9, 10), (17, 20), (41, 50), (1204, 2000), (999_999, 1_000_000)]
)
def test_an_axis_ends_at_a_round_number(largest: int, top: int) -> None:
    assert round_up(largest) == top


def test_huge_numbers_stay_short() -> None:
    chart = figure_chart(table((2013, number(123_456_789_012), SILENT, SILENT)), first=2013, last=2013)

    assert chart is not None
    assert chart.bars[0].label == "123.5bn"
    assert [tick.words for tick in chart.ticks] == ["0", "50bn", "100bn", "150bn", "200bn"]


def test_names_beside_lines_that_end_close_together_do_not_cover_each_other() -> None:
    numbers = {"AGO": {2017: 9, 2018: 5}, "KEN": {2018: 6}, "NGA": {2018: 662}, "BEN": {2017: 5}}
    chart = comparison_chart("Investigations", range(2017, 2019), numbers, {code: code for code in numbers})

    assert chart is not None
    heights = {each.iso3: each.label_y for each in chart.series}
    assert heights["AGO"] - heights["KEN"] >= 13
    # One far above stays beside its point, and so does one of another year.
    assert heights["NGA"] == chart.series[2].points[-1].y
    assert heights["BEN"] == chart.series[3].points[-1].y
