"""Decides when a subscriber's digest is due."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
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
    zone = ZoneInfo(subscription.timezone)
    day = now.astimezone(zone).date()
    slot = datetime.combine(day, time(subscription.hour), zone).astimezone(UTC)
    weekly = subscription.cadence is Cadence.WEEKLY
    while slot > now or (weekly and day.weekday() != _MONDAY):
        day -= timedelta(days=1)
        slot = datetime.combine(day, time(subscription.hour), zone).astimezone(UTC)
    return slot if slot > (last_end or subscription.created_at) else None
