"""Stores what people decided on changes, and lists what waits for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from monitor.domain.change import Change, ChangeStatus
from monitor.domain.figure import Form, Measure, Relation
from monitor.domain.review import Correction, Decision, Review
from monitor.storage.changes import change_of
from monitor.storage.rows import ChangeRow, CorrectionRow, ReviewRow


def held_changes(session: Session) -> list[Change]:
    """Return what waits for a person: news before history, each the most significant first."""
    rows = session.exec(
        select(ChangeRow)
        .where(ChangeRow.status == ChangeStatus.HELD.value)
        .order_by(col(ChangeRow.significance).desc(), col(ChangeRow.created_at), col(ChangeRow.sequence))
    )
    found = [change_of(row) for row in rows]
    return sorted(found, key=lambda change: change.detail.get("if_approved") != ChangeStatus.PUBLISHED.value)


def record_review(session: Session, review: Review) -> None:
    """Store a decision beside those made before."""
    session.add(
        ReviewRow(
            change_id=review.change_id,
            decision=review.decision.value,
            reviewer=review.reviewer,
            reason=review.reason,
            decided_at=review.decided_at,
        )
    )
    session.flush()


def reviews_of(session: Session, change_id: str) -> list[Review]:
    """Return the decisions on a change, the first one first."""
    rows = session.exec(select(ReviewRow).where(ReviewRow.change_id == change_id).order_by(col(ReviewRow.id)))
    return [
        Review(row.change_id, Decision(row.decision), row.reviewer, row.decided_at, row.reason)
        for row in rows
    ]


def add_correction(session: Session, correction: Correction) -> bool:
    """Store a correction in the stead of one about the same sentence and figure; return whether it is new."""
    wanted = _values(correction)
    for row in _in_force(session, correction.country, correction.edition):
        if correction_of(row) == correction:
            return False
        if all(getattr(row, name) == wanted[name] for name in ("measure", "form", "relation", "sentence")):
            row.retired_at = correction.decided_at
    session.add(CorrectionRow(**wanted))
    session.flush()
    return True


def corrections(session: Session, country: str, edition: int) -> list[Correction]:
    """Return the corrections in force of a narrative, the first one first."""
    return [correction_of(row) for row in _in_force(session, country, edition)]


def corrections_of_edition(session: Session, edition: int) -> dict[str, list[Correction]]:
    """Return by country the corrections in force of an edition's narratives, the first one first."""
    rows = session.exec(
        select(CorrectionRow)
        .where(CorrectionRow.edition == edition, col(CorrectionRow.retired_at).is_(None))
        .order_by(col(CorrectionRow.id))
    )
    found: dict[str, list[Correction]] = {}
    for row in rows:
        found.setdefault(row.country, []).append(correction_of(row))
    return found


def all_corrections(session: Session) -> list[Correction]:
    """Return every correction in force, by country and edition."""
    rows = session.exec(
        select(CorrectionRow)
        .where(col(CorrectionRow.retired_at).is_(None))
        .order_by(CorrectionRow.country, col(CorrectionRow.edition), col(CorrectionRow.id))
    )
    return [correction_of(row) for row in rows]


def retire(session: Session, outdated: Iterable[Correction], now: datetime) -> None:
    """End corrections whose sentence the narrative no longer has."""
    wanted = list(outdated)
    for correction in wanted:
        for row in _in_force(session, correction.country, correction.edition):
            if correction_of(row) == correction:
                row.retired_at = now
    session.flush()


def correction_of(row: CorrectionRow) -> Correction:
    """Return the correction of its row."""
    return Correction(
        country=row.country,
        edition=row.edition,
        measure=Measure(row.measure) if row.measure else None,
        form=Form(row.form),
        relation=Relation(row.relation),
        value=row.value,
        original=row.original,
        sentence=row.sentence,
        reviewer=row.reviewer,
        decided_at=row.decided_at,
        reason=row.reason,
    )


def _in_force(session: Session, country: str, edition: int) -> list[CorrectionRow]:
    query = select(CorrectionRow).where(
        CorrectionRow.country == country,
        CorrectionRow.edition == edition,
        col(CorrectionRow.retired_at).is_(None),
    )
    return list(session.exec(query.order_by(col(CorrectionRow.id))))


def _values(correction: Correction) -> dict[str, Any]:
    return {
        "country": correction.country,
        "edition": correction.edition,
        "measure": correction.measure.value if correction.measure else None,
        "form": correction.form.value,
        "relation": correction.relation.value,
        "value": correction.value,
        "original": correction.original,
        "sentence": correction.sentence,
        "reviewer": correction.reviewer,
        "reason": correction.reason,
        "decided_at": correction.decided_at,
    }
