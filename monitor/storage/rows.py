"""The tables. Rows stay inside storage: functions turn them into domain values and back.

Keys that a hostile text could make long (addresses, feed guids) are unique by their SHA-256,
since PostgreSQL refuses index entries above 2,704 bytes. Enums are stored as their values.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from monitor.storage.text import storable


class StoredText(TypeDecorator[str]):
    """Text from outside, made storable on its way in (see ``storable``)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


class Value(TypeDecorator[Any]):
    """A JSON value whose absence is no value at all, rather than JSON's own null."""

    impl = JSON(none_as_null=True)
    cache_ok = True


class Choices(TypeDecorator[Any]):
    """A list of words as JSON; None where what is stored is no JSON, for its reader to tell of."""

    impl = JSON
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        process = super().result_processor(dialect, coltype)

        def choices(value: Any) -> Any:
            try:
                return value if process is None else process(value)
            except ValueError:
                return None

        return choices


class Row(SQLModel):
    """What all tables share: names of constraints that migrations can rely on."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class SnapshotRow(Row, table=True):
    """Bytes by their hash. The same bytes from two addresses are one row, with the first address."""

    __tablename__ = "snapshot"

    sha256: str = Field(primary_key=True, max_length=64)
    size: int
    media_type: str = Field(sa_type=StoredText)
    url: str = Field(sa_type=StoredText)
    final_url: str = Field(sa_type=StoredText)
    fetched_at: datetime
    compressed: bytes = Field(sa_type=LargeBinary)


class PageRow(Row, table=True):
    """What an address answered last."""

    __tablename__ = "page"

    url_key: str = Field(primary_key=True, max_length=64)
    url: str = Field(sa_type=StoredText)
    final_url: str = Field(sa_type=StoredText)
    media_type: str = Field(sa_type=StoredText)
    source_key: str
    snapshot_sha256: str = Field(max_length=64, foreign_key="snapshot.sha256", index=True)
    etag: str | None = Field(default=None, sa_type=StoredText)
    last_modified: str | None = Field(default=None, sa_type=StoredText)
    fetched_at: datetime
    fresh_until: datetime | None = None


class FetchedPageRow(Row, table=True):
    """A page that a backfill under way has asked for; one that ends deletes its rows."""

    __tablename__ = "fetched_page"
    __table_args__ = (CheckConstraint("(snapshot_sha256 IS NULL) = (failure IS NOT NULL)", name="outcome"),)

    url_key: str = Field(primary_key=True, max_length=64)
    url: str = Field(sa_type=StoredText)
    final_url: str = Field(sa_type=StoredText)
    media_type: str = Field(sa_type=StoredText)
    snapshot_sha256: str | None = Field(
        default=None, max_length=64, foreign_key="snapshot.sha256", index=True
    )
    failure: str | None = Field(default=None, sa_type=StoredText)
    fetched_at: datetime


class FeedItemRow(Row, table=True):
    """An item of a feed as it was met: one row for each pair of guid and address, so that an item
    whose guid or address changed has several, with one ``identity``."""

    __tablename__ = "feed_item"
    __table_args__ = (
        Index("ix_feed_item_guid_key", "guid_key"),
        Index("ix_feed_item_link_key", "link_key"),
        Index("ix_feed_item_content_key", "content_key"),
    )

    item_key: str = Field(primary_key=True, max_length=64)
    source_key: str
    guid_key: str | None = Field(default=None, max_length=64)
    link_key: str | None = Field(default=None, max_length=64)
    content_key: str | None = Field(default=None, max_length=64)
    identity: str = Field(sa_type=StoredText)
    state: str
    attempts: int
    first_seen_at: datetime


class SourceRow(Row, table=True):
    """A source with its health. ``configured`` is false once the configuration lacks it."""

    __tablename__ = "source"

    key: str = Field(primary_key=True)
    kind: str
    url: str = Field(sa_type=StoredText)
    every_seconds: int
    follow: bool
    editions: int
    position: int
    configured: bool
    enabled: bool
    last_checked_at: datetime | None = None
    last_success_at: datetime | None = None
    failures: int
    last_error: str | None = Field(default=None, sa_type=StoredText)
    dead_after_seconds: int
    interval_seconds: int | None = None
    next_due_at: datetime | None = None
    last_new_at: datetime | None = None
    usual_gap_seconds: int | None = None
    failing_since: datetime | None = None
    told_dead_at: datetime | None = None
    moved_to: str | None = Field(default=None, sa_type=StoredText)


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


class ShippedDataRow(Row, table=True):
    """Which version of a shipped table the database holds, so that a start need not read it again."""

    __tablename__ = "shipped_data"

    name: str = Field(primary_key=True)
    sha256: str = Field(max_length=64)
    loaded_at: datetime


class SubscriptionRow(Row, table=True):
    """``address_key`` is the address as it is told apart from others: without case."""

    __tablename__ = "subscription"
    __table_args__ = (
        UniqueConstraint("address_key"),
        Index("ix_subscription_due", "group_key", "id", "due_at"),
    )

    id: int = Field(default=None, primary_key=True)
    address_key: str
    address: str
    countries: list[str] = Field(sa_type=Choices)
    kinds: list[str] = Field(sa_type=Choices)
    cadence: str
    timezone: str
    hour: int
    created_at: datetime
    confirmed_at: datetime | None = None
    threshold: str
    regions: list[str] = Field(sa_type=Choices)
    channel: str
    target: str | None = Field(default=None, sa_type=StoredText)
    also_empty: bool
    paused_at: datetime | None = None
    suppressed_at: datetime | None = None
    # Told is what was published after ``told_from``; all up to ``covered_until`` has been looked at.
    told_from: datetime
    covered_until: datetime
    # When it is looked at next; null while it is paused, suppressed or not confirmed.
    due_at: datetime | None = None
    # The same for all subscriptions that are told the same: their digests are rendered once.
    group_key: str = Field(max_length=64)
    # What was published when an instant subscription was last looked at.
    published_mark: str | None = None
    soft_bounces: int
    bounced_at: datetime | None = None


class SuppressionRow(Row, table=True):
    """That an address is not written to again; its keyed hash tells nobody who it was."""

    __tablename__ = "suppression"

    address_hash: str = Field(primary_key=True, max_length=64)
    reason: str
    created_at: datetime


class BulletinRow(Row, table=True):
    """What many digests share, rendered once; what is one reader's own stands in the delivery."""

    __tablename__ = "bulletin"
    __table_args__ = (UniqueConstraint("key"),)

    id: int = Field(default=None, primary_key=True)
    key: str = Field(max_length=64)
    subject: str = Field(sa_type=StoredText)
    text: str = Field(sa_type=StoredText)
    html: str = Field(sa_type=StoredText)
    payload: str = Field(sa_type=StoredText)
    created_at: datetime


