"""Remembers what each address answered last, for conditional requests and unchanged content."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from monitor.domain.source import Snapshot, Validators
from monitor.storage.inserts import put_rows
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
    fresh_until: datetime | None = None


_COLUMNS = (
    "source_key",
    "snapshot_sha256",
    "final_url",
    "media_type",
    "etag",
    "last_modified",
    "fresh_until",
)
_REMEMBERED = (
    sqlalchemy.select(*(col(getattr(PageRow, name)) for name in _COLUMNS))
    .where(col(PageRow.url_key) == bindparam("key"))
    .with_for_update()
)


def page_state(session: Session, url: str) -> PageState | None:
    """Return what is remembered of ``url``, or None."""
    row = session.get(PageRow, key_of(url))
    return None if row is None else _state(row)


def page_states(session: Session, urls: Collection[str]) -> dict[str, PageState]:
    """Return what is remembered of ``urls`` by address; those that are not known are left out."""
    keys = {key_of(url): url for url in urls}
    found: dict[str, PageState] = {}
    for some in _batches(list(keys)):
        for row in session.exec(select(PageRow).where(col(PageRow.url_key).in_(some))):
            found[keys[row.url_key]] = _state(row)
    return found


def _state(row: PageRow) -> PageState:
    return PageState(
        row.url,
        row.snapshot_sha256,
        Validators(row.etag, row.last_modified),
        row.fetched_at,
        row.final_url,
        row.media_type,
        row.fresh_until,
    )


def _batches(keys: list[str]) -> Iterator[list[str]]:
    # Databases bound the parameters of a statement.
    for start in range(0, len(keys), 500):
        yield keys[start : start + 500]


def remember_page(session: Session, source_key: str, snapshot: Snapshot) -> bool:
    """Remember what ``snapshot.url`` answered; return whether the content is not what was remembered.

    The snapshot must have been kept. Call it in the transaction that stores what was read in the
    page, or after it: remembered before, a page whose reading was interrupted would never be read.
    Writes nothing where nothing but the times have changed.
    """
    key = key_of(snapshot.url)
    known = session.connection().execute(_REMEMBERED, {"key": key}).mappings().first()
    changed = known is None or known["snapshot_sha256"] != snapshot.sha256
    answer = _answer(source_key, snapshot)
    is_other = known is None or any(known[name] != value for name, value in answer.items())
    if changed or snapshot.fresh_until is not None:
        answer["fresh_until"] = snapshot.fresh_until
    if is_other:
        answer["fetched_at"] = snapshot.fetched_at
    if known is None:
        row = {"url_key": key, "url": snapshot.url, "fresh_until": None, **answer}
        # Of two that remember a page at once, the later one's word counts, as it does one after the other.
        put_rows(session, PageRow, [row], key="url_key", changed=tuple(answer))
    elif any(known[name] != value for name, value in answer.items()):
        session.connection().execute(update(PageRow).where(col(PageRow.url_key) == key).values(**answer))
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
