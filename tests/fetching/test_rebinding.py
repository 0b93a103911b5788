"""Names whose address changes between the check and the connection, and from hop to hop.

127.0.0.2 stands for a public address here (it is allowed), 127.0.0.1 for one inside the operator's network.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_network
from itertools import chain, repeat
from typing import Any

import pytest

from monitor.domain.source import Snapshot
from monitor.fetching.client import Fetcher
from monitor.fetching.failures import FetchFailed
from tests.fetching.sites_of_tests import Clock, policy

PUBLIC, PRIVATE = "127.0.0.2", "127.0.0.1"
HOST = "rebinding.example"


@dataclass
class Resolver:
    """The system's resolver; to one name it gives ``answers`` in turn, the last one for ever."""

    answers: Iterator[list[str]]
    others: Callable[..., Any] = socket.getaddrinfo
    asked: int = 0

    def getaddrinfo(self, host: Any, port: Any, *more: Any, **named: Any) -> Any:
        if host != HOST:
            return self.others(host, port, *more, **named)
        self.asked += 1
        return [
            (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, port))
            for address in next(self.answers)
        ]


@pytest.fixture
def resolving(monkeypatch: pytest.MonkeyPatch) -> object:
    """Give the name these addresses, look-up by look-up."""

    def resolve(*answers: list[str]) -> Resolver:
        resolver = Resolver(chain(answers, repeat(answers[-1])))
        monkeypatch.setattr(socket, "getaddrinfo", resolver.getaddrinfo)
        return resolver

    return resolve


@dataclass
class Sites:
    """A server at each of the two addresses, on one port, and the paths that were asked of them."""

    port: int = 0
    asked: dict[str, list[str]] = field(default_factory=lambda: {PUBLIC: [], PRIVATE: []})

    def url(self, path: str) -> str:
        return f"http://{HOST}:{self.port}{path}"


@asynccontextmanager
async def serving(redirects: dict[str, str] | None = None) -> AsyncIterator[Sites]:
    sites = Sites()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address = writer.get_extra_info("sockname")[0]
        path = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1].decode()
        sites.asked[address].append(path)
        to = (redirects or {}).get(path)
        head = (
            f"302 Found\r\nLocation: {to}" if to else "404 Not Found" if path == "/robots.txt" else "200 OK"
        )
        # Every request has to connect anew.
        writer.write(f"HTTP/1.1 {head}\r\nConnection: close\r\nContent-Length: 4\r\n\r\nread".encode())
        await writer.drain()
        writer.close()

    public = await asyncio.start_server(connected, PUBLIC, 0)
    sites.port = public.sockets[0].getsockname()[1]
    private = await asyncio.start_server(connected, PRIVATE, sites.port)
    async with public, private:
        yield sites


def fetcher() -> Fetcher:
    clock = Clock()
    allowed = (ip_network(f"{PUBLIC}/32"),)
    return Fetcher(policy(allow_addresses=allowed, attempts=1), now=clock.now, sleep=clock.sleep)


async def test_a_name_is_looked_up_once_for_each_connection(resolving) -> None:
    resolver = resolving([PUBLIC])
    async with serving() as sites, fetcher() as client:
        assert isinstance(await client.fetch(sites.url("/feed")), Snapshot)
    assert sites.asked == {PUBLIC: ["/robots.txt", "/feed"], PRIVATE: []}
    assert resolver.asked == 2


async def test_an_answer_that_changes_after_the_check_is_not_connected_to(resolving) -> None:
    """The second look-up of the same connection would be the attacker's; there is none."""
    resolver = resolving([PUBLIC], [PUBLIC], [PRIVATE])
    async with serving() as sites, fetcher() as client:
        assert isinstance(await client.fetch(sites.url("/feed")), Snapshot)
        with pytest.raises(FetchFailed, match=f"{HOST} is at {PRIVATE}, which is not a public address"):
            await client.fetch(sites.url("/feed"))
    assert sites.asked == {PUBLIC: ["/robots.txt", "/feed"], PRIVATE: []}
    assert resolver.asked == 3


async def test_an_answer_that_changes_between_redirects_is_refused_at_the_hop(resolving) -> None:
    resolving([PUBLIC], [PUBLIC], [PRIVATE])
    async with serving({"/feed": "/metadata"}) as sites, fetcher() as client:
        with pytest.raises(FetchFailed, match="not a public address") as caught:
            await client.fetch(sites.url("/feed"))
    assert caught.value.url == sites.url("/feed")
    assert sites.asked == {PUBLIC: ["/robots.txt", "/feed"], PRIVATE: []}


async def test_the_robots_txt_of_a_name_that_is_private_is_not_asked_for_either(resolving) -> None:
    resolving([PRIVATE], [PUBLIC])
    async with serving() as sites, fetcher() as client:
        with pytest.raises(FetchFailed, match="not a public address"):
            await client.fetch(sites.url("/feed"))
    assert sites.asked == {PUBLIC: [], PRIVATE: []}


async def test_of_several_addresses_only_the_public_ones_are_connected_to(resolving) -> None:
    resolving([PRIVATE, PUBLIC])
    async with serving() as sites, fetcher() as client:
        assert isinstance(await client.fetch(sites.url("/feed")), Snapshot)
    assert sites.asked == {PUBLIC: ["/robots.txt", "/feed"], PRIVATE: []}


async def test_a_public_address_that_does_not_answer_is_not_replaced_by_a_private_one(resolving) -> None:
    async with serving() as sites:
        silent = "127.0.0.3"
        resolving([silent, PRIVATE])
        clock = Clock()
        allowed = (ip_network(f"{silent}/32"),)
        client = Fetcher(policy(allow_addresses=allowed, attempts=1), now=clock.now, sleep=clock.sleep)
        async with client:
            with pytest.raises(FetchFailed, match="the connection failed"):
                await client.fetch(sites.url("/feed"))
    assert sites.asked == {PUBLIC: [], PRIVATE: []}


async def test_a_redirect_to_a_private_literal_is_refused_in_every_spelling(resolving) -> None:
    for host in (PRIVATE, "2130706433", "0x7f.1", "0177.0.0.1", "[::ffff:127.0.0.1]"):
        resolving([PUBLIC])
        async with serving({"/feed": f"http://{host}:1/"}) as sites, fetcher() as client:
            with pytest.raises(FetchFailed, match=r"not a (public|valid) address"):
                await client.fetch(sites.url("/feed"))
        assert sites.asked == {PUBLIC: ["/robots.txt", "/feed"], PRIVATE: []}
