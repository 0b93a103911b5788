"""Turns what was read in a text into values of rows, and back, without losing a field."""

from __future__ import annotations

from typing import Any

from monitor.domain.figure import (
    Accused,
    Confidence,
    Evidence,
    Figure,
    Form,
    Group,
    Measure,
    Qualifier,
    Relation,
    Reporter,
    Stage,
    Status,
    Unit,
)
from monitor.domain.reading import ExtractionIssue, IssueCode
from monitor.domain.tier import Movement, Tier, TierReading


def figure_values(figure: Figure) -> dict[str, Any]:
    """Return ``figure`` as values of columns."""
    return {
        "country": figure.country,
        "measure": figure.measure.value,
        "value": figure.value,
        "maximum": figure.maximum,
        "currency": figure.currency,
        "form": figure.form.value,
        "unit": figure.unit.value,
        "relation": figure.relation.value,
        "year": figure.year,
        "status": figure.status.value,
        "qualifier": figure.qualifier.value,
        "stage": figure.stage.value,
        "accused": figure.accused.value,
        "reporter": figure.reporter.value,
        "victim_group": figure.group.value,
        "confidence": figure.confidence.value,
        "report_edition": figure.report_edition,
        **evidence_values(figure.evidence),
    }


def figure_of(row: Any) -> Figure:
    """Return the figure of an observation's row."""
    return Figure(
        country=row.country,
        measure=Measure(row.measure),
        value=row.value,
        evidence=evidence_of(row),
        form=Form(row.form),
        unit=Unit(row.unit),
        relation=Relation(row.relation),
        year=row.year,
        status=Status(row.status),
        qualifier=Qualifier(row.qualifier),
        stage=Stage(row.stage),
        accused=Accused(row.accused),
        reporter=Reporter(row.reporter),
        group=Group(row.victim_group),
        confidence=Confidence(row.confidence),
        maximum=row.maximum,
        currency=row.currency,
        report_edition=row.report_edition,
    )


def tier_values(tier: TierReading) -> dict[str, Any]:
    """Return ``tier`` as values of columns."""
    return {
        "tier": tier.value.value,
        "movement": tier.movement.value if tier.movement else None,
        "watch_list_years": tier.watch_list_years,
        **evidence_values(tier.evidence),
    }


def tier_of(row: Any) -> TierReading:
    """Return the tier of a tier reading's row."""
    return TierReading(
        value=Tier(row.tier),
        evidence=evidence_of(row),
        movement=Movement(row.movement) if row.movement else None,
        watch_list_years=row.watch_list_years,
    )


def issue_values(issue: ExtractionIssue) -> dict[str, Any]:
    """Return ``issue`` as values of columns."""
    return {"code": issue.code.value, "detail": issue.detail, **evidence_values(issue.evidence)}


def issue_of(row: Any) -> ExtractionIssue:
    """Return the issue of an extraction issue's row."""
    return ExtractionIssue(IssueCode(row.code), evidence_of(row), row.detail)


def evidence_values(evidence: Evidence) -> dict[str, Any]:
    """Return ``evidence`` as values of columns."""
    return {
        "evidence_text": evidence.text,
        "evidence_start": evidence.start,
        "evidence_end": evidence.end,
    }


def evidence_of(row: Any) -> Evidence:
    """Return the evidence of a row."""
    return Evidence(row.evidence_text, row.evidence_start, row.evidence_end)
