"""Opens the database: SQLite (WAL) by default, or PostgreSQL through psycopg."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlmodel import Session

from monitor.storage.failures import StorageError, advice_on
from monitor.storage.group_commit import GroupCommit

__all__ = ["Database", "Session", "StorageError"]

_BUSY_SECONDS = 30
_creating = threading.Lock()
_WRITE = "write sqlite:///PATH or postgresql://USER@HOST/NAME"


class Database:
    """A database by its URL. Nothing is opened before the first session.

    Safe to share between threads; a session is not.

    Raises:
        StorageError: the URL is not one of SQLite with a file, or of PostgreSQL.
    """

    def __init__(self, url: str) -> None:
        self._url = _checked(url)
        self.is_sqlite = self._url.get_backend_name() == "sqlite"
        self.path = Path(self._url.database or "") if self.is_sqlite else None
        self._writer = threading.Lock()
        self.group_commit = GroupCommit(self)
        self._version_lock = threading.Lock()
        self._version_connection: sqlite3.Connection | None = None
        self._version_connections = 0
        # Addresses of subscribers are parameters: they stay out of error messages and logs.
        self.engine = create_engine(
            self._url,
            hide_parameters=True,
            pool_pre_ping=not self.is_sqlite,
            connect_args={"timeout": _BUSY_SECONDS} if self.is_sqlite else {"connect_timeout": 10},
        )
        if self.path is not None:
            _make_sqlite_behave(self.engine, self.path)
            self._writing: Engine = self.engine.execution_options(sqlite_begin="IMMEDIATE")
            self._reading: Engine = self.engine
        else:
            self._writing = self.engine
            self._reading = self.engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )

    @property
    def where(self) -> str:
        """The place for messages: the file, or the URL without its password."""
        return str(self.path) if self.path is not None else self._url.render_as_string(hide_password=True)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Give a session that may write: committed at the end, rolled back on any exception.

        What many tasks write at once goes by ``group_commit``.

        Keep it short and away from network I/O: on SQLite it is the only writer from its first
        statement on, and others wait for up to 30 seconds.

        Raises:
            StorageError: the database cannot be reached, is locked, full, read-only, damaged or
                not migrated.
        """
        with self._turn(), self.failures_in_words(), Session(self._writing) as session, session.begin():
            yield session

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait until no other thread of this process writes.

        SQLite has one writer at a time, and who finds it busy sleeps for up to a tenth of a second
        between looks. A lock wakes the next at once.
        """
        if not self.is_sqlite:
            yield
            return
        if not self._writer.acquire(timeout=_BUSY_SECONDS):
            raise StorageError(f"{self.where}: another thread holds it; try again when that is done")
        try:
            yield
        finally:
            self._writer.release()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one moment of the database and cannot write.

        Raises:
            StorageError: as in ``transaction``, or something tried to write.
        """
        with self.failures_in_words(), Session(self._reading) as session:
            yield session

    def version(self) -> str | None:
        """Return what stays the same as long as nobody commits anything, in whatever process.

        What was read after this was asked is at least as new as it. None where the database does
        not answer: whoever asks next learns why.
        """
        try:
            if self.path is not None:
                return self._sqlite_version(self.path)
            with self._reading.connect() as connection:
                return str(connection.exec_driver_sql("SELECT pg_current_snapshot()").scalar())
        except (sqlite3.Error, DBAPIError, StorageError):
            return None

    def _sqlite_version(self, path: Path) -> str | None:
        # The number is one connection's own: it counts what others commit, so this one never writes.
        with self._version_lock:
            if self._version_connection is None:
                if not path.exists():
                    return None
                self._version_connection = sqlite3.connect(
                    path, check_same_thread=False, isolation_level=None
                )
                self._version_connections += 1
            number = self._version_connection.execute("PRAGMA data_version").fetchone()[0]
            return f"{self._version_connections}.{number}"

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """Give a connection in a transaction that may rebuild tables, committed at the end."""
        with self._writing.connect() as connection:
            if self.is_sqlite:
                # Alembic rebuilds a table by dropping the old one, which would delete what refers to
                # it; the switch has no effect inside a transaction, so it goes to the driver.
                connection.connection.cursor().execute("PRAGMA foreign_keys=OFF").close()
                connection.detach()
            with connection.begin():
                yield connection

    @contextmanager
    def failures_in_words(self) -> Iterator[None]:
        """Turn the driver's failures into ``StorageError``; broken constraints stay as they are."""
        try:
            yield
        except DBAPIError as error:
            advice = advice_on(error)
            if advice is None:
                raise
            raise StorageError(f"database {self.where}: {advice}") from error

    def dispose(self) -> None:
        """Close all idle connections."""
        with self._version_lock:
            if self._version_connection is not None:
                self._version_connection.close()
                self._version_connection = None
        self.engine.dispose()


def _checked(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StorageError(f"database_url: not a database address; {_WRITE}") from error
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "postgresql+psycopg"):
        raise StorageError(f"database_url: {parsed.drivername} is not supported; {_WRITE}")
    if parsed.drivername == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise StorageError("database_url: names no file; write sqlite:///PATH")
    return parsed


def _make_sqlite_behave(engine: Engine, path: Path) -> None:
    """Give every connection WAL, enforced foreign keys and transactions that begin as we say."""

    @event.listens_for(engine, "do_connect")
    def prepare_file(*_: object) -> None:
        try:
            _create_private(path)
        except OSError as error:
            raise StorageError(
                f"database {path}: {error.strerror}; check data_dir and database_url"
            ) from error

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None
        _enter_wal(connection)
        connection.execute("PRAGMA foreign_keys=ON").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and writes later fails as locked when another has written
        # in between (SQLITE_BUSY_SNAPSHOT, no wait helps): who may write takes the lock at once.
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if mode == 'IMMEDIATE' else 'ON'}")
        connection.exec_driver_sql(f"BEGIN {mode}")


def _create_private(path: Path) -> None:
    """Create the file, private from its first byte on, since addresses of subscribers lie in it."""
    # A file that exists is left alone: closing it here would drop the locks that SQLite holds on it
    # for other connections of this process (POSIX locks belong to the process, not to the file
    # descriptor). For the same reason no other thread may connect before the new file is closed.
    with _creating:
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _enter_wal(connection: sqlite3.Connection) -> None:
    """Switch a new file to WAL, or find it there."""
    deadline = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
        except sqlite3.OperationalError as error:
            # Of several that open a new file at once all but one fail as busy: this statement does
            # not wait for others, whatever the time-out.
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return
