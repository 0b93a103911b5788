"""When a source is due next, and when its failures and its silence are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.domain.polling import (
    Rest,
    after_failure,
    after_success,
    bounds,
    is_at_rest,
    is_dead,
    is_silent,
)
from monitor.domain.source import Source, SourceKind, SourceState
from tests.builders import NOW

FEED = Source("news", SourceKind.FEED, "https://news.example/feed/", timedelta(minutes=60))
REPORT = Source("tip", SourceKind.TIP_REPORT, "https://report.example/", timedelta(hours=6))
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("source", "shortest", "longest"),
    [
        (FEED, 15 * MINUTE, 4 * HOUR),
        (REPORT, 90 * MINUTE, 6 * HOUR),
        (replace(FEED, every=8 * MINUTE), 5 * MINUTE, 32 * MINUTE),
        (replace(FEED, every=3 * timedelta(seconds=1)), timedelta(seconds=3), timedelta(seconds=12)),
    ],
)
def test_an_interval_keeps_within_a_quarter_and_four_times_what_is_configured(source, shortest, longest):
    """A report's index is never asked later than configured; nothing is asked every few seconds."""
    assert bounds(source) == (shortest, longest)


def intervals(source: Source, *, found_new: bool) -> list[timedelta]:
    state, found = SourceState(source), []
    for number in range(12):
        state = after_success(state, NOW + number * DAY, found_new=found_new)
        assert state.interval is not None
        found.append(state.interval)
    return found


def test_a_source_that_changes_is_asked_more_often_down_to_its_bound():
    found = intervals(FEED, found_new=True)
    assert found[0] == 40 * MINUTE
    assert found == sorted(found, reverse=True)
    assert found[-1] == 15 * MINUTE


def test_a_source_that_stays_the_same_is_asked_less_often_up_to_its_bound():
    found = intervals(FEED, found_new=False)
    assert found[0] == 72 * MINUTE
    assert found == sorted(found)
    assert found[-1] == 4 * HOUR
    assert set(intervals(REPORT, found_new=False)) == {6 * HOUR}


def test_what_the_server_says_still_holds_puts_the_next_check_off_within_bounds():
    state = SourceState(FEED)
    assert after_success(state, NOW, found_new=False).next_due_at == NOW + 72 * MINUTE
    told = after_success(state, NOW, found_new=False, fresh_until=NOW + 2 * HOUR)
    assert told.next_due_at == NOW + 2 * HOUR
    far = after_success(state, NOW, found_new=False, fresh_until=NOW + 9 * DAY)
    assert far.next_due_at == NOW + 4 * HOUR


def test_failures_are_tried_again_soon_and_then_later_and_later():
    state, waits = SourceState(FEED), []
    for _ in range(7):
        state = after_failure(state, NOW, "down")
        assert state.next_due_at is not None
        waits.append(state.next_due_at - NOW)
    assert waits == [15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 4 * HOUR, 4 * HOUR]
    assert (state.failures, state.failing_since) == (7, NOW)


def test_a_retry_after_is_kept_for_a_week_at_most():
    assert after_failure(SourceState(FEED), NOW, "429", retry_after=9 * HOUR).next_due_at == NOW + 9 * HOUR
    assert after_failure(SourceState(FEED), NOW, "429", retry_after=90 * DAY).next_due_at == NOW + 7 * DAY


def test_a_source_is_dead_once_it_has_failed_for_its_set_time():
    state = after_failure(SourceState(replace(FEED, dead_after=2 * DAY)), NOW, "down")
    state = after_failure(state, NOW + DAY, "down")
    assert not is_dead(state, NOW + DAY)
    assert is_dead(state, NOW + 2 * DAY)
    assert not is_dead(after_success(state, NOW + 2 * DAY, found_new=False), NOW + 2 * DAY)


def test_silence_is_unusual_after_five_times_the_usual_gap():
    state = SourceState(FEED)
    for number in range(5):
        state = after_success(state, NOW + number * DAY, found_new=True)
    last = NOW + 4 * DAY
    assert state.usual_gap == DAY
    assert not is_silent(state, last + 5 * DAY)
    assert is_silent(state, last + 6 * DAY)
    assert not is_silent(SourceState(FEED), NOW)


def test_where_a_source_moved_to_is_asked_until_it_is_lost():
    moved = after_success(SourceState(FEED), NOW, found_new=False, moved_to="https://new.example/")
    assert moved.address == "https://new.example/"
    assert after_failure(moved, NOW, "503").address == "https://new.example/"
    assert after_failure(moved, NOW, "404", is_lost=True).address == FEED.url


RESTS = [Rest(14 * DAY, DAY), Rest(60 * DAY, 4 * DAY), Rest(365 * DAY, 14 * DAY)]


def asked(
    age: timedelta, days: int, every: timedelta = 6 * HOUR, url: str = "https://report.example/1"
) -> int:
    """How often a page whose text changed ``age`` before is asked in so many days of checks."""
    changed_at = NOW - age
    count, since = 0, NOW
    for number in range(1, int(days * DAY / every) + 1):
        now = NOW + number * every
        count += not is_at_rest(url, changed_at, since, now, RESTS)
        since = now
    return count


@pytest.mark.parametrize(
    ("age", "times"),
    [(timedelta(0), 12 * 4), (15 * DAY, 12), (70 * DAY, 3), (366 * DAY, 1), (4000 * DAY, 1)],
)
def test_a_page_is_asked_less_often_the_longer_it_has_been_the_same(age, times):
    """Four checks a day, over twelve days; over fourteen where it is asked once in fourteen."""
    assert asked(age, 14 if times == 1 else 12) == times


def test_pages_of_one_site_are_spread_over_the_days():
    urls = [f"https://report.example/{number}" for number in range(190)]
    a_day = sum(asked(400 * DAY, 1, url=url) for url in urls)
    assert 5 <= a_day <= 25


def test_a_page_is_asked_where_nothing_is_known_of_the_check_before():
    assert not is_at_rest("https://report.example/1", NOW - 400 * DAY, None, NOW, RESTS)
    assert not is_at_rest("https://report.example/1", NOW - 400 * DAY, NOW + DAY, NOW, RESTS)


def test_what_came_due_while_nobody_asked_is_made_up_for():
    assert not is_at_rest("https://report.example/1", NOW - 400 * DAY, NOW - 14 * DAY, NOW, RESTS)
