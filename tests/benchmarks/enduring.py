"""Whether the daemon's memory stays: ``python -m tests.benchmarks.enduring [--checks 10000]``.

So many checks of feeds, each of which found one new article, go through the daemon's own queue and
rounds; memory is looked at after the first tenth, when every cache is filled, and at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import tempfile
from datetime import timedelta
from pathlib import Path

import structlog

from monitor.bootstrap import digest_renderer, reader, retention, vocabulary
from monitor.bootstrap.mail import mailer
from monitor.domain.source import Source, SourceKind
from monitor.fetching.client import Fetcher, FetchPolicy
from monitor.jobs.outcome import Checker
from monitor.queueing.local import LocalQueue
from monitor.queueing.task import Task, TaskKind
from monitor.scheduler.rounds import Rounds
from monitor.scheduler.timetable import task_of
from monitor.settings.configuration import load_configuration
from monitor.storage.database import Database
from monitor.storage.schema import migrate
from monitor.storage.sources import sync_sources
from tests.fakes import Clock, Web

_SOURCES = 20
_KEPT_ITEMS = 10


def resident_mebibytes() -> float:
    """Return the memory that this process holds now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096 / 1024**2


def feed(number: int, round_: int) -> str:
    items = "".join(
        f"<item><title>Raid {part}</title><guid>{number}-{part}</guid>"
        f"<link>https://news.example/{number}/{part}</link>"
        f"<description>Courts in Ghana convicted {part + 3} traffickers in 2025.</description></item>"
        for part in range(max(0, round_ - _KEPT_ITEMS), round_ + 1)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{items}</channel></rss>'


async def endure(directory: Path, checks: int) -> tuple[float, float]:
    """Do ``checks`` checks and return the memory early and late, in MiB."""
    settings = load_configuration(None, {"TIP_MONITOR_DATA_DIR": str(directory)})
    database = Database(settings.effective_database_url)
    migrate(database)
    sources = [
        Source(f"feed-{n}", SourceKind.FEED, f"https://site-{n}.example/feed", timedelta(hours=1))
        for n in range(_SOURCES)
    ]
    with database.transaction() as session:
        sync_sources(session, sources)
    web, clock, queue = Web(), Clock(), LocalQueue()
    policy = FetchPolicy(contact="ops@example.org", host_spacing_seconds=0)
    async with Fetcher(policy, now=clock, sleep=clock.sleep, transport=web.transport) as fetcher:
        known = reader(database, vocabulary())
        known = type(known)(**{name: getattr(known, name) for name in known.__slots__} | {"now": clock})
        rounds = Rounds(
            Checker(known, fetcher), digest_renderer(settings), mailer(settings), queue, retention(settings)
        )
        done = 0

        async def do(task: Task) -> None:
            nonlocal done
            await rounds.do(task)
            done += task.kind is TaskKind.CHECK

        worker = asyncio.create_task(queue.work(do))
        early = 0.0
        for round_ in range(checks // _SOURCES):
            clock.advance(timedelta(hours=1))
            web.requests.clear()
            for number, source in enumerate(sources):
                web.put(source.url, feed(number, round_), media_type="application/rss+xml")
                await queue.put(task_of(TaskKind.CHECK, source, due_at=clock()))
            while done < (round_ + 1) * _SOURCES:
                await asyncio.sleep(0.005)
            if round_ + 1 == checks // _SOURCES // 10:
                gc.collect()
                early = resident_mebibytes()
        gc.collect()
        late = resident_mebibytes()
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
    database.dispose()
    return early, late


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.enduring")
    parser.add_argument("--checks", type=int, default=10_000)
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory() as directory:
        early, late = asyncio.run(endure(Path(directory), options.checks))
    print(
        f"{options.checks} checks: {early:.1f} MiB after a tenth of them, {late:.1f} MiB at the end, "
        f"{(late / early - 1) * 100:+.1f} %"
    )


if __name__ == "__main__":
    main()
