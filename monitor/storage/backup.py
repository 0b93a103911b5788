"""Copies a SQLite database while it is in use, puts a copy back, and deletes old copies."""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from monitor.storage.database import Database, StorageError
from monitor.storage.occupancy import occupied
from monitor.storage.schema import known_revisions, migrate

_NAME = re.compile(r"monitor-[0-9]{8}T[0-9]{6}Z\.db")
_POSTGRESQL = (
    "is PostgreSQL, whose own tools make and restore backups while it runs: "
    "`pg_dump --format=custom --file=monitor.dump` and "
    "`pg_restore --clean --if-exists --dbname=... monitor.dump`"
)


def back_up(database: Database, to: Path, *, now: datetime) -> Path:
    """Copy ``database`` as of one moment and return the file; writers go on meanwhile.

    ``to`` is the new file, or a directory in which one is named by ``now``. The copy is checked, on
    the disk and private before it has its name.

    Raises:
        StorageError: it is PostgreSQL, the file is there already, or cannot be written or read.
    """
    path = _sqlite_path(database)
    if not path.exists():
        raise StorageError(f"database {path}: does not exist: there is nothing to back up")
    target = to / f"monitor-{now:%Y%m%dT%H%M%SZ}.db" if to.is_dir() or not to.suffix else to
    draft = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if target.exists():
            raise StorageError(f"{target}: is there already: name another file")
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        try:
            _copy(path, draft)
            os.link(draft, target)
        finally:
            draft.unlink()
        _sync(target.parent)
    except FileExistsError:
        raise StorageError(f"{target}: is there already: name another file") from None
    except OSError as error:
        raise StorageError(f"{target}: {error.strerror}: give --to a place that can be written") from error
    except sqlite3.Error as error:
        raise StorageError(f"database {path}: cannot be copied to {target.parent}: {error}") from error
    return target


@dataclass(frozen=True, slots=True)
class Pruned:
    """The backups that were deleted, the oldest first, and a line for each that was not what it seemed."""

    deleted: tuple[Path, ...]
    left: tuple[str, ...]


def prune(directory: Path, keep: int) -> Pruned:
    """Delete the backups in ``directory`` but the ``keep`` newest that can be restored.

    A backup is a plain file with the name that ``back_up`` gives, and whole when it is looked at now:
    anything else is left alone, and counts for nothing. So the newest good one always stays.

    Raises:
        ValueError: ``keep`` is below one.
        StorageError: the directory cannot be read, or a backup cannot be deleted.
    """
    if keep < 1:
        raise ValueError(f"{keep} backups cannot be kept: at least one stays")
    good: list[Path] = []
    left: list[str] = []
    try:
        named = [each for each in directory.iterdir() if _NAME.fullmatch(each.name)]
        for path in sorted(named, key=lambda each: each.name, reverse=True):
            if path.is_symlink() or not path.is_file():
                left.append(f"{path}: is no plain file: it was left alone")
                continue
            try:
                _check_copy(path)
            except StorageError as error:
                left.append(f"{error}: it was left alone; delete it if it is of no use")
            else:
                good.append(path)
        deleted = good[keep:][::-1]
        for path in deleted:
            path.unlink(missing_ok=True)
        if deleted:
            _sync(directory)
    except OSError as error:
        raise StorageError(f"{error.filename or directory}: {error.strerror}: check who owns it") from error
    return Pruned(tuple(deleted), tuple(left))


def restore(database: Database, copy: Path, *, aside: Path, now: datetime) -> Path | None:
    """Make ``database`` what ``copy`` holds, brought to this version; return where the old one went.

    What was there goes into the directory ``aside`` first: as a backup, or as it is where it is damaged.
    Killed anywhere, the database is the old one or the new one.

    Raises:
        StorageError: it is PostgreSQL, a daemon uses it, or ``copy`` is no backup that this version reads.
    """
    path = _sqlite_path(database)
    _check_copy(copy)
    with occupied(database):
        kept = _put_aside(database, path, aside, now) if path.exists() else None
        try:
            with closing(_read_only(copy)) as source, closing(_private(path)) as target:
                source.backup(target)
        except sqlite3.Error as error:
            raise StorageError(f"database {path}: cannot be written: {error}") from error
        migrate(database)
    return kept


def _sqlite_path(database: Database) -> Path:
    if database.path is None:
        raise StorageError(f"database {database.where}: {_POSTGRESQL}")
    return database.path


def _copy(path: Path, draft: Path) -> None:
    with closing(_read_only(path)) as source, closing(sqlite3.connect(draft)) as target:
        source.backup(target)  # in one step: a reader of the log, which keeps no writer waiting
        target.execute("PRAGMA journal_mode=DELETE").close()  # one file, without a log beside it
        _check_whole(target, path)
    with draft.open("rb") as file:
        os.fsync(file.fileno())


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro", uri=True, timeout=30)


def _private(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    return sqlite3.connect(path, timeout=30)


def _check_whole(connection: sqlite3.Connection, path: Path) -> None:
    found = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != ("ok",):
        raise StorageError(f"database {path}: is damaged ({found[0]}); restore an earlier backup")


def _check_copy(copy: Path) -> None:
    """Raise unless ``copy`` is a whole database of this version or an older one."""
    if not copy.is_file():
        raise StorageError(f"{copy}: no such file: name a backup")
    try:
        with closing(_read_only(copy)) as connection:
            _check_whole(connection, copy)
            revisions = {row[0] for row in connection.execute("SELECT version_num FROM alembic_version")}
            is_ours = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'source'").fetchone()
    except sqlite3.Error as error:
        raise StorageError(f"{copy}: is no backup of tip-monitor: {error}") from error
    if not revisions or not is_ours:
        raise StorageError(f"{copy}: is no backup of tip-monitor: it lacks its tables: name a backup")
    if not revisions <= known_revisions():
        raise StorageError(f"{copy}: was written by a newer version of tip-monitor; upgrade tip-monitor")


def _put_aside(database: Database, path: Path, aside: Path, now: datetime) -> Path:
    target = aside / f"before-restore-{now:%Y%m%dT%H%M%S.%fZ}.db"
    try:
        return back_up(database, target, now=now)
    except StorageError:
        if target.exists():
            raise
    # It cannot be read: it is kept byte for byte, its log with it.
    aside.mkdir(mode=0o700, parents=True, exist_ok=True)
    for ending in ("-wal", "-shm", ""):
        with suppress(FileNotFoundError):
            os.replace(f"{path}{ending}", f"{target}{ending}")
    return target


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
