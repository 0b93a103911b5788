"""Counts what an operator watches: sources, figures, what is held, what waits to be sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from monitor.domain.source import SourceState
from monitor.storage.rows import (
    ChangeRow,
    DeliveryRow,
    ExtractionIssueRow,
    ObservationRow,
    ReadingRow,
    SubscriptionRow,
)
from monitor.storage.sources import source_states


@dataclass(frozen=True, slots=True)
class Measurements:
    """One moment of an installation; counts by status are by its value.

    ``figures`` and ``unread`` are those of current readings; ``oldest_due`` is when the delivery
    that waits longest came due.
    """

    sources: tuple[SourceState, ...]
    figures: int
    unread: int
    changes: Mapping[str, int]
    deliveries: Mapping[str, int]
    due: int
    oldest_due: datetime | None
    confirmed: int
    unconfirmed: int


def measure(session: Session, now: datetime) -> Measurements:
    """Count everything once."""
    due, oldest = session.exec(
        select(func.count(), func.min(DeliveryRow.due_at)).where(col(DeliveryRow.due_at) <= now)
    ).one()
    everybody, confirmed = session.exec(
        select(func.count(), func.count(col(SubscriptionRow.confirmed_at))).select_from(SubscriptionRow)
    ).one()
    return Measurements(
        sources=tuple(source_states(session)),
        figures=_of_current_readings(session, ObservationRow),
        unread=_of_current_readings(session, ExtractionIssueRow),
        changes=_by(session, col(ChangeRow.status)),
        deliveries=_by(session, col(DeliveryRow.state)),
        due=due,
        oldest_due=oldest,
        confirmed=confirmed,
        unconfirmed=everybody - confirmed,
    )


def _by(session: Session, column: Any) -> dict[str, int]:
    return {
        str(status): count for status, count in session.exec(select(column, func.count()).group_by(column))
    }


def _of_current_readings(session: Session, table: type[ObservationRow | ExtractionIssueRow]) -> int:
    query = (
        select(func.count())
        .select_from(table)
        .join(ReadingRow, col(ReadingRow.id) == col(table.reading_id))
        .where(col(ReadingRow.superseded_at).is_(None))
    )
    return session.exec(query).one()
