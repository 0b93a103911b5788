"""Decides how a measure is drawn over the editions: bars, marks and words, in user units of an SVG.

Zero, unreported, silent and unread never look the same: a zero is a mark on the line with its 0, an
unreported number a hatched stub, silence a dash below the line, and an edition that was not read an
empty, shaded column.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.comparison.wording import measure_words
from monitor.domain.figure import Form
from monitor.web.figure_table import Cell, MeasureTable, Row, Value

_TOP, _FLOOR, _BOTTOM = 24.0, 164.0, 204.0
_LEFT, _STEP, _BAR = 46.0, 34.0, 24.0
_STUB = 18.0
_TICKS = 4


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar: ``kind`` is ``sex``, ``labor`` or ``total`` where the text names no form."""

    kind: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One edition. ``look`` is ``number``, ``zero``, ``unreported``, ``silent`` or ``unread``.

    ``label`` stands above the bar, ``words`` tell it in full.
    """

    edition: int
    x: float
    look: str
    segments: tuple[Segment, ...]
    label: str
    label_y: float
    words: str


@dataclass(frozen=True, slots=True)
class Tick:
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of ``width`` by ``height``; ``title`` and ``summary`` say in words what it shows."""

    title: str
    summary: str
    width: float
    height: float
    left: float
    floor: float
    bar_width: float
    step: float
    ticks: tuple[Tick, ...]
    bars: tuple[Bar, ...]

    @property
    def looks(self) -> frozenset[str]:
        """The looks and kinds of segments that occur, for a legend of nothing else."""
        return frozenset(
            {bar.look for bar in self.bars} | {part.kind for bar in self.bars for part in bar.segments}
        )


def figure_chart(table: MeasureTable, *, first: int, last: int, largest: int | None = None) -> Chart | None:
    """Return the chart of ``table`` from edition ``first`` to ``last``; None where no edition has a word.

    ``largest`` is the value of the full height, so that charts beside each other share a scale.
    """
    if not any(cell.values for row in table.rows for cell in row.cells):
        return None
    rows = {row.edition: row for row in table.rows}
    full = round_up(max(largest or 0, largest_number(table), 1))
    years = range(first, last + 1)
    name = measure_words(table.measure, Form.ALL)
    return Chart(
        title=f"{name.capitalize()} by edition, {first} to {last}",
        summary=_summary(name, [(year, rows.get(year)) for year in years]),
        width=_LEFT + _STEP * len(years) + 4,
        height=_BOTTOM,
        left=_LEFT,
        floor=_FLOOR,
        bar_width=_BAR,
        step=_STEP,
        ticks=ticks(full),
        bars=tuple(
            _bar(year, _LEFT + _STEP * place + (_STEP - _BAR) / 2, rows.get(year), full)
            for place, year in enumerate(years)
        ),
    )


def largest_number(table: MeasureTable) -> int:
    """Return the largest number that a chart of ``table`` shows."""
    return max((_shown(row)[0] or 0 for row in table.rows), default=0)


def shown_number(row: Row) -> int | None:
    """Return the number that a chart shows for an edition: the total, else the sum by form."""
    return _shown(row)[0]


def _bar(edition: int, x: float, row: Row | None, full: int) -> Bar:
    if row is None:
        return Bar(edition, x, "unread", (), "", _FLOOR, f"{edition}: not read")
    total, parts = _shown(row)
    cells = row.cells
    if total is None:
        unreported = any(value.look == "unreported" for cell in cells for value in cell.values)
        look, label, words = (
            ("unreported", "n/r", "not reported")
            if unreported
            else ("silent", "\N{EN DASH}", "not mentioned")
        )
        return Bar(
            edition, x, look, (), label, _FLOOR - (_STUB + 4 if unreported else 4), f"{edition}: {words}"
        )
    segments = []
    floor = _FLOOR
    for kind, value in parts:
        height = round((_FLOOR - _TOP) * value / full, 1)
        if height:
            segments.append(Segment(kind, round(floor - height, 1), height))
            floor -= height
    words = f"{edition}: {_told(cells[0])}" if cells[0].values else f"{edition}:"
    named = [
        f"{_told(cell)} {form} trafficking"
        for form, cell in zip(("sex", "labor"), cells[1:], strict=True)
        if cell.values
    ]
    if named:
        words += (" (" if cells[0].values else " ") + ", ".join(named) + (")" if cells[0].values else "")
    return Bar(
        edition,
        x,
        "number" if total else "zero",
        tuple(segments),
        _short(total),
        round(floor - 5, 1),
        words,
    )


