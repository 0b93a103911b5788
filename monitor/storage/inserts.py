"""Adds rows so that adding them twice adds nothing, on both databases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    statement = _insert(session, table).on_conflict_do_nothing()
    values = [dict(row) for row in rows]
    # Rows with a null here and there are otherwise sent in as many statements as they differ.
    alike = {"render_nulls": True}
    if isinstance(returning, tuple):
        found = session.execute(statement.returning(*returning), values, execution_options=alike)
        return [tuple(row) for row in found]
    return list(session.scalars(statement.returning(returning), values, execution_options=alike))


def add_row(session: Session, table: type[Row], row: Mapping[str, Any]) -> bool:
    """Insert ``row`` past the mapping, unless a unique key holds it already; return whether it was new."""
    statement = _insert(session, table).on_conflict_do_nothing().values(**row)
    return bool(session.connection().execute(statement).rowcount)


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
    insert = _insert(session, table)
    statement = insert.on_conflict_do_update(
        index_elements=[key], set_={name: insert.excluded[name] for name in changed}
    )
    session.connection().execute(statement, [dict(row) for row in rows])


def _insert(session: Session, table: type[Row]) -> Any:
    # Each is imported where it is used: the other one only takes its time.
    if session.get_bind().dialect.name == "sqlite":
        from sqlalchemy.dialects import sqlite  # noqa: PLC0415

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415

    return postgresql.insert(table)
