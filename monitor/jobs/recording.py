"""Records documents with what was read in them and the changes they caused, in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlmodel import Session

from monitor.comparison.claims import compare_claims
from monitor.comparison.correcting import Corrected, apply_corrections
from monitor.comparison.corrections import Settled, settle
from monitor.comparison.editions import compare_editions, edition_published
from monitor.comparison.revision import compare_revision, moved_by, same_words
from monitor.comparison.state import CountryRecord, ReadDocument
from monitor.comparison.tiers import placement_vanished
from monitor.domain.change import Cause, Change, ChangeKind, ChangeStatus
from monitor.domain.country import Countries
from monitor.domain.document import Document, Edition
from monitor.domain.reading import Reading
from monitor.domain.review import Doubt
from monitor.domain.watch_list import NO_RULES, TierRules
from monitor.extraction import EXTRACTOR_VERSION
from monitor.jobs.answering import answer_stored_claims
from monitor.jobs.present_reading import ReadAgain, store_again
from monitor.jobs.recomparing import (
    compared,
    corrected_version,
    official_narratives,
    read_again,
    recompare_next,
    store_settled,
)
from monitor.storage.changes import add_sources, changes_between_editions, record_changes
from monitor.storage.comparing import country_records, read_narratives
from monitor.storage.documents import (
    StoredDocument,
    add_document,
    add_documents,
    earlier_revision,
    narratives_of,
)
from monitor.storage.editions import add_edition
from monitor.storage.new_readings import NewReading, record_readings
from monitor.storage.observations import record_reading
from monitor.storage.placements import placements
from monitor.storage.reviews import corrections_of_edition, retire

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
    edition = edition.shown()
    if not add_edition(session, edition, now):
        return []
    return record_changes(
        session, [edition_published(edition, now=now, status=_status(edition.year, newest))]
    )


@dataclass(frozen=True, slots=True)
class Found:
    """A narrative and what was read in it.

    Raises:
        ValueError: the document has no country or no edition.
    """

    document: Document
    reading: Reading

    def __post_init__(self) -> None:
        if self.document.country is None or self.document.edition is None:
            raise ValueError(f"{self.document.url}: a narrative has a country and an edition")

    @property
    def country(self) -> str:
        return self.document.country or ""

    @property
    def edition(self) -> int:
        return self.document.edition or 0


def record_narratives(
    session: Session,
    narratives: Sequence[Found],
    *,
    countries: Countries,
    newest: int,
    now: datetime,
    rules: TierRules = NO_RULES,
    again: Sequence[ReadAgain] = (),
) -> list[Recorded]:
    """Store narratives, their readings, and how each differs from its neighbours in time.

    Returns what came of each, in the order given. ``newest`` is the newest edition known: what changed
    between older ones is history, not news. The number of queries grows with the editions, and with
    the narratives that revise stored ones, but not with the countries of an edition.

    Corrections that people made hold as long as their sentences stand in the text; one whose
    sentence is gone ends, and the revision that took it away waits for a person.

    ``again`` is what stands beside them, read by the present version (``PresentReader.beside``): it is
    stored first, telling nobody, so that the difference between two versions is not told as the page's.

    Raises:
        ValueError: two are of one country and edition.
    """
    kept, _ = store_again(session, again, countries=countries, rules=rules, now=now, alert=False)
    if kept:
        log.info("read_again_before_comparing", documents=len(kept))
    recorded: dict[tuple[str, int], Recorded] = {}
    for edition in sorted({each.edition for each in narratives}):
        recording = _EditionRecording(session, edition, countries, newest, now, rules)
        of_edition = recording.record([each for each in narratives if each.edition == edition])
        recorded |= {(country, edition): each for country, each in of_edition.items()}
    return [recorded[each.country, each.edition] for each in narratives]


@dataclass(frozen=True, slots=True)
class _Revised:
    """A narrative whose page has had another text."""

    before: StoredDocument
    after: StoredDocument
    corrected: Corrected


@dataclass(frozen=True, slots=True)
class _EditionRecording:
    """Narratives of one edition on their way into the store."""

    session: Session
    edition: int
    countries: Countries
    newest: int
    now: datetime
    rules: TierRules

    def record(self, found: Sequence[Found]) -> dict[str, Recorded]:
        """Store narratives; return by country what came of each."""
        session = self.session
        before = narratives_of(session, [(each.country, each.edition) for each in found])
        known = {country: stored for (country, _), stored in before.items()}
        other = [
            each
            for each in found
            if each.country not in known
            or not same_words(known[each.country].document.text, each.document.text)
        ]
        stored = add_documents(session, [each.document for each in other], self.now)
        kept = corrections_of_edition(session, self.edition)
        raw: list[NewReading] = []
        amended: list[NewReading] = []
        revised: list[_Revised] = []
        new: dict[str, ReadDocument] = {}
        for each, document in zip(other, stored, strict=True):
            if document is None:
                continue
            corrected = apply_corrections(each.document.text, each.reading, kept.get(each.country, ()))
            raw.append(NewReading(document.id, each.reading, EXTRACTOR_VERSION))
            if corrected.applied:
                version = corrected_version(EXTRACTOR_VERSION, corrected.applied)
                amended.append(NewReading(document.id, corrected.reading, version))
            if each.country in known:
                revised.append(_Revised(known[each.country], document, corrected))
            else:
                new[each.country] = ReadDocument(each.document, corrected.reading, document.revision)
        record_readings(session, raw, self.now)
        record_readings(session, amended, self.now)
        changes: dict[str, list[Change]] = {}
        found_changes = [*self._revisions(revised), *self._against_neighbours(new)]
        for change in (*found_changes, *self._answers(new, revised, found_changes)):
            changes.setdefault(change.country or "", []).append(change)
        added = {*new, *(each.after.document.country for each in revised)}
        return {
            each.country: Recorded(each.country in added, tuple(changes.get(each.country, ())))
            for each in found
        }

    def _revisions(self, revised: Sequence[_Revised]) -> list[Change]:
        changes = []
        for each in revised:
            retire(self.session, each.corrected.outdated, self.now)
            after = each.after
            change = compare_revision(
                read_again(self.session, each.before),
                ReadDocument(after.document, each.corrected.reading, after.revision),
                country_name=self.countries.name_of(after.document.country),
                now=self.now,
                status=_status(self.edition, self.newest),
                restores=earlier_revision(self.session, after),
                doubts=(Doubt.CORRECTION_OUTDATED,) if each.corrected.outdated else (),
            )
            changes += [change] if change else []
        recorded = record_changes(self.session, changes)
        # What waits for a person moves nothing until it is approved.
        moved = {
            change.country or "": moved_by(change)
            for change in recorded
            if change.status is not ChangeStatus.HELD
        }
        return recorded + recompare_next(
            self.session, self.edition, moved, countries=self.countries, rules=self.rules, now=self.now
        )

    def _answers(
        self, new: Collection[str], revised: Sequence[_Revised], changes: Sequence[Change]
    ) -> list[Change]:
        """What the narratives say to claims that were made before; a held revision says nothing yet."""
        held = {
            change.country
            for change in changes
            if change.kind is ChangeKind.NARRATIVE_REVISED and change.status is ChangeStatus.HELD
        }
        again = {each.after.document.country or "" for each in revised} - held
        answers = []
        for countries, cause in ((set(new), Cause.NEW_EDITION), (again, Cause.SOURCE_REVISED)):
            answers += answer_stored_claims(
                self.session,
                {(country, self.edition) for country in countries},
                countries=self.countries,
                now=self.now,
                status=_status(self.edition, self.newest),
                cause=cause,
            )
        return answers

    def _against_neighbours(self, new: Mapping[str, ReadDocument]) -> list[Change]:
        if not new:
            return []
        neighbours = read_narratives(self.session, (self.edition - 1, self.edition + 1), only=new)
        records = self._records(self.edition, new)
        found: list[Change] = []
        for country, narrative in new.items():
            found += compared(
                neighbours.get((country, self.edition - 1)),
                narrative,
                name=self.countries.name_of(country),
                record=records[country],
                status=_status(self.edition, self.newest),
                cause=Cause.NEW_EDITION,
                now=self.now,
            )
        recorded = record_changes(self.session, found)
        after = {country: each for (country, year), each in neighbours.items() if year == self.edition + 1}
        return recorded + self._before_those_stored(new, after) if after else recorded

    def _before_those_stored(
        self, new: Mapping[str, ReadDocument], after: Mapping[str, ReadDocument]
    ) -> list[Change]:
        """Compare narratives with those of the edition after, which were stored first."""
        records = self._records(self.edition + 1, after)
        stored = changes_between_editions(self.session, self.edition + 1, only=after)
        found: list[Change] = []
        settled: list[Settled] = []
        for country, narrative in after.items():
            name = self.countries.name_of(country)
            later = compare_editions(
                new[country],
                narrative,
                country_name=name,
                now=self.now,
                status=_status(self.edition + 1, self.newest),
                record=records[country],
            )
            # The baseline, or the successor's own word, may have stood in for this narrative.
            stood_in = [
                change
                for change in stored.get(country, ())
                if change.kind is ChangeKind.TIER_CHANGED
                and (change.detail.get("secondary") or change.detail.get("stated"))
            ]
            tiers = [change for change in later if change.kind is ChangeKind.TIER_CHANGED]
            if stood_in:
                reason = "the report itself was read"
                settled.append(
                    settle(stood_in, tiers, country_name=name, now=self.now, alert=True, reason=reason)
                )
            found += [change for change in later if not stood_in or change not in tiers]
        return store_settled(self.session, settled, self.now) + record_changes(self.session, found)

    def _records(self, edition: int, only: Collection[str]) -> dict[str, CountryRecord]:
        known = country_records(self.session, edition, rules=self.rules, countries=self.countries, only=only)
        return {country: known.get(country, CountryRecord(rules=self.rules)) for country in only}


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
    official = official_narratives(session, reading)
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
            url=edition.shown().url,
            successors=[countries.name_of(each) for each in rules.successors_of(country) if each in here],
            now=now,
            status=_status(edition.year, newest),
        )
        for country in missing
    ]
    return record_changes(session, vanished)


def _status(edition: int, newest: int) -> ChangeStatus:
    return ChangeStatus.PUBLISHED if edition >= newest else ChangeStatus.HISTORY
