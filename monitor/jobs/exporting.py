"""Writes the figures, claims, tiers and changes in force to files, as CSV, JSON Lines or Parquet."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlmodel import Session

from monitor.domain.change import Change
from monitor.jobs.syntax import Syntax
from monitor.jobs.tables import (
    CHANGES,
    CLAIMS,
    FIGURES,
    TIERS,
    Table,
    TableRow,
    change_row,
    claim_row,
    csv_lines,
    figure_row,
    json_lines,
    tier_row,
    write_parquet,
)
from monitor.storage.changes import changes
from monitor.storage.database import Database
from monitor.storage.observed_pages import Wanted, claims_page, figures_page
from monitor.storage.placements import placements

_BATCH = 5_000
_Row = TypeVar("_Row")


class _Pages(Protocol[_Row]):
    def __call__(self, session: Session, *, after: Any) -> list[tuple[Any, _Row]]: ...


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that was written."""

    path: Path
    rows: int


def figure_rows(database: Database, wanted: Wanted) -> Iterator[TableRow]:
    """Yield the figures in force as rows of ``FIGURES``."""
    return map(figure_row, _all_pages(database, partial(figures_page, wanted=wanted, limit=_BATCH)))


def claim_rows(database: Database, wanted: Wanted) -> Iterator[TableRow]:
    """Yield the figures of articles as rows of ``CLAIMS``."""
    return map(claim_row, _all_pages(database, partial(claims_page, wanted=wanted, limit=_BATCH)))


def change_rows(database: Database, **filters: Any) -> Iterator[TableRow]:
    """Yield the changes told, newest first, as rows of ``CHANGES``; ``filters`` are those of ``changes``."""

    def page(session: Session, *, after: str | None) -> list[tuple[str, Change]]:
        found = changes(session, limit=_BATCH, before=after, **filters)
        return [(change.id, change) for change in found]

    return map(change_row, _all_pages(database, page))


def _all_pages(database: Database, page: _Pages[_Row]) -> Iterator[_Row]:
    """Yield what ``page`` gives after each last place, every page in a session of its own.

    So that no transaction stays open for as long as a slow reader takes.
    """
    after: Any = None
    while True:
        with database.reading() as session:
            found = page(session, after=after)
        yield from (row for _, row in found)
        if len(found) < _BATCH:
            return
        after = found[-1][0]


def export(database: Database, directory: Path, syntax: Syntax) -> Iterator[Exported]:
    """Write a file a table into ``directory``, and yield each once it is there.

    A file takes the place of an earlier one only when it is whole.

    Raises:
        OSError: ``directory`` cannot be made or written to.
        ParquetMissing: the library that writes Parquet is not installed.
        StorageError: the database cannot be read.
    """
    directory.mkdir(parents=True, exist_ok=True)
    for table, rows in _tables(database):
        path = directory / f"{table.name}.{syntax.value}"
        part = directory / f".{path.name}.{os.getpid()}.part"
        try:
            count = _write(part, table, rows, syntax)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        yield Exported(path, count)


def _tables(database: Database) -> Iterator[tuple[Table, Iterable[TableRow]]]:
    yield FIGURES, figure_rows(database, Wanted())
    with database.reading() as session:
        placed = placements(session)
    yield TIERS, map(tier_row, placed)
    yield CHANGES, change_rows(database)
    yield CLAIMS, claim_rows(database, Wanted())


def _write(path: Path, table: Table, rows: Iterable[TableRow], syntax: Syntax) -> int:
    written = 0

    def counted() -> Iterator[TableRow]:
        nonlocal written
        for row in rows:
            written += 1
            yield row

    with path.open("wb") as file:
        if syntax is Syntax.PARQUET:
            write_parquet(table, counted(), file)
        else:
            lines = csv_lines if syntax is Syntax.CSV else json_lines
            file.writelines(lines(table, counted()))
        file.flush()
        os.fsync(file.fileno())
    return written
