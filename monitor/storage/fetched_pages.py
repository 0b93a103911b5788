"""Remembers what a backfill under way has fetched, so that one that was killed asks nothing twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, delete

from monitor.domain.source import Snapshot
from monitor.storage.rows import FetchedPageRow
from monitor.storage.snapshots import keep_snapshot, load_snapshot
from monitor.storage.text import key_of, storable


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A page that was asked for: its snapshot, or in ``failure`` why it gave none (one line)."""

    url: str
    snapshot: Snapshot | None
    failure: str | None


def fetched_page(session: Session, url: str, *, since: datetime) -> FetchedPage | None:
    """Return what ``url`` answered a backfill under way at or after ``since``, or None."""
    row = session.get(FetchedPageRow, key_of(url))
    if row is None or row.fetched_at < since:
        return None
    if row.snapshot_sha256 is None:
        return FetchedPage(row.url, None, row.failure)
    content = load_snapshot(session, row.snapshot_sha256)
    return FetchedPage(
        row.url,
        Snapshot(
            url=row.url,
            final_url=row.final_url,
            fetched_at=row.fetched_at,
            media_type=row.media_type,
            content=content,
        ),
        None,
    )


def keep_fetched(session: Session, snapshot: Snapshot) -> None:
    """Keep a snapshot, and that a backfill has it."""
    keep_snapshot(session, snapshot)
    _put(
        session,
        FetchedPageRow(
            url_key=key_of(snapshot.url),
            url=snapshot.url,
            final_url=storable(snapshot.final_url),
            media_type=storable(snapshot.media_type),
            snapshot_sha256=snapshot.sha256,
            fetched_at=snapshot.fetched_at,
        ),
    )


def keep_failed(session: Session, url: str, failure: str, now: datetime) -> None:
    """Keep that ``url`` gave nothing and will not at the next try either."""
    _put(
        session,
        FetchedPageRow(
            url_key=key_of(url), url=url, final_url=url, media_type="", failure=failure, fetched_at=now
        ),
    )


def forget_fetched(session: Session) -> None:
    """Forget all of it, at the end of a backfill; snapshots stay."""
    session.exec(delete(FetchedPageRow).where(col(FetchedPageRow.url_key).is_not(None)))


def _put(session: Session, row: FetchedPageRow) -> None:
    session.merge(row)
    session.flush()
