"""Stores which editions of the report exist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from monitor.domain.document import Edition
from monitor.domain.reading import DocumentKind
from monitor.storage.inserts import insert_new
from monitor.storage.rows import DocumentRow, EditionRow


@dataclass(frozen=True, slots=True)
class EditionRecord:
    """What happened to an edition here, and when (UTC).

    ``narratives`` are stored of it, between ``first_read_at`` and ``last_read_at``, which are null
    where there are none; the pages of ``revised`` of them were edited after that.
    """

    edition: Edition
    first_seen_at: datetime
    narratives: int
    first_read_at: datetime | None
    last_read_at: datetime | None
    revised: int


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


def edition_record(session: Session, year: int) -> EditionRecord | None:
    """Return the record of the edition ``year``, or None where no index has listed it."""
    row = session.get(EditionRow, year)
    if row is None:
        return None
    of_edition = (col(DocumentRow.edition) == year, col(DocumentRow.kind) == DocumentKind.NARRATIVE.value)
    seen = col(DocumentRow.first_seen_at)
    count, first, last = session.exec(
        select(func.count(), func.min(seen), func.max(seen)).where(*of_edition, DocumentRow.revision == 1)
    ).one()
    # A text that was only cut otherwise out of the same bytes is no edit.
    earlier = aliased(DocumentRow)
    revised = session.exec(
        select(func.count()).where(
            *of_edition,
            col(DocumentRow.superseded_at).is_(None),
            exists().where(
                col(earlier.subject_key) == DocumentRow.subject_key,
                col(earlier.snapshot_sha256) != DocumentRow.snapshot_sha256,
            ),
        )
    ).one()
    return EditionRecord(
        Edition(row.year, row.url, row.title), row.first_seen_at, count, first, last, revised
    )


def narrative_counts(session: Session) -> dict[int, int]:
    """Return how many narratives of each edition are stored, the newest edition first."""
    rows = session.exec(
        select(DocumentRow.edition, func.count())
        .where(
            col(DocumentRow.edition).is_not(None),
            col(DocumentRow.kind) == DocumentKind.NARRATIVE.value,
            col(DocumentRow.superseded_at).is_(None),
        )
        .group_by(col(DocumentRow.edition))
        .order_by(col(DocumentRow.edition).desc())
    )
    return {edition: count for edition, count in rows if edition is not None}
