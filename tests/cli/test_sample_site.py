"""The bundled sample site: its shape, its links, its conditional requests."""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from monitor.cli.sample_site import SampleSite
from monitor.settings.files import shipped

SAMPLE = shipped("config") / "sample"

Get = Callable[..., httpx.Response]


def edition_data(year: int) -> dict[str, Any]:
    return tomllib.loads((SAMPLE / f"{year}.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def site() -> Iterator[SampleSite]:
    with SampleSite() as served:
        yield served


@pytest.fixture(scope="module")
def get() -> Iterator[Get]:
    with httpx.Client() as client:
        yield client.get


def links(html: str, selector: str = "a[href]") -> list[str]:
    return [node.attributes["href"] or "" for node in LexborHTMLParser(html).css(selector)]


def country_links(get: Get, site: SampleSite, year: int) -> list[str]:
    edition = f"{site.base_url}/reports/{year}-trafficking-in-persons-report/"
    return [link for link in links(get(edition).text, "section.entry-content a") if link.startswith(edition)]


def test_the_index_lists_two_current_editions_and_one_of_the_archive(site: SampleSite, get: Get) -> None:
    assert links(get(site.index_url).text, ".entry-content a") == [
        f"{site.base_url}/reports/2013-trafficking-in-persons-report/",
        f"{site.base_url}/reports/2012-trafficking-in-persons-report/",
        f"{site.base_url}/g/tip/rls/tiprpt/2009/",
    ]


@pytest.mark.parametrize("year", [2012, 2013])
def test_an_edition_links_at_least_twelve_country_pages(site: SampleSite, get: Get, year: int) -> None:
    assert len(country_links(get, site, year)) >= 12


def test_every_page_that_a_reader_can_reach_is_there(site: SampleSite, get: Get) -> None:
    seen: set[str] = set()
    ahead = [site.index_url, *(item["url"] for item in feed_items(get, site))]
    while ahead:
        url = ahead.pop().partition("#")[0]
        if not url or url in seen:
            continue
        seen.add(url)
        response = get(url)
        assert response.status_code == 200, url
        if response.headers["Content-Type"].startswith("text/html"):
            ahead += links(response.text)
    assert len(seen) >= 2 * 12 + 9


def test_every_page_says_that_its_figures_are_invented(site: SampleSite, get: Get) -> None:
    pages = [site.index_url, f"{site.base_url}/g/tip/rls/tiprpt/2009/"]
    pages += country_links(get, site, 2012) + country_links(get, site, 2013)
    pages += [item["url"] for item in feed_items(get, site)]
    for url in pages:
        (note,) = LexborHTMLParser(get(url).text).css(".sample-note")
        assert "Sample page of TIP Monitor: invented figures except where noted" in note.text(), url


def test_a_country_page_has_the_current_markup(site: SampleSite, get: Get) -> None:
    url = f"{site.base_url}/reports/2013-trafficking-in-persons-report/argentina/"
    page = LexborHTMLParser(get(url).text)
    titles = page.css("section.entry-content .report__section-title")
    assert links(page.html or "", "link[rel=canonical]") == [url]
    assert [(node.attributes["id"], node.text()) for node in titles] == [
        ("report-toc__exec-summary", "ARGENTINA (Tier 2)"),
        ("report-toc__section-1", "Recommendations for Argentina"),
        ("report-toc__section-2", "Prosecution"),
        ("report-toc__section-3", "Protection"),
        ("report-toc__section-4", "Prevention"),
    ]


def test_the_older_edition_has_all_its_countries_on_one_page(site: SampleSite, get: Get) -> None:
    page = LexborHTMLParser(get(f"{site.base_url}/g/tip/rls/tiprpt/2009/").text)
    assert [node.text() for node in page.css("#centerblock a[name] + b")] == [
        "ARGENTINA (Tier 2 Watch List)",
        "ARMENIA (Tier 2)",
        "BOLIVIA (Tier 2)",
        "BRAZIL (Tier 2)",
        "CHILE (Tier 2)",
        "GUATEMALA (Tier 2 Watch List)",
    ]


def feed_items(get: Get, site: SampleSite) -> list[dict[str, str]]:
    feed = etree.fromstring(get(site.feed_url).content)
    return [
        {"title": item.findtext("title", ""), "url": item.findtext("link", "")} for item in feed.iter("item")
    ]


def test_the_feed_lists_three_articles_with_figures_and_one_about_something_else(
    site: SampleSite, get: Get
) -> None:
    response = get(site.feed_url)
    assert response.headers["Content-Type"] == "application/rss+xml; charset=UTF-8"
    assert feed_items(get, site) == [
        {
            "title": "Albania's serious crimes court works through its docket",
            "url": f"{site.base_url}/2014/02/albania-serious-crimes-court/",
        },
        {
            "title": "After the Salta raid, a question of trials",
            "url": f"{site.base_url}/2013/10/salta-raid-trials/",
        },
        {
            "title": "Ghana counts its lake trials, and counts them differently",
            "url": f"{site.base_url}/2013/09/ghana-lake-convictions/",
        },
        {
            "title": "Coffee rust eats into the harvest",
            "url": f"{site.base_url}/2013/08/coffee-harvest-rust/",
        },
    ]


@pytest.mark.parametrize("url", ["index_url", "feed_url"])
@pytest.mark.parametrize(
    ("answered", "asked"), [("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")]
)
def test_a_page_that_the_client_has_is_not_sent_again(
    site: SampleSite, get: Get, url: str, answered: str, asked: str
) -> None:
    first = get(getattr(site, url))
    again = get(getattr(site, url), headers={asked: first.headers[answered]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": '"another"'},
        {"If-None-Match": '"another"', "If-Modified-Since": "Wed, 01 Jan 2025 00:00:00 GMT"},
        {"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"},
        {"If-Modified-Since": "yesterday"},
    ],
)
def test_a_client_with_another_version_gets_the_page(
    site: SampleSite, get: Get, headers: dict[str, str]
) -> None:
    assert get(site.index_url, headers=headers).status_code == 200


def test_robots_may_read_everything_and_unknown_paths_are_404(site: SampleSite, get: Get):
    assert get(f"{site.base_url}/robots.txt").text == "User-agent: *\nAllow: /\n"
    assert get(f"{site.base_url}/reports/2013-trafficking-in-persons-report/atlantis/").status_code == 404


def test_a_head_request_gets_the_headers_alone(site: SampleSite) -> None:
    response = httpx.head(site.index_url)
    assert (response.status_code, response.content) == (200, b"")
    assert int(response.headers["Content-Length"]) > 0


def test_the_third_edition_appears_when_it_is_published(get: Get) -> None:
    with SampleSite() as site:
        edition = f"{site.base_url}/reports/2014-trafficking-in-persons-report/"
        before = get(site.index_url)
        older = get(f"{site.base_url}/reports/2013-trafficking-in-persons-report/argentina/")
        assert get(edition).status_code == 404

        site.publish_third_edition()

        after = get(site.index_url, headers={"If-None-Match": before.headers["ETag"]})
        assert after.status_code == 200
        assert links(after.text, ".entry-content a")[0] == edition
        assert len(country_links(get, site, 2014)) >= 12
        unchanged = get(str(older.url), headers={"If-None-Match": older.headers["ETag"]})
        assert unchanged.status_code == 304


def test_nothing_is_served_after_the_block(get: Get) -> None:
    with SampleSite() as site:
        url = site.index_url
    with pytest.raises(httpx.ConnectError):
        get(url)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            2012,
            2013,
            {"ALB": "2 2WL", "ARM": "2 1", "AZE": "2WL 2", "HND": "2 2WL", "JAM": "2WL 2", "UZB": "2WL 3"},
        ),
        (
            2013,
            2014,
            {"ALB": "2WL 2", "BOL": "2 2WL", "CHL": "2 1", "HND": "2WL 2", "JAM": "2 2WL", "THA": "2WL 3"},
        ),
    ],
)
def test_tiers_move_between_editions_as_they_did(before: int, after: int, expected: dict[str, str]) -> None:
    old, new = edition_data(before)["narratives"], edition_data(after)["narratives"]
    codes = {"albania": "ALB", "armenia": "ARM", "azerbaijan": "AZE", "bolivia": "BOL", "chile": "CHL"}
    codes |= {"honduras": "HND", "jamaica": "JAM", "thailand": "THA", "uzbekistan": "UZB"}
    assert {
        codes[slug]: f"{old[slug]['tier']} {new[slug]['tier']}"
        for slug in new
        if old[slug]["tier"] != new[slug]["tier"]
    } == expected


