"""The queue of many processes, on a real PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest

from monitor.queueing.distributed import DistributedQueue
from monitor.queueing.task import Do, QueueUnavailable, Task, TaskKind
from tests.builders import NOW

# A worker whose last sign of life is a minute old, and the task it was doing.
_DEAD = """
WITH dead AS (
    INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute') RETURNING id
)
UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM dead), attempts = %s
WHERE queueing_lock = %s
"""


def check(subject: str, lock: str | None = None) -> Task:
    return Task(kind=TaskKind.CHECK, subject=subject, due_at=NOW, lock=lock)


@asynccontextmanager
async def working(queue: DistributedQueue, do: Do) -> AsyncIterator[None]:
    worker = asyncio.create_task(queue.work(do))
    try:
        yield
    finally:
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(15):
        while not condition():
            await asyncio.sleep(0.01)


def statuses(conninfo: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(conninfo) as connection:
        return connection.execute(
            "SELECT queueing_lock, status::text, attempts FROM procrastinate_jobs ORDER BY id"
        ).fetchall()


def die(conninfo: str, name: str, attempts: int = 0) -> None:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(_DEAD, [attempts, name])


async def test_a_task_put_by_one_process_is_done_by_another_as_it_was_put(conninfo: str) -> None:
    done: list[Task] = []

    async def do(task: Task) -> None:
        done.append(task)

    async with DistributedQueue(conninfo) as ours, DistributedQueue(conninfo) as theirs:
        assert await ours.put(check("a", "host:one"))
        assert not await theirs.put(check("a", "host:one"))
        async with working(theirs, do):
            await until(lambda: done)
    assert done == [check("a", "host:one")]
    assert statuses(conninfo) == []


async def test_two_workers_never_check_one_host_at_once(conninfo: str) -> None:
    busy: list[str | None] = []
    most: list[int] = []
    done: list[str] = []

    async def do(task: Task) -> None:
        busy.append(task.lock)
        most.append(busy.count(task.lock))
        await asyncio.sleep(0.02)
        busy.remove(task.lock)
        done.append(task.subject)

    async with DistributedQueue(conninfo) as one, DistributedQueue(conninfo) as two:
        for number in range(6):
            await one.put(check(str(number), f"host:{number % 2}"))
        async with working(one, do), working(two, do):
            await until(lambda: len(done) == 6)
    assert sorted(done, key=int) == [str(number) for number in range(6)]
    assert max(most) == 1


async def test_a_worker_told_to_stop_hands_its_task_on(conninfo: str) -> None:
    begun = asyncio.Event()

    async def forever(_: Task) -> None:
        begun.set()
        await asyncio.Event().wait()

    async with DistributedQueue(conninfo) as queue:
        await queue.put(check("a"))
        async with working(queue, forever):
            await begun.wait()
    assert statuses(conninfo) == [("check:a", "todo", 1)]


async def test_what_a_dead_worker_was_doing_waits_again(conninfo: str) -> None:
    async with DistributedQueue(conninfo) as queue:
        await queue.put(check("a"))
        die(conninfo, "check:a")
        assert await queue.rescue() == 1
        assert statuses(conninfo) == [("check:a", "todo", 1)]
        assert await queue.rescue() == 0


async def test_what_a_dead_worker_was_doing_is_dropped_where_the_same_waits_already(conninfo: str) -> None:
    async with DistributedQueue(conninfo) as queue:
        await queue.put(check("a"))
        die(conninfo, "check:a")
        await queue.put(check("a"))
        await queue.rescue()
    assert statuses(conninfo) == [("check:a", "todo", 0)]


async def test_a_task_that_killed_five_workers_is_given_up(conninfo: str) -> None:
    async with DistributedQueue(conninfo) as queue:
        await queue.put(check("a"))
        die(conninfo, "check:a", attempts=4)
        await queue.rescue()
    assert statuses(conninfo) == [("check:a", "failed", 5)]


async def test_a_task_that_failed_waits_a_little_and_is_tried_again(conninfo: str) -> None:
    done: list[str] = []

    async def do(task: Task) -> None:
        done.append(task.subject)
        raise ZeroDivisionError

    async with DistributedQueue(conninfo) as queue:
        await queue.put(check("a"))
        async with working(queue, do):
            await until(lambda: done and statuses(conninfo)[0][1] == "todo")
    assert statuses(conninfo) == [("check:a", "todo", 1)]


async def test_a_worker_goes_on_when_its_connections_were_cut(conninfo: str) -> None:
    done: list[str] = []

    async def do(task: Task) -> None:
        done.append(task.subject)

    async with DistributedQueue(conninfo) as queue, working(queue, do):
        await queue.put(check("a"))
        await until(lambda: done == ["a"])
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        await queue.put(check("b"))
        await until(lambda: done == ["a", "b"])


async def test_a_queue_that_cannot_be_reached_is_told_in_words(tmp_path) -> None:
    with pytest.raises(QueueUnavailable, match="check that the database server runs"):
        async with DistributedQueue(f"postgresql://postgres@/none?host={tmp_path}"):
            pass
