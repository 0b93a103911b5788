"""Writes changes as feed documents: RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1.

An entry has the same id, link, dates and content in all three. Its dates come from the change
alone, so a feed whose changes stay the same stays the same byte for byte.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from types import MappingProxyType
from urllib.parse import quote

from lxml import etree, html
from lxml.builder import ElementMaker
from lxml.html import builder

from monitor.delivery import wording
from monitor.delivery.plain_text import one_line, web_address
from monitor.domain.change import Change

_AUTHOR = "TIP Monitor"
_LANGUAGE = "en"
_ATOM = "http://www.w3.org/2005/Atom"
# Names of changes in the URN space; drawn once, never to be changed.
_ENTRIES = uuid.UUID("5c1d9f6e-6f0a-4a52-9d4c-5b3f0c8e7a21")
# The stylesheet is for people who open the address in a browser; readers of feeds pass it over.
_XML_HEAD = (
    b'<?xml version="1.0" encoding="utf-8"?>\n<?xml-stylesheet type="text/css" href="/static/feed.css"?>\n'
)

Links = Sequence[tuple[str, str]]
Corrections = Mapping[str, Change]


def entry_id(change_id: str) -> str:
    """Return the id of a change's entry, ``urn:uuid:...`` (RFC 9562, version 5).

    It names no host, so that an installation that moves does not tell everything again.
    """
    return uuid.uuid5(_ENTRIES, change_id).urn


def atom(
    changes: Sequence[Change],
    *,
    feed_url: str,
    home_url: str,
    title: str,
    updated: datetime,
    links: Links = (),
    corrections: Corrections = MappingProxyType({}),
) -> bytes:
    """Return an Atom feed of ``changes`` in their order.

    Args:
        changes: what the entries tell.
        feed_url: the address of this very document.
        home_url: where the pages are.
        title: the feed's.
        updated: the feed's own date.
        links: further links of the feed, each a relation and an address: ``next`` and ``first`` of
            paged feeds (RFC 5005, section 3), ``hub`` (WebSub).
        corrections: by the id of the change that each corrects. Such an entry says that it was wrong,
            and its ``updated`` is when that was told.
    """
    make = ElementMaker(namespace=_ATOM, nsmap={None: _ATOM})
    feed = make.feed(
        {"{http://www.w3.org/XML/1998/namespace}lang": _LANGUAGE},
        make.id(_address(feed_url)),
        make.title(one_line(title)),
        make.updated(_rfc3339(updated)),
        make.author(make.name(_AUTHOR)),
        make.link(rel="self", type="application/atom+xml", href=_address(feed_url)),
        make.link(rel="alternate", type="text/html", href=_address(home_url)),
        *(make.link(rel=relation, href=_address(address)) for relation, address in links),
    )
    for change in changes:
        correction = corrections.get(change.id)
        entry = make.entry(
            make.id(entry_id(change.id)),
            make.title(_title(change, correction)),
            make.updated(_rfc3339(_updated(change, correction))),
            make.published(_rfc3339(change.created_at)),
            make.link(rel="alternate", type="text/html", href=_page(change.id, home_url)),
        )
        if source := web_address(change.source_url):
            entry.append(make.link(rel="via", href=source))
        if change.corrects:
            entry.append(make.link(rel="related", type="text/html", href=_page(change.corrects, home_url)))
        if correction:
            entry.append(make.link(rel="related", type="text/html", href=_page(correction.id, home_url)))
        entry.extend(make.category(term=term) for term in _tags(change))
        entry.append(make.content(_content(change, home_url, correction), type="html"))
        feed.append(entry)
    return _document(feed)


def rss(
    changes: Sequence[Change],
    *,
    feed_url: str,
    home_url: str,
    title: str,
    updated: datetime,
    links: Links = (),
    corrections: Corrections = MappingProxyType({}),
) -> bytes:
    """Return an RSS 2.0 feed of ``changes`` in their order, by the RSS Advisory Board's profile.

    What goes in is what ``atom`` takes.
    """
    make = ElementMaker(nsmap={"atom": _ATOM})
    link_to_self = etree.Element(
        f"{{{_ATOM}}}link", rel="self", type="application/rss+xml", href=_address(feed_url)
    )
    further = [
        etree.Element(f"{{{_ATOM}}}link", rel=relation, href=_address(address)) for relation, address in links
    ]
    channel = make.channel(
        make.title(one_line(title)),
        make.link(_address(home_url)),
        make.description(
            "What changed in the Trafficking in Persons Report, with the sentences that say so."
        ),
        make.language(_LANGUAGE),
        make.lastBuildDate(_rfc822(updated)),
        link_to_self,
        *further,
    )
    for change in changes:
        correction = corrections.get(change.id)
        channel.append(
            make.item(
                make.title(_title(change, correction)),
                make.link(_page(change.id, home_url)),
                make.guid(entry_id(change.id), isPermaLink="false"),
                make.pubDate(_rfc822(change.created_at)),
                *(make.category(term) for term in _tags(change)),
                make.description(_content(change, home_url, correction)),
            )
        )
    return _document(make.rss(channel, version="2.0"))


def json_feed(
    changes: Sequence[Change],
    *,
    feed_url: str,
    home_url: str,
    title: str,
    updated: datetime,
    links: Links = (),
    corrections: Corrections = MappingProxyType({}),
) -> bytes:
    """Return a JSON Feed 1.1 of ``changes`` in their order.

    What goes in is what ``atom`` takes. The format has no date of the feed itself: ``updated`` is in
    the extension ``_tip_monitor``.
    """
    further = dict(links)
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": one_line(title),
        "home_page_url": _address(home_url),
        "feed_url": _address(feed_url),
        **({"next_url": _address(further["next"])} if "next" in further else {}),
        **({"hubs": [{"type": "WebSub", "url": _address(further["hub"])}]} if "hub" in further else {}),
        "language": _LANGUAGE,
        "authors": [{"name": _AUTHOR}],
        "_tip_monitor": {"about": _address(home_url), "updated": _rfc3339(updated)},
        "items": [_json_item(change, home_url, corrections.get(change.id)) for change in changes],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _json_item(change: Change, home_url: str, correction: Change | None) -> dict[str, object]:
    source = web_address(change.source_url)
    return {
        "id": entry_id(change.id),
        "url": _page(change.id, home_url),
        **({"external_url": source} if source else {}),
        "title": _title(change, correction),
        "content_html": _content(change, home_url, correction),
        "date_published": _rfc3339(change.created_at),
        "date_modified": _rfc3339(_updated(change, correction)),
        "tags": _tags(change),
    }


def _title(change: Change, correction: Change | None) -> str:
    return f"Corrected: {one_line(change.headline)}" if correction else one_line(change.headline)


def _updated(change: Change, correction: Change | None) -> datetime:
    return max(change.created_at, correction.created_at) if correction else change.created_at


def _content(change: Change, home_url: str, correction: Change | None) -> str:
    """The change in full as an HTML fragment: values, explanation, both sentences, sources.

    A correction links the entry that it replaces.
    """
    blocks = [builder.P(line) for line in _statements(change)]
    if correction:
        new = builder.A(one_line(correction.headline), href=_page(correction.id, home_url))
        blocks.insert(0, builder.P("This proved wrong and was corrected: ", new, "."))
    if change.corrects:
        old = builder.A("what was told before", href=_page(change.corrects, home_url))
        blocks.append(builder.P("This corrects ", old, "."))
    for name, evidence in zip(
        wording.side_names(change), (change.evidence_old, change.evidence_new), strict=True
    ):
        if evidence:
            blocks += [builder.P(f"{name}:"), builder.BLOCKQUOTE(builder.P(one_line(evidence)))]
    addresses = (web_address(change.source_url_old), web_address(change.source_url))
    named = dict(zip(addresses, wording.source_names(change), strict=True))
    links = [builder.LI(builder.A(name, href=address)) for address, name in named.items() if address]
    if links:
        blocks.append(builder.UL(*links))
    return "".join(html.tostring(block, encoding="unicode") for block in blocks)


def _statements(change: Change) -> list[str]:
    said = [one_line(change.headline) + "."]
    if wording.has_sides(change):
        old_name, new_name = wording.side_names(change)
        old_split, new_split = (f": {split}" if split else "" for split in wording.split_words(change))
        counted = wording.subject_words(change) or wording.kind_words(change.kind)
        old = f"{wording.old_words(change)} ({old_name}{old_split})"
        new = f"{wording.new_words(change)} ({new_name}{new_split})"
        between = " → " if wording.is_transition(change) else "; "
        said.append(f"{counted.capitalize()}: {old}{between}{new}.")
    said += [
        f"{words}." for words in (wording.relation_words(change), wording.revision_words(change)) if words
    ]
    return [*said, wording.explanation(change)]


def _tags(change: Change) -> list[str]:
    tags = [change.kind.value, change.country, change.measure.value if change.measure else None]
    return [one_line(tag) for tag in tags if tag]


def _page(change_id: str, home_url: str) -> str:
    return f"{_address(home_url).rstrip('/')}/changes/{quote(change_id, safe='')}"


def _address(address: str) -> str:
    safe = web_address(address)
    if safe is None:
        raise ValueError(f"{one_line(address)!r} is not a web address")
    return safe


def _document(root: etree._Element) -> bytes:
    body: bytes = etree.tostring(root, encoding="utf-8", pretty_print=True, xml_declaration=False)
    return _XML_HEAD + body


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _rfc822(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)
