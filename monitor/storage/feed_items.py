"""Remembers the items of feeds, so that one whose guid or address changed is known again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlmodel import Session, col

from monitor.domain.feed_item import ItemKeys, ItemState, KnownItem
from monitor.storage.inserts import put_rows
from monitor.storage.rows import FeedItemRow
from monitor.storage.text import key_of

_BATCH = 300
_KEYS = ("guid_key", "link_key", "content_key")
_COLUMNS = tuple(
    col(column)
    for column in (
        FeedItemRow.item_key,
        FeedItemRow.guid_key,
        FeedItemRow.link_key,
        FeedItemRow.content_key,
        FeedItemRow.identity,
        FeedItemRow.state,
        FeedItemRow.attempts,
        FeedItemRow.first_seen_at,
    )
)


_SHARING = select(*_COLUMNS).where(
    or_(*(col(getattr(FeedItemRow, name)).in_(bindparam(name, expanding=True)) for name in _KEYS))
)


def known_items(session: Session, items: Collection[ItemKeys]) -> list[KnownItem]:
    """Return every item met before that shares guid, address or content with one of ``items``."""
    rows: dict[str, Any] = {}
    keys = {
        name: sorted({key for item in items if (key := getattr(item, name)) is not None}) for name in _KEYS
    }
    longest = max(map(len, keys.values()))
    for start in range(0, longest, _BATCH):
        some = {name: wanted[start : start + _BATCH] for name, wanted in keys.items()}
        for row in session.connection().execute(_SHARING, some):
            rows[row.item_key] = row
    return [_known(row) for row in sorted(rows.values(), key=lambda row: (row.first_seen_at, row.item_key))]


def remember_items(session: Session, source_key: str, items: Iterable[KnownItem], now: datetime) -> None:
    """Remember ``items`` as they are now; what was remembered under the same guid and address changes."""
    rows = {
        (key := _item_key(item.keys)): {
            "item_key": key,
            "source_key": source_key,
            "guid_key": item.keys.guid_key,
            "link_key": item.keys.link_key,
            "content_key": item.keys.content_key,
            "identity": item.identity,
            "state": item.state.value,
            "attempts": item.attempts,
            "first_seen_at": now,
        }
        for item in items
    }
    put_rows(
        session,
        FeedItemRow,
        # In one order, so that two workers never wait for each other.
        [rows[key] for key in sorted(rows)],
        key="item_key",
        changed=("content_key", "identity", "state", "attempts"),
    )


def _item_key(keys: ItemKeys) -> str:
    return key_of(f"{keys.guid_key}|{keys.link_key}")


def _known(row: Any) -> KnownItem:
    return KnownItem(
        keys=ItemKeys(row.guid_key, row.link_key, row.content_key),
        identity=row.identity,
        state=ItemState(row.state),
        attempts=row.attempts,
    )
