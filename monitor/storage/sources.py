"""Stores the sources in force, and their health."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from monitor.domain.source import Source, SourceKind, SourceState
from monitor.storage.database import StorageError
from monitor.storage.rows import SourceRow

_BATCH = 500
_HEALTH = (
    "enabled",
    "last_checked_at",
    "last_success_at",
    "failures",
    "last_error",
    "next_due_at",
    "last_new_at",
    "failing_since",
    "moved_to",
)


def sync_sources(session: Session, sources: Iterable[Source]) -> None:
    """Make the stored sources those of the configuration, in its order; health and switches stay.

    A source that the configuration lacks is no longer listed and comes back with its health. One
    that got another address starts with that address's own: where the old one moved to is forgotten.
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
        if row.url != source.url:
            row.moved_to = None
            row.next_due_at = None
        if row.every_seconds != _seconds(source.every):
            row.interval_seconds = None
            row.next_due_at = None
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


def source_state(session: Session, key: str) -> SourceState | None:
    """Return source ``key`` with its health, or None where it is not known."""
    row = session.get(SourceRow, key)
    return None if row is None else _state(row)


def record_checks(
    session: Session, checked: Mapping[str, Callable[[SourceState], SourceState]]
) -> list[SourceState]:
    """Record by source key what checks made of the health of many sources; return it as it is now.

    One that is no longer known is left out.
    """
    states: list[SourceState] = []
    keys = sorted(checked)
    for start in range(0, len(keys), _BATCH):
        some = col(SourceRow.key).in_(keys[start : start + _BATCH])
        # Two workers may count a failure of one source at the same time.
        rows = session.exec(select(SourceRow).where(some).order_by(col(SourceRow.key)).with_for_update())
        states += [_put(row, checked[row.key](_state(row))) for row in rows]
    session.flush()
    return states


def record_told(session: Session, key: str, told_dead_at: datetime | None) -> None:
    """Record when the operator was told that source ``key`` is dead; null once told that it is back."""
    _known(session, key).told_dead_at = told_dead_at
    session.flush()


def bring_forward(session: Session, kind: SourceKind, due_at: datetime) -> None:
    """Make every enabled source of ``kind`` due at ``due_at`` where it is due later."""
    for row in session.exec(select(SourceRow).where(SourceRow.kind == kind.value, SourceRow.enabled)):
        if row.next_due_at is not None and row.next_due_at > due_at:
            row.next_due_at = due_at
    session.flush()


def set_enabled(session: Session, key: str, enabled: bool) -> bool:
    """Switch source ``key`` on or off; return whether it is known."""
    row = session.get(SourceRow, key)
    if row is None:
        return False
    row.enabled = enabled
    session.flush()
    return True


def _put(row: SourceRow, state: SourceState) -> SourceState:
    for name in _HEALTH:
        setattr(row, name, getattr(state, name))
    row.interval_seconds = _seconds(state.interval)
    row.usual_gap_seconds = _seconds(state.usual_gap)
    return state


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
        "every_seconds": _seconds(source.every),
        "follow": source.follow,
        "editions": source.editions,
        "dead_after_seconds": _seconds(source.dead_after),
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
            dead_after=timedelta(seconds=row.dead_after_seconds),
        ),
        enabled=row.enabled,
        last_checked_at=row.last_checked_at,
        last_success_at=row.last_success_at,
        failures=row.failures,
        last_error=row.last_error,
        interval=_span(row.interval_seconds),
        next_due_at=row.next_due_at,
        last_new_at=row.last_new_at,
        usual_gap=_span(row.usual_gap_seconds),
        failing_since=row.failing_since,
        told_dead_at=row.told_dead_at,
        moved_to=row.moved_to,
    )


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else round(span.total_seconds())


def _span(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)
