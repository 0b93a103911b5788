"""Stores deliveries, and hands them to senders on lease.

A sender that leases rows gets a token. Only who holds the token may put a delivery back or give it
up; that it was accepted is recorded whoever says so, since it is true.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, case, delete, func, update
from sqlmodel import Session, col, select

from monitor.domain.subscription import Channel, Delivery, DeliveryState, Message
from monitor.storage.inserts import insert_new
from monitor.storage.rows import BulletinRow, DeliveryRow
from monitor.storage.subscriptions import row_of

# Every message waits for this one of the message before: building it anew takes longer than the write.
_MARK_SENT = (
    update(DeliveryRow.metadata.tables["delivery"])
    .where(
        col(DeliveryRow.id) == bindparam("delivery_id"), col(DeliveryRow.state) != DeliveryState.SENT.value
    )
    .values(
        state=DeliveryState.SENT.value,
        sent_at=bindparam("moment"),
        due_at=None,
        last_error=None,
        lease_token=None,
    )
)
_UNSENT = (DeliveryState.QUEUED.value, DeliveryState.LEASED.value)


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits in the outbox: how much, since when, and how much was given up lately."""

    waiting: int
    oldest: datetime | None
    given_up: int


def queue_message(
    session: Session, message: Message, channel: str, now: datetime, *, due_at: datetime | None = None
) -> int | None:
    """Queue a message that belongs to no digest (a confirmation mail); return the delivery's id.

    None where a message of that Message-ID is queued or sent already. It goes with the
    subscription of its address, if there is one.
    """
    subscriber = row_of(session, message.address)
    row = {
        "subscription_id": subscriber.id if subscriber else None,
        "channel": channel,
        "message_id": message.message_id,
        "address": message.address,
        "subject": message.subject,
        "text": message.text,
        "html": message.html,
        "state": DeliveryState.QUEUED.value,
        "attempts": 0,
        "queued_at": now,
        "due_at": due_at or now,
        "unsubscribe_url": message.unsubscribe_url,
        "return_key": message.return_key,
    }
    return next(iter(insert_new(session, DeliveryRow, [row], returning=col(DeliveryRow.id))), None)


