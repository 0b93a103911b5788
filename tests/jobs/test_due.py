"""When a digest is due, in the subscriber's own zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.subscription import Cadence
from monitor.jobs.due import due_period_end
from tests.builders import subscription


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


MADRID = "Europe/Madrid"


@pytest.mark.parametrize(
    ("now", "last", "due"),
    [
        pytest.param(utc(2026, 1, 10, 6, 59), utc(2026, 1, 9, 7), None, id="not yet the hour"),
        pytest.param(utc(2026, 1, 10, 7, 0), utc(2026, 1, 9, 7), utc(2026, 1, 10, 7), id="on the hour"),
        pytest.param(utc(2026, 1, 10, 9, 0), utc(2026, 1, 10, 7), None, id="told already"),
        pytest.param(
            utc(2026, 1, 10, 9, 0), utc(2026, 1, 5, 7), utc(2026, 1, 10, 7), id="missed days are one"
        ),
        pytest.param(utc(2026, 7, 10, 6, 0), utc(2026, 7, 9, 6), utc(2026, 7, 10, 6), id="summer time"),
    ],
)
def test_a_daily_digest_is_due_at_the_subscribers_hour(now, last, due) -> None:
    assert due_period_end(subscription(timezone=MADRID, hour=8), last, now) == due


def test_an_hour_that_does_not_exist_is_taken_at_the_offset_before() -> None:
    # Clocks in Madrid go from 02:00 to 03:00 on 29 March 2026, at 01:00 UTC.
    daily = subscription(timezone=MADRID, hour=2)
    assert due_period_end(daily, utc(2026, 3, 28, 1), utc(2026, 3, 29, 12)) == utc(2026, 3, 29, 1)


def test_an_hour_that_comes_twice_is_due_once() -> None:
    # Clocks in Madrid go from 03:00 back to 02:00 on 25 October 2026, at 01:00 UTC.
    daily = subscription(timezone=MADRID, hour=2)
    first = due_period_end(daily, utc(2026, 10, 24, 0), utc(2026, 10, 25, 0, 30))
    assert first == utc(2026, 10, 25, 0)
    assert due_period_end(daily, first, utc(2026, 10, 25, 1, 30)) is None


def test_a_weekly_digest_is_due_on_monday() -> None:
    weekly = subscription(cadence=Cadence.WEEKLY, hour=8)
    sunday, monday = utc(2026, 1, 11, 23), utc(2026, 1, 12, 8)
    assert due_period_end(weekly, utc(2026, 1, 5, 8), sunday) is None
    assert due_period_end(weekly, utc(2026, 1, 5, 8), monday) == monday


def test_an_instant_digest_is_always_due() -> None:
    now = utc(2026, 1, 1, 3)
    assert due_period_end(subscription(cadence=Cadence.INSTANT), utc(2026, 1, 1, 2), now) == now


def test_the_hour_of_the_day_of_subscribing_is_not_owed() -> None:
    new = subscription(created_at=utc(2026, 1, 10, 10), hour=8)
    assert due_period_end(new, None, utc(2026, 1, 10, 12)) is None
    assert due_period_end(new, None, utc(2026, 1, 11, 8)) == utc(2026, 1, 11, 8)


@given(
    now=st.integers(1_577_836_800, 1_893_456_000).map(lambda second: datetime.fromtimestamp(second, UTC)),
    hour=st.integers(0, 23),
    zone=st.sampled_from([MADRID, "UTC", "Pacific/Kiritimati", "America/St_Johns", "Africa/Casablanca"]),
    cadence=st.sampled_from([Cadence.DAILY, Cadence.WEEKLY]),
)
def test_a_period_ends_in_the_past_and_is_never_due_twice(now, hour, zone, cadence) -> None:
    each = subscription(created_at=utc(2019, 1, 1), timezone=zone, hour=hour, cadence=cadence)
    end = due_period_end(each, None, now)
    assert end is not None
    assert now - timedelta(days=8) < end <= now
    assert due_period_end(each, end, now) is None
