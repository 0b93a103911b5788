"""Stores who is told of what."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlmodel import Session, col, select

from monitor.domain.change import ChangeKind
from monitor.domain.subscription import Cadence, Channel, Subscription
from monitor.domain.threshold import Threshold
from monitor.storage.database import StorageError
from monitor.storage.rows import SubscriptionRow
from monitor.storage.text import key_of

_PAGE = 1000


class SubscriptionUnreadable(StorageError):  # noqa: N818 - named for what happened
    """A stored subscription holds what this version, or this machine, does not know."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A stored subscription that cannot be read; ``reason`` is one line: what, why, what to do."""

    id: int
    address: str
    reason: str


def add_subscription(session: Session, subscription: Subscription) -> bool:
    """Store ``subscription`` and return whether its address is new.

    An address that is subscribed already (case aside) gets the new filter and cadence and keeps
    when it subscribed; a confirmation is added but never taken back. A wider filter brings what
    is found from then on, and nothing older.
    """
    row = row_of(session, subscription.address)
    if row is None:
        told_from = subscription.told_from or subscription.created_at
        row = SubscriptionRow(
            address_key=address_key(subscription.address),
            address=subscription.address.strip(),
            created_at=subscription.created_at,
            confirmed_at=subscription.confirmed_at,
            paused_at=subscription.paused_at,
            told_from=told_from,
            covered_until=told_from,
            soft_bounces=0,
            **_preferences(subscription),
        )
        session.add(row)
        look_at_soon(row)
        session.flush()
        return True
    for name, value in _preferences(subscription).items():
        setattr(row, name, value)
    row.confirmed_at = row.confirmed_at or subscription.confirmed_at
    row.told_from = max(row.told_from, row.covered_until)
    look_at_soon(row)
    session.flush()
    return False


def remove_subscription(session: Session, address: str) -> bool:
    """Delete the subscription of ``address`` with its digests and deliveries; return whether there was one.

    A message that a sender holds at this moment may still go out.
    """
    removed = session.exec(
        delete(SubscriptionRow)
        .where(col(SubscriptionRow.address_key) == address_key(address))
        .returning(col(SubscriptionRow.id))
    )
    return removed.first() is not None


def remove_unconfirmed(session: Session, made_before: datetime) -> int:
    """Delete the subscriptions that nobody confirmed in time; return how many."""
    removed = session.exec(
        delete(SubscriptionRow)
        .where(col(SubscriptionRow.confirmed_at).is_(None), col(SubscriptionRow.created_at) < made_before)
        .returning(col(SubscriptionRow.id))
    )
    return len(removed.all())


def subscriptions(
    session: Session, *, confirmed_only: bool = False, unreadable: list[Unreadable] | None = None
) -> list[Subscription]:
    """Return the subscriptions by address; ``unreadable`` as ``each_subscription``."""
    return list(each_subscription(session, confirmed_only=confirmed_only, unreadable=unreadable))


def each_subscription(
    session: Session, *, confirmed_only: bool = False, unreadable: list[Unreadable] | None = None
) -> Iterator[Subscription]:
    """Give the subscriptions by address, a page of them in memory at a time.

    One that cannot be read is left out, and added to ``unreadable``.
    """
    query = select(SubscriptionRow).order_by(col(SubscriptionRow.address_key)).limit(_PAGE)
    if confirmed_only:
        query = query.where(col(SubscriptionRow.confirmed_at).is_not(None))
    last = ""
    while page := session.exec(query.where(col(SubscriptionRow.address_key) > last)).all():
        last = page[-1].address_key
        for row in page:
            try:
                yield subscription_of(row)
            except SubscriptionUnreadable as error:
                if unreadable is not None:
                    unreadable.append(Unreadable(row.id, row.address, str(error)))
        session.expunge_all()


def subscription(session: Session, address: str) -> Subscription | None:
    """Return the subscription of ``address`` (case aside), or None.

    Raises:
        SubscriptionUnreadable: what is stored of it is not known here.
    """
    row = row_of(session, address)
    return subscription_of(row) if row else None


