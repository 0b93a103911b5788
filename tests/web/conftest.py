"""A filled store behind the application, and a client that asks it without a network."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from monitor.storage.database import Database
from monitor.storage.schema import migrate
from monitor.web.app import create_app
from tests.web.samples import COUNTRIES, NOW, PUBLIC_URL, SECRET, TEMPLATES, fill


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with an empty and a filled store, made once, for tests to copy."""
    directory = tmp_path_factory.mktemp("stores")
    for name in ("empty.db", "filled.db"):
        database = Database(f"sqlite:///{directory / name}")
        migrate(database)
        if name == "filled.db":
            fill(database)
        database.dispose()
    return directory


@pytest.fixture
def empty_database(stores: Path, tmp_path: Path) -> Iterator[Database]:
    yield from _copied(stores / "empty.db", tmp_path)


@pytest.fixture
def database(stores: Path, tmp_path: Path) -> Iterator[Database]:
    yield from _copied(stores / "filled.db", tmp_path)


def _copied(store: Path, directory: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{shutil.copy(store, directory)}")
    yield database
    database.dispose()


def application(
    database: Database, *, sample: bool = False, clock: Callable[[], datetime] = lambda: NOW
) -> FastAPI:
    return create_app(
        database=database,
        countries=COUNTRIES,
        public_url=PUBLIC_URL,
        templates=TEMPLATES,
        secret=SECRET,
        sample=sample,
        clock=clock,
    )


def client_of(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://testserver")


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(application(database)) as client:
        yield client
