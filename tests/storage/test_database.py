"""Sessions: who waits for whom, what is kept, and failures in words."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from monitor.domain.document import Edition
from monitor.storage.database import Database, StorageError
from monitor.storage.editions import add_edition, editions
from monitor.storage.schema import migrate
from monitor.storage.snapshots import keep_snapshot
from monitor.storage.sources import source_states, sync_sources
from tests.checks import record_failure
from tests.storage.builders import NOW, make_snapshot, make_source

WRITE = "write sqlite:///PATH or postgresql://USER@HOST/NAME"
KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from monitor.domain.document import Edition
from monitor.storage.database import Database
from monitor.storage.editions import add_edition

with Database(sys.argv[1]).transaction() as session:
    add_edition(session, Edition(2026, "https://example.org/", "2026"), datetime(2026, 6, 30, tzinfo=UTC))
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_writers_at_once_do_not_fail_as_locked(database: Database) -> None:
    """Each reads before it writes; on SQLite the second waits for the first one's end."""
    with database.transaction() as session:
        sync_sources(session, [make_source()])

    def fail_often() -> None:
        for _ in range(25):
            with database.transaction() as session:
                record_failure(session, "tip", NOW, "down")

    with ThreadPoolExecutor(4) as pool:
        for writer in [pool.submit(fail_often) for _ in range(4)]:
            writer.result()
    with database.reading() as session:
        assert [state.failures for state in source_states(session)] == [100]


def test_a_reader_does_not_wait_for_a_writer(database: Database) -> None:
    with database.transaction() as writer:
        sync_sources(writer, [make_source()])
        with database.reading() as reader:
            assert source_states(reader) == []


def test_an_exception_leaves_nothing(database: Database) -> None:
    def interrupted() -> None:
        with database.transaction() as session:
            keep_snapshot(session, make_snapshot())
            sync_sources(session, [make_source()])
            raise KeyError

    with pytest.raises(KeyError):
        interrupted()
    with database.transaction() as session:
        assert source_states(session) == []
        assert keep_snapshot(session, make_snapshot())


def test_a_killed_transaction_leaves_nothing(database: Database) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    assert subprocess.run([sys.executable, "-c", KILLED, url], check=False).returncode == -9
    with database.reading() as session:
        assert editions(session) == []


def test_a_reading_session_cannot_write(database: Database) -> None:
    with pytest.raises(StorageError, match="may not be written") as refusal, database.reading() as session:
        keep_snapshot(session, make_snapshot())
    assert str(refusal.value).startswith(f"database {database.where}: ")
    with database.transaction() as session:
        assert keep_snapshot(session, make_snapshot())


def test_a_new_file_is_private_and_its_directory_made(tmp_path: Path) -> None:
    path = tmp_path / "var" / "lib" / "monitor.db"
    database = Database(f"sqlite:///{path}")
    assert not path.parent.exists()
    migrate(database)
    with database.transaction() as session:
        keep_snapshot(session, make_snapshot())
        modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    database.dispose()
    assert modes == {"monitor.db": 0o600, "monitor.db-wal": 0o600, "monitor.db-shm": 0o600}


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("no address", f"database_url: not a database address; {WRITE}"),
        ("mysql://host/db", f"database_url: mysql is not supported; {WRITE}"),
        ("sqlite://", "database_url: names no file; write sqlite:///PATH"),
        ("sqlite:///:memory:", "database_url: names no file; write sqlite:///PATH"),
    ],
)
def test_an_address_of_no_supported_database_is_refused_in_words(url: str, message: str) -> None:
    with pytest.raises(StorageError) as refusal:
        Database(url)
    assert str(refusal.value) == message


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    path.write_text("A letter to the editor. " * 100)
    database = Database(f"sqlite:///{path}")
    with pytest.raises(StorageError) as refusal:
        migrate(database)
    database.dispose()
    assert str(refusal.value) == f"database {path}: the file is not a SQLite database; check database_url"
    assert path.read_text() == "A letter to the editor. " * 100


def test_a_full_disk_is_named_and_what_was_stored_stays(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/monitor.db")
    migrate(database)
    with database.transaction() as session:
        sync_sources(session, [make_source()])

    def fill_the_disk() -> None:
        with database.transaction() as session:
            record_failure(session, "tip", NOW, "down")
            session.connection().exec_driver_sql("PRAGMA max_page_count = 1")
            keep_snapshot(session, make_snapshot(os.urandom(1_000_000)))

    with pytest.raises(StorageError) as refusal:
        fill_the_disk()
    assert str(refusal.value) == f"database {database.where}: the disk is full; free some space"
    with database.reading() as session:
        assert [state.failures for state in source_states(session)] == [0]
    database.dispose()


def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    database = Database(f"sqlite:///{tmp_path}/var/monitor.db")
    with pytest.raises(StorageError, match=r"monitor\.db: .+; check data_dir and database_url$"):
        migrate(database)


def test_tables_that_are_missing_are_told_as_not_migrated(empty_database: Database) -> None:
    with pytest.raises(StorageError) as refusal, empty_database.reading() as session:
        editions(session)
    assert str(refusal.value) == f"database {empty_database.where}: not migrated; run tip-monitor migrate"


def test_a_server_that_is_down_is_one_line_without_the_password(tmp_path: Path) -> None:
    database = Database(f"postgresql://monitor:secret@/monitor?host={tmp_path}")
    with pytest.raises(StorageError) as refusal:
        migrate(database)
    database.dispose()
    message = str(refusal.value)
    assert message.endswith("; check that the server runs and database_url is right")
    assert "\n" not in message
    assert "secret" not in message


def test_a_lost_server_connection_is_replaced(database: Database) -> None:
    """PostgreSQL was restarted, or an idle connection was cut."""
    with database.reading() as session:
        assert editions(session) == []
        connection = session.connection().connection.driver_connection
    assert connection is not None
    if not database.is_sqlite:
        connection.close()
    with database.reading() as session:
        assert editions(session) == []


def test_the_version_changes_with_every_commit_and_with_nothing_else(database: Database) -> None:
    first = database.version()
    with database.reading() as session:
        editions(session)
    assert database.version() == first is not None

    with database.transaction() as session:
        add_edition(session, Edition(2013, "https://example.org/2013/", "2013"), NOW)
    second = database.version()
    assert database.version() == second
    assert second != first

    other = Database(database.engine.url.render_as_string(hide_password=False))
    before = database.version()
    with other.transaction() as session:
        sync_sources(session, [make_source()])
    other.dispose()
    assert database.version() != before


def test_a_reopened_database_does_not_pass_for_the_one_before(database: Database) -> None:
    before = database.version()
    database.dispose()
    with database.transaction() as session:
        sync_sources(session, [make_source()])
    assert database.version() != before


def test_a_database_that_does_not_answer_has_no_version(tmp_path: Path) -> None:
    missing = Database(f"sqlite:///{tmp_path / 'missing.db'}")
    assert missing.version() is None
    assert not (tmp_path / "missing.db").exists()
    (tmp_path / "damaged.db").write_bytes(b"no database at all, but long enough to be read as one" * 100)
    damaged = Database(f"sqlite:///{tmp_path / 'damaged.db'}")
    assert damaged.version() is None
    damaged.dispose()
