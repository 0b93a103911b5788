"""Feeds are read in processes that a hostile one may cost."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from itertools import pairwise

import pytest

from monitor.domain.source import Snapshot
from monitor.fetching.failures import FetchFailed, UnexpectedPage
from monitor.fetching.feed import parse_feed
from monitor.fetching.feed_process import FeedProcesses
from tests.fetching.sites_of_tests import page

URL = "https://news.example/feed/"
ITEM = (
    "<item><title>Court &amp; trial</title><link>https://n.example/1?a=1&amp;b=2</link><guid>1</guid>"
    "<pubDate>Tue, 30 Jun 2026 08:00:00 GMT</pubDate>"
    "<description>See https://n.example/2 \U0001f642</description></item>"
)


def feed(markup: str) -> Snapshot:
    return page(f"<rss version='2.0'><channel>{markup}</channel></rss>", URL, "application/rss+xml")


async def test_a_process_reads_what_this_one_would() -> None:
    snapshot = feed(ITEM + ITEM.replace("<guid>1</guid>", "").replace("/1?", "/3?"))
    async with FeedProcesses() as processes:
        assert await processes.parse(snapshot) == parse_feed(snapshot)


async def test_what_is_no_feed_is_refused_with_its_bytes() -> None:
    async with FeedProcesses() as processes:
        with pytest.raises(UnexpectedPage, match="not an RSS, Atom or JSON feed") as caught:
            await processes.parse(page("<h1>Moved</h1>", URL))
    assert caught.value.snapshot is not None
    assert "open the address in a browser" in str(caught.value)


SLOW = {
    "elements that are never closed": "<a>" * 1_000_000,
    "a namespace for each element": "".join(f"<x{n}:a xmlns:x{n}='u{n}'/>" for n in range(50_000)),
    "a tag of many attributes": "<a " + " ".join(f"b{n}='c'" for n in range(200_000)) + "/>",
}


@pytest.mark.parametrize("markup", SLOW.values(), ids=SLOW)
async def test_a_feed_that_takes_too_long_is_refused_and_the_next_is_read(markup: str) -> None:
    """feedparser takes time in the square of these."""
    endless = feed(markup)
    async with FeedProcesses(seconds=0.3) as processes:
        with pytest.raises(UnexpectedPage, match="takes longer to read than any real one") as caught:
            await processes.parse(endless)
        assert caught.value.snapshot == endless
        assert len(await processes.parse(feed(ITEM))) == 1


async def test_a_feed_that_takes_too_much_memory_is_refused_and_the_next_is_read() -> None:
    lists = "[]," * 2_600_000
    greedy = page(f'{{"version": "https://jsonfeed.org/version/1", "items": [{lists}1]}}', URL)
    async with FeedProcesses(most_memory=160 * 1024**2) as processes:
        with pytest.raises(UnexpectedPage, match="takes more memory than any real one"):
            await processes.parse(greedy)
        assert len(await processes.parse(feed(ITEM))) == 1


ENTITY = "<!DOCTYPE rss [\n<!ENTITY a '{}'>\n]>"
ODD = {
    "an entity of fifty thousand letters again and again": ENTITY.format("x" * 50_000)
    + feed(ITEM.replace("Court", "&a;" * 300_000)).content.decode(),
    "entities of entities": "<!DOCTYPE rss [\n<!ENTITY a 'lol'>\n"
    + "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>\n" for a, b in pairwise("abcdefghij"))
    + "]>"
    + feed(ITEM.replace("Court", "&j;")).content.decode(),
    "an entity that is a file": "<!DOCTYPE rss [\n<!ENTITY a SYSTEM 'file:///etc/passwd'>\n]>"
    + feed(ITEM.replace("Court", "&a;")).content.decode(),
    "a parameter entity that is an address": "<!DOCTYPE rss [\n<!ENTITY % a SYSTEM 'http://127.0.0.1:9/x'>%a;\n]>"
    + feed(ITEM).content.decode(),
    "references beyond all characters": feed(
        ITEM.replace("Court", "&#99999999;&#x110000;&#0;")
    ).content.decode(),
    "CDATA that never ends": feed("<item><title><![CDATA[" + "<" * 1_000_000).content.decode(),
    "bare ampersands": feed(ITEM.replace("Court", "&" * 500_000)).content.decode(),
    "an end tag fifty thousand times": feed("</a>" * 50_000 + ITEM).content.decode(),
    "text that nests 200 deep again and again": feed(
        ("<b>" * 200 + "</b>" * 200) * 50 + ITEM
    ).content.decode(),
}


@pytest.mark.parametrize("markup", ODD.values(), ids=ODD)
async def test_whatever_a_feed_holds_its_process_reads_the_next_one(markup: str) -> None:
    async with FeedProcesses() as processes:
        with suppress(FetchFailed):
            items = await processes.parse(page(markup, URL, "application/rss+xml"))
            assert all(len(item.title) <= 500 and "root:" not in item.title for item in items)
        assert len(await processes.parse(feed(ITEM))) == 1


async def test_many_feeds_are_read_at_once_each_answered_with_its_own() -> None:
    feeds = [feed(ITEM.replace("Court", f"Court {number}")) for number in range(30)]
    async with FeedProcesses() as processes:
        found = await asyncio.gather(*map(processes.parse, feeds))
    assert [items[0].title for items in found] == [f"Court {number} & trial" for number in range(30)]


async def test_a_process_that_was_killed_is_a_failure_that_may_pass() -> None:
    """As the system does where memory runs out."""
    async with FeedProcesses() as processes:
        await processes.parse(feed(ITEM))
        (idle,) = processes._idle
        idle.send_signal(signal.SIGKILL)
        with pytest.raises(FetchFailed, match="the process that read the feed was ended") as caught:
            await processes.parse(feed(ITEM))
        assert caught.value.transient
        assert len(await processes.parse(feed(ITEM))) == 1


async def test_who_stops_waiting_leaves_no_answer_for_the_next() -> None:
    async with FeedProcesses() as processes:
        await processes.parse(feed(ITEM))
        waiting = asyncio.ensure_future(processes.parse(feed("<a>" * 1_000_000)))
        while processes._idle:
            await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert [item.title for item in await processes.parse(feed(ITEM))] == ["Court & trial"]
