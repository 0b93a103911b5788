"""A person's last word: why a change is held, what was decided, and what was corrected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.domain.figure import Form, Measure, Relation


class Doubt(StrEnum):
    """Why a change is held back until a person has looked at it."""

    LOW_CONFIDENCE = "low_confidence"
    IMPLAUSIBLE_JUMP = "implausible_jump"
    CONFLICTING_CANDIDATES = "conflicting_candidates"
    COVERAGE_COLLAPSE = "coverage_collapse"
    CORRECTION_OUTDATED = "correction_outdated"


class Decision(StrEnum):
    APPROVED = "approved"
    REJECTED = "rejected"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Review:
    """One decision on a change. Times are UTC."""

    change_id: str
    decision: Decision
    reviewer: str
    decided_at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a person read in a sentence of a narrative, over whatever an extractor reads there.

    Of a figure where ``measure`` is set: ``value`` is its number, ``"unreported"``, or null where the
    sentence gives no such figure at all. Of the tier where ``measure`` is null: ``value`` is the tier.
    ``original`` is what had been read. It holds as long as ``sentence`` stands in the narrative.
    """

    country: str
    edition: int
    measure: Measure | None
    form: Form
    relation: Relation
    value: int | str | None
    original: int | str | None
    sentence: str
    reviewer: str
    decided_at: datetime
    reason: str
