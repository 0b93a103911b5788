"""A distributed installation of real processes over a real PostgreSQL, to be killed at random.

    python -m tests.scheduler.installation [--kills 100] [--seed 1]

runs the story of ``test_installation`` for as long as it takes to kill that many processes.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psycopg
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.difficult_site import feed_of
from tests.storage.postgresql import Server, administer, database_url, running_server

_SOURCES = 10
_COUNTRIES = (
    "Argentina",
    "Bolivia",
    "Chile",
    "Ecuador",
    "Ghana",
    "Kenya",
    "Nepal",
    "Peru",
    "Togo",
    "Uruguay",
)
_SUBSCRIBERS = ("one@example.org", "two@example.org")
_SCHEDULER = """
SELECT split_part(application_name, ' ', 3) FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND granted AND application_name LIKE 'tip-monitor scheduler %'
"""


class Feeds:
    """Feeds by host of 127.0.0.0/8, each with as many articles as have been ``published``."""

    def __init__(self) -> None:
        self.published = 1
        feeds = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                number = int(self.path.rpartition("/")[2] or 0) if self.path != "/robots.txt" else None
                body = b"" if number is None else feeds.feed(number)
                self.send_response(404 if number is None else 200)
                self.send_header("Content-Type", "application/rss+xml")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, *_: object) -> None:
                """A client that was killed while it was answered is no news here."""

        self.server = Quiet(("0.0.0.0", 0), Answer)  # noqa: S104 - all of 127.0.0.0/8
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def address(self, number: int) -> str:
        return f"http://127.0.1.{number + 1}:{self.server.server_port}/feed/{number}"

    def feed(self, number: int) -> bytes:
        return feed_of(str(number), _COUNTRIES[number], _COUNTRIES[number], self.published)


@dataclass
class Mailbox:
    """A real SMTP server that keeps (recipient, Message-ID) of what it took."""

    taken: list[tuple[str, str]] = field(default_factory=list)

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        self.taken.append((envelope.rcpt_tos[0], str(message_from_bytes(content)["Message-ID"])))
        return "250 taken"


class Installation:
    """Processes by role, over one database, reading ``feeds`` and writing to ``mailbox``."""

    def __init__(self, directory: Path, server: Server, feeds: Feeds, smtp_port: int) -> None:
        self.server = server
        self.feeds = feeds
        self.directory = directory
        administer(server.socket, "CREATE DATABASE installation")
        self.url = database_url(server.socket, "installation")
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        config = directory / "monitor.toml"
        sources = "".join(
            f'[[sources]]\nkey = "feed-{number}"\nkind = "feed"\nevery = "2s"\n'
            f'url = "{feeds.address(number)}"\n'
            for number in range(_SOURCES)
        )
        config.write_text(
            f'log_format = "json"\n[fetch]\ncontact = "ops@example.org"\nhost_spacing_seconds = 0\n'
            f'allow_addresses = ["127.0.0.0/8"]\n[mail]\nsmtp_url = "smtp://127.0.0.1:{smtp_port}"\n{sources}'
        )
        self._command = [sys.executable, "-m", "monitor", "--config", str(config)]
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("TIP_MONITOR_")},
            "TIP_MONITOR_DATABASE_URL": self.url,
            "TIP_MONITOR_DATA_DIR": str(directory / "data"),
        }
        self.command("migrate")
        for address in _SUBSCRIBERS:
            self.command("subscribers", "add", address, "--cadence", "instant", "--confirmed")

    def command(self, *arguments: str) -> None:
        subprocess.run([*self._command, *arguments], env=self._environment, check=True, capture_output=True)

    def start(self, name: str) -> None:
        role = ["run", "--port", "0"] if name.startswith("run") else ["worker"]
        with (self.directory / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [*self._command, *role], env=self._environment, stdout=log, stderr=log
            )

    def kill(self, name: str) -> None:
        self.processes[name].send_signal(signal.SIGKILL)
        self.processes[name].wait()

    def stop(self) -> None:
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            process.wait(20)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(query.encode()).fetchall()

    def scheduler(self) -> str | None:
        """The process that decides what is due."""
        leading = {int(number) for (number,) in self.rows(_SCHEDULER)}
        assert len(leading) <= 1
        return next((name for name, process in self.processes.items() if process.pid in leading), None)

    def articles(self) -> int:
        ((count,),) = self.rows("SELECT count(*) FROM document")
        return int(count)

    def log(self) -> str:
        return "\n".join(path.read_text("utf-8") for path in sorted(self.directory.glob("*.log")))


@contextmanager
def installed() -> Iterator[tuple[Installation, Mailbox]]:
    """Give an installation with nothing started yet."""
    with ExitStack() as stack:
        server = stack.enter_context(running_server())
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tip-monitor-")))
        feeds = Feeds()
        stack.callback(feeds.server.server_close)
        stack.callback(feeds.server.shutdown)
        mailbox = Mailbox()
        port = stack.enter_context(_served(mailbox))
        installation = Installation(directory, server, feeds, port)
        stack.callback(installation.stop)
        yield installation, mailbox


@contextmanager
def _served(mailbox: Mailbox) -> Iterator[int]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def listen() -> asyncio.Server:
        return await loop.create_server(lambda: SMTP(mailbox, loop=loop), "127.0.0.1", 0)

    server = asyncio.run_coroutine_threadsafe(listen(), loop).result()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def until(condition: Callable[[], object], seconds: float, what: str) -> float:
    """Wait for ``condition``; return how many seconds it took."""
    begun = time.monotonic()
    while True:
        try:
            if condition():
                return time.monotonic() - begun
        except psycopg.OperationalError:
            pass  # the server is being restarted
        if time.monotonic() - begun > seconds:
            raise AssertionError(f"not within {seconds:g} s: {what}")
        time.sleep(0.1)


def all_articles_are_stored(installation: Installation) -> bool:
    return installation.articles() == _SOURCES * installation.feeds.published


def everything_is_told(installation: Installation) -> bool:
    """Every published change is in a digest of every subscriber, and every delivery is sent."""
    ((changes,),) = installation.rows("SELECT count(*) FROM change WHERE status = 'published'")
    ((told,),) = installation.rows("SELECT count(*) FROM digest_change")
    ((open_,),) = installation.rows("SELECT count(*) FROM delivery WHERE state <> 'sent'")
    return bool(changes > 0 and told == changes * len(_SUBSCRIBERS) and open_ == 0)


def let_leases_end(installation: Installation) -> None:
    """Let pass at once the time after which others may send what a killed sender had taken."""
    with psycopg.connect(installation.url, autocommit=True) as connection:
        connection.execute("UPDATE delivery SET due_at = now() WHERE state = 'leased'")


def assert_nothing_happened_twice(installation: Installation, mailbox: Mailbox, kills: int) -> None:
    """Hold what must be true of the database and of the mail that went out."""
    twice = "SELECT {0}, count(*) FROM {1} GROUP BY {0} HAVING count(*) > 1"
    assert installation.rows(twice.format("subject_key, body_sha256", "document")) == []
    assert installation.rows(twice.format("subscription_id, change_id", "digest_change")) == []
    assert installation.rows(twice.format("digest_id, channel", "delivery")) == []
    sent = {(row[0], row[1]) for row in installation.rows("SELECT address, message_id FROM delivery")}
    assert set(mailbox.taken) == sent
    # A sender killed after the server took a message and before that was recorded sends it again,
    # under the same Message-ID by which mailboxes drop it: never more often than there were kills.
    again = sum(times - 1 for times in Counter(mailbox.taken).values())
    assert again <= kills, f"{again} messages went out again"


def story(
    installation: Installation, mailbox: Mailbox, *, kills: int, chance: random.Random, pause: float
) -> dict[str, float]:
    """Kill ``kills`` processes at random, then the scheduler, then restart the database.

    Returns how many seconds what took.
    """
    names = ["run-1", "run-2", *(f"worker-{number}" for number in range(1, 5))]
    for name in names:
        installation.start(name)
    until(lambda: all_articles_are_stored(installation), 60, "the first articles")
    for _ in range(kills):
        installation.feeds.published += 1
        time.sleep(chance.uniform(0.2, pause))
        victim = chance.choice(names)
        installation.kill(victim)
        installation.start(victim)
    times = {"settled": until(lambda: all_articles_are_stored(installation), 60, "articles after kills")}

    until(installation.scheduler, 30, "a scheduler")
    leader = str(installation.scheduler())
    installation.feeds.published += 1
    installation.kill(leader)
    times["takeover"] = until(installation.scheduler, 30, "another scheduler")
    installation.start(leader)
    until(lambda: all_articles_are_stored(installation), 60, "articles after the scheduler's death")

    installation.server.stop()
    installation.feeds.published += 1
    time.sleep(1)
    installation.server.start()
    times["database"] = until(
        lambda: all_articles_are_stored(installation), 60, "articles after the database's restart"
    )
    # Long enough for whoever is alive to have sent what it holds.
    time.sleep(2)
    let_leases_end(installation)
    times["told"] = until(lambda: everything_is_told(installation), 100, "the last digest")
    assert_nothing_happened_twice(installation, mailbox, kills + 2)
    return times


def main() -> None:
    """Run the long version and print what took how long."""
    parser = argparse.ArgumentParser(prog="python -m tests.scheduler.installation")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with installed() as (installation, mailbox):
        chance = random.Random(options.seed)  # noqa: S311 - no secret
        times = story(installation, mailbox, kills=options.kills, chance=chance, pause=4.0)
        messages = Counter(mailbox.taken)
        print(
            f"{options.kills} processes killed, {installation.articles()} articles, "
            f"{len(messages)} messages, {sum(messages.values()) - len(messages)} of them sent again"
        )
        print(", ".join(f"{name} after {seconds:.1f} s" for name, seconds in times.items()))


if __name__ == "__main__":
    main()
