"""Remembers which version of a shipped table the database holds."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from monitor.storage.rows import ShippedDataRow


def shipped_version(session: Session, name: str) -> str | None:
    """Return the SHA-256 of the table called ``name`` that was loaded last, or None."""
    row = session.get(ShippedDataRow, name)
    return row.sha256 if row else None


def remember_version(session: Session, name: str, sha256: str, now: datetime) -> None:
    """Remember that the table called ``name`` was loaded at this version."""
    session.merge(ShippedDataRow(name=name, sha256=sha256, loaded_at=now))
    session.flush()
