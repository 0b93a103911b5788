"""Feeds as they are in the wild: kinds of fault and format that feedparser's own tests know, written anew.

Every kind says what must be read of it. An item that is in no way at fault stands in most of them, since
a fault must not cost the rest of its feed.
"""
# ruff: noqa: RUF001 - a date in Greek letters

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from monitor.fetching.failures import UnexpectedPage
from monitor.fetching.feed import FeedItem, parse_feed
from tests.fetching.sites_of_tests import page

URL = "https://news.example/desk/feed.xml"
ATOM = "http://www.w3.org/2005/Atom"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


@dataclass(frozen=True)
class Kind:
    """Markup of a feed, and the items to be read: (title, address)."""

    name: str
    markup: str | bytes
    items: tuple[tuple[str, str], ...]
    media_type: str = "application/rss+xml"


def rss(items: str, *, version: str = "2.0", attributes: str = "", prolog: str = "") -> str:
    return (
        f'{prolog}<rss version="{version}" {attributes}><channel><title>Desk</title>'
        f"<link>https://news.example/</link>{items}</channel></rss>"
    )


def item(title: str, path: str = "1", more: str = "") -> str:
    return f"<item><title>{title}</title><link>https://news.example/{path}</link>{more}</item>"


def atom(entries: str, attributes: str = "", namespace: str = ATOM) -> str:
    return f'<feed xmlns="{namespace}" {attributes}><title>Desk</title>{entries}</feed>'


def entry(title: str, href: str = "https://news.example/1", more: str = "") -> str:
    return f'<entry>{title}<link href="{href}"/>{more}</entry>'


GOOD = item("Harbour", "9")
READ = ("Harbour", "https://news.example/9")
ONE = ("Court", "https://news.example/1")

FORMATS = [
    Kind(
        "RSS 0.90",
        f'<rdf:RDF xmlns:rdf="{RDF}" xmlns="http://my.netscape.com/rdf/simple/0.9/">'
        f"<channel><title>Desk</title></channel>{item('Court')}</rdf:RDF>",
        (ONE,),
    ),
    Kind(
        "RSS 0.91 with Netscape's DTD",
        rss(
            item("Court"),
            version="0.91",
            prolog='<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
            '"http://my.netscape.com/publish/formats/rss-0.91.dtd">',
        ),
        (ONE,),
    ),
    Kind("RSS 0.92", rss(item("Court"), version="0.92"), (ONE,)),
    Kind("RSS 0.93", rss(item("Court"), version="0.93"), (ONE,)),
    Kind("RSS 0.94", rss(item("Court"), version="0.94"), (ONE,)),
    Kind(
        "RSS 1.0",
        f'<rdf:RDF xmlns:rdf="{RDF}" xmlns="http://purl.org/rss/1.0/"><channel rdf:about="x"/>'
        f'<item rdf:about="https://news.example/1"><title>Court</title><link>https://news.example/1</link></item>'
        "</rdf:RDF>",
        (ONE,),
    ),
    Kind(
        "RSS 1.0, items inside the channel",
        f'<rdf:RDF xmlns:rdf="{RDF}" xmlns="http://purl.org/rss/1.0/">'
        f"<channel>{item('Court')}</channel></rdf:RDF>",
        (ONE,),
    ),
    Kind("RSS 2.0 without a version", rss(item("Court")).replace(' version="2.0"', ""), (ONE,)),
    Kind(
        "RSS 2.0 with items outside of the channel",
        f"<rss version='2.0'><channel><title>Desk</title></channel>{item('Court')}</rss>",
        (ONE,),
    ),
    Kind(
        "RSS 2.0 in a namespace of its own",
        rss(item("Court"), attributes='xmlns="http://backend.userland.com/rss2"'),
        (ONE,),
    ),
    Kind(
        "RSS in capitals",
        rss(item("Court")).replace("<item>", "<ITEM>").replace("</item>", "</ITEM>"),
        (ONE,),
    ),
    Kind(
        "CDF",
        '<CHANNEL HREF="https://news.example/"><TITLE>Desk</TITLE><ITEM HREF="https://news.example/1">'
        "<TITLE>Court</TITLE><ABSTRACT>Two men</ABSTRACT></ITEM></CHANNEL>",
        (ONE,),
    ),
    Kind(
        "Atom 0.3",
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>Court</title>'
        '<link rel="alternate" type="text/html" href="https://news.example/1"/><id>tag:x,2026:1</id>'
        "<issued>2026-06-30T08:00:00Z</issued></entry></feed>",
        (ONE,),
    ),
    Kind("Atom 1.0", atom(entry("<title>Court</title>")), (ONE,)),
    Kind(
        "Atom 1.0 with a prefix",
        f'<a:feed xmlns:a="{ATOM}"><a:entry><a:title>Court</a:title>'
        '<a:link href="https://news.example/1"/></a:entry></a:feed>',
        (ONE,),
    ),
    Kind(
        "Atom entries in RSS",
        rss(
            f'<a:entry xmlns:a="{ATOM}"><a:title>Court</a:title>'
            '<a:link href="https://news.example/1"/></a:entry>'
        ),
        (ONE,),
    ),
    Kind(
        "JSON Feed 1.0",
        '{"version": "https://jsonfeed.org/version/1", "items": [{"id": 1, "title": "Court", '
        '"url": "https://news.example/1"}]}',
        (ONE,),
        "application/json",
    ),
    Kind(
        "JSON Feed 1.1 with a byte order mark",
        '\ufeff{"version": "https://jsonfeed.org/version/1.1", "items": '
        '[{"id": "1", "title": "Court", "url": "/1"}]}',
        (ONE,),
        "application/feed+json",
    ),
]

