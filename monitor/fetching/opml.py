"""Read and write lists of feeds as OPML 2.0, the format in which feed readers exchange them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import timedelta

from lxml import etree

from monitor.domain.source import Source, SourceKind
from monitor.fetching.markup import absolute, clean

_MOST_BYTES = 8 * 1024 * 1024
_MOST_SOURCES = 5000
_EVERY = timedelta(hours=1)
_DURATION = re.compile(r"(\d{1,6})s")


def parse_opml(content: bytes, taken: Collection[Source]) -> list[Source]:
    """Return the feeds of an OPML file that ``taken`` lacks, under keys that it does not use.

    A feed is followed and asked every hour unless the file, written by `render_opml`, says otherwise.

    Raises:
        ValueError: it is no OPML; the message says so in words.
    """
    if len(content) > _MOST_BYTES:
        raise ValueError(f"it is larger than {_MOST_BYTES} bytes")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ValueError("it is no XML") from error
    if etree.QName(root).localname.lower() != "opml":
        raise ValueError("it is no OPML")
    keys = {source.key for source in taken}
    urls = {source.url for source in taken}
    found: list[Source] = []
    for outline in root.iter("outline"):
        attributes = {name.lower(): value for name, value in outline.attrib.items()}
        url = absolute("https://invalid.invalid/", attributes.get("xmlurl", ""))
        if url is None or url in urls or attributes.get("xmlurl", "")[:4].lower() != "http":
            continue
        name = attributes.get("key") or attributes.get("text") or attributes.get("title") or url
        source = Source(
            key=_free_key(clean(name), keys),
            kind=SourceKind.TIP_REPORT if attributes.get("type") == "tip-report" else SourceKind.FEED,
            url=url,
            every=_every(attributes.get("every", "")),
            follow=attributes.get("follow", "true") == "true",
        )
        keys.add(source.key)
        urls.add(url)
        found.append(source if source.kind is SourceKind.FEED else replace(source, follow=False))
        if len(found) == _MOST_SOURCES:
            break
    return found


def render_opml(sources: Iterable[Source]) -> bytes:
    """Return ``sources`` as OPML; reports of the TIP kind are outlines of a type that readers pass over."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Sources of TIP Monitor"
    body = etree.SubElement(root, "body")
    for source in sources:
        etree.SubElement(
            body,
            "outline",
            text=source.key,
            key=source.key,
            type="rss" if source.kind is SourceKind.FEED else source.kind.value,
            xmlUrl=source.url,
            every=f"{round(source.every.total_seconds())}s",
            follow="true" if source.follow else "false",
        )
    rendered: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return rendered


def _free_key(name: str, taken: Collection[str]) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-") or "feed"
    number, free = 1, key
    while free in taken:
        number += 1
        free = f"{key}-{number}"
    return free


def _every(text: str) -> timedelta:
    match = _DURATION.fullmatch(text)
    return timedelta(seconds=max(int(match[1]), 60)) if match else _EVERY
