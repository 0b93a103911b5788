"""Decide which network addresses may be connected to, and connect to nothing else.

The check sits in httpcore's network backend: a name is resolved once, every address it gives is
checked, and the connection goes to a checked address. So no redirect, odd spelling of a host
(``0x7f.1``, ``2130706433``) or DNS answer that changes between check and use gets past it.
"""

from __future__ import annotations

import asyncio
import select
import socket
import ssl
from collections.abc import AsyncIterator, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any, TypeAlias, cast

import httpcore
import httpx

Network: TypeAlias = IPv4Network | IPv6Network

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_TEREDO = IPv6Network("2001::/32")
_DOCUMENTATION = IPv6Network("3fff::/20")
_SHARED = IPv4Network("100.64.0.0/10")
# IANA's IPv4 special-purpose registry knows more than `is_private` does: 6to4 relays, AMT, benchmarks.
_SPECIAL = tuple(
    IPv4Network(network) for network in ("192.0.0.0/24", "192.88.99.0/24", "192.52.193.0/24", "198.18.0.0/15")
)


class AddressRefused(Exception):  # noqa: N818 - named for what happened, as the failures are
    """A host resolves to no address that may be connected to."""


def is_allowed(address: str, allowed: Iterable[Network] = ()) -> bool:
    """Whether ``address`` is on the public internet or in one of the ``allowed`` networks.

    An IPv4 address inside an IPv6 one (mapped, 6to4, NAT64) counts as that IPv4 address.
    """
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        ip = _embedded(ip) or ip
    if any(ip.version == network.version and ip in network for network in allowed):
        return True
    if ip.is_private or ip.is_multicast or ip.is_reserved or ip.is_loopback or ip.is_link_local:
        return False
    if ip.is_unspecified:
        return False
    if isinstance(ip, IPv6Address):
        return ip in _GLOBAL_UNICAST and ip not in _TEREDO and ip not in _DOCUMENTATION
    return ip not in _SHARED and not any(ip in network for network in _SPECIAL)


def _embedded(ip: IPv6Address) -> IPv4Address | None:
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects to addresses that `is_allowed` lets through, and to no socket file."""

    def __init__(self, allowed: tuple[Network, ...] = ()) -> None:
        self._allowed = allowed
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first checked address of ``host`` that answers.

        Raises:
            AddressRefused: none of its addresses may be connected to.
            httpcore.ConnectError, httpcore.ConnectTimeout: it is not known, or does not answer.
        """
        addresses = await _resolve(host, port, timeout)
        checked = [address for address in addresses if is_allowed(address, self._allowed)]
        if not checked:
            raise AddressRefused(f"{host} is at {addresses[0]}, which is not a public address")
        error: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in checked[:4]:
            try:
                stream = await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
                return _Stream(stream)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failure:
                error = failure
        assert error is not None  # noqa: S101 - the loop ran at least once
        raise error

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: no address of ours is a socket file."""
        raise AddressRefused(f"{path} is a socket file")

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


class _Stream(httpcore.AsyncNetworkStream):
    """A connection that keeps its socket: for each request the pool asks all of them whether they ended."""

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner
        self._socket: socket.socket = inner.get_extra_info("socket")
        self._poll = select.poll()
        self._poll.register(self._socket, select.POLLIN)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._inner.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        return _Stream(await self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":
            return self._socket.fileno() < 0 or bool(self._poll.poll(0))
        return self._inner.get_extra_info(info)


async def _resolve(host: str, port: int, limit: float | None) -> list[str]:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(limit):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except TimeoutError as error:
        raise httpcore.ConnectTimeout(f"the name {host} was not resolved in time") from error
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"the name {host} is not known") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not addresses:
        raise httpcore.ConnectError(f"the name {host} has no address")
    return addresses


class GuardedTransport(httpx.AsyncBaseTransport):
    """httpx over an httpcore pool whose every connection goes through the guard; HTTP/1.1 and HTTP/2.

    With a ``proxy`` it is the proxy that resolves names and connects, and so the proxy that has to
    guard the network behind it. What this side can see to be private, it refuses all the same.
    """

    def __init__(
        self, allowed: tuple[Network, ...] = (), *, context: ssl.SSLContext, proxy: str | None = None
    ) -> None:
        self._allowed = allowed
        self._is_proxied = proxy is not None
        self._pool = _pool(GuardedBackend(allowed), context) if proxy is None else _proxied(proxy, context)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request.

        Raises:
            httpx.TransportError: as httpx's own transport does.
            AddressRefused: the host may not be connected to.
        """
        if self._is_proxied:
            await _refuse_private(request.url.host, request.url.port or 443, self._allowed)
        try:
            response = await self._pool.handle_async_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(
                        scheme=request.url.raw_scheme,
                        host=request.url.raw_host,
                        port=request.url.port,
                        target=request.url.raw_path,
                    ),
                    headers=request.headers.raw,
                    content=cast("AsyncIterator[bytes]", request.stream),
                    extensions=request.extensions,
                )
            )
        except _TRANSLATED as error:
            raise _translate(error, request) from error
        return httpx.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_Body(cast("AsyncIterator[bytes]", response.stream), response, request),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        await self._pool.aclose()


