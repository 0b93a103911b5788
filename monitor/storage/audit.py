"""Stores what operators did."""

from __future__ import annotations

from sqlmodel import Session, col, select

from monitor.domain.audit import AuditAction, AuditEntry
from monitor.storage.rows import AuditEntryRow


def record_deed(session: Session, entry: AuditEntry) -> None:
    """Add ``entry`` to the log."""
    session.add(
        AuditEntryRow(
            done_at=entry.done_at,
            operator=entry.operator,
            client=entry.client,
            action=entry.action.value,
            subject=entry.subject,
            detail=entry.detail,
        )
    )
    session.flush()


def deeds(session: Session, *, limit: int) -> list[AuditEntry]:
    """Return the last ``limit`` entries, the newest first."""
    rows = session.exec(select(AuditEntryRow).order_by(col(AuditEntryRow.id).desc()).limit(limit))
    return [
        AuditEntry(row.done_at, row.operator, row.client, AuditAction(row.action), row.subject, row.detail)
        for row in rows
    ]


def was_done(session: Session, action: AuditAction, subject: str) -> bool:
    """Whether ``action`` was ever done to ``subject``."""
    query = select(AuditEntryRow.id).where(
        AuditEntryRow.action == action.value, AuditEntryRow.subject == subject
    )
    return session.exec(query.limit(1)).first() is not None
