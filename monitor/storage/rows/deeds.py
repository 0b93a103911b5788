"""What operators did."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from monitor.storage.rows.row import Row, StoredText


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
