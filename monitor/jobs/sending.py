"""Sends queued deliveries: lease, send, record. Each channel is served by itself, none waits for another.

1. lease what is due, under a token of this run, so that no other sender takes it;
2. let a few workers, each over a connection of its own, make their messages ready, with no
   transaction open;
3. one at a time, in turn: hand a message over, and record that it was accepted before the next one's
   turn. What cannot be handed over before its lease ends is given back.

Killed between the acceptance and its record, that one message goes out once more, under the same
Message-ID: when its lease runs out, or when the next daemon of a SQLite file starts (``recovery``). No
other can: it was recorded, or nobody had been able to take it.
Webhooks alone go several at a time, since a slow one would hold up all others: their Idempotency-Key
tells a repeat.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.delivery.mailer import AT_ONCE, Carrier, DeliveryFailed, Mailer, Turn
from monitor.domain.subscription import Channel, Delivery
from monitor.storage.database import Database
from monitor.storage.outbox import lease_deliveries, mark_failed, mark_sent, release_deliveries

CONNECTIONS = 4
_BATCH_PER_CONNECTION = 50
DAEMON = "daemon-"
"""How the tokens of a daemon's leases begin, so that the next one knows what it held."""
_LEASE = timedelta(minutes=15)
_LONGEST_TURN = timedelta(minutes=10)
"""As long as one waits for the word that a message was taken; what would end after its lease is not begun."""
_WIDE = (Channel.EMAIL, Channel.WEBHOOK)
BESIDE_SECONDS = 30.0
"""How long webhooks and chats are still begun once there is no more mail; the rest is the next run's."""
GRACE_SECONDS = 5.0
"""How long an ending run waits for the word on the message that is being handed over."""
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
    grace_seconds: float = GRACE_SECONDS,
    beside_seconds: float = BESIDE_SECONDS,
    holder: str = "",
) -> Sent:
    """Send every delivery that is due; one that fails for now is tried again later, for a week.

    ``others`` are the senders of channels that are no mail. Where the mail server is down, the rest
    waits for the next run. Cancelled, it lets a message that is being handed over come to its
    end for up to ``grace_seconds``. The tokens of its leases begin with ``holder``.
    """
    result = Sent()
    lanes = []
    for channel in Channel:
        width = connections if channel in _WIDE else 1
        lanes.append(_Lane(database, result, now, channel, width, holder))
    working = [
        (lane, asyncio.create_task(_work(lane, mailer, (others or {}).get(lane.channel))))
        for lane in lanes
        for _ in range(lane.width)
    ]
    mail = [task for lane, task in working if lane.channel is Channel.EMAIL]
    beside = [task for lane, task in working if lane.channel is not Channel.EMAIL]
    try:
        await asyncio.wait(mail, return_when=asyncio.FIRST_EXCEPTION)
        # A later run has new mail to send: it does not wait for every webhook that does not answer.
        await asyncio.wait(beside, timeout=beside_seconds)
        for lane in lanes:
            lane.stop()
        await asyncio.wait(beside)
    finally:
        await asyncio.gather(*(lane.close(grace_seconds) for lane in lanes))
        for _, task in working:
            task.cancel()
        ended = await asyncio.gather(*(task for _, task in working), return_exceptions=True)
        await asyncio.gather(*(lane.release() for lane in lanes))
    for failure in ended:
        if isinstance(failure, Exception):
            raise failure
    return result


class _NotBegun(Exception):  # noqa: N818 - named as the event it tells of
    """A delivery's turn does not come: nobody can have taken its message."""


@dataclass(frozen=True, slots=True)
class _Leased:
    delivery: Delivery
    until: datetime


