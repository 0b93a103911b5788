"""Reads many feeds at once, in processes beside this one: parsing is all processor, and Python's own lock
lets one thread of a process work at a time."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

from monitor.domain.source import Snapshot
from monitor.fetching.failures import FetchFailed
from monitor.fetching.feed import FeedItem, parse_feed

ParseFeed = Callable[[Snapshot], Awaitable[tuple[FeedItem, ...]]]
"""Does as `parse_feed`, off the event loop."""

_MOST_PROCESSES = 4


async def parse_in_thread(snapshot: Snapshot) -> tuple[FeedItem, ...]:
    """Do as `parse_feed`: for a few feeds, or none."""
    return await asyncio.to_thread(parse_feed, snapshot)


@contextmanager
def parsing_processes() -> Iterator[ParseFeed]:
    """Give a parser that works in processes, one fewer than there are processors.

    They end with the context.
    """
    count = max(1, min((os.cpu_count() or 2) - 1, _MOST_PROCESSES))
    # Not forked: this process has threads.
    pool = ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"))

    async def parse(snapshot: Snapshot) -> tuple[FeedItem, ...]:
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, parse_feed, snapshot)
        except BrokenProcessPool as error:
            reason = "the process that reads feeds has ended: one of them took too much memory"
            raise FetchFailed(snapshot.url, reason, transient=True) from error

    try:
        yield parse
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
