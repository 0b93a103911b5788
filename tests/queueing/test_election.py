"""One process leads at a time, and another takes over when it is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import psycopg

from monitor.queueing.election import lead_when_elected


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
