"""What was cut out of the answers: editions, and narratives and articles as their revisions."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from monitor.storage.rows.row import Row, StoredText


class EditionRow(Row, table=True):
    __tablename__ = "edition"

    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    url: str = Field(sa_type=StoredText)
    title: str = Field(sa_type=StoredText)
    first_seen_at: datetime


class DocumentRow(Row, table=True):
    """One revision of a narrative or an article; ``subject_key`` is the same over its revisions."""

    __tablename__ = "document"
    __table_args__ = (
        UniqueConstraint("subject_key", "revision"),
        Index(
            "ix_document_current_subject",
            "subject_key",
            unique=True,
            sqlite_where=text("superseded_at IS NULL"),
            postgresql_where=text("superseded_at IS NULL"),
        ),
        Index("ix_document_country_edition", "country", "edition"),
        Index("ix_document_edition", "edition"),
        CheckConstraint(
            "kind <> 'narrative' OR (country IS NOT NULL AND edition IS NOT NULL)", name="narrative_has_place"
        ),
        CheckConstraint("kind <> 'news' OR identity IS NOT NULL", name="article_has_identity"),
    )

    id: int = Field(default=None, primary_key=True)
    subject_key: str
    revision: int
    kind: str
    country: str | None = None
    edition: int | None = None
    identity: str | None = Field(default=None, sa_type=StoredText)
    url: str = Field(sa_type=StoredText)
    title: str = Field(sa_type=StoredText)
    body: str = Field(sa_type=StoredText)
    body_sha256: str = Field(max_length=64)
    source_key: str
    snapshot_sha256: str = Field(max_length=64, foreign_key="snapshot.sha256", index=True)
    published_at: datetime | None = None
    first_seen_at: datetime
    superseded_at: datetime | None = None
