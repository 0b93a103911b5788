"""Lets one of many processes decide what is due: a session advisory lock of PostgreSQL.

The lock lives and dies with its session, so a process that is killed frees it at once, and a
machine that vanishes when the server finds its connection dead (about 12 seconds). One that hangs,
whose connection its kernel keeps alive, loses it to the server's idle time-out. Needs a connection
of its own to the server: no pooler that hands sessions around.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable

import psycopg
import structlog

_ADVISORY_LOCK = 0x74697073  # "tips"
_EVERY_SECONDS = 2.0
_ANSWER_SECONDS = 6.0
_HUNG_SECONDS = 12.0

log = structlog.get_logger(__name__)


async def lead_when_elected(
    conninfo: str,
    lead: Callable[[], Awaitable[None]],
    *,
    every_seconds: float = _EVERY_SECONDS,
    hung_seconds: float = _HUNG_SECONDS,
) -> None:
    """Run ``lead`` whenever, and for as long as, this process holds the lock; until cancelled.

    ``lead`` is cancelled when the session is lost; what it raises itself ends this call. The session
    says every ``every_seconds`` that it is alive, and is ended by the server when it has said nothing
    for ``hung_seconds``.
    """
    while True:
        try:
            await _one_candidacy(conninfo, lead, every_seconds, hung_seconds)
        except (psycopg.OperationalError, TimeoutError) as error:
            reason = (str(error).strip().splitlines() or ["no answer in time"])[0]
            log.warning("election_interrupted", reason=reason)
        await asyncio.sleep(every_seconds)


async def _one_candidacy(
    conninfo: str, lead: Callable[[], Awaitable[None]], every_seconds: float, hung_seconds: float
) -> None:
    connection = await psycopg.AsyncConnection.connect(
        conninfo,
        autocommit=True,
        connect_timeout=10,
        application_name=f"tip-monitor scheduler {os.getpid()}",
        keepalives_idle=4,
        keepalives_interval=2,
        keepalives_count=3,
    )
    async with connection:
        # The same for the server's side, which is what frees the lock of a machine that vanished.
        for setting in ("idle = 4", "interval = 2", "count = 3"):
            await connection.execute(f"SET tcp_keepalives_{setting}".encode())
        await connection.execute(f"SET idle_session_timeout = {int(hung_seconds * 1000)}".encode())
        while not await _is_ours(connection):
            await asyncio.sleep(every_seconds)
        log.info("elected_scheduler")
        leading = asyncio.ensure_future(lead())
        try:
            while not leading.done():
                await asyncio.wait([leading], timeout=every_seconds)
                async with asyncio.timeout(_ANSWER_SECONDS):
                    await connection.execute("SELECT 1")
            leading.result()
        finally:
            leading.cancel()
            await asyncio.gather(leading, return_exceptions=True)
            log.info("no_longer_scheduler")


async def _is_ours(connection: psycopg.AsyncConnection) -> bool:
    async with asyncio.timeout(_ANSWER_SECONDS):
        cursor = await connection.execute("SELECT pg_try_advisory_lock(%s)", [_ADVISORY_LOCK])
        return await cursor.fetchone() == (True,)