FAULTS = [
    Kind("bare ampersands", rss(item("Court & trial & R&D") + GOOD), (("Court & trial & R&D", ONE[1]), READ)),
    Kind(
        "ampersands in an address",
        rss("<item><title>Court</title><link>https://news.example/?a=1&b=2&c</link></item>" + GOOD),
        (("Court", "https://news.example/?a=1&b=2&c"), READ),
    ),
    Kind(
        "entities of HTML that nobody declared",
        rss(item("Caf&eacute; &mdash; court&hellip;") + GOOD),
        (("Café \u2014 court\u2026", ONE[1]), READ),
    ),
    Kind(
        "an entity that does not exist",
        rss(item("Court &bogus; trial") + GOOD),
        (("Court &bogus; trial", ONE[1]), READ),
    ),
    Kind(
        "entities that the feed declares",
        rss(item("&desk; court") + GOOD, prolog='<!DOCTYPE rss [\n<!ENTITY desk "City">\n]>'),
        (("City court", ONE[1]), READ),
    ),
    Kind("a character reference out of range", rss(item("Court &#1114112; &#xFFFFFFFF;") + GOOD), (READ,)),
    Kind(
        "references to Windows-1252",
        rss(item("&#147;Court&#148; &#8217;") + GOOD),
        (("\u201cCourt\u201d \u2019", ONE[1]), READ),
    ),
    Kind(
        "an end tag that is missing",
        rss("<item><title>Court<link>https://news.example/1</link></item>" + GOOD),
        (READ,),
    ),
    Kind(
        "items that are never closed",
        "<rss version='2.0'><channel><item><title>Court</title>"
        "<link>https://news.example/1</link><item><title>Harbour</title><link>https://news.example/9</link>",
        (ONE, READ),
    ),
    Kind("an end tag too many", rss(item("Court") + "</b></image></height>" + GOOD), (ONE, READ)),
    Kind("a feed that is cut off in a tag", rss(GOOD + item("Court"))[:-40], (READ,)),
    Kind("a feed that is cut off in CDATA", rss(GOOD + "<item><title><![CDATA[Cou")[:-16], (READ,)),
    Kind(
        "HTML that was not escaped",
        rss(
            "<item><title>Court</title><link>https://news.example/1</link><description>"
            "<p>Two <b>men<br>were</p></description></item>" + GOOD
        ),
        (ONE, READ),
    ),
    Kind(
        "attributes without quotes",
        atom("<entry><title>Court</title><link href=https://news.example/1></entry>"),
        (ONE,),
    ),
    Kind(
        "a link without an address",
        atom('<entry><title>None</title><link rel="alternate"/></entry>' + entry("<title>Court</title>")),
        (ONE,),
    ),
    Kind(
        "an enclosure without an address",
        atom(entry("<title>Court</title>", more='<link rel="enclosure"/>')),
        (ONE,),
    ),
    Kind(
        "prefixes that nobody declared",
        rss(
            item(
                "Court",
                more="<dc:creator>A</dc:creator><media:thumbnail url='x'/>"
                "<content:encoded><![CDATA[<p>Two men</p>]]></content:encoded>",
            )
            + GOOD
        ),
        (ONE, READ),
    ),
    Kind(
        "a namespace that is misspelt",
        rss(
            item("Court", more="<dc:date>2026-06-30</dc:date>") + GOOD,
            attributes='xmlns:dc="http://purl.org/dc/elements/1.0/"',
        ),
        (ONE, READ),
    ),
    Kind(
        "Atom in an unknown namespace",
        atom(entry("<title>Court</title>"), namespace="https://example.org/atom"),
        (ONE,),
    ),
    Kind(
        "white space and a comment before the declaration",
        "\n <!-- made by hand -->" + '<?xml version="1.0"?>' + rss(item("Court")),
        (ONE,),
    ),
    Kind(
        "words before the feed",
        "Warning: mysql_connect() failed in /srv/feed.php on line 3\n" + rss(item("Court")),
        (ONE,),
    ),
    Kind("HTML behind the feed", rss(item("Court")) + "<script>track()</script>", (ONE,)),
    Kind("control characters", rss(item("Co\x08urt\x00") + GOOD), (ONE, READ)),
    Kind(
        "a text input of the channel inside an item",
        rss(
            "<item><textinput><title>Search</title><link>https://x.example/"
            "</link></textinput><title>Court</title><link>https://news.example/1</link></item>"
        ),
        (ONE,),
    ),
    Kind(
        "an image of the channel with a title of its own",
        rss("<image><title>Logo</title><link>https://x.example/</link></image>" + item("Court")),
        (ONE,),
    ),
    Kind(
        "a source inside an entry",
        atom(
            entry(
                "<title>Court</title>",
                more="<source><title>Other desk</title>"
                '<link href="https://other.example/"/><id>x</id></source>',
            )
        ),
        (ONE,),
    ),
    Kind("an item that stands there twice", rss(item("Court") + item("Court") + GOOD), (ONE, READ)),
    Kind(
        "elements that stand there twice",
        rss(
            "<item><title>Court</title><link>https://news.example/1</link><link/>"
            "<guid>1</guid><guid/></item>" + GOOD
        ),
        (ONE, READ),
    ),
    Kind("no item at all", rss(""), ()),
    Kind(
        "a style sheet and a doctype",
        '<?xml version="1.0"?><?xml-stylesheet href="x.xsl"?><!DOCTYPE rss>' + rss(item("Court")),
        (ONE,),
    ),
]

