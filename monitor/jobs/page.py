"""Fetches one page and keeps its snapshot before anything is read out of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from functools import partial

from monitor.domain.source import Snapshot
from monitor.fetching.client import NotModified
from monitor.fetching.failures import FetchFailed, UnexpectedPage
from monitor.fetching.markup import MOST_BYTES
from monitor.jobs.outcome import Checker
from monitor.storage.database import Database
from monitor.storage.pages import PageState, page_state, remember_page
from monitor.storage.snapshots import keep_snapshot, load_snapshot


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is now; ``changed`` is false where its bytes are those remembered."""

    snapshot: Snapshot
    changed: bool


async def fetch_page(url: str, checker: Checker, *, ask: bool = True) -> Page:
    """Return what ``url`` answers now; on 304, what it answered last.

    Without ``ask`` what the server said still holds is taken from what is remembered.

    Raises:
        FetchFailed: it gave nothing; the snapshot of an unexpected page is kept for the operator.
    """
    reader = checker.reader
    known = await asyncio.to_thread(remembered, reader.database, url)
    if not ask and known is not None and known.fresh_until is not None and known.fresh_until > reader.now():
        return Page(await asyncio.to_thread(load, reader.database, known), changed=False)
    answer = await fetch_changed(url, checker, known)
    if isinstance(answer, Snapshot):
        return Page(answer, changed=known is None or known.sha256 != answer.sha256)
    if known is None:
        raise FetchFailed(url, "it answered 304 to a request without conditions", transient=True)
    snapshot = await asyncio.to_thread(load, reader.database, known)
    fresh_until = answer.fresh_until
    return Page(replace(snapshot, moved_to=answer.moved_to, fresh_until=fresh_until), changed=False)


async def fetch_changed(
    url: str, checker: Checker, known: PageState | None, *, most_bytes: int = MOST_BYTES
) -> Snapshot | NotModified:
    """Ask ``url`` under the conditions of what is ``known`` of it, and keep what it answers.

    A body of more than ``most_bytes`` is a failure.

    Raises:
        FetchFailed: it gave nothing; the snapshot of an unexpected page is kept for the operator.
    """
    database = checker.reader.database
    try:
        answer = await checker.fetcher.fetch(
            url, validators=known.validators if known else None, most_bytes=most_bytes
        )
    except UnexpectedPage as failure:
        if failure.snapshot is not None:
            await keep(database, failure.snapshot)
        raise
    if isinstance(answer, Snapshot):
        await keep(database, answer)
    return answer


async def keep(database: Database, snapshot: Snapshot) -> None:
    """Keep a snapshot, whatever comes of what is in it."""
    await database.group_commit(partial(keep_snapshot, snapshot=snapshot))


async def remember(database: Database, source_key: str, snapshot: Snapshot) -> None:
    """Remember that all of a page was read, so that the same bytes are not read again."""
    await database.group_commit(partial(remember_page, source_key=source_key, snapshot=snapshot))


def remembered(database: Database, url: str) -> PageState | None:
    """Return what is remembered of ``url``."""
    with database.reading() as session:
        return page_state(session, url)


def load(database: Database, known: PageState) -> Snapshot:
    """Return the snapshot that is remembered, with its bytes.

    Raises:
        StorageError: they are not kept any more.
    """
    with database.reading() as session:
        content = load_snapshot(session, known.sha256)
    return Snapshot(
        url=known.url,
        final_url=known.final_url,
        fetched_at=known.fetched_at,
        media_type=known.media_type,
        content=content,
        validators=known.validators,
    )
