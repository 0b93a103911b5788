"""Decides the columns in which figures, claims, tiers and changes leave as tables; writes them.

The columns, their order and their descriptions are public: the data dictionary is made of them.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import IO, Any

from monitor.delivery.plain_text import without_controls
from monitor.domain.change import Change
from monitor.domain.tier import TierPlacement
from monitor.jobs.interchange import instant_json, public_address
from monitor.storage.observations import ObservedFigure

Cell = str | int | float | bool | None
TableRow = tuple[Cell, ...]

_BATCH = 10_000
# What a spreadsheet takes for a formula (OWASP, CSV injection), their full-width forms included.
_FORMULA = re.compile("[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")

CITATION = (
    "TIP Monitor: figures and placements read from the Trafficking in Persons Report of the US Department"
    " of State. {url}, with the day on which you took them. Cite the report itself for a single figure:"
    " its address is in the column source_url, its sentence in evidence."
)


class ColumnKind(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    TRUTH = "true or false"


@dataclass(frozen=True, slots=True)
class Column:
    """A column; an empty cell means null, which its description explains where it can be."""

    name: str
    kind: ColumnKind
    description: str


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    description: str
    columns: tuple[Column, ...]


class ParquetMissing(Exception):  # noqa: N818
    """The library that writes Parquet is not installed; the message says what to do."""


def _column(name: str, description: str, kind: ColumnKind = ColumnKind.TEXT) -> Column:
    return Column(name, kind, description)


_FIGURE = (
    _column("measure", "what was counted: investigations, prosecutions, convictions, victims_identified ..."),
    _column(
        "form", "form of trafficking the number is limited to: sex, labor; all where it is limited to none"
    ),
    _column("unit", "what one of the counted things is: cases, persons, years, money"),
    _column(
        "relation",
        "period seen from the text's own: current, previous (the year before), earlier, cumulative",
    ),
    _column(
        "year", "calendar year that the text itself names; empty where it names none", ColumnKind.INTEGER
    ),
    _column(
        "value", "the number; 0 means none; empty exactly where status is unreported", ColumnKind.INTEGER
    ),
    _column("status", "reported, or unreported where the text says that the number was not given"),
    _column("qualifier", "exact, at_least, at_most, about"),
    _column("stage", "new, continued, any"),
    _column("accused", "officials where only accused officials are counted, else any"),
    _column("reporter", "government, or other where somebody else counted"),
    _column("group", "part of the victims that is counted: all, women, girls, foreign ..."),
    _column("confidence", "high, or low where the reading is unsure"),
    _column("evidence", "the sentence that the figure was read in"),
    _column("evidence_start", "where it begins in the document's text, in characters", ColumnKind.INTEGER),
    _column("evidence_end", "where it ends", ColumnKind.INTEGER),
    _column("source_url", "address of the document; empty where it was imported from a file"),
    _column("snapshot", "SHA-256 of the bytes that were read: /api/v1/snapshots/{snapshot}"),
    _column("seen_at", "when the figure was read, RFC 3339, UTC"),
    _column("extractor_version", "version of the program that read it"),
)
FIGURES = Table(
    "figures",
    "Figures in force of the report's narratives: what the newest extractor reads in the newest revision.",
    (
        _column("country", "ISO 3166-1 alpha-3; XKX for Kosovo"),
        _column(
            "edition",
            "year on the report's cover; its figures mostly count the year before",
            ColumnKind.INTEGER,
        ),
        *_FIGURE,
    ),
)
CLAIMS = Table(
    "claims",
    "Figures that news articles state; they never stand in for official ones.",
    (
        _column("country", "ISO 3166-1 alpha-3; empty where the article leaves it open"),
        _column("article", "title of the article"),
        _column("published_at", "when the article was published, where it says so"),
        _column(
            "report_edition",
            "edition of the report that the article attributes the number to",
            ColumnKind.INTEGER,
        ),
        *_FIGURE,
    ),
)
TIERS = Table(
    "tiers",
    "Placements by country and edition.",
    (
        _column("country", "ISO 3166-1 alpha-3; XKX for Kosovo"),
        _column("edition", "year of the report", ColumnKind.INTEGER),
        _column("tier", "1, 2, 2WL (Tier 2 Watch List), 3, SC (Special Case)"),
        _column("movement", "upgraded, downgraded, remained, as the text says; empty where it does not"),
        _column("watch_list_years", "consecutive years on the Watch List, where stated", ColumnKind.INTEGER),
        _column("secondary", "from a secondary source, not read from the report itself", ColumnKind.TRUTH),
    ),
)
CHANGES = Table(
    "changes",
    "What the comparison found; old and new are numbers, tiers, or unreported; empty means not mentioned.",
    (
        _column("id", "the same in mail, feed, page and API"),
        _column("kind", "tier_changed, figure_changed, figure_restated, claim_made, correction ..."),
        _column("cause", "new_edition, source_revised, reextracted, corrected; empty for a claim alone"),
        _column("country", "ISO 3166-1 alpha-3; empty where the change is of no country"),
        _column("edition", "year of the report", ColumnKind.INTEGER),
        _column("measure", "what was counted; empty where nothing was"),
        _column("form", "all, sex, labor"),
        _column("old", "value before"),
        _column("new", "value now"),
        _column("direction", "up, down"),
        _column("status", "published, or history: found in past editions and never told"),
        _column("created_at", "when it was found, RFC 3339, UTC"),
        _column("significance", "how much it matters, from 0 to 1", ColumnKind.NUMBER),
        _column("corrects", "id of the change that this correction replaces"),
        _column("headline", "the change in one line"),
        _column("evidence_old", "the sentence of the old value"),
        _column("evidence_new", "the sentence of the new value"),
        _column("source_url_old", "address of the old value's page"),
        _column("source_url", "address of the new value's page"),
    ),
)
TABLES = {table.name: table for table in (FIGURES, CLAIMS, TIERS, CHANGES)}


def figure_row(observed: ObservedFigure) -> TableRow:
    """Return a figure of a narrative as a row of ``FIGURES``."""
    return (observed.country, observed.edition, *_figure_cells(observed))


def claim_row(observed: ObservedFigure) -> TableRow:
    """Return a figure of an article as a row of ``CLAIMS``."""
    published = instant_json(observed.published_at) if observed.published_at else None
    figure = observed.figure
    return (figure.country, observed.title, published, figure.report_edition, *_figure_cells(observed))


def tier_row(placement: TierPlacement) -> TableRow:
    """Return a placement as a row of ``TIERS``."""
    return (
        placement.country,
        placement.edition,
        placement.tier.value,
        placement.movement.value if placement.movement else None,
        placement.watch_list_years,
        placement.secondary,
    )


def change_row(change: Change) -> TableRow:
    """Return a change as a row of ``CHANGES``."""
    return (
        change.id,
        change.kind.value,
        change.cause.value if change.cause else None,
        change.country,
        change.edition,
        change.measure.value if change.measure else None,
        change.form.value if change.form else None,
        None if change.old is None else str(change.old),
        None if change.new is None else str(change.new),
        change.direction.value if change.direction else None,
        change.status.value,
        instant_json(change.created_at),
        change.significance,
        change.corrects,
        change.headline,
        change.evidence_old,
        change.evidence_new,
        public_address(change.source_url_old),
        public_address(change.source_url),
    )


def csv_lines(table: Table, rows: Iterable[TableRow]) -> Iterator[bytes]:
    """Yield ``rows`` as CSV (RFC 4180, UTF-8) with a line of column names.

    Text that a spreadsheet would run as a formula gets an apostrophe in front; control characters go.
    """
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    writer.writerow([column.name for column in table.columns])
    for number, row in enumerate(rows, 1):
        writer.writerow([_csv_cell(cell) for cell in row])
        if number % 200 == 0:
            yield line.getvalue().encode()
            line.seek(0)
            line.truncate()
    yield line.getvalue().encode()


def json_lines(table: Table, rows: Iterable[TableRow]) -> Iterator[bytes]:
    """Yield each of ``rows`` as a JSON object (UTF-8) on a line of its own, its cells by column name."""
    names = [column.name for column in table.columns]
    for row in rows:
        yield json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False).encode() + b"\n"


def write_parquet(table: Table, rows: Iterable[TableRow], file: IO[bytes]) -> None:
    """Write ``rows`` to ``file`` as Parquet, with the columns' descriptions in the schema.

    Raises:
        ParquetMissing: pyarrow is not installed.
    """
    try:
        import pyarrow as arrow  # noqa: PLC0415 - an extra, and slow to import
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError:
        raise ParquetMissing(
            "Parquet needs the package pyarrow: install tip-monitor[parquet], or take CSV"
        ) from None
    types: dict[ColumnKind, Any] = {
        ColumnKind.TEXT: arrow.string(),
        ColumnKind.INTEGER: arrow.int64(),
        ColumnKind.NUMBER: arrow.float64(),
        ColumnKind.TRUTH: arrow.bool_(),
    }
    schema = arrow.schema(
        [
            arrow.field(column.name, types[column.kind], metadata={"description": column.description})
            for column in table.columns
        ],
        metadata={"description": table.description},
    )
    remaining = iter(rows)
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        while batch := list(islice(remaining, _BATCH)):
            columns: Sequence[Sequence[Cell]] = list(zip(*batch, strict=True))
            arrays = [arrow.array(cells, field.type) for cells, field in zip(columns, schema, strict=True)]
            writer.write_batch(arrow.record_batch(arrays, schema=schema))


def _figure_cells(observed: ObservedFigure) -> TableRow:
    figure = observed.figure
    return (
        figure.measure.value,
        figure.form.value,
        figure.unit.value,
        figure.relation.value,
        figure.year,
        figure.value,
        figure.status.value,
        figure.qualifier.value,
        figure.stage.value,
        figure.accused.value,
        figure.reporter.value,
        figure.group.value,
        figure.confidence.value,
        figure.evidence.text,
        figure.evidence.start,
        figure.evidence.end,
        public_address(observed.url),
        observed.snapshot_sha256,
        instant_json(observed.seen_at),
        observed.extractor_version,
    )


def _csv_cell(cell: Cell) -> Cell:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if not isinstance(cell, str):
        return cell
    text = without_controls(cell)
    return f"'{text}" if _FORMULA.match(text) else text
