"""Reads every stored snapshot again with the present parsers and extractor, and shows what differs.

Offline: nothing is fetched. Each text is cut out of its snapshot anew; where that gives the stored text,
and this version of the extractor has read it, nothing can differ. What differs is applied on request:
the narratives of one edition in one transaction, with all that follows from them; killed anywhere, the
next run goes on with what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlmodel import Session

from monitor.comparison.claims import compare_claims
from monitor.comparison.corrections import correction
from monitor.comparison.headline import headline_figure
from monitor.comparison.state import ReadDocument
from monitor.domain.change import UNREPORTED, Cause, Change, ChangeStatus
from monitor.domain.country import Countries
from monitor.domain.figure import Figure, Form, Measure, Relation
from monitor.domain.reading import DocumentKind, Reading
from monitor.domain.watch_list import TierRules
from monitor.extraction import EXTRACTOR_VERSION, Language
from monitor.fetching.sites import Sites
from monitor.jobs.answering import take_back_answers
from monitor.jobs.present_reading import REASON, PresentReader, ReadAgain, store_again
from monitor.jobs.progress import Progress, quiet
from monitor.jobs.recomparing import base_version, official_narratives
from monitor.storage.changes import change, record_changes, set_status
from monitor.storage.database import Database
from monitor.storage.documents import StoredDocument, document
from monitor.storage.observations import current_readings

_RELATIONS = (Relation.CURRENT, Relation.PREVIOUS)
_LARGEST_BATCH = 250


@dataclass(frozen=True, slots=True)
class Difference:
    """One headline value that the present extractor reads otherwise; ``measure`` is null for the tier.

    ``old`` and ``new`` are a number, ``"unreported"``, a tier, or null where nothing was read.
    """

    country: str | None
    edition: int | None
    measure: Measure | None
    form: Form | None
    relation: Relation | None
    old: int | str | None
    new: int | str | None
    url: str


@dataclass(slots=True)
class Replayed:
    """What a replay found.

    ``read`` counts the texts that another version had read, or that are cut otherwise now
    (``recut``). ``failures`` are one line each: a snapshot in which the present parsers do not find
    the document any more; its stored text was read instead.
    """

    documents: int = 0
    read: int = 0
    recut: int = 0
    failures: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Replayer:
    """What reads again; ``now`` is the clock (UTC), ``version`` the present extractor's."""

    database: Database
    language: Language
    countries: Countries
    sites: Sites
    rules: TierRules
    now: Callable[[], datetime]
    version: str = EXTRACTOR_VERSION


def replay(replayer: Replayer, *, apply: bool, alert: bool, progress: Progress = quiet) -> Replayed:
    """Read again what the present parsers or extractor may read otherwise.

    With ``apply`` the new readings are stored, and what the old ones gave is compared anew: those
    changes have the cause ``reextracted``. With ``alert`` too, subscribers hear of them, and of what
    they had been told wrongly; otherwise nobody does.
    """
    result = Replayed()
    with replayer.database.reading() as session:
        read_by = current_readings(session)
    result.documents = len(read_by)
    versions = {each.id: base_version(each.version or "") for each in read_by}
    reader = PresentReader(
        replayer.database,
        replayer.language,
        replayer.countries,
        replayer.sites,
        replayer.version,
        result.failures,
    )
    done = 0
    for batch in _batches(replayer.database, list(versions)):
        again: list[ReadAgain] = []
        for stored in batch:
            text = reader.text_of(stored)
            is_recut = text != stored.document.text
            result.recut += is_recut
            if is_recut or versions[stored.id] != replayer.version:
                again.append(reader.read(stored, text))
        for each in again:
            result.differences += differences(each.old, each.corrected, each.stored.document.url)
        if apply and again:
            with replayer.database.transaction() as session:
                result.changes += _store(session, again, replayer, alert=alert)
        result.read += len(again)
        done += len(batch)
        progress("texts", done, len(versions))
    return result


