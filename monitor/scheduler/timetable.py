"""Turns sources and digests into scheduled jobs.

The job store is memory, rebuilt from our own tables at every start: a shared one ran slots more
than once. A run that starts late still runs (no misfire limit), late runs collapse into one, and
no two runs of one job overlap.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from monitor.domain.source import Source, SourceState

DIGESTS_EVERY = timedelta(minutes=1)


def timetable(
    states: Iterable[SourceState],
    check: Callable[[Source], Awaitable[None]],
    digest_run: Callable[[], Awaitable[None]],
    *,
    now: datetime,
    digests_every: timedelta = DIGESTS_EVERY,
) -> AsyncIOScheduler:
    """Return a scheduler, not yet started, with a job for each enabled source and one for digests."""
    scheduler = AsyncIOScheduler(
        timezone=UTC,
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    for state in states:
        if state.enabled:
            scheduler.add_job(
                check,
                IntervalTrigger(seconds=int(state.source.every.total_seconds()), timezone=UTC),
                args=[state.source],
                id=f"check:{state.source.key}",
                next_run_time=first_run(state, now),
            )
    scheduler.add_job(
        digest_run,
        IntervalTrigger(seconds=max(1, int(digests_every.total_seconds())), timezone=UTC),
        id="digests",
        next_run_time=now,
    )
    return scheduler


def first_run(state: SourceState, now: datetime) -> datetime:
    """Return when a source is due after a start: at once where it was never checked or is overdue.

    A last check that lies in the future, after a clock was set back, counts as made now.
    """
    if state.last_checked_at is None:
        return now
    return max(now, min(state.last_checked_at, now) + state.source.every)
