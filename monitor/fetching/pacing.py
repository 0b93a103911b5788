"""Decide when a host may be asked again: spacing between requests, and how many at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime, timedelta
from typing import Protocol


class Pacing(Protocol):
    """Hands out turns at hosts. ``HostPacing`` does in a process, ``SharedPacing`` over many."""

    def turn(self, host: str, *, at_least_seconds: float = 0.0) -> AbstractAsyncContextManager[None]:
        """Wait for a turn at ``host`` and hold it; ``at_least_seconds`` is the host's own wish."""
        ...


class HostPacing:
    """Hands out turns at hosts: the starts of two requests to one host lie ``spacing`` apart."""

    def __init__(
        self,
        *,
        spacing_seconds: float,
        concurrency: int,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._spacing = spacing_seconds
        self._concurrency = concurrency
        self._now = now
        self._sleep = sleep
        self._slots: dict[str, asyncio.Semaphore] = {}
        self._next_turn: dict[str, datetime] = {}

    @asynccontextmanager
    async def turn(self, host: str, *, at_least_seconds: float = 0.0) -> AsyncIterator[None]:
        """Wait for a turn at ``host`` and hold it; ``at_least_seconds`` is the host's own wish."""
        spacing = max(self._spacing, at_least_seconds)
        slot = self._slots.setdefault(host, asyncio.Semaphore(self._concurrency))
        async with slot:
            now = self._now()
            start = max(now, self._next_turn.get(host, now))
            # A clock that was set back must not stop a host for hours.
            wait = min((start - now).total_seconds(), spacing * self._concurrency)
            self._next_turn[host] = now + timedelta(seconds=wait + spacing)
            if wait > 0:
                await self._sleep(wait)
            yield
