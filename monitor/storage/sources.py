"""Stores the sources in force, and their health."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from monitor.domain.source import Source, SourceKind, SourceState
from monitor.storage.database import StorageError
from monitor.storage.rows import SourceRow


def sync_sources(session: Session, sources: Iterable[Source]) -> None:
    """Make the stored sources those of the configuration, in its order; health and switches stay.

    A source that the configuration lacks is no longer listed and comes back with its health.
    """
    rows = {row.key: row for row in session.exec(select(SourceRow))}
    wanted: set[str] = set()
    for position, source in enumerate(sources):
        wanted.add(source.key)
        row = rows.get(source.key)
        if row is None:
            row = SourceRow(key=source.key, enabled=True, failures=0, **_settings(source, position))
            session.add(row)
            continue
        for name, value in _settings(source, position).items():
            setattr(row, name, value)
    for key, row in rows.items():
        if key not in wanted:
            row.configured = False
    session.flush()


def source_states(session: Session) -> list[SourceState]:
    """Return the configured sources with their health, in the configuration's order."""
    rows = session.exec(
        select(SourceRow).where(SourceRow.configured).order_by(col(SourceRow.position), col(SourceRow.key))
    )
    return [_state(row) for row in rows]


def record_success(session: Session, key: str, now: datetime) -> None:
    """Record that source ``key`` was checked at ``now`` and answered as it should.

    Raises:
        StorageError: no such source.
    """
    row = _known(session, key)
    row.last_checked_at = now
    row.last_success_at = now
    row.failures = 0
    row.last_error = None
    session.flush()


def record_failure(session: Session, key: str, now: datetime, error: str) -> None:
    """Record that the check of source ``key`` at ``now`` failed with ``error``, one line.

    Raises:
        StorageError: no such source.
    """
    row = _known(session, key)
    row.last_checked_at = now
    row.failures += 1
    row.last_error = error
    session.flush()


def set_enabled(session: Session, key: str, enabled: bool) -> bool:
    """Switch source ``key`` on or off; return whether it is known."""
    row = session.get(SourceRow, key)
    if row is None:
        return False
    row.enabled = enabled
    session.flush()
    return True


def _known(session: Session, key: str) -> SourceRow:
    # Two workers may count a failure of one source at the same time.
    row = session.get(SourceRow, key, with_for_update=True)
    if row is None:
        raise StorageError(f"source {key}: not in the database; add it to the configuration's [[sources]]")
    return row


def _settings(source: Source, position: int) -> dict[str, Any]:
    return {
        "kind": source.kind.value,
        "url": source.url,
        "every_seconds": round(source.every.total_seconds()),
        "follow": source.follow,
        "editions": source.editions,
        "position": position,
        "configured": True,
    }


def _state(row: SourceRow) -> SourceState:
    return SourceState(
        source=Source(
            key=row.key,
            kind=SourceKind(row.kind),
            url=row.url,
            every=timedelta(seconds=row.every_seconds),
            follow=row.follow,
            editions=row.editions,
        ),
        enabled=row.enabled,
        last_checked_at=row.last_checked_at,
        last_success_at=row.last_success_at,
        failures=row.failures,
        last_error=row.last_error,
    )
