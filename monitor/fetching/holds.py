"""Decide which addresses and hosts are left alone after they said they are asked too often."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from monitor.fetching.failures import FetchFailed

_LONGEST = timedelta(days=1)
_FIRST_HOLD = timedelta(minutes=1)
_LONGEST_UNASKED = timedelta(hours=1)
_FORGOTTEN = timedelta(hours=6)


class Holds:
    """Remembers refusals of this process: an address is held by the first, its host by the second.

    Longer memory is the source's next due time, which storage keeps.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._until: dict[str, datetime] = {}
        self._refusals: dict[str, tuple[int, datetime]] = {}

    def check(self, url: str, host: str) -> None:
        """Return if ``url`` may be asked.

        Raises:
            FetchFailed: it, or its host, asked to be left alone for longer; ``retry_after`` is the rest.
        """
        now = self._now()
        for held, what in ((url, "it"), (host, f"the host {host}")):
            until = self._until.get(held)
            if until is None:
                continue
            if until <= now:
                del self._until[held]
                continue
            raise FetchFailed(
                url,
                f"{what} asked to be left alone until {until:%Y-%m-%d %H:%M:%S} UTC",
                hint="a longer interval would help",
                transient=True,
                retry_after=until - now,
                status=429,
            )

    def refused(self, url: str, host: str, retry_after: timedelta | None) -> None:
        """Take note of an answer 429, or 503 with a Retry-After; a day is the longest hold.

        A second refusal from a host without an answer in between holds the whole host: for what it
        asked, else for a minute, twice as long after each further one, an hour at most.
        """
        now = self._now()
        count, last = self._refusals.get(host, (0, now))
        count = count + 1 if now - last < _FORGOTTEN else 1
        self._refusals[host] = (count, now)
        if retry_after is not None:
            self._until[url] = now + min(retry_after, _LONGEST)
        if count > 1:
            unasked = min(_FIRST_HOLD * 2 ** min(count - 2, 10), _LONGEST_UNASKED)
            self._until[host] = now + (unasked if retry_after is None else min(retry_after, _LONGEST))

    def answered(self, host: str) -> None:
        """Take note that ``host`` answers again."""
        if host in self._refusals:
            del self._refusals[host]
