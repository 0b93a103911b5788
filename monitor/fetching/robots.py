"""Decide whether a site lets us read an address: its robots.txt (RFC 9309), kept for a day."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from monitor.domain.source import Snapshot
from monitor.fetching.decoding import decoded
from monitor.fetching.failures import FetchFailed, RedirectedInVain

ROBOT_NAME = "TIPMonitor"
_KEPT = timedelta(hours=24)
_MOST_BYTES = 500 * 1024
_LONGEST_DELAY = 30.0


class RobotsRules:
    """The rules of every site asked so far; ``get`` fetches an address without asking for leave."""

    def __init__(self, get: Callable[[str], Awaitable[Snapshot]], now: Callable[[], datetime]) -> None:
        self._get = get
        self._now = now
        self._known: dict[str, tuple[datetime, Protego]] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def check(self, url: str) -> float:
        """Return the seconds between requests that the site of ``url`` wishes, 30 at most.

        Raises:
            FetchFailed: the site does not let us read ``url``, or does not say whether it does.
        """
        parts = urlsplit(url)
        try:
            rules = await self._rules(f"{parts.scheme}://{parts.netloc}")
        except FetchFailed as failure:
            # A host that is down is down for the address that was asked for, too.
            reason = f"its site's robots.txt {failure.reason}" if failure.status else failure.reason
            raise FetchFailed(
                url,
                reason,
                hint=failure.hint,
                transient=failure.transient,
                retry_after=failure.retry_after,
                status=failure.status,
            ) from failure
        if not rules.can_fetch(url, ROBOT_NAME):
            raise FetchFailed(
                url,
                f"the site's robots.txt does not let {ROBOT_NAME} read it",
                hint="ask the site for leave, or disable the source",
            )
        return min(float(rules.crawl_delay(ROBOT_NAME) or 0.0), _LONGEST_DELAY)

    async def _rules(self, origin: str) -> Protego:
        async with self._locks.setdefault(origin, asyncio.Lock()):
            known = self._known.get(origin)
            if known and self._now() - known[0] < _KEPT:
                return known[1]
            rules = Protego.parse(await self._text(f"{origin}/robots.txt"))
            self._known[origin] = (self._now(), rules)
            return rules

    async def _text(self, url: str) -> str:
        try:
            snapshot = await self._get(url)
        except RedirectedInVain:
            # RFC 9309, 2.3.1.2: after five redirects it counts as not there.
            return ""
        except FetchFailed as failure:
            # RFC 9309, 2.3.1.3: a file that is not there forbids nothing; one that cannot be had does.
            if failure.status is not None and 400 <= failure.status < 500 and failure.status != 429:
                return ""
            raise
        return decoded(snapshot.content[:_MOST_BYTES], "text/plain")
