"""Fetches one page and keeps its snapshot before anything is read out of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from monitor.domain.source import Snapshot
from monitor.fetching.client import NotModified
from monitor.fetching.failures import FetchFailed, UnexpectedPage
from monitor.jobs.outcome import Checker
from monitor.storage.database import Database
from monitor.storage.pages import page_state, remember_page
from monitor.storage.snapshots import keep_snapshot, load_snapshot


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is now; ``changed`` is false where its bytes are those remembered."""

    snapshot: Snapshot
    changed: bool


async def fetch_page(url: str, checker: Checker) -> Page:
    """Return what ``url`` answers now; on 304, what it answered last.

    Raises:
        FetchFailed: it gave nothing; the snapshot of an unexpected page is kept for the operator.
    """
    database = checker.reader.database
    known = await asyncio.to_thread(_remembered, database, url)
    try:
        answer = await checker.fetcher.fetch(url, validators=known.validators if known else None)
    except UnexpectedPage as failure:
        if failure.snapshot is not None:
            await asyncio.to_thread(keep, database, failure.snapshot)
        raise
    if isinstance(answer, NotModified):
        if known is None:
            raise FetchFailed(url, "it answered 304 to a request without conditions", transient=True)
        return Page(known, changed=False)
    await asyncio.to_thread(keep, database, answer)
    return Page(answer, changed=known is None or known.sha256 != answer.sha256)


def keep(database: Database, snapshot: Snapshot) -> None:
    """Keep a snapshot in a transaction of its own."""
    with database.transaction() as session:
        keep_snapshot(session, snapshot)


def remember(database: Database, source_key: str, snapshot: Snapshot) -> None:
    """Remember that all of a page was read, so that the same bytes are not read again."""
    with database.transaction() as session:
        remember_page(session, source_key, snapshot)


def _remembered(database: Database, url: str) -> Snapshot | None:
    with database.reading() as session:
        state = page_state(session, url)
        if state is None:
            return None
        return Snapshot(
            url=url,
            final_url=state.final_url,
            fetched_at=state.fetched_at,
            media_type=state.media_type,
            content=load_snapshot(session, state.sha256),
            validators=state.validators,
        )
