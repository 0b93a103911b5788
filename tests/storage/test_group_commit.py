"""What many tasks write at once: committed together, each as if it were alone."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from monitor.domain.document import Edition
from monitor.storage.database import Database, Session, StorageError
from monitor.storage.editions import add_edition, editions
from monitor.storage.schema import migrate
from monitor.storage.snapshots import keep_snapshot
from tests.storage.builders import NOW, make_snapshot

KILLED = """
import asyncio, os, signal, sys
from datetime import UTC, datetime
from monitor.domain.document import Edition
from monitor.storage.database import Database
from monitor.storage.editions import add_edition

database = Database(sys.argv[1])
ended = []

def adding(year):
    def add(session):
        now = datetime(2026, 6, 30, tzinfo=UTC)
        add_edition(session, Edition(year, "https://example.org/", str(year)), now)
        if year == 2005:
            os.kill(os.getpid(), signal.SIGKILL)
    return add

async def write(year):
    await database.group_commit(adding(year))
    print(year, flush=True)

async def main():
    await write(2000)
    await asyncio.gather(*map(write, range(2001, 2010)))

asyncio.run(main())
"""


def adding(year: int) -> Callable[[Session], int]:
    """Work that adds the edition of ``year`` and returns it."""

    def add(session: Session) -> int:
        add_edition(session, Edition(year, "https://example.org/", str(year)), NOW)
        return year

    return add


def years(database: Database) -> list[int]:
    with database.reading() as session:
        return sorted(each.year for each in editions(session))


@contextmanager
def commits(database: Database) -> Iterator[list[object]]:
    """Note every commit."""
    noted: list[object] = []
    event.listen(database.engine, "commit", noted.append)
    yield noted


async def together(database: Database, *works: Callable[[Session], object]) -> list[object]:
    """Ask for all of ``works`` while one that writes nothing is at it, so that they make up one group."""
    is_held, goes_on = threading.Event(), threading.Event()

    def hold(_session: Session) -> None:
        is_held.set()
        goes_on.wait(30)

    first = asyncio.ensure_future(database.group_commit(hold))
    await asyncio.to_thread(is_held.wait, 30)
    asked = [asyncio.ensure_future(database.group_commit(work)) for work in works]
    await asyncio.sleep(0)
    goes_on.set()
    await first
    return await asyncio.gather(*asked, return_exceptions=True)


async def test_what_is_returned_has_been_committed(database: Database) -> None:
    assert await database.group_commit(adding(2013)) == 2013
    assert years(database) == [2013]


async def test_units_that_wait_are_committed_together_and_answered_each_with_its_own(
    database: Database,
) -> None:
    with commits(database) as noted:
        answers = await together(database, *map(adding, range(2001, 2021)))
    assert answers == list(range(2001, 2021))
    assert years(database) == answers
    if database.is_sqlite:
        assert len(noted) == 1


async def test_a_unit_that_raises_undoes_itself_and_no_other(database: Database) -> None:
    def fail(session: Session) -> None:
        adding(2002)(session)
        raise KeyError("mine")

    answers = await together(database, adding(2001), fail, adding(2003))
    assert [answers[0], answers[2]] == [2001, 2003]
    assert isinstance(answers[1], KeyError)
    assert years(database) == [2001, 2003]


async def test_a_unit_that_ends_otherwise_than_by_an_exception_keeps_nobody_waiting(
    database: Database,
) -> None:
    class Ended(BaseException):
        pass

    def end(session: Session) -> None:
        adding(2002)(session)
        raise Ended

    async with asyncio.timeout(30):
        answers = await together(database, adding(2001), end, adding(2003))
        assert await database.group_commit(adding(2004)) == 2004
    assert [answers[0], answers[2]] == [2001, 2003]
    assert isinstance(answers[1], Ended)
    assert years(database) == [2001, 2003, 2004]


async def test_a_broken_constraint_is_told_to_the_unit_that_broke_it(database: Database) -> None:
    def orphan(session: Session) -> None:
        adding(2002)(session)
        session.connection().exec_driver_sql("INSERT INTO edition (year) VALUES (NULL)")

    answers = await together(database, adding(2001), orphan, adding(2003))
    assert [answers[0], answers[2]] == [2001, 2003]
    assert isinstance(answers[1], Exception)
    assert years(database) == [2001, 2003]


async def test_units_run_in_the_order_in_which_they_were_asked_for(database: Database) -> None:
    """On SQLite; elsewhere they run side by side, and each locks what it changes."""
    ran: list[int] = []
    await together(database, *(lambda _, number=number: ran.append(number) for number in range(50)))
    assert sorted(ran) == list(range(50))
    if database.is_sqlite:
        assert ran == list(range(50))


async def test_a_unit_sees_what_those_before_it_wrote(sqlite: Database) -> None:
    seen = await together(
        sqlite, adding(2001), lambda session: [each.year for each in editions(session)], adding(2003)
    )
    assert seen[1] == [2001]


async def test_a_failure_that_ends_the_transaction_costs_its_own_unit_only(sqlite: Database) -> None:
    """A full disk rolls all back: the others are tried again, each alone."""

    def fill_the_disk(session: Session) -> None:
        connection = session.connection()
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 20}")
        try:
            keep_snapshot(session, make_snapshot(os.urandom(1_000_000)))
        finally:
            connection.exec_driver_sql("PRAGMA max_page_count = 1000000")

    answers = await together(sqlite, adding(2001), fill_the_disk, adding(2003))
    assert [answers[0], answers[2]] == [2001, 2003]
    assert str(answers[1]) == f"database {sqlite.where}: the disk is full; free some space"
    assert years(sqlite) == [2001, 2003]


async def test_a_commit_that_fails_is_tried_for_each_alone(sqlite: Database) -> None:
    """A constraint that is checked at the commit cannot be told to a unit before."""
    with sqlite.transaction() as session:
        for statement in (
            "CREATE TABLE parent (id INTEGER PRIMARY KEY)",
            "CREATE TABLE child (parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)",
        ):
            session.connection().exec_driver_sql(statement)

    def orphan(session: Session) -> None:
        session.connection().exec_driver_sql("INSERT INTO child VALUES (1)")

    answers = await together(sqlite, adding(2001), orphan, adding(2003))
    assert [answers[0], answers[2]] == [2001, 2003]
    assert "FOREIGN KEY constraint failed" in str(answers[1])
    assert years(sqlite) == [2001, 2003]


async def test_a_unit_that_nobody_waits_for_any_more_stops_no_other(database: Database) -> None:
    async def cancelled() -> None:
        task = asyncio.ensure_future(database.group_commit(adding(2002)))
        await asyncio.sleep(0)
        task.cancel()

    answers, _ = await asyncio.gather(together(database, adding(2001), adding(2003)), cancelled())
    assert answers == [2001, 2003]
    assert {2001, 2003} <= set(years(database))


async def test_a_unit_may_ask_for_another_once_it_is_committed(database: Database) -> None:
    async def chain(year: int) -> None:
        await database.group_commit(adding(year))
        await database.group_commit(adding(year + 10))

    await asyncio.gather(*map(chain, range(2000, 2010)))
    assert years(database) == list(range(2000, 2020))


async def test_groups_and_transactions_take_turns(database: Database) -> None:
    def alone(year: int) -> None:
        with database.transaction() as session:
            adding(year)(session)

    await asyncio.gather(
        *(database.group_commit(adding(year)) for year in range(2000, 2010)),
        *(asyncio.to_thread(alone, year) for year in range(2010, 2020)),
    )
    assert years(database) == list(range(2000, 2020))


async def test_what_waits_is_written_although_the_connections_were_closed(sqlite: Database) -> None:
    waiting = [asyncio.ensure_future(sqlite.group_commit(adding(year))) for year in range(2000, 2010)]
    await asyncio.sleep(0)
    sqlite.dispose()
    assert await asyncio.gather(*waiting) == list(range(2000, 2010))
    assert years(sqlite) == list(range(2000, 2010))


async def test_a_database_without_tables_is_told_to_each(empty_database: Database) -> None:
    answers = await together(empty_database, adding(2001), adding(2002))
    assert [type(answer) for answer in answers] == [StorageError] * 2
    assert "not migrated" in str(answers[0])


def test_a_kill_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    """Killed in the middle of a group: none of it was answered, and none of it is there."""
    database = Database(f"sqlite:///{tmp_path}/monitor.db")
    migrate(database)
    ran = subprocess.run(
        [sys.executable, "-c", KILLED, f"sqlite:///{tmp_path}/monitor.db"],
        check=False,
        capture_output=True,
        text=True,
    )
    answered = sorted(map(int, ran.stdout.split()))
    assert ran.returncode == -9
    assert 2000 in answered
    assert years(database) == answered
    database.dispose()


def test_every_loop_gets_its_own_answers(database: Database) -> None:
    """A database outlives a loop."""
    for year in (2001, 2002):
        assert asyncio.run(database.group_commit(adding(year))) == year
    assert years(database) == [2001, 2002]


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    """A migrated SQLite."""
    database = Database(f"sqlite:///{tmp_path}/monitor.db")
    migrate(database)
    yield database
    database.dispose()
