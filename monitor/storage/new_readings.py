"""Adds readings of documents with all that they hold, many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlmodel import Session, col

from monitor.domain.reading import Reading
from monitor.storage.figure_rows import figure_values, issue_values, tier_values
from monitor.storage.inserts import insert_new
from monitor.storage.rows import ExtractionIssueRow, ObservationRow, ReadingRow, Row, TierReadingRow


@dataclass(frozen=True, slots=True)
class NewReading:
    """What a version of the extractor read in a stored document."""

    document_id: int
    reading: Reading
    extractor_version: str


def record_readings(session: Session, readings: Sequence[NewReading], now: datetime) -> int:
    """Store readings, at most one of each document; return how many were not stored already.

    Each becomes the one in force for its document; the one before is kept as superseded. The number
    of queries does not grow with the readings, as long as they are at most a few hundred.
    """
    if not readings:
        return 0
    documents = sorted({each.document_id for each in readings})
    known = {
        (row.document_id, row.extractor_version)
        for row in session.execute(
            select(col(ReadingRow.document_id), col(ReadingRow.extractor_version)).where(
                col(ReadingRow.document_id).in_(documents)
            )
        )
    }
    new = {
        each.document_id: each for each in readings if (each.document_id, each.extractor_version) not in known
    }
    if not new:
        return 0
    if known:
        session.execute(
            update(ReadingRow)
            .where(col(ReadingRow.document_id).in_(sorted(new)), col(ReadingRow.superseded_at).is_(None))
            .values(superseded_at=now)
        )
    rows = [
        {
            "document_id": each.document_id,
            "extractor_version": each.extractor_version,
            "kind": each.reading.kind.value,
            "country": each.reading.country,
            "edition": each.reading.edition,
            "seen_at": now,
        }
        for each in new.values()
    ]
    returning = (col(ReadingRow.id), col(ReadingRow.document_id))
    added = insert_new(session, ReadingRow, rows, returning=returning)
    _add_parts(session, {reading_id: new[document_id].reading for reading_id, document_id in added})
    return len(added)


def _add_parts(session: Session, readings: Mapping[int, Reading]) -> None:
    tiers = [
        {"reading_id": key, **tier_values(reading.tier)} for key, reading in readings.items() if reading.tier
    ]
    observations = [
        {"reading_id": key, "ordinal": number, **figure_values(figure)}
        for key, reading in readings.items()
        for number, figure in enumerate(reading.figures)
    ]
    issues = [
        {"reading_id": key, "ordinal": number, **issue_values(issue)}
        for key, reading in readings.items()
        for number, issue in enumerate(reading.issues)
    ]
    _insert(session, TierReadingRow, tiers)
    _insert(session, ObservationRow, observations)
    _insert(session, ExtractionIssueRow, issues)


def _insert(session: Session, table: type[Row], rows: list[dict[str, Any]]) -> None:
    if rows:
        # A reading that is new has no parts yet. With nulls rendered, all rows are one statement.
        session.execute(insert(table), rows, execution_options={"render_nulls": True})
