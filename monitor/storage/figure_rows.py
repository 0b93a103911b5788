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

# A page reads hundreds of figures: looking a member up costs a fifth of calling its enum.
_MEASURES = {member.value: member for member in Measure}
_FORMS = {member.value: member for member in Form}
_UNITS = {member.value: member for member in Unit}
_RELATIONS = {member.value: member for member in Relation}
_STATUSES = {member.value: member for member in Status}
_QUALIFIERS = {member.value: member for member in Qualifier}
_STAGES = {member.value: member for member in Stage}
_ACCUSED = {member.value: member for member in Accused}
_REPORTERS = {member.value: member for member in Reporter}
_GROUPS = {member.value: member for member in Group}
_CONFIDENCES = {member.value: member for member in Confidence}


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
        measure=_MEASURES[row.measure],
        value=row.value,
        evidence=evidence_of(row),
        form=_FORMS[row.form],
        unit=_UNITS[row.unit],
        relation=_RELATIONS[row.relation],
        year=row.year,
        status=_STATUSES[row.status],
        qualifier=_QUALIFIERS[row.qualifier],
        stage=_STAGES[row.stage],
        accused=_ACCUSED[row.accused],
        reporter=_REPORTERS[row.reporter],
        group=_GROUPS[row.victim_group],
        confidence=_CONFIDENCES[row.confidence],
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