def confirm(session: Session, address: str, now: datetime) -> bool:
    """Confirm the subscription of ``address``; return whether there is one. A second time changes nothing."""
    row = row_of(session, address)
    if row is None:
        return False
    row.confirmed_at = row.confirmed_at or now
    look_at_soon(row)
    session.flush()
    return True


def pause(session: Session, address: str, now: datetime) -> bool:
    """Tell ``address`` nothing until ``resume``; return whether it is subscribed."""
    row = row_of(session, address)
    if row is None:
        return False
    row.paused_at = row.paused_at or now
    look_at_soon(row)
    session.flush()
    return True


def resume(session: Session, address: str, now: datetime) -> bool:
    """Tell ``address`` again, of what is found from ``now`` on; return whether it is subscribed."""
    row = row_of(session, address)
    if row is None:
        return False
    if row.paused_at is not None:
        row.paused_at = None
        row.told_from = row.covered_until = now
        look_at_soon(row)
        session.flush()
    return True


def address_key(address: str) -> str:
    """Return what tells ``address`` apart from others: no case, no space around it."""
    return address.strip().casefold()


def row_of(session: Session, address: str) -> SubscriptionRow | None:
    """Return the row of ``address``, for the other modules of storage."""
    return session.exec(
        select(SubscriptionRow).where(SubscriptionRow.address_key == address_key(address))
    ).first()


def look_at_soon(row: SubscriptionRow) -> None:
    """Let the next run look at the subscription, unless it is told nothing at present."""
    is_told = row.confirmed_at is not None and row.paused_at is None and row.suppressed_at is None
    row.due_at = row.told_from if is_told else None
    row.published_mark = None


def subscription_of(row: SubscriptionRow) -> Subscription:
    """Return the subscription of its row, for the other modules of storage.

    Raises:
        SubscriptionUnreadable: its time zone, hour or another of its choices is not known here.
    """
    try:
        return _read(row)
    except (ValueError, TypeError) as error:
        raise SubscriptionUnreadable(
            f"{row.address}: the stored subscription {row.id} cannot be read ({error}): "
            f"set it anew with `tip-monitor subscribers add {row.address} ...`, or remove it"
        ) from error


def _read(row: SubscriptionRow) -> Subscription:
    if not _is_zone(row.timezone):
        raise ValueError(f"this machine knows no time zone {row.timezone!r}")
    if row.hour not in range(24):
        raise ValueError(f"{row.hour!r} is no hour from 0 to 23")
    if None in (row.countries, row.kinds, row.regions):
        raise ValueError("its countries, kinds or regions are no list")
    return Subscription(
        address=row.address,
        created_at=row.created_at,
        countries=frozenset(row.countries),
        kinds=frozenset(ChangeKind(kind) for kind in row.kinds),
        cadence=Cadence(row.cadence),
        timezone=row.timezone,
        hour=row.hour,
        confirmed_at=row.confirmed_at,
        regions=frozenset(row.regions),
        channel=Channel(row.channel),
        target=row.target,
        also_empty=row.also_empty,
        paused_at=row.paused_at,
        suppressed_at=row.suppressed_at,
        told_from=None if row.told_from == row.created_at else row.told_from,
        threshold=Threshold.parse(row.threshold),
    )


@lru_cache(maxsize=1024)
def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        return False
    return True


def _preferences(subscription: Subscription) -> dict[str, Any]:
    values: dict[str, Any] = {
        "countries": sorted(subscription.countries),
        "kinds": sorted(kind.value for kind in subscription.kinds),
        "cadence": subscription.cadence.value,
        "timezone": subscription.timezone,
        "hour": subscription.hour,
        "regions": sorted(subscription.regions),
        "channel": subscription.channel.value,
        "also_empty": subscription.also_empty,
        "threshold": str(subscription.threshold),
    }
    return values | {"target": subscription.target, "group_key": key_of(json.dumps(values, sort_keys=True))}
