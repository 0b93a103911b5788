"""Articles out of pages of any site."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.fetching.article import ArticleText, read_article
from monitor.fetching.failures import UnexpectedPage
from tests.fetching.sites_of_tests import page

URL = "https://news.example/2026/raid/?utm_source=rss"
FIRST = "Prosecutors of the sample country opened 12 new cases last year, they said on Monday. " * 3
SECOND = "Courts of the sample country convicted seven people, two fewer than in the year before. " * 3


def article(head: str = "") -> str:
    return f"""<html><head><title>Raid | News</title>
    <link rel="canonical" href="https://news.example/2026/raid/">{head}</head><body>
    <nav><a href="/">Home</a> <a href="/about">About us and our work</a></nav>
    <article><h1>A raid and a trial</h1><p>{FIRST}</p><p>{SECOND}</p></article>
    <footer>Copyright</footer></body></html>"""


def test_an_article_is_its_text_without_the_frame():
    meta = '<meta property="article:published_time" content="2026-06-30T10:00:00-03:00">'
    assert read_article(page(article(meta), URL)) == ArticleText(
        title="A raid and a trial",
        text=f"{FIRST.strip()}\n{SECOND.strip()}",
        canonical_url="https://news.example/2026/raid/",
        published_at=datetime(2026, 6, 30, 13, 0, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("head", "published_at"),
    [
        ('<meta name="date" content="2026-06-30">', datetime(2026, 6, 30, tzinfo=UTC)),
        (
            '<script type="application/ld+json">{"datePublished": "2026-06-30T10:00:00Z"}</script>',
            datetime(2026, 6, 30, 10, tzinfo=UTC),
        ),
        ('<meta name="date" content="last week">', None),
        ("", None),
    ],
)
def test_the_time_is_what_the_page_says_or_nothing(head, published_at):
    assert read_article(page(article(head), URL)).published_at == published_at


@pytest.mark.parametrize("html", ["<html><p>Subscribe to read.</p></html>", "", "<div>" * 100_000])
def test_a_page_without_an_article_is_refused(html):
    with pytest.raises(UnexpectedPage):
        read_article(page(html, URL))


def test_a_page_of_more_elements_than_any_article_is_refused():
    with pytest.raises(UnexpectedPage, match="more elements"):
        read_article(page(f"<html><article><p>{'<span>x </span>' * 30_000}</p></article></html>", URL))
