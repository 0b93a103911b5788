"""Gathers narratives that were read, so that a whole edition is recorded and compared at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from monitor.domain.source import Snapshot
from monitor.jobs.outcome import Outcome
from monitor.jobs.recording import Found, Recorded

_MOST = 250
_LONGEST_WAIT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A narrative that was read; ``page`` is what is remembered with it: all that its page holds was read."""

    found: Found
    page: Snapshot | None


@dataclass(slots=True)
class Batch:
    """Narratives on their way into the store.

    ``record`` stores many in one transaction with all that follows; it blocks, and runs off the event
    loop. What comes quickly is recorded together: at most 250, and none waits for more than five
    seconds beside the next one. Whoever fills a batch empties it in the end. What a kill leaves in it
    was never remembered, so that its page is read again.
    """

    record: Callable[[Sequence[Waiting]], list[Recorded]]
    outcome: Outcome
    _waiting: list[Waiting] = field(default_factory=list)
    _since: float = 0.0
    _recording: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def add(self, each: Waiting) -> None:
        """Take a narrative; record what waits where it is due."""
        if not self._waiting:
            self._since = time.monotonic()
        while self._has(each.found):
            await self.empty()
        self._waiting.append(each)
        if len(self._waiting) >= _MOST or time.monotonic() - self._since >= _LONGEST_WAIT_SECONDS:
            await self.empty()

    async def empty(self) -> None:
        """Record all that waits, and count it in the outcome."""
        async with self._recording:
            taken, self._waiting = self._waiting, []
            if not taken:
                return
            recorded = await asyncio.to_thread(self.record, taken)
        for each, result in zip(taken, recorded, strict=True):
            where = each.found.document.url
            self.outcome.narratives += self.outcome.count(result, each.found.reading, where=where)

    def _has(self, found: Found) -> bool:
        key = (found.country, found.edition)
        return any((each.found.country, each.found.edition) == key for each in self._waiting)
