"""Stores changes, each once by its id, and lists them newest first.

What a change says is never altered: its status moves, a held one that is approved counts as found
then, and a claim gains sources.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from monitor.domain.change import Cause, Change, ChangeKind, ChangeStatus, Direction
from monitor.domain.figure import Form, Measure
from monitor.storage.inserts import insert_new
from monitor.storage.rows import ChangeRow

TOLD = (ChangeStatus.PUBLISHED, ChangeStatus.HISTORY)
"""What listings show unless asked otherwise; feeds and digests take ``PUBLISHED`` only."""

_BETWEEN_EDITIONS = (
    ChangeKind.TIER_CHANGED,
    ChangeKind.FIGURE_CHANGED,
    ChangeKind.FIGURE_APPEARED,
    ChangeKind.FIGURE_VANISHED,
    ChangeKind.FIGURE_RESTATED,
)


def record_changes(session: Session, changes: Sequence[Change]) -> list[Change]:
    """Store those of ``changes`` whose id is new, and return them in the order given."""
    rows = {change.id: _values(change) for change in changes}
    # The last row gets the highest sequence and is listed first, so that changes of one instant are
    # listed in the order in which the comparison gave them.
    new = set(insert_new(session, ChangeRow, list(rows.values())[::-1], returning=col(ChangeRow.id)))
    found: list[Change] = []
    for change in changes:
        if change.id in new:
            new.discard(change.id)
            found.append(change)
    return found


def changes(
    session: Session,
    *,
    since: datetime | None = None,
    kinds: Collection[ChangeKind] = (),
    countries: Collection[str] = (),
    measures: Collection[Measure] = (),
    editions: Collection[int] = (),
    statuses: Collection[ChangeStatus] = TOLD,
    limit: int | None = None,
    before: str | None = None,
) -> list[Change]:
    """Return changes newest first, those of one instant in the order in which they were recorded.

    Empty filters let everything through. ``since`` is included. ``before`` is the id of the last
    change of a page, to go on after it; an id that is not known gives nothing.
    """
    query = select(ChangeRow)
    if since is not None:
        query = query.where(col(ChangeRow.created_at) >= since)
    for column, wanted in (
        (ChangeRow.kind, kinds),
        (ChangeRow.country, countries),
        (ChangeRow.measure, measures),
    ):
        if wanted:
            query = query.where(col(column).in_([str(value) for value in wanted]))
    if ChangeStatus.PUBLISHED in statuses:
        # Nearly all are: said the other way round, no database takes it for what narrows most.
        left_out = [status.value for status in ChangeStatus if status not in statuses]
        query = query.where(col(ChangeRow.status).not_in(left_out))
    elif statuses:
        query = query.where(col(ChangeRow.status).in_([status.value for status in statuses]))
    if editions:
        query = query.where(col(ChangeRow.edition).in_(editions))
    if before is not None:
        last = session.exec(select(ChangeRow).where(ChangeRow.id == before)).first()
        if last is None:
            return []
        query = query.where(
            or_(
                col(ChangeRow.created_at) < last.created_at,
                and_(
                    col(ChangeRow.created_at) == last.created_at,
                    col(ChangeRow.sequence) < last.sequence,
                ),
            )
        )
    query = query.order_by(col(ChangeRow.created_at).desc(), col(ChangeRow.sequence).desc()).limit(limit)
    return [change_of(row) for row in session.exec(query)]


def changes_between_editions(
    session: Session, edition: int, *, only: Collection[str] | None = None
) -> dict[str, list[Change]]:
    """Return by country what comparing narratives of ``edition`` with those before ever gave.

    ``only`` limits it to countries (ISO3).
    """
    kinds = [kind.value for kind in _BETWEEN_EDITIONS]
    query = select(ChangeRow).where(ChangeRow.edition == edition, col(ChangeRow.kind).in_(kinds))
    if only is not None:
        query = query.where(col(ChangeRow.country).in_(sorted(only)))
    found: dict[str, list[Change]] = {}
    for row in session.exec(query.order_by(col(ChangeRow.sequence))):
        found.setdefault(row.country or "", []).append(change_of(row))
    return found


def corrections_between_editions(
    session: Session, edition: int, *, only: Collection[str]
) -> dict[str, list[Change]]:
    """Return by country all corrections of changes of ``edition``, whatever became of them, oldest first."""
    query = select(ChangeRow).where(
        ChangeRow.edition == edition,
        ChangeRow.kind == ChangeKind.CORRECTION.value,
        col(ChangeRow.country).in_(sorted(only)),
    )
    found: dict[str, list[Change]] = {}
    for row in session.exec(query.order_by(col(ChangeRow.sequence))):
        found.setdefault(row.country or "", []).append(change_of(row))
    return found


def set_status(session: Session, change_id: str, status: ChangeStatus) -> None:
    """Give a change another status."""
    row = session.exec(select(ChangeRow).where(ChangeRow.id == change_id).with_for_update()).one()
    row.status = status.value
    session.flush()


def approve_change(
    session: Session,
    change_id: str,
    status: ChangeStatus,
    now: datetime,
    *,
    instead_of: Sequence[str] = (),
) -> Change:
    """Give a held change its status and return it. It counts as found ``now``, when it can first be told.

    Whoever was told a change of ``instead_of`` is not told this one as news.
    """
    row = session.exec(select(ChangeRow).where(ChangeRow.id == change_id).with_for_update()).one()
    more: dict[str, object] = {"instead_of": list(instead_of)} if instead_of else {}
    row.detail = {**row.detail, **more, "found_at": row.created_at.isoformat()}
    row.status = status.value
    if status is ChangeStatus.PUBLISHED:
        row.created_at = now
    session.flush()
    return change_of(row)


def add_sources(session: Session, claims: Iterable[Change]) -> None:
    """Add the articles of ``claims`` to the stored changes about the same facts; each article once."""
    wanted = {claim.id: claim for claim in claims}
    if not wanted:
        return
    rows = session.exec(select(ChangeRow).where(col(ChangeRow.id).in_(sorted(wanted))).with_for_update())
    for row in rows:
        known = list(row.detail.get("sources", ()))
        articles = {source["article"] for source in known}
        new = [source for source in _sources(wanted[row.id]) if source["article"] not in articles]
        if new:
            row.detail = {**row.detail, "sources": [*known, *new]}
    session.flush()


def add_answers(session: Session, answers: Iterable[Change]) -> None:
    """Note in the claims what the report answered: ``answered`` in their detail, the last one last."""
    wanted = {str(answer.detail["answers"]): answer for answer in answers}
    if not wanted:
        return
    rows = session.exec(select(ChangeRow).where(col(ChangeRow.id).in_(sorted(wanted))).with_for_update())
    for row in rows:
        answer = wanted[row.id]
        given = {
            "change": answer.id,
            "edition": answer.edition,
            "relation": answer.detail["relation"],
            "official": answer.old,
        }
        row.detail = {**row.detail, "answered": [*row.detail.get("answered", ()), given]}
    session.flush()


def corrections_of(session: Session, change_ids: Collection[str]) -> dict[str, Change]:
    """Return the published correction of each of ``change_ids`` that has one, by the id corrected.

    Where that was corrected in its turn, it is the last one.
    """
    found: dict[str, Change] = {}
    asked = {change_id: change_id for change_id in change_ids}
    while asked:
        rows = session.exec(
            select(ChangeRow)
            .where(col(ChangeRow.corrects).in_(sorted(asked)))
            .order_by(col(ChangeRow.created_at), col(ChangeRow.sequence))
        ).all()
        # Sorted out here: asked for the status, SQLite would go through all that are published.
        for row in rows:
            if row.status == ChangeStatus.PUBLISHED.value:
                found[asked[str(row.corrects)]] = change_of(row)
        asked = {
            row.id: origin
            for row in rows
            if row.status == ChangeStatus.CORRECTED.value
            and (origin := asked[str(row.corrects)]) not in found
        }
    return found


def change(session: Session, change_id: str) -> Change | None:
    """Return the change of ``change_id``, or None."""
    row = session.exec(select(ChangeRow).where(ChangeRow.id == change_id)).first()
    return change_of(row) if row else None


def changes_of(session: Session, change_ids: Collection[str]) -> list[Change]:
    """Return those of ``change_ids`` that are known, in the order in which they were recorded."""
    if not change_ids:
        return []
    query = select(ChangeRow).where(col(ChangeRow.id).in_(sorted(change_ids)))
    return [change_of(row) for row in session.exec(query.order_by(col(ChangeRow.sequence)))]


def change_of(row: ChangeRow) -> Change:
    """Return the change of its row."""
    return Change(
        id=row.id,
        kind=ChangeKind(row.kind),
        cause=Cause(row.cause) if row.cause else None,
        country=row.country,
        edition=row.edition,
        headline=row.headline,
        created_at=row.created_at,
        measure=Measure(row.measure) if row.measure else None,
        form=Form(row.form) if row.form else None,
        old=row.old,
        new=row.new,
        direction=Direction(row.direction) if row.direction else None,
        status=ChangeStatus(row.status),
        source_url=row.source_url,
        source_url_old=row.source_url_old,
        evidence_old=row.evidence_old,
        evidence_new=row.evidence_new,
        snapshot_old=row.snapshot_old,
        snapshot_new=row.snapshot_new,
        significance=row.significance,
        corrects=row.corrects,
        detail=row.detail,
    )


def _sources(claim: Change) -> list[dict[str, object]]:
    sources = claim.detail.get("sources")
    return [source for source in sources if isinstance(source, dict)] if isinstance(sources, list) else []


def _values(change: Change) -> dict[str, Any]:
    return {
        "id": change.id,
        "kind": change.kind.value,
        "cause": change.cause.value if change.cause else None,
        "country": change.country,
        "edition": change.edition,
        "measure": change.measure.value if change.measure else None,
        "form": change.form.value if change.form else None,
        "old": change.old,
        "new": change.new,
        "direction": change.direction.value if change.direction else None,
        "status": change.status.value,
        "headline": change.headline,
        "source_url": change.source_url,
        "source_url_old": change.source_url_old,
        "evidence_old": change.evidence_old,
        "evidence_new": change.evidence_new,
        "snapshot_old": change.snapshot_old,
        "snapshot_new": change.snapshot_new,
        "detail": dict(change.detail),
        "created_at": change.created_at,
        "significance": change.significance,
        "corrects": change.corrects,
    }
