"""procrastinate's tables come and grow beside ours."""

from __future__ import annotations

import psycopg
import pytest
from procrastinate.schema import SchemaManager

from monitor.queueing.schema import migrate_queue
from monitor.queueing.task import QueueUnavailable

_STEP = "SELECT obj_description('procrastinate_jobs'::regclass, 'pg_class')"


def run(conninfo: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def test_an_empty_database_gets_the_newest_tables_and_a_second_time_changes_nothing(empty_conninfo) -> None:
    migrate_queue(empty_conninfo, where="test")
    (first,) = run(empty_conninfo, _STEP)
    migrate_queue(empty_conninfo, where="test")
    assert run(empty_conninfo, _STEP) == [first]


def test_tables_of_an_older_procrastinate_take_the_steps_since(conninfo: str) -> None:
    # The newest step redefines a trigger; without it the tables are as the version before had them.
    run(conninfo, "COMMENT ON TABLE procrastinate_jobs IS '03.04.00_01_pre_add_retry_failed_job_procedure'")
    migrate_queue(conninfo, where="test")
    ((step,),) = run(conninfo, _STEP)
    assert str(step) > "03.04.00_01"


@pytest.mark.parametrize(
    ("comment", "words"),
    [
        ("'99.00.00_01_future'", "database test: its queue was written by a newer version of tip-monitor"),
        ("NULL", "database test: holds procrastinate tables of another program"),
    ],
)
def test_tables_of_a_newer_version_or_another_program_are_refused(conninfo, comment, words) -> None:
    run(conninfo, f"COMMENT ON TABLE procrastinate_jobs IS {comment}")
    with pytest.raises(QueueUnavailable, match=words):
        migrate_queue(conninfo, where="test")


def test_a_server_that_does_not_answer_is_told_in_words(tmp_path) -> None:
    with pytest.raises(QueueUnavailable, match=r"database test: .*check that the server runs"):
        migrate_queue(f"postgresql://postgres@/none?host={tmp_path}", where="test")


def test_the_schema_that_ships_is_the_one_after_its_newest_step() -> None:
    assert "procrastinate_retry_job_v2" in SchemaManager.get_schema()
