"""Brings procrastinate's tables up to date; Alembic knows nothing of them.

procrastinate ships its whole schema and one script per step since. Which step a database has is
kept as the comment of its table of jobs, written together with the step itself.
"""

from __future__ import annotations

from pathlib import Path

import psycopg
from procrastinate.schema import SchemaManager

from monitor.queueing.task import QueueUnavailable

_ADVISORY_LOCK = 0x74697071  # "tipq": one migration at a time
_STEP = "SELECT obj_description(to_regclass('procrastinate_jobs'), 'pg_class')"


def migrate_queue(conninfo: str, *, where: str) -> None:
    """Bring the queue's tables in the PostgreSQL at ``conninfo`` to the installed procrastinate's.

    ``where`` is the database for messages. Killed anywhere, the next run goes on from there.

    Raises:
        QueueUnavailable: it cannot be reached, or a newer procrastinate wrote them.
    """
    try:
        with psycopg.connect(conninfo, autocommit=True, connect_timeout=10) as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", [_ADVISORY_LOCK])
            _migrate(connection, where)
    except psycopg.OperationalError as error:
        raise _unreachable(error, where) from error


def require_queue(conninfo: str, *, where: str) -> None:
    """Return if the queue's tables are the installed procrastinate's; changes nothing.

    Raises:
        QueueUnavailable: they are not, or it cannot be reached.
    """
    try:
        with psycopg.connect(conninfo, autocommit=True, connect_timeout=10) as connection:
            (step,) = connection.execute(_STEP).fetchone() or (None,)
    except psycopg.OperationalError as error:
        raise _unreachable(error, where) from error
    if step != max(_steps()):
        raise QueueUnavailable(f"database {where}: its queue is not migrated; run tip-monitor migrate")


def _steps() -> dict[str, Path]:
    return {path.stem: path for path in sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))}


def _unreachable(error: psycopg.OperationalError, where: str) -> QueueUnavailable:
    reason = str(error).strip().splitlines()[0]
    return QueueUnavailable(f"database {where}: {reason}; check that the server runs")


def _migrate(connection: psycopg.Connection, where: str) -> None:
    steps = _steps()
    newest = max(steps)
    row = connection.execute("SELECT to_regclass('procrastinate_jobs') IS NOT NULL").fetchone()
    if row == (False,):
        _run(connection, SchemaManager.get_schema(), newest)
        return
    (step,) = connection.execute(_STEP).fetchone() or (None,)
    if step is None:
        raise QueueUnavailable(
            f"database {where}: holds procrastinate tables of another program; choose an empty database"
        )
    if step not in steps:
        raise QueueUnavailable(
            f"database {where}: its queue was written by a newer version of tip-monitor; upgrade tip-monitor"
        )
    for name, path in steps.items():
        if name > step:
            _run(connection, path.read_text("utf-8"), name)


def _run(connection: psycopg.Connection, script: str, step: str) -> None:
    # One string is one transaction. A comment takes no parameters; steps are file names of letters
    # and digits.
    comment = f"COMMENT ON TABLE procrastinate_jobs IS '{step}'"
    connection.execute(f"{script};\n{comment}".encode())
