"""Migration: to this version and no further, and never of what a newer one wrote."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from monitor.storage.database import Database, StorageError
from monitor.storage.rows import Row
from monitor.storage.schema import configuration, heads, known_revisions, migrate, require_current


def test_the_migrations_give_the_tables_of_the_models(empty_database: Database) -> None:
    migrate(empty_database)
    with empty_database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Row.metadata) == []


def test_migrating_twice_changes_nothing(empty_database: Database) -> None:
    migrate(empty_database)
    tables = sorted(inspect(empty_database.engine).get_table_names())
    migrate(empty_database)
    require_current(empty_database)
    assert sorted(inspect(empty_database.engine).get_table_names()) == tables
    assert tables == sorted([*Row.metadata.tables, "alembic_version"])


def test_the_steps_read_as_text_are_those_that_alembic_finds() -> None:
    script = ScriptDirectory.from_config(configuration())
    assert {step.revision for step in script.walk_revisions()} == known_revisions()
    assert set(script.get_heads()) == heads()


def test_many_may_migrate_at_once(empty_database: Database) -> None:
    """Two processes that start together both find a database to work with."""
    others = [Database(empty_database.engine.url.render_as_string(hide_password=False)) for _ in range(4)]
    with ThreadPoolExecutor(len(others)) as pool:
        list(pool.map(migrate, others))
    for other in others:
        other.dispose()
    require_current(empty_database)


def test_a_database_of_a_newer_version_is_refused_and_not_changed(database: Database) -> None:
    with database.transaction() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))
        session.connection().execute(text("DROP TABLE extraction_issue"))
    message = (
        f"database {database.where}: was written by a newer version of tip-monitor; "
        "upgrade tip-monitor or restore a backup"
    )
    for refuse in (migrate, require_current):
        with pytest.raises(StorageError) as refusal:
            refuse(database)
        assert str(refusal.value) == message
    tables = inspect(database.engine).get_table_names()
    assert sorted([*tables, "extraction_issue"]) == sorted([*Row.metadata.tables, "alembic_version"])


def test_a_migration_that_fails_leaves_nothing(empty_database: Database) -> None:
    """It runs in one transaction, on SQLite too; a table that is in the way stops it half-way."""
    with empty_database.migrating() as connection:
        connection.execute(text("CREATE TABLE observation (mine INTEGER)"))
    with pytest.raises(StorageError) as refusal:
        migrate(empty_database)
    assert str(refusal.value) == (
        f"database {empty_database.where}: holds tables of another program; choose an empty database"
    )
    assert inspect(empty_database.engine).get_table_names() == ["observation"]


def test_a_database_without_tables_is_told_to_migrate(empty_database: Database) -> None:
    with empty_database.migrating():
        pass
    with pytest.raises(StorageError) as refusal:
        require_current(empty_database)
    assert str(refusal.value) == f"database {empty_database.where}: not migrated; run tip-monitor migrate"


def test_asking_for_a_file_that_is_not_there_makes_none(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    with pytest.raises(StorageError) as refusal:
        require_current(Database(f"sqlite:///{path}"))
    assert str(refusal.value) == f"database {path}: does not exist; run tip-monitor migrate"
    assert not path.exists()
