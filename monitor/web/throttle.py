"""Decides who asks too often: requests of one address in a moving minute, counted in this process."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from time import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_IPV6_NETWORK = 64


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many requests a minute one address has to paths that begin and end so."""

    name: str
    per_minute: int
    prefix: str
    suffixes: tuple[str, ...] = ("",)

    def covers(self, path: str) -> bool:
        return path.startswith(self.prefix) and path.endswith(self.suffixes)


DOWNLOADS = Allowance("downloads", 20, "/api/v1/", (".csv", ".parquet"))
API = Allowance("api", 300, "/api/v1/")


class Attempts:
    """Counts attempts by address. Two processes count apart, so that each allows as many."""

    def __init__(self, per_minute: int, name: str) -> None:
        self._item = RateLimitItemPerMinute(per_minute)
        self._name = name
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def seconds_to_wait(self, address: str) -> int | None:
        """Count an attempt of ``address``; return how long to wait where there were too many, else None."""
        if self._limiter.hit(self._item, self._name, address):
            return None
        reset = self._limiter.get_window_stats(self._item, self._name, address).reset_time
        return max(1, ceil(reset - time()))


class Throttle:
    """Answers 429 to an address that asks more often than the first allowance that covers the path."""

    def __init__(self, app: ASGIApp, *, allowances: Sequence[Allowance] = (DOWNLOADS, API)) -> None:
        self._app = app
        self._allowances = [(each, Attempts(each.per_minute, each.name)) for each in allowances]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            attempts = next((own for each, own in self._allowances if each.covers(scope["path"])), None)
            wait = attempts.seconds_to_wait(address_of(scope)) if attempts else None
            if wait is not None:
                words = f"Too many requests in a minute. Please come back in {wait} seconds."
                refusal = JSONResponse({"detail": words}, 429, headers={"Retry-After": str(wait)})
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)


def address_of(scope: Scope) -> str:
    """Return who asks: the address, of IPv6 the network that one household has."""
    host = (scope.get("client") or ("unknown", 0))[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return str(host)
    if address.version == 6:
        return str(ipaddress.ip_network(f"{host}/{_IPV6_NETWORK}", strict=False))
    return str(host)
