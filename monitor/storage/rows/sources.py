"""What is asked: sources, the pages and feed items they gave, and the bytes of their answers."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary
from sqlmodel import Field

from monitor.storage.rows.row import Row, StoredText


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