def test_the_editions_show_every_kind_of_figure_change() -> None:
    old, new = (edition_data(year)["narratives"] for year in (2012, 2013))
    assert "investigations 48 cases all current" in old["ghana"]["figures"]
    assert "investigations 52 cases all previous 2011" in new["ghana"]["figures"]  # restated
    assert "convictions 4 persons sex current" in old["honduras"]["figures"]
    assert "convictions unreported" in new["honduras"]["figures"]  # vanished
    assert "prosecutions" not in old["chile"]["figures"]
    assert "prosecutions 18" in new["chile"]["figures"]  # appeared
    assert "convictions 0 persons all current 2011" in old["jamaica"]["figures"]  # an explicit zero


def test_each_claim_of_the_news_has_another_relation_to_the_official_number() -> None:
    claims = [
        article["claims"].split() for article in tomllib.loads((SAMPLE / "news.toml").read_text())["articles"]
    ]
    assert Counter(claim[-1] if claim else None for claim in claims) == {
        "agrees": 1,
        "differs": 1,
        "newer_than_official": 1,
        None: 1,
    }


def test_a_port_that_is_taken_is_an_error(site: SampleSite) -> None:
    with pytest.raises(OSError, match="in use"), SampleSite(int(site.base_url.rpartition(":")[2])):
        pass
