"""What extractors read in documents, and the placements that are shipped."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from monitor.storage.rows.row import Row, StoredText


class ReadingRow(Row, table=True):
    """That one extractor version has read one document; the others hang on it."""

    __tablename__ = "reading"
    __table_args__ = (
        UniqueConstraint("document_id", "extractor_version"),
        Index(
            "ix_reading_current_document",
            "document_id",
            unique=True,
            sqlite_where=text("superseded_at IS NULL"),
            postgresql_where=text("superseded_at IS NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id")
    extractor_version: str
    kind: str
    country: str | None = None
    edition: int | None = None
    seen_at: datetime
    superseded_at: datetime | None = None


class TierReadingRow(Row, table=True):
    """What a reading says of the tier."""

    __tablename__ = "tier_reading"

    reading_id: int = Field(primary_key=True, foreign_key="reading.id")
    tier: str
    movement: str | None = None
    watch_list_years: int | None = None
    evidence_text: str = Field(sa_type=StoredText)
    evidence_start: int
    evidence_end: int


class ObservationRow(Row, table=True):
    """One figure of a reading; ``ordinal`` is its place there."""

    __tablename__ = "observation"
    __table_args__ = (
        CheckConstraint("(value IS NULL) = (status = 'unreported')", name="value_or_unreported"),
        Index("ix_observation_country_reading_id", "country", "reading_id"),
    )

    reading_id: int = Field(primary_key=True, foreign_key="reading.id")
    ordinal: int = Field(primary_key=True)
    country: str | None = None
    measure: str
    value: int | None = Field(default=None, sa_type=BigInteger)
    maximum: int | None = Field(default=None, sa_type=BigInteger)
    currency: str | None = Field(default=None, sa_type=StoredText)
    form: str
    unit: str
    relation: str
    year: int | None = None
    status: str
    qualifier: str
    stage: str
    accused: str
    reporter: str
    victim_group: str
    confidence: str
    report_edition: int | None = None
    evidence_text: str = Field(sa_type=StoredText)
    evidence_start: int
    evidence_end: int


class ExtractionIssueRow(Row, table=True):
    __tablename__ = "extraction_issue"

    reading_id: int = Field(primary_key=True, foreign_key="reading.id")
    ordinal: int = Field(primary_key=True)
    code: str
    detail: str = Field(sa_type=StoredText)
    evidence_text: str = Field(sa_type=StoredText)
    evidence_start: int
    evidence_end: int


class BaselinePlacementRow(Row, table=True):
    """A placement of the shipped baseline; a narrative's own tier goes before it."""

    __tablename__ = "baseline_placement"

    country: str = Field(primary_key=True)
    edition: int = Field(primary_key=True)
    tier: str
    movement: str | None = None
    watch_list_years: int | None = None


class ShippedDataRow(Row, table=True):
    """Which version of a shipped table the database holds, so that a start need not read it again."""

    __tablename__ = "shipped_data"

    name: str = Field(primary_key=True)
    sha256: str = Field(max_length=64)
    loaded_at: datetime
