"""Reads the new items of a feed, and the articles behind them where the source is followed.

An item is known again by guid, address or content (`domain.feed_item`), and passed over before its
page is asked for where its words say that it is about something else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from monitor.domain.document import Document
from monitor.domain.feed_item import ItemKeys, ItemState, Known, KnownItem
from monitor.domain.reading import DocumentKind, Reading
from monitor.domain.source import Snapshot, Source, SourceState
from monitor.extraction import read
from monitor.fetching.article import read_article
from monitor.fetching.client import NotModified
from monitor.fetching.failures import FetchFailed, UnexpectedPage
from monitor.fetching.feed import MOST_BYTES, FeedItem, item_keys
from monitor.fetching.markup import notice_of
from monitor.jobs.announcement import announced_edition, read_announced
from monitor.jobs.outcome import Answer, Checker, Outcome, Reader
from monitor.jobs.page import fetch_changed, fetch_page, remember
from monitor.jobs.progress import Progress
from monitor.jobs.recording import Recorded, record_article
from monitor.storage.database import Session
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


async def check_feed(
    state: SourceState, known: PageState | None, checker: Checker, outcome: Outcome, progress: Progress
) -> Answer:
    """Read every item that is new or changed and about our subject, counting in ``outcome``.

    ``known`` is what the address answered last. The feed is remembered only when all its items were
    read, so that one that failed is tried again, five times in all.

    Raises:
        FetchFailed: the address gave no feed.
    """
    reader, source = checker.reader, state.source
    answer = await fetch_changed(state.address, checker, known, most_bytes=MOST_BYTES)
    said = Answer(answer.moved_to, answer.fresh_until)
    if isinstance(answer, NotModified) or (known is not None and known.sha256 == answer.sha256):
        return said
    items = await _parsed(answer, checker)
    sort = partial(_sort, feed=answer, items=items, source=source, reader=reader)
    sorted_items = await reader.database.group_commit(sort)
    outcome.unchanged += sorted_items.unchanged
    outcome.passed += sorted_items.passed
    if not source.follow:
        await _read_here(sorted_items, answer, source, checker, outcome)
        return said
    is_whole = True
    for done, new in enumerate(sorted_items.new, start=1):
        is_whole &= await _read_behind(new, source, checker, outcome)
        progress(source.key, done, len(sorted_items.new))
    if is_whole and sorted_items.new:
        await remember(reader.database, source.key, answer)
    return said


async def _parsed(answer: Snapshot, checker: Checker) -> Sequence[FeedItem]:
    try:
        return await checker.parse(answer)
    except UnexpectedPage as failure:
        # A site's notice of difficulties is told as one, and waited for to pass.
        notice = await asyncio.to_thread(notice_of, answer, checker.reader.sites)
        if notice is None:
            raise
        raise notice from failure


def _sort(
    session: Session, feed: Snapshot, items: Sequence[FeedItem], source: Source, reader: Reader
) -> _Sorted:
    """Sort a feed's items, and remember what is not to be read; with nothing to read, the feed itself."""
    keys = item_keys(items, source.key)
    found = _sorted(items, keys, known_items(session, keys), source, reader)
    if source.follow or not found.new:
        remember_items(session, source.key, found.settled, reader.now())
    if not found.new:
        remember_page(session, source.key, feed)
    return found


