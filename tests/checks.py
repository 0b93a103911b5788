"""Records of checks that nobody made."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from monitor.domain.polling import after_failure, after_success
from monitor.domain.source import SourceState
from monitor.storage.database import Session
from monitor.storage.sources import record_checks


def record_success(session: Session, key: str, now: datetime) -> SourceState:
    """Record that the check of source ``key`` at ``now`` went well."""
    (state,) = record_checks(session, {key: partial(after_success, now=now, found_new=False)})
    return state


def record_failure(session: Session, key: str, now: datetime, error: str) -> SourceState:
    """Record that the check of source ``key`` at ``now`` failed."""
    (state,) = record_checks(session, {key: partial(after_failure, now=now, error=error)})
    return state
