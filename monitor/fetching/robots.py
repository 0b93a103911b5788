"""Decide whether a site lets us read an address: its robots.txt (RFC 9309), kept for a day.

One that cannot be had forbids everything (2.3.1.4), unless it was read before: then that goes on to
hold (2.4). The site is asked for it again after ten minutes, then after twice as long each time, an hour
at most. After thirty days it counts as a file that is not there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from monitor.domain.source import Snapshot
from monitor.fetching.decoding import decoded
from monitor.fetching.failures import FetchFailed, RedirectedInVain

ROBOT_NAME = "TIPMonitor"
_AT_ONCE = datetime.min.replace(tzinfo=UTC)
_KEPT = timedelta(hours=24)
_FIRST_HOLD = timedelta(minutes=10)
_LONGEST_HOLD = timedelta(hours=1)
_UNDEFINED_FOR_LONG = timedelta(days=30)
_MOST_BYTES = 500 * 1024
_LONGEST_DELAY = 30.0
_NO_RULES = ""
# Parsing takes half a second for a million characters, and its result thirty times their memory.
_SHORT = 16 * 1024
_MOST_KEPT = 4 * 1024 * 1024
_MOST_SITES = 1000


@dataclass(slots=True)
class _Site:
    """What a site's file said last, null while it never could be read, and why it cannot be had now."""

    rules: Protego | None = None
    size: int = 0
    next_asked_at: datetime = _AT_ONCE
    failure: FetchFailed | None = None
    failing_since: datetime | None = None
    hold: timedelta = _FIRST_HOLD
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)


class RobotsRules:
    """The rules of every site asked so far; ``get`` fetches an address without asking for leave."""

    def __init__(self, get: Callable[[str], Awaitable[Snapshot]], now: Callable[[], datetime]) -> None:
        self._get = get
        self._now = now
        self._sites: dict[str, _Site] = {}

    async def check(self, url: str) -> float:
        """Return the seconds between requests that the site of ``url`` wishes, 30 at most.

        Raises:
            FetchFailed: the site does not let us read ``url``, or does not say whether it does.
        """
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        # Those asked last are kept: a feed may lead to any number of sites.
        site = self._sites[origin] = self._sites.pop(origin, _Site())
        if self._now() >= site.next_asked_at:
            async with site.asking:
                if self._now() >= site.next_asked_at:
                    await self._ask(site, f"{origin}/robots.txt")
        if site.rules is None:
            raise self._unread(url, site)
        if not site.rules.can_fetch(url, ROBOT_NAME):
            raise FetchFailed(
                url,
                f"the site's robots.txt does not let {ROBOT_NAME} read it",
                hint="ask the site for leave, or disable the source",
            )
        return min(float(site.rules.crawl_delay(ROBOT_NAME) or 0.0), _LONGEST_DELAY)

    async def _ask(self, site: _Site, url: str) -> None:
        try:
            text = await self._text(url)
            site.rules = await asyncio.to_thread(_rules, text) if len(text) > _SHORT else _rules(text)
            site.size = len(text)
        except FetchFailed as failure:
            now = self._now()
            site.failure = failure
            site.failing_since = site.failing_since or now
            if now - site.failing_since >= _UNDEFINED_FOR_LONG:
                site.rules = _rules(_NO_RULES)
            site.next_asked_at = now + min(max(site.hold, failure.retry_after or site.hold), _KEPT)
            site.hold = min(site.hold * 2, _LONGEST_HOLD)
        else:
            site.failure = site.failing_since = None
            site.next_asked_at = self._now() + _KEPT
            site.hold = _FIRST_HOLD
        self._forget_oldest()

    def _forget_oldest(self) -> None:
        size = sum(site.size for site in self._sites.values())
        for origin, site in list(self._sites.items())[:-1]:
            if len(self._sites) <= _MOST_SITES and size <= _MOST_KEPT:
                break
            size -= site.size
            del self._sites[origin]

    def _unread(self, url: str, site: _Site) -> FetchFailed:
        failure = site.failure or FetchFailed(url, "could not be had", transient=True)
        # A host that is down is down for the address that was asked for, too.
        reason, hint, retry_after = failure.reason, failure.hint, failure.retry_after
        if failure.status:
            reason = f"its site's robots.txt {reason}: until it can be read, nothing of the site may be"
        if failure.transient:
            again = f"the site is asked again after {site.next_asked_at:%Y-%m-%d %H:%M} UTC"
            hint = f"{hint}; {again}" if hint else again
            retry_after = max(site.next_asked_at - self._now(), timedelta(0))
        # Only 429 is a word on how often the site may be asked.
        status = 429 if failure.status == 429 else None
        return FetchFailed(
            url, reason, hint=hint, transient=failure.transient, retry_after=retry_after, status=status
        )

    async def _text(self, url: str) -> str:
        try:
            snapshot = await self._get(url)
        except RedirectedInVain:
            # RFC 9309, 2.3.1.2: after five redirects it counts as not there.
            return _NO_RULES
        except FetchFailed as failure:
            # RFC 9309, 2.3.1.3: a file that is not there forbids nothing; one that cannot be had does.
            if failure.status is not None and 400 <= failure.status < 500 and failure.status != 429:
                return _NO_RULES
            raise
        return decoded(snapshot.content[:_MOST_BYTES], "text/plain")


def _rules(text: str) -> Protego:
    return Protego.parse(text)
