"""The queue of one process: what waits, what runs beside what, and what a fault leaves behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from monitor.queueing.local import LocalQueue
from monitor.queueing.task import Do, Task, TaskFailed, TaskKind
from tests.builders import NOW


def check(subject: str, lock: str | None = None) -> Task:
    return Task(kind=TaskKind.CHECK, subject=subject, due_at=NOW, lock=lock)


@asynccontextmanager
async def working(queue: LocalQueue, do: Do) -> AsyncIterator[None]:
    worker = asyncio.create_task(queue.work(do))
    try:
        yield
    finally:
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0)


class Gate:
    """Does tasks that stay under way until they are let go."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self._may_end = asyncio.Event()

    async def do(self, task: Task) -> None:
        self.begun.append(task.name)
        await self._may_end.wait()

    def open(self) -> None:
        self._may_end.set()


async def test_of_tasks_with_one_name_one_waits() -> None:
    queue = LocalQueue()
    assert [await queue.put(check("a")), await queue.put(check("a")), await queue.put(check("b"))] == [
        True,
        False,
        True,
    ]


async def test_checks_of_one_host_exclude_each_other_and_others_go_on() -> None:
    queue, gate = LocalQueue(), Gate()
    for task in (check("a", "host:one"), check("b", "host:one"), check("c", "host:two")):
        await queue.put(task)
    async with working(queue, gate.do):
        await until(lambda: len(gate.begun) == 2)
        assert gate.begun == ["check:a", "check:c"]
        gate.open()
        await until(lambda: len(gate.begun) == 3)
    assert gate.begun[2] == "check:b"


async def test_slow_sites_do_not_hold_up_what_subscribers_are_told() -> None:
    queue, gate = LocalQueue(checks_at_once=2), Gate()
    for task in (check("a"), check("b"), check("c"), Task(kind=TaskKind.SEND, due_at=NOW)):
        await queue.put(task)
    async with working(queue, gate.do):
        await until(lambda: len(gate.begun) == 3)
    assert gate.begun == ["check:a", "check:b", "send"]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (TaskFailed("the disk is full"), ("task_failed", "warning")),
        (ZeroDivisionError(), ("task_crashed", "error")),
    ],
)
async def test_a_task_that_fails_is_logged_and_stops_no_other(error, told) -> None:
    queue = LocalQueue(checks_at_once=1)
    done = []

    async def do(task: Task) -> None:
        if task.subject == "bad":
            raise error
        done.append(task.name)

    await queue.put(check("bad"))
    await queue.put(check("good"))
    with capture_logs() as logs:
        async with working(queue, do):
            await until(lambda: done)
    assert done == ["check:good"]
    assert [(each["event"], each["log_level"]) for each in logs] == [told]
