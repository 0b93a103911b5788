"""Decides how up to six countries are set beside each other: tiers and core measures, edition by edition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.comparison.wording import measure_words
from monitor.domain.country import Country
from monitor.domain.figure import CORE_MEASURES, Form, Measure
from monitor.domain.tier import TierPlacement
from monitor.storage.observations import ObservedFigure
from monitor.web.chart import shown_number
from monitor.web.comparison_chart import ComparisonChart, comparison_chart
from monitor.web.figure_table import Row, Value, measure_tables
from monitor.web.tier_table import StripCell, tier_strip

MOST = 6


@dataclass(frozen=True, slots=True)
class ComparedCountry:
    """One country's material: its placements and its figures in force."""

    country: Country
    placements: Sequence[TierPlacement]
    figures: Sequence[ObservedFigure]


@dataclass(frozen=True, slots=True)
class ComparedCell:
    """A country's number in an edition. ``look`` is that of a ``Value``, ``silent`` or ``unread``.

    ``words`` are empty where there is no number; ``anchor`` is the place on the country's page.
    """

    iso3: str
    words: str
    look: str
    anchor: str | None


@dataclass(frozen=True, slots=True)
class ComparedMeasure:
    """One measure: ``rows`` go from the newest edition to the oldest, a cell for each country."""

    measure: Measure
    chart: ComparisonChart | None
    rows: tuple[tuple[int, tuple[ComparedCell, ...]], ...]


@dataclass(frozen=True, slots=True)
class CountryComparison:
    countries: tuple[Country, ...]
    strips: tuple[tuple[Country, tuple[StripCell, ...]], ...]
    measures: tuple[ComparedMeasure, ...]


def compare_countries(compared: Sequence[ComparedCountry], newest: int) -> CountryComparison:
    """Return the comparison, in the order given; ``newest`` is the newest edition known."""
    tables = {
        each.country.iso3: {
            table.measure: {row.edition: row for row in table.rows}
            for table in measure_tables(
                each.figures, [placed.edition for placed in each.placements if not placed.secondary]
            )
        }
        for each in compared
    }
    names = {each.country.iso3: each.country.name for each in compared}
    return CountryComparison(
        countries=tuple(each.country for each in compared),
        strips=tuple((each.country, tier_strip(each.placements, newest)) for each in compared),
        measures=tuple(
            _measure(measure, {iso3: of_country[measure] for iso3, of_country in tables.items()}, names)
            for measure in CORE_MEASURES
        ),
    )


def _measure(
    measure: Measure, rows: Mapping[str, Mapping[int, Row]], names: Mapping[str, str]
) -> ComparedMeasure:
    years = sorted({year for of_country in rows.values() for year in of_country})
    span = range(years[0], years[-1] + 1) if years else range(0)
    numbers = {
        iso3: {year: number for year, row in of_country.items() if (number := shown_number(row)) is not None}
        for iso3, of_country in rows.items()
    }
    title = f"{measure_words(measure, Form.ALL).capitalize()} by edition"
    return ComparedMeasure(
        measure,
        comparison_chart(title, span, numbers, names),
        tuple(
            (year, tuple(_cell(iso3, of_country.get(year)) for iso3, of_country in rows.items()))
            for year in reversed(years)
        ),
    )


def _cell(iso3: str, row: Row | None) -> ComparedCell:
    if row is None:
        return ComparedCell(iso3, "", "unread", None)
    total = row.cells[0].values
    if total:
        return ComparedCell(iso3, total[0].words, total[0].look, total[0].anchor)
    parts: list[tuple[str, Value]] = [
        (form, cell.values[0])
        for form, cell in zip(("sex", "labor"), row.cells[1:], strict=True)
        if cell.values
    ]
    if not parts:
        return ComparedCell(iso3, "", "silent", None)
    words = ", ".join(f"{value.words} {form} trafficking" for form, value in parts)
    return ComparedCell(iso3, words, parts[0][1].look, parts[0][1].anchor)
