"""Sends queued deliveries: lease, send, record.

1. lease what is due, under a token of this run, so that no other sender takes it;
2. let a few workers, each over a connection of its own, hand the messages over, with no transaction
   open; what cannot be begun before its lease ends is given back;
3. record what was accepted, all that came together while the last recording went on: a worker
   names the next sender and recipient meanwhile, and hands over no message before its last one is
   recorded.

Killed between 2 and 3, the lease runs out and the message goes out once more under the same
Message-ID; it is never lost.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.delivery.mailer import Carrier, DeliveryFailed, Mailer
from monitor.domain.subscription import Channel, Delivery
from monitor.storage.database import Database, StorageError
from monitor.storage.outbox import lease_deliveries, mark_failed, mark_sent, release_deliveries

CONNECTIONS = 4
_BATCH_PER_CONNECTION = 50
_LEASE = timedelta(minutes=15)
_LONGEST_SENDING = timedelta(minutes=3)
"""One message takes less; what would end after its lease is not begun."""
_RETRIES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=3))
_LAST_RETRIES = timedelta(hours=12)
_MOST_FAILURES_IN_A_ROW = 8
"""So many times without an answer, and the server is down: what waits is not tried one by one."""
_GIVEN_UP_AFTER = timedelta(days=7)
"""RFC 5321, section 4.5.4.1, asks for four to five days at least."""


@dataclass(slots=True)
class Sent:
    """What a run sent; ``failures`` are one line each, ``bad_addresses`` take no mail at all."""

    sent: int = 0
    failures: list[str] = field(default_factory=list)
    bad_addresses: list[str] = field(default_factory=list)


async def send_deliveries(
    database: Database,
    mailer: Mailer,
    *,
    now: Callable[[], datetime],
    others: Mapping[Channel, Carrier] | None = None,
    connections: int = CONNECTIONS,
) -> Sent:
    """Send every delivery that is due; one that fails for now is tried again later, for a week.

    ``others`` are the senders of channels that are no mail. Where the mail server is down, the rest
    waits for the next run.
    """
    run = _Run(database, now, connections)
    async with _Recorder(database, now).running() as recorder:
        workers = [
            asyncio.create_task(_work(run, mailer, others or {}, recorder)) for _ in range(connections)
        ]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
            await run.release()
    return run.result


class _Run:
    """What the workers share: deliveries on lease, and what became of others."""

    def __init__(self, database: Database, now: Callable[[], datetime], connections: int) -> None:
        self.result = Sent()
        self.now = now
        self._database = database
        self._token = secrets.token_hex(8)
        self._batch = _BATCH_PER_CONNECTION * connections
        self._leased: deque[tuple[Delivery, datetime]] = deque()
        self._more: asyncio.Task[None] | None = None
        self._is_drained = False
        self._failures_in_a_row = 0

    async def take(self) -> Delivery | None:
        """Return the next delivery to send; None once nothing is due, or the server seems down."""
        while not self._seems_down:
            if len(self._leased) <= self._batch // 2 and self._more is None and not self._is_drained:
                self._more = asyncio.create_task(self._lease())
            if self._leased:
                delivery, until = self._leased.popleft()
                if self.now() + _LONGEST_SENDING <= until:
                    return delivery
                await asyncio.to_thread(self._release, [delivery.id])
                self._is_drained = False
            elif self._more is not None:
                await asyncio.shield(self._more)
            else:
                return None
        return None

    def taken(self) -> None:
        """Note that the server takes messages."""
        self._failures_in_a_row = 0

    async def failed(self, delivery: Delivery, failure: DeliveryFailed) -> None:
        """Record that a delivery was not taken, and when it is tried again."""
        self._failures_in_a_row = self._failures_in_a_row + 1 if failure.is_server_down else 0
        moment, message = self.now(), delivery.message
        too_old = moment - delivery.queued_at >= _GIVEN_UP_AFTER
        retry_at = None if failure.permanent or too_old else moment + _backoff(delivery.attempts)
        await asyncio.to_thread(self._record_failure, delivery.id, moment, str(failure), retry_at)
        ending = "given up" if retry_at is None else f"tried again after {retry_at:%Y-%m-%d %H:%M} UTC"
        # The address of a webhook or chat may hold its password.
        where = message.address if delivery.channel is Channel.EMAIL else delivery.channel.value
        self.result.failures.append(f"{where}: {failure}: {ending}")
        if failure.is_address_bad and delivery.channel is Channel.EMAIL:
            self.result.bad_addresses.append(message.address)

    async def release(self) -> None:
        """Give back what was leased and not begun."""
        if self._more is not None:
            await asyncio.gather(self._more, return_exceptions=True)
        if self._leased:
            await asyncio.to_thread(self._release, [delivery.id for delivery, _ in self._leased])

    @property
    def _seems_down(self) -> bool:
        return self._failures_in_a_row >= _MOST_FAILURES_IN_A_ROW

    async def _lease(self) -> None:
        try:
            moment = self.now()
            found = await asyncio.to_thread(self._lease_batch, moment)
            self._is_drained = not found
            self._leased.extend((delivery, moment + _LEASE) for delivery in found)
        finally:
            self._more = None

    def _lease_batch(self, moment: datetime) -> list[Delivery]:
        with self._database.transaction() as session:
            return lease_deliveries(session, moment, self._batch, _LEASE, self._token)

    def _release(self, delivery_ids: list[int]) -> None:
        with self._database.transaction() as session:
            release_deliveries(session, delivery_ids, self._token, self.now())

    def _record_failure(
        self, delivery_id: int, moment: datetime, reason: str, retry_at: datetime | None
    ) -> None:
        with self._database.transaction() as session:
            mark_failed(session, delivery_id, moment, reason, retry_at, self._token)


class _Recorder:
    """Records what was accepted: all that came together while the last recording went on."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []
        self._wake = asyncio.Event()
        self._flushing: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[_Recorder]:
        """Record while the context lasts, and at its end what is still to be recorded."""
        task = asyncio.create_task(self._run())
        try:
            yield self
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            if self._flushing is not None:
                await self._flushing
            await self._flush()

    def record(self, delivery_id: int) -> asyncio.Future[None]:
        """Note that a delivery was accepted; what it returns is done once that is committed."""
        recorded: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((delivery_id, recorded))
        self._wake.set()
        return recorded

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._flushing = asyncio.create_task(self._flush())
            await asyncio.shield(self._flushing)

    async def _flush(self) -> None:
        self._wake.clear()
        batch, self._waiting = self._waiting, []
        if not batch:
            return
        try:
            await asyncio.to_thread(self._mark_sent, [delivery for delivery, _ in batch])
        except StorageError as error:
            # Whoever waits stops; it is told once.
            for _, recorded in batch:
                if not recorded.done():
                    recorded.set_exception(error)
        else:
            for _, recorded in batch:
                if not recorded.done():
                    recorded.set_result(None)

    def _mark_sent(self, delivery_ids: list[int]) -> None:
        with self._database.transaction() as session:
            mark_sent(session, delivery_ids, self._now())


async def _work(run: _Run, mailer: Mailer, others: Mapping[Channel, Carrier], recorder: _Recorder) -> None:
    recorded: asyncio.Future[None] | None = None
    async with mailer.carrier() as carrier:
        while (delivery := await run.take()) is not None:
            is_mail = delivery.channel is Channel.EMAIL
            sender = carrier if is_mail else others.get(delivery.channel)
            try:
                if sender is None:
                    raise DeliveryFailed(f"no {delivery.channel.value} is set up here", permanent=False)
                await sender.send(delivery.message, now=run.now(), after=recorded)
            except DeliveryFailed as failure:
                await run.failed(delivery, failure)
                continue
            run.taken()
            run.result.sent += 1
            recorded = recorder.record(delivery.id)
    if recorded is not None:
        await recorded


def _backoff(attempts: int) -> timedelta:
    return _RETRIES[attempts - 1] if 1 <= attempts <= len(_RETRIES) else _LAST_RETRIES
