"""What was answered once is answered from memory until something is committed, and never for longer."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import event

from monitor.storage.changes import record_changes
from monitor.storage.database import Database
from tests.web.conftest import application, client_of
from tests.web.reading import texts
from tests.web.samples import hostile_change


@pytest.fixture
def statements(database: Database) -> list[str]:
    """What the database was asked, as it is asked."""
    asked: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def note(*arguments: Any) -> None:
        asked.append(arguments[2])

    return asked


@pytest.mark.parametrize("address", ["/", "/countries/ARG", "/feeds/changes.atom", "/api/v1/tiers?limit=2"])
async def test_the_second_answer_is_the_first_and_asks_the_database_nothing(
    client: httpx.AsyncClient, statements: list[str], address: str
) -> None:
    first = await client.get(address)
    asked = len(statements)
    second = await client.get(address)

    assert asked > 0
    assert len(statements) == asked
    assert (second.status_code, second.content) == (200, first.content)
    assert second.headers == first.headers


async def test_a_first_reader_who_has_it_gets_304_and_the_next_gets_it_whole(database: Database) -> None:
    async with client_of(application(database)) as client:
        tag = (await client.get("/")).headers["ETag"]
    async with client_of(application(database)) as client:
        known = await client.get("/", headers={"If-None-Match": tag})
        whole = await client.get("/")

    assert (known.status_code, known.content, known.headers["ETag"]) == (304, b"", tag)
    assert (whole.status_code, whole.headers["ETag"]) == (200, tag)


async def test_a_commit_of_another_process_is_seen_at_once(
    client: httpx.AsyncClient, database: Database
) -> None:
    before = texts((await client.get("/countries/BRA")).text, ".headline")
    other = Database(f"sqlite:///{database.path}")
    with other.transaction() as session:
        record_changes(session, [hostile_change(7, headline="Brazil: told just now")])
    other.dispose()
    after = texts((await client.get("/countries/BRA")).text, ".headline")

    assert sorted(after) == sorted([*before, "Brazil: told just now"])


@pytest.mark.parametrize("address", ["/nothing", "/?before=wrong", "/subscribe/confirm", "/countries/arg"])
async def test_refusals_and_redirects_are_made_anew(client: httpx.AsyncClient, address: str) -> None:
    first, second = await client.get(address), await client.get(address)

    assert first.status_code == second.status_code
    assert "ETag" not in second.headers


async def test_addresses_are_told_apart_by_their_parameters(client: httpx.AsyncClient) -> None:
    bolivia = await client.get("/feeds/changes.json?country=BOL")
    argentina = await client.get("/feeds/changes.json?country=ARG")

    assert bolivia.json()["title"] != argentina.json()["title"]