def guarded_client(allowed: tuple[Network, ...] = (), *, timeout: float = 30) -> httpx.AsyncClient:
    """Return a client that follows no redirect and reaches public and ``allowed`` addresses only.

    What it refuses raises ``AddressRefused``. ``timeout`` is in seconds, for each step.
    """
    context = ssl.create_default_context()
    return httpx.AsyncClient(
        transport=GuardedTransport(allowed, context=context), timeout=timeout, follow_redirects=False
    )


class _Body(httpx.AsyncByteStream):
    def __init__(
        self, stream: AsyncIterator[bytes], response: httpcore.Response, request: httpx.Request
    ) -> None:
        self._stream = stream
        self._response = response
        self._request = request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for part in self._stream:
                yield part
        except _TRANSLATED as error:
            raise _translate(error, self._request) from error

    async def aclose(self) -> None:
        await self._response.aclose()


_MOST_CONNECTIONS = 100
# The pool looks at each of them for each request.
_MOST_KEPT_ALIVE = 16
_KEPT_ALIVE_SECONDS = 15.0


def _pool(backend: GuardedBackend, context: ssl.SSLContext) -> httpcore.AsyncConnectionPool:
    return httpcore.AsyncConnectionPool(
        ssl_context=context,
        max_connections=_MOST_CONNECTIONS,
        max_keepalive_connections=_MOST_KEPT_ALIVE,
        keepalive_expiry=_KEPT_ALIVE_SECONDS,
        http1=True,
        http2=True,
        network_backend=backend,
    )


def _proxied(proxy: str, context: ssl.SSLContext) -> httpcore.AsyncConnectionPool:
    """Return a pool that connects to the operator's own proxy, wherever that is."""
    address = httpx.URL(proxy)
    has_login = bool(address.username or address.password)
    return httpcore.AsyncHTTPProxy(
        proxy_url=str(address.copy_with(username=None, password=None)),
        proxy_auth=(address.username, address.password) if has_login else None,
        ssl_context=context,
        max_connections=_MOST_CONNECTIONS,
        max_keepalive_connections=_MOST_KEPT_ALIVE,
        keepalive_expiry=_KEPT_ALIVE_SECONDS,
        http1=True,
        http2=True,
    )


async def _refuse_private(host: str, port: int, allowed: tuple[Network, ...]) -> None:
    try:
        addresses = await _resolve(host, port, 10.0)
    except (httpcore.ConnectError, httpcore.ConnectTimeout):
        return  # a name that only the proxy's side knows
    if not any(is_allowed(address, allowed) for address in addresses):
        raise AddressRefused(f"{host} is at {addresses[0]}, which is not a public address")


_TRANSLATED = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    httpcore.ProxyError,
)


# httpcore leaves these without a word where the other side just went away.
_IN_WORDS = {
    "ReadError": "it was cut while the answer came",
    "WriteError": "it was cut while the request went out",
    "ConnectError": "it could not be made",
}


def _translate(error: Exception, request: httpx.Request) -> httpx.TransportError:
    """Return httpx's exception of the same name: both libraries name them alike."""
    name = type(error).__name__
    kind = getattr(httpx, name, httpx.TransportError)
    translated: httpx.TransportError = kind(str(error) or _IN_WORDS.get(name, name), request=request)
    return translated
