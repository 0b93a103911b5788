"""Remembers what each address answered last, for conditional requests and unchanged content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from monitor.domain.source import Snapshot, Validators
from monitor.storage.rows import PageRow
from monitor.storage.text import key_of, storable


@dataclass(frozen=True, slots=True)
class PageState:
    """What ``url`` answered when content or validators last changed (``fetched_at``, UTC).

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
    page: remembered alone, a page whose reading was interrupted would never be read. Writes
    nothing where neither content nor validators have changed.
    """
    validators = Validators(_stored(snapshot.validators.etag), _stored(snapshot.validators.last_modified))
    key = key_of(snapshot.url)
    row = session.get(PageRow, key)
    changed = row is None or row.snapshot_sha256 != snapshot.sha256
    if row is not None and not changed and validators == Validators(row.etag, row.last_modified):
        return False
    session.merge(
        PageRow(
            url_key=key,
            url=snapshot.url,
            final_url=storable(snapshot.final_url),
            media_type=storable(snapshot.media_type),
            source_key=source_key,
            snapshot_sha256=snapshot.sha256,
            etag=validators.etag,
            last_modified=validators.last_modified,
            fetched_at=snapshot.fetched_at,
        )
    )
    session.flush()
    return changed


def _stored(header: str | None) -> str | None:
    return None if header is None else storable(header)
