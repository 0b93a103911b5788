"""Read the items of a feed (RSS, Atom) out of the bytes that its address answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.domain.source import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One item; texts are plain, a paragraph a line.

    ``identity`` is the guid, else the canonical address, else a hash of title and text.
    ``url`` is an absolute http(s) address. ``published_at`` is UTC.
    """

    identity: str
    url: str
    title: str
    summary_text: str
    content_text: str
    published_at: datetime | None


def parse_feed(snapshot: Snapshot) -> tuple[FeedItem, ...]:
    """Return the feed's items in its order; an item without an http(s) address is left out.

    Raises:
        UnexpectedPage: the bytes are not a feed.
    """
    raise NotImplementedError
