"""Feeds carry published changes, filtered as asked, and answer 304 to readers who have them."""

from __future__ import annotations

import json

import feedparser
import httpx
import pytest
from lxml import etree, html

from monitor.delivery.feeds import entry_id
from monitor.domain.change import ChangeKind, ChangeStatus
from monitor.storage.changes import record_changes, set_status
from monitor.storage.database import Database
from monitor.web.app import create_app
from tests.web.conftest import application, client_of
from tests.web.samples import COUNTRIES, NOW, PUBLIC_URL, SECRET, TEMPLATES, hostile_change

TYPES = {
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}


def titles(response: httpx.Response) -> list[str]:
    if response.headers["Content-Type"] == TYPES["json"]:
        return [item["title"] for item in response.json()["items"]]
    return [entry.title for entry in feedparser.parse(response.content, sanitize_html=False).entries]


@pytest.mark.parametrize("syntax", TYPES)
async def test_a_feed_carries_published_changes_only(client: httpx.AsyncClient, syntax: str) -> None:
    feed = await client.get(f"/feeds/changes.{syntax}")

    assert (feed.status_code, feed.headers["Content-Type"]) == (200, TYPES[syntax])
    assert len(titles(feed)) == 10
    assert "The 2013 Trafficking in Persons Report has been published" in titles(feed)
    # Recorded as history, held and rejected:
    assert "The 2012 Trafficking in Persons Report has been published" not in titles(feed)
    assert "Brazil: a held change" not in titles(feed)
    assert "Brazil: a rejected change" not in titles(feed)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "country=BOL",
            [
                "Bolivia: the 2013 narrative was edited after it was published",
                "Bolivia: downgraded from Tier 2 to Tier 2 Watch List in the 2013 report",
                "Bolivia: 5 convictions in the 2013 report, down from 7",
            ],
        ),
        ("country=bol&kind=figure_changed", ["Bolivia: 5 convictions in the 2013 report, down from 7"]),
        (
            "kind=tier_changed&utm_source=mail",
            [
                "Bolivia: downgraded from Tier 2 to Tier 2 Watch List in the 2013 report",
                "Argentina: upgraded from Tier 2 Watch List to Tier 2 in the 2013 report",
            ],
        ),
        (
            "measure=victims_identified",
            [
                "Argentina: at least 1,204 identified victims in the 2013 report,"
                " where the 2012 report had not reported identified victims"
            ],
        ),
        ("country=ARG,BOL&measure=investigations", []),
        ("country=GIN", []),
        ("region=AF,EUR", []),
        (
            "region=WHA&measure=convictions&kind=figure_changed&country=BOL",
            [
                "Bolivia: 5 convictions in the 2013 report, down from 7",
                "Argentina: 17 convictions in the 2013 report, down from 31",
                "Brazil: <script>alert(1)</script> evil & <b>bold</b>",
            ],
        ),
        ("region=SCA", []),
    ],
)
async def test_a_feed_can_be_filtered(client: httpx.AsyncClient, query: str, expected: list[str]) -> None:
    assert titles(await client.get(f"/feeds/changes.atom?{query}")) == expected


async def test_a_filtered_feed_names_its_own_address_and_filter(client: httpx.AsyncClient) -> None:
    feed = (await client.get("/feeds/changes.json?kind=tier_changed&country=arg")).json()

    assert feed["title"] == "TIP Monitor: Argentina; tier changed"
    assert feed["feed_url"] == ("https://tip.example.org/feeds/changes.json?country=ARG&kind=tier_changed")
    assert feed["items"][0]["url"].startswith("https://tip.example.org/changes/")


async def test_a_hostile_headline_leaves_the_feed_well_formed(client: httpx.AsyncClient) -> None:
    for syntax in ("atom", "rss"):
        feed = await client.get(f"/feeds/changes.{syntax}?country=BRA")
        etree.fromstring(feed.content)
        assert "\u202e" not in feed.text
    assert json.loads((await client.get("/feeds/changes.json?country=BRA")).content)


@pytest.mark.parametrize("syntax", TYPES)
async def test_a_reader_who_has_the_feed_gets_304_without_it(client: httpx.AsyncClient, syntax: str) -> None:
    address = f"/feeds/changes.{syntax}"
    first = await client.get(address)
    by_tag = await client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    by_time = await client.get(address, headers={"If-Modified-Since": first.headers["Last-Modified"]})

    assert first.headers["Last-Modified"] == "Tue, 02 Jul 2013 09:00:00 GMT"
    for answer in (by_tag, by_time):
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["ETag"] == first.headers["ETag"]


