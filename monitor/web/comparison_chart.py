"""Decides how one measure of several countries is drawn: a line for each, broken where there is no number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.web.chart import Tick, round_up, ticks

_TOP, _FLOOR, _BOTTOM = 16.0, 236.0, 266.0
_LEFT, _STEP, _RIGHT = 52.0, 34.0, 56.0
_NAME = 13.0
"""How much room a name takes, from one line to the next."""


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Series:
    """A country's numbers: ``paths`` are the stretches between gaps; ``number`` counts from 1.

    ``label_y`` is the middle of its name, which stands beside its last point.
    """

    number: int
    iso3: str
    name: str
    paths: tuple[str, ...]
    points: tuple[Point, ...]
    label_y: float


@dataclass(frozen=True, slots=True)
class ComparisonChart:
    title: str
    width: float
    height: float
    left: float
    right: float
    floor: float
    years: tuple[tuple[float, int], ...]
    ticks: tuple[Tick, ...]
    series: tuple[Series, ...]


def comparison_chart(
    title: str, years: Sequence[int], numbers: Mapping[str, Mapping[int, int]], names: Mapping[str, str]
) -> ComparisonChart | None:
    """Return the chart of ``numbers`` by country and edition; None where there is no number at all.

    ``numbers`` keeps the order of the countries. ``names`` are those of all countries in it.
    """
    full = max((value for of_country in numbers.values() for value in of_country.values()), default=None)
    if full is None:
        return None
    top = round_up(max(full, 1))
    places = {year: round(_LEFT + _STEP * n + _STEP / 2, 1) for n, year in enumerate(years)}
    right = _LEFT + _STEP * len(years)

    def height(value: int) -> float:
        return round(_FLOOR - (_FLOOR - _TOP) * value / top, 1)

    ends = {
        iso3: (places[last], height(of_country[last]))
        for iso3, of_country in numbers.items()
        if (last := max((year for year in of_country if year in places), default=None)) is not None
    }
    labels = _apart(ends)
    series = []
    for number, (iso3, of_country) in enumerate(numbers.items(), 1):
        stretches: list[list[str]] = [[]]
        for year in years:
            if year in of_country:
                stretches[-1].append(f"{places[year]},{height(of_country[year])}")
            elif stretches[-1]:
                stretches.append([])
        series.append(
            Series(
                number,
                iso3,
                names[iso3],
                tuple(" ".join(points) for points in stretches if len(points) > 1),
                tuple(
                    Point(places[year], height(value), f"{names[iso3]}, {year} report: {value:,}")
                    for year, value in sorted(of_country.items())
                    if year in places
                ),
                labels.get(iso3, _FLOOR),
            )
        )
    return ComparisonChart(
        title=title,
        width=right + _RIGHT,
        height=_BOTTOM,
        left=_LEFT,
        right=right,
        floor=_FLOOR,
        years=tuple((x, year) for year, x in places.items()),
        ticks=ticks(top, top=_TOP, floor=_FLOOR),
        series=tuple(series),
    )


def _apart(ends: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """Return the heights of names beside ``ends``, moved up where one would cover another of its year."""
    placed: dict[str, float] = {}
    for iso3, (x, y) in sorted(ends.items(), key=lambda end: -end[1][1]):
        below = [placed[other] for other in placed if ends[other][0] == x]
        placed[iso3] = min([y, *(height - _NAME for height in below)])
    return placed