TITLES = [
    Kind(
        "escaped HTML in a title",
        rss(item("&lt;b&gt;Court&lt;/b&gt; &amp;amp; trial")),
        (("Court & trial", ONE[1]),),
    ),
    Kind(
        "HTML in a title",
        rss(item("<![CDATA[<em>Court</em> &#8211; trial]]>")),
        (("Court \u2013 trial", ONE[1]),),
    ),
    Kind("a title over several lines", rss(item("\n  Court\n  trial  ")), (("Court trial", ONE[1]),)),
    Kind(
        "Atom: a title of type html",
        atom(entry('<title type="html">&lt;i&gt;Court&lt;/i&gt; &amp;amp; trial</title>')),
        (("Court & trial", ONE[1]),),
    ),
    Kind(
        "Atom: a title of type xhtml",
        atom(
            entry(
                '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Court '
                "<b>trial</b></div></title>"
            )
        ),
        (("Court trial", ONE[1]),),
    ),
    Kind(
        "Atom 0.3: an escaped title",
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#">'
        + entry('<title mode="escaped" type="text/html">&lt;b&gt;Court&lt;/b&gt;</title>')
        + "</feed>",
        (ONE,),
    ),
    Kind(
        "no title",
        rss("<item><link>https://news.example/1</link><description>Two men</description></item>"),
        (("", ONE[1]),),
    ),
    Kind("a title less than another", rss(item("Tier 2 &lt; Tier 1")), (("Tier 2 < Tier 1", ONE[1]),)),
    Kind(
        "the title of an enclosed picture",
        rss(
            item(
                "Court",
                more='<media:content xmlns:media="http://search.yahoo.com/mrss/" '
                'url="x.jpg"><media:title>Photo</media:title></media:content>',
            )
        ),
        (ONE,),
    ),
]