@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": '"another"'},
        {"If-None-Match": '"another"', "If-Modified-Since": "Tue, 02 Jul 2030 09:00:00 GMT"},
        {"If-Modified-Since": "Tue, 02 Jul 2013 08:59:59 GMT"},
        {"If-Modified-Since": "yesterday"},
    ],
)
async def test_a_reader_who_has_another_feed_gets_this_one(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    assert (await client.get("/feeds/changes.atom", headers=headers)).status_code == 200


@pytest.mark.parametrize("tags", ['W/"{tag}"', '"x", "{tag}"', "*"])
async def test_etags_are_compared_weakly_and_in_lists(client: httpx.AsyncClient, tags: str) -> None:
    tag = (await client.get("/feeds/changes.rss")).headers["ETag"].strip('"')
    answer = await client.get("/feeds/changes.rss", headers={"If-None-Match": tags.format(tag=tag)})

    assert answer.status_code == 304


async def test_a_new_change_makes_a_new_feed(database: Database) -> None:
    async with client_of(application(database)) as client:
        before = await client.get("/feeds/changes.atom")
        with database.transaction() as session:
            record_changes(session, [hostile_change(9, status=ChangeStatus.PUBLISHED)])
        after = await client.get("/feeds/changes.atom", headers={"If-None-Match": before.headers["ETag"]})

    assert after.status_code == 200
    assert len(titles(after)) == len(titles(before)) + 1


async def test_a_feed_without_changes_stays_the_same_document(empty_database: Database) -> None:
    async with client_of(application(empty_database)) as client:
        first = await client.get("/feeds/changes.atom")
        second = await client.get("/feeds/changes.atom")

    assert titles(first) == []
    assert first.content == second.content


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("country=Narnia", "country: “NARNIA” is no ISO 3166-1 alpha-3 code of the report's countries\n"),
        ("measure=arests", "measure: input should be 'investigations', 'prosecutions', 'convictions'"),
        ("kind=everything", "kind: input should be 'edition_published', 'tier_changed'"),
    ],
)
async def test_a_wrong_filter_is_refused_in_words(client: httpx.AsyncClient, query: str, words: str) -> None:
    answer = await client.get(f"/feeds/changes.atom?{query}")

    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert answer.text.startswith(words)


async def test_an_unknown_syntax_is_not_found(client: httpx.AsyncClient) -> None:
    assert (await client.get("/feeds/changes.xls")).status_code == 404


async def every_page(client: httpx.AsyncClient, syntax: str) -> list[httpx.Response]:
    pages = []
    address: str | None = f"/feeds/changes.{syntax}?country=BRA"
    while address:
        pages.append(await client.get(address.removeprefix("https://tip.example.org")))
        address = pages[-1].links.get("next", {}).get("url")
    return pages


@pytest.mark.parametrize("syntax", TYPES)
async def test_older_entries_are_a_page_away(database: Database, syntax: str) -> None:
    many = [hostile_change(n, headline=f"Brazil: change {n}") for n in range(100, 350)]
    with database.transaction() as session:
        record_changes(session, many)
    async with client_of(application(database)) as client:
        pages = await every_page(client, syntax)

    found = [title for page in pages for title in titles(page)]
    assert [len(titles(page)) for page in pages] == [100, 100, 51]
    assert [title for title in found if "change" in title] == [each.headline for each in many]
    assert pages[1].links["first"]["url"] == f"https://tip.example.org/feeds/changes.{syntax}?country=BRA"


@pytest.mark.parametrize("syntax", TYPES)
async def test_a_correction_mends_the_entry_it_corrects_under_the_same_id(
    database: Database, syntax: str
) -> None:
    wrong = hostile_change(20, headline="Brazil: 400 convictions")
    right = hostile_change(
        21,
        headline="Brazil: 40 convictions",
        kind=ChangeKind.CORRECTION,
        corrects=wrong.id,
        created_at=NOW,
    )
    async with client_of(application(database)) as client:
        with database.transaction() as session:
            record_changes(session, [wrong])
        before = await client.get(f"/feeds/changes.{syntax}?country=BRA")
        with database.transaction() as session:
            set_status(session, wrong.id, ChangeStatus.CORRECTED)
            record_changes(session, [right])
        after = await client.get(f"/feeds/changes.{syntax}?country=BRA")

    assert "Brazil: 400 convictions" in titles(before)
    assert {"Corrected: Brazil: 400 convictions", "Brazil: 40 convictions"} <= set(titles(after))
    assert before.text.count(entry_id(wrong.id)) == after.text.count(entry_id(wrong.id)) == 1
    assert f"/changes/{right.id}" in after.text
    if syntax == "atom":
        entries = {entry.id: entry for entry in feedparser.parse(after.content).entries}
        assert entries[entry_id(wrong.id)].updated == "2013-07-02T06:00:00Z"
        assert entries[entry_id(wrong.id)].published == "2013-07-01T06:00:00Z"


