"""Decides when each source and each kind of round is due, with APScheduler.

The job store is memory, rebuilt from our own tables at every start: a shared one ran slots more
than once. A run that starts late still runs (no misfire limit), late runs collapse into one, and
no two runs of one job overlap.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from monitor.domain.source import Source, SourceState
from monitor.queueing.task import Task, TaskKind

ROUNDS: Mapping[TaskKind, timedelta] = {
    TaskKind.COMPILE: timedelta(minutes=1),
    TaskKind.SEND: timedelta(minutes=1),
    TaskKind.HEARTBEAT: timedelta(minutes=1),
    TaskKind.TEND: timedelta(minutes=10),
    TaskKind.RETAIN: timedelta(days=1),
}
"""How often the work comes due that belongs to no source."""

_TRY_AGAIN = timedelta(seconds=10)
_CHECK = "check:"


class Timetable:
    """Hands tasks to ``put`` when they are due; ``put`` says whether it could be told.

    One that could not is due again ten seconds later.
    """

    def __init__(
        self,
        put: Callable[[Task], Awaitable[bool]],
        *,
        clock: Callable[[], datetime],
        rounds: Mapping[TaskKind, timedelta] = ROUNDS,
    ) -> None:
        self._put = put
        self._clock = clock
        self._rounds = rounds
        self.scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def start(self, states: Iterable[SourceState], *, paused: bool = False) -> None:
        """Begin: what is overdue by ``states`` is due at once."""
        now = self._clock()
        for kind, every in self._rounds.items():
            self.scheduler.add_job(
                self._tell,
                IntervalTrigger(seconds=max(1, int(every.total_seconds())), timezone=UTC),
                args=[kind.value, kind, None],
                id=kind.value,
                next_run_time=now,
            )
        self.scheduler.start(paused=paused)
        self.follow(states)

    def stop(self) -> None:
        """End; what is due from now on is for the next start."""
        self.scheduler.shutdown(wait=False)

    def follow(self, states: Iterable[SourceState]) -> None:
        """Take up sources that are new, enabled or changed, and leave those that are gone."""
        now = self._clock()
        wanted = {f"{_CHECK}{state.source.key}": state for state in states if state.enabled}
        for job in self.scheduler.get_jobs():
            if not job.id.startswith(_CHECK):
                continue
            state = wanted.pop(job.id, None)
            if state is None:
                job.remove()
            elif job.args[2] != state.source:
                job.remove()
                wanted[job.id] = state
            elif state.next_due_at is not None and now < state.next_due_at != job.next_run_time:
                # One that is due already was told, and its check may be under way.
                job.modify(next_run_time=state.next_due_at)
        for name, state in wanted.items():
            self.scheduler.add_job(
                self._tell,
                IntervalTrigger(seconds=int(state.source.every.total_seconds()), timezone=UTC),
                args=[name, TaskKind.CHECK, state.source],
                id=name,
                next_run_time=first_run(state, now),
            )

    def begin_again(self, states: Iterable[SourceState]) -> None:
        """Reckon every time anew, after the clock jumped."""
        now = self._clock()
        for job in self.scheduler.get_jobs():
            if job.id.startswith(_CHECK):
                job.remove()
            else:
                job.modify(next_run_time=now)
        self.follow(states)

    async def _tell(self, name: str, kind: TaskKind, source: Source | None) -> None:
        now = self._clock()
        if not await self._put(task_of(kind, source, due_at=now)):
            self.scheduler.modify_job(name, next_run_time=now + _TRY_AGAIN)


def task_of(kind: TaskKind, source: Source | None = None, *, due_at: datetime) -> Task:
    """Return the task; checks of one host exclude each other, wherever they are done."""
    if source is None:
        return Task(kind=kind, due_at=due_at)
    host = (urlsplit(source.url).hostname or "").lower()
    return Task(kind=kind, subject=source.key, due_at=due_at, lock=f"host:{host}")


def first_run(state: SourceState, now: datetime) -> datetime:
    """Return when a source is due after a start: at once where it was never checked or is overdue.

    A last check that lies in the future, after a clock was set back, counts as made now.
    """
    if state.last_checked_at is None:
        return now
    wait = state.source.every
    if state.next_due_at is not None:
        wait = state.next_due_at - state.last_checked_at
    return max(now, min(state.last_checked_at, now) + wait)
