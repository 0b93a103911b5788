"""Brings the tables to this version of the product, and refuses databases of a newer one."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from monitor.storage.database import Database, StorageError

_MIGRATIONS = Path(__file__).resolve().parent / "migrations"
_ADVISORY_LOCK = 0x7469706D  # "tipm": one migration at a time on PostgreSQL


def migrate(database: Database) -> None:
    """Bring ``database`` to this version's tables, in one transaction; at home there, change nothing.

    Raises:
        StorageError: it cannot be opened, or a newer version wrote it; then nothing is changed.
    """
    with database.failures_in_words(), database.migrating() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
        config = configuration()
        if _is_current(database, connection, config):
            return
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
        if not _is_current(database, session.connection(), configuration()):
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
        if not MigrationContext.configure(connection).get_current_heads():
            return False
        return not _is_current(database, connection, configuration())


def known_revisions() -> set[str]:
    """Return the steps that this version knows."""
    return {step.revision for step in ScriptDirectory.from_config(configuration()).walk_revisions()}


def configuration() -> Config:
    """Return Alembic's configuration; whoever runs it adds the open ``connection`` to its attributes."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "v%%(rev)s_%%(slug)s")
    return config


def _is_current(database: Database, connection: Connection, config: Config) -> bool:
    script = ScriptDirectory.from_config(config)
    stored = set(MigrationContext.configure(connection).get_current_heads())
    if not stored <= {revision.revision for revision in script.walk_revisions()}:
        raise StorageError(
            f"database {database.where}: was written by a newer version of tip-monitor; "
            "upgrade tip-monitor or restore a backup"
        )
    return stored == set(script.get_heads())
