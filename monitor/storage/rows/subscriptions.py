"""Who is told, and who is not written to again."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from monitor.storage.rows.row import Choices, Row, StoredText


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
