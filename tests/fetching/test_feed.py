"""Feeds of any make become items; what is no feed is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.source import Snapshot
from monitor.fetching.failures import UnexpectedPage
from monitor.fetching.feed import FeedItem, canonical_address, parse_feed
from tests.fetching.sites_of_tests import page

URL = "https://news.example/feed/"


def feed(items: str, head: str = "") -> Snapshot:
    return page(
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<rss version="2.0" '
        f'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>News</title>{items}'
        "</channel></rss>",
        URL,
        "application/rss+xml",
    )


def test_an_rss_item_is_read_as_plain_text_and_utc():
    found = parse_feed(
        feed(
            """<item><title>Raid &amp; &lt;b&gt;trial&lt;/b&gt;</title><link>/2026/raid/?utm_source=rss</link>
            <guid isPermaLink="false">tag-17</guid><pubDate>Tue, 30 Jun 2026 10:00:00 -0300</pubDate>
            <description><![CDATA[<p>Short.</p><script>x()</script>]]></description>
            <content:encoded><![CDATA[<p>One.</p><p onclick="x()">Two.</p>]]></content:encoded></item>"""
        )
    )
    assert found == (
        FeedItem(
            guid="tag-17",
            url="https://news.example/2026/raid/?utm_source=rss",
            title="Raid & trial",
            summary_text="Short.",
            content_text="One.\nTwo.",
            published_at=datetime(2026, 6, 30, 13, 0, tzinfo=UTC),
        ),
    )


def test_an_atom_entry_is_read_alike():
    atom = page(
        """<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><entry><title>Raid</title>
        <id>urn:17</id><link href="https://news.example/17"/><updated>2026-06-30T10:00:00Z</updated>
        <content type="html">&lt;p&gt;One.&lt;/p&gt;</content></entry></feed>""",
        URL,
        "application/atom+xml",
    )
    (item,) = parse_feed(atom)
    assert (item.identity, item.url, item.content_text) == ("urn:17", "https://news.example/17", "One.")
    assert item.published_at == datetime(2026, 6, 30, 10, 0, tzinfo=UTC)


def test_without_a_guid_the_canonical_address_is_the_identity():
    item = "<item><title>x</title><link>https://News.example/a/?utm_medium=x&amp;p=1#c</link></item>"
    assert parse_feed(feed(item))[0].identity == "https://news.example/a?p=1"


def test_an_item_twice_in_a_feed_is_one_item():
    item = "<item><title>x</title><link>https://news.example/a</link><guid>g</guid></item>"
    assert len(parse_feed(feed(item * 3))) == 1


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", ""])
def test_an_item_with_a_hostile_link_or_none_is_left_out(link):
    item = f'<item><title>x</title><link>{link}</link><guid isPermaLink="false">g</guid></item>'
    good = "<item><title>y</title><link>https://n.example/</link></item>"
    assert [each.title for each in parse_feed(feed(item + good))] == ["y"]


@pytest.mark.parametrize("moment", ["", "soon", "Tue, 99 Jun 2026 99:00:00", "9999999999"])
def test_a_nonsense_date_is_no_date(moment):
    item = f"<item><title>x</title><link>https://n.example/</link><pubDate>{moment}</pubDate></item>"
    assert parse_feed(feed(item))[0].published_at is None


def test_entities_are_neither_expanded_without_end_nor_fetched_from_files():
    bomb = '<!DOCTYPE r [<!ENTITY a "lol">' + "".join(
        f'<!ENTITY {name} "{f"&{inner};" * 10}">'
        for name, inner in zip("bcdefghij", "abcdefghi", strict=True)
    )
    bomb += '<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    item = "<item><title>&j;&file;</title><link>https://news.example/a</link></item>"
    found = parse_feed(feed(item, bomb))
    assert all(len(each.title) <= 500 and "root:" not in each.title for each in found)


def test_an_ill_formed_feed_is_read_as_far_as_it_goes():
    broken = page(
        "<rss version='2.0'><channel><item><title>A & B</title><link>https://n.example/1</link></item>"
        "<item><title>C</title><link>https://n.example/2</link><descr",
        URL,
        "text/html",
    )
    assert [item.title for item in parse_feed(broken)][:1] == ["A & B"]


@pytest.mark.parametrize(
    "content",
    ["", "word", "<html><h1>Technical difficulties</h1></html>", '{"a": 1}', "\x00\x01", "/etc/passwd"],
)
def test_what_is_no_feed_is_refused(content):
    with pytest.raises(UnexpectedPage, match="not an RSS, Atom or JSON feed") as caught:
        parse_feed(page(content, URL))
    assert caught.value.snapshot is not None


def test_a_page_that_quotes_a_feed_is_none():
    quoted = (
        "<!DOCTYPE html><html><body><pre><rss version='2.0'><channel></channel></rss></pre></body></html>"
    )
    with pytest.raises(UnexpectedPage, match="not an RSS, Atom or JSON feed"):
        parse_feed(page(quoted, URL))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content):
    with pytest.raises(UnexpectedPage):
        parse_feed(page(content, URL, "application/xml"))


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://A.example/x/?utm_source=a&id=2#c", "https://a.example/x?id=2"),
        ("https://a.example", "https://a.example/"),
    ],
)
def test_canonical_addresses_lose_what_only_tracks(url, canonical):
    assert canonical_address(url) == canonical


@pytest.mark.shared
def test_a_real_wordpress_feed(shared: Path):
    content = (shared / "corpus" / "feeds" / "wordpress.xml").read_bytes()
    fetched = replace(page(content, URL, "application/rss+xml"), fetched_at=datetime(2026, 7, 15, tzinfo=UTC))
    items = parse_feed(fetched)
    assert len(items) == 10
    assert all(item.title and item.content_text and item.published_at for item in items)
    assert not [item for item in items if "<" in item.summary_text]


def test_a_feed_of_any_number_of_items_gives_its_first_thousand():
    many = "".join(
        f"<item><title>{n}</title><link>https://n.example/{n}</link></item>" for n in range(60_000)
    )
    found = parse_feed(feed(many))
    assert [item.title for item in found] == [str(number) for number in range(1000)]


def test_a_text_of_many_unclosed_breaks_is_no_hostile_feed():
    text = "line<br>" * 2000
    item = f"<item><title>x</title><link>https://n.example/1</link><description>{text}</description></item>"
    assert len(parse_feed(feed(item))) == 1
