"""Read the text of a news article out of a page of any site."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from monitor.domain.source import Snapshot
from monitor.fetching.failures import UnexpectedPage
from monitor.fetching.markup import canonical_of, clean, parse_html, title_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST_BYTES = 4 * 1024 * 1024
# trafilatura takes time in the square of an element's children: 148 s for 100,000 of them.
_MOST_ELEMENTS = 20_000
_MOST_CHILDREN = 5_000
_SHORTEST_TEXT = 200
_PUBLISHED_METAS = ("article:published_time", "datepublished", "date", "dc.date", "parsely-pub-date")
_PUBLISHED_JSON = re.compile(r'"datePublished"\s*:\s*("[^"\\]{8,40}")')


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleText:
    """An article as plain text, a paragraph a line; ``published_at`` is UTC."""

    title: str
    text: str
    canonical_url: str
    published_at: datetime | None


def read_article(snapshot: Snapshot) -> ArticleText:
    """Return the article of a page.

    Raises:
        UnexpectedPage: no HTML, or no text worth the name on it.
    """
    if len(snapshot.content) > _MOST_BYTES:
        raise UnexpectedPage(snapshot.url, f"the page is larger than {_MOST_BYTES} bytes", snapshot=snapshot)
    tree = parse_html(snapshot)
    if sum(1 for _ in tree.iter()) > _MOST_ELEMENTS or any(
        len(each) > _MOST_CHILDREN for each in tree.iter()
    ):
        raise UnexpectedPage(
            snapshot.url, "the page has more elements than any real article", snapshot=snapshot
        )
    title, canonical, published_at = (
        title_of(tree),
        canonical_of(tree, snapshot.final_url),
        _published_at(tree),
    )
    import trafilatura  # noqa: PLC0415 - takes a while, and runs in a thread here

    extracted = trafilatura.extract(tree, fast=True, include_comments=False, include_tables=False)
    lines = list(filter(None, map(clean, (extracted or "").splitlines())))
    text = "\n".join(lines[1:] if lines[:1] == [title] else lines)
    if len(text) < _SHORTEST_TEXT:
        raise UnexpectedPage(
            snapshot.url,
            f"the page has {len(text)} characters of article, too few to read",
            hint="the site may want a login or a browser",
            snapshot=snapshot,
        )
    return ArticleText(title=title, text=text, canonical_url=canonical, published_at=published_at)


def _published_at(tree: HtmlElement) -> datetime | None:
    """Return what the page says of its time: a meta tag, JSON-LD, or its first ``time``."""
    candidates = [
        meta.get("content") or ""
        for meta in tree.iter("meta")
        if (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        in _PUBLISHED_METAS
    ]
    for script in tree.iter("script"):
        found = _PUBLISHED_JSON.search(script.text or "")
        if found:
            candidates.append(json.loads(found[1]))
    candidates += [time.get("datetime") or "" for time in tree.iter("time")][:1]
    return next(filter(None, map(_moment, candidates)), None)


def _moment(text: str) -> datetime | None:
    """Return an ISO 8601 moment in UTC; a date without a time, or a time without a zone, counts as UTC."""
    try:
        moment = datetime.fromisoformat(text.strip()[:40])
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
