"""How fast feeds are polled: ``python -m tests.benchmarks.polling [ROUNDS [ABOUT]]``.

Needs the ``bench`` extra. 500 feeds of 20 items on loopback, 8 at once. The first poll (fetch, parse,
store) against the ``reader`` library's ``update_feeds``; a poll in which all answer 304 against a bare
loop of httpx that does nothing with the answers. ABOUT items of each feed (0) are about trafficking:
they are read, recorded and compared, which the library has no counterpart of. Each round does all of
them in turns, with new databases; prints medians of seconds on the clock and of the rounds' ratios.
Nothing is asserted.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from statistics import median

import httpx
from reader import make_reader

from monitor.bootstrap import Vocabulary, reader, utc_now, vocabulary
from monitor.domain.source import Source, SourceKind
from monitor.fetching.client import Fetcher, FetchPolicy
from monitor.fetching.feed_process import FeedProcesses, ParseFeed
from monitor.jobs.check_sources import check_sources
from monitor.jobs.outcome import Checker, Outcome
from monitor.storage.database import Database
from monitor.storage.schema import migrate
from monitor.storage.sources import sync_sources
from tests.benchmarks._feeds import FEEDS, ITEMS, serving

AT_ONCE = 8


def main(rounds: int, about: int) -> None:
    words = vocabulary()
    firsts: list[tuple[float, float]] = []
    unchanged: list[tuple[float, float]] = []
    with serving(about) as site, tempfile.TemporaryDirectory() as directory:
        addresses = [f"{site}/feed/{number}" for number in range(FEEDS)]
        for number in range(rounds):
            theirs = _reader(addresses, Path(directory) / f"reader-{number}.db")
            first, again = asyncio.run(_ours(addresses, words, Path(directory) / f"ours-{number}.db"))
            firsts.append((first, theirs))
            unchanged += zip(again, asyncio.run(_bare(addresses, len(again))), strict=True)
    print(f"{FEEDS} feeds of {ITEMS} items, {about} about trafficking, {AT_ONCE} at once, {rounds} rounds")
    _print("first poll", "reader", firsts)
    _print("all unchanged", "bare httpx", unchanged)


def _print(what: str, other: str, times: list[tuple[float, float]]) -> None:
    ours, theirs = (median(each) for each in zip(*times, strict=True))
    ratio = median(own / their for own, their in times)
    print(f"{what:14} {ours:.3f}, {other} {theirs:.3f}, ratio {ratio:.2f}")


def _reader(addresses: list[str], path: Path) -> float:
    with make_reader(str(path)) as library:
        for address in addresses:
            library.add_feed(address)
        taken = _timed(lambda: library.update_feeds(workers=AT_ONCE))
        assert library.get_entry_counts().total == FEEDS * ITEMS
    return taken


async def _ours(addresses: list[str], words: Vocabulary, path: Path) -> tuple[float, list[float]]:
    sources = [
        Source(f"paper-{number}", SourceKind.FEED, address, timedelta(minutes=30))
        for number, address in enumerate(addresses)
    ]
    database = Database(f"sqlite:///{path}")
    migrate(database)
    with database.transaction() as session:
        sync_sources(session, sources)
    policy = FetchPolicy(
        contact="bench@example.org",
        allow_addresses=(ip_network("127.0.0.1/32"),),
        host_spacing_seconds=0,
        host_concurrency=AT_ONCE,
    )

    async def poll(fetcher: Fetcher, parse: ParseFeed) -> tuple[float, list[Outcome]]:
        checker = Checker(reader(database, words), fetcher, parse=parse)
        began = time.perf_counter()
        outcomes = await check_sources(sources, checker, at_once=AT_ONCE)
        assert not [line for outcome in outcomes for line in outcome.failures]
        return time.perf_counter() - began, outcomes

    async with Fetcher(policy, now=utc_now) as fetcher, FeedProcesses() as feeds:
        first, outcomes = await poll(fetcher, feeds.parse)
        assert sum(each.articles + each.passed for each in outcomes) == FEEDS * ITEMS
        again = [(await poll(fetcher, feeds.parse))[0] for _ in range(3)]
    database.dispose()
    return first, again


async def _bare(addresses: list[str], times: int) -> list[float]:
    etags: dict[str, str] = {}
    slots = asyncio.Semaphore(AT_ONCE)
    async with httpx.AsyncClient() as client:

        async def one(address: str) -> None:
            async with slots:
                answer = await client.get(address, headers={"If-None-Match": etags.get(address, "-")})
            etags.setdefault(address, answer.headers["etag"])

        async def loop() -> float:
            began = time.perf_counter()
            await asyncio.gather(*map(one, addresses))
            return time.perf_counter() - began

        await loop()
        return [await loop() for _ in range(times)]


def _timed(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3, int(sys.argv[2]) if len(sys.argv) > 2 else 0)
