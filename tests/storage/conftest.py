"""Both databases: what a test of storage asks for is SQLite once and PostgreSQL once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from monitor.storage.database import Database
from monitor.storage.schema import migrate
from tests.storage.postgresql import administer, created_database, database_url


@pytest.fixture(scope="session")
def postgresql_template(postgresql: str) -> str:
    """The name of a migrated database to copy."""
    administer(postgresql, "CREATE DATABASE template_migrated")
    _migrated(database_url(postgresql, "template_migrated"))
    return "template_migrated"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy."""
    path = tmp_path_factory.mktemp("template") / "monitor.db"
    _migrated(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without tables."""
    if request.param == "sqlite":
        with _opened(f"sqlite:///{tmp_path / 'monitor.db'}") as database:
            yield database
    else:
        with _created(request.getfixturevalue("postgresql"), "template1") as database:
            yield database


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated database."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "monitor.db")
        with _opened(f"sqlite:///{tmp_path / 'monitor.db'}") as database:
            yield database
    else:
        template = request.getfixturevalue("postgresql_template")
        with _created(request.getfixturevalue("postgresql"), template) as database:
            yield database


@pytest.fixture
def statements(database: Database) -> Callable[[], AbstractContextManager[list[str]]]:
    """Give a context in which every statement sent to ``database`` is noted."""

    @contextmanager
    def noting() -> Iterator[list[str]]:
        noted: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            if statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
                noted.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        try:
            yield noted
        finally:
            event.remove(database.engine, "before_cursor_execute", note)

    return noting


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.dispose()


@contextmanager
def _created(socket: str, template: str) -> Iterator[Database]:
    with created_database(socket, template) as url, _opened(url) as database:
        yield database


def _migrated(url: str) -> None:
    with _opened(url) as database:
        migrate(database)
