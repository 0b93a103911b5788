"""Stores who is told of what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from monitor.domain.change import ChangeKind
from monitor.domain.subscription import Cadence, Subscription
from monitor.domain.threshold import Threshold
from monitor.storage.rows import SubscriptionRow


def add_subscription(session: Session, subscription: Subscription) -> bool:
    """Store ``subscription`` and return whether its address is new.

    An address that is subscribed already (case aside) gets the new filter and cadence and keeps
    when it subscribed; a confirmation is added but never taken back.
    """
    row = row_of(session, subscription.address)
    if row is None:
        session.add(
            SubscriptionRow(
                address_key=address_key(subscription.address),
                address=subscription.address.strip(),
                created_at=subscription.created_at,
                confirmed_at=subscription.confirmed_at,
                **_preferences(subscription),
            )
        )
        session.flush()
        return True
    for name, value in _preferences(subscription).items():
        setattr(row, name, value)
    row.confirmed_at = row.confirmed_at or subscription.confirmed_at
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


def subscriptions(session: Session, *, confirmed_only: bool = False) -> list[Subscription]:
    """Return the subscriptions by address."""
    query = select(SubscriptionRow).order_by(col(SubscriptionRow.address_key))
    if confirmed_only:
        query = query.where(col(SubscriptionRow.confirmed_at).is_not(None))
    return [_subscription(row) for row in session.exec(query)]


def subscription(session: Session, address: str) -> Subscription | None:
    """Return the subscription of ``address`` (case aside), or None."""
    row = row_of(session, address)
    return _subscription(row) if row else None


def confirm(session: Session, address: str, now: datetime) -> bool:
    """Confirm the subscription of ``address``; return whether there is one. A second time changes nothing."""
    row = row_of(session, address)
    if row is None:
        return False
    row.confirmed_at = row.confirmed_at or now
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


def _preferences(subscription: Subscription) -> dict[str, Any]:
    return {
        "countries": sorted(subscription.countries),
        "kinds": sorted(kind.value for kind in subscription.kinds),
        "cadence": subscription.cadence.value,
        "timezone": subscription.timezone,
        "hour": subscription.hour,
        "threshold": str(subscription.threshold),
    }


def _subscription(row: SubscriptionRow) -> Subscription:
    return Subscription(
        address=row.address,
        created_at=row.created_at,
        countries=frozenset(row.countries),
        kinds=frozenset(ChangeKind(kind) for kind in row.kinds),
        cadence=Cadence(row.cadence),
        timezone=row.timezone,
        hour=row.hour,
        confirmed_at=row.confirmed_at,
        threshold=Threshold.parse(row.threshold),
    )
