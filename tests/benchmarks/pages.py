"""How fast pages answer under load, beside a bare FastAPI route in the same run.

    python -m tests.benchmarks.pages [--observations 1000000] [--rate 50] [--seconds 20] [--store PATH]

Makes a store (or takes the one at PATH), serves it by uvicorn in a process of its own, and asks at a
fixed rate whatever the answers take (an open loop, so that a slow answer delays no later question).
Before that, each country's page is asked for once, which says how long a start takes to have all made.
While it asks, another process commits every five seconds, which makes all kept answers old.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from monitor.bootstrap import shipped_countries
from monitor.settings.files import shipped
from monitor.storage.database import Database
from tests.benchmarks.store import fill

_COMMIT_EVERY_SECONDS = 5
_HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    milliseconds: float
    size: int


def serve(store: str, port: int) -> None:
    """Serve the pages of ``store`` and a bare route on ``port`` until killed."""
    import uvicorn
    from fastapi import Response

    from monitor.web.app import create_app

    app = create_app(
        database=Database(f"sqlite:///{store}"),
        countries=shipped_countries(),
        public_url=f"http://{_HOST}:{port}",
        templates=shipped("templates") / "web",
        secret="benchmark",
    )
    body = b"x" * 8_000

    @app.get("/healthz/bare")
    async def bare() -> Response:
        return Response(body, media_type="text/html")

    uvicorn.run(app, host=_HOST, port=port, log_level="error", access_log=False)


@contextmanager
def served(store: Path) -> Iterator[int]:
    with socket.socket() as free:
        free.bind((_HOST, 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tests.benchmarks.pages", "--serve", str(store), "--port", str(port)]
    process = subprocess.Popen(command)
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex((_HOST, port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(10)


async def ask(port: int, path: str, headers: str = "") -> Answer:
    """Ask once over a new connection; the time counts from connecting to the last byte."""
    start = time.perf_counter()
    reader, writer = await asyncio.open_connection(_HOST, port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {_HOST}\r\nConnection: close\r\n{headers}\r\n".encode())
    answer = await reader.read()
    writer.close()
    return Answer(int(answer[9:12]), (time.perf_counter() - start) * 1000, len(answer))


async def load(
    port: int, path: Callable[[int], str], *, rate: float, seconds: float, headers: str = ""
) -> list[Answer]:
    """Ask ``rate`` times a second for ``seconds``, without waiting for answers."""
    began = time.perf_counter()
    asked = []
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        asked.append(asyncio.create_task(ask(port, path(number), headers)))
    return await asyncio.gather(*asked)


async def commits(store: Path) -> None:
    """Commit something that every page might show, every few seconds."""
    database = Database(f"sqlite:///{store}")
    try:
        while True:
            await asyncio.sleep(_COMMIT_EVERY_SECONDS)
            with database.transaction() as session:
                session.connection().execute(
                    text("UPDATE edition SET first_seen_at = :now WHERE year = 2025"),
                    {"now": datetime.now(UTC).replace(tzinfo=None).isoformat(" ")},
                )
    finally:
        database.dispose()


def report(name: str, answers: Sequence[Answer], bare: float | None) -> float:
    times = sorted(answer.milliseconds for answer in answers)
    median = statistics.median(times)
    p99 = times[int(len(times) * 0.99)]
    statuses = "/".join(str(status) for status in sorted({answer.status for answer in answers}))
    ratio = f"{median / bare:6.1f}x" if bare else "      -"
    print(
        f"{name:<34}{len(times):>6}{statuses:>8}{median:>10.2f}{p99:>10.2f}{max(times):>10.2f}{ratio:>9}"
        f"{answers[-1].size / 1024:>9.0f}"
    )
    return median


async def measure(store: Path, port: int, rate: float, seconds: float) -> None:
    database = Database(f"sqlite:///{store}")
    with database.reading() as session:
        found = session.connection().execute(text("SELECT id FROM change ORDER BY random() LIMIT 5000"))
        changes = [str(row[0]) for row in found]
        counted = session.connection().execute(text("SELECT count(*) FROM observation")).scalar()
    database.dispose()
    codes = list(shipped_countries())
    chance = random.Random(1)  # noqa: S311 - which pages are asked for, the same in every run
    print(f"{counted:,} observations, {rate:g} requests/s, a commit every {_COMMIT_EVERY_SECONDS} s\n")
    print(
        f"{'':<34}{'asked':>6}{'status':>8}{'median ms':>10}{'p99 ms':>10}{'max ms':>10}{'/bare':>9}{'KB':>9}"
    )
    # A server makes the long parts of all countries when it starts; this asks as soon as they are made.
    began = time.perf_counter()
    for code in codes:
        await ask(port, f"/countries/{code}")
    made_after = time.perf_counter() - began
    bare = report("bare route", await load(port, lambda n: "/healthz/bare", rate=rate, seconds=seconds), None)
    committing = asyncio.create_task(commits(store))
    answers = await load(port, lambda n: f"/countries/{chance.choice(codes)}", rate=rate, seconds=seconds)
    report("country pages", answers, bare)
    answers = await load(port, lambda n: f"/changes/{chance.choice(changes)}", rate=rate, seconds=seconds)
    report("change pages", answers, bare)
    answers = await load(
        port,
        lambda n: f"/countries/{chance.choice(codes)}" if n % 2 else f"/changes/{chance.choice(changes)}",
        rate=rate,
        seconds=seconds,
    )
    report("both mixed", answers, bare)
    committing.cancel()
    await asyncio.gather(committing, return_exceptions=True)
    first = await asyncio.open_connection(_HOST, port)
    first[1].write(b"GET /feeds/changes.atom HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    head = (await first[0].read()).split(b"\r\n\r\n")[0].decode()
    first[1].close()
    tag = next(line.split(": ", 1)[1] for line in head.splitlines() if line.lower().startswith("etag"))
    condition = f"If-None-Match: {tag}\r\n"
    answers = await load(port, lambda n: "/feeds/changes.atom", rate=rate, seconds=seconds, headers=condition)
    report("feed, known to the reader", answers, bare)
    # One at a time, so that each shows what making the page takes.
    made = [await ask(port, f"/countries/{code}?made={n}") for n, code in enumerate(codes[:40])]
    report("country page, made anew", made, bare)
    made = [await ask(port, f"/changes/{change}?made=1") for change in changes[:100]]
    report("change page, made anew", made, bare)
    made = [await ask(port, f"/feeds/changes.atom?made={n}") for n in range(20)]
    report("feed, made anew", made, bare)
    print(f"\nall {len(codes)} country pages made {made_after:.1f} s after the server answered first")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--observations", type=int, default=1_000_000)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        serve(given.serve, given.port)
        return
    with tempfile.TemporaryDirectory() as directory:
        store = given.store or Path(directory) / "monitor.db"
        if not store.exists():
            database = Database(f"sqlite:///{store}")
            fill(database, shipped_countries(), given.observations)
            database.dispose()
        with served(store) as port:
            asyncio.run(measure(store, port, given.rate, given.seconds))


if __name__ == "__main__":
    main()
