"""Examines what this machine gives the monitor: database, clock, disk, files that hold secrets."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import text

from monitor.storage.database import Database, StorageError
from monitor.storage.schema import require_current
from monitor.storage.sources import source_states
from monitor.storage.subscriptions import Unreadable, each_subscription

_ENOUGH_BYTES = 2 * 1024**3
_LEAST_BYTES = 200 * 1024**2
_SKEW = timedelta(seconds=30)


class Health(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; ``fix`` says what to do and is empty where nothing is to be done."""

    check: str
    subject: str
    health: Health
    detail: str
    fix: str = ""


def ok(check: str, subject: str, detail: str = "") -> Finding:
    """Return a finding that needs nothing done."""
    return Finding(check, subject, Health.OK, detail)


def failed(check: str, subject: str, line: str) -> Finding:
    """Return a failure from a line ``what; what to do`` or ``what: what to do``."""
    detail, separator, fix = line.rpartition("; ") if "; " in line else line.rpartition(": ")
    return Finding(check, subject, Health.FAILED, detail if separator else line, fix if separator else "")


def examine_database(database: Database) -> list[Finding]:
    """Ask whether the database answers, can be written, and has this version's tables."""
    if database.path is not None and not database.path.exists():
        fix = "run tip-monitor migrate, or any other command: the first one makes it"
        return [Finding("database", database.where, Health.WARNING, "does not exist yet", fix)]
    try:
        with database.reading() as session:
            version = session.connection().execute(text(_version(database))).scalar()
    except StorageError as error:
        return [failed("database", database.where, str(error))]
    found = [ok("database", database.where, f"{'SQLite' if database.is_sqlite else 'PostgreSQL'} {version}")]
    try:
        require_current(database)
    except StorageError as error:
        return [*found, failed("migrations", database.where, str(error))]
    return [*found, ok("migrations", database.where, "this version's tables")]


def examine_clock(database: Database, now: datetime) -> Finding:
    """Compare the clock with PostgreSQL's, or with the last checks stored in SQLite.

    Raises:
        StorageError: the database cannot tell.
    """
    fix = "let the system keep the time, e.g. with systemd-timesyncd or chrony"
    with database.reading() as session:
        if database.is_sqlite:
            checked = [state.last_checked_at for state in source_states(session)]
            ahead = max((each - now for each in checked if each is not None), default=timedelta())
            words = "a source was checked in what is now the future: the clock was set back"
        else:
            theirs = session.connection().execute(text("SELECT clock_timestamp()")).scalar_one()
            ahead = abs(theirs - now)
            words = f"{ahead.total_seconds():.0f} s from the database server's"
    if ahead > _SKEW:
        return Finding("clock", now.isoformat(timespec="seconds"), Health.WARNING, words, fix)
    return ok("clock", now.isoformat(timespec="seconds"))


def examine_subscribers(database: Database) -> list[Finding]:
    """Ask of every stored subscription whether it can be read.

    Raises:
        StorageError: the database cannot tell.
    """
    unreadable: list[Unreadable] = []
    with database.reading() as session:
        count = sum(1 for _ in each_subscription(session, unreadable=unreadable))
    parted = (each.reason.rpartition(": ") for each in unreadable)
    return [
        *(Finding("subscribers", "stored", Health.FAILED, detail, fix) for detail, _, fix in parted),
        ok("subscribers", "stored", f"{count} can be read"),
    ]


def examine_disk(directory: Path) -> Finding:
    """Ask whether ``directory`` can be written, and how much room it has."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        free = shutil.disk_usage(directory).free
    except OSError as error:
        return Finding(
            "disk", str(directory), Health.FAILED, error.strerror or str(error), "give data_dir another place"
        )
    if not os.access(directory, os.W_OK | os.X_OK):
        fix = f"chown it to the user that runs tip-monitor (uid {os.getuid()})"
        return Finding("disk", str(directory), Health.FAILED, "cannot be written", fix)
    room = f"{free / 1024**3:.1f} GiB free"
    if free < _ENOUGH_BYTES:
        health = Health.FAILED if free < _LEAST_BYTES else Health.WARNING
        fix = "free some space, or shorten retention.snapshots"
        return Finding("disk", str(directory), health, room, fix)
    return ok("disk", str(directory), room)


def examine_modes(paths: Iterable[Path]) -> list[Finding]:
    """Ask of files and directories that hold secrets or addresses whether others may read them."""
    found = []
    for path in paths:
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
        except FileNotFoundError:
            continue
        except OSError as error:
            fix = "make it readable for the user that runs tip-monitor"
            found.append(Finding("modes", str(path), Health.FAILED, error.strerror or "unreadable", fix))
            continue
        if mode & 0o077:
            private = "700" if path.is_dir() else "600"
            detail = f"mode {mode:03o}: others may read it"
            found.append(Finding("modes", str(path), Health.FAILED, detail, f"chmod {private} {path}"))
        else:
            found.append(ok("modes", str(path), f"mode {mode:03o}"))
    return found


def _version(database: Database) -> str:
    return "SELECT sqlite_version()" if database.is_sqlite else "SELECT current_setting('server_version')"
