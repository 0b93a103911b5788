"""Stores which editions of the report exist."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from monitor.domain.document import Edition
from monitor.storage.inserts import insert_new
from monitor.storage.rows import EditionRow


def add_edition(session: Session, edition: Edition, now: datetime) -> bool:
    """Store ``edition``, first seen at ``now``, and return whether its year is new.

    A year seen before gets the address and title where an index of the web gives another; a saved
    file never replaces them.
    """
    row = session.get(EditionRow, edition.year)
    if row is None:
        values = {"year": edition.year, "url": edition.url, "title": edition.title, "first_seen_at": now}
        return bool(insert_new(session, EditionRow, [values], returning=col(EditionRow.year)))
    if edition.url.startswith(("http://", "https://")):
        row.url = edition.url
        row.title = edition.title
        session.flush()
    return False


def editions(session: Session) -> list[Edition]:
    """Return all editions, the newest first."""
    rows = session.exec(select(EditionRow).order_by(col(EditionRow.year).desc()))
    return [Edition(row.year, row.url, row.title) for row in rows]
