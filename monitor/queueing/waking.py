"""Has what waits to be sent looked at now, instead of with the round that comes every minute."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from monitor.queueing.task import QueueUnavailable, Task, TaskKind, TaskQueue

Wake = Callable[[], Awaitable[None]]
"""Wakes whoever sends; what cannot be woken sends with its next round."""

log = structlog.get_logger(__name__)


def waker(queue: TaskQueue, clock: Callable[[], datetime]) -> Wake:
    """Return what puts a round of sending into ``queue``; while one waits, nothing more waits."""

    async def wake() -> None:
        try:
            await queue.put(Task(kind=TaskKind.SEND, due_at=clock()))
        except QueueUnavailable as error:
            log.warning("failure", reason=str(error))

    return wake


async def wait_for_round() -> None:
    """Wake nobody: a process alone with its pages has no queue, and the mail goes with the next round."""
