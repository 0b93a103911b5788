"""A backup is one moment of a database in use; a restore loses nothing of what was there."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.storage.backup import back_up, prune, restore
from monitor.storage.database import Database, StorageError
from monitor.storage.occupancy import occupied
from monitor.storage.schema import migrate
from monitor.storage.sources import source_states, sync_sources
from tests.storage.builders import NOW, make_source


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'monitor.db'}")
    migrate(database)
    hold(database, "first")
    yield database
    database.dispose()


def hold(database: Database, *keys: str) -> None:
    with database.transaction() as session:
        sync_sources(session, [make_source(key) for key in keys])


def held(path: Path) -> list[str]:
    database = Database(f"sqlite:///{path}")
    with database.reading() as session:
        keys = [state.source.key for state in source_states(session)]
    database.dispose()
    return keys


def test_a_backup_holds_what_was_committed_is_private_and_one_file(database, tmp_path) -> None:
    path = back_up(database, tmp_path / "backups", now=NOW)
    assert path == tmp_path / "backups" / "monitor-20260630T080000Z.db"
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert path.stat().st_mode & 0o777 == 0o600
    assert held(path) == ["first"]


def test_a_backup_made_while_others_write_is_one_moment(database, tmp_path) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            hold(database, f"left-{number}", f"right-{number}")
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        copies = [held(back_up(database, tmp_path / f"{number}.db", now=NOW)) for number in range(5)]
    finally:
        stop.set()
        writer.join()
    assert [len({key.partition("-")[2] for key in keys}) for keys in copies] == [1] * 5


def test_a_backup_that_is_there_is_not_overwritten(database, tmp_path) -> None:
    back_up(database, tmp_path / "copy.db", now=NOW)
    with pytest.raises(StorageError, match="is there already"):
        back_up(database, tmp_path / "copy.db", now=NOW)


def test_a_restore_puts_the_copy_back_and_what_was_there_aside(database, tmp_path) -> None:
    copy = back_up(database, tmp_path / "copy.db", now=NOW)
    hold(database, "second")
    kept = restore(database, copy, aside=tmp_path / "aside", now=NOW + timedelta(hours=1))
    aside = tmp_path / "aside" / "before-restore-20260630T090000.000000Z.db"
    assert kept == aside
    assert (held(tmp_path / "monitor.db"), held(aside)) == (["first"], ["second"])


def test_a_damaged_database_is_put_aside_as_it_is_and_replaced(database, tmp_path) -> None:
    copy = back_up(database, tmp_path / "copy.db", now=NOW)
    database.dispose()
    (tmp_path / "monitor.db").write_bytes(b"no database at all" * 1000)
    kept = restore(database, copy, aside=tmp_path / "aside", now=NOW)
    assert kept is not None
    assert kept.read_bytes().startswith(b"no database")
    assert held(tmp_path / "monitor.db") == ["first"]


def test_a_restore_waits_for_nobody_it_refuses_while_a_daemon_runs(database, tmp_path) -> None:
    copy = back_up(database, tmp_path / "copy.db", now=NOW)
    with (
        occupied(database),
        pytest.raises(StorageError, match="a tip-monitor daemon uses it; stop that one first"),
    ):
        restore(database, copy, aside=tmp_path / "aside", now=NOW)


def _text(path: Path) -> None:
    path.write_text("no database", "utf-8")


def _newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('v9999')")
        connection.execute("CREATE TABLE source (key TEXT)")
        connection.commit()


def _foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE unrelated (id INTEGER)")


def _empty(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")


def _of_another_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('0001')")
        connection.commit()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "no such file"),
        (_text, "is no backup of tip-monitor"),
        (_foreign, "is no backup of tip-monitor"),
        (_empty, "is no backup of tip-monitor: it lacks its tables"),
        (_of_another_program, "is no backup of tip-monitor: it lacks its tables"),
        (_newer, "was written by a newer version of tip-monitor; upgrade"),
    ],
)
def test_what_is_no_backup_of_this_version_is_refused_and_nothing_changes(
    database, tmp_path, make, words
) -> None:
    make(tmp_path / "copy.db")
    with pytest.raises(StorageError, match=words):
        restore(database, tmp_path / "copy.db", aside=tmp_path / "aside", now=NOW)
    assert held(tmp_path / "monitor.db") == ["first"]


def test_postgresql_is_left_to_its_own_tools(tmp_path) -> None:
    database = Database("postgresql://monitor:hush@server/monitor")
    with pytest.raises(StorageError, match="pg_dump --format=custom") as told:
        back_up(database, tmp_path, now=NOW)
    assert "hush" not in str(told.value)


def daily(database: Database, directory: Path, days: int) -> list[Path]:
    directory.mkdir(exist_ok=True)
    return [back_up(database, directory, now=NOW + timedelta(days=day)) for day in range(days)]


def test_the_newest_backups_are_kept_and_older_ones_deleted(database, tmp_path) -> None:
    made = daily(database, tmp_path / "backups", 5)
    pruned = prune(tmp_path / "backups", 2)
    assert (pruned.deleted, pruned.left) == (tuple(made[:3]), ())
    assert sorted((tmp_path / "backups").iterdir()) == made[3:]
    assert prune(tmp_path / "backups", 2).deleted == ()
    assert held(made[4]) == ["first"]


def test_damaged_backups_are_left_alone_and_do_not_count_as_kept(database, tmp_path) -> None:
    """The two newest are damaged: what is left that can be restored stays."""
    made = daily(database, tmp_path / "backups", 4)
    made[3].write_bytes(b"")
    made[2].write_bytes(made[2].read_bytes()[:5000])
    pruned = prune(tmp_path / "backups", 1)
    assert pruned.deleted == (made[0],)
    assert sorted((tmp_path / "backups").iterdir()) == made[1:]
    assert [line.partition(":")[0] for line in pruned.left] == [str(made[3]), str(made[2])]


def test_files_that_are_no_backups_of_ours_are_never_deleted(database, tmp_path) -> None:
    backups = tmp_path / "backups"
    made = daily(database, backups, 2)
    others = [
        backups / "before-restore-20260101T000000.000000Z.db",
        backups / "monitor-20260101T000000Z.db.gz",
        backups / "monitor-2026.db",
        backups / "my-monitor-20260101T000000Z.db",
        backups / ".monitor-20260101T000000Z.db.part",
    ]
    for other in others:
        other.write_bytes(made[0].read_bytes())
    foreign = backups / "monitor-20260101T000000Z.db"
    with closing(sqlite3.connect(foreign)) as connection:
        connection.execute("CREATE TABLE diary (entry)").close()
    folder, link = backups / "monitor-20260102T000000Z.db", backups / "monitor-20260103T000000Z.db"
    folder.mkdir()
    link.symlink_to(database.path)
    pruned = prune(backups, 1)
    assert pruned.deleted == (made[0],)
    assert set(backups.iterdir()) == {*others, foreign, folder, link, made[1]}
    assert len(pruned.left) == 3


def test_none_at_all_cannot_be_kept(database, tmp_path) -> None:
    daily(database, tmp_path / "backups", 1)
    with pytest.raises(ValueError, match="at least one stays"):
        prune(tmp_path / "backups", 0)
