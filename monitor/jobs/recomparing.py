"""Compares anew what was compared before, once a narrative is read otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import Session

from monitor.comparison.corrections import settle
from monitor.comparison.editions import compare_editions
from monitor.comparison.state import ReadDocument
from monitor.comparison.tiers import compare_tier
from monitor.domain.change import Cause, Change, ChangeStatus, change_id
from monitor.domain.country import Countries
from monitor.domain.review import Correction
from monitor.domain.watch_list import TierRules
from monitor.storage.changes import approve_change, changes_between_editions, record_changes, set_status
from monitor.storage.comparing import country_record
from monitor.storage.documents import StoredDocument, narrative
from monitor.storage.editions import editions
from monitor.storage.observations import reading_of


def recompare(
    session: Session,
    country: str,
    edition: int,
    *,
    countries: Countries,
    rules: TierRules,
    cause: Cause,
    now: datetime,
    alert: bool,
    reason: str,
) -> list[Change]:
    """Compare a narrative that is read otherwise now with both its neighbours in time; return what is new.

    What no longer holds is marked, and corrected where it was told (see ``settle``).
    """
    name = countries.name_of(country)
    newest = max((each.year for each in editions(session)), default=edition)
    new: list[Change] = []
    for year in (edition, edition + 1):
        after = narrative_as_read(session, country, year)
        if after is None:
            continue
        before = narrative_as_read(session, country, year - 1)
        record = country_record(session, country, year, rules=rules, countries=countries)
        status = ChangeStatus.PUBLISHED if year >= newest else ChangeStatus.HISTORY
        found: Sequence[Change]
        if before is not None:
            found = compare_editions(
                before, after, country_name=name, now=now, status=status, record=record, cause=cause
            )
        else:
            moved = compare_tier(
                None, after, country_name=name, record=record, now=now, status=status, cause=cause
            )
            found = (moved,) if moved else ()
        stored = changes_between_editions(session, country, year)
        new += store_settled(session, stored, found, name=name, now=now, alert=alert, reason=reason)
    return new


def store_settled(
    session: Session,
    stored: Sequence[Change],
    found: Iterable[Change],
    *,
    name: str,
    now: datetime,
    alert: bool,
    reason: str,
) -> list[Change]:
    """Store what setting ``found`` against ``stored`` gives; return what is new."""
    settled = settle(stored, found, country_name=name, now=now, alert=alert, reason=reason)
    for wrong, status in settled.wrong:
        set_status(session, wrong.id, status)
    recorded = record_changes(session, settled.new)
    new = {change.id for change in recorded}
    for again in settled.new:
        if again.id not in new:
            # It was found before, taken back, and holds after all.
            recorded.append(approve_change(session, again.id, again.status, now))
    return recorded


def corrected_version(version: str, applied: Sequence[Correction]) -> str:
    """Return the version of a reading with people's corrections in it: ``1+corrected.3f2a9c01``."""
    key = change_id(*((each.decided_at.isoformat(), each.sentence, each.value) for each in applied))
    return f"{version}+corrected.{key[:8]}"


def base_version(version: str) -> str:
    """Return the extractor's own version, without what marks corrections."""
    return version.partition("+")[0]


def narrative_as_read(session: Session, country: str, edition: int) -> ReadDocument | None:
    """Return a stored narrative with the reading in force, or None."""
    found = narrative(session, country, edition)
    return None if found is None else read_again(session, found)


def read_again(session: Session, stored: StoredDocument) -> ReadDocument:
    """Return a stored document with the reading in force."""
    reading = reading_of(session, stored.id)
    if reading is None:
        raise LookupError(f"document {stored.id} was stored without a reading")
    return ReadDocument(stored.document, reading, stored.revision)
