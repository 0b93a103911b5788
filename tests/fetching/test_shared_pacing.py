"""Turns at hosts over several processes, on a real PostgreSQL."""

from __future__ import annotations

import asyncio
import threading
import time
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest

from monitor.fetching.failures import FetchFailed
from monitor.fetching.shared_pacing import SharedPacing
from tests.storage.postgresql import database_url

SPACING = 0.1


async def ask(pacing: SharedPacing, host: str, times: int, starts: list[float]) -> None:
    for _ in range(times):
        async with pacing.turn(host):
            starts.append(time.monotonic())


async def test_requests_to_one_host_lie_apart_whichever_process_makes_them(postgresql: str) -> None:
    conninfo = database_url(postgresql, "postgres")
    starts: list[float] = []
    others: list[float] = []
    async with (
        SharedPacing(conninfo, spacing_seconds=SPACING) as one,
        SharedPacing(conninfo, spacing_seconds=SPACING) as two,
    ):
        await asyncio.gather(
            ask(one, "a.example", 3, starts),
            ask(two, "a.example", 3, starts),
            ask(two, "b.example", 3, others),
        )
    assert len(starts) == 6
    assert min(after - before for before, after in pairwise(starts)) >= SPACING * 0.9
    # The other host did not wait for the first one's turns.
    assert others[-1] < starts[-1]


async def test_the_turn_of_a_process_that_died_is_free(postgresql: str) -> None:
    conninfo = database_url(postgresql, "postgres")
    starts: list[float] = []
    async with (
        SharedPacing(conninfo, spacing_seconds=0) as dying,
        SharedPacing(conninfo, spacing_seconds=0) as other,
        dying.turn("a.example"),
    ):
        waiting = asyncio.create_task(ask(other, "a.example", 1, starts))
        await asyncio.sleep(0.2)
        assert starts == []
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            )
        await asyncio.wait_for(waiting, 10)
    assert len(starts) == 1


async def test_who_gives_up_waiting_keeps_nobody_else_waiting(postgresql: str) -> None:
    conninfo = database_url(postgresql, "postgres")
    async with (
        SharedPacing(conninfo, spacing_seconds=0) as one,
        SharedPacing(conninfo, spacing_seconds=0) as two,
    ):
        async with one.turn("a.example"):
            impatient = asyncio.create_task(ask(two, "a.example", 1, []))
            await asyncio.sleep(0.2)
            impatient.cancel()
            await asyncio.gather(impatient, return_exceptions=True)
        starts: list[float] = []
        await asyncio.wait_for(ask(two, "a.example", 1, starts), 10)
    assert len(starts) == 1


async def test_without_the_database_a_fetch_fails_for_now(tmp_path: Path) -> None:
    nowhere = f"postgresql://postgres@/none?host={tmp_path}"
    async with SharedPacing(nowhere, spacing_seconds=0, answer_seconds=0.3) as pacing:
        with pytest.raises(FetchFailed) as told:
            async with pacing.turn("a.example"):
                pass
    assert told.value.transient


async def test_a_process_that_hangs_in_its_turn_loses_it(postgresql: str) -> None:
    conninfo = database_url(postgresql, "postgres")
    has_turn, go_on = threading.Event(), threading.Event()

    async def hang() -> None:
        async with SharedPacing(conninfo, spacing_seconds=0, hung_seconds=0.4) as hung:
            async with hung.turn("a.example"):
                has_turn.set()
                go_on.wait()  # and with it the whole loop
            async with asyncio.timeout(10), hung.turn("a.example"):
                pass

    process = asyncio.create_task(asyncio.to_thread(asyncio.run, hang()))
    await asyncio.to_thread(has_turn.wait)
    try:
        async with (
            asyncio.timeout(10),
            SharedPacing(conninfo, spacing_seconds=0) as other,
            other.turn("a.example"),
        ):
            pass
    finally:
        go_on.set()
    # Once it goes on, it asks for a new turn like everybody.
    await process


async def test_a_process_that_is_alive_keeps_its_turn_for_as_long_as_a_request_takes(postgresql: str) -> None:
    conninfo = database_url(postgresql, "postgres")
    starts: list[float] = []
    async with (
        SharedPacing(conninfo, spacing_seconds=0, hung_seconds=0.4) as slow,
        SharedPacing(conninfo, spacing_seconds=0) as other,
    ):
        async with slow.turn("a.example"):
            waiting = asyncio.create_task(ask(other, "a.example", 1, starts))
            await asyncio.sleep(1.2)
            assert starts == []
        await asyncio.wait_for(waiting, 10)
    assert len(starts) == 1


async def test_a_connection_that_waits_for_its_next_turn_is_not_ended_with_the_last_one(
    postgresql: str,
) -> None:
    conninfo = database_url(postgresql, "postgres")
    async with SharedPacing(conninfo, spacing_seconds=0, hung_seconds=0.3) as pacing:
        for _ in range(2):
            async with pacing.turn("a.example"):
                pass
            await asyncio.sleep(0.7)
