"""Sends queued deliveries: lease, send, record.

1. lease what is due, so that no other sender takes it;
2. hand each message to the mailer, with no transaction open;
3. record what became of it.

Killed between 2 and 3, the lease runs out and the message goes out once more under the same
Message-ID; it is never lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.delivery.mailer import DeliveryFailed, Mailer
from monitor.domain.subscription import Delivery
from monitor.storage.database import Database
from monitor.storage.outbox import lease_deliveries, mark_failed, mark_sent

_BATCH = 50
_LEASE = timedelta(minutes=15)
_RETRIES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=3))
_LAST_RETRIES = timedelta(hours=12)
_MOST_ATTEMPTS = 8


@dataclass(slots=True)
class Sent:
    """What a run sent; ``failures`` are one line each."""

    sent: int = 0
    failures: list[str] = field(default_factory=list)


async def send_deliveries(database: Database, mailer: Mailer, *, now: Callable[[], datetime]) -> Sent:
    """Send every delivery that is due; one that fails for now is tried again later."""
    result = Sent()
    while batch := await asyncio.to_thread(_lease, database, now()):
        for delivery in batch:
            await _send(delivery, database, mailer, now, result)
    return result


def _lease(database: Database, now: datetime) -> list[Delivery]:
    with database.transaction() as session:
        return lease_deliveries(session, now, _BATCH, _LEASE)


async def _send(
    delivery: Delivery, database: Database, mailer: Mailer, now: Callable[[], datetime], result: Sent
) -> None:
    try:
        await mailer.send(delivery.message, now=now())
    except DeliveryFailed as failure:
        attempts = delivery.attempts
        gives_up = failure.permanent or attempts >= _MOST_ATTEMPTS
        retry_at = None if gives_up else now() + _backoff(attempts)
        await asyncio.to_thread(_record_failure, database, delivery.id, now(), str(failure), retry_at)
        ending = "given up" if gives_up else f"tried again after {retry_at:%Y-%m-%d %H:%M} UTC"
        result.failures.append(f"{delivery.message.address}: {failure}: {ending}")
    else:
        await asyncio.to_thread(_record_success, database, delivery.id, now())
        result.sent += 1


def _backoff(attempts: int) -> timedelta:
    return _RETRIES[attempts - 1] if 1 <= attempts <= len(_RETRIES) else _LAST_RETRIES


def _record_success(database: Database, delivery: int, now: datetime) -> None:
    with database.transaction() as session:
        mark_sent(session, delivery, now)


def _record_failure(
    database: Database, delivery: int, now: datetime, reason: str, retry_at: datetime | None
) -> None:
    with database.transaction() as session:
        mark_failed(session, delivery, now, reason, retry_at)