class _Lane:
    """What the workers of one channel share: deliveries on lease, and whose turn it is."""

    def __init__(
        self,
        database: Database,
        result: Sent,
        now: Callable[[], datetime],
        channel: Channel,
        width: int,
        holder: str,
    ) -> None:
        self.channel = channel
        self.width = width
        self.now = now
        self._result = result
        self._database = database
        self._token = f"{holder}{secrets.token_hex(8)}"
        self._batch = _BATCH_PER_CONNECTION * width
        self._leased: deque[_Leased] = deque()
        self._not_begun: set[int] = set()
        self._more: asyncio.Task[None] | None = None
        self._is_drained = False
        self._given_back = 0
        self._is_closed = False
        self._failures_in_a_row = 0
        self._handing_over = asyncio.Lock()

    async def take(self) -> _Leased | None:
        """Return the next delivery to send; None once nothing is due, or the server seems down."""
        while not self._is_closed and not self._seems_down:
            if len(self._leased) <= self._batch // 2 and self._more is None and not self._is_drained:
                self._more = asyncio.create_task(self._lease())
            if self._leased:
                leased = self._leased.popleft()
                self._not_begun.add(leased.delivery.id)
                if self._is_in_time(leased):
                    return leased
                await self.give_back(leased)
            elif self._more is not None:
                await asyncio.shield(self._more)
            else:
                return None
        return None

    @asynccontextmanager
    async def turn(self, leased: _Leased) -> AsyncIterator[None]:
        """Wait until no other message is being handed over, and record this one's acceptance at the end.

        Raises:
            _NotBegun: its turn does not come in time, or at all.
            StorageError: it was accepted, which cannot be recorded: no other turn comes.
        """
        async with self._one_at_a_time:
            if self._is_closed or self._seems_down or not self._is_in_time(leased):
                raise _NotBegun
            self._not_begun.discard(leased.delivery.id)
            yield
            try:
                await _to_its_end(asyncio.to_thread(self._record_sent, leased.delivery.id))
            except BaseException:
                self._is_closed = True
                raise
        self._failures_in_a_row = 0
        self._result.sent += 1

    async def failed(self, delivery: Delivery, failure: DeliveryFailed) -> None:
        """Record that a delivery was not taken, and when it is tried again."""
        self._failures_in_a_row = self._failures_in_a_row + 1 if failure.is_server_down else 0
        if failure.is_unanswered:
            self._failures_in_a_row = _MOST_FAILURES_IN_A_ROW
        self._not_begun.discard(delivery.id)
        moment, message = self.now(), delivery.message
        too_old = moment - delivery.queued_at >= _GIVEN_UP_AFTER
        retry_at = None if failure.permanent or too_old else moment + _backoff(delivery.attempts)
        await _to_its_end(
            asyncio.to_thread(self._record_failure, delivery.id, moment, str(failure), retry_at)
        )
        ending = "given up" if retry_at is None else f"tried again after {retry_at:%Y-%m-%d %H:%M} UTC"
        # The address of a webhook or chat may hold its password.
        where = message.address if delivery.channel is Channel.EMAIL else delivery.channel.value
        self._result.failures.append(f"{where}: {failure}: {ending}")
        if failure.is_address_bad and delivery.channel is Channel.EMAIL:
            self._result.bad_addresses.append(message.address)

    async def give_back(self, leased: _Leased) -> None:
        """Free a delivery that was not handed over: it is not tried yet."""
        await _to_its_end(asyncio.to_thread(self._release, [leased.delivery.id]))
        self._given_back += 1
        self._is_drained = False
        self._not_begun.discard(leased.delivery.id)

    def stop(self) -> None:
        """Let no other turn come."""
        self._is_closed = True

    async def close(self, grace_seconds: float) -> None:
        """Let no other turn come, and wait a while for the message that is being handed over."""
        self.stop()
        with suppress(TimeoutError):
            async with asyncio.timeout(grace_seconds), self._handing_over:
                pass

    async def release(self) -> None:
        """Give back what was leased and not begun."""
        if self._more is not None:
            await asyncio.gather(self._more, return_exceptions=True)
        left = [*self._not_begun, *(leased.delivery.id for leased in self._leased)]
        if left:
            await asyncio.to_thread(self._release, left)

    @property
    def _one_at_a_time(self) -> Turn:
        return AT_ONCE if self.channel is Channel.WEBHOOK else self._handing_over

    @property
    def _seems_down(self) -> bool:
        return self._failures_in_a_row >= _MOST_FAILURES_IN_A_ROW

    def _is_in_time(self, leased: _Leased) -> bool:
        return self.now() + _LONGEST_TURN <= leased.until

    async def _lease(self) -> None:
        try:
            moment, given_back = self.now(), self._given_back
            found = await asyncio.to_thread(self._lease_batch, moment)
            # What was given back meanwhile may be what was not found.
            self._is_drained = not found and given_back == self._given_back
            self._leased.extend(_Leased(delivery, moment + _LEASE) for delivery in found)
        finally:
            self._more = None

    def _lease_batch(self, moment: datetime) -> list[Delivery]:
        with self._database.transaction() as session:
            return lease_deliveries(session, moment, self._batch, _LEASE, self._token, channel=self.channel)

    def _release(self, delivery_ids: list[int]) -> None:
        with self._database.transaction() as session:
            release_deliveries(session, delivery_ids, self._token, self.now())

    def _record_sent(self, delivery_id: int) -> None:
        with self._database.transaction() as session:
            mark_sent(session, delivery_id, self.now())

    def _record_failure(
        self, delivery_id: int, moment: datetime, reason: str, retry_at: datetime | None
    ) -> None:
        with self._database.transaction() as session:
            mark_failed(session, delivery_id, moment, reason, retry_at, self._token)


async def _work(lane: _Lane, mailer: Mailer, other: Carrier | None) -> None:
    async with mailer.carrier() if lane.channel is Channel.EMAIL else nullcontext(other) as carrier:
        while (leased := await lane.take()) is not None:
            try:
                if carrier is None:
                    raise DeliveryFailed(f"no {lane.channel.value} is set up here", permanent=False)
                await carrier.send(leased.delivery.message, now=lane.now(), turn=lane.turn(leased))
            except DeliveryFailed as failure:
                await lane.failed(leased.delivery, failure)
            except _NotBegun:
                await lane.give_back(leased)


async def _to_its_end(writing: Coroutine[None, None, None]) -> None:
    """Await ``writing``, which a cancellation does not tear from whoever waits for it."""
    task = asyncio.create_task(writing)
    try:
        await asyncio.shield(task)
    finally:
        await task


def _backoff(attempts: int) -> timedelta:
    return _RETRIES[attempts - 1] if 1 <= attempts <= len(_RETRIES) else _LAST_RETRIES
