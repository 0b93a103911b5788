"""Decides what is due, and only that: the work itself goes through the queue."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog

from monitor.domain.source import SourceState
from monitor.queueing.task import QueueUnavailable, Task, TaskKind, TaskQueue
from monitor.scheduler.timetable import ROUNDS, Timetable
from monitor.storage.database import Database, StorageError
from monitor.storage.sources import source_states

_LOOK_SECONDS = 5.0
_SOURCES_EVERY_LOOKS = 6
_JUMP = timedelta(seconds=30)

log = structlog.get_logger(__name__)


class Decider:
    """Puts tasks into ``queue`` when they are due by what ``database`` says.

    ``lead`` may be cancelled and called again; whoever else leads in between, no task is lost, since
    everything is reckoned from the database each time.
    """

    def __init__(
        self,
        database: Database,
        queue: TaskQueue,
        *,
        clock: Callable[[], datetime],
        rounds: Mapping[TaskKind, timedelta] = ROUNDS,
    ) -> None:
        self._database = database
        self._queue = queue
        self._clock = clock
        self._rounds = rounds

    async def lead(self) -> None:
        """Decide until cancelled. A queue or database that is lost for a while is waited for."""
        plan = Timetable(self._put, clock=self._clock, rounds=self._rounds)
        plan.start(await self._states() or [])
        try:
            await self._watch(plan)
        finally:
            plan.stop()

    async def _watch(self, plan: Timetable) -> None:
        looks = 0
        wall, steady = self._clock(), time.monotonic()
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            looks += 1
            if clock_jumped(wall, self._clock(), time.monotonic() - steady):
                log.warning("clock_jumped", was=wall.isoformat(), now=self._clock().isoformat())
                if (states := await self._states()) is not None:
                    plan.begin_again(states)
            elif looks % _SOURCES_EVERY_LOOKS == 0 and (states := await self._states()) is not None:
                plan.follow(states)
            wall, steady = self._clock(), time.monotonic()
            try:
                if rescued := await self._queue.rescue():
                    log.warning("tasks_rescued", tasks=rescued)
            except QueueUnavailable as error:
                log.warning("failure", reason=str(error))

    async def _states(self) -> list[SourceState] | None:
        def read() -> list[SourceState]:
            with self._database.reading() as session:
                return source_states(session)

        try:
            return await asyncio.to_thread(read)
        except StorageError as error:
            log.warning("failure", reason=str(error))
            return None

    async def _put(self, task: Task) -> bool:
        try:
            await self._queue.put(task)
        except QueueUnavailable as error:
            log.warning("failure", task=task.name, reason=str(error))
            return False
        return True


def clock_jumped(before: datetime, now: datetime, elapsed_seconds: float) -> bool:
    """Whether the clock moved otherwise than time did: it was set, or the machine slept.

    Schedules made before hold no more: after a step back nothing would be due until the clock is
    where it was.
    """
    return abs(now - before - timedelta(seconds=elapsed_seconds)) > _JUMP