LINKS = [
    Kind(
        "relative to the feed",
        rss("<item><title>Court</title><link>1</link></item>"),
        (("Court", "https://news.example/desk/1"),),
    ),
    Kind("relative to the host", rss("<item><title>Court</title><link>/1</link></item>"), (ONE,)),
    Kind("without a scheme", rss("<item><title>Court</title><link>//news.example/1</link></item>"), (ONE,)),
    Kind(
        "xml:base of the feed",
        atom(entry("<title>Court</title>", "1"), 'xml:base="https://news.example/"'),
        (ONE,),
    ),
    Kind("xml:base that is relative", atom(entry("<title>Court</title>", "1"), 'xml:base="/"'), (ONE,)),
    Kind(
        "xml:base within xml:base",
        atom(
            '<entry xml:base="b/"><title>Court</title><link href="1"/></entry>',
            'xml:base="https://news.example/a/"',
        ),
        (("Court", "https://news.example/a/b/1"),),
    ),
    Kind(
        "white space around it",
        rss("<item><title>Court</title><link>\n https://news.example/1\n</link></item>"),
        (ONE,),
    ),
    Kind(
        "in CDATA",
        rss("<item><title>Court</title><link><![CDATA[https://news.example/1]]></link></item>"),
        (ONE,),
    ),
    Kind(
        "a guid that is the address",
        rss("<item><title>Court</title><guid>https://news.example/1</guid></item>"),
        (ONE,),
    ),
    Kind(
        "a guid that is no address",
        rss('<item><title>None</title><guid isPermaLink="false">https://news.example/x</guid></item>' + GOOD),
        (READ,),
    ),
    Kind(
        "an address that is no page",
        rss("<item><title>None</title><link>javascript:alert(1)</link></item>" + GOOD),
        (READ,),
    ),
    Kind(
        "mailto", rss("<item><title>None</title><link>mailto:desk@news.example</link></item>" + GOOD), (READ,)
    ),
    Kind(
        "several links, the alternate last",
        atom(
            '<entry><title>Court</title><link rel="self" href="https://news.example/x"/>'
            '<link rel="enclosure" href="https://news.example/a.mp3"/><link rel="alternate" href="https://news.example/1"/>'
            "</entry>"
        ),
        (ONE,),
    ),
    Kind(
        "RSS with Atom's own link beside it",
        rss(
            '<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="self" '
            'href="https://news.example/feed"/>' + item("Court")
        ),
        (ONE,),
    ),
    Kind(
        "FeedBurner's link beside the item's own",
        rss(
            "<item><title>Court</title><link>https://feedproxy.example/~r/1</link><fb:origLink>"
            "https://news.example/1</fb:origLink></item>",
            attributes='xmlns:fb="http://rssnamespace.org/feedburner/ext/1.0"',
        ),
        (ONE,),
    ),
    Kind(
        "a fragment", rss("<item><title>Court</title><link>https://news.example/1#top</link></item>"), (ONE,)
    ),
    Kind(
        "a host in capitals and letters of its own",
        rss("<item><title>Court</title><link>https://NEWS.example/1/é</link></item>"),
        (("Court", "https://NEWS.example/1/é"),),
    ),
]

