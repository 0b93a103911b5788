"""Decides the JSON shapes in which changes, figures and readings leave the product.

Commands and the API print the same objects: the fields and their order are public.
"""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.domain.change import Change
from monitor.domain.figure import Evidence, Figure, Measure
from monitor.domain.reading import ExtractionIssue, Reading
from monitor.domain.tier import TierReading

SCHEMA = 1
"""The version of ``reading_json``'s object; it changes when a field leaves or changes its meaning."""


def public_address(address: str | None) -> str | None:
    """Return where readers find a document; None where it was imported from a file of this machine."""
    return address if address and address.lower().startswith(("http://", "https://")) else None


def change_json(change: Change) -> dict[str, object]:
    """Return ``change`` as a JSON object; fields that its kind has no use for are null."""
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
        "created_at": instant_json(change.created_at),
        "source_url": change.source_url,
        "evidence_old": change.evidence_old,
        "evidence_new": change.evidence_new,
        "headline": change.headline,
    }


def figure_json(figure: Figure) -> dict[str, object]:
    """Return ``figure`` as a JSON object.

    ``maximum`` follows only on ``penalty_years``, ``currency`` only on ``funding``, and
    ``report_edition`` only on figures that a news text attributes to an edition.
    """
    shape: dict[str, object] = {
        "country": figure.country,
        "measure": figure.measure.value,
        "form": figure.form.value,
        "unit": figure.unit.value,
        "relation": figure.relation.value,
        "year": figure.year,
        "value": figure.value,
        "status": figure.status.value,
        "qualifier": figure.qualifier.value,
        "stage": figure.stage.value,
        "accused": figure.accused.value,
        "reporter": figure.reporter.value,
        "group": figure.group.value,
        "confidence": figure.confidence.value,
        "evidence": evidence_json(figure.evidence),
    }
    if figure.measure is Measure.PENALTY_YEARS:
        shape["maximum"] = figure.maximum
    if figure.measure is Measure.FUNDING:
        shape["currency"] = figure.currency
    if figure.report_edition is not None:
        shape["report_edition"] = figure.report_edition
    return shape


def reading_json(reading: Reading) -> dict[str, object]:
    """Return all that one document gave as the object that ``extract --format json`` prints."""
    return {
        "schema": SCHEMA,
        "kind": reading.kind.value,
        "country": reading.country,
        "edition": reading.edition,
        "tier": tier_json(reading.tier) if reading.tier else None,
        "figures": [figure_json(figure) for figure in reading.figures],
        "issues": [_issue_json(issue) for issue in reading.issues],
    }


def tier_json(tier: TierReading) -> dict[str, object]:
    """Return what a text says of a tier as a JSON object."""
    return {
        "value": tier.value.value,
        "movement": tier.movement.value if tier.movement else None,
        "watch_list_years": tier.watch_list_years,
        "evidence": evidence_json(tier.evidence),
    }


def evidence_json(evidence: Evidence) -> dict[str, object]:
    """Return a span as a JSON object; offsets count characters of the document's text."""
    return {"text": evidence.text, "start": evidence.start, "end": evidence.end}


def instant_json(instant: datetime) -> str:
    """Return an aware time as RFC 3339 in UTC, to the second: ``2026-06-30T08:00:00Z``."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _issue_json(issue: ExtractionIssue) -> dict[str, object]:
    return {"code": issue.code.value, **evidence_json(issue.evidence)}
