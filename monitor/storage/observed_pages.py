"""Lists the figures in force page by page: each page begins right after the place where the last ended."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Select, literal, tuple_
from sqlmodel import Session, col

from monitor.domain.figure import Evidence, Measure
from monitor.domain.reading import DocumentKind
from monitor.storage.observations import ObservedFigure, observed_columns, observed_figure
from monitor.storage.rows import DocumentRow, ObservationRow, ReadingRow

_BATCH = 1_000

FigurePlace = tuple[str, int, int, int]
"""Country, edition, document and number of a figure of a narrative, in the order of listings."""
ClaimPlace = tuple[int, int]
"""Document and number of a figure of an article."""
PassagePlace = tuple[str, int, int, int, int]
"""Country, edition, document, start and end of a passage."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which figures are listed; empty filters let everything through.

    ``countries`` (ISO3) and ``editions`` are the narrative's, of articles the figure's own country.
    """

    countries: Collection[str] = ()
    editions: Collection[int] = ()
    measures: Collection[Measure] = ()
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of a narrative with all that was read in it; ``place`` is where listings go on after it."""

    place: PassagePlace
    evidence: Evidence
    figures: tuple[ObservedFigure, ...]


def figures_page(
    session: Session, wanted: Wanted, *, after: FigurePlace | None, limit: int
) -> list[tuple[FigurePlace, ObservedFigure]]:
    """Return up to ``limit`` figures of narratives, by country, edition and number, after a place."""
    order = (
        col(DocumentRow.country),
        col(DocumentRow.edition),
        col(DocumentRow.id),
        col(ObservationRow.ordinal),
    )
    query = _narrowed(observed_columns(DocumentKind.NARRATIVE), wanted)
    found = session.execute(_page(query, order, after).limit(limit))
    return [
        ((row.document_country, row.document_edition, row.document_id, row.ordinal), observed_figure(row))
        for row in found
    ]


def claims_page(
    session: Session, wanted: Wanted, *, after: ClaimPlace | None, limit: int
) -> list[tuple[ClaimPlace, ObservedFigure]]:
    """Return up to ``limit`` figures of articles, the article first seen first, after a place."""
    query = _narrowed(observed_columns(DocumentKind.NEWS), wanted, of_document=False)
    found = session.execute(
        _page(query, (col(DocumentRow.id), col(ObservationRow.ordinal)), after).limit(limit)
    )
    return [((row.document_id, row.ordinal), observed_figure(row)) for row in found]


def passages_page(
    session: Session, wanted: Wanted, *, after: PassagePlace | None, limit: int
) -> list[Passage]:
    """Return up to ``limit`` passages of narratives, by country, edition and place, after a place."""
    order = (
        col(DocumentRow.country),
        col(DocumentRow.edition),
        col(DocumentRow.id),
        col(ObservationRow.evidence_start),
        col(ObservationRow.evidence_end),
    )
    query = _narrowed(observed_columns(DocumentKind.NARRATIVE), wanted)
    found: list[Passage] = []
    while len(found) < limit:
        rows = list(
            session.execute(_page(query, order, after).order_by(col(ObservationRow.ordinal)).limit(_BATCH))
        )
        passages = [_passage(place, list(group)) for place, group in groupby(rows, key=_place_of)]
        if len(rows) < _BATCH:
            found += passages
            break
        # The last one may go on in the next batch; a span alone cannot hold a batch of figures.
        found += passages[:-1] or passages
        after = found[-1].place
    return found[:limit]


def _narrowed(query: Select[Any], wanted: Wanted, *, of_document: bool = True) -> Select[Any]:
    if wanted.countries:
        country = col(DocumentRow.country) if of_document else col(ObservationRow.country)
        query = query.where(country.in_(wanted.countries))
    if wanted.editions:
        query = query.where(col(DocumentRow.edition).in_(wanted.editions))
    if wanted.measures:
        query = query.where(col(ObservationRow.measure).in_([measure.value for measure in wanted.measures]))
    if wanted.since is not None:
        query = query.where(col(ReadingRow.seen_at) >= wanted.since)
    return query


def _page(query: Select[Any], order: tuple[Any, ...], after: tuple[Any, ...] | None) -> Select[Any]:
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*(literal(part) for part in after)))
        # Said once more, so that an index on the first column leads there.
        query = query.where(order[0] >= after[0])
    return query.order_by(*order)


def _place_of(row: Any) -> PassagePlace:
    return (
        row.document_country,
        row.document_edition,
        row.document_id,
        row.evidence_start,
        row.evidence_end,
    )


def _passage(place: PassagePlace, rows: list[Any]) -> Passage:
    figures = tuple(observed_figure(row) for row in rows)
    return Passage(place, figures[0].figure.evidence, figures)
