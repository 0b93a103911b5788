"""Makes a store of a given size: invented countries' worth of narratives, readings, articles, changes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.domain.change import change_id
from monitor.domain.country import Countries
from monitor.domain.figure import CORE_MEASURES, Form, Measure
from monitor.storage.database import Database
from monitor.storage.rows import Row
from monitor.storage.schema import migrate

EDITIONS = range(2001, 2026)
EXTRACTOR_VERSIONS = ("1", "2", "3", "4")
"""All but the last are superseded: observations are kept for good."""
FIGURES_OF_AN_ARTICLE = 4
NOW = datetime(2026, 1, 1, tzinfo=UTC)
_MEASURES = (*CORE_MEASURES, Measure.ARRESTS, Measure.SENTENCES, Measure.INSPECTIONS)
_BATCH = 20_000
_SHA = "0" * 64


def fill(database: Database, countries: Countries, observations: int) -> None:
    """Migrate ``database`` and store ``observations`` observations, seven tenths of them of narratives."""
    migrate(database)
    chance = random.Random(7)  # noqa: S311 - figures for a benchmark, the same in every run
    narratives = [(country, edition) for country in countries for edition in EDITIONS]
    per_reading = max(1, observations * 7 // 10 // (len(narratives) * len(EXTRACTOR_VERSIONS)))
    of_narratives = per_reading * len(narratives) * len(EXTRACTOR_VERSIONS)
    articles = max(0, observations - of_narratives) // FIGURES_OF_AN_ARTICLE
    _insert(database, "snapshot", [_snapshot()])
    _insert(database, "edition", (_edition(year) for year in EDITIONS))
    _insert(database, "document", (_narrative(n, *key) for n, key in enumerate(narratives, 1)))
    _insert(database, "document", (_article(len(narratives) + n) for n in range(1, articles + 1)))
    _insert(database, "reading", _readings(narratives, articles))
    _insert(database, "tier_reading", _tiers(narratives, chance))
    _insert(
        database, "observation", _observations(narratives, articles, per_reading, list(countries), chance)
    )
    _insert(database, "change", _changes(countries, articles, chance))
    with database.engine.connect() as connection:
        if database.is_sqlite:
            connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _insert(database: Database, table: str, rows: Any) -> None:
    batch: list[dict[str, Any]] = []
    target = Row.metadata.tables[table]
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            with database.transaction() as session:
                session.connection().execute(target.insert(), batch)
            batch = []
    if batch:
        with database.transaction() as session:
            session.connection().execute(target.insert(), batch)


def _snapshot() -> dict[str, Any]:
    address = "https://example.org/"
    return {
        "sha256": _SHA,
        "size": 0,
        "media_type": "text/html",
        "url": address,
        "final_url": address,
        "fetched_at": NOW,
        "compressed": b"",
    }


def _edition(year: int) -> dict[str, Any]:
    return {
        "year": year,
        "url": f"https://example.org/{year}/",
        "title": f"{year} report",
        "first_seen_at": NOW,
    }


def _document(number: int, kind: str, **fields: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": number,
        "subject_key": f"{kind}:{number}",
        "revision": 1,
        "kind": kind,
        "country": None,
        "edition": None,
        "identity": None,
        "url": f"https://example.org/{kind}/{number}/",
        "title": f"Document {number}",
        "body": "A text that no page shows. " * 40,
        "body_sha256": f"{number:064x}",
        "source_key": "tip",
        "snapshot_sha256": _SHA,
        "published_at": None,
        "first_seen_at": NOW,
        "superseded_at": None,
    }
    return values | fields


def _narrative(number: int, country: str, edition: int) -> dict[str, Any]:
    return _document(number, "narrative", country=country, edition=edition)


def _article(number: int) -> dict[str, Any]:
    return _document(number, "news", identity=f"article {number}", published_at=NOW)


def _readings(narratives: list[tuple[str, int]], articles: int) -> Iterator[dict[str, Any]]:
    number = 0
    for document, (country, edition) in enumerate(narratives, 1):
        for version in EXTRACTOR_VERSIONS:
            number += 1
            yield {
                "id": number,
                "document_id": document,
                "extractor_version": version,
                "kind": "narrative",
                "country": country,
                "edition": edition,
                "seen_at": NOW,
                "superseded_at": None if version == EXTRACTOR_VERSIONS[-1] else NOW,
            }
    for article in range(1, articles + 1):
        number += 1
        yield {
            "id": number,
            "document_id": len(narratives) + article,
            "extractor_version": EXTRACTOR_VERSIONS[-1],
            "kind": "news",
            "country": None,
            "edition": None,
            "seen_at": NOW,
            "superseded_at": None,
        }


def _tiers(narratives: list[tuple[str, int]], chance: random.Random) -> Iterator[dict[str, Any]]:
    for number in range(1, len(narratives) * len(EXTRACTOR_VERSIONS) + 1):
        yield {
            "reading_id": number,
            "tier": chance.choice(["1", "2", "2", "2WL", "3"]),
            "movement": None,
            "watch_list_years": None,
            "evidence_text": "Placed.",
            "evidence_start": 0,
            "evidence_end": 7,
        }


def _observations(
    narratives: list[tuple[str, int]],
    articles: int,
    per_reading: int,
    codes: list[str],
    chance: random.Random,
) -> Iterator[dict[str, Any]]:
    reading = 0
    for country, edition in narratives:
        for _ in EXTRACTOR_VERSIONS:
            reading += 1
            for ordinal in range(per_reading):
                # Two figures a sentence, as narratives have them.
                yield _observation(reading, ordinal, ordinal // 2, country, edition, chance)
    for _ in range(articles):
        reading += 1
        country = chance.choice(codes)
        for ordinal in range(FIGURES_OF_AN_ARTICLE):
            yield _observation(reading, ordinal, ordinal, country, 2025, chance)


def _observation(
    reading: int, ordinal: int, place: int, country: str, edition: int, chance: random.Random
) -> dict[str, Any]:
    measure = _MEASURES[(ordinal // 2) % len(_MEASURES)]
    unreported = chance.random() < 0.1
    sentence = (
        f"In sentence {place} of the {edition} report of {country} the government said that courts, "
        f"prosecutors or police had counted {measure.value.replace('_', ' ')}."
    )
    start = place * 300
    return {
        "reading_id": reading,
        "ordinal": ordinal,
        "country": country,
        "measure": measure.value,
        "value": None if unreported else chance.choice([0, 3, 17, 152, 1204]),
        "maximum": None,
        "currency": None,
        "form": (Form.ALL, Form.SEX, Form.LABOR)[ordinal % 3].value,
        "unit": "cases",
        "relation": "previous" if ordinal % 5 == 4 else "current",
        "year": None,
        "status": "unreported" if unreported else "reported",
        "qualifier": "exact",
        "stage": "any",
        "accused": "any",
        "reporter": "government",
        "victim_group": "all",
        "confidence": "high",
        "report_edition": None,
        "evidence_text": sentence,
        "evidence_start": start,
        "evidence_end": start + len(sentence),
    }


def _changes(countries: Countries, articles: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    for edition in EDITIONS[1:]:
        for country in countries.values():
            for measure in CORE_MEASURES:
                old, new = chance.randrange(200), chance.randrange(200)
                yield _change(
                    country.iso3,
                    edition,
                    measure,
                    old,
                    new,
                    kind="figure_changed",
                    cause="new_edition",
                    headline=f"{country.name}: {new} {measure.value} in the {edition} report",
                    created_at=NOW - timedelta(days=365 * (2025 - edition)),
                    detail={},
                )
    codes = list(countries)
    for number in range(articles):
        country = countries[chance.choice(codes)]
        yield _change(
            country.iso3,
            2025,
            Measure.CONVICTIONS,
            17,
            number % 90,
            kind="claim_made",
            cause=None,
            headline=f"{country.name}: a news article states {number % 90} convictions",
            created_at=NOW + timedelta(minutes=number),
            detail={"relation": "differs", "number": number},
        )


def _change(
    country: str, edition: int, measure: Measure, old: int, new: int, **fields: Any
) -> dict[str, Any]:
    sentence = f"The government reported {{}} {measure.value}, and said in which courts and for what crimes."
    values: dict[str, Any] = {
        "id": change_id(country, edition, measure, fields["kind"], fields["detail"].get("number")),
        "country": country,
        "edition": edition,
        "measure": measure.value,
        "form": "all",
        "old": old,
        "new": new,
        "direction": "up" if new > old else "down",
        "status": "published",
        "source_url": f"https://example.org/{edition}/{country}/",
        "source_url_old": f"https://example.org/{edition - 1}/{country}/",
        "evidence_old": sentence.format(old),
        "evidence_new": sentence.format(new),
        "snapshot_old": _SHA,
        "snapshot_new": _SHA,
        "significance": 0.5,
        "corrects": None,
    }
    return values | fields
