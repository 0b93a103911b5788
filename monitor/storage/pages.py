"""Remembers what each address answered last, for conditional requests and unchanged content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from monitor.domain.source import Snapshot, Validators
from monitor.storage.rows import PageRow
from monitor.storage.text import key_of, storable


@dataclass(frozen=True, slots=True)
class PageState:
    """What ``url`` answered when anything of it last changed (``fetched_at``, UTC).

    ``final_url`` is where redirects ended: relative links of the content start there.
    """

    url: str
    sha256: str
    validators: Validators
    fetched_at: datetime
    final_url: str
    media_type: str


def page_state(session: Session, url: str) -> PageState | None:
    """Return what is remembered of ``url``, or None."""
    row = session.get(PageRow, key_of(url))
    if row is None:
        return None
    return PageState(
        row.url,
        row.snapshot_sha256,
        Validators(row.etag, row.last_modified),
        row.fetched_at,
        row.final_url,
        row.media_type,
    )


def remember_page(session: Session, source_key: str, snapshot: Snapshot) -> bool:
    """Remember what ``snapshot.url`` answered; return whether the content is not what was remembered.

    The snapshot must have been kept. Call it in the transaction that stores what was read in the
    page, or after it: remembered before, a page whose reading was interrupted would never be read.
    Writes nothing where nothing but the time has changed.
    """
    key = key_of(snapshot.url)
    row = session.get(PageRow, key, with_for_update=True)
    changed = row is None or row.snapshot_sha256 != snapshot.sha256
    answer = _answer(source_key, snapshot)
    if row is None:
        row = PageRow(url_key=key, url=snapshot.url, fetched_at=snapshot.fetched_at, **answer)
        session.add(row)
    elif any(getattr(row, name) != value for name, value in answer.items()):
        for name, value in answer.items():
            setattr(row, name, value)
        row.fetched_at = snapshot.fetched_at
    session.flush()
    return changed


def _answer(source_key: str, snapshot: Snapshot) -> dict[str, Any]:
    etag, last_modified = snapshot.validators.etag, snapshot.validators.last_modified
    return {
        "source_key": source_key,
        "snapshot_sha256": snapshot.sha256,
        "final_url": storable(snapshot.final_url),
        "media_type": storable(snapshot.media_type),
        "etag": None if etag is None else storable(etag),
        "last_modified": None if last_modified is None else storable(last_modified),
    }
