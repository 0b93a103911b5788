"""Does the tasks that the queue hands out, over the same collaborators as the commands."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

import structlog
from opentelemetry import trace

from monitor.delivery.mailer import Carrier, Mailer
from monitor.domain.source import Source
from monitor.domain.subscription import Channel
from monitor.fetching.failures import FetchFailed
from monitor.jobs.check_source import check_source
from monitor.jobs.digests import RenderDigest, compile_digests
from monitor.jobs.outcome import Checker
from monitor.jobs.retention import Retention, forget_snapshots
from monitor.jobs.returns import suppress_bad_addresses
from monitor.jobs.sending import CONNECTIONS, DAEMON, send_deliveries
from monitor.jobs.tending import Tending
from monitor.queueing.task import QueueUnavailable, Task, TaskFailed, TaskKind, TaskQueue
from monitor.storage.database import Database, StorageError
from monitor.storage.sources import source_state

log = structlog.get_logger(__name__)
_tracer = trace.get_tracer(__name__)
"""Of OpenTelemetry's interface, which does nothing unless a command sets it up."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """What every process of an installation can do. ``ping`` tells a watcher that we are alive."""

    checker: Checker
    render: RenderDigest
    mailer: Mailer
    queue: TaskQueue
    retention: Retention
    ping: Callable[[], Awaitable[None]] | None = None
    channels: Mapping[Channel, Carrier] | None = None
    connections: int = CONNECTIONS
    tending: Tending | None = None

    async def do(self, task: Task) -> None:
        """Do ``task``. Done twice, or by two at once, it comes to the same.

        Raises:
            TaskFailed: the database did not answer, or the watcher was not reached.
        """
        with _tracer.start_as_current_span(task.kind.value, attributes={"task": task.name}):
            await self._do(task)

    async def _do(self, task: Task) -> None:
        try:
            match task.kind:
                case TaskKind.CHECK:
                    await self._check(task)
                case TaskKind.COMPILE:
                    await self._compile()
                case TaskKind.SEND:
                    await self._send()
                case TaskKind.RETAIN:
                    await self._retain()
                case TaskKind.TEND:
                    await self._tend()
                case TaskKind.HEARTBEAT:
                    await self._heartbeat()
        except StorageError as error:
            raise TaskFailed(str(error)) from error

    async def _check(self, task: Task) -> None:
        source = await asyncio.to_thread(self._still_due, task)
        if source is None:
            return
        outcome = await check_source(source, self.checker)
        log.info(
            "checked",
            source=source.key,
            editions=outcome.editions,
            narratives=outcome.narratives,
            articles=outcome.articles,
            changes=len(outcome.changes),
            failures=len(outcome.failures),
        )
        for line in outcome.failures:
            log.warning("failure", source=source.key, reason=line)
        if outcome.changes:
            await self._go_on(TaskKind.COMPILE)

    def _still_due(self, task: Task) -> Source | None:
        """Return the source, unless it was switched off or has been checked since it came due."""
        with self._database.reading() as session:
            state = source_state(session, task.subject)
        if state is None or not state.enabled:
            return None
        # A last check in the future is one from before the clock was set back: it says nothing.
        checked = state.last_checked_at
        if checked is not None and task.due_at <= checked <= self._now():
            return None
        return state.source

    async def _compile(self) -> None:
        compiled = await asyncio.to_thread(compile_digests, self._database, self.render, now=self._now())
        for line in compiled.failures:
            log.warning("failure", reason=line)
        if compiled.digests:
            log.info("compiled", digests=compiled.digests)
            await self._go_on(TaskKind.SEND)

    async def _send(self) -> None:
        sent = await send_deliveries(
            self._database,
            self.mailer,
            now=self._now,
            others=self.channels,
            connections=self.connections,
            holder=DAEMON,
        )
        if sent.bad_addresses:
            signer = self.render.presentation.signer
            await asyncio.to_thread(
                suppress_bad_addresses, self._database, sent.bad_addresses, signer, now=self._now()
            )
        if sent.sent:
            log.info("sent", messages=sent.sent)
        for line in sent.failures:
            log.warning("failure", reason=line)

    async def _tend(self) -> None:
        if self.tending is None:
            return
        tended = await asyncio.to_thread(self.tending.run, self._database, now=self._now())
        found, canary = tended.recovered, tended.canary
        if found.requeued or found.rescheduled or found.forgotten:
            log.warning(
                "recovered",
                requeued=found.requeued,
                rescheduled=found.rescheduled,
                forgotten=found.forgotten,
            )
        log.info("outbox", waiting=found.backlog.waiting, given_up=found.backlog.given_up)
        if tended.returns:
            log.info("returned", **asdict(tended.returns))
        if canary is not None:
            proved = canary.proved_at.isoformat() if canary.proved_at else None
            if canary.is_late:
                log.error("canary_late", proved_at=proved, reason=canary.last_error)
            else:
                log.info("canary", proved_at=proved)
        if tended.failure:
            log.warning("failure", reason=tended.failure)

    async def _retain(self) -> None:
        forgotten = await asyncio.to_thread(forget_snapshots, self._database, self.retention, now=self._now())
        if forgotten.snapshots:
            log.info("forgotten", snapshots=forgotten.snapshots, bytes=forgotten.size)
        try:
            await self.queue.forget_failed()
        except QueueUnavailable as error:
            raise TaskFailed(str(error)) from error

    async def _heartbeat(self) -> None:
        if self.ping is None:
            return
        try:
            await self.ping()
        except FetchFailed as failure:
            raise TaskFailed(str(failure)) from failure

    async def _go_on(self, kind: TaskKind) -> None:
        """Have what follows done at once; where the queue cannot be told, it comes due by itself."""
        try:
            await self.queue.put(Task(kind=kind, due_at=self._now()))
        except QueueUnavailable as error:
            log.warning("failure", reason=str(error))

    @property
    def _database(self) -> Database:
        return self.checker.reader.database

    def _now(self) -> datetime:
        return self.checker.reader.now()
