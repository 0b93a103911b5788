"""Stores what subscribers were told: bulletins, shared by many digests, and each digest's changes."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, literal, update
from sqlmodel import Session, col, or_, select

from monitor.domain.change import Change, ChangeStatus
from monitor.domain.subscription import Bulletin, Cadence, DeliveryState, Message, Subscription
from monitor.storage.changes import change_of
from monitor.storage.inserts import insert_new
from monitor.storage.rows import (
    BulletinChangeRow,
    BulletinRow,
    ChangeRow,
    DeliveryRow,
    DigestChangeRow,
    DigestRow,
    ReviewRow,
    SubscriptionRow,
)
from monitor.storage.subscriptions import SubscriptionUnreadable, row_of, subscription_of


@dataclass(frozen=True, slots=True)
class DueSubscription:
    """A subscription to look at; what was published up to ``covered_until`` has been looked at before."""

    id: int
    subscription: Subscription
    covered_until: datetime
    group_key: str


@dataclass(frozen=True, slots=True)
class UnreadableSubscription:
    """A due subscription that cannot be read; ``reason`` is one line for the operator."""

    id: int
    reason: str


@dataclass(frozen=True, slots=True)
class DuePage:
    """A page of what is due; ``last`` is the group key and id it ends with, None where it is empty."""

    readable: tuple[DueSubscription, ...]
    unreadable: tuple[UnreadableSubscription, ...]
    last: tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A published change, and since when it is."""

    change: Change
    published_at: datetime


@dataclass(frozen=True, slots=True)
class QueuedDigest:
    """One subscriber's digest: the period, and of its message what the bulletin does not hold."""

    subscription_id: int
    channel: str
    start: datetime
    end: datetime
    message: Message


@dataclass(frozen=True, slots=True)
class Covered:
    """That a subscription was looked at: up to when, and when it is looked at next."""

    subscription_id: int
    until: datetime
    due_at: datetime


def published_mark(session: Session) -> str:
    """Return what is different once another set of changes is published."""
    row = session.exec(
        select(func.count(), func.sum(col(ChangeRow.sequence))).where(
            ChangeRow.status == ChangeStatus.PUBLISHED.value
        )
    ).one()
    return f"{row[0]}-{row[1] or 0}"


def due_subscriptions(
    session: Session, now: datetime, mark: str, *, after: tuple[str, int] = ("", 0), limit: int
) -> DuePage:
    """Return up to ``limit`` subscriptions to look at, those of one group together.

    ``after`` is the group key and id of the last one of the page before. Instant ones are looked at
    where what is published differs from ``mark`` last time.
    """
    group, last = after
    rows = session.exec(
        select(SubscriptionRow)
        .where(
            col(SubscriptionRow.due_at) <= now,
            or_(
                SubscriptionRow.cadence != Cadence.INSTANT.value,
                col(SubscriptionRow.published_mark).is_distinct_from(mark),
            ),
            or_(
                col(SubscriptionRow.group_key) > group,
                (col(SubscriptionRow.group_key) == group) & (col(SubscriptionRow.id) > last),
            ),
        )
        .order_by(col(SubscriptionRow.group_key), col(SubscriptionRow.id))
        .limit(limit)
    ).all()
    readable, unreadable = [], []
    for row in rows:
        try:
            read = subscription_of(row)
        except SubscriptionUnreadable as error:
            unreadable.append(UnreadableSubscription(row.id, str(error)))
        else:
            readable.append(DueSubscription(row.id, read, row.covered_until, row.group_key))
    page = (rows[-1].group_key, rows[-1].id) if rows else None
    session.expunge_all()
    return DuePage(tuple(readable), tuple(unreadable), page)


def one_due(session: Session, address: str) -> DueSubscription | None:
    """Return the subscription of ``address`` as if it were due, or None."""
    row = row_of(session, address)
    return DueSubscription(row.id, subscription_of(row), row.covered_until, row.group_key) if row else None