def _batches(database: Database, ids: Sequence[int]) -> Iterator[list[StoredDocument]]:
    """Give documents by edition, articles in hundreds: what is stored together."""
    batch: list[StoredDocument] = []
    for document_id in ids:
        with database.reading() as session:
            stored = document(session, document_id)
        if stored is None:
            continue
        if batch and (batch[0].document.edition != stored.document.edition or len(batch) >= _LARGEST_BATCH):
            yield batch
            batch = []
        batch.append(stored)
    if batch:
        yield batch


def _store(session: Session, again: Sequence[ReadAgain], replayer: Replayer, *, alert: bool) -> list[Change]:
    """Store readings that belong together, and what follows from them, in one transaction."""
    stored, changes = store_again(
        session,
        again,
        version=replayer.version,
        countries=replayer.countries,
        rules=replayer.rules,
        now=replayer.now(),
        alert=alert,
    )
    for each in stored:
        if each.stored.document.kind is DocumentKind.NEWS:
            changes += _claims_again(session, each.stored, each.old, each.new, replayer, alert=alert)
    return changes


def differences(old: Reading | None, new: Reading, url: str) -> Iterator[Difference]:
    """Give what two readings of one text say otherwise: the tier, and headline values by country."""
    old_tier = old.tier.value.value if old and old.tier else None
    new_tier = new.tier.value.value if new.tier else None
    if old_tier != new_tier:
        yield Difference(new.country, new.edition, None, None, None, old_tier, new_tier, url)
    before, after = (old.figures if old else ()), new.figures
    for country in sorted({figure.country for figure in (*before, *after)}, key=lambda code: code or ""):
        sides = [[each for each in side if each.country == country] for side in (before, after)]
        for measure in Measure:
            for form in Form:
                for relation in _RELATIONS:
                    was, now = (_value(headline_figure(side, measure, form, relation)) for side in sides)
                    if was != now:
                        yield Difference(country, new.edition, measure, form, relation, was, now, url)


def _claims_again(
    session: Session,
    stored: StoredDocument,
    old: Reading | None,
    new: Reading,
    replayer: Replayer,
    *,
    alert: bool,
) -> list[Change]:
    was = {change.id: change for change in _claims(session, stored, old, replayer)} if old else {}
    found = {change.id: change for change in _claims(session, stored, new, replayer)}
    status = ChangeStatus.PUBLISHED if alert else ChangeStatus.HISTORY
    recorded = record_changes(
        session,
        [
            each if each.status is ChangeStatus.HELD else replace(each, status=status)
            for each in found.values()
            if each.id not in was
        ],
    )
    for gone in was.keys() - found.keys():
        told = change(session, gone)
        if told is None or not _is_only_source(told, stored) or told.status in _TAKEN_BACK:
            continue
        set_status(session, gone, ChangeStatus.CORRECTED)
        recorded += take_back_answers(
            session, told, countries=replayer.countries, now=replayer.now(), alert=alert, reason=REASON
        )
        if alert and told.status is ChangeStatus.PUBLISHED:
            name = replayer.countries.name_of(told.country)
            wrong = correction(told, None, country_name=name, now=replayer.now(), reason=REASON)
            recorded += record_changes(session, [wrong])
    return recorded


_TAKEN_BACK = (ChangeStatus.CORRECTED, ChangeStatus.REJECTED)


def _claims(
    session: Session, stored: StoredDocument, reading: Reading, replayer: Replayer
) -> tuple[Change, ...]:
    official = official_narratives(session, reading)
    claims = compare_claims(
        ReadDocument(stored.document, reading, stored.revision),
        official,
        countries=replayer.countries,
        now=replayer.now(),
        status=ChangeStatus.PUBLISHED,
    )
    return tuple(replace(each, cause=Cause.REEXTRACTED) for each in claims)


def _is_only_source(told: Change, stored: StoredDocument) -> bool:
    sources = told.detail.get("sources")
    articles = {source.get("article") for source in sources} if isinstance(sources, list) else set()
    return articles <= {stored.document.identity or stored.document.url}


def _value(figure: Figure | None) -> int | str | None:
    if figure is None:
        return None
    return UNREPORTED if figure.value is None else figure.value
