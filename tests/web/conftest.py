"""A filled store behind the application, and a client that asks it without a network."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from monitor.storage.database import Database
from monitor.storage.schema import migrate
from monitor.web.app import create_app
from tests.web.samples import COUNTRIES, NOW, PUBLIC_URL, SECRET, TEMPLATES, fill


@pytest.fixture
def empty_database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'monitor.db'}")
    migrate(database)
    yield database
    database.dispose()


@pytest.fixture
def database(empty_database: Database) -> Database:
    fill(empty_database)
    return empty_database


def application(database: Database, *, sample: bool = False) -> FastAPI:
    return create_app(
        database=database,
        countries=COUNTRIES,
        public_url=PUBLIC_URL,
        templates=TEMPLATES,
        secret=SECRET,
        sample=sample,
        clock=lambda: NOW,
    )


def client_of(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://testserver")


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(application(database)) as client:
        yield client