def earliest_covered(session: Session, now: datetime) -> datetime | None:
    """Return up to when at least all due subscriptions have been looked at; None where none is due."""
    return session.exec(
        select(func.min(SubscriptionRow.covered_until)).where(col(SubscriptionRow.due_at) <= now)
    ).one()


def candidate_changes(session: Session, since: datetime, until: datetime) -> list[Candidate]:
    """Return what was published after ``since`` up to and with ``until``, the oldest first.

    A change that was held is published when a person approves it.
    """
    decided = dict(
        session.exec(
            select(ReviewRow.change_id, func.max(ReviewRow.decided_at))
            .where(ReviewRow.decided_at > since)
            .group_by(col(ReviewRow.change_id))
        ).all()
    )
    rows = session.exec(
        select(ChangeRow)
        .where(
            ChangeRow.status == ChangeStatus.PUBLISHED.value,
            or_(ChangeRow.created_at > since, col(ChangeRow.id).in_(sorted(decided))),
            ChangeRow.created_at <= until,
        )
        .order_by(col(ChangeRow.created_at), col(ChangeRow.sequence).desc())
    )
    found = [
        Candidate(change_of(row), max(row.created_at, decided.get(row.id, row.created_at))) for row in rows
    ]
    return [each for each in found if each.published_at <= until]


def held_changes(session: Session) -> list[Change]:
    """Return what is told once a person approves it, the oldest first; held history never is."""
    rows = session.exec(
        select(ChangeRow)
        .where(ChangeRow.status == ChangeStatus.HELD.value)
        .order_by(col(ChangeRow.created_at), col(ChangeRow.sequence).desc())
    )
    found = (change_of(row) for row in rows)
    return [each for each in found if each.detail.get("if_approved") != ChangeStatus.HISTORY.value]


def told_changes(
    session: Session, subscription_ids: Collection[int], change_ids: Collection[str]
) -> dict[int, set[str]]:
    """Return which of ``change_ids`` each of the subscriptions has in a digest already."""
    told: dict[int, set[str]] = {}
    wanted, ids = list(change_ids), list(subscription_ids)
    for start in range(0, len(wanted), 500):
        for subscriber, change_id in session.exec(
            select(DigestChangeRow.subscription_id, DigestChangeRow.change_id).where(
                col(DigestChangeRow.subscription_id).in_(ids),
                col(DigestChangeRow.change_id).in_(wanted[start : start + 500]),
            )
        ):
            told.setdefault(subscriber, set()).add(change_id)
    return told


def keep_bulletin(session: Session, bulletin: Bulletin, now: datetime) -> int:
    """Store ``bulletin`` unless the same is stored already; return its id."""
    parts = (bulletin.subject, bulletin.text, bulletin.html, bulletin.payload, *bulletin.changes)
    key = hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    row: dict[str, Any] = {
        "key": key,
        "subject": bulletin.subject,
        "text": bulletin.text,
        "html": bulletin.html,
        "payload": bulletin.payload,
        "created_at": now,
    }
    for bulletin_id in insert_new(session, BulletinRow, [row], returning=col(BulletinRow.id)):
        told = [
            {"bulletin_id": bulletin_id, "change_id": change, "position": position}
            for position, change in enumerate(bulletin.changes)
        ]
        insert_new(session, BulletinChangeRow, told, returning=col(BulletinChangeRow.position))
        return int(bulletin_id)
    return session.exec(select(BulletinRow.id).where(BulletinRow.key == key)).one()


