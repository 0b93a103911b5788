"""Ask addresses over HTTP: politely, within bounds, and never inside the operator's own network."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network
from types import TracebackType
from typing import Self

import httpx

from monitor.domain.source import Snapshot, Validators


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPolicy:
    """How the fetcher behaves; ``contact`` (an address or page) goes into the User-Agent."""

    contact: str
    allow_addresses: tuple[IPv4Network | IPv6Network, ...] = ()
    max_bytes: int = 64 * 1024 * 1024
    max_redirects: int = 5
    connect_seconds: float = 10.0
    read_seconds: float = 30.0
    total_seconds: float = 180.0
    host_spacing_seconds: float = 1.0
    host_concurrency: int = 2
    attempts: int = 3
    backoff_seconds: float = 1.0
    longest_wait_seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class NotModified:
    """The address answered that nothing changed since ``validators`` were given."""

    url: str
    fetched_at: datetime
    validators: Validators


class Fetcher:
    """Fetches addresses; use it as an async context manager, one for the life of a process."""

    def __init__(
        self,
        policy: FetchPolicy,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        raise NotImplementedError

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        raise NotImplementedError

    async def fetch(self, url: str, *, validators: Validators | None = None) -> Snapshot | NotModified:
        """Return what ``url`` answers now.

        Raises:
            FetchFailed: with the reason, and whether it may pass.
        """
        raise NotImplementedError
