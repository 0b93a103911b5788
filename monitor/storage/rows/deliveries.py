"""What is told to whom: bulletins, digests, and messages on their way."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from monitor.storage.rows.row import Row, StoredText


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
