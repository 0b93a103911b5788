"""Cuts the text of a stored document out of its snapshot again, as it was when it was stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from monitor.domain.country import Countries
from monitor.domain.document import IMPORT, Document, Edition
from monitor.domain.masking import without_login
from monitor.domain.reading import DocumentKind
from monitor.domain.source import Snapshot
from monitor.fetching.article import read_article
from monitor.fetching.failures import FetchFailed, UnexpectedPage
from monitor.fetching.feed import parse_feed
from monitor.fetching.report import NarrativeText, parse_edition, parse_narrative
from monitor.fetching.saved import read_saved
from monitor.fetching.sites import Sites
from monitor.fetching.whole_edition import parse_whole_edition
from monitor.storage.text import storable

_MOST_REMEMBERED = 8


@dataclass(slots=True)
class Rereader:
    """Reads snapshots with the present parsers; of pages that many narratives share, each once."""

    countries: Countries
    sites: Sites
    _sections: dict[tuple[str, int | None], tuple[NarrativeText, ...]] = field(default_factory=dict)

    def text_of(self, document: Document, load: Callable[[], Snapshot]) -> str:
        """Return the document's text as the present parsers cut it out of its snapshot.

        ``load`` gives the snapshot. Where a file or page may be cut in several ways, since nothing
        says any more how it was, the way that gives the stored text is taken.

        Raises:
            FetchFailed: they find no such document in it.
            StorageError: the snapshot cannot be loaded.
        """
        if document.kind is DocumentKind.NEWS:
            return _article(document, load())
        first: str | None = None
        failure: FetchFailed | None = None
        sections = self._sections_of(document, load)
        ways = (self._section, self._whole) if len(sections) > 1 else (self._whole, self._section)
        for way in ways:
            try:
                found = way(document, load)
            except FetchFailed as failed:
                failure = failure or failed
                continue
            if found is not None and storable(found) == document.text:
                return found
            first = found if first is None else first
        if first is not None:
            return first
        raise failure or FetchFailed(document.url, f"its snapshot has no narrative of {document.country}")

    def _sections_of(self, document: Document, load: Callable[[], Snapshot]) -> tuple[NarrativeText, ...]:
        key = (document.snapshot_sha256, document.edition)
        if key not in self._sections:
            while len(self._sections) >= _MOST_REMEMBERED:
                del self._sections[next(iter(self._sections))]
            try:
                self._sections[key] = self._cut(document, load())
            except FetchFailed:
                self._sections[key] = ()
        return self._sections[key]

    def _section(self, document: Document, load: Callable[[], Snapshot]) -> str | None:
        """The document as one of several that its snapshot holds."""
        sections = self._sections_of(document, load)
        return next((each.text for each in sections if each.country == document.country), None)

    def _cut(self, document: Document, snapshot: Snapshot) -> tuple[NarrativeText, ...]:
        edition = Edition(document.edition or 0, snapshot.url, "")
        if document.source_key == IMPORT:
            return read_saved(
                _path(snapshot), snapshot.content, self.countries, self.sites, edition=document.edition
            )
        if b"%PDF-" in snapshot.content[:1024]:
            return parse_whole_edition(snapshot, edition, self.countries).narratives
        return parse_edition(snapshot, edition, self.countries, self.sites).narratives

    def _whole(self, document: Document, load: Callable[[], Snapshot]) -> str | None:
        """The document as all that its snapshot holds."""
        snapshot = load()
        if document.source_key == IMPORT:
            (text, *_) = read_saved(
                _path(snapshot),
                snapshot.content,
                self.countries,
                self.sites,
                edition=document.edition,
                country=document.country,
            )
            return text.text
        if b"%PDF-" in snapshot.content[:1024]:
            return None
        return parse_narrative(
            snapshot, self.countries, self.sites, edition=document.edition, country=document.country
        ).text


def _article(document: Document, snapshot: Snapshot) -> str:
    try:
        items = parse_feed(snapshot)
    except UnexpectedPage:
        return read_article(snapshot).text
    for item in items:
        known = item.identity, f"{item.identity} {item.url}"
        if document.identity in [without_login(each) for each in known]:
            return item.text or item.title
    raise FetchFailed(document.url, "its snapshot is a feed without such an item")


def _path(snapshot: Snapshot) -> Path:
    return Path(unquote(urlsplit(snapshot.url).path))
