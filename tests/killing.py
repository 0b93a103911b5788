"""Kills the real process while it compiles and sends, again and again, and counts what arrived.

``python -m tests.killing`` is the long proof: 100 kills over 500 subscribers, and the same with a mail
server that refuses, stalls, drops and greylists. The suite runs a short one.
"""

from __future__ import annotations

import argparse
import asyncio
import email
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

from monitor.storage.changes import record_changes
from monitor.storage.database import Database
from monitor.storage.schema import migrate
from monitor.storage.subscriptions import add_subscription
from tests.builders import change, subscription

START = datetime(2026, 6, 30, 8, 0, tzinfo=UTC)
_BETWEEN_RUNS = timedelta(minutes=20)
"""Longer than a lease: what a killed process held is free again."""
_MOST_RUNS_TO_THE_END = 40
_ADDRESS_IN_BODY = re.compile(r"Sent to (\S+),")


@dataclass
class Arrival:
    """One message that the server took; ``run`` is the process that sent it, counted from 0.

    ``is_answer_lost`` where the server itself, and no kill, kept its sender from knowing.
    """

    message_id: str
    recipient: str
    addressed_to: str
    named_in_body: str
    run: int
    is_answer_lost: bool = False


@dataclass
class Sink:
    """A mail server that writes down what it takes, and behaves as badly as ``mode`` says."""

    mode: str = "good"
    delay_seconds: float = 0.0
    run: int = 0
    arrivals: list[Arrival] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    random: random.Random = field(default_factory=lambda: random.Random(6))  # noqa: S311 - no secret

    async def handle_RCPT(  # noqa: N802 - aiosmtpd names its hooks so
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        self.seen[address] += 1
        if self.mode == "greylisting" and self.seen[address] == 1:
            return "451 4.7.1 come back later"
        if self.mode == "refusing" and self.random.random() < 0.3:
            return "451 4.3.0 not now"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        run = self.run
        await asyncio.sleep(self.delay_seconds)
        if self.mode == "dropping" and self.random.random() < 0.2:
            if self.random.random() < 0.5:
                self._take(envelope, run, is_answer_lost=True)  # taken, and the answer is lost on its way
            server.transport.abort()
            return "421 gone"
        if self.mode == "stalling" and self.random.random() < 0.1:
            await asyncio.sleep(self.random.random())
        self._take(envelope, run)
        return "250 taken"

    def _take(self, envelope: Any, run: int, *, is_answer_lost: bool = False) -> None:
        mail = email.message_from_bytes(envelope.content)
        text = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
        body = bytes(text.get_payload(decode=True)).decode()
        found = _ADDRESS_IN_BODY.search(body)
        self.arrivals += [
            Arrival(
                message_id=str(mail["Message-ID"]),
                recipient=recipient,
                addressed_to=str(mail["To"]),
                named_in_body=found.group(1) if found else "",
                run=run,
                is_answer_lost=is_answer_lost,
            )
            for recipient in envelope.rcpt_tos
        ]


class Served:
    """Serves a sink on loopback in a thread of its own; ``port`` is where."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.port = 0

    def __enter__(self) -> Served:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _serve(self) -> None:
        self._loop = loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        loop.set_exception_handler(lambda *_: None)  # a killed client ends its dialogue anyhow
        server = loop.run_until_complete(
            loop.create_server(lambda: SMTP(self._sink, loop=loop, hostname="sink.test"), "127.0.0.1", 0)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


@dataclass
class Count:
    """What came of a proof. ``unrecorded`` repeats are those whose acceptance no row said yet.

    ``most_in_doubt`` is how many acceptances one killed process had left unrecorded, at worst.
    """

    mode: str
    subscribers: int
    kills: int = 0
    runs: int = 0
    lost: int = 0
    unrecorded_repeats: int = 0
    recorded_repeats: int = 0
    wrong_recipients: int = 0
    most_in_doubt: int = 0

    @property
    def holds(self) -> bool:
        return self.lost == self.recorded_repeats == self.wrong_recipients == 0 and self.most_in_doubt <= 1


class Proof:
    """One store with subscribers and changes, one server, and processes that are killed."""

    def __init__(self, directory: Path, sink: Sink, port: int, *, subscribers: int) -> None:
        self._path = directory / "monitor.db"
        self._sink = sink
        self._subscribers = subscribers
        self._count = Count(sink.mode, subscribers)
        self._environment = os.environ | {
            "TIP_MONITOR_DATA_DIR": str(directory),
            "TIP_MONITOR_DATABASE_URL": f"sqlite:///{self._path}",
            "TIP_MONITOR_SMTP_URL": f"smtp://127.0.0.1:{port}?starttls=0",
            "TIP_MONITOR_SECRET": "a secret of tests",
        }
        self._recorded: list[set[str]] = []
        database = Database(f"sqlite:///{self._path}")
        migrate(database)
        with database.transaction() as session:
            record_changes(
                session, [change(id=f"c{n}", created_at=START - timedelta(hours=n)) for n in range(9)]
            )
            for n in range(subscribers):
                made = START - timedelta(days=2)
                filtered = frozenset({"ARG"}) if n % 2 else frozenset()
                add_subscription(
                    session, subscription(f"s{n}@example.net", created_at=made, countries=filtered)
                )
        database.dispose()

    def run(self, kills: int, *, seed: int = 1) -> Count:
        """Kill ``kills`` processes at random moments, then let one run to its end; count."""
        chance = random.Random(seed)  # noqa: S311 - no secret
        now = START
        while self._count.kills < kills and self._unsent():
            process = self._start(now)
            # Some die before they sent anything, most after a few messages; enough is left for the rest.
            left = self._subscribers - len(self._recorded[-1] if self._recorded else ())
            share = left / (kills - self._count.kills + 1)
            wanted = len(self._sink.arrivals) + int(chance.random() * max(0.0, 2 * share - 8))
            self._wait(process, lambda wanted=wanted: len(self._sink.arrivals) >= wanted)
            early = 2.5 if chance.random() < 0.3 else 0.05
            time.sleep(
                chance.random() * early if wanted == len(self._sink.arrivals) else chance.random() * 0.03
            )
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                self._count.kills += 1
            process.wait()
            self._end_of_run()
            now += _BETWEEN_RUNS
        for _ in range(_MOST_RUNS_TO_THE_END):
            if not self._unsent():
                break
            process = self._start(now)
            process.wait()
            self._end_of_run()
            # A refused message waits twelve hours at most.
            now += timedelta(hours=13)
        return self._counted()

    def _start(self, now: datetime) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "monitor", "digest", "send", "--now", now.isoformat()]
        return subprocess.Popen(
            command, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def _wait(self, process: subprocess.Popen[bytes], reached: Any) -> None:
        while process.poll() is None and not reached():
            time.sleep(0.002)

    def _end_of_run(self) -> None:
        """Note what the store says was sent: who repeats one of these has sent it twice."""
        time.sleep(0.05)  # the server may still write down what it took of a killed process
        with sqlite3.connect(self._path) as connection:
            rows = connection.execute("SELECT message_id FROM delivery WHERE state = 'sent'").fetchall()
        connection.close()
        self._recorded.append({row[0] for row in rows})
        self._count.runs += 1
        self._sink.run += 1

    def _unsent(self) -> bool:
        """Whether there is anything left to kill a process at, or to send."""
        with sqlite3.connect(self._path) as connection:
            (queued,) = connection.execute("SELECT count(*) FROM delivery").fetchone()
            (sent,) = connection.execute("SELECT count(*) FROM delivery WHERE state = 'sent'").fetchone()
        connection.close()
        return bool(queued < self._subscribers or sent < queued)

    def _counted(self) -> Count:
        count = self._count
        with sqlite3.connect(self._path) as connection:
            expected = dict(connection.execute("SELECT message_id, address FROM delivery"))
        connection.close()
        arrived = {arrival.message_id for arrival in self._sink.arrivals}
        addresses = {f"s{n}@example.net" for n in range(self._subscribers)}
        count.lost = len(expected.keys() - arrived) + len(addresses - set(expected.values()))
        first: set[str] = set()
        for arrival in self._sink.arrivals:
            wrong = {arrival.recipient, arrival.addressed_to, arrival.named_in_body} != {
                expected.get(arrival.message_id)
            }
            count.wrong_recipients += wrong
            if arrival.message_id in first:
                known = arrival.run > 0 and arrival.message_id in self._recorded[arrival.run - 1]
                count.recorded_repeats += known
                count.unrecorded_repeats += not known
            first.add(arrival.message_id)
        in_doubt = Counter(
            arrival.run
            for arrival in self._sink.arrivals
            if not arrival.is_answer_lost and arrival.message_id not in self._recorded[arrival.run]
        )
        count.most_in_doubt = max(in_doubt.values(), default=0)
        return count


def prove(mode: str, *, kills: int, subscribers: int, seed: int = 1, delay_seconds: float = 0.05) -> Count:
    """Run one proof in a directory of its own."""
    sink = Sink(mode, delay_seconds)
    with tempfile.TemporaryDirectory(prefix="tip-monitor-killing-") as directory, Served(sink) as served:
        return Proof(Path(directory), sink, served.port, subscribers=subscribers).run(kills, seed=seed)


def main() -> None:
    """Prove it at length, and print a JSON object for each kind of server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--subscribers", type=int, default=500)
    parser.add_argument(
        "--modes", nargs="*", default=["good", "refusing", "stalling", "dropping", "greylisting"]
    )
    options = parser.parse_args()
    holds = True
    for mode in options.modes:
        count = prove(mode, kills=options.kills, subscribers=options.subscribers)
        print(json.dumps(vars(count) | {"holds": count.holds}), flush=True)
        holds = holds and count.holds
    sys.exit(not holds)


if __name__ == "__main__":
    main()
