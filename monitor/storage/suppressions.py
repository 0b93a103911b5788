"""Stores which addresses are not written to again, and what their mail came back with.

An address is known here by a keyed hash alone, so that it stays suppressed after its data are gone.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from monitor.domain.subscription import DeliveryState
from monitor.storage.inserts import insert_new
from monitor.storage.rows import DeliveryRow, SubscriptionRow, SuppressionRow
from monitor.storage.subscriptions import address_key, look_at_soon, row_of

_MOST_SOFT_BOUNCES = 5
_FORGOTTEN_AFTER = timedelta(days=30)


class SuppressionReason(StrEnum):
    ERASED = "erased"
    COMPLAINT = "complaint"
    BOUNCED = "bounced"


def suppress(
    session: Session, address: str, address_hash: str, reason: SuppressionReason, now: datetime
) -> None:
    """Write to ``address`` no more: what is queued for it is given up, its subscription told nothing."""
    row = {"address_hash": address_hash, "reason": reason.value, "created_at": now}
    insert_new(session, SuppressionRow, [row], returning=col(SuppressionRow.address_hash))
    if subscriber := row_of(session, address):
        subscriber.suppressed_at = subscriber.suppressed_at or now
        look_at_soon(subscriber)
        session.flush()
    session.exec(
        update(DeliveryRow)
        .where(
            func.lower(DeliveryRow.address) == address.lower(),
            col(DeliveryRow.state).in_([DeliveryState.QUEUED.value, DeliveryState.LEASED.value]),
        )
        .values(
            state=DeliveryState.FAILED.value,
            due_at=None,
            failed_at=now,
            lease_token=None,
            last_error=f"the address is suppressed: {reason.value}",
        )
    )


def suppression(session: Session, address_hash: str) -> SuppressionReason | None:
    """Return why the address of ``address_hash`` is not written to, or None."""
    row = session.get(SuppressionRow, address_hash)
    return SuppressionReason(row.reason) if row else None


def lift_suppression(session: Session, address: str, address_hash: str) -> None:
    """Let ``address`` be written to again."""
    session.exec(delete(SuppressionRow).where(col(SuppressionRow.address_hash) == address_hash))
    if subscriber := row_of(session, address):
        subscriber.suppressed_at = None
        subscriber.soft_bounces = 0
        look_at_soon(subscriber)
        session.flush()


def count_soft_bounce(session: Session, address: str, now: datetime) -> timedelta | None:
    """Count a delivery that came back for a passing reason; return how long to write nothing.

    A day after the first, twice as long after each further one; None after the fifth within a
    month of each other, when the address is as good as gone.
    """
    row = session.exec(
        select(SubscriptionRow).where(SubscriptionRow.address_key == address_key(address)).with_for_update()
    ).first()
    if row is None:
        return timedelta()
    if row.bounced_at is None or row.bounced_at < now - _FORGOTTEN_AFTER:
        row.soft_bounces = 0
    row.soft_bounces += 1
    row.bounced_at = now
    if row.soft_bounces >= _MOST_SOFT_BOUNCES:
        session.flush()
        return None
    rest = timedelta(days=2 ** (row.soft_bounces - 1))
    if row.due_at is not None:
        row.due_at = max(row.due_at, now + rest)
    session.exec(
        update(DeliveryRow)
        .where(
            col(DeliveryRow.subscription_id) == row.id,
            col(DeliveryRow.state) == DeliveryState.QUEUED.value,
            col(DeliveryRow.due_at) < now + rest,
        )
        .values(due_at=now + rest)
    )
    session.flush()
    return rest
