"""Mail that a page asks for is sent at once, whichever process sends."""

from __future__ import annotations

import asyncio

from structlog.testing import capture_logs

from monitor.queueing.distributed import DistributedQueue
from monitor.queueing.local import LocalQueue
from monitor.queueing.task import QueueUnavailable, Task, TaskKind
from monitor.queueing.waking import waker
from tests.builders import NOW
from tests.queueing.test_distributed import until, working


async def test_a_page_of_one_process_wakes_the_sender_of_another(conninfo: str) -> None:
    done: list[Task] = []

    async def do(task: Task) -> None:
        done.append(task)

    async with DistributedQueue(conninfo) as ours, DistributedQueue(conninfo) as theirs, working(theirs, do):
        wake = waker(ours, lambda: NOW)
        await asyncio.gather(wake(), wake())
        await until(lambda: done)
    assert {task.kind for task in done} == {TaskKind.SEND}


class Lost(LocalQueue):
    """A queue whose server is away."""

    async def put(self, task: Task) -> bool:
        raise QueueUnavailable(f"task queue: {task.name}: connection refused")


async def test_a_queue_that_is_lost_is_a_line_and_the_mail_goes_with_the_next_round() -> None:
    with capture_logs() as lines:
        await waker(Lost(), lambda: NOW)()
    assert [line["reason"] for line in lines] == ["task queue: send: connection refused"]