DECLARED = '<?xml version="1.0" encoding="{}"?>'
ENCODINGS = [
    Kind("UTF-8 with a byte order mark", b"\xef\xbb\xbf" + rss(item("Café")).encode(), (("Café", ONE[1]),)),
    Kind("UTF-16 with a byte order mark", rss(item("Café")).encode("utf-16"), (("Café", ONE[1]),)),
    Kind("UTF-16, big end first", b"\xfe\xff" + rss(item("Café")).encode("utf-16-be"), (("Café", ONE[1]),)),
    Kind(
        "UTF-16 without a mark",
        rss(item("Café"), prolog=DECLARED.format("utf-16")).encode("utf-16-le"),
        (("Café", ONE[1]),),
    ),
    Kind("UTF-32", rss(item("Café")).encode("utf-32"), (("Café", ONE[1]),)),
    Kind(
        "UTF-8 that says Latin-1",
        rss(item("Café"), prolog=DECLARED.format("iso-8859-1")).encode(),
        (("Café", ONE[1]),),
    ),
    Kind(
        "UTF-8 whose server says Latin-1",
        rss(item("Café")).encode(),
        (("Café", ONE[1]),),
        "text/xml; charset=iso-8859-1",
    ),
    Kind(
        "UTF-8 whose server says US-ASCII by saying text/xml",
        rss(item("Café")).encode(),
        (("Café", ONE[1]),),
        "text/xml",
    ),
    Kind(
        "UTF-8 that says UTF-16",
        rss(item("Café"), prolog=DECLARED.format("utf-16")).encode(),
        (("Café", ONE[1]),),
    ),
    Kind(
        "UTF-8 with a byte of another",
        rss(item("Café, Curaçao, São Tomé") + GOOD).encode().replace(b"Harbour", b"Harb\xf6ur"),
        (("Café, Curaçao, São Tomé", ONE[1]), ("Harb\ufffdur", READ[1])),
    ),
    Kind(
        "Windows-1252 that says UTF-8",
        rss(item("Café \u201cX\u201d"), prolog=DECLARED.format("utf-8")).encode("cp1252"),
        (("Café \u201cX\u201d", ONE[1]),),
    ),
    Kind(
        "Windows-1252 that says Latin-1",
        rss(item("Café \u201cX\u201d"), prolog=DECLARED.format("iso-8859-1")).encode("cp1252"),
        (("Café \u201cX\u201d", ONE[1]),),
    ),
    Kind("Windows-1252 that says nothing", rss(item("Café")).encode("cp1252"), (("Café", ONE[1]),)),
    Kind("KOI8-R", rss(item("Дело"), prolog=DECLARED.format("koi8-r")).encode("koi8-r"), (("Дело", ONE[1]),)),
    Kind(
        "Windows-1251 by the server alone",
        rss(item("Дело")).encode("cp1251"),
        (("Дело", ONE[1]),),
        "text/xml; charset=windows-1251",
    ),
    Kind(
        "Shift JIS",
        rss(item("人身取引"), prolog=DECLARED.format("Shift_JIS")).encode("shift_jis"),
        (("人身取引", ONE[1]),),
    ),
    Kind(
        "EUC-KR",
        rss(item("인신매매"), prolog=DECLARED.format("euc-kr")).encode("euc-kr"),
        (("인신매매", ONE[1]),),
    ),
    Kind(
        "Big5", rss(item("人口販運"), prolog=DECLARED.format("Big5")).encode("big5"), (("人口販運", ONE[1]),)
    ),
    Kind(
        "GB2312",
        rss(item("人口贩运"), prolog=DECLARED.format("gb2312")).encode("gb2312"),
        (("人口贩运", ONE[1]),),
    ),
    Kind(
        "an encoding that does not exist",
        rss(item("Café"), prolog=DECLARED.format("iso-8859-99")).encode("cp1252"),
        (("Café", ONE[1]),),
    ),
    Kind(
        "a codec that is no encoding",
        rss(item("Café"), prolog=DECLARED.format("punycode")).encode("cp1252"),
        (("Café", ONE[1]),),
    ),
    Kind(
        "a feed that says it is HTML",
        rss(item("Café")).encode(),
        (("Café", ONE[1]),),
        "text/html; charset=utf-8",
    ),
    Kind("a feed that says it is plain text", rss(item("Café")).encode(), (("Café", ONE[1]),), "text/plain"),
    Kind(
        "a feed that says it is a file",
        rss(item("Café")).encode(),
        (("Café", ONE[1]),),
        "application/octet-stream",
    ),
    Kind("no content type", rss(item("Café")).encode(), (("Café", ONE[1]),), ""),
]