class BulletinChangeRow(Row, table=True):
    """That a bulletin tells a change; ``position`` is its place there."""

    __tablename__ = "bulletin_change"

    bulletin_id: int = Field(primary_key=True, foreign_key="bulletin.id", ondelete="CASCADE")
    change_id: str = Field(primary_key=True, foreign_key="change.id")
    position: int


class DigestRow(Row, table=True):
    """That a subscriber's period has been told; one per subscriber and period end."""

    __tablename__ = "digest"
    __table_args__ = (UniqueConstraint("subscription_id", "ends_at"),)

    id: int = Field(default=None, primary_key=True)
    subscription_id: int = Field(foreign_key="subscription.id", ondelete="CASCADE")
    starts_at: datetime
    ends_at: datetime
    created_at: datetime
    bulletin_id: int | None = Field(default=None, foreign_key="bulletin.id", index=True)


class DigestChangeRow(Row, table=True):
    """That a digest tells a change: no change is told twice to one subscriber."""

    __tablename__ = "digest_change"
    __table_args__ = (Index("ix_digest_change_digest_id", "digest_id"),)

    subscription_id: int = Field(primary_key=True, foreign_key="subscription.id", ondelete="CASCADE")
    change_id: str = Field(primary_key=True, foreign_key="change.id")
    digest_id: int = Field(foreign_key="digest.id", ondelete="CASCADE")
    position: int


class DeliveryRow(Row, table=True):
    """One message over one channel.

    ``subject``, ``text``, ``html`` and ``payload`` follow those of the bulletin, where there is one.
    ``return_key`` stands in the envelope's return path, so that a bounce names its delivery.
    ``lease_token`` is the sender's that holds it. ``due_at`` is when it may be taken next: when
    queued or put off, its time; when leased, the end of the lease; null once it is sent or has
    failed for good.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("message_id"),
        UniqueConstraint("return_key"),
        UniqueConstraint("digest_id", "channel"),
        ForeignKeyConstraint(["digest_id"], ["digest.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["bulletin_id"], ["bulletin.id"]),
        ForeignKeyConstraint(["subscription_id"], ["subscription.id"], ondelete="CASCADE"),
        Index("ix_delivery_due_at_id", "due_at", "id"),
        Index("ix_delivery_subscription_id", "subscription_id"),
        Index("ix_delivery_bulletin_id", "bulletin_id"),
        # An id given to a sender must never come to mean another message.
        {"sqlite_autoincrement": True},
    )

    id: int = Field(default=None, primary_key=True)
    digest_id: int | None = None
    subscription_id: int | None = None
    channel: str
    message_id: str
    address: str
    subject: str = Field(sa_type=StoredText)
    text: str = Field(sa_type=StoredText)
    html: str = Field(sa_type=StoredText)
    state: str
    attempts: int
    queued_at: datetime
    due_at: datetime | None = None
    sent_at: datetime | None = None
    failed_at: datetime | None = None
    last_error: str | None = Field(default=None, sa_type=StoredText)
    bulletin_id: int | None = None
    unsubscribe_url: str | None = Field(default=None, sa_type=StoredText)
    return_key: str | None = Field(default=None, max_length=32)
    lease_token: str | None = Field(default=None, max_length=32)


class AuditEntryRow(Row, table=True):
    """What an operator did; rows are only added."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_action_subject", "action", "subject"),)

    id: int = Field(default=None, primary_key=True)
    done_at: datetime
    operator: str = Field(sa_type=StoredText)
    client: str = Field(sa_type=StoredText)
    action: str
    subject: str = Field(sa_type=StoredText)
    detail: str = Field(sa_type=StoredText)
