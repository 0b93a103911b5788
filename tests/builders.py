"""Makes domain values for tests: every argument has a plain default, a test names what it is about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from monitor.comparison.state import ReadDocument
from monitor.domain.change import Cause, Change, ChangeKind, change_id
from monitor.domain.country import Countries, Country
from monitor.domain.document import Document
from monitor.domain.figure import Evidence, Figure, Measure, Status
from monitor.domain.reading import DocumentKind, Reading
from monitor.domain.subscription import Subscription
from monitor.domain.tier import Tier, TierReading

NOW = datetime(2013, 6, 20, 12, 0, tzinfo=UTC)

COUNTRIES = Countries(
    [
        Country("ARG", "Argentina", "WHA", ("Argentina",), ("Argentine",), ("argentina",), ("Buenos Aires",)),
        Country("BOL", "Bolivia", "WHA", ("Bolivia",), ("Bolivian",), ("bolivia",), ("La Paz",)),
        Country("BRA", "Brazil", "WHA", ("Brazil",), ("Brazilian",), ("brazil",), ("Brasilia",)),
    ]
)


def evidence(text: str = "A sentence of ours.") -> Evidence:
    return Evidence(text, 0, len(text))


def figure(value: int | None = 17, measure: Measure = Measure.CONVICTIONS, **fields: Any) -> Figure:
    """A figure of Argentina; ``value`` None makes it unreported."""
    text = fields.pop("sentence", f"{measure.value}: {value}.")
    fields.setdefault("country", "ARG")
    status = Status.UNREPORTED if value is None else Status.REPORTED
    return Figure(measure=measure, value=value, status=status, evidence=evidence(text), **fields)


def tier(value: Tier = Tier.TWO, **fields: Any) -> TierReading:
    return TierReading(value, evidence(f"It is placed on {value.label}."), **fields)


def narrative(
    edition: int = 2013,
    *figures: Figure,
    country: str = "ARG",
    tier: TierReading | None = None,
    text: str | None = None,
    revision: int = 1,
) -> ReadDocument:
    document = Document(
        kind=DocumentKind.NARRATIVE,
        url=f"https://report.example/{edition}/{country.lower()}/",
        title=country,
        text=text if text is not None else f"{country} {edition}",
        source_key="tip",
        snapshot_sha256=f"{edition:064d}",
        country=country,
        edition=edition,
    )
    reading = Reading(DocumentKind.NARRATIVE, country, edition, tier, figures, ())
    return ReadDocument(document, reading, revision)


def article(
    *figures: Figure, identity: str = "guid-1", title: str = "A report on trafficking"
) -> ReadDocument:
    document = Document(
        kind=DocumentKind.NEWS,
        url=f"https://news.example/{identity}",
        title=title,
        text="An article of ours.",
        source_key="news",
        snapshot_sha256="a" * 64,
        identity=identity,
    )
    return ReadDocument(document, Reading(DocumentKind.NEWS, None, None, None, figures, ()))


def change(kind: ChangeKind = ChangeKind.FIGURE_CHANGED, **fields: Any) -> Change:
    """A change of Argentina's convictions from 31 to 17."""
    values: dict[str, Any] = {
        "cause": Cause.NEW_EDITION,
        "country": "ARG",
        "edition": 2013,
        "headline": "Argentina: 17 convictions in 2012, down from 31",
        "created_at": NOW,
        "measure": Measure.CONVICTIONS if kind is ChangeKind.FIGURE_CHANGED else None,
        "old": 31,
        "new": 17,
    } | fields
    values.setdefault("id", change_id(kind, *sorted(values.items(), key=lambda item: item[0])))
    return Change(kind=kind, **values)


def subscription(address: str = "ana@example.org", **fields: Any) -> Subscription:
    values: dict[str, Any] = {"created_at": datetime(2013, 1, 1, tzinfo=UTC)} | fields
    values.setdefault("confirmed_at", values["created_at"])
    return Subscription(address=address, **values)