async def test_a_hub_is_named_where_there_is_one(database: Database) -> None:
    app = create_app(
        database=database,
        countries=COUNTRIES,
        public_url=PUBLIC_URL,
        templates=TEMPLATES,
        secret=SECRET,
        websub_hub="https://hub.example.org/",
    )
    async with client_of(app) as client:
        answers = {syntax: await client.get(f"/feeds/changes.{syntax}") for syntax in TYPES}

    assert answers["json"].json()["hubs"] == [{"type": "WebSub", "url": "https://hub.example.org/"}]
    for syntax in ("atom", "rss"):
        assert etree.fromstring(answers[syntax].content).xpath("//*[@rel='hub']/@href") == [
            "https://hub.example.org/"
        ]
    assert all(answer.links["hub"]["url"] == "https://hub.example.org/" for answer in answers.values())


async def test_a_browser_is_given_a_stylesheet_of_ours(client: httpx.AsyncClient) -> None:
    for syntax in ("atom", "rss"):
        plain = await client.get(f"/feeds/changes.{syntax}")
        shown = await client.get(f"/feeds/changes.{syntax}", headers={"Accept": "text/html,*/*;q=0.8"})
        assert plain.headers["Content-Type"] == TYPES[syntax]
        assert shown.headers["Content-Type"] == "text/xml; charset=utf-8"
        assert (plain.content, plain.headers["Vary"]) == (shown.content, "Accept, Sec-Fetch-Dest")
        assert (
            'xml-stylesheet type="text/css" href="/static/feed.css"'
            in (await client.get(f"/feeds/changes.{syntax}")).text
        )
    assert (await client.get("/static/feed.css")).headers["Content-Type"].startswith("text/css")


OPENED = {"Accept": "text/html,*/*;q=0.8", "Sec-Fetch-Dest": "document"}


@pytest.mark.parametrize("syntax", ["atom", "rss"])
async def test_a_feed_that_is_opened_in_a_browser_is_a_page_with_links(
    client: httpx.AsyncClient, syntax: str
) -> None:
    address = f"/feeds/changes.{syntax}?country=BOL"
    shown = await client.get(address, headers=OPENED)
    page = html.fromstring(shown.text)

    assert shown.headers["Content-Type"] == "text/html; charset=utf-8"
    assert shown.headers["Vary"] == "Accept, Sec-Fetch-Dest"
    assert page.xpath("//code/text()") == [f"{PUBLIC_URL}{address}"]
    assert page.xpath("//head/link[@rel='alternate']/@href") == [f"{PUBLIC_URL}{address}"]
    headlines = [" ".join(str(link.text).split()) for link in page.cssselect(".headline a")]
    assert headlines == titles(await client.get(address))
    for link in page.cssselect(".headline a"):
        assert (await client.get(link.get("href"))).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "text/html,application/atom+xml;q=0.9"},
        {"Accept": "*/*", "Sec-Fetch-Dest": "document"},
        {"Accept": "text/html", "Sec-Fetch-Dest": "empty"},
    ],
)
async def test_who_reads_feeds_is_given_the_feed_whatever_else_it_takes(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    # The page is asked for first: what is kept for one must not reach the other.
    await client.get("/feeds/changes.atom", headers=OPENED)

    assert (await client.get("/feeds/changes.atom", headers=headers)).content.startswith(b"<?xml")
    assert (await client.get("/feeds/changes.json", headers=OPENED)).json()["items"]


async def test_a_feed_opened_in_a_browser_leads_to_older_entries_and_names_corrections(
    database: Database,
) -> None:
    wrong = hostile_change(80, headline="Brazil: 400 convictions", status=ChangeStatus.CORRECTED)
    right = hostile_change(81, headline="Brazil: 40 convictions", corrects=wrong.id)
    with database.transaction() as session:
        record_changes(session, [hostile_change(number) for number in range(200, 320)])
        record_changes(session, [wrong, right])
    async with client_of(application(database)) as client:
        first = html.fromstring((await client.get("/feeds/changes.rss", headers=OPENED)).text)
        older = first.xpath("//a[@rel='next']/@href")[0]
        second = html.fromstring((await client.get(f"/feeds/changes.rss{older}", headers=OPENED)).text)

    shown = [*first.cssselect(".headline a"), *second.cssselect(".headline a")]
    links = {link.get("href"): link.text for link in shown}
    assert links[f"/changes/{wrong.id}"] == "Corrected: Brazil: 400 convictions"
    assert len(links) == 132
    assert "<script" not in etree.tostring(first).decode()
