"""backup, restore, and the backup that goes before a migration."""

from __future__ import annotations

from pathlib import Path

from alembic import command

from monitor.storage.database import Database
from monitor.storage.occupancy import occupied
from monitor.storage.schema import configuration
from tests.cli.conftest import Run


def addresses(run: Run) -> list[str]:
    return [each["address"] for each in run("subscribers", "list", "--format", "json").json]


def test_what_is_backed_up_comes_back_and_what_was_there_is_kept(run: Run, tmp_path: Path) -> None:
    run("subscribers", "add", "early@example.org", "--confirmed")
    copy = tmp_path / "copy.db"
    done = run("backup", "--to", copy)
    assert (done.code, done.out) == (0, f"{copy}: {copy.stat().st_size} bytes\n")
    run("subscribers", "add", "late@example.org", "--confirmed")

    done = run("restore", copy)
    assert (done.code, done.err) == (0, "")
    where, kept = done.out.splitlines()
    assert where.endswith(f"monitor.db: restored from {copy}")
    assert addresses(run) == ["early@example.org"]
    assert run("restore", kept.partition(": ")[0]).code == 0
    assert addresses(run) == ["early@example.org", "late@example.org"]


def test_old_backups_go_once_newer_ones_are_whole(run: Run, data_dir: Path) -> None:
    run("migrate")
    first = Path(run("backup").out.partition(": ")[0])
    old = [first.rename(first.with_name(f"monitor-2020010{day}T000000Z.db")) for day in (1,)]
    old += [first.with_name(f"monitor-2020010{day}T000000Z.db") for day in (2, 3)]
    for each in old[1:]:
        each.write_bytes(old[0].read_bytes())
    done = run("backup", "--keep", 2)
    made, *deleted = done.out.splitlines()
    assert (done.code, done.err) == (0, "")
    assert deleted == [f"{each}: deleted, since 2 newer ones are kept" for each in old[:2]]
    assert set((data_dir / "backups").iterdir()) == {old[2], Path(made.partition(": ")[0])}

    old[2].write_bytes(b"no database")
    (data_dir / "backups" / Path(made.partition(": ")[0]).name).rename(old[1])
    told = run("backup", "--keep", 1)
    assert (told.code, told.err.count("\n")) == (1, 1)
    assert f"{old[2]}: is no backup of tip-monitor" in told.err
    assert not old[1].exists()
    assert run("backup", "--keep", 0).code == 2
    assert run("backup", "--keep", 1, "--to", data_dir / "copy.db").code == 2


def test_a_backup_of_nothing_and_a_restore_under_a_daemon_are_refused_in_a_line(
    run: Run, data_dir: Path
) -> None:
    nothing = run("backup")
    assert (nothing.code, nothing.err.count("\n")) == (1, 1)
    assert "does not exist: there is nothing to back up" in nothing.err

    run("migrate")
    copy = run("backup").out.partition(": ")[0]
    with occupied(Database(f"sqlite:///{data_dir / 'monitor.db'}")):
        refused, second = run("restore", copy), run("run", "--port", "0")
    assert (refused.code, second.code) == (1, 1)
    assert "a tip-monitor daemon uses it; stop that one first" in refused.err
    assert "a tip-monitor daemon uses it; stop that one first" in second.err


def older(data_dir: Path) -> Database:
    data_dir.mkdir()
    database = Database(f"sqlite:///{data_dir / 'monitor.db'}")
    config = configuration()
    with database.migrating() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    database.dispose()
    return database


def test_an_older_database_is_not_migrated_under_the_daemon_that_uses_it(run: Run, data_dir: Path) -> None:
    with occupied(older(data_dir)):
        for refused in (run("migrate"), run("sources", "list")):
            assert (refused.code, refused.err.count("\n")) == (1, 1)
            assert "a tip-monitor daemon uses it; stop that one first" in refused.err
    assert not (data_dir / "backups").exists()
    assert run("migrate").code == 0


def test_an_older_database_is_backed_up_before_it_is_migrated(run: Run, data_dir: Path) -> None:
    older(data_dir)

    assert run("migrate").code == 0
    assert run("migrate").code == 0
    assert len(list((data_dir / "backups").iterdir())) == 1


def test_postgresql_is_backed_up_by_its_own_tools(run: Run, monkeypatch) -> None:
    monkeypatch.setenv("TIP_MONITOR_DATABASE_URL", "postgresql+psycopg://monitor:hush@127.0.0.1:9/monitor")
    for refused in (run("backup"), run("restore", "monitor.dump")):
        assert refused.code == 1
        assert "pg_dump --format=custom" in refused.err
        assert "hush" not in refused.err
