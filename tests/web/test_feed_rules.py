"""Every feed, whatever its filter, is one that validators let pass; its entries are the same everywhere."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from monitor.storage.changes import record_changes
from monitor.storage.database import Database
from tests.web.conftest import application, client_of
from tests.web.feed_rules import problems
from tests.web.samples import HOSTILE, NOW, PUBLIC_URL, hostile_change

SYNTAXES = ("atom", "rss", "json")
NASTY = "\x00\x08\x1b[31m\ud800\ufffe\u202e]]> <!-- <![CDATA[ &amp; &nbsp; <b onclick=x> " + "W" * 20_000


@pytest.fixture
async def crowded(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    many = [
        hostile_change(
            n,
            headline=f"Brazil {n}: {HOSTILE}",
            evidence_new=NASTY.encode("utf-8", "replace").decode() if n % 20 == 0 else HOSTILE,
            source_url="javascript:alert(1)" if n % 3 == 0 else f'https://example.org/{n}?a=1&b="<>',
            created_at=NOW + timedelta(seconds=n),
        )
        for n in range(300, 430)
    ]
    with database.transaction() as session:
        record_changes(session, many)
    async with client_of(application(database)) as client:
        yield client


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?country=BRA",
        "?country=ARG&country=BRA",
        "?region=WHA",
        "?kind=tier_changed",
        "?measure=convictions",
        "?region=EAP&kind=claim_made",
        "?country=ARG&region=AF&kind=figure_changed&measure=victims_identified",
    ],
)
@pytest.mark.parametrize("syntax", SYNTAXES)
async def test_no_feed_holds_what_a_validator_objects_to(
    crowded: httpx.AsyncClient, syntax: str, query: str
) -> None:
    path = f"/feeds/changes.{syntax}{query}"
    while path:
        answer = await crowded.get(path)
        assert answer.status_code == 200
        own = re.search(r'<([^>]+)>; rel="self"', answer.headers["Link"])
        assert own is not None
        assert own[1] == f"{PUBLIC_URL}{path}"
        assert problems(answer.content, syntax, f"{PUBLIC_URL}{path}") == []
        following = re.search(r'<([^>]+)>; rel="next"', answer.headers["Link"])
        path = following[1].removeprefix(PUBLIC_URL) if following else ""


async def test_an_entry_is_the_same_in_every_feed_that_holds_it(crowded: httpx.AsyncClient) -> None:
    everything = (await crowded.get("/feeds/changes.json")).json()["items"]
    brazil = (await crowded.get("/feeds/changes.json?country=BRA")).json()["items"]
    known = {item["id"]: item for item in everything}

    assert [item for item in brazil if item["id"] in known] == [
        known[item["id"]] for item in brazil if item["id"] in known
    ]


@pytest.mark.parametrize("syntax", SYNTAXES)
async def test_the_pages_of_a_feed_hold_each_entry_once_while_new_ones_come(
    crowded: httpx.AsyncClient, database: Database, syntax: str
) -> None:
    first = await crowded.get(f"/feeds/changes.{syntax}?country=BRA")
    following = re.search(r'<([^>]+)>; rel="next"', first.headers["Link"])
    assert following is not None
    with database.transaction() as session:
        record_changes(session, [hostile_change(999, created_at=NOW + timedelta(days=1))])
    second = await crowded.get(following[1].removeprefix(PUBLIC_URL))

    ids = [re.findall(r"urn:uuid:[0-9a-f-]{36}", answer.text) for answer in (first, second)]
    assert len(ids[0]) == 100
    assert not set(ids[0]) & set(ids[1])
    assert len({*ids[0], *ids[1]}) == 131
