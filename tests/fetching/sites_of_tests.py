"""A loopback server that answers raw bytes, and a clock that moves only when somebody sleeps."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import httpx

from monitor.domain.source import Snapshot
from monitor.fetching.client import Fetcher, FetchPolicy

Handler = Callable[[str, asyncio.StreamWriter], Awaitable[None]]
START = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)


class Clock:
    """Time that passes only in `sleep`, which returns at once and keeps what it was asked for."""

    def __init__(self) -> None:
        self.time = START
        self.sleeps: list[float] = []

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.time += timedelta(seconds=seconds)


def policy(**overrides: object) -> FetchPolicy:
    settings: dict[str, object] = {
        "contact": "ops@example.org",
        "allow_addresses": (ip_network("127.0.0.1/32"),),
        "host_spacing_seconds": 0.0,
        **overrides,
    }
    return FetchPolicy(**settings)  # type: ignore[arg-type]


def mocked(
    answer: Callable[[httpx.Request], httpx.Response], clock: Clock | None = None, **overrides: object
) -> Fetcher:
    """A fetcher whose requests ``answer`` takes; robots.txt is not there unless it answers that too."""
    clock = clock or Clock()

    def handle(request: httpx.Request) -> httpx.Response:
        response = answer(request)
        if request.url.path == "/robots.txt" and response.headers.get("x-robots") != "yes":
            return httpx.Response(404)
        if not response.is_stream_consumed:
            return response
        # The mock hands out read bodies, a network never does.
        return httpx.Response(
            response.status_code, headers=response.headers, stream=httpx.ByteStream(response.content)
        )

    return Fetcher(
        policy(**overrides), now=clock.now, sleep=clock.sleep, transport=httpx.MockTransport(handle)
    )


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    """Serve ``handler(path, writer)`` on loopback, robots.txt excepted; yields the site's address."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode()
            if path == "/robots.txt":
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            else:
                await handler(path, writer)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


def page(
    content: bytes | str,
    url: str = "https://www.state.gov/reports/2024-trafficking-in-persons-report/argentina/",
    media_type: str = "text/html; charset=utf-8",
) -> Snapshot:
    """What ``url`` answered."""
    raw = content.encode() if isinstance(content, str) else content
    return Snapshot(url=url, final_url=url, fetched_at=START, media_type=media_type, content=raw)
