"""Decides when a source is due next, and when its silence or its failures are worth a word.

The interval of a source follows how often it has something new: shorter by a third after a check
that found something, longer by a fifth after one that did not. A feed stays between a quarter and
four times its configured ``every``; a report index between a quarter and ``every`` itself, since an
edition is to be seen within hours although it comes once a year.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from monitor.domain.source import Source, SourceKind, SourceState

_LEAST = timedelta(minutes=5)
_LONGEST_HOLD = timedelta(days=7)
_SHORTER, _LONGER = 2 / 3, 6 / 5
# A gap weighs a quarter in the usual one: a busy week fades within a dozen items.
_WEIGHT = 0.25
_SILENT_GAPS = 5
_SILENT_AT_LEAST = timedelta(days=2)
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Rest:
    """A page whose text has been the same for ``unchanged_for`` is asked only ``every`` so often."""

    unchanged_for: timedelta
    every: timedelta


def bounds(source: Source) -> tuple[timedelta, timedelta]:
    """Return the shortest and the longest interval of ``source``."""
    shortest = max(source.every / 4, min(_LEAST, source.every))
    return shortest, source.every * 4 if source.kind is SourceKind.FEED else source.every


def next_interval(state: SourceState, *, found_new: bool) -> timedelta:
    """Return how long to wait after a check that succeeded."""
    shortest, longest = bounds(state.source)
    before = state.interval or state.source.every
    return min(max(before * (_SHORTER if found_new else _LONGER), shortest), longest)


def after_success(
    state: SourceState,
    now: datetime,
    *,
    found_new: bool,
    fresh_until: datetime | None = None,
    moved_to: str | None = None,
) -> SourceState:
    """Return the health after a check that succeeded at ``now``.

    ``fresh_until``, what the server says of its answer, puts the next check off by at most the
    longest interval. The operator's knowledge of an earlier death is the caller's to clear.
    """
    interval = next_interval(state, found_new=found_new)
    due = now + interval
    if fresh_until is not None:
        due = max(due, min(fresh_until, now + bounds(state.source)[1]))
    gap = state.usual_gap
    if found_new and state.last_new_at is not None and now > state.last_new_at:
        lasted = now - state.last_new_at
        gap = lasted if gap is None else gap + (lasted - gap) * _WEIGHT
    return replace(
        state,
        last_checked_at=now,
        last_success_at=now,
        failures=0,
        last_error=None,
        interval=interval,
        next_due_at=due,
        last_new_at=now if found_new else state.last_new_at,
        usual_gap=gap,
        failing_since=None,
        moved_to=moved_to,
    )


def after_failure(
    state: SourceState,
    now: datetime,
    error: str,
    *,
    retry_after: timedelta | None = None,
    is_lost: bool = False,
) -> SourceState:
    """Return the health after a check that failed at ``now``: tried again at the shortest interval,
    then twice as late after each further failure, never before ``retry_after`` (a week at most).

    ``is_lost``: where it moved to is there no more, so that its own address is asked again.
    """
    shortest, longest = bounds(state.source)
    wait = min(shortest * 2 ** min(state.failures, 16), longest)
    return replace(
        state,
        last_checked_at=now,
        failures=state.failures + 1,
        last_error=error,
        next_due_at=now + max(wait, min(retry_after or timedelta(0), _LONGEST_HOLD)),
        failing_since=state.failing_since or now,
        moved_to=None if is_lost else state.moved_to,
    )


def is_dead(state: SourceState, now: datetime) -> bool:
    """Whether the source has failed for as long as its ``dead_after`` or longer."""
    return state.failing_since is not None and now - state.failing_since >= state.source.dead_after


def health_of(state: SourceState, now: datetime) -> str:
    """Return a source's health in a word or two, the gravest that holds."""
    words = (
        (not state.enabled, "disabled"),
        (is_dead(state, now), "dead"),
        (state.failures > 0, "failing"),
        (is_silent(state, now), "unusually silent"),
        (state.last_checked_at is None, "not checked yet"),
    )
    return next((word for holds, word in words if holds), "ok")


def is_silent(state: SourceState, now: datetime) -> bool:
    """Whether the source has had nothing new for much longer than is usual for it."""
    if state.last_new_at is None or state.usual_gap is None:
        return False
    return now - state.last_new_at > max(state.usual_gap * _SILENT_GAPS, _SILENT_AT_LEAST)


def is_at_rest(
    url: str, changed_at: datetime, since: datetime | None, now: datetime, rests: Sequence[Rest]
) -> bool:
    """Whether a page need not be asked again, its text being as it is since ``changed_at``.

    ``since`` is when all that was due was last asked, null for never. The moments at which a page is due
    follow from its address alone: nothing has to be remembered of them, and the pages of a site are
    spread over the days.
    """
    every = max((rest.every for rest in rests if now - changed_at >= rest.unchanged_for), default=None)
    if every is None or since is None or since > now:
        return False
    share = int.from_bytes(hashlib.sha256(url.encode("utf-8", "surrogatepass")).digest()[:4]) / 2**32
    first = _BEGINNING + every * share
    return (now - first) // every == (since - first) // every
