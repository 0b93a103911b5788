"""Decides when a subscriber's digest is due."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from monitor.domain.subscription import Cadence, Subscription

_MONDAY = 0


def due_period_end(subscription: Subscription, last_end: datetime | None, now: datetime) -> datetime | None:
    """Return the end (UTC) of the period whose digest is due at ``now``, or None.

    Instant digests end now. Daily ones end at the subscriber's hour in the subscriber's zone,
    weekly ones at that hour on Monday; missed ones collapse into the latest. An hour that the
    clocks skip is taken at the offset before the change, one that comes twice the first time.
    """
    if subscription.cadence is Cadence.INSTANT:
        return now
    day = now.astimezone(ZoneInfo(subscription.timezone)).date()
    while not _is_day(subscription, day) or _slot(subscription, day) > now:
        day -= timedelta(days=1)
    slot = _slot(subscription, day)
    return slot if slot > (last_end or subscription.created_at) else None


def next_due(subscription: Subscription, now: datetime) -> datetime:
    """Return when (UTC) the subscription has to be looked at next after ``now``; instant ones at once."""
    if subscription.cadence is Cadence.INSTANT:
        return now
    day = now.astimezone(ZoneInfo(subscription.timezone)).date()
    while not _is_day(subscription, day) or _slot(subscription, day) <= now:
        day += timedelta(days=1)
    return _slot(subscription, day)


def _is_day(subscription: Subscription, day: date) -> bool:
    return subscription.cadence is not Cadence.WEEKLY or day.weekday() == _MONDAY


def _slot(subscription: Subscription, day: date) -> datetime:
    zone = ZoneInfo(subscription.timezone)
    return datetime.combine(day, time(subscription.hour), zone).astimezone(UTC)
