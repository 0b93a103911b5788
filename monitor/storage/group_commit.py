"""Commits at once what many tasks have to write, so that a disk is waited for once for all of them.

A commit waits for the disk, whatever is in it, and SQLite has one writer at a time. So the units of
work that wait while one group commits make up the next group: one transaction, each under a savepoint
of its own, each caller going on when all of it is on the disk.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from monitor.storage.failures import StorageError

if TYPE_CHECKING:
    from monitor.storage.database import Database

_Result = TypeVar("_Result")
_MOST_UNITS = 64


@dataclass(slots=True)
class _Unit:
    """Work that waits, and what became of it; ``error`` is its own."""

    work: Callable[[Session], Any]
    caller: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None


class GroupCommit:
    """The way into ``database`` of many tasks at once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._waiting: list[_Unit] = []
        self._is_at_work = False

    async def __call__(self, work: Callable[[Session], _Result]) -> _Result:
        """Run ``work`` in a thread, in a transaction, and return what it does when that is committed.

        On SQLite it runs after what was asked for before it. What it raises undoes what it wrote and
        nothing else. It may run twice: where a group cannot be committed, each is tried alone.

        Raises:
            StorageError: as in ``Database.transaction``.
        """
        if not self._database.is_sqlite:
            return await asyncio.to_thread(self._alone, work)
        loop = asyncio.get_running_loop()
        unit = _Unit(work, loop.create_future())
        with self._lock:
            self._waiting.append(unit)
            begins, self._is_at_work = not self._is_at_work, True
        if begins:
            loop.run_in_executor(None, self._write_all)
        result: _Result = await unit.caller
        return result

    def _alone(self, work: Callable[[Session], _Result]) -> _Result:
        with self._database.transaction() as session:
            return work(session)

    def _write_all(self) -> None:
        """Write what waits, group by group, until nothing does."""
        while True:
            with self._lock:
                units, self._waiting = self._waiting[:_MOST_UNITS], self._waiting[_MOST_UNITS:]
                if not units:
                    self._is_at_work = False
                    return
            if len(units) == 1 or not self._wrote_together(units):
                for unit in units:
                    _run(unit, self._database.transaction())
            for loop in {unit.caller.get_loop() for unit in units}:
                mine = [unit for unit in units if unit.caller.get_loop() is loop]
                # A loop that was closed meanwhile has nobody left who waits.
                with suppress(RuntimeError):
                    loop.call_soon_threadsafe(_answer, mine)

    def _wrote_together(self, units: Sequence[_Unit]) -> bool:
        try:
            with self._database.transaction() as session:
                connection = session.connection()
                for unit in units:
                    _run(unit, self._savepoint(connection))
                    # Some failures, a full disk is one, end the whole transaction.
                    if not _is_under_way(connection):
                        return False
        except (StorageError, SQLAlchemyError):
            return False
        return True

    @contextmanager
    def _savepoint(self, connection: Connection) -> Iterator[Session]:
        with (
            self._database.failures_in_words(),
            Session(connection, join_transaction_mode="create_savepoint") as session,
            session.begin(),
        ):
            yield session


def _run(unit: _Unit, opened: AbstractContextManager[Session]) -> None:
    unit.error = None
    try:
        with opened as session:
            unit.result = unit.work(session)
    except BaseException as error:  # the caller raises it: one that is not told waits for ever
        unit.error = error


def _is_under_way(connection: Connection) -> bool:
    driver = connection.connection.driver_connection
    return driver is not None and bool(driver.in_transaction)


def _answer(units: Sequence[_Unit]) -> None:
    for unit in units:
        if unit.caller.cancelled():
            continue
        if unit.error is None:
            unit.caller.set_result(unit.result)
        else:
            unit.caller.set_exception(unit.error)
