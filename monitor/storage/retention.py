"""Deletes snapshots that nothing stored refers to any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete
from sqlmodel import Session, col, select

from monitor.storage.rows import ChangeRow, DocumentRow, FetchedPageRow, PageRow, SnapshotRow


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was deleted: how many snapshots, and their size in bytes as they were answered."""

    snapshots: int = 0
    size: int = 0


def forget_unneeded_snapshots(session: Session, before: datetime, limit: int) -> Forgotten:
    """Delete up to ``limit`` snapshots kept before ``before`` that nothing needs.

    Needed are those of documents (of every revision, so that evidence and ``replay`` keep their
    bytes), of what an address answered last or answered a backfill under way, and of both sides of a
    change. What remains to delete is chiefly feeds as they were between two articles, and pages that
    were not what was asked for.
    """
    rows = session.exec(
        select(SnapshotRow.sha256, SnapshotRow.size)
        .where(
            SnapshotRow.fetched_at < before,
            _free_of(col(DocumentRow.snapshot_sha256)),
            _free_of(col(PageRow.snapshot_sha256)),
            _free_of(col(FetchedPageRow.snapshot_sha256)),
            _free_of(col(ChangeRow.snapshot_old)),
            _free_of(col(ChangeRow.snapshot_new)),
        )
        .limit(limit)
    ).all()
    if rows:
        session.exec(delete(SnapshotRow).where(col(SnapshotRow.sha256).in_([row[0] for row in rows])))
    return Forgotten(len(rows), sum(row[1] for row in rows))


def _free_of(column: Any) -> ColumnElement[bool]:
    return col(SnapshotRow.sha256).not_in(select(column).where(column.is_not(None)))
