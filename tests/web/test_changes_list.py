"""The list of changes is filtered as feeds are, and leads to the feed of the same filter."""

from __future__ import annotations

import httpx
import pytest

from monitor.storage.changes import record_changes
from monitor.storage.database import Database
from tests.web.conftest import application, client_of
from tests.web.reading import attributes, page, texts
from tests.web.samples import many_changes


async def test_a_filter_keeps_what_fits_and_says_what_it_is(client: httpx.AsyncClient) -> None:
    # What the form sends: the fields left open are empty.
    found = await page(client, "/changes?country=ARG&region=&kind=figure_changed&measure=convictions")

    assert texts(found, "h1") == ["Changes: Argentina; figure changed; convictions"]
    assert texts(found, ".kind") == ["Figure changed"] * len(texts(found, ".changes > li"))
    assert attributes(found, "select option[selected]", "value") == ["ARG", "figure_changed", "convictions"]


async def test_the_feeds_of_the_filter_are_announced_and_give_the_same_changes(
    client: httpx.AsyncClient,
) -> None:
    found = await page(client, "/changes?region=WHA&kind=tier_changed")
    feeds = [
        address
        for address in attributes(found, "link[rel=alternate]", "href")
        if "?region=WHA&kind=tier_changed" in address
    ]
    feed = (await client.get(next(address for address in feeds if ".json" in address))).json()

    assert feeds == [
        f"/feeds/changes.{syntax}?region=WHA&kind=tier_changed" for syntax in ("atom", "rss", "json")
    ]
    pages = {f"https://tips.example.org{path}" for path in attributes(found, ".headline a", "href")}
    assert {item["url"].rpartition("/")[2] for item in feed["items"]} <= {
        page.rpartition("/")[2] for page in pages
    }


async def test_paging_keeps_the_filter(database: Database) -> None:
    many = many_changes()
    with database.transaction() as session:
        record_changes(session, many)
    seen: list[str] = []
    async with client_of(application(database)) as client:
        query = "?country=BRA&kind=figure_changed"
        while query:
            found = await page(client, f"/changes{query}")
            seen += texts(found, ".headline")
            query = next(iter(attributes(found, ".pager a", "href")), "")

    assert [each for each in seen if each.startswith("Brazil: change")] == [each.headline for each in many]


async def test_where_nothing_fits_the_page_says_so(client: httpx.AsyncClient) -> None:
    found = await page(client, "/changes?region=EAP&kind=claim_made")

    assert texts(found, ".nothing") == ["No change fits that filter."]


@pytest.mark.parametrize("query", ["country=XXX", "region=wha", "kind=x", "measure=<b>"])
async def test_a_filter_that_means_nothing_is_refused_in_words(client: httpx.AsyncClient, query: str) -> None:
    refused = await page(client, f"/changes?{query}", 400)

    assert texts(refused, "h1") == ["That did not work"]
    assert texts(refused, "b") == []


async def test_an_address_of_an_older_home_leads_on(client: httpx.AsyncClient) -> None:
    answer = await client.get("/?before=abc")

    assert (answer.status_code, answer.headers["Location"]) == (308, "/changes?before=abc")


async def test_what_changes_of_one_country_and_edition_share_is_said_once(client: httpx.AsyncClient) -> None:
    argentina = await page(client, "/changes?country=ARG")
    kickers = texts(argentina, ".changes > li.goes-on .kicker")

    assert kickers
    assert not [words for words in kickers if "Argentina" in words or "report" in words]
