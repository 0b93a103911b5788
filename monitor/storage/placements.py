"""Answers for the placements in force: those read in current narratives, else those of the baseline."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from monitor.domain.reading import DocumentKind
from monitor.domain.tier import Movement, Tier, TierPlacement
from monitor.storage.inserts import insert_new
from monitor.storage.rows import BaselinePlacementRow, DocumentRow, ReadingRow, TierReadingRow


def placements(
    session: Session,
    *,
    country: str | None = None,
    edition: int | None = None,
    only: Collection[str] | None = None,
) -> list[TierPlacement]:
    """Return the placements by country and edition; ``only`` limits them to countries (ISO3).

    They come from current narratives; where no narrative has one, from the baseline, marked
    ``secondary``.
    """
    read = (
        select(
            col(DocumentRow.country),
            col(DocumentRow.edition),
            col(TierReadingRow.tier),
            col(TierReadingRow.movement),
            col(TierReadingRow.watch_list_years),
        )
        .join(ReadingRow, col(ReadingRow.document_id) == col(DocumentRow.id))
        .join(TierReadingRow, col(TierReadingRow.reading_id) == col(ReadingRow.id))
        .where(
            col(DocumentRow.kind) == DocumentKind.NARRATIVE.value,
            col(DocumentRow.superseded_at).is_(None),
            col(ReadingRow.superseded_at).is_(None),
        )
    )
    baseline = select(
        col(BaselinePlacementRow.country),
        col(BaselinePlacementRow.edition),
        col(BaselinePlacementRow.tier),
        col(BaselinePlacementRow.movement),
        col(BaselinePlacementRow.watch_list_years),
    )
    if country is not None:
        read = read.where(col(DocumentRow.country) == country)
        baseline = baseline.where(col(BaselinePlacementRow.country) == country)
    if only is not None:
        read = read.where(col(DocumentRow.country).in_(sorted(only)))
        baseline = baseline.where(col(BaselinePlacementRow.country).in_(sorted(only)))
    if edition is not None:
        read = read.where(col(DocumentRow.edition) == edition)
        baseline = baseline.where(col(BaselinePlacementRow.edition) == edition)
    found = {(row.country, row.edition): _placement(row, secondary=True) for row in session.execute(baseline)}
    found |= {(row.country, row.edition): _placement(row, secondary=False) for row in session.execute(read)}
    return [found[key] for key in sorted(found)]


def placed_editions(session: Session) -> list[int]:
    """Return the editions of which a narrative or a placement of the baseline is stored, the newest first."""
    # Only narratives have an edition: the index alone answers.
    read = select(col(DocumentRow.edition)).where(col(DocumentRow.edition).is_not(None))
    found = {*session.scalars(read.distinct())}
    found |= {*session.scalars(select(col(BaselinePlacementRow.edition)).distinct())}
    return sorted((edition for edition in found if edition is not None), reverse=True)


def add_baseline(session: Session, placements: Iterable[TierPlacement]) -> int:
    """Make ``placements`` part of the baseline; return how many are new or differ from before."""
    rows = {(row.country, row.edition): row for row in session.scalars(select(BaselinePlacementRow))}
    new: dict[tuple[str, int], dict[str, Any]] = {}
    changed = 0
    for placement in placements:
        values = (
            placement.tier.value,
            placement.movement.value if placement.movement else None,
            placement.watch_list_years,
        )
        key = placement.country, placement.edition
        row = rows.get(key)
        if row is None:
            names = ("country", "edition", "tier", "movement", "watch_list_years")
            new[key] = dict(zip(names, (*key, *values), strict=True))
        elif (row.tier, row.movement, row.watch_list_years) != values:
            row.tier, row.movement, row.watch_list_years = values
            changed += 1
    session.flush()
    # Where two processes start at once, the second finds them there.
    added = insert_new(
        session, BaselinePlacementRow, list(new.values()), returning=col(BaselinePlacementRow.country)
    )
    return changed + len(added)


def _placement(row: Any, *, secondary: bool) -> TierPlacement:
    return TierPlacement(
        country=row.country,
        edition=row.edition,
        tier=Tier(row.tier),
        movement=Movement(row.movement) if row.movement else None,
        watch_list_years=row.watch_list_years,
        secondary=secondary,
    )
