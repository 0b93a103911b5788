"""Records one document with what was read in it and the changes it caused, in one transaction."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlmodel import Session

from monitor.comparison.claims import compare_claims
from monitor.comparison.correcting import apply_corrections
from monitor.comparison.corrections import settle
from monitor.comparison.editions import compare_editions, edition_published
from monitor.comparison.revision import compare_revision
from monitor.comparison.state import ReadDocument
from monitor.comparison.tiers import compare_tier, placement_vanished
from monitor.domain.change import Change, ChangeKind, ChangeStatus
from monitor.domain.country import Countries
from monitor.domain.document import Document, Edition
from monitor.domain.reading import Reading
from monitor.domain.review import Doubt
from monitor.domain.watch_list import NO_RULES, TierRules
from monitor.extraction import EXTRACTOR_VERSION
from monitor.jobs.recomparing import (
    corrected_version,
    narrative_as_read,
    read_again,
    store_settled,
)
from monitor.storage.changes import add_sources, changes_between_editions, record_changes
from monitor.storage.comparing import country_record
from monitor.storage.documents import add_document, earlier_revision, narrative
from monitor.storage.editions import add_edition, editions
from monitor.storage.observations import placements, record_reading
from monitor.storage.reviews import corrections, retire

_FULL_EDITION = 0.75
"""The share of the edition before that must be there before a missing country counts as left out."""

log = structlog.get_logger(__name__)


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
    rules: TierRules = NO_RULES,
) -> Recorded:
    """Store a narrative, its reading, and how it differs from its neighbours in time.

    ``newest`` is the newest edition known: what changed between older ones is history, not news.
    Corrections that people made hold as long as their sentences stand in the text; one whose
    sentence is gone ends, and the revision that took it away waits for a person.
    """
    country, edition = document.country, document.edition
    if country is None or edition is None:
        raise ValueError(f"{document.url}: a narrative has a country and an edition")
    before = narrative(session, country, edition)
    stored = add_document(session, document, now)
    if stored is None:
        return Recorded(new=False)
    corrected = apply_corrections(document.text, reading, corrections(session, country, edition))
    record_reading(session, stored, reading, EXTRACTOR_VERSION, now)
    if corrected.applied:
        version = corrected_version(EXTRACTOR_VERSION, corrected.applied)
        record_reading(session, stored, corrected.reading, version, now)
    new = ReadDocument(document, corrected.reading, stored.revision)
    name = countries.name_of(country)
    if before is not None:
        retire(session, corrected.outdated, now)
        revised = compare_revision(
            read_again(session, before),
            new,
            country_name=name,
            now=now,
            status=_status(edition, newest),
            restores=earlier_revision(session, stored),
            doubts=(Doubt.CORRECTION_OUTDATED,) if corrected.outdated else (),
        )
        return Recorded(new=True, changes=tuple(record_changes(session, [revised] if revised else [])))
    found = _against_neighbours(session, new, name, countries, newest, now, rules)
    return Recorded(new=True, changes=tuple(found))


def record_article(
    session: Session, document: Document, reading: Reading, *, countries: Countries, now: datetime
) -> Recorded:
    """Store an article, its reading, and its claims set against the official figures.

    A fact that another article stated before is told once: this article joins its sources.
    """
    stored = add_document(session, document, now)
    if stored is None:
        return Recorded(new=False)
    record_reading(session, stored, reading, EXTRACTOR_VERSION, now)
    named = {figure.country for figure in reading.figures if figure.country is not None}
    years = [edition.year for edition in editions(session)]
    official = {
        country: [found for year in years if (found := narrative_as_read(session, country, year)) is not None]
        for country in named
    }
    claims = compare_claims(
        ReadDocument(document, reading, stored.revision),
        official,
        countries=countries,
        now=now,
        status=ChangeStatus.PUBLISHED,
    )
    recorded = record_changes(session, claims)
    new = {change.id for change in recorded}
    add_sources(session, [claim for claim in claims if claim.id not in new])
    return Recorded(new=True, changes=tuple(recorded))


def record_absences(
    session: Session,
    edition: Edition,
    present: Collection[str],
    *,
    countries: Countries,
    newest: int,
    now: datetime,
    rules: TierRules,
) -> list[Change]:
    """Store which countries that the edition before placed are not in ``edition`` any more.

    ``present`` are the countries that the edition's own pages list. Where they are fewer than three
    quarters of the edition before, the edition is not complete and nothing is concluded.
    """
    before = {each.country: each for each in placements(session, edition=edition.year - 1)}
    here = set(present) | {each.country for each in placements(session, edition=edition.year)}
    missing = sorted(before.keys() - here)
    if not missing or not present or len(here & before.keys()) < _FULL_EDITION * len(before):
        if missing:
            log.info("edition_incomplete", edition=edition.year, countries=len(here), before=len(before))
        return []
    vanished = [
        placement_vanished(
            before[country],
            country_name=countries.name_of(country),
            edition=edition.year,
            url=edition.url,
            successors=[countries.name_of(each) for each in rules.successors_of(country) if each in here],
            now=now,
            status=_status(edition.year, newest),
        )
        for country in missing
    ]
    return record_changes(session, vanished)


def _against_neighbours(
    session: Session,
    new: ReadDocument,
    name: str,
    countries: Countries,
    newest: int,
    now: datetime,
    rules: TierRules,
) -> list[Change]:
    country, edition = new.document.country or "", new.document.edition or 0
    before = narrative_as_read(session, country, edition - 1)
    after = narrative_as_read(session, country, edition + 1)
    record = country_record(session, country, edition, rules=rules, countries=countries)
    status = _status(edition, newest)
    found: list[Change] = []
    if before is not None:
        found += compare_editions(before, new, country_name=name, now=now, status=status, record=record)
    elif moved := compare_tier(None, new, country_name=name, record=record, now=now, status=status):
        found.append(moved)
    recorded = record_changes(session, found)
    if after is None:
        return recorded
    record = country_record(session, country, edition + 1, rules=rules, countries=countries)
    later = compare_editions(
        new, after, country_name=name, now=now, status=_status(edition + 1, newest), record=record
    )
    # The baseline may have stood in for this narrative when its successor was compared.
    stood_in = [
        change
        for change in changes_between_editions(session, edition + 1, country=country).get(country, ())
        if change.kind is ChangeKind.TIER_CHANGED and change.detail.get("secondary")
    ]
    tiers = [change for change in later if change.kind is ChangeKind.TIER_CHANGED]
    if stood_in:
        settled = settle(
            stood_in, tiers, country_name=name, now=now, alert=True, reason="the report itself was read"
        )
        recorded += store_settled(session, [settled], now)
        later = tuple(change for change in later if change.kind is not ChangeKind.TIER_CHANGED)
    return recorded + record_changes(session, later)


def _status(edition: int, newest: int) -> ChangeStatus:
    return ChangeStatus.PUBLISHED if edition >= newest else ChangeStatus.HISTORY