ALL = [*FORMATS, *FAULTS, *TITLES, *LINKS, *ENCODINGS]


def read(kind: Kind) -> tuple[FeedItem, ...]:
    return parse_feed(page(kind.markup, URL, kind.media_type))


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)
def test_a_kind_of_feed_is_read(kind: Kind) -> None:
    found = [(each.title, each.url) for each in read(kind)]
    assert [each for each in found if each in kind.items] == list(kind.items), found
    if kind.name not in SALVAGED:
        assert found == list(kind.items)


SALVAGED = {
    "a character reference out of range",
    "an end tag that is missing",
    "a feed that is cut off in a tag",
}
"""Kinds in which what is read of the item at fault is left open."""


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("Tue, 30 Jun 2026 08:05:00 GMT", (8, 5)),
        ("Tue, 30 Jun 2026 08:05:00 +0200", (6, 5)),
        ("Tue, 30 Jun 2026 04:05:00 EDT", (8, 5)),
        ("30 Jun 2026 08:05 UT", (8, 5)),
        ("Tue, 30 Jun 2026 10:05:00 CEST", (8, 5)),
        ("Tue, 30 Jun 2026 17:05:00 JST", (8, 5)),
        ("mar., 30 juin 2026 08:05:00 +0000", None),
        ("Tue, 30 Jun 26 08:05:00 Z", (8, 5)),
        ("Tue, 30 June 2026 08:05:00 GMT", (8, 5)),
        ("Tue,30 Jun 2026 08:05:00 GMT", (8, 5)),
        ("tue, 30 jun 2026 08:05:00 gmt", (8, 5)),
        ("Jun 30 2026 08:05:00 GMT", (8, 5)),
        ("2026-06-30T08:05:00Z", (8, 5)),
        ("2026-06-30T08:05:00.000Z", (8, 5)),
        ("2026-06-30T08:05:00-04:00", (12, 5)),
        ("2026-06-30T08:05Z", (8, 5)),
        ("2026-06-30t08:05:00z", (8, 5)),
        ("2026-06-30 08:05:00Z", (8, 5)),
        ("2026-06-30 08:05:00 +0200", (6, 5)),
        ("2026-06-30", (0, 0)),
        ("20260630", (0, 0)),
        ("260630", None),
        ("2026-181", None),
        ("Tue Jun 30 08:05:00 2026", (8, 5)),
        ("2026-06-30 08:05:00.0", (8, 5)),
        ("Tue, 2026/06/30 08:05:00 EDT", (12, 5)),
        ("2026년 06월 30일  17:05:00", (8, 5)),
        ("2026-06-30 오후 05:05:00", (8, 5)),
        ("Τρι, 30 Ιούν 2026 08:05:00 GMT", (8, 5)),
        ("2026-június-30T08:05-00:00", (8, 5)),
        ("yesterday", None),
        ("Tue, 31 Jun 2026 08:05:00 GMT", None),
        ("0000-00-00T00:00:00Z", None),
        ("Tue, 30 Jun 2126 08:05:00 GMT", None),
    ],
)
def test_each_family_of_dates_is_read(written: str, moment: tuple[int, int] | None) -> None:
    """30 June 2026 at ``moment`` (UTC), or null for what is no date that can be told."""
    (found,) = read(Kind("", rss(item("Court", more=f"<pubDate>{written}</pubDate>")), ()))
    expected = None if moment is None else datetime(2026, 6, 30, *moment, tzinfo=UTC)
    assert found.published_at == expected


