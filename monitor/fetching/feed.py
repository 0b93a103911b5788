"""Read the items of a feed (RSS, Atom) out of the bytes that its address answered."""

from __future__ import annotations

import calendar
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import feedparser

from monitor.domain.source import Snapshot
from monitor.fetching.failures import UnexpectedPage
from monitor.fetching.markup import absolute, clean, text_of

_MOST_BYTES = 8 * 1024 * 1024
_ROOT = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf|channel)[\s>]", re.IGNORECASE)
_MOST_ITEMS = 1000
_LONGEST_TEXT = 200_000
_CLOCKS_DIFFER = timedelta(days=2)
_TRACKING = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One item; texts are plain, a paragraph a line.

    ``identity`` is the guid, else the canonical address. ``url`` is an absolute http(s) address.
    ``published_at`` is UTC.
    """

    identity: str
    url: str
    title: str
    summary_text: str
    content_text: str
    published_at: datetime | None


def parse_feed(snapshot: Snapshot) -> tuple[FeedItem, ...]:
    """Return the feed's items in its order, 1,000 at most; one without an http(s) address is left out.

    Raises:
        UnexpectedPage: the bytes are not a feed.
    """
    if len(snapshot.content) > _MOST_BYTES:
        raise UnexpectedPage(snapshot.url, f"the feed is larger than {_MOST_BYTES} bytes", snapshot=snapshot)
    # feedparser takes seconds to find nothing in a long page; a feed's root stands at its beginning.
    if not _ROOT.search(snapshot.content[:65536].replace(b"\0", b"")):
        raise _no_feed(snapshot)
    # Only plain text is kept, so sanitising what feedparser returns would be lost work. A body that
    # is a word long would be taken for a path, hence the line end.
    parsed = feedparser.parse(
        snapshot.content + b"\n",
        sanitize_html=False,
        resolve_relative_uris=False,
        response_headers={
            "content-type": snapshot.media_type or "application/xml",
            "content-location": snapshot.final_url,
        },
    )
    if not parsed.version and not parsed.entries:
        raise _no_feed(snapshot)
    items: dict[str, FeedItem] = {}
    for entry in parsed.entries[:_MOST_ITEMS]:
        item = _item(entry, snapshot)
        if item:
            items.setdefault(item.identity, item)
    return tuple(items.values())


def _no_feed(snapshot: Snapshot) -> UnexpectedPage:
    kind = snapshot.media_type.partition(";")[0] or "something"
    return UnexpectedPage(
        snapshot.url,
        f"answered {kind} that is not an RSS or Atom feed",
        hint="open the address in a browser and look for the feed's own",
        snapshot=snapshot,
    )


def _item(entry: Any, snapshot: Snapshot) -> FeedItem | None:
    url = absolute(snapshot.final_url, str(entry.get("link") or ""))
    if url is None:
        return None
    contents = [str(content.get("value") or "") for content in entry.get("content", ())]
    guid = clean(str(entry.get("id") or ""))
    if len(guid) > 500:
        guid = "sha256:" + hashlib.sha256(guid.encode()).hexdigest()
    return FeedItem(
        identity=guid or canonical_address(url),
        url=url,
        title=" ".join(text_of(str(entry.get("title") or "")[:2000]).split())[:500],
        summary_text=text_of(str(entry.get("summary") or "")[:_LONGEST_TEXT]),
        content_text=text_of(max(contents, key=len, default="")[:_LONGEST_TEXT]),
        published_at=_published_at(entry, snapshot.fetched_at),
    )


def canonical_address(url: str) -> str:
    """Return ``url`` without fragment, tracking parameters and trailing slash, its host in lower case."""
    parts = urlsplit(url)
    query = urlencode(
        [
            (key, value)
            for key, value in parse_qsl(parts.query, keep_blank_values=True)
            if not key.lower().startswith(_TRACKING)
        ]
    )
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path.rstrip("/") or "/", query, ""))


def _published_at(entry: Any, fetched_at: datetime) -> datetime | None:
    """Return the item's moment; one that lies days ahead is a mistake and counts as none."""
    for key in ("published_parsed", "updated_parsed", "created_parsed"):
        # Not entry.get: feedparser gives one key for another there, with a warning.
        moment = dict.get(entry, key)
        if moment:
            try:
                published_at = datetime.fromtimestamp(calendar.timegm(moment), UTC)
            except (ValueError, OverflowError, OSError):
                return None
            return published_at if published_at < fetched_at + _CLOCKS_DIFFER else None
    return None
