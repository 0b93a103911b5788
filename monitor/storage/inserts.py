"""Adds rows so that adding them twice adds nothing, on both databases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlmodel import Session

from monitor.storage.rows import Row


def insert_new(
    session: Session, table: type[Row], rows: Sequence[Mapping[str, Any]], *, returning: Any
) -> list[Any]:
    """Insert those ``rows`` that no unique key of ``table`` holds yet; return their ``returning`` column.

    Of several ``returning`` columns, a tuple for each row.

    One statement for all. On PostgreSQL it waits for another transaction that inserts the same
    key, and inserts the row if that one rolls back.
    """
    if not rows:
        return []
    statement = _insert_new(table, _dialect(session))
    values = [dict(row) for row in rows]
    # Rows with a null here and there are otherwise sent in as many statements as they differ.
    alike = {"render_nulls": True}
    if isinstance(returning, tuple):
        found = session.execute(statement.returning(*returning), values, execution_options=alike)
        return [tuple(row) for row in found]
    return list(session.scalars(statement.returning(returning), values, execution_options=alike))


def add_row(session: Session, table: type[Row], row: Mapping[str, Any]) -> bool:
    """Insert ``row`` past the mapping, unless a unique key holds it already; return whether it was new."""
    statement = _insert_new(table, _dialect(session))
    return bool(session.connection().execute(statement, dict(row)).rowcount)


def put_rows(
    session: Session,
    table: type[Row],
    rows: Sequence[Mapping[str, Any]],
    *,
    key: str,
    changed: Sequence[str],
) -> None:
    """Insert ``rows``; of those whose ``key`` is there already only the columns ``changed`` are set.

    One statement for all, past the mapping: rows that the session has loaded do not learn of it.
    """
    if not rows:
        return
    statement = _put(table, _dialect(session), key, tuple(changed))
    session.connection().execute(statement, [dict(row) for row in rows])


# Building a statement takes as long as running it does.
@cache
def _insert_new(table: type[Row], dialect: str) -> Any:
    return _insert(table, dialect).on_conflict_do_nothing()


@cache
def _put(table: type[Row], dialect: str, key: str, changed: tuple[str, ...]) -> Any:
    insert = _insert(table, dialect)
    return insert.on_conflict_do_update(
        index_elements=[key], set_={name: insert.excluded[name] for name in changed}
    )


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


def _insert(table: type[Row], dialect: str) -> Any:
    # Each is imported where it is used: the other one only takes its time.
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite  # noqa: PLC0415

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415

    return postgresql.insert(table)
