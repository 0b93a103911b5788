"""Reads what comparisons need, for one country or for all at once, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session, col

from monitor.comparison.headline import rank_of_number
from monitor.comparison.state import CountryRecord, ReadDocument, Series
from monitor.domain.country import Countries
from monitor.domain.document import Document
from monitor.domain.figure import (
    CORE_MEASURES,
    Accused,
    Figure,
    Form,
    Group,
    Measure,
    Relation,
    Reporter,
    Status,
)
from monitor.domain.reading import DocumentKind, Reading
from monitor.domain.tier import TierPlacement
from monitor.domain.watch_list import TierRules
from monitor.storage.figure_rows import figure_of, tier_of
from monitor.storage.placements import placements
from monitor.storage.rows import DocumentRow, ObservationRow, ReadingRow, TierReadingRow


def read_narratives(
    session: Session, editions: Collection[int] | None, *, only: Collection[str] | None = None
) -> dict[tuple[str, int], ReadDocument]:
    """Return the current narratives of ``editions``, or of all, with what was read in them.

    By (country, edition); ``only`` limits them to countries (ISO3). Three queries, however many
    countries. Texts and issues are left out: comparing editions needs none.
    """
    wanted: list[Any] = []
    if editions is not None:
        wanted.append(col(DocumentRow.edition).in_(sorted(editions)))
    if only is not None:
        wanted.append(col(DocumentRow.country).in_(sorted(only)))
    documents = list(
        session.execute(
            _current(
                col(ReadingRow.id).label("reading_id"),
                col(DocumentRow.country),
                col(DocumentRow.edition),
                col(DocumentRow.revision),
                col(DocumentRow.url),
                col(DocumentRow.title),
                col(DocumentRow.source_key),
                col(DocumentRow.snapshot_sha256),
            ).where(*wanted)
        )
    )
    tier_columns = TierReadingRow.metadata.tables["tier_reading"].c
    tiers = {
        row.reading_id: tier_of(row)
        for row in session.execute(
            _current(*tier_columns)
            .join(TierReadingRow, col(TierReadingRow.reading_id) == col(ReadingRow.id))
            .where(*wanted)
        )
    }
    observation = ObservationRow.metadata.tables["observation"].c
    figures: dict[int, list[Figure]] = {}
    for row in session.execute(
        _current(*observation)
        .join(ObservationRow, col(ObservationRow.reading_id) == col(ReadingRow.id))
        .where(*wanted)
        .order_by(observation.reading_id, observation.ordinal)
    ):
        figures.setdefault(row.reading_id, []).append(figure_of(row))
    return {
        (row.country, row.edition): ReadDocument(
            Document(
                kind=DocumentKind.NARRATIVE,
                url=row.url,
                title=row.title,
                text="",
                source_key=row.source_key,
                snapshot_sha256=row.snapshot_sha256,
                country=row.country,
                edition=row.edition,
            ),
            Reading(
                kind=DocumentKind.NARRATIVE,
                country=row.country,
                edition=row.edition,
                tier=tiers.get(row.reading_id),
                figures=tuple(figures.get(row.reading_id, ())),
                issues=(),
            ),
            row.revision,
        )
        for row in documents
    }


def country_records(
    session: Session,
    edition: int,
    *,
    rules: TierRules,
    countries: Countries,
    only: Collection[str] | None = None,
) -> dict[str, CountryRecord]:
    """Return what is known of every country, or ``only`` of some, when ``edition`` is compared.

    Three queries, however many countries; a country of which nothing is known is left out.
    """
    placed: dict[str, dict[int, TierPlacement]] = {}
    for each in placements(session, only=only):
        placed.setdefault(each.country, {})[each.edition] = each
    series = _series(session, only)
    return {
        code: CountryRecord(
            placements=placed.get(code, {}),
            series=series.get(code, {}),
            rules=rules,
            predecessor=countries.name_of(before)
            if (before := rules.predecessor_of(code, edition))
            else None,
        )
        for code in placed.keys() | series.keys()
    }


def country_record(
    session: Session, country: str, edition: int, *, rules: TierRules, countries: Countries
) -> CountryRecord:
    """Return what is known of ``country`` when its narrative of ``edition`` is compared."""
    known = country_records(session, edition, rules=rules, countries=countries, only=(country,))
    return known.get(country, CountryRecord(rules=rules))


def _name(country: str | None, countries: Countries) -> str | None:
    return None if country is None else countries.name_of(country)


def _series(session: Session, only: Collection[str] | None) -> dict[str, Series]:
    """The headline numbers of every edition, by country."""
    observation = ObservationRow.metadata.tables["observation"].c
    query = (
        _current(
            col(DocumentRow.country).label("place"),
            col(DocumentRow.edition).label("edition"),
            observation.measure,
            observation.form,
            observation.value,
            observation.unit,
            observation.stage,
            observation.qualifier,
            observation.confidence,
        )
        .join(ObservationRow, col(ObservationRow.reading_id) == col(ReadingRow.id))
        .where(
            observation.measure.in_([measure.value for measure in CORE_MEASURES]),
            observation.relation == Relation.CURRENT.value,
            observation.status == Status.REPORTED.value,
            observation.accused == Accused.ANY.value,
            observation.reporter == Reporter.GOVERNMENT.value,
            observation.victim_group == Group.ALL.value,
        )
    )
    if only is not None:
        query = query.where(col(DocumentRow.country).in_(sorted(only)))
    return _best(session.execute(query))


def _best(rows: Iterable[Any]) -> dict[str, Series]:
    best: dict[tuple[str, str, str, int], tuple[tuple[int | bool, ...], int]] = {}
    for place, edition, measure, form, value, unit, stage, qualifier, confidence in rows:
        key = (place, measure, form, edition)
        rank = rank_of_number(
            measure, unit=unit, stage=stage, qualifier=qualifier, confidence=confidence, value=value
        )
        if key not in best or rank < best[key][0]:
            best[key] = (rank, value)
    series: dict[str, dict[tuple[Measure, Form], dict[int, int]]] = {}
    for (place, measure, form, edition), (_, value) in best.items():
        series.setdefault(place, {}).setdefault((Measure(measure), Form(form)), {})[edition] = value
    return dict(series)


def _current(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(DocumentRow)
        .join(ReadingRow, col(ReadingRow.document_id) == col(DocumentRow.id))
        .where(
            col(DocumentRow.kind) == DocumentKind.NARRATIVE.value,
            col(DocumentRow.superseded_at).is_(None),
            col(ReadingRow.superseded_at).is_(None),
        )
    )
