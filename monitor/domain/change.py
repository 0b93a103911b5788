"""Changes: what a comparison found, as events with one id everywhere."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from monitor.domain.figure import Form, Measure

UNREPORTED = "unreported"


class ChangeKind(StrEnum):
    EDITION_PUBLISHED = "edition_published"
    TIER_CHANGED = "tier_changed"
    FIGURE_CHANGED = "figure_changed"
    FIGURE_APPEARED = "figure_appeared"
    FIGURE_VANISHED = "figure_vanished"
    FIGURE_RESTATED = "figure_restated"
    NARRATIVE_REVISED = "narrative_revised"
    CLAIM_MADE = "claim_made"
    CORRECTION = "correction"


class Cause(StrEnum):
    NEW_EDITION = "new_edition"
    SOURCE_REVISED = "source_revised"
    REEXTRACTED = "reextracted"
    CORRECTED = "corrected"


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"


class ChangeStatus(StrEnum):
    """``HISTORY``: recorded for its pages and never told, since it was no news when found.

    ``HELD`` waits for a person, who approves it or makes it ``REJECTED``. ``CORRECTED`` was told and
    proved wrong: its page stays, as what a correction refers to, and no listing shows it.
    """

    PUBLISHED = "published"
    HELD = "held"
    REJECTED = "rejected"
    HISTORY = "history"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One event.

    ``old`` and ``new`` are an integer (a figure's value), a string (a tier, ``"unreported"``, an
    edition's year) or null (absent). ``cause`` is null for a claim, which no report caused.
    ``source_url`` is the new side's page. ``significance`` goes from 0 to 1
    (``comparison.significance``). ``corrects`` is the id of the change that a correction replaces.
    ``detail`` holds what only some kinds have, as JSON values: ``split``
    ``{"old": {form: value}, "new": ...}``, ``relation`` and ``sources`` of a claim, ``sentences``
    ``{"removed": [...], "added": [...]}`` of a revision, ``held`` why it waits for a person and
    ``if_approved`` the status that it then gets, ``derived`` what was worked out and not read,
    ``clock`` how the Watch List's years stand, ``secondary`` where the old placement is the baseline's.
    """

    id: str
    kind: ChangeKind
    cause: Cause | None
    country: str | None
    edition: int | None
    headline: str
    created_at: datetime
    measure: Measure | None = None
    form: Form | None = None
    old: int | str | None = None
    new: int | str | None = None
    direction: Direction | None = None
    status: ChangeStatus = ChangeStatus.PUBLISHED
    source_url: str | None = None
    source_url_old: str | None = None
    evidence_old: str | None = None
    evidence_new: str | None = None
    snapshot_old: str | None = None
    snapshot_new: str | None = None
    significance: float = 0.0
    corrects: str | None = None
    detail: Mapping[str, object] = field(default_factory=dict)


def change_id(*parts: object) -> str:
    """Return the id that the same event always gets: 20 hexadecimal digits over its parts."""
    joined = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:20]
