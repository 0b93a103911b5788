"""Forgets snapshots that nothing needs any more, a few at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.storage.database import Database
from monitor.storage.retention import Forgotten, forget_unneeded_snapshots

_BATCH = 200


@dataclass(frozen=True, slots=True)
class Retention:
    """How long snapshots stay that nothing refers to."""

    snapshots: timedelta


def forget_snapshots(database: Database, retention: Retention, *, now: datetime) -> Forgotten:
    """Delete what is older than ``retention`` says and needed by nothing; return how much.

    Short transactions, so that checks go on meanwhile.
    """
    before = now - retention.snapshots
    count = size = 0
    while True:
        with database.transaction() as session:
            batch = forget_unneeded_snapshots(session, before, _BATCH)
        count, size = count + batch.snapshots, size + batch.size
        if batch.snapshots < _BATCH:
            return Forgotten(count, size)
