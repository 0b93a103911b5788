"""One process leads at a time, and another takes over when it is gone."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable

import psycopg

from monitor.queueing.election import lead_when_elected


class Thawed(Exception):  # noqa: N818
    """The process that hung goes on."""


def leader(name: str, leading: list[str]) -> Callable[[], Awaitable[None]]:
    async def lead() -> None:
        leading.append(name)
        try:
            await asyncio.Event().wait()
        finally:
            leading.remove(name)

    return lead


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(15):
        while not condition():
            await asyncio.sleep(0.02)


async def test_one_leads_and_another_takes_over_when_its_session_is_lost(empty_conninfo: str) -> None:
    leading: list[str] = []
    one = asyncio.create_task(lead_when_elected(empty_conninfo, leader("one", leading)))
    await until(lambda: leading == ["one"])
    two = asyncio.create_task(lead_when_elected(empty_conninfo, leader("two", leading)))
    await asyncio.sleep(0.1)
    assert leading == ["one"]

    with psycopg.connect(empty_conninfo, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
        )
    await until(lambda: leading == ["two"])

    for each in (one, two):
        each.cancel()
    await asyncio.gather(one, two, return_exceptions=True)
    assert leading == []


async def test_another_takes_over_from_one_that_hangs(empty_conninfo: str) -> None:
    """Its kernel keeps its connection alive: only the server can tell that it says nothing any more."""
    leading: list[str] = []
    hung, thawed = threading.Event(), threading.Event()

    async def hang() -> None:
        hung.set()
        thawed.wait(15)
        raise Thawed

    async def elected(lead: Callable[[], Awaitable[None]]) -> None:
        await lead_when_elected(empty_conninfo, lead, every_seconds=0.2, hung_seconds=1.0)

    def freeze() -> None:
        with contextlib.suppress(Thawed):
            asyncio.run(elected(hang))

    frozen = threading.Thread(target=freeze)
    frozen.start()
    await until(hung.is_set)
    other = asyncio.create_task(elected(leader("other", leading)))
    try:
        await until(lambda: leading == ["other"])
    finally:
        thawed.set()
        frozen.join()
        other.cancel()
        await asyncio.gather(other, return_exceptions=True)