@pytest.mark.parametrize(
    "markup",
    [
        rss(
            item("Court", more="<dc:date>2026-06-30T08:05:00Z</dc:date>"),
            attributes='xmlns:dc="http://purl.org/dc/elements/1.1/"',
        ),
        atom(
            entry(
                "<title>Court</title>",
                more="<published>2026-06-30T08:05:00Z</published><updated>2026-06-30T11:00:00Z</updated>",
            )
        ),
        atom(entry("<title>Court</title>", more="<updated>2026-06-30T08:05:00Z</updated>")),
        atom(
            entry("<title>Court</title>", more="<issued>2026-06-30T08:05:00Z</issued>"),
            namespace="http://purl.org/atom/ns#",
        ),
    ],
    ids=["Dublin Core", "Atom: published before updated", "Atom: updated", "Atom 0.3: issued"],
)
def test_a_date_is_read_from_each_element_that_has_it(markup: str) -> None:
    (found,) = read(Kind("", markup, ()))
    assert found.published_at == datetime(2026, 6, 30, 8, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("markup", "guid"),
    [
        (rss(item("Court", more="<guid>a-1</guid>")), "a-1"),
        (rss(item("Court", more='<guid isPermaLink="false"> a-1 </guid>')), "a-1"),
        (rss(item("Court", more="<guid>a-1</guid><guid/>")), ""),
        (rss(item("Court")), ""),
        (
            atom(entry("<title>Court</title>", more="<id>tag:news.example,2026:1</id>")),
            "tag:news.example,2026:1",
        ),
        (atom(entry("<title>Court</title>", more="<id>urn:uuid:1225c695</id>")), "urn:uuid:1225c695"),
        (
            f'<rdf:RDF xmlns:rdf="{RDF}" xmlns="http://purl.org/rss/1.0/"><item rdf:about="https://news.example/about">'
            "<title>Court</title><link>https://news.example/1</link></item></rdf:RDF>",
            "https://news.example/about",
        ),
    ],
)
def test_an_item_is_known_by_its_own_id(markup: str, guid: str) -> None:
    (found,) = read(Kind("", markup, ()))
    assert (found.guid, found.url) == (guid, "https://news.example/1")


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (
            rss(item("Court", more="<description>Two &lt;b&gt;men&lt;/b&gt; were jailed.</description>")),
            "Two men were jailed.",
        ),
        (
            rss(
                item("Court", more="<description><![CDATA[<p>Two men</p><p>were jailed.</p>]]></description>")
            ),
            "Two men\nwere jailed.",
        ),
        (
            rss(
                item(
                    "Court",
                    more="<description>short</description>"
                    "<content:encoded><![CDATA[<p>Two men were jailed.</p>]]></content:encoded>",
                ),
                attributes='xmlns:content="http://purl.org/rss/1.0/modules/content/"',
            ),
            "Two men were jailed.",
        ),
        (
            rss(
                item(
                    "Court",
                    more='<body xmlns="http://www.w3.org/1999/xhtml"><p>Two men were jailed.</p></body>',
                )
            ),
            "Two men were jailed.",
        ),
        (
            atom(entry("<title>Court</title>", more='<summary type="text">Two men were jailed.</summary>')),
            "Two men were jailed.",
        ),
        (
            atom(
                entry(
                    "<title>Court</title>",
                    more='<content type="html">&lt;p>Two men were jailed.&lt;/p></content>',
                )
            ),
            "Two men were jailed.",
        ),
        (
            atom(
                entry(
                    "<title>Court</title>",
                    more='<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Two <i>men'
                    "</i> were jailed.</p></div></content>",
                )
            ),
            "Two men were jailed.",
        ),
        (
            atom(
                entry(
                    "<title>Court</title>",
                    more='<content type="text/html" mode="escaped">&lt;p>Two men were jailed.&lt;/p>'
                    "</content>",
                ),
                namespace="http://purl.org/atom/ns#",
            ),
            "Two men were jailed.",
        ),
        (
            rss(
                item(
                    "Court",
                    more="<description>Two men&nbsp;were jailed.<script>steal()</script></description>",
                )
            ),
            "Two men\xa0were jailed.",
        ),
        (rss(item("Court", more="<description/>")), ""),
    ],
)
def test_the_text_of_an_item_is_plain(markup: str, text: str) -> None:
    (found,) = read(Kind("", markup, ()))
    assert found.text == text


def test_a_feed_whose_items_have_no_address_is_told_to_the_operator() -> None:
    with pytest.raises(UnexpectedPage, match="none of the feed's items has an address"):
        read(Kind("", rss("<item><title>Court</title></item>"), ()))
