"""How the work of an installation grows with its workers, and leasing with its outbox.

    python -m tests.benchmarks.workers [--sources 1000] [--checks 4] [--deliveries 1000000]

Sources are feeds on loopback, each of a host of its own, that answer after 200 ms. What is timed is
how long so many queued checks take one, two and four `tip-monitor worker` processes, from the first
check to the last. PostgreSQL, the site and the workers share this machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from monitor.domain.source import Source, SourceKind
from monitor.queueing.distributed import DistributedQueue
from monitor.queueing.task import TaskKind
from monitor.scheduler.timetable import task_of
from monitor.storage.database import Database
from monitor.storage.outbox import lease_deliveries
from tests.storage.postgresql import administer, database_url, running_postgresql

_ANSWER_SECONDS = 0.2
_FEED = (
    b'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>'
    b"<item><title>A raid</title><guid>%d</guid><link>https://news.example/%d</link>"
    b"<description>Police in Ghana arrested %d suspected traffickers.</description></item></channel></rss>"
)


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while line := await reader.readline():
            path = line.split()[1]
            while (await reader.readline()).strip():
                pass
            if path == b"/robots.txt":
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                continue
            number = int(path.rpartition(b"/")[2])
            await asyncio.sleep(_ANSWER_SECONDS)
            body = _FEED % (number, number, number)
            head = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: %d\r\n\r\n"
            writer.write(head % len(body) + body)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


def _serve(port: Any) -> None:
    async def serve() -> None:
        server = await asyncio.start_server(_answer, "0.0.0.0", 0, backlog=1000)  # noqa: S104 - all of 127.0.0.0/8
        port.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


@contextmanager
def _site() -> Iterator[int]:
    context = multiprocessing.get_context("spawn")
    port = context.Queue()
    process = context.Process(target=_serve, args=(port,), daemon=True)
    process.start()
    try:
        yield port.get()
    finally:
        process.kill()


def _sources(count: int, port: int) -> list[Source]:
    return [
        Source(
            f"feed-{number}",
            SourceKind.FEED,
            f"http://127.1.{number // 250}.{number % 250 + 1}:{port}/{number}",
            timedelta(days=1),
        )
        for number in range(count)
    ]


def _processor_seconds(pids: Iterable[int]) -> float:
    states = (Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split() for pid in pids)
    return sum(int(state[11]) + int(state[12]) for state in states) / os.sysconf("SC_CLK_TCK")


def _throughput(socket: str, sources: list[Source], workers: int, checks: int) -> tuple[float, float]:
    """Return checks a second, and the milliseconds of processor that a check takes the workers."""
    name = f"workers_{workers}"
    administer(socket, f"CREATE DATABASE {name}")
    url = database_url(socket, name)
    with tempfile.TemporaryDirectory() as directory:
        config = Path(directory) / "monitor.toml"
        config.write_text(
            '[fetch]\ncontact = "ops@example.org"\nhost_spacing_seconds = 0\n'
            'allow_addresses = ["127.0.0.0/8"]\n'
            + "".join(
                f'[[sources]]\nkey = "{each.key}"\nkind = "feed"\nurl = "{each.url}"\nevery = "1d"\n'
                for each in sources
            )
        )
        environment = os.environ | {"TIP_MONITOR_DATABASE_URL": url, "TIP_MONITOR_DATA_DIR": directory}
        command = [sys.executable, "-m", "monitor", "--config", str(config)]
        subprocess.run([*command, "migrate"], env=environment, check=True, capture_output=True)
        subprocess.run([*command, "sources", "list"], env=environment, check=True, capture_output=True)
        processes = [
            subprocess.Popen(
                [*command, "worker", "--checks", str(checks)],
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for _ in range(workers)
        ]
        try:
            _wait(url, "SELECT count(*) FROM procrastinate_workers", 2 * workers)
            time.sleep(1)
            before = _processor_seconds(process.pid for process in processes)
            begun = time.perf_counter()
            asyncio.run(_put(url, sources))
            _wait(url, "SELECT count(*) FROM source WHERE last_success_at IS NOT NULL", len(sources))
            elapsed = time.perf_counter() - begun
            spent = _processor_seconds(process.pid for process in processes) - before
            return len(sources) / elapsed, spent * 1000 / len(sources)
        finally:
            for process in processes:
                process.kill()
                process.wait()


async def _put(url: str, sources: list[Source]) -> None:
    async with DistributedQueue(url) as queue:
        for source in sources:
            await queue.put(task_of(TaskKind.CHECK, source, due_at=datetime.now(UTC)))


def _wait(url: str, query: str, count: int) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        while connection.execute(query.encode()).fetchone() != (count,):
            time.sleep(0.1)


def _queue_deliveries(socket: str, queued: int) -> str:
    """Return the address of a database with ``queued`` deliveries that are due, at rest."""
    name = f"leasing_{queued}"
    administer(socket, f"CREATE DATABASE {name} TEMPLATE workers_1")
    url = database_url(socket, name)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO delivery (channel, message_id, address, subject, text, html, state, attempts,"
            " queued_at, due_at)"
            " SELECT 'email', md5(n::text), n || '@example.org', 'What changed',"
            " repeat('17 convictions ', 20), repeat('<p>17 convictions</p>', 20), 'queued', 0, now(),"
            " now() - n * interval '1 ms' FROM generate_series(1, %s) AS n",
            [queued],
        )
        # What the server still does about the filling itself is no part of leasing.
        connection.execute("VACUUM ANALYZE delivery")
        connection.execute("CHECKPOINT")
    return url


def _leasing_milliseconds(url: str) -> list[float]:
    """Return how long leasing a batch of 50 takes, time after time."""
    database = Database(url)
    times = []
    for _ in range(25):
        begun = time.perf_counter()
        with database.transaction() as session:
            leased = lease_deliveries(session, datetime.now(UTC), 50, timedelta(minutes=15), "benchmark")
        times.append((time.perf_counter() - begun) * 1000)
        assert len(leased) == 50
    database.dispose()
    return times[5:]


def main() -> None:
    """Measure and print, as JSON on one line at the end."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.workers")
    parser.add_argument("--sources", type=int, default=1000)
    parser.add_argument("--checks", type=int, default=4)
    parser.add_argument("--deliveries", type=int, default=1_000_000)
    options = parser.parse_args()
    found: dict[str, float] = {}
    with running_postgresql() as socket, _site() as port:
        sources = _sources(options.sources, port)
        for workers in (1, 2, 4):
            rate, spent = _throughput(socket, sources, workers, options.checks)
            found[f"checks a second, {workers} workers"] = round(rate, 1)
            found[f"ms of processor a check, {workers} workers"] = round(spent, 1)
            print(f"{workers} workers: {rate:.1f} checks a second, load {os.getloadavg()[0]:.1f}", flush=True)
        few, many = (_queue_deliveries(socket, count) for count in (10_000, options.deliveries))
        turns = [(_leasing_milliseconds(few), _leasing_milliseconds(many)) for _ in range(5)]
    found["throughput of 4 workers, times that of 1"] = round(
        found["checks a second, 4 workers"] / found["checks a second, 1 workers"], 2
    )
    for count, times in zip((10_000, options.deliveries), zip(*turns, strict=True), strict=True):
        found[f"leasing 50 of {count:,}, ms"] = round(
            statistics.median([each for turn in times for each in turn]), 2
        )
    print(json.dumps(found))


if __name__ == "__main__":
    main()
