"""What operators do, as entries of a log that only grows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AuditAction(StrEnum):
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    APPROVED = "approved"
    REJECTED = "rejected"
    CORRECTED = "corrected"
    SOURCE_ENABLED = "source_enabled"
    SOURCE_DISABLED = "source_disabled"
    RESENT = "resent"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One deed of ``operator`` from the address ``client``.

    ``subject`` is what it was done to: the id of a change, session or delivery, the key of a source.
    """

    done_at: datetime
    operator: str
    client: str
    action: AuditAction
    subject: str
    detail: str = ""
