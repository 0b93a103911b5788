"""Reads the new items of a feed, and the articles behind them where the source is followed.

An item is known again by guid, address or content (`domain.feed_item`), and passed over before its
page is asked for where its words say that it is about something else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from monitor.domain.document import Document
from monitor.domain.feed_item import ItemKeys, ItemState, Known, KnownItem
from monitor.domain.reading import DocumentKind, Reading
from monitor.domain.source import Snapshot, Source, SourceState
from monitor.extraction import read
from monitor.fetching.article import read_article
from monitor.fetching.client import NotModified
from monitor.fetching.failures import FetchFailed
from monitor.fetching.feed import FeedItem, item_keys, parse_feed
from monitor.jobs.announcement import announced_edition, read_announced
from monitor.jobs.outcome import Answer, Checker, Outcome, Reader
from monitor.jobs.page import fetch_changed, fetch_page, remembered
from monitor.jobs.progress import Progress
from monitor.jobs.recording import Recorded, record_article
from monitor.storage.feed_items import known_items, remember_items
from monitor.storage.pages import PageState, remember_page

_MOST_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class _NewItem:
    """An item to be read: what it is known by, its article's identity, how often that failed."""

    item: FeedItem
    keys: ItemKeys
    identity: str
    attempts: int


@dataclass(frozen=True, slots=True)
class _Sorted:
    """The items of a feed: those to read, those to remember at once, those known and as they were."""

    new: list[_NewItem]
    settled: list[KnownItem]
    unchanged: int
    passed: int


async def check_feed(state: SourceState, checker: Checker, outcome: Outcome, progress: Progress) -> Answer:
    """Read every item that is new or changed and about our subject, counting in ``outcome``.

    The feed is remembered only when all its items were read, so that one that failed is tried again,
    five times in all.

    Raises:
        FetchFailed: the address gave no feed.
    """
    known = await asyncio.to_thread(remembered, checker.reader.database, state.address)
    return await check_known_feed(state, known, checker, outcome, progress)


async def check_known_feed(
    state: SourceState, known: PageState | None, checker: Checker, outcome: Outcome, progress: Progress
) -> Answer:
    """Do as `check_feed`, where what the address answered last is known."""
    reader, source = checker.reader, state.source
    answer = await fetch_changed(state.address, checker, known)
    said = Answer(answer.moved_to, answer.fresh_until)
    if isinstance(answer, NotModified) or (known is not None and known.sha256 == answer.sha256):
        return said
    sorted_items = await asyncio.to_thread(_sort, answer, source, reader)
    outcome.unchanged += sorted_items.unchanged
    outcome.passed += sorted_items.passed
    is_whole = True
    for done, new in enumerate(sorted_items.new, start=1):
        is_whole &= await _read_item(new, answer, source, checker, outcome)
        progress(source.key, done, len(sorted_items.new))
    if is_whole and sorted_items.new:
        await asyncio.to_thread(_remember, answer, source, reader, [])
    return said


def _sort(feed: Snapshot, source: Source, reader: Reader) -> _Sorted:
    """Parse a feed, and remember at once what is not to be read."""
    items = parse_feed(feed)
    keys = item_keys(items, source.key)
    with reader.database.reading() as session:
        stored = known_items(session, keys)
    found = _sorted(items, keys, stored, reader)
    # With nothing left to read, the feed itself is remembered in the same transaction.
    if found.new:
        with reader.database.transaction() as session:
            remember_items(session, source.key, found.settled, reader.now())
    else:
        _remember(feed, source, reader, found.settled)
    return found


def _remember(feed: Snapshot, source: Source, reader: Reader, items: Sequence[KnownItem]) -> None:
    with reader.database.transaction() as session:
        remember_items(session, source.key, items, reader.now())
        remember_page(session, source.key, feed)


def _sorted(
    items: Sequence[FeedItem], keys: Sequence[ItemKeys], stored: Sequence[KnownItem], reader: Reader
) -> _Sorted:
    known = Known(stored)
    exact = {(each.keys.guid_key, each.keys.link_key): each for each in stored}
    taken = {each.identity for each in stored}
    new: list[_NewItem] = []
    settled: list[KnownItem] = []
    unchanged = passed = 0
    for item, each in zip(items, keys, strict=True):
        before = known.same(each)
        if before is None:
            identity = item.identity if item.identity not in taken else f"{item.identity} {item.url}"
        else:
            identity = before.identity
        is_done = before is not None and before.state is not ItemState.FAILED
        is_same = before is not None and before.keys.content_key == each.content_key
        if before is not None and is_done and is_same:
            unchanged += 1
            if (each.guid_key, each.link_key) not in exact:
                settled.append(replace(before, keys=each))
        elif reader.relevance.is_worth_following(item.title, item.text):
            attempts = before.attempts if before is not None and is_same else 0
            new.append(_NewItem(item, each, identity, attempts))
        else:
            passed += 1
            settled.append(KnownItem(each, identity, ItemState.PASSED))
        taken.add(identity)
        known.add(KnownItem(each, identity, ItemState.READ))
    return _Sorted(new, settled, unchanged, passed)


async def _read_item(
    new: _NewItem, feed: Snapshot, source: Source, checker: Checker, outcome: Outcome
) -> bool:
    """Read one item; return whether it is settled. A failure becomes a line of the outcome."""
    reader = checker.reader
    try:
        await _read(new, feed, source, checker, outcome)
    except FetchFailed as failure:
        attempts = new.attempts + 1
        is_last = attempts >= _MOST_ATTEMPTS
        given_up = f"; it was tried {attempts} times and is given up" if is_last else ""
        outcome.failures.append(f"{failure}{given_up}")
        after = KnownItem(
            new.keys, new.identity, ItemState.GIVEN_UP if is_last else ItemState.FAILED, attempts
        )

        def note() -> None:
            with reader.database.transaction() as session:
                remember_items(session, source.key, [after], reader.now())

        await asyncio.to_thread(note)
        return is_last
    return True


async def _read(new: _NewItem, feed: Snapshot, source: Source, checker: Checker, outcome: Outcome) -> None:
    reader, item = checker.reader, new.item
    snapshot, title, text, url = feed, item.title, item.text or item.title, item.url
    if source.follow:
        page = await fetch_page(item.url, checker, ask=False)
        found = await asyncio.to_thread(read_article, page.snapshot)
        snapshot, title, text, url = page.snapshot, found.title or item.title, found.text, found.canonical_url
    edition = announced_edition(item, reader.sites)
    if edition is not None:
        await read_announced(edition, item, checker, outcome)
    is_about = reader.relevance.is_about(f"{title}\n{text}")

    def store() -> tuple[Recorded, Reading] | None:
        state = ItemState.READ if is_about else ItemState.PASSED
        after = KnownItem(new.keys, new.identity, state)
        if not is_about:
            with reader.database.transaction() as session:
                remember_items(session, source.key, [after], reader.now())
            return None
        document = Document(
            kind=DocumentKind.NEWS,
            url=url,
            title=title,
            text=text,
            source_key=source.key,
            snapshot_sha256=snapshot.sha256,
            identity=new.identity,
            published_at=item.published_at,
        )
        reading = read(text, kind=DocumentKind.NEWS, country=None, edition=None, language=reader.language)
        with reader.database.transaction() as session:
            recorded = record_article(
                session, document, reading, countries=reader.countries, now=reader.now()
            )
            remember_items(session, source.key, [after], reader.now())
        return recorded, reading

    stored = await asyncio.to_thread(store)
    if stored is None:
        outcome.passed += 1
    else:
        outcome.articles += outcome.count(*stored, where=url)
