"""One process on SQLite: killed at any time, started again, with a disk that fills up."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import httpx
import pytest
from sqlalchemy import event
from structlog.testing import capture_logs

from monitor.domain.subscription import DeliveryState
from monitor.queueing.task import Task, TaskFailed, TaskKind
from monitor.queueing.waking import waker
from monitor.scheduler.rounds import Rounds
from monitor.settings.files import shipped
from monitor.storage.database import Database
from monitor.storage.documents import narrative
from monitor.storage.outbox import deliveries
from monitor.storage.sources import source_states
from monitor.web.app import create_app
from tests.fakes import Clock, ReportWeb
from tests.scheduler.installation import Feeds, until

SOURCES = 4


@pytest.fixture
def feeds() -> Iterator[Feeds]:
    feeds = Feeds()
    yield feeds
    feeds.server.shutdown()
    feeds.server.server_close()


class Machine:
    """A daemon over one data directory, with four feeds and one subscriber."""

    def __init__(self, directory: Path, feeds: Feeds) -> None:
        self.data = directory / "data"
        config = directory / "monitor.toml"
        config.write_text(
            '[fetch]\ncontact = "ops@example.org"\nhost_spacing_seconds = 0\n'
            'allow_addresses = ["127.0.0.0/8"]\n'
            + "".join(
                f'[[sources]]\nkey = "feed-{number}"\nkind = "feed"\nevery = "1s"\n'
                f'url = "{feeds.address(number)}"\n'
                for number in range(SOURCES)
            )
        )
        self._command = [sys.executable, "-m", "monitor", "--config", str(config)]
        self._environment = {**os.environ, "TIP_MONITOR_DATA_DIR": str(self.data)}

    def command(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*self._command, *arguments],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def count(self, query: str) -> int:
        try:
            with closing(sqlite3.connect(f"file:{self.data / 'monitor.db'}?mode=ro", uri=True)) as connection:
                return int(connection.execute(query).fetchone()[0])
        except sqlite3.OperationalError:
            return -1  # not there yet

    def reads(self, articles: int) -> None:
        """Wait until so many articles are stored."""
        until(lambda: self.count("SELECT count(*) FROM document") >= articles, 40, "articles")


def test_a_daemon_killed_at_any_time_goes_on_and_tells_everything_once(tmp_path: Path, feeds: Feeds) -> None:
    machine = Machine(tmp_path, feeds)
    added = ("subscribers", "add", "reader@example.org", "--cadence", "instant", "--confirmed")
    assert machine.command(*added).wait() == 0
    for at_least in (1, 2, 6):
        daemon = machine.command("run", "--port", "0")
        # Each time at another point: as soon as so many articles are stored.
        machine.reads(at_least)
        daemon.kill()
        daemon.wait()
        feeds.published += 1

    daemon = machine.command("run", "--port", "0")
    articles = SOURCES * feeds.published
    until(lambda: machine.count("SELECT count(*) FROM document") == articles, 40, "all articles")
    until(lambda: machine.count("SELECT count(*) FROM digest_change") == articles, 40, "all told")
    until(lambda: machine.count("SELECT count(*) FROM delivery WHERE state <> 'sent'") == 0, 80, "all sent")
    daemon.terminate()
    assert daemon.wait(15) == 0

    mails = [message_from_bytes(path.read_bytes()) for path in (machine.data / "mail" / "new").iterdir()]
    assert len({mail["Message-ID"] for mail in mails}) == len(mails)
    assert len(mails) == machine.count("SELECT count(*) FROM delivery")
    with closing(sqlite3.connect(machine.data / "monitor.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


@contextmanager
def full(database: Database, pages: int) -> Iterator[None]:
    """Let the file of ``database`` grow by ``pages`` more and no further: SQLite's own full disk."""

    def bound(connection: sqlite3.Connection, _: object) -> None:
        (size,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count={size + pages}").close()

    database.dispose()
    event.listen(database.engine, "connect", bound)
    yield
    event.remove(database.engine, "connect", bound)
    database.dispose()


async def test_on_a_full_disk_a_check_fails_in_words_and_the_next_one_with_room_stores_all(
    rounds: Rounds,
    web: ReportWeb,
    clock: Clock,
    database: Database,
) -> None:
    more = "\n".join(f"Paragraph {number} of a long narrative." for number in range(4000))
    web.publish(2013, argentina=f"ARGENTINA (Tier 2)\nThe government convicted 17 traffickers.\n{more}")

    with full(database, pages=30), capture_logs() as logs:
        await rounds.do(Task(kind=TaskKind.CHECK, subject="tip", due_at=clock()))
    assert any("the disk is full; free some space" in each.get("reason", "") for each in logs)

    clock.advance(timedelta(hours=6))
    await rounds.do(Task(kind=TaskKind.CHECK, subject="tip", due_at=clock()))
    with database.reading() as session:
        (state, *_) = source_states(session)
        assert state.last_success_at == clock()
        assert narrative(session, "ARG", 2013) is not None


async def test_where_nothing_at_all_can_be_written_the_task_says_so(
    rounds: Rounds,
    clock: Clock,
    database: Database,
) -> None:
    database.path.unlink()  # type: ignore[union-attr]
    database.dispose()
    with pytest.raises(TaskFailed, match="not migrated; run tip-monitor migrate"):
        await rounds.do(Task(kind=TaskKind.CHECK, subject="tip", due_at=clock()))


async def test_what_was_checked_since_it_came_due_is_not_checked_again(
    rounds: Rounds,
    web: ReportWeb,
    clock: Clock,
) -> None:
    web.publish(2013, argentina="ARGENTINA (Tier 2)\nThe government convicted 17 traffickers.")
    task = Task(kind=TaskKind.CHECK, subject="tip", due_at=clock())
    await rounds.do(task)
    asked = len(web.requests)
    await rounds.do(task)
    assert len(web.requests) == asked

    # Set back by a year, the clock makes the last check one of the future: it counts for nothing.
    clock.advance(-timedelta(days=365))
    await rounds.do(Task(kind=TaskKind.CHECK, subject="tip", due_at=clock()))
    assert len(web.requests) > asked


async def test_who_signs_up_gets_the_mail_at_once_and_not_with_the_next_round(
    rounds: Rounds, tmp_path: Path, clock: Clock
) -> None:
    """Nothing is due here: what is sent, the page had sent."""
    database = rounds.checker.reader.database
    app = create_app(
        database=database,
        countries=rounds.render.countries,
        public_url="http://testserver",
        templates=shipped("templates") / "web",
        secret="of tests",
        presentation=rounds.render.presentation,
        wake=waker(rounds.queue, clock),
        clock=clock,
    )
    working = asyncio.create_task(rounds.queue.work(rounds.do))
    try:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://testserver"
        ) as page:
            for name in ("ana", "bo"):
                answer = await page.post("/subscribe", content=f"address={name}@example.org")
                assert answer.status_code == 200
        inbox = tmp_path / "mail" / "new"
        async with asyncio.timeout(10):
            while not inbox.is_dir() or len(list(inbox.iterdir())) < 2:
                await asyncio.sleep(0.01)
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
    receivers = {message_from_bytes(path.read_bytes())["To"] for path in inbox.iterdir()}
    assert receivers == {"ana@example.org", "bo@example.org"}
    with database.reading() as session:
        assert {each.state for each in deliveries(session)} == {DeliveryState.SENT}
