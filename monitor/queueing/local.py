"""Does tasks in this event loop, for an installation of one process."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import structlog

from monitor.queueing.task import Do, Lane, Task, TaskFailed

log = structlog.get_logger(__name__)


class LocalQueue:
    """A queue in memory: what waits when the process ends comes due again when it starts.

    ``checks_at_once`` bounds the fetching lane; the telling lane does one task after another.
    """

    def __init__(self, *, checks_at_once: int = 8) -> None:
        self._room = {Lane.FETCHING: checks_at_once, Lane.TELLING: 1}
        self._waiting: dict[str, Task] = {}
        self._changed = asyncio.Event()

    async def put(self, task: Task) -> bool:
        """Let ``task`` wait, unless one of its name does."""
        if task.name in self._waiting:
            return False
        self._waiting[task.name] = task
        self._changed.set()
        return True

    async def work(self, do: Do) -> None:
        """Do the tasks that wait, first come first served within a lane, until cancelled."""
        running: dict[asyncio.Task[None], Task] = {}

        def finished(done: asyncio.Task[None]) -> None:
            task = running.pop(done)
            self._changed.set()
            if done.cancelled() or (error := done.exception()) is None:
                return
            if isinstance(error, TaskFailed):
                log.warning("task_failed", task=task.name, reason=str(error))
            else:
                log.error("task_crashed", task=task.name, exc_info=error)

        async def run(task: Task) -> None:
            await do(task)

        try:
            while True:
                self._changed.clear()
                while (task := self._next(running.values())) is not None:
                    del self._waiting[task.name]
                    started = asyncio.create_task(run(task), name=task.name)
                    running[started] = task
                    started.add_done_callback(finished)
                await self._changed.wait()
        finally:
            for started in list(running):
                started.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def rescue(self) -> int:
        """Nothing to rescue: no task outlives this process."""
        return 0

    async def forget_failed(self) -> None:
        """Nothing to forget: what failed is in the log alone."""

    def _next(self, running: Iterable[Task]) -> Task | None:
        busy = list(running)
        for task in self._waiting.values():
            held = task.lock is not None and any(each.lock == task.lock for each in busy)
            if not held and sum(each.lane is task.lane for each in busy) < self._room[task.lane]:
                return task
        return None
