"""Domain values for the tests of storage; what a test does not care for has a default."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import Session

from monitor.domain.change import Cause, Change, ChangeKind
from monitor.domain.document import Document
from monitor.domain.figure import Evidence, Figure, Measure
from monitor.domain.reading import DocumentKind, ExtractionIssue, Reading
from monitor.domain.source import Snapshot, Source, SourceKind, Validators
from monitor.domain.subscription import Message, Subscription
from monitor.domain.tier import Tier, TierReading
from monitor.storage.documents import StoredDocument, add_document
from monitor.storage.snapshots import keep_snapshot

NOW = datetime(2026, 6, 30, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PAGE = "https://example.org/reports/2026/argentina/"


def make_snapshot(content: bytes = b"<p>page</p>", url: str = PAGE, **kwargs: Any) -> Snapshot:
    defaults: dict[str, Any] = {
        "final_url": url,
        "fetched_at": NOW,
        "media_type": "text/html",
        "validators": Validators('"v1"', "Mon, 29 Jun 2026 08:00:00 GMT"),
    }
    return Snapshot(url=url, content=content, **(defaults | kwargs))


def make_source(key: str = "tip", **kwargs: Any) -> Source:
    defaults: dict[str, Any] = {
        "kind": SourceKind.TIP_REPORT,
        "url": "https://example.org/reports/",
        "every": timedelta(hours=6),
    }
    return Source(key=key, **(defaults | kwargs))


def make_narrative(text: str = "Courts convicted 17 traffickers.", **kwargs: Any) -> Document:
    defaults: dict[str, Any] = {
        "kind": DocumentKind.NARRATIVE,
        "url": PAGE,
        "title": "Argentina",
        "source_key": "tip",
        "snapshot_sha256": make_snapshot().sha256,
        "country": "ARG",
        "edition": 2026,
    }
    return Document(text=text, **(defaults | kwargs))


def make_article(text: str = "Police opened 368 cases.", **kwargs: Any) -> Document:
    defaults: dict[str, Any] = {
        "kind": DocumentKind.NEWS,
        "url": "https://news.example.org/a",
        "title": "Raids",
        "source_key": "news",
        "snapshot_sha256": make_snapshot().sha256,
        "identity": "guid-1",
        "published_at": NOW,
    }
    return Document(text=text, **(defaults | kwargs))


def store(session: Session, document: Document, now: datetime = NOW) -> StoredDocument:
    """Store a document that is new, its snapshot before it."""
    keep_snapshot(session, make_snapshot())
    stored = add_document(session, document, now)
    assert stored is not None
    return stored


def make_figure(value: int | None = 17, measure: Measure = Measure.CONVICTIONS, **kwargs: Any) -> Figure:
    defaults: dict[str, Any] = {"country": "ARG", "evidence": Evidence("convicted 17", 7, 19)}
    return Figure(value=value, measure=measure, **(defaults | kwargs))


def make_reading(
    *figures: Figure, tier: Tier | None = Tier.TWO, issues: tuple[ExtractionIssue, ...] = (), **kwargs: Any
) -> Reading:
    defaults: dict[str, Any] = {"kind": DocumentKind.NARRATIVE, "country": "ARG", "edition": 2026}
    placed = TierReading(tier, Evidence("Tier 2", 0, 6)) if tier else None
    return Reading(tier=placed, figures=figures, issues=issues, **(defaults | kwargs))


def make_change(change_id: str = "c1", **kwargs: Any) -> Change:
    defaults: dict[str, Any] = {
        "kind": ChangeKind.FIGURE_CHANGED,
        "cause": Cause.NEW_EDITION,
        "country": "ARG",
        "edition": 2026,
        "headline": "Argentina: 17 convictions, down from 31",
        "created_at": NOW,
        "measure": Measure.CONVICTIONS,
        "old": 31,
        "new": 17,
    }
    return Change(id=change_id, **(defaults | kwargs))


def make_subscription(address: str = "reader@example.org", **kwargs: Any) -> Subscription:
    return Subscription(address=address, **({"created_at": NOW - HOUR} | kwargs))


def make_message(message_id: str = "<1@example.org>", address: str = "reader@example.org") -> Message:
    return Message(message_id, address, "What changed", "17 convictions", "<p>17 convictions</p>")
