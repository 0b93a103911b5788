"""Read the items of a feed (RSS 0.9x to 2.0, Atom, JSON Feed) out of the bytes that its address answered."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from xml.sax import SAXException

import feedparser

from monitor.domain.feed_item import ItemKeys
from monitor.domain.source import Snapshot
from monitor.fetching.dates import moment_of
from monitor.fetching.decoding import decoded
from monitor.fetching.failures import UnexpectedPage
from monitor.fetching.markup import absolute, clean, text_of
from monitor.fetching.xml_mending import escaped, well_formed

MOST_BYTES = 8 * 1024 * 1024
"""A larger feed is not read."""
_ROOT = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf|channel)[\s>]", re.IGNORECASE)
_PAGE = re.compile(r"<(?:!doctype\s+)?html[\s>]", re.IGNORECASE)
_FAR_ENOUGH = 65536
_MOST_ITEMS = 1000
_LONGEST_TEXT = 200_000
# A feed is read to here: parsing takes about a quarter of a second for each million characters.
_MOST_PARSED = 3 * 1024 * 1024
_ITEM = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_ENDS = {"rss": "</channel></rss>", "feed": "</feed>"}
_OTHER_LINKS = frozenset(["enclosure", "self", "edit", "replies", "hub", "license", "next", "prev"])
_ADDRESS = re.compile(r"https?://[^\s\"'<>]{4,500}")
_MOST_LINKS = 50
# A shorter text may stand for many items ("Daily briefing"): its moment must tell it from others.
_TELLING_TEXT = 100
_CLOCKS_DIFFER = timedelta(days=2)
_TRACKING = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One item; texts are plain, a paragraph a line.

    ``guid`` is empty where the item has none. ``url`` is an absolute http(s) address, ``links`` are
    those in its texts. ``published_at`` is UTC.
    """

    guid: str
    url: str
    title: str
    summary_text: str
    content_text: str
    published_at: datetime | None
    links: tuple[str, ...] = ()

    @property
    def identity(self) -> str:
        """The guid, else the canonical address."""
        return self.guid or canonical_address(self.url)

    @property
    def text(self) -> str:
        """The longer of content and summary."""
        return max(self.content_text, self.summary_text, key=len)


