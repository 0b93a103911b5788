"""What the W3C validator, RFC 4287, the RSS profile and JSON Feed 1.1 object to, where it matters here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from lxml import etree, html

_ATOM = "{http://www.w3.org/2005/Atom}"
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_RFC822 = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (GMT|[+-]\d{4})"
)
_MARKUP = re.compile(r"<[a-zA-Z/!]|&[a-zA-Z#]\w*;")
_ELEMENTS = {"a", "blockquote", "li", "p", "ul"}


def problems(document: bytes, syntax: str, address: str) -> list[str]:
    """Return what is wrong with a feed that was fetched from ``address``; the fewer the better."""
    return list({"atom": _atom, "rss": _rss, "json": _json}[syntax](document, address))


def _atom(document: bytes, address: str) -> Iterator[str]:
    feed = etree.fromstring(document, etree.XMLParser(resolve_entities=False))
    if feed.tag != f"{_ATOM}feed":
        yield f"the root is {feed.tag}"
    for parent, names in ((feed, ("id", "title", "updated", "author")), *_required(feed)):
        for name in names:
            if len(parent.findall(f"{_ATOM}{name}")) != 1:
                yield f"not one {name} in {parent.tag}"
    for element in feed.iter(f"{_ATOM}id"):
        if not urlsplit(element.text or "").scheme:
            yield f"{element.text!r} is no IRI"
    for element in (*feed.iter(f"{_ATOM}updated"), *feed.iter(f"{_ATOM}published")):
        if not _RFC3339.fullmatch(element.text or ""):
            yield f"{element.text!r} is no date"
    yield from _atom_links(feed, address)
    yield from _unique("id", (entry.findtext(f"{_ATOM}id") for entry in feed.findall(f"{_ATOM}entry")))
    for content in feed.iter(f"{_ATOM}content"):
        if content.get("type") != "html":
            yield f"content of type {content.get('type')}"
        yield from _markup(content.text or "")


def _atom_links(feed: etree._Element, address: str) -> Iterator[str]:
    for parent in (feed, *feed.findall(f"{_ATOM}entry")):
        links = [
            (link.get("rel"), link.get("type"), link.get("href")) for link in parent.findall(f"{_ATOM}link")
        ]
        yield from _addresses(href for _, _, href in links)
        if len({(rel, kind) for rel, kind, _ in links if rel == "alternate"}) != 1:
            yield "not one alternate link"
        if len(set(links)) != len(links):
            yield "a link twice"
    if [link.get("href") for link in feed.findall(f"{_ATOM}link") if link.get("rel") == "self"] != [address]:
        yield "the self link does not name the document"


def _required(feed: etree._Element) -> list[tuple[etree._Element, tuple[str, ...]]]:
    return [(entry, ("id", "title", "updated", "content")) for entry in feed.findall(f"{_ATOM}entry")]


def _rss(document: bytes, address: str) -> Iterator[str]:
    root = etree.fromstring(document, etree.XMLParser(resolve_entities=False))
    channel = root.find("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or channel is None:
        yield "no RSS 2.0"
        return
    for name in ("title", "link", "description"):
        if len(channel.findall(name)) != 1 or not channel.findtext(name):
            yield f"not one {name} of the channel"
    own = [link.get("href") for link in channel.findall(f"{_ATOM}link") if link.get("rel") == "self"]
    if own != [address]:
        yield "the self link does not name the document"
    items = channel.findall("item")
    yield from _unique("guid", (item.findtext("guid") for item in items))
    yield from _addresses(element.text for element in root.iter("link"))
    yield from _addresses(link.get("href") for link in channel.findall(f"{_ATOM}link"))
    for element in (*root.iter("pubDate"), *root.iter("lastBuildDate")):
        day = (element.text or "")[:3]
        if not _RFC822.fullmatch(element.text or ""):
            yield f"{element.text!r} is no date"
        elif f"{parsedate_to_datetime(element.text or ''):%a}" != day:
            yield f"{element.text!r} is another day of the week"
    for item in items:
        guid = item.find("guid")
        if guid is None or guid.get("isPermaLink") != "false":
            yield "a guid that pretends to be an address"
        for child in item:
            if len(item.findall(child.tag)) > 1 and child.tag != "category":
                yield f"{child.tag} twice"
        yield from _markup(item.findtext("description") or "")


def _json(document: bytes, address: str) -> Iterator[str]:
    feed = json.loads(document)
    if feed.get("version") != "https://jsonfeed.org/version/1.1" or not feed.get("title"):
        yield "no JSON Feed 1.1"
    if feed.get("feed_url") != address:
        yield "feed_url does not name the document"
    yield from _addresses(feed.get(name) for name in ("home_page_url", "feed_url"))
    yield from _addresses(hub.get("url") for hub in feed.get("hubs", ()))
    yield from _unique("id", (item.get("id") for item in feed["items"]))
    for item in feed["items"]:
        if not isinstance(item["id"], str) or not item.get("content_html"):
            yield "an item without id or content"
        for name in ("date_published", "date_modified"):
            if not _RFC3339.fullmatch(item[name]):
                yield f"{item[name]!r} is no date"
        if item["date_modified"] < item["date_published"]:
            yield "modified before it was published"
        yield from _addresses([item["url"], *([item["external_url"]] if "external_url" in item else [])])
        yield from _markup(item["content_html"])


def _addresses(addresses: Iterable[str | None]) -> Iterator[str]:
    for address in addresses:
        parts = urlsplit(address or "")
        if parts.scheme not in ("http", "https") or not parts.netloc or not (address or "").isascii():
            yield f"{address!r} is no web address"


def _unique(name: str, values: Iterable[str | None]) -> Iterator[str]:
    found = list(values)
    if len(set(found)) != len(found) or None in found:
        yield f"{name} missing or twice"


def _markup(text: str) -> Iterator[str]:
    """What a reader would have to take out of the content: scripts, handlers, relative addresses."""
    for element in html.fragment_fromstring(text, create_parent="div").iterdescendants():
        if element.tag not in _ELEMENTS:
            yield f"the element {element.tag}"
        for name, value in element.attrib.items():
            if name != "href" or urlsplit(str(value)).scheme not in ("http", "https"):
                yield f"{name}={value!r}"
