"""How connections are used: again and again, over HTTP/2, through a proxy."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import h2.config
import h2.connection
import h2.events
import pytest
import trustme

from monitor.domain.source import Snapshot, Validators
from monitor.fetching.client import Fetcher, NotModified
from monitor.fetching.failures import FetchFailed
from monitor.fetching.guard import GuardedTransport
from tests.fetching.sites_of_tests import Clock, policy

REDIRECT = b"HTTP/1.1 302 Found\r\nLocation: /end\r\nContent-Length: 5\r\n\r\nmoved"
ANSWERS = {
    "/same": b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n',
    "/end": b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nend",
    "/moved": REDIRECT,
}


Connected = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(connected: Connected, context: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Let ``connected`` serve what connects to loopback; yields the port, ends with the last of them."""
    served: list[asyncio.Task[None]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        served.append(task)
        try:
            await connected(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await asyncio.gather(*served)
        # The transports close one turn of the loop later.
        await asyncio.sleep(0)


@asynccontextmanager
async def keeping_alive(answers: dict[str, bytes]) -> AsyncIterator[tuple[str, list[int]]]:
    """A server that keeps connections open; yields its address and how many requests came over each."""
    requests: list[int] = []

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(0)
        number = len(requests) - 1
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            requests[number] += 1
            path = head.split(b" ", 2)[1].decode()
            writer.write(answers.get(path, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))
            await writer.drain()

    async with listening(connected) as port:
        yield f"http://127.0.0.1:{port}", requests


async def test_one_connection_serves_what_is_unchanged_and_what_has_moved():
    clock = Clock()
    async with (
        keeping_alive(ANSWERS) as (site, requests),
        Fetcher(policy(), now=clock.now, sleep=clock.sleep) as fetcher,
    ):
        unchanged = await fetcher.fetch(f"{site}/same", validators=Validators('"a"'))
        moved = await fetcher.fetch(f"{site}/moved")
        assert isinstance(unchanged, NotModified)
        assert isinstance(moved, Snapshot)
        assert requests == [4]


async def test_a_proxy_takes_every_request_with_the_name_and_password_of_its_address():
    heads: list[bytes] = []

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        heads.append(head)
        status = b"404 Not Found" if b"robots.txt" in head else b"200 OK"
        writer.write(b"HTTP/1.1 " + status + b"\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")
        await writer.drain()

    clock = Clock()
    async with listening(connected) as port:
        proxied = policy(proxy=f"http://ann:pass@127.0.0.1:{port}", allow_addresses=())
        async with Fetcher(proxied, now=clock.now, sleep=clock.sleep) as fetcher:
            answer = await fetcher.fetch("http://news.invalid/feed/")
            with pytest.raises(FetchFailed, match="not a public address"):
                await fetcher.fetch("http://127.0.0.1:1/")
    assert isinstance(answer, Snapshot)
    assert answer.content == b"ok"
    assert [head.split(b"\r\n")[0] for head in heads] == [
        b"GET http://news.invalid/robots.txt HTTP/1.1",
        b"GET http://news.invalid/feed/ HTTP/1.1",
    ]
    assert all(b"proxy-authorization: basic YW5uOnBhc3M=" in _lowered(head) for head in heads)


def _lowered(head: bytes) -> bytes:
    return head.replace(b"Proxy-Authorization: Basic", b"proxy-authorization: basic")


async def test_a_site_that_speaks_http_2_is_spoken_to_in_it():
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    context.set_alpn_protocols(["h2"])
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    transport = GuardedTransport(policy().allow_addresses, context=trusting)
    clock = Clock()
    async with (
        listening(_speak_http_2, context) as port,
        Fetcher(policy(), now=clock.now, sleep=clock.sleep, transport=transport) as fetcher,
    ):
        answer = await fetcher.fetch(f"https://127.0.0.1:{port}/page")
    assert isinstance(answer, Snapshot)
    assert answer.content == b"over HTTP/2"


async def _speak_http_2(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
    connection.initiate_connection()
    writer.write(connection.data_to_send())
    while data := await reader.read(65536):
        for event in connection.receive_data(data):
            if isinstance(event, h2.events.RequestReceived):
                path = dict(event.headers)[b":path"]
                status = "404" if path == b"/robots.txt" else "200"
                connection.send_headers(event.stream_id, [(":status", status)])
                connection.send_data(event.stream_id, b"over HTTP/2", end_stream=True)
        writer.write(connection.data_to_send())
        await writer.drain()