def record_digests(session: Session, bulletin_id: int, queued: Sequence[QueuedDigest], now: datetime) -> int:
    """Store digests that share a bulletin, that its changes are told, and a delivery for each.

    Return how many: a subscriber whose period another run has told is left out.

    Raises:
        sqlalchemy.exc.IntegrityError: another run has told one of them one of the changes, or one has
            left; the transaction has to be undone, and what is due looked at anew.
    """
    rows = [
        {
            "subscription_id": each.subscription_id,
            "starts_at": each.start,
            "ends_at": each.end,
            "created_at": now,
            "bulletin_id": bulletin_id,
        }
        for each in queued
    ]
    inserted = insert_new(
        session, DigestRow, rows, returning=(col(DigestRow.subscription_id), col(DigestRow.id))
    )
    digests: dict[int, int] = dict(inserted)
    _tell(session, bulletin_id, list(digests.values()))
    deliveries = [
        _delivery_values(each, digests[each.subscription_id], bulletin_id, now)
        for each in queued
        if each.subscription_id in digests
    ]
    if deliveries:
        # The table itself: through the mapping the same takes twice as long.
        session.connection().execute(insert(DeliveryRow.metadata.tables["delivery"]), deliveries)
    return len(deliveries)


def mark_covered(session: Session, covered: Iterable[Covered], mark: str, now: datetime) -> None:
    """Record that subscriptions were looked at; who paused or was put off meanwhile stays so."""
    rows = [
        {
            "of": each.subscription_id,
            "covered_until": each.until,
            "due_at": each.due_at,
            "published_mark": mark,
            "now": now,
        }
        for each in covered
    ]
    if rows:
        table = SubscriptionRow.metadata.tables["subscription"]
        session.connection().execute(
            update(table)
            .where(table.c.id == bindparam("of"), table.c.due_at <= bindparam("now"))
            .values({name: bindparam(name) for name in ("covered_until", "due_at", "published_mark")}),
            rows,
        )


def put_off(session: Session, unreadable: Iterable[UnreadableSubscription], until: datetime) -> None:
    """Look at subscriptions that cannot be read again at ``until``; what they missed stays theirs."""
    ids = [each.id for each in unreadable]
    if ids:
        session.execute(update(SubscriptionRow).where(col(SubscriptionRow.id).in_(ids)).values(due_at=until))


def reschedule_forgotten(session: Session, now: datetime, latest: datetime) -> int:
    """Let subscriptions be looked at that nothing would look at before ``latest``; return how many."""
    found = session.execute(
        update(SubscriptionRow)
        .where(
            col(SubscriptionRow.confirmed_at).is_not(None),
            col(SubscriptionRow.paused_at).is_(None),
            col(SubscriptionRow.suppressed_at).is_(None),
            or_(
                col(SubscriptionRow.due_at).is_(None),
                (col(SubscriptionRow.due_at) > latest) & (col(SubscriptionRow.soft_bounces) == 0),
            ),
        )
        .values(due_at=now)
        .returning(col(SubscriptionRow.id))
    )
    return len(found.all())


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


def _tell(session: Session, bulletin_id: int, digest_ids: list[int]) -> None:
    """Note for every digest that it tells the bulletin's changes, without a row passing through here."""
    for start in range(0, len(digest_ids), 500):
        session.execute(
            insert(DigestChangeRow).from_select(
                ["subscription_id", "change_id", "digest_id", "position"],
                select(
                    DigestRow.subscription_id,
                    BulletinChangeRow.change_id,
                    DigestRow.id,
                    BulletinChangeRow.position,
                )
                .join(BulletinChangeRow, col(BulletinChangeRow.bulletin_id) == literal(bulletin_id))
                .where(col(DigestRow.id).in_(digest_ids[start : start + 500])),
            )
        )


def _delivery_values(each: QueuedDigest, digest_id: int, bulletin_id: int, now: datetime) -> dict[str, Any]:
    message = each.message
    return {
        "digest_id": digest_id,
        "subscription_id": each.subscription_id,
        "channel": each.channel,
        "message_id": message.message_id,
        "address": message.address,
        "subject": message.subject,
        "text": message.text,
        "html": message.html,
        "state": DeliveryState.QUEUED.value,
        "attempts": 0,
        "queued_at": now,
        "due_at": now,
        "bulletin_id": bulletin_id,
        "unsubscribe_url": message.unsubscribe_url,
        "return_key": message.return_key,
    }
