"""Reads the new items of a feed, and the articles behind them where the source is followed."""

from __future__ import annotations

import asyncio

from monitor.domain.document import Document
from monitor.domain.reading import DocumentKind, Reading
from monitor.domain.source import Snapshot, Source
from monitor.extraction import read
from monitor.fetching.article import read_article
from monitor.fetching.failures import FetchFailed
from monitor.fetching.feed import FeedItem, parse_feed
from monitor.jobs.outcome import Checker, Outcome
from monitor.jobs.page import fetch_page, remember
from monitor.jobs.progress import Progress
from monitor.jobs.recording import Recorded, record_article
from monitor.storage.documents import article


async def check_feed(source: Source, checker: Checker, outcome: Outcome, progress: Progress) -> None:
    """Read every item not seen before, counting in ``outcome``.

    The feed is remembered only when all its items were read, so that one that failed is tried again.

    Raises:
        FetchFailed: the address gave no feed.
    """
    reader = checker.reader
    page = await fetch_page(source.url, checker)
    if not page.changed:
        return
    items = await asyncio.to_thread(parse_feed, page.snapshot)
    for done, item in enumerate(items, start=1):
        try:
            await _read_item(item, page.snapshot, source, checker, outcome)
        except FetchFailed as failure:
            outcome.failures.append(str(failure))
        progress(source.key, done, len(items))
    if not outcome.failures:
        await asyncio.to_thread(remember, reader.database, source.key, page.snapshot)


async def _read_item(
    item: FeedItem, feed: Snapshot, source: Source, checker: Checker, outcome: Outcome
) -> None:
    reader = checker.reader

    def is_stored() -> bool:
        with reader.database.reading() as session:
            return article(session, item.identity) is not None

    if await asyncio.to_thread(is_stored):
        outcome.unchanged += 1
        return
    snapshot, title, text, url = feed, item.title, item.content_text or item.summary_text, item.url
    if source.follow:
        page = await fetch_page(item.url, checker)
        found = await asyncio.to_thread(read_article, page.snapshot)
        snapshot, title, text, url = page.snapshot, found.title or item.title, found.text, found.canonical_url

    def store() -> tuple[Recorded, Reading]:
        document = Document(
            kind=DocumentKind.NEWS,
            url=url,
            title=title,
            text=text,
            source_key=source.key,
            snapshot_sha256=snapshot.sha256,
            identity=item.identity,
            published_at=item.published_at,
        )
        reading = read(text, kind=DocumentKind.NEWS, country=None, edition=None, language=reader.language)
        with reader.database.transaction() as session:
            recorded = record_article(
                session, document, reading, countries=reader.countries, now=reader.now()
            )
        return recorded, reading

    outcome.articles += outcome.count(*await asyncio.to_thread(store), where=url)
