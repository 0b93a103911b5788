"""What the extractor gave for one document."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from monitor.domain.figure import Evidence, Figure
from monitor.domain.tier import TierReading


class DocumentKind(StrEnum):
    NARRATIVE = "narrative"
    NEWS = "news"


class IssueCode(StrEnum):
    """Why an operator should look at a passage."""

    UNREAD_NUMBER = "unread_number"
    VAGUE_NUMBER = "vague_number"
    NO_COUNTRY = "no_country"
    AMBIGUOUS_COUNTRY = "ambiguous_country"
    NO_TIER = "no_tier"
    TIER_DISAGREES = "tier_disagrees"
    EMPTY_TEXT = "empty_text"
    NOT_TEXT = "not_text"
    OTHER_LANGUAGE = "other_language"
    MIXED_ENCODING = "mixed_encoding"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class ExtractionIssue:
    """Something in a text that was not read, with the place to look at."""

    code: IssueCode
    evidence: Evidence
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one document gave: its country and edition where known, tier, figures, issues."""

    kind: DocumentKind
    country: str | None
    edition: int | None
    tier: TierReading | None
    figures: tuple[Figure, ...]
    issues: tuple[ExtractionIssue, ...]
