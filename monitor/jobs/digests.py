"""Compiles digests: what each subscriber is told for a period, queued as one delivery."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from monitor.domain.subscription import Digest, Message
from monitor.jobs.due import due_period_end
from monitor.storage.database import Database
from monitor.storage.outbox import last_digest_end, record_digest, undigested_changes
from monitor.storage.subscriptions import subscription, subscriptions

EMAIL = "email"


class RenderDigest(Protocol):
    """Renders a digest as a message."""

    def __call__(self, digest: Digest) -> Message: ...


@dataclass(slots=True)
class Compiled:
    """What a run compiled."""

    digests: list[Digest] = field(default_factory=list)


def compile_digests(database: Database, render: RenderDigest, *, now: datetime) -> Compiled:
    """Queue a digest for every confirmed subscriber whose period is over and who has news.

    Each subscriber is a transaction of their own: digest, its changes and the delivery commit
    together, under keys that make a second run, or a second process, add nothing.
    """
    compiled = Compiled()
    with database.reading() as session:
        confirmed = subscriptions(session, confirmed_only=True)
    for each in confirmed:
        with database.transaction() as session:
            start = last_digest_end(session, each.address)
            end = due_period_end(each, start, now)
            if end is None:
                continue
            changes = undigested_changes(session, each, end)
            if not changes:
                continue
            digest = Digest(each, start or each.created_at, end, tuple(changes))
            if record_digest(session, digest, render(digest), EMAIL, now) is not None:
                compiled.digests.append(digest)
    return compiled


def preview_digest(database: Database, address: str, *, now: datetime) -> Digest | None:
    """Return what a subscriber would be told now, or None where nobody has the address."""
    with database.reading() as session:
        found = subscription(session, address)
        if found is None:
            return None
        start = last_digest_end(session, found.address) or found.created_at
        return Digest(found, start, now, tuple(undigested_changes(session, found, now)))
