"""Compares anew what was compared before, once a narrative is read otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from monitor.comparison.corrections import Settled, settle
from monitor.comparison.editions import compare_editions
from monitor.comparison.state import CountryRecord, ReadDocument
from monitor.comparison.tiers import compare_tier
from monitor.domain.change import Cause, Change, ChangeStatus, change_id
from monitor.domain.country import Countries
from monitor.domain.figure import Measure
from monitor.domain.reading import Reading
from monitor.domain.review import Correction
from monitor.domain.watch_list import TierRules
from monitor.jobs.answering import answer_stored_claims
from monitor.storage.changes import (
    approve_change,
    changes_between_editions,
    corrections_between_editions,
    record_changes,
    set_status,
)
from monitor.storage.comparing import country_records, read_narratives
from monitor.storage.documents import StoredDocument
from monitor.storage.editions import editions
from monitor.storage.observations import reading_of

EVERYTHING: frozenset[Measure | None] = frozenset((None, *Measure))
"""Every measure, and None for the tier."""


def recompare(
    session: Session,
    edition: int,
    only: Collection[str],
    *,
    countries: Countries,
    rules: TierRules,
    cause: Cause,
    now: datetime,
    alert: bool,
    reason: str,
    about: frozenset[Measure | None] = EVERYTHING,
) -> list[Change]:
    """Compare narratives of ``edition`` that are read otherwise now with both neighbours in time.

    ``only`` are their countries; the number of queries does not grow with them. What no longer holds
    is marked, and corrected where it was told (see ``settle``); what claims were answered is looked at
    again. Returns what is new.

    ``about`` limits it to measures, None being the tier. Of everything, what was found in an earlier
    text of a page that has been revised since stays: the revision was told, and nothing proved wrong.
    """
    new: list[Change] = []
    for year in (edition, edition + 1):
        abouts = dict.fromkeys(only, about)
        new += _recompared(
            session,
            year,
            abouts,
            countries=countries,
            rules=rules,
            cause=cause,
            now=now,
            alert=alert,
            reason=reason,
        )
    newest = max((each.year for each in editions(session)), default=edition)
    return new + answer_stored_claims(
        session,
        {(country, edition) for country in only},
        countries=countries,
        now=now,
        status=ChangeStatus.PUBLISHED if alert and edition >= newest else ChangeStatus.HISTORY,
        cause=cause,
        misread=reason,
    )


def recompare_next(
    session: Session,
    edition: int,
    about: Mapping[str, frozenset[Measure | None]],
    *,
    countries: Countries,
    rules: TierRules,
    now: datetime,
) -> list[Change]:
    """Compare the edition after ``edition`` anew with narratives whose pages were revised.

    ``about`` are the measures that the revisions moved, by country, None being the tier. Those who
    were told a number of the next edition against one that no longer stands get a correction.
    Against the edition before nothing is said anew: the revision itself tells what moved.
    """
    wanted = {country: measures for country, measures in about.items() if measures}
    if not wanted:
        return []
    return _recompared(
        session,
        edition + 1,
        wanted,
        countries=countries,
        rules=rules,
        cause=Cause.SOURCE_REVISED,
        now=now,
        alert=True,
        reason=f"the page of the {edition} report was revised",
    )


def _recompared(
    session: Session,
    year: int,
    abouts: Mapping[str, frozenset[Measure | None]],
    *,
    countries: Countries,
    rules: TierRules,
    cause: Cause,
    now: datetime,
    alert: bool,
    reason: str,
) -> list[Change]:
    """Settle what comparing ``year`` with the edition before gives now, for the measures of each country."""
    only = abouts.keys()
    narratives = read_narratives(session, (year - 1, year), only=only)
    if not any(edition_read == year for _, edition_read in narratives):
        return []
    newest = max((each.year for each in editions(session)), default=year)
    records = country_records(session, year, rules=rules, countries=countries, only=only)
    stored = changes_between_editions(session, year, only=only)
    corrections = corrections_between_editions(session, year, only=only)
    settled = []
    for country in sorted(only):
        after = narratives.get((country, year))
        if after is None:
            continue
        name = countries.name_of(country)
        found = compared(
            narratives.get((country, year - 1)),
            after,
            name=name,
            record=records.get(country, CountryRecord(rules=rules)),
            status=ChangeStatus.PUBLISHED if year >= newest else ChangeStatus.HISTORY,
            cause=cause,
            now=now,
        )
        known, about = stored.get(country, []), abouts[country]
        left = _of_other_texts(known, narratives.get((country, year - 1)), after)
        left = EVERYTHING - about if about != EVERYTHING else left
        settled.append(
            settle(
                [each for each in known if each.measure not in left],
                [each for each in found if each.measure not in left],
                country_name=name,
                now=now,
                alert=alert,
                reason=reason,
                corrections=[each for each in corrections.get(country, ()) if each.measure not in left],
                new_side_stands=cause is Cause.SOURCE_REVISED,
            )
        )
    return store_settled(session, settled, now)


def _of_other_texts(
    known: Sequence[Change], before: ReadDocument | None, after: ReadDocument
) -> frozenset[Measure | None]:
    """The measures whose changes were found in other texts than those that stand now."""
    return frozenset(
        change.measure
        for change in known
        if change.snapshot_new != after.document.snapshot_sha256
        or (
            before is not None
            and change.snapshot_old is not None
            and change.snapshot_old != before.document.snapshot_sha256
        )
    )


def compared(
    before: ReadDocument | None,
    after: ReadDocument,
    *,
    name: str,
    record: CountryRecord,
    status: ChangeStatus,
    cause: Cause,
    now: datetime,
) -> tuple[Change, ...]:
    """Return how ``after`` differs from the edition before, its placement alone where that is not stored."""
    if before is not None:
        return compare_editions(
            before, after, country_name=name, now=now, status=status, record=record, cause=cause
        )
    moved = compare_tier(None, after, country_name=name, record=record, now=now, status=status, cause=cause)
    return (moved,) if moved else ()


def store_settled(session: Session, settled: Iterable[Settled], now: datetime) -> list[Change]:
    """Store what was settled; return what is new."""
    all_settled = list(settled)
    for each in all_settled:
        for wrong, status in each.wrong:
            set_status(session, wrong.id, status)
    found = [change for each in all_settled for change in each.new]
    recorded = record_changes(session, found)
    new = {change.id for change in recorded}
    # What is not new was found before and taken back, and holds after all.
    return recorded + [
        approve_change(session, again.id, again.status, now, instead_of=_instead_of(again))
        for again in found
        if again.id not in new
    ]


def _instead_of(again: Change) -> tuple[str, ...]:
    ids = again.detail.get("instead_of")
    return tuple(ids) if isinstance(ids, list) else ()


def corrected_version(version: str, applied: Sequence[Correction]) -> str:
    """Return the version of a reading with people's corrections in it: ``1+corrected.3f2a9c01``."""
    key = change_id(*((each.decided_at.isoformat(), each.sentence, each.value) for each in applied))
    return f"{version}+corrected.{key[:8]}"


def base_version(version: str) -> str:
    """Return the extractor's own version, without what marks corrections."""
    return version.partition("+")[0]


def official_narratives(session: Session, reading: Reading) -> dict[str, list[ReadDocument]]:
    """Return by country all narratives of the countries that an article names, for its claims."""
    named = {figure.country for figure in reading.figures if figure.country is not None}
    found: dict[str, list[ReadDocument]] = {country: [] for country in named}
    for (country, _), each in read_narratives(session, None, only=named).items():
        found[country].append(each)
    return found


def read_again(session: Session, stored: StoredDocument) -> ReadDocument:
    """Return a stored document with the reading in force."""
    reading = reading_of(session, stored.id)
    if reading is None:
        raise LookupError(f"document {stored.id} was stored without a reading")
    return ReadDocument(stored.document, reading, stored.revision)