def parse_feed(snapshot: Snapshot) -> tuple[FeedItem, ...]:
    """Return the feed's items in its order, 1,000 at most; one without an http(s) address is left out.

    Raises:
        UnexpectedPage: the bytes are not a feed.
    """
    if len(snapshot.content) > MOST_BYTES:
        raise UnexpectedPage(snapshot.url, f"the feed is larger than {MOST_BYTES} bytes", snapshot=snapshot)
    if snapshot.content[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        found = _json_items(snapshot)
    else:
        found = _xml_items(snapshot)
    items: dict[tuple[str, str], FeedItem] = {}
    for item in found[:_MOST_ITEMS]:
        items.setdefault((item.identity, item.url), item)
    return tuple(items.values())


def item_keys(items: Sequence[FeedItem], source_key: str) -> list[ItemKeys]:
    """Return what each of the items of one feed is known again by."""
    links = [_link_of(item.url) for item in items]
    shared = {link for link, count in Counter(links).items() if count > 1}
    return [
        ItemKeys(
            guid_key=_guid_key(item.guid, source_key),
            link_key=None if link in shared else _key(f"link|{link}"),
            content_key=_content_key(item),
        )
        for item, link in zip(items, links, strict=True)
    ]


def _guid_key(guid: str, source_key: str) -> str | None:
    if not guid:
        return None
    # "17" is an item of any feed; an address, a tag or a UUID is one item of the world's.
    is_global = guid.lower().startswith(("http://", "https://", "urn:", "tag:"))
    return _key(f"guid|{guid}" if is_global else f"guid|{source_key}|{guid}")


def _content_key(item: FeedItem) -> str | None:
    text = " ".join(item.text.split())
    if len(text) >= _TELLING_TEXT:
        return _key(f"content|{item.title.casefold()}|{text}")
    if item.published_at is None or not item.title:
        return None
    return _key(f"content|{item.title.casefold()}|{text}|{item.published_at.isoformat()}")


def _link_of(url: str) -> str:
    """Return an address by which http and https, with and without www, are one."""
    return canonical_address(url).partition("://")[2].removeprefix("www.")


def _key(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _xml_items(snapshot: Snapshot) -> list[FeedItem]:
    text = escaped(decoded(snapshot.content, snapshot.media_type))
    # feedparser takes seconds to find nothing in a long page; a feed's root stands at its beginning.
    root = _ROOT.search(text, 0, _FAR_ENOUGH)
    if not root or _PAGE.search(text, 0, root.start()):
        raise _no_feed(snapshot)
    parsed = _parsed(_cut(text, root))
    if parsed is None or not (parsed.version or parsed.entries):
        raise _no_feed(snapshot)
    items = [item for entry in parsed.entries[:_MOST_ITEMS] if (item := _item(entry, snapshot))]
    if parsed.entries and not items:
        raise UnexpectedPage(snapshot.url, "none of the feed's items has an address", snapshot=snapshot)
    return items


def _parsed(text: str) -> Any:
    """Return what feedparser makes of a feed; of one that is not well-formed the better of two readings."""
    parsed = _by_feedparser(text)
    if parsed is not None and not isinstance(parsed.get("bozo_exception"), SAXException):
        return parsed
    mended = well_formed(text)
    again = None if mended is None else _by_feedparser(mended)
    return max(parsed, again, key=_addressed)


def _addressed(parsed: Any) -> int:
    return -1 if parsed is None else sum(1 for entry in parsed.entries if entry.get("link"))


def _by_feedparser(text: str) -> Any:
    """Return what feedparser reads, or None where it fails."""
    # Only plain text is kept, so sanitising what feedparser returns would be lost work. It is given no
    # address: links are taken as relative to it below, once for each item, where it does it for each tag.
    try:
        return feedparser.parse(
            BytesIO(text.encode()),
            sanitize_html=False,
            resolve_relative_uris=False,
            response_headers={"content-type": "application/xml; charset=utf-8"},
        )
    except (AssertionError, AttributeError, LookupError, TypeError, ValueError):
        # Markup that its authors did not foresee: an end tag too many, a search box inside an item.
        return None


def _cut(text: str, root: re.Match[str]) -> str:
    """Return a long feed without the items behind its first thousand, or its first megabytes."""
    # An item's name may stand in a text, too: twice as many are more than are kept in any case.
    found = islice(_ITEM.finditer(text, 0, _MOST_PARSED), 2 * _MOST_ITEMS + 1)
    starts = [each.start() for each in found]
    if len(text) <= _MOST_PARSED and len(starts) <= 2 * _MOST_ITEMS:
        return text
    name = root[0].strip("< \t\r\n>").rpartition(":")[2].lower()
    # An item that is itself longer than all that is parsed is cut by the limit on its length alone.
    return text[: starts[-1]] + _ENDS.get(name, "") if len(starts) > 1 else text[:_MOST_PARSED]


def _json_items(snapshot: Snapshot) -> list[FeedItem]:
    """Return the items of a JSON Feed (jsonfeed.org, version 1 and 1.1)."""
    try:
        tree = json.loads(decoded(snapshot.content, snapshot.media_type))
    except (ValueError, RecursionError):
        raise _no_feed(snapshot) from None
    version = tree.get("version") if isinstance(tree, dict) else None
    entries = tree.get("items") if isinstance(tree, dict) else None
    if not (isinstance(version, str) and "jsonfeed.org/version/" in version and isinstance(entries, list)):
        raise _no_feed(snapshot)
    items: list[FeedItem] = []
    for entry in entries[:_MOST_ITEMS]:
        if not isinstance(entry, dict):
            continue
        word = {key: value for key, value in entry.items() if isinstance(value, str)}
        url = absolute(snapshot.final_url, word.get("url") or word.get("external_url") or "")
        if url is None:
            continue
        # An id may be a number, against the specification but not against its own history.
        guid = entry.get("id")
        markup, summary = word.get("content_html", ""), word.get("summary", "")
        written = word.get("date_published") or word.get("date_modified") or ""
        items.append(
            FeedItem(
                guid=_guid(str(guid) if isinstance(guid, str | int | float) else ""),
                url=url,
                title=_title(word.get("title", "")),
                summary_text=_plain(summary),
                content_text=text_of(markup[:_LONGEST_TEXT]) or _plain(word.get("content_text", "")),
                published_at=_likely(moment_of(written), snapshot.fetched_at),
                links=_links(markup + summary),
            )
        )
    return items


def _plain(text: str) -> str:
    return "\n".join(filter(None, map(clean, text[:_LONGEST_TEXT].splitlines())))


def _no_feed(snapshot: Snapshot) -> UnexpectedPage:
    kind = snapshot.media_type.partition(";")[0] or "something"
    return UnexpectedPage(
        snapshot.url,
        f"answered {kind} that is not an RSS, Atom or JSON feed",
        hint="open the address in a browser and look for the feed's own",
        snapshot=snapshot,
    )


def _item(entry: Any, snapshot: Snapshot) -> FeedItem | None:
    url = _address_of(entry, snapshot.final_url)
    if url is None:
        return None
    contents = [str(content.get("value") or "") for content in entry.get("content", ())]
    summary = str(entry.get("summary") or "")
    return FeedItem(
        guid=_guid(str(entry.get("id") or "")),
        url=url,
        title=_title(str(entry.get("title") or "")),
        summary_text=text_of(summary[:_LONGEST_TEXT]),
        content_text=text_of(max(contents, key=len, default="")[:_LONGEST_TEXT]),
        published_at=_published_at(entry, snapshot.fetched_at),
        links=_links("\n".join([summary, *contents])),
    )


def _address_of(entry: Any, base: str) -> str | None:
    """Return the address that an item is at: its own link, else one that leads to it or is about it."""
    links = [link for link in entry.get("links", ()) if link.get("rel") not in _OTHER_LINKS]
    links.sort(key=lambda link: link.get("rel") != "alternate")
    # FeedBurner's links lead over its own host, and name the item's own beside them.
    found = [entry.get("feedburner_origlink"), entry.get("link"), *(link.get("href") for link in links)]
    return next(filter(None, (absolute(base, str(link)) for link in found if link)), None)


def _guid(text: str) -> str:
    guid = clean(text)
    return guid if len(guid) <= 500 else "sha256:" + hashlib.sha256(guid.encode()).hexdigest()


def _title(markup: str) -> str:
    return " ".join(text_of(markup[:2000]).split())[:500]


def _links(markup: str) -> tuple[str, ...]:
    found = (match[0].replace("&amp;", "&") for match in _ADDRESS.finditer(markup))
    return tuple(islice(dict.fromkeys(found), _MOST_LINKS))


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
    for key in ("published", "updated", "created"):
        # Not entry.get: feedparser gives one key for another there, with a warning.
        written = dict.get(entry, key)
        if written:
            return _likely(moment_of(str(written)), fetched_at)
    return None


def _likely(moment: datetime | None, fetched_at: datetime) -> datetime | None:
    """Return an item's moment; one that lies days ahead is a mistake and counts as none."""
    return moment if moment is not None and moment < fetched_at + _CLOCKS_DIFFER else None