def _shown(row: Row) -> tuple[int | None, tuple[tuple[str, int], ...]]:
    """Return the number that a bar stands for, and its parts from the floor up.

    The text's own total, of which what it gives by form is shown as parts where they fit into it; the
    numbers by form alone where there is no total. Null where there is no number at all.
    """
    total, sex, labor = (_number(cell) for cell in row.cells)
    forms = [(kind, value) for kind, value in (("sex", sex), ("labor", labor)) if value is not None]
    of_forms = sum(value for _, value in forms)
    if total is None:
        return (of_forms, tuple(forms)) if forms else (None, ())
    if of_forms > total:
        return total, (("total", total),)
    return total, (*forms, ("total", total - of_forms))


def _number(cell: Cell) -> int | None:
    first: Value | None = cell.values[0] if cell.values else None
    return first.number if first else None


def _told(cell: Cell) -> str:
    return cell.values[0].words


def ticks(full: int, *, top: float = _TOP, floor: float = _FLOOR) -> tuple[Tick, ...]:
    """Return the lines of an axis from 0 at ``floor`` to ``full`` at ``top``."""
    parts = next(n for n in (_TICKS, 5, 2, 1) if full % n == 0)
    values = [full * n // parts for n in range(parts + 1)]
    return tuple(Tick(round(floor - (floor - top) * value / full, 1), _short(value)) for value in values)


def round_up(number: int) -> int:
    """Return the next number of one digit and zeros that divides well, for the top of an axis."""
    size = 1
    while number > 10 * size:
        size *= 10
    return next(size * n for n in (1, 2, 4, 5, 8, 10) if size * n >= number)


def _short(number: int) -> str:
    """Return a number in at most five characters: ``950``, ``12.3k``, ``1.2m``."""
    for size, letter in ((1_000_000_000, "bn"), (1_000_000, "m"), (10_000, "k")):
        if number >= size:
            unit = 1000 if letter == "k" else size
            return f"{number / unit:.1f}".removesuffix(".0") + letter
    return f"{number:,}"


def _summary(name: str, rows: Sequence[tuple[int, Row | None]]) -> str:
    numbers = [(year, total) for year, row in rows if row and (total := _shown(row)[0]) is not None]
    said = []
    if numbers:
        year, number = numbers[-1]
        said.append(f"The newest number is {number:,} in the {year} report")
        if len(numbers) > 1:
            top_year, top = max(numbers, key=lambda pair: pair[1])
            low_year, low = min(numbers, key=lambda pair: pair[1])
            said.append(f"the highest {top:,} ({top_year}), the lowest {low:,} ({low_year})")
    without = [(year, row) for year, row in rows if row and _shown(row)[0] is None]
    unreported = [year for year, row in without if any(cell.values for cell in row.cells)]
    silent = [year for year, row in without if not any(cell.values for cell in row.cells)]
    unread = [year for year, row in rows if row is None]
    lists = [("Not reported", unreported), ("Not mentioned", silent), ("Not read", unread)]
    sentences = ["; ".join(said)] if said else [f"No edition gives a number of {name}"]
    sentences += [f"{words}: {_years(years)}" for words, years in lists if years]
    return ". ".join(sentences) + "."


def _years(years: Iterable[int]) -> str:
    """Return ``2001 to 2004, 2007``."""
    spans: list[list[int]] = []
    for year in years:
        if spans and year == spans[-1][1] + 1:
            spans[-1][1] = year
        else:
            spans.append([year, year])
    return ", ".join(f"{a}" if a == b else f"{a} to {b}" for a, b in spans)
