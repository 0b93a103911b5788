"""Records one document with what was read in it and the changes it caused, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from monitor.comparison.claims import compare_claims
from monitor.comparison.editions import compare_editions, edition_published
from monitor.comparison.revision import compare_revision
from monitor.comparison.state import ReadDocument
from monitor.domain.change import Change, ChangeStatus
from monitor.domain.country import Countries
from monitor.domain.document import Document, Edition
from monitor.domain.reading import Reading
from monitor.extraction import EXTRACTOR_VERSION
from monitor.storage.changes import record_changes
from monitor.storage.documents import StoredDocument, add_document, narrative
from monitor.storage.editions import add_edition, editions
from monitor.storage.observations import reading_of, record_reading


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recording a document did; ``new`` is false where its text was known already."""

    new: bool
    changes: tuple[Change, ...] = ()


def record_edition(session: Session, edition: Edition, *, newest: int, now: datetime) -> list[Change]:
    """Store an edition not seen before and the event that it appeared."""
    if not add_edition(session, edition, now):
        return []
    return record_changes(
        session, [edition_published(edition, now=now, status=_status(edition.year, newest))]
    )


def record_narrative(
    session: Session,
    document: Document,
    reading: Reading,
    *,
    countries: Countries,
    newest: int,
    now: datetime,
) -> Recorded:
    """Store a narrative, its reading, and how it differs from its neighbours in time.

    ``newest`` is the newest edition known: what changed between older ones is history, not news.
    """
    country, edition = document.country, document.edition
    if country is None or edition is None:
        raise ValueError(f"{document.url}: a narrative has a country and an edition")
    before = narrative(session, country, edition)
    stored = add_document(session, document, now)
    if stored is None:
        return Recorded(new=False)
    record_reading(session, stored, reading, EXTRACTOR_VERSION, now)
    new = ReadDocument(document, reading, stored.revision)
    name = countries.name_of(country)
    found: list[Change] = []
    if before is not None:
        revised = compare_revision(
            _read(session, before), new, country_name=name, now=now, status=_status(edition, newest)
        )
        found += [revised] if revised else []
    else:
        for old_edition in (edition - 1, edition):
            pair = [
                new if year == edition else _stored(session, country, year)
                for year in (old_edition, old_edition + 1)
            ]
            if pair[0] is not None and pair[1] is not None:
                status = _status(old_edition + 1, newest)
                found += compare_editions(pair[0], pair[1], country_name=name, now=now, status=status)
    return Recorded(new=True, changes=tuple(record_changes(session, found)))


def record_article(
    session: Session, document: Document, reading: Reading, *, countries: Countries, now: datetime
) -> Recorded:
    """Store an article, its reading, and its claims set against the official figures."""
    stored = add_document(session, document, now)
    if stored is None:
        return Recorded(new=False)
    record_reading(session, stored, reading, EXTRACTOR_VERSION, now)
    named = {figure.country for figure in reading.figures if figure.country is not None}
    years = [edition.year for edition in editions(session)]
    official = {
        country: [found for year in years if (found := _stored(session, country, year)) is not None]
        for country in named
    }
    claims = compare_claims(
        ReadDocument(document, reading, stored.revision),
        official,
        countries=countries,
        now=now,
        status=ChangeStatus.PUBLISHED,
    )
    return Recorded(new=True, changes=tuple(record_changes(session, claims)))


def _status(edition: int, newest: int) -> ChangeStatus:
    return ChangeStatus.PUBLISHED if edition >= newest else ChangeStatus.HISTORY


def _stored(session: Session, country: str, edition: int) -> ReadDocument | None:
    found = narrative(session, country, edition)
    return None if found is None else _read(session, found)


def _read(session: Session, stored: StoredDocument) -> ReadDocument:
    reading = reading_of(session, stored.id)
    if reading is None:
        raise LookupError(f"document {stored.id} was stored without a reading")
    return ReadDocument(stored.document, reading, stored.revision)
