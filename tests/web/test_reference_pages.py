"""Comparison, sources, data, method and about: what readers look things up in."""

from __future__ import annotations

from datetime import timedelta
from urllib.robotparser import RobotFileParser

import httpx
import pytest

from monitor.domain.source import Source, SourceKind
from monitor.storage.database import Database
from monitor.storage.sources import set_enabled, sync_sources
from tests.checks import record_failure, record_success
from tests.web.conftest import application, client_of
from tests.web.reading import attributes, texts
from tests.web.samples import NOW, hostile_change

DASH = "\N{EN DASH}"


async def page(client: httpx.AsyncClient, address: str, status: int = 200) -> str:
    response = await client.get(address)
    assert response.status_code == status
    return response.text


async def test_countries_stand_beside_each_other_in_the_order_asked(client: httpx.AsyncClient) -> None:
    shown = await page(client, "/compare?country=BOL&country=arg")

    assert texts(shown, "h1") == ["Bolivia, Argentina"]
    assert texts(shown, "#convictions + figure .legend li") == ["Bolivia", "Argentina"]
    assert [text for text in texts(shown, ".compared tbody tr") if text.startswith("2013")] == [
        f"2013 {DASH} not mentioned 368",
        f"2013 {DASH} not mentioned {DASH} not mentioned",
        "2013 5 17",
        f"2013 {DASH} not mentioned at least 1,204",
    ]
    assert "2012 \N{EN DASH} not mentioned 0" in texts(shown, ".compared tbody tr")
    assert "/countries/ARG#convictions-2013-1" in attributes(shown, ".compared a", "href")


async def test_countries_are_added_and_taken_out_without_a_script(client: httpx.AsyncClient) -> None:
    shown = await page(client, "/compare?country=ARG,BOL")

    assert attributes(shown, "form[action='/compare'] input", "value") == ["ARG", "BOL"]
    assert "ARG" not in attributes(shown, "#add-country option", "value")
    assert attributes(shown, ".remove", "href") == ["/compare?country=BOL", "/compare?country=ARG"]


async def test_an_empty_comparison_asks_for_a_country(client: httpx.AsyncClient) -> None:
    shown = await page(client, "/compare")

    assert texts(shown, "h1, h2") == ["Compare countries"]
    assert len(texts(shown, "#add-country option")) == 8


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("country=ARG,BOL,BRA,CIV,GIN,GNB,TUR", "Choose up to 6 countries: these are 7."),
        ("country=Narnia", "country: “NARNIA” is no ISO 3166-1 alpha-3 code of the report's countries"),
    ],
)
async def test_a_comparison_that_cannot_be_made_is_refused_in_words(
    client: httpx.AsyncClient, query: str, words: str
) -> None:
    assert texts(await page(client, f"/compare?{query}", 400), ".lede") == [words]


async def test_sources_show_their_health_and_nothing_of_their_errors(database: Database) -> None:
    every = timedelta(hours=6)
    sources = [
        Source(key, SourceKind.FEED, f"https://{key}.example.org/feed", every)
        for key in ("good", "bad", "new", "off")
    ]
    with database.transaction() as session:
        sync_sources(session, sources)
        record_success(session, "good", NOW)
        record_failure(session, "bad", NOW, "/srv/secret: <b>refused</b>")
        set_enabled(session, "off", False)
    async with client_of(application(database)) as client:
        shown = await page(client, "/sources")

    assert texts(shown, ".sources tbody tr") == [
        "good news feed working 2013-07-02 06:00 2013-07-02 06:00 6 hours",
        "bad news feed failing: 1 check in a row never 2013-07-02 06:00 6 hours",
        "new news feed not checked yet never never 6 hours",
        "off news feed switched off never never 6 hours",
    ]
    assert "secret" not in shown
    assert ["".join(text.split()) for text in texts(shown, ".coverage tbody tr")] == ["20132", "20122"]


async def test_every_table_is_offered_described_and_citable(client: httpx.AsyncClient) -> None:
    shown = await page(client, "/data")

    for name in ("figures", "claims", "tiers", "changes"):
        assert f"/api/v1/{name}.csv" in attributes(shown, "main a", "href")
        assert f"/api/v1/{name}.parquet" in attributes(shown, "main a", "href")
        assert texts(shown, f"#table-{name}") == [name]
    assert "https://tip.example.org" in texts(shown, "#cite + p")[0]


@pytest.mark.parametrize("address", ["/method", "/about", "/sources", "/data", "/compare"])
async def test_each_page_is_named_and_canonical(client: httpx.AsyncClient, address: str) -> None:
    shown = await page(client, address)

    assert len(texts(shown, "h1")) == 1
    assert attributes(shown, "link[rel=canonical]", "href") == [f"https://tip.example.org{address}"]


async def test_every_link_within_the_pages_leads_somewhere(client: httpx.AsyncClient) -> None:
    addresses = [
        "/",
        "/countries/ARG",
        "/editions/2013",
        "/compare?country=ARG",
        "/data",
        "/method",
        "/about",
    ]
    found = set()
    for address in addresses:
        links = attributes(await page(client, address), "a, link", "href")
        found |= {link.split("#")[0] for link in links if link.startswith("/")}
    for link in sorted(found - {""}):
        assert (await client.get(link)).status_code in (200, 303), link


async def test_crawlers_are_kept_from_tables_and_from_what_is_one_persons(client: httpx.AsyncClient) -> None:
    answer = await client.get("/robots.txt")
    robots = RobotFileParser()
    robots.parse(answer.text.splitlines())

    assert answer.headers["Content-Type"].startswith("text/plain")
    for path in ("/", "/countries/ARG", "/feeds/changes.atom", "/subscribe"):
        assert robots.can_fetch("anybody", path)
    for path in (
        "/api/v1/figures.csv",
        "/operator/sign-in",
        "/subscribe/confirm?token=x",
        "/unsubscribe?token=x",
    ):
        assert not robots.can_fetch("anybody", path)


async def test_a_country_left_open_in_the_form_is_none(client: httpx.AsyncClient) -> None:
    answer = await client.get("/compare?country=ARG&country=")

    assert answer.status_code == 200
    assert texts(answer.text, ".chosen li > a:first-child") == ["Argentina"]


async def test_a_shared_link_shows_title_and_description_as_text(client: httpx.AsyncClient) -> None:
    shown = (await client.get(f"/changes/{hostile_change().id}")).text
    titles = attributes(shown, "meta[property='og:title']", "content")

    assert titles == ["Brazil: <script>alert(1)</script> evil & <b>bold</b>"]
    assert texts(shown, "head script") == []