def lease_deliveries(
    session: Session,
    now: datetime,
    limit: int,
    lease: timedelta,
    token: str = "",
    *,
    channel: Channel | None = None,
) -> list[Delivery]:
    """Take up to ``limit`` deliveries that are due, or whose lease ran out, until ``now + lease``.

    Those due first come first; with ``channel``, those of that channel alone. Needs a ``transaction``: two
    senders never get the same one while the lease lasts. ``attempts`` counts this one.
    """
    wanted = [] if channel is None else [col(DeliveryRow.channel) == channel.value]
    rows = session.exec(
        select(DeliveryRow)
        .where(col(DeliveryRow.due_at) <= now, *wanted)
        .order_by(col(DeliveryRow.due_at), col(DeliveryRow.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    found = _deliveries(session, rows, attempt=1, state=DeliveryState.LEASED)
    session.expunge_all()
    if rows:
        session.exec(
            update(DeliveryRow)
            .where(col(DeliveryRow.id).in_([each.id for each in found]))
            .values(
                state=DeliveryState.LEASED.value,
                attempts=col(DeliveryRow.attempts) + 1,
                due_at=now + lease,
                lease_token=token,
            )
        )
    return found


def release_deliveries(session: Session, delivery_ids: Collection[int], token: str, now: datetime) -> None:
    """Give back leased deliveries that were not tried; the attempt does not count."""
    session.exec(
        update(DeliveryRow)
        .where(
            col(DeliveryRow.id).in_(list(delivery_ids)),
            col(DeliveryRow.state) == DeliveryState.LEASED.value,
            col(DeliveryRow.lease_token) == token,
        )
        .values(
            state=DeliveryState.QUEUED.value,
            attempts=col(DeliveryRow.attempts) - 1,
            due_at=now,
            lease_token=None,
        )
    )


def free_leases(session: Session, holder: str, now: datetime, *, most_attempts: int) -> int:
    """Queue at once what is held under tokens that begin with ``holder``; return how many.

    What was tried more than ``most_attempts`` times waits until its lease ends.
    """
    freed = session.exec(
        update(DeliveryRow)
        .where(
            col(DeliveryRow.state) == DeliveryState.LEASED.value,
            col(DeliveryRow.lease_token).startswith(holder, autoescape=True),
            col(DeliveryRow.attempts) <= most_attempts,
        )
        .values(state=DeliveryState.QUEUED.value, due_at=now, lease_token=None)
        .returning(col(DeliveryRow.id))
    )
    return len(freed.all())


def mark_sent(session: Session, delivery_id: int, now: datetime) -> None:
    """Record that a delivery was accepted at ``now``. A second time changes nothing."""
    session.connection().execute(_MARK_SENT, {"delivery_id": delivery_id, "moment": now})


def mark_failed(
    session: Session,
    delivery_id: int,
    now: datetime,
    error: str,
    retry_at: datetime | None,
    token: str = "",
) -> None:
    """Record that an attempt failed at ``now`` with ``error``, one line.

    It is queued again for ``retry_at``, or has failed for good where that is None. A delivery that
    was accepted stays sent, and one that another sender has taken over meanwhile stays with it.
    """
    state = DeliveryState.QUEUED if retry_at else DeliveryState.FAILED
    session.exec(
        update(DeliveryRow)
        .where(
            col(DeliveryRow.id) == delivery_id,
            col(DeliveryRow.state) == DeliveryState.LEASED.value,
            col(DeliveryRow.lease_token) == token,
        )
        .values(state=state.value, due_at=retry_at, failed_at=now, last_error=error, lease_token=None)
    )


def deliveries(
    session: Session, *, state: DeliveryState | None = None, limit: int | None = None
) -> list[Delivery]:
    """Return deliveries in the order in which they were queued."""
    query = select(DeliveryRow).order_by(col(DeliveryRow.id)).limit(limit)
    if state is not None:
        query = query.where(DeliveryRow.state == state.value)
    return _deliveries(session, session.exec(query).all())


def newest_deliveries(session: Session, *, state: DeliveryState | None, limit: int) -> list[Delivery]:
    """Return the last ``limit`` deliveries, the newest first."""
    query = select(DeliveryRow).order_by(col(DeliveryRow.id).desc()).limit(limit)
    if state is not None:
        query = query.where(DeliveryRow.state == state.value)
    return _deliveries(session, session.exec(query).all())


def delivery_by_id(session: Session, delivery_id: int) -> Delivery | None:
    """Return the delivery of that id, or None."""
    row = session.get(DeliveryRow, delivery_id)
    return next(iter(_deliveries(session, [row] if row else [])), None)


def delivery_by_message_id(session: Session, message_id: str) -> Delivery | None:
    """Return the delivery of that Message-ID, or None."""
    rows = session.exec(select(DeliveryRow).where(DeliveryRow.message_id == message_id)).all()
    return next(iter(_deliveries(session, rows)), None)


def delivery_by_return_key(session: Session, return_key: str) -> Delivery | None:
    """Return the delivery whose return path holds ``return_key``, or None."""
    rows = session.exec(select(DeliveryRow).where(DeliveryRow.return_key == return_key)).all()
    return next(iter(_deliveries(session, rows)), None)


def queue_again(session: Session, delivery_id: int, now: datetime) -> None:
    """Queue a delivery that had failed for good as if it had never been tried; others stay as they are."""
    session.exec(
        update(DeliveryRow)
        .where(col(DeliveryRow.id) == delivery_id, col(DeliveryRow.state) == DeliveryState.FAILED.value)
        .values(state=DeliveryState.QUEUED.value, attempts=0, due_at=now, failed_at=None, lease_token=None)
    )


def mark_returned(session: Session, delivery_id: int, reason: str) -> bool:
    """Note why an accepted message came back; return False where that was noted before."""
    noted = session.exec(
        update(DeliveryRow)
        .where(col(DeliveryRow.id) == delivery_id, col(DeliveryRow.last_error).is_distinct_from(reason))
        .values(last_error=reason)
        .returning(col(DeliveryRow.id))
    )
    return noted.first() is not None


def delete_deliveries_to(session: Session, address: str) -> None:
    """Delete every delivery to ``address``, also those that no subscription owns."""
    session.exec(delete(DeliveryRow).where(func.lower(DeliveryRow.address) == address.lower()))


def requeue_stuck(session: Session, leased_until: datetime, now: datetime) -> int:
    """Queue what a sender took, and left when its lease had run out before ``leased_until``."""
    stuck = session.exec(
        update(DeliveryRow)
        .where(col(DeliveryRow.state) == DeliveryState.LEASED.value, col(DeliveryRow.due_at) < leased_until)
        .values(state=DeliveryState.QUEUED.value, due_at=now, lease_token=None)
        .returning(col(DeliveryRow.id))
    )
    return len(stuck.all())


def requeue_lost(session: Session, now: datetime) -> int:
    """Queue what waits for nothing: unsent and without a time at which it may be taken."""
    lost = session.exec(
        update(DeliveryRow)
        .where(col(DeliveryRow.state).in_(_UNSENT), col(DeliveryRow.due_at).is_(None))
        .values(state=DeliveryState.QUEUED.value, due_at=now, lease_token=None)
        .returning(col(DeliveryRow.id))
    )
    return len(lost.all())


def backlog(session: Session, now: datetime, since: datetime) -> Backlog:
    """Return what is due at ``now`` and not sent, and what was given up after ``since``."""
    waits = col(DeliveryRow.state).in_(_UNSENT) & (col(DeliveryRow.queued_at) <= now)
    gone = (col(DeliveryRow.state) == DeliveryState.FAILED.value) & (col(DeliveryRow.failed_at) > since)
    waiting, oldest, given_up = session.exec(
        select(
            func.coalesce(func.sum(case((waits, 1), else_=0)), 0),
            func.min(case((waits, col(DeliveryRow.queued_at)))),
            func.coalesce(func.sum(case((gone, 1), else_=0)), 0),
        )
    ).one()
    return Backlog(int(waiting), oldest, int(given_up))


def _deliveries(
    session: Session,
    rows: Iterable[DeliveryRow],
    *,
    attempt: int = 0,
    state: DeliveryState | None = None,
) -> list[Delivery]:
    rows = list(rows)
    wanted = {row.bulletin_id for row in rows if row.bulletin_id is not None}
    # Once for all its readers: a bulletin is long, and a batch of deliveries mostly shares one.
    shared = {
        row.id: row
        for row in session.exec(select(BulletinRow).where(col(BulletinRow.id).in_(sorted(wanted))))
    }
    return [
        Delivery(
            id=row.id,
            message=_message(row, shared.get(row.bulletin_id or 0)),
            state=state or DeliveryState(row.state),
            attempts=row.attempts + attempt,
            queued_at=row.queued_at,
            sent_at=row.sent_at,
            last_error=row.last_error,
            channel=Channel(row.channel),
        )
        for row in rows
    ]


def _message(row: DeliveryRow, bulletin: BulletinRow | None) -> Message:
    return Message(
        message_id=row.message_id,
        address=row.address,
        subject=(bulletin.subject if bulletin else "") + row.subject,
        text=(bulletin.text if bulletin else "") + row.text,
        html=(bulletin.html if bulletin else "") + row.html,
        unsubscribe_url=row.unsubscribe_url,
        return_key=row.return_key,
        payload=bulletin.payload if bulletin else "",
        shared=(len(bulletin.text), len(bulletin.html)) if bulletin else (0, 0),
    )
