"""Keeps one daemon on a SQLite file: a lock on the file beside it, gone with the process that held it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from monitor.storage.database import Database, StorageError


@contextmanager
def occupied(database: Database) -> Iterator[None]:
    """Hold ``database`` for one daemon, or for a restore; PostgreSQL takes any number of daemons.

    Raises:
        StorageError: another process holds it.
    """
    if database.path is None:
        yield
        return
    path = database.path.with_name(database.path.name + ".lock")
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror}; check the owner and mode of data_dir") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StorageError(
                f"database {database.where}: a tip-monitor daemon uses it; stop that one first"
            ) from None
        yield
    finally:
        os.close(descriptor)