def _sorted(
    items: Sequence[FeedItem],
    keys: Sequence[ItemKeys],
    stored: Sequence[KnownItem],
    source: Source,
    reader: Reader,
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
        elif _is_worth_reading(item, source, reader):
            attempts = before.attempts if before is not None and is_same else 0
            new.append(_NewItem(item, each, identity, attempts))
        else:
            passed += 1
            settled.append(KnownItem(each, identity, ItemState.PASSED))
        taken.add(identity)
        known.add(KnownItem(each, identity, ItemState.READ))
    return _Sorted(new, settled, unchanged, passed)


def _is_worth_reading(item: FeedItem, source: Source, reader: Reader) -> bool:
    if announced_edition(item, reader.sites) is not None:
        return True
    if source.follow:
        return reader.relevance.is_worth_following(item.title, item.text)
    return reader.relevance.is_about(f"{item.title}\n{item.text}")


async def _read_here(
    items: _Sorted, feed: Snapshot, source: Source, checker: Checker, outcome: Outcome
) -> None:
    """Read what stands in the feed itself, and store all of it in one transaction."""
    reader = checker.reader
    if not items.new:
        return
    for new in items.new:
        await _read_announced(new.item, checker, outcome)

    def store() -> list[tuple[_Text, Recorded, Reading]]:
        texts = [
            _Text(new, item.title, item.text or item.title, item.url, feed.sha256)
            for new in items.new
            for item in [new.item]
        ]
        about = [(text, _reading(text, reader)) for text in texts if text.is_about(reader)]
        known = [*items.settled, *(text.known(reader) for text in texts)]
        with reader.database.transaction() as session:
            stored = [
                (
                    text,
                    record_article(
                        session, text.document(source), reading, countries=reader.countries, now=reader.now()
                    ),
                    reading,
                )
                for text, reading in about
            ]
            remember_items(session, source.key, known, reader.now())
            remember_page(session, source.key, feed)
        return stored

    stored = await asyncio.to_thread(store)
    outcome.passed += len(items.new) - len(stored)
    for text, recorded, reading in stored:
        outcome.articles += outcome.count(recorded, reading, where=text.url)


async def _read_behind(new: _NewItem, source: Source, checker: Checker, outcome: Outcome) -> bool:
    """Read the page behind one item; return whether it is settled. A failure is a line of the outcome."""
    reader = checker.reader
    try:
        await _read_page(new, source, checker, outcome)
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


async def _read_page(new: _NewItem, source: Source, checker: Checker, outcome: Outcome) -> None:
    reader = checker.reader
    # First of all: the page behind the item may not be had for days.
    await _read_announced(new.item, checker, outcome)
    page = await fetch_page(new.item.url, checker, ask=False)
    found = await asyncio.to_thread(read_article, page.snapshot)
    text = _Text(new, found.title or new.item.title, found.text, found.canonical_url, page.snapshot.sha256)

    def store() -> tuple[Recorded, Reading] | None:
        reading = _reading(text, reader) if text.is_about(reader) else None
        with reader.database.transaction() as session:
            remember_items(session, source.key, [text.known(reader)], reader.now())
            if reading is None:
                return None
            return record_article(
                session, text.document(source), reading, countries=reader.countries, now=reader.now()
            ), reading

    stored = await asyncio.to_thread(store)
    if stored is None:
        outcome.passed += 1
    else:
        outcome.articles += outcome.count(*stored, where=text.url)


async def _read_announced(item: FeedItem, checker: Checker, outcome: Outcome) -> None:
    edition = announced_edition(item, checker.reader.sites)
    if edition is not None:
        await read_announced(edition, item, checker, outcome)


@dataclass(frozen=True, slots=True)
class _Text:
    """The text of an item, from the feed or the page behind it (``snapshot_sha256``)."""

    new: _NewItem
    title: str
    text: str
    url: str
    snapshot_sha256: str

    def is_about(self, reader: Reader) -> bool:
        return reader.relevance.is_about(f"{self.title}\n{self.text}")

    def known(self, reader: Reader) -> KnownItem:
        state = ItemState.READ if self.is_about(reader) else ItemState.PASSED
        return KnownItem(self.new.keys, self.new.identity, state)

    def document(self, source: Source) -> Document:
        return Document(
            kind=DocumentKind.NEWS,
            url=self.url,
            title=self.title,
            text=self.text,
            source_key=source.key,
            snapshot_sha256=self.snapshot_sha256,
            identity=self.new.identity,
            published_at=self.new.item.published_at,
        )


def _reading(text: _Text, reader: Reader) -> Reading:
    return read(text.text, kind=DocumentKind.NEWS, country=None, edition=None, language=reader.language)
