"""Brings the tables to this version of the product, and refuses databases of a newer one."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from monitor.storage.database import Database, StorageError

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS = Path(__file__).resolve().parent / "migrations"
_REVISION = re.compile(r'^revision = "(\w+)"$', re.MULTILINE)
_FOLLOWS = re.compile(r'^down_revision = "(\w+)"$', re.MULTILINE)
_ADVISORY_LOCK = 0x7469706D  # "tipm": one migration at a time on PostgreSQL


def migrate(database: Database) -> None:
    """Bring ``database`` to this version's tables, in one transaction; at home there, change nothing.

    Raises:
        StorageError: it cannot be opened, or a newer version wrote it; then nothing is changed.
    """
    with database.failures_in_words(), database.migrating() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
        if _is_current(database, connection):
            return
        # Takes a while, and most starts find their tables as they are.
        from alembic import command  # noqa: PLC0415

        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if database.is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise StorageError(
                f"database {database.where}: its tables contradict each other; restore a backup"
            )


def require_current(database: Database) -> None:
    """Return if ``database`` has this version's tables; creates nothing.

    Raises:
        StorageError: it does not exist, is not migrated, or a newer version wrote it.
    """
    if database.path is not None and not database.path.exists():
        raise StorageError(f"database {database.where}: does not exist; run tip-monitor migrate")
    with database.reading() as session:
        if not _is_current(database, session.connection()):
            raise StorageError(f"database {database.where}: not migrated; run tip-monitor migrate")


def is_behind(database: Database) -> bool:
    """Whether ``database`` holds tables of an older version; one without tables is not behind.

    Raises:
        StorageError: a newer version wrote it.
    """
    if database.path is not None and not database.path.exists():
        return False
    with database.reading() as session:
        connection = session.connection()
        return bool(_stored_steps(connection)) and not _is_current(database, connection)


def known_revisions() -> set[str]:
    """Return the steps that this version knows."""
    return set(_steps())


def heads() -> set[str]:
    """Return the steps that no other follows: what a database of this version has."""
    steps = _steps()
    return set(steps) - set(steps.values())


def configuration() -> Config:
    """Return Alembic's configuration; whoever runs it adds the open ``connection`` to its attributes."""
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "v%%(rev)s_%%(slug)s")
    return config


def _is_current(database: Database, connection: Connection) -> bool:
    stored, known = _stored_steps(connection), known_revisions()
    if not stored <= known:
        raise StorageError(
            f"database {database.where}: was written by a newer version of tip-monitor; "
            "upgrade tip-monitor or restore a backup"
        )
    return stored == heads()


@cache
def _steps() -> dict[str, str | None]:
    """Return each step with the one that it follows, read as text: Alembic would take longer to import."""
    texts = [path.read_text("utf-8") for path in (_MIGRATIONS / "versions").glob("v*.py")]
    return {_REVISION.findall(each)[0]: next(iter(_FOLLOWS.findall(each)), None) for each in texts}


def _stored_steps(connection: Connection) -> set[str]:
    """Return the steps that Alembic left in its table; none where there is no table."""
    if not inspect(connection).has_table("alembic_version"):
        return set()
    return set(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())
