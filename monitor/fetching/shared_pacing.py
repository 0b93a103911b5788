"""Decide when a host may be asked again, over all processes that share a PostgreSQL.

A turn is a session advisory lock on the host's name, held until the host may be asked again: no table,
and free at once when the process that held it dies. Who holds one says every few seconds that it is alive:
a process that hangs, or whose machine vanished, loses it to the server's idle time-out.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from types import TracebackType
from typing import Self

import psycopg
from psycopg_pool import AsyncConnectionPool

from monitor.fetching.failures import FetchFailed

_NAMESPACE = 0x74697068  # "tiph"
_MOST_CONNECTIONS = 32
_HUNG_SECONDS = 20.0
_SIGNS_OF_LIFE = 4
"""So many in the time after which a process counts as hung."""
_IDLE_SECONDS = 60.0
_TAKE = b"SELECT pg_advisory_lock(%s, hashtext(%s)), set_config('idle_session_timeout', %s, false)"
_FREE = b"SELECT pg_advisory_unlock_all(), set_config('idle_session_timeout', '0', false)"


class SharedPacing:
    """Hands out turns at hosts: one request at a time, their starts ``spacing`` apart, whoever asks.

    Use it as an async context manager. A connection is taken for each host that is being asked.
    """

    def __init__(
        self,
        conninfo: str,
        *,
        spacing_seconds: float,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        answer_seconds: float = 30,
        hung_seconds: float = _HUNG_SECONDS,
    ) -> None:
        self._spacing = spacing_seconds
        self._sleep = sleep
        self._hung_seconds = hung_seconds
        self._pool = AsyncConnectionPool(
            conninfo,
            min_size=0,
            max_size=_MOST_CONNECTIONS,
            timeout=answer_seconds,
            open=False,
            max_idle=_IDLE_SECONDS,
            kwargs={"autocommit": True, "connect_timeout": 10},
        )
        self._here: dict[str, asyncio.Lock] = {}

    async def __aenter__(self) -> Self:
        await self._pool.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._pool.close()

    @asynccontextmanager
    async def turn(self, host: str, *, at_least_seconds: float = 0.0) -> AsyncIterator[None]:
        """Wait for a turn at ``host`` and hold it; ``at_least_seconds`` is the host's own wish.

        Raises:
            FetchFailed: the database that hands out turns does not answer.
        """
        # Those of this process wait here, so that they wait over one connection.
        async with self._here.setdefault(host, asyncio.Lock()):
            connection = await self._locked(host)
            ended = asyncio.Event()
            alive = asyncio.create_task(self._show_life(connection, ended))
            try:
                begun = time.monotonic()
                yield
                rest = max(self._spacing, at_least_seconds) - (time.monotonic() - begun)
                if rest > 0:
                    await self._sleep(rest)
            finally:
                ended.set()
                try:
                    with suppress(psycopg.OperationalError):
                        await alive
                    # Where that fails the session has ended, and the lock with it.
                    with suppress(psycopg.OperationalError):
                        await connection.execute(_FREE)
                finally:
                    await self._pool.putconn(connection)

    async def _show_life(self, connection: psycopg.AsyncConnection, ended: asyncio.Event) -> None:
        """Say that this process is alive until ``ended``; no query is torn by that."""
        while not ended.is_set():
            try:
                async with asyncio.timeout(self._hung_seconds / _SIGNS_OF_LIFE):
                    await ended.wait()
            except TimeoutError:
                await connection.execute(b"SELECT 1")

    async def _locked(self, host: str) -> psycopg.AsyncConnection:
        try:
            connection = await self._pool.getconn()
        except psycopg.OperationalError as error:
            raise _no_turn(host) from error
        try:
            await connection.execute(_TAKE, [_NAMESPACE, host, str(int(self._hung_seconds * 1000))])
        except BaseException as error:
            # Cancelled too: a connection that waits for a lock is of no more use.
            await connection.close()
            await self._pool.putconn(connection)
            if isinstance(error, psycopg.OperationalError):
                raise _no_turn(host) from error
            raise
        return connection


def _no_turn(host: str) -> FetchFailed:
    reason = "the database that hands out turns at hosts did not answer"
    return FetchFailed(host, reason, hint="check that the database server runs", transient=True)
