"""Stores digests with their deliveries in one transaction, and hands deliveries to senders on lease."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, or_, select

from monitor.domain.change import Change, ChangeStatus
from monitor.domain.subscription import Delivery, DeliveryState, Digest, Message, Subscription
from monitor.storage.changes import change_of
from monitor.storage.database import StorageError
from monitor.storage.inserts import insert_new
from monitor.storage.rows import ChangeRow, DeliveryRow, DigestChangeRow, DigestRow
from monitor.storage.subscriptions import row_of


def undigested_changes(session: Session, subscription: Subscription, until: datetime) -> list[Change]:
    """Return what ``subscription`` wants and has in no digest yet, the oldest first.

    Published changes found after the subscription was made, up to and with ``until``.
    """
    subscriber = row_of(session, subscription.address)
    query = select(ChangeRow).where(
        ChangeRow.status == ChangeStatus.PUBLISHED.value,
        ChangeRow.created_at > subscription.created_at,
        ChangeRow.created_at <= until,
    )
    if subscription.countries:
        query = query.where(
            or_(col(ChangeRow.country).is_(None), col(ChangeRow.country).in_(subscription.countries))
        )
    if subscription.kinds:
        query = query.where(col(ChangeRow.kind).in_([kind.value for kind in subscription.kinds]))
    if subscriber is not None:
        told = select(DigestChangeRow.change_id).where(
            DigestChangeRow.subscription_id == subscriber.id, DigestChangeRow.change_id == ChangeRow.id
        )
        query = query.where(~told.exists())
    rows = session.exec(query.order_by(col(ChangeRow.created_at), col(ChangeRow.sequence).desc()))
    found = [change_of(row) for row in rows]
    return [change for change in found if subscription.wants(change)]


def last_digest_end(session: Session, address: str) -> datetime | None:
    """Return the end of the last period that ``address`` was told of, or None."""
    subscriber = row_of(session, address)
    if subscriber is None:
        return None
    return session.exec(
        select(DigestRow.ends_at)
        .where(DigestRow.subscription_id == subscriber.id)
        .order_by(col(DigestRow.ends_at).desc())
        .limit(1)
    ).first()


def record_digest(
    session: Session, digest: Digest, message: Message, channel: str, now: datetime
) -> int | None:
    """Store ``digest``, that its changes are told, and one queued delivery; return the delivery's id.

    None, and nothing is stored, where another run has told that period or one of the changes.

    Raises:
        StorageError: the address is not subscribed (any more).
    """
    subscriber = row_of(session, digest.subscription.address)
    if subscriber is None:
        raise StorageError(f"{digest.subscription.address}: not subscribed; add it with subscribers add")
    with session.begin_nested() as savepoint:
        digest_id = _add_digest(session, subscriber.id, digest, now)
        if digest_id is None:
            savepoint.rollback()
            return None
        return _queue(session, message, channel, now, subscription_id=subscriber.id, digest_id=digest_id)


def queue_message(session: Session, message: Message, channel: str, now: datetime) -> int | None:
    """Queue a message that belongs to no digest (a confirmation mail); return the delivery's id.

    None where a message of that Message-ID is queued or sent already. It goes with the
    subscription of its address, if there is one.
    """
    subscriber = row_of(session, message.address)
    return _queue(session, message, channel, now, subscription_id=subscriber.id if subscriber else None)


def lease_deliveries(session: Session, now: datetime, limit: int, lease: timedelta) -> list[Delivery]:
    """Take up to ``limit`` deliveries that are due, or whose lease ran out, until ``now + lease``.

    Those due first come first. Needs a ``transaction``: two senders never get the same one while
    the lease lasts. ``attempts`` counts this one.
    """
    rows = session.exec(
        select(DeliveryRow)
        .where(col(DeliveryRow.due_at) <= now)
        .order_by(col(DeliveryRow.due_at), col(DeliveryRow.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.state = DeliveryState.LEASED.value
        row.attempts += 1
        row.due_at = now + lease
    session.flush()
    return [_delivery(row) for row in rows]


def mark_sent(session: Session, delivery_id: int, now: datetime) -> None:
    """Record that the delivery was accepted at ``now``. A second time changes nothing."""
    session.exec(
        update(DeliveryRow)
        .where(col(DeliveryRow.id) == delivery_id, col(DeliveryRow.state) != DeliveryState.SENT.value)
        .values(state=DeliveryState.SENT.value, sent_at=now, due_at=None, last_error=None)
    )


def mark_failed(
    session: Session, delivery_id: int, now: datetime, error: str, retry_at: datetime | None
) -> None:
    """Record that an attempt failed at ``now`` with ``error``, one line.

    It is queued again for ``retry_at``, or has failed for good where that is None. A delivery that
    was accepted stays sent.
    """
    state = DeliveryState.QUEUED if retry_at else DeliveryState.FAILED
    session.exec(
        update(DeliveryRow)
        .where(col(DeliveryRow.id) == delivery_id, col(DeliveryRow.state) == DeliveryState.LEASED.value)
        .values(state=state.value, due_at=retry_at, failed_at=now, last_error=error)
    )


def deliveries(
    session: Session, *, state: DeliveryState | None = None, limit: int | None = None
) -> list[Delivery]:
    """Return deliveries in the order in which they were queued."""
    query = select(DeliveryRow).order_by(col(DeliveryRow.id)).limit(limit)
    if state is not None:
        query = query.where(DeliveryRow.state == state.value)
    return [_delivery(row) for row in session.exec(query)]


def _add_digest(session: Session, subscription_id: int, digest: Digest, now: datetime) -> int | None:
    row = {
        "subscription_id": subscription_id,
        "starts_at": digest.start,
        "ends_at": digest.end,
        "created_at": now,
    }
    for digest_id in insert_new(session, DigestRow, [row], returning=col(DigestRow.id)):
        told = [
            {
                "subscription_id": subscription_id,
                "change_id": change.id,
                "digest_id": digest_id,
                "position": position,
            }
            for position, change in enumerate(digest.changes)
        ]
        new = insert_new(session, DigestChangeRow, told, returning=col(DigestChangeRow.change_id))
        return int(digest_id) if len(new) == len(told) else None
    return None


def _queue(
    session: Session,
    message: Message,
    channel: str,
    now: datetime,
    *,
    subscription_id: int | None,
    digest_id: int | None = None,
) -> int | None:
    row: dict[str, Any] = {
        "digest_id": digest_id,
        "subscription_id": subscription_id,
        "channel": channel,
        "message_id": message.message_id,
        "address": message.address,
        "subject": message.subject,
        "text": message.text,
        "html": message.html,
        "state": DeliveryState.QUEUED.value,
        "attempts": 0,
        "queued_at": now,
        "due_at": now,
    }
    return next(iter(insert_new(session, DeliveryRow, [row], returning=col(DeliveryRow.id))), None)


def _delivery(row: DeliveryRow) -> Delivery:
    return Delivery(
        id=row.id,
        message=Message(row.message_id, row.address, row.subject, row.text, row.html),
        state=DeliveryState(row.state),
        attempts=row.attempts,
        queued_at=row.queued_at,
        sent_at=row.sent_at,
        last_error=row.last_error,
    )
