"""What the comparison found, and what people decided of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field

from monitor.storage.rows.row import Row, StoredText, Value


class ChangeRow(Row, table=True):
    """A change; ``sequence`` orders those of the same instant."""

    __tablename__ = "change"
    __table_args__ = (
        UniqueConstraint("id"),
        Index("ix_change_created_at_sequence", "created_at", "sequence"),
        Index("ix_change_country_created_at", "country", "created_at", "sequence"),
        Index("ix_change_kind_created_at", "kind", "created_at", "sequence"),
        Index("ix_change_country_kind_created_at", "country", "kind", "created_at", "sequence"),
        Index("ix_change_edition_created_at", "edition", "created_at", "sequence"),
        Index("ix_change_status_created_at", "status", "created_at", "sequence"),
        Index("ix_change_corrects", "corrects"),
        Index("ix_change_edition_country", "edition", "country"),
    )

    sequence: int = Field(default=None, primary_key=True)
    id: str
    kind: str
    cause: str | None = None
    country: str | None = None
    edition: int | None = None
    measure: str | None = None
    form: str | None = None
    old: Any = Field(default=None, sa_type=Value, nullable=True)
    new: Any = Field(default=None, sa_type=Value, nullable=True)
    direction: str | None = None
    status: str
    headline: str = Field(sa_type=StoredText)
    source_url: str | None = Field(default=None, sa_type=StoredText)
    source_url_old: str | None = Field(default=None, sa_type=StoredText)
    evidence_old: str | None = Field(default=None, sa_type=StoredText)
    evidence_new: str | None = Field(default=None, sa_type=StoredText)
    snapshot_old: str | None = None
    snapshot_new: str | None = None
    detail: dict[str, Any] = Field(sa_type=JSON)
    created_at: datetime
    significance: float
    corrects: str | None = None


class ReviewRow(Row, table=True):
    """One decision on a change; the last one holds."""

    __tablename__ = "review"
    __table_args__ = (Index("ix_review_change_id", "change_id"),)

    id: int = Field(default=None, primary_key=True)
    change_id: str = Field(foreign_key="change.id")
    decision: str
    reviewer: str = Field(sa_type=StoredText)
    reason: str = Field(sa_type=StoredText)
    decided_at: datetime


class CorrectionRow(Row, table=True):
    """A person's correction of what is read in a sentence; ``retired_at`` is when it ceased to hold."""

    __tablename__ = "correction"
    __table_args__ = (Index("ix_correction_country_edition", "country", "edition"),)

    id: int = Field(default=None, primary_key=True)
    country: str
    edition: int
    measure: str | None = None
    form: str
    relation: str
    value: Any = Field(default=None, sa_type=Value, nullable=True)
    original: Any = Field(default=None, sa_type=Value, nullable=True)
    sentence: str = Field(sa_type=StoredText)
    reviewer: str = Field(sa_type=StoredText)
    reason: str = Field(sa_type=StoredText)
    decided_at: datetime
    retired_at: datetime | None = None
