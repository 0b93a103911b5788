"""Changes as feed documents, read back by the library that feed readers use."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import feedparser
import pytest
from lxml import etree
from lxml import html as lxml_html

from monitor.delivery.feeds import atom, entry_id, json_feed, rss
from monitor.domain.change import Change, ChangeKind
from tests.delivery import samples
from tests.delivery.samples import NOW, change

HOME = "https://tip.example.org/"
CHANGES = (samples.CONVICTIONS_DOWN, samples.CLAIM)
HOSTILE = "</p>]]><script>alert(1)</script>\r\n\x00\x1b[31m\u202e\ud800 &amp; {{ 7 * 7 }}"


def written(
    write: Callable[..., bytes], *changes: Change, name: str = "changes.atom?country=ARG&kind=x"
) -> bytes:
    return write(
        changes, feed_url=f"{HOME}feeds/{name}", home_url=HOME, title="TIP Monitor: changes", updated=NOW
    )


def parsed(write: Callable[..., bytes], *changes: Change) -> Any:
    feed = feedparser.parse(written(write, *changes))
    assert not feed.bozo
    return feed


@pytest.mark.parametrize("write", [atom, rss])
def test_a_reader_finds_each_change_with_its_id_link_and_date(write: Callable[..., bytes]) -> None:
    feed = parsed(write, *CHANGES)
    assert (feed.feed.title, feed.feed.language) == ("TIP Monitor: changes", "en")
    assert [(e.id, e.link, e.title, e.published_parsed[:5]) for e in feed.entries] == [
        (
            entry_id(one.id),
            f"https://tip.example.org/changes/{one.id}",
            one.headline,
            (2013, 7, 2, 2, 12),
        )
        for one in CHANGES
    ]
    assert [[tag.term for tag in e.tags] for e in feed.entries] == [
        ["figure_changed", "ARG", "convictions"],
        ["claim_made", "ARG", "convictions"],
    ]


def test_ids_and_content_are_the_same_in_all_three() -> None:
    in_json = json.loads(written(json_feed, *CHANGES))["items"]
    in_atom, in_rss = parsed(atom, *CHANGES).entries, parsed(rss, *CHANGES).entries
    assert [item["id"] for item in in_json] == [e.id for e in in_atom] == [e.id for e in in_rss]
    assert [item["content_html"] for item in in_json] == [e.content[0].value for e in in_atom]
    assert [item["content_html"] for item in in_json] == [e.summary for e in in_rss]


def test_the_content_holds_the_full_evidence() -> None:
    long = "Courts convicted " + "many " * 2000 + "traffickers."
    [item] = json.loads(written(json_feed, replace(samples.CONVICTIONS_DOWN, evidence_old=long)))["items"]
    assert lxml_html.fragment_fromstring(item["content_html"], create_parent="div").xpath(
        "//p/text() | //a/@href"
    ) == [
        "Argentina: 17 convictions in 2012, down from 31.",
        "Convictions: 31 (2012 report) → 17 (2013 report: 15 sex trafficking, 2 labor trafficking).",
        "Each edition's number is for its own reporting period.",
        "2012 report:",
        long,
        "2013 report:",
        samples.CONVICTIONS_DOWN.evidence_new,
        "https://www.state.gov/reports/2012-trafficking-in-persons-report/argentina/",
        "https://www.state.gov/reports/2013-trafficking-in-persons-report/argentina/",
    ]


def test_absent_and_unreported_are_told_apart() -> None:
    items = json.loads(written(json_feed, samples.APPEARED, samples.VANISHED, samples.TO_ZERO))["items"]
    assert [item["content_html"].split("<p>")[2] for item in items] == [
        "Prosecutions: not mentioned (2012 report) → at least 9 (2013 report).</p>",
        "Investigations: 18 (2012 report) → not reported (2013 report).</p>",
        "Labor trafficking convictions: 2 (2012 report) → 0 (2013 report).</p>",
    ]


def test_an_atom_feed_has_what_the_standard_asks_for() -> None:
    """RFC 4287, sections 4.1.1 and 4.1.2."""
    feed = etree.fromstring(written(atom, samples.CLAIM))
    spaces = {"a": "http://www.w3.org/2005/Atom"}
    assert [etree.QName(element).localname for element in feed] == [
        "id",
        "title",
        "updated",
        "author",
        "link",
        "link",
        "entry",
    ]
    assert feed.xpath("a:link[@rel='self']/@href", namespaces=spaces) == [
        "https://tip.example.org/feeds/changes.atom?country=ARG&kind=x"
    ]
    assert feed.xpath("a:id/text() | a:updated/text()", namespaces=spaces) == [
        "https://tip.example.org/feeds/changes.atom?country=ARG&kind=x",
        "2013-07-02T06:00:00Z",
    ]
    assert feed.xpath("a:entry/a:updated/text()", namespaces=spaces) == ["2013-07-02T02:12:00Z"]
    assert feed.xpath("a:entry/a:link[@rel='via']/@href", namespaces=spaces) == [
        "https://news.example.com/2013/argentina-trafficking"
    ]


def test_an_rss_feed_has_what_the_specification_asks_for() -> None:
    channel = etree.fromstring(written(rss, samples.CLAIM)).find("channel")
    assert channel is not None
    assert [etree.QName(element).localname for element in channel] == [
        "title",
        "link",
        "description",
        "language",
        "lastBuildDate",
        "link",
        "item",
    ]
    assert channel.findtext("lastBuildDate") == "Tue, 02 Jul 2013 06:00:00 GMT"
    assert channel.find("item/guid").attrib == {"isPermaLink": "false"}
    assert channel.find("{http://www.w3.org/2005/Atom}link").attrib["rel"] == "self"


def test_a_json_feed_has_what_the_specification_asks_for() -> None:
    document = json.loads(written(json_feed, samples.EDITION, name="changes.json"))
    content = document["items"][0].pop("content_html")
    assert content.startswith("<p>The 2013 Trafficking in Persons Report has been published.</p>")
    assert document == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "TIP Monitor: changes",
        "home_page_url": "https://tip.example.org/",
        "feed_url": "https://tip.example.org/feeds/changes.json",
        "language": "en",
        "authors": [{"name": "TIP Monitor"}],
        "_tip_monitor": {"about": "https://tip.example.org/", "updated": "2013-07-02T06:00:00Z"},
        "items": [
            {
                "id": entry_id(samples.EDITION.id),
                "url": f"https://tip.example.org/changes/{samples.EDITION.id}",
                "external_url": "https://www.state.gov/reports/2013-trafficking-in-persons-report/",
                "title": "The 2013 Trafficking in Persons Report has been published",
                "date_published": "2013-07-02T02:12:00Z",
                "date_modified": "2013-07-02T02:12:00Z",
                "tags": ["edition_published"],
            }
        ],
    }


def test_an_entry_id_never_changes() -> None:
    """Readers know an entry by it: a new value would tell every change again."""
    assert entry_id("0ca03f0fc69b0a3fb9a8") == "urn:uuid:436903ac-96ab-5fb1-ba68-7184d79104d0"


@pytest.mark.parametrize("write", [atom, rss, json_feed])
def test_an_empty_feed_is_a_feed(write: Callable[..., bytes]) -> None:
    assert b"TIP Monitor: changes" in written(write)


@pytest.mark.parametrize("write", [atom, rss, json_feed])
def test_hostile_text_stays_text(write: Callable[..., bytes]) -> None:
    hostile = change(
        ChangeKind.NARRATIVE_REVISED,
        HOSTILE,
        HOSTILE,
        id='"><script>',
        old=HOSTILE,
        new=HOSTILE,
        evidence_old=HOSTILE,
        evidence_new=HOSTILE,
        source_url="javascript:alert(1)",
        source_url_old='https://example.org/"><script>',
        created_at=datetime(2013, 7, 2, tzinfo=UTC),
    )
    document = written(write, hostile).decode()
    assert not any(bad in document for bad in "\r\x00\x1b\u202e")
    assert "javascript:" not in document
    if write is json_feed:
        [item] = json.loads(document)["items"]
        title, content = item["title"], item["content_html"]
    else:
        parsed_document = feedparser.parse(document.encode())
        [entry] = parsed_document.entries
        title, content = entry.title, entry.content[0].value if write is atom else entry.summary
    assert title == "</p>]]><script>alert(1)</script> [31m &amp; {{ 7 * 7 }}"
    fragment = lxml_html.fragment_fromstring(content, create_parent="div")
    assert fragment.xpath("count(//script)") == 0


@pytest.mark.parametrize("write", [atom, rss, json_feed])
def test_an_address_of_the_feed_that_is_none_is_an_error(write: Callable[..., bytes]) -> None:
    with pytest.raises(ValueError, match="is not a web address"):
        write([], feed_url="/feeds/changes.atom", home_url=HOME, title="x", updated=NOW)
