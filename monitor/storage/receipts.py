"""Answers who received what: the deliveries behind the digests that told a change."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from monitor.domain.subscription import DeliveryState
from monitor.storage.rows import DeliveryRow, DigestChangeRow, DigestRow
from monitor.storage.subscriptions import row_of


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a digest told a change to an address, and what became of the message. Times are UTC."""

    period_end: datetime
    channel: str
    message_id: str
    state: DeliveryState
    queued_at: datetime
    sent_at: datetime | None
    last_error: str | None


def receipts(session: Session, change_id: str, address: str) -> list[Receipt]:
    """Return how ``address`` was told of the change, the first message first."""
    subscriber = row_of(session, address)
    if subscriber is None:
        return []
    rows = session.exec(
        select(DigestRow.ends_at, DeliveryRow)
        .join(DeliveryRow, col(DeliveryRow.digest_id) == col(DigestRow.id))
        .join(DigestChangeRow, col(DigestChangeRow.digest_id) == col(DigestRow.id))
        .where(DigestChangeRow.change_id == change_id, DigestChangeRow.subscription_id == subscriber.id)
        .order_by(col(DeliveryRow.id))
    )
    return [
        Receipt(
            period_end=ends_at,
            channel=row.channel,
            message_id=row.message_id,
            state=DeliveryState(row.state),
            queued_at=row.queued_at,
            sent_at=row.sent_at,
            last_error=row.last_error,
        )
        for ends_at, row in rows
    ]


def receivers(session: Session, change_ids: Collection[str]) -> dict[str, set[int]]:
    """Return, by change, the ids of the subscriptions that got it or will: no failed delivery counts."""
    found: dict[str, set[int]] = {}
    rows = session.exec(
        select(DigestChangeRow.change_id, DigestChangeRow.subscription_id)
        .join(DeliveryRow, col(DeliveryRow.digest_id) == col(DigestChangeRow.digest_id))
        .where(
            col(DigestChangeRow.change_id).in_(sorted(change_ids)),
            DeliveryRow.state != DeliveryState.FAILED.value,
        )
    )
    for change_id, subscription_id in rows:
        found.setdefault(change_id, set()).add(subscription_id)
    return found
