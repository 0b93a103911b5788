"""Stores what extractors read in documents, and answers for the figures in force.

In force is what the latest extractor reads in the current revision of a document. What either
replaced stays, marked with the time.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Result, Select, func, or_, select
from sqlmodel import Session, col

from monitor.domain.figure import Figure, Measure
from monitor.domain.reading import DocumentKind, ExtractionIssue, Reading
from monitor.storage.documents import StoredDocument
from monitor.storage.figure_rows import figure_of, issue_of, tier_of
from monitor.storage.new_readings import NewReading, record_readings
from monitor.storage.rows import (
    DocumentRow,
    ExtractionIssueRow,
    ObservationRow,
    ReadingRow,
    TierReadingRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedFigure:
    """A figure in force, with where and when it was seen.

    ``country`` and ``edition`` are the narrative's and null for an article, ``published_at`` is
    the article's. ``url``, ``title`` and ``snapshot_sha256`` are the document's.
    """

    figure: Figure
    country: str | None
    edition: int | None
    document_id: int
    url: str
    title: str
    snapshot_sha256: str
    published_at: datetime | None
    seen_at: datetime
    extractor_version: str


def figure_counts(session: Session, editions: Collection[int]) -> dict[tuple[str, int], int]:
    """Return by (country, edition) how many figures are in force of each stored narrative."""
    rows = session.execute(
        select(col(DocumentRow.country), col(DocumentRow.edition), func.count(col(ObservationRow.reading_id)))
        .outerjoin(
            ReadingRow,
            (col(ReadingRow.document_id) == col(DocumentRow.id)) & col(ReadingRow.superseded_at).is_(None),
        )
        .outerjoin(ObservationRow, col(ObservationRow.reading_id) == col(ReadingRow.id))
        .where(
            col(DocumentRow.kind) == DocumentKind.NARRATIVE.value,
            col(DocumentRow.superseded_at).is_(None),
            col(DocumentRow.edition).in_(sorted(editions)),
        )
        .group_by(col(DocumentRow.country), col(DocumentRow.edition))
    )
    return {(country, edition): count for country, edition, count in rows}


@dataclass(frozen=True, slots=True)
class CurrentReading:
    """Which version of the extractor read a current document; null where none did."""

    id: int
    version: str | None


def current_readings(session: Session) -> list[CurrentReading]:
    """Return who read each current document: narratives by edition and country, then articles."""
    rows = session.execute(
        select(col(DocumentRow.id), col(ReadingRow.extractor_version))
        .outerjoin(
            ReadingRow,
            (col(ReadingRow.document_id) == col(DocumentRow.id)) & col(ReadingRow.superseded_at).is_(None),
        )
        .where(col(DocumentRow.superseded_at).is_(None))
        .order_by(
            col(DocumentRow.kind) != DocumentKind.NARRATIVE.value,
            col(DocumentRow.edition),
            col(DocumentRow.country),
            col(DocumentRow.id),
        )
    )
    return [CurrentReading(row.id, row.extractor_version) for row in rows]


@dataclass(frozen=True, slots=True)
class CurrentNarrative:
    """A current narrative, the hash of its text, and which version of the extractor read it, if any."""

    id: int
    country: str
    edition: int
    text_sha256: str
    version: str | None


def current_narratives(
    session: Session, *, editions: Collection[int], countries: Collection[str]
) -> list[CurrentNarrative]:
    """Return the current narratives of ``editions`` and ``countries`` (ISO3), without their texts."""
    rows = session.execute(
        select(
            col(DocumentRow.id),
            col(DocumentRow.country),
            col(DocumentRow.edition),
            col(DocumentRow.body_sha256),
            col(ReadingRow.extractor_version),
        )
        .outerjoin(
            ReadingRow,
            (col(ReadingRow.document_id) == col(DocumentRow.id)) & col(ReadingRow.superseded_at).is_(None),
        )
        .where(
            col(DocumentRow.kind) == DocumentKind.NARRATIVE.value,
            col(DocumentRow.superseded_at).is_(None),
            col(DocumentRow.edition).in_(sorted(editions)),
            col(DocumentRow.country).in_(sorted(countries)),
        )
        .order_by(col(DocumentRow.edition), col(DocumentRow.country))
    )
    return [CurrentNarrative(*row) for row in rows]


def version_in_force(session: Session, document_id: int) -> str | None:
    """Return the extractor version of the reading in force, or None where nothing was read."""
    row = session.scalars(_in_force(document_id)).first()
    return row.extractor_version if row else None


def record_reading(
    session: Session, stored: StoredDocument, reading: Reading, extractor_version: str, now: datetime
) -> bool:
    """Store what ``extractor_version`` read in ``stored``; False where it is stored already.

    The reading becomes the one in force for its document; the one before is kept as superseded.
    """
    return record_readings(session, [NewReading(stored.id, reading, extractor_version)], now) == 1


def reading_of(session: Session, document_id: int) -> Reading | None:
    """Return the latest reading of the document, every field as it was recorded, or None."""
    row = session.scalars(_in_force(document_id)).first()
    return _reading(session, row) if row else None


def raw_reading_of(session: Session, document_id: int) -> Reading | None:
    """Return what the latest extractor read in the document, before any correction by people, or None."""
    row = session.scalars(
        select(ReadingRow)
        .where(col(ReadingRow.document_id) == document_id, col(ReadingRow.extractor_version).not_like("%+%"))
        .order_by(col(ReadingRow.id).desc())
        .limit(1)
    ).first()
    return _reading(session, row) if row else None


def _reading(session: Session, row: ReadingRow) -> Reading:
    tier = session.get(TierReadingRow, row.id)
    figures_found = session.scalars(
        select(ObservationRow)
        .where(col(ObservationRow.reading_id) == row.id)
        .order_by(col(ObservationRow.ordinal))
    )
    return Reading(
        kind=DocumentKind(row.kind),
        country=row.country,
        edition=row.edition,
        tier=tier_of(tier) if tier else None,
        figures=tuple(figure_of(found) for found in figures_found),
        issues=tuple(_issues(session, row.id)),
    )


def issues_of(session: Session, document_id: int) -> list[ExtractionIssue]:
    """Return the issues of the latest reading of the document, in its order."""
    row = session.scalars(_in_force(document_id)).first()
    return _issues(session, row.id) if row else []


def _issues(session: Session, reading_id: int) -> list[ExtractionIssue]:
    rows = session.scalars(
        select(ExtractionIssueRow)
        .where(col(ExtractionIssueRow.reading_id) == reading_id)
        .order_by(col(ExtractionIssueRow.ordinal))
    )
    return [issue_of(row) for row in rows]


def figures(
    session: Session,
    *,
    country: str | None = None,
    edition: int | None = None,
    measure: Measure | None = None,
    as_of: datetime | None = None,
) -> list[ObservedFigure]:
    """Return the figures in force of narratives, by country, edition and place in the text.

    ``country`` (ISO3) and ``edition`` are those of the narrative. With ``as_of`` (UTC) those that
    were in force at that time: what had been seen by then, as it was read then.
    """
    query = observed_columns(DocumentKind.NARRATIVE, as_of)
    if country is not None:
        query = query.where(col(DocumentRow.country) == country)
    if edition is not None:
        query = query.where(col(DocumentRow.edition) == edition)
    if measure is not None:
        query = query.where(col(ObservationRow.measure) == measure.value)
    query = query.order_by(col(DocumentRow.country), col(DocumentRow.edition), col(ObservationRow.ordinal))
    return [observed_figure(row) for row in plain_rows(session.execute(query))]


def plain_rows(result: Result[Any]) -> Iterator[Any]:
    """Yield the rows of ``result`` as named tuples, whose fields are read ten times as fast."""
    plain = _plain_row(tuple(result.keys()))
    return (plain._make(row) for row in result)


@lru_cache(maxsize=32)
def _plain_row(names: tuple[str, ...]) -> Any:
    return namedtuple("PlainRow", names)


def readings_in_force(session: Session, country: str) -> tuple[int, ...]:
    """Return what stands for all figures in force of ``country``: the same as long as they are the same.

    A reading never changes once it is stored, so the ids of those in force say it all.
    """
    query = (
        select(col(ReadingRow.id))
        .join(DocumentRow, col(DocumentRow.id) == col(ReadingRow.document_id))
        .where(
            col(DocumentRow.country) == country,
            col(DocumentRow.kind) == DocumentKind.NARRATIVE.value,
            col(DocumentRow.superseded_at).is_(None),
            col(ReadingRow.superseded_at).is_(None),
        )
        .order_by(col(ReadingRow.id))
    )
    return tuple(session.scalars(query))


def claims(session: Session, *, country: str | None = None) -> list[ObservedFigure]:
    """Return the figures in force of articles, the article first seen first, then by place in the text.

    ``country`` (ISO3) is the figure's; without it also figures of no certain country are returned.
    """
    query = observed_columns(DocumentKind.NEWS)
    if country is not None:
        query = query.where(col(ObservationRow.country) == country)
    query = query.order_by(col(DocumentRow.id), col(ObservationRow.ordinal))
    return [observed_figure(row) for row in session.execute(query)]


def _in_force(document_id: int) -> Select[ReadingRow]:
    return select(ReadingRow).where(
        col(ReadingRow.document_id) == document_id, col(ReadingRow.superseded_at).is_(None)
    )


def observed_columns(kind: DocumentKind, as_of: datetime | None = None) -> Select[Any]:
    """Return the query of all figures in force of documents of ``kind``, for the modules of storage."""
    # Columns instead of rows: a document's text is not read along, and nothing is loaded one by one.
    observation = ObservationRow.metadata.tables["observation"].c
    in_force = (
        (col(DocumentRow.superseded_at).is_(None), col(ReadingRow.superseded_at).is_(None))
        if as_of is None
        else (
            *_held_at(DocumentRow.first_seen_at, DocumentRow.superseded_at, as_of),
            *_held_at(ReadingRow.seen_at, ReadingRow.superseded_at, as_of),
        )
    )
    return (
        select(
            *observation,
            col(DocumentRow.country).label("document_country"),
            col(DocumentRow.edition).label("document_edition"),
            col(DocumentRow.id).label("document_id"),
            col(DocumentRow.url),
            col(DocumentRow.title),
            col(DocumentRow.snapshot_sha256),
            col(DocumentRow.published_at),
            col(ReadingRow.seen_at),
            col(ReadingRow.extractor_version),
        )
        .join(ReadingRow, col(ReadingRow.id) == observation.reading_id)
        .join(DocumentRow, col(DocumentRow.id) == col(ReadingRow.document_id))
        .where(col(DocumentRow.kind) == kind.value, *in_force)
    )


def _held_at(start: Any, end: Any, moment: datetime) -> tuple[Any, ...]:
    """That something began by ``moment`` and had not ended then."""
    return col(start) <= moment, or_(col(end).is_(None), col(end) > moment)


def observed_figure(row: Any) -> ObservedFigure:
    """Return the figure of a row of ``observed_columns``."""
    return ObservedFigure(
        figure=figure_of(row),
        country=row.document_country,
        edition=row.document_edition,
        document_id=row.document_id,
        url=row.url,
        title=row.title,
        snapshot_sha256=row.snapshot_sha256,
        published_at=row.published_at,
        seen_at=row.seen_at,
        extractor_version=row.extractor_version,
    )
