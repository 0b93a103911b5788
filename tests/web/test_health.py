"""Liveness asks nothing of the database, readiness all."""

from __future__ import annotations

from pathlib import Path

import httpx

from monitor.storage.database import Database
from monitor.web.app import create_health_app
from tests.web.conftest import application, client_of


async def test_a_running_process_with_a_migrated_database_is_ready(client: httpx.AsyncClient) -> None:
    alive, ready = await client.get("/healthz"), await client.get("/readyz")

    assert (alive.status_code, alive.json()) == (200, {"status": "alive"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})


async def test_a_database_that_was_not_migrated_is_not_ready(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    async with client_of(application(database)) as client:
        alive, ready = await client.get("/healthz"), await client.get("/readyz")
    database.dispose()

    assert alive.status_code == 200
    assert ready.status_code == 503
    assert ready.json() == {
        "status": "not ready",
        "detail": "the database does not answer or is not migrated; the log says more",
    }


async def test_a_process_without_pages_answers_those_who_watch_it_and_nobody_else(database: Database) -> None:
    async with client_of(create_health_app(database)) as client:
        codes = {
            path: (await client.get(path)).status_code for path in ("/healthz", "/readyz", "/metrics", "/")
        }
    assert codes == {"/healthz": 200, "/readyz": 200, "/metrics": 200, "/": 404}
