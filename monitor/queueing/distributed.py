"""Does tasks in any number of processes: procrastinate's queue on the same PostgreSQL.

procrastinate's ``queueing_lock`` keeps a task of one name from waiting twice, its ``lock`` keeps two
tasks of one host from being done at once, its heartbeats show which workers died. What it leaves
open is closed here: a dead worker's tasks wait again (``rescue``), and so do those that a lost
connection left marked as being done.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime
from types import TracebackType
from typing import Self

import procrastinate
import psycopg
import structlog
from procrastinate import exceptions
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job, Status
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from procrastinate.worker import Worker

from monitor.queueing.task import Do, Lane, QueueUnavailable, Task, TaskKind

_HEARTBEAT_SECONDS = 3.0
_DEAD_SECONDS = 12.0
# A task that waits for another's lock is found by polling: no notification tells of a lock's end.
_POLL_SECONDS = 1.0
_GRACE_SECONDS = 4.0
_MOST_ATTEMPTS = 5
_FAILED_KEPT_HOURS = 24 * 30

log = structlog.get_logger(__name__)


class _TryAgain(BaseRetryStrategy):
    """A worker that is told to stop hands its task on at once; a task that failed waits a little."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision(retry_in={"seconds": 0})
        if job.attempts + 1 >= _MOST_ATTEMPTS:
            return None
        return RetryDecision(retry_in={"seconds": 10 * (job.attempts + 1)})


class DistributedQueue:
    """The queue in the PostgreSQL at ``conninfo``; use it as an async context manager.

    ``checks_at_once`` bounds the fetching lane of this process; its telling lane does one task after
    another.
    """

    def __init__(self, conninfo: str, *, checks_at_once: int = 8) -> None:
        self._conninfo = conninfo
        self._at_once = {Lane.FETCHING: checks_at_once, Lane.TELLING: 1}
        self._app = procrastinate.App(
            connector=procrastinate.PsycopgConnector(
                conninfo=conninfo, min_size=1, max_size=4, timeout=10, kwargs={"connect_timeout": 10}
            )
        )
        self._doing: set[int] = set()

    async def __aenter__(self) -> Self:
        try:
            # The pool would try for half a minute before it says why it cannot.
            async with await psycopg.AsyncConnection.connect(self._conninfo, connect_timeout=10):
                pass
            await self._app.open_async()
        except (psycopg.OperationalError, exceptions.ConnectorException) as error:
            raise _unavailable(error) from error
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._app.close_async()

    async def put(self, task: Task) -> bool:
        """Let ``task`` wait, unless one of its name does."""
        job = self._app.configure_task(
            task.kind.value,
            queue=task.lane.value,
            lock=task.lock,
            queueing_lock=task.name,
            allow_unknown=True,
        )
        try:
            await job.defer_async(subject=task.subject, due_at=task.due_at.isoformat(), lock=task.lock)
        except exceptions.AlreadyEnqueued:
            return False
        except exceptions.ConnectorException as error:
            raise _unavailable(error) from error
        return True

    async def work(self, do: Do) -> None:
        """Do the tasks that wait, until cancelled; a lost database is waited for."""
        self._register(do)
        async with asyncio.TaskGroup() as lanes:
            for lane in Lane:
                lanes.create_task(self._work_lane(lane))

    async def rescue(self) -> int:
        """Let the tasks of workers that died wait again; return how many.

        Raises:
            QueueUnavailable: the queue cannot be reached.
        """
        try:
            stalled = await self._app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_DEAD_SECONDS)
            return await self._hand_on(stalled)
        except exceptions.ConnectorException as error:
            raise _unavailable(error) from error

    async def forget_failed(self) -> None:
        """Delete what failed for good a month ago.

        Raises:
            QueueUnavailable: the queue cannot be reached.
        """
        try:
            await self._app.job_manager.delete_old_jobs(
                _FAILED_KEPT_HOURS, include_failed=True, include_aborted=True
            )
        except exceptions.ConnectorException as error:
            raise _unavailable(error) from error

    def _register(self, do: Do) -> None:
        async def run(context: JobContext, *, subject: str, due_at: str, lock: str | None) -> None:
            kind = TaskKind(context.job.task_name)
            number = context.job.id or 0
            self._doing.add(number)
            try:
                await do(Task(kind=kind, subject=subject, due_at=datetime.fromisoformat(due_at), lock=lock))
            finally:
                self._doing.discard(number)

        for kind in TaskKind:
            self._app.task(name=kind.value, pass_context=True, retry=_TryAgain())(run)

    async def _work_lane(self, lane: Lane) -> None:
        while True:
            worker = Worker(
                self._app,
                queues=[lane.value],
                name=lane.value,
                concurrency=self._at_once[lane],
                fetch_job_polling_interval=_POLL_SECONDS,
                shutdown_graceful_timeout=_GRACE_SECONDS,
                delete_jobs="successful",
                install_signal_handlers=False,
                update_heartbeat_interval=_HEARTBEAT_SECONDS,
                stalled_worker_timeout=_DEAD_SECONDS,
            )
            try:
                async with asyncio.TaskGroup() as tasks:
                    watching = tasks.create_task(self._watch(worker))
                    await worker.run()  # type: ignore[no-untyped-call]
                    watching.cancel()
            except* exceptions.ConnectorException as errors:
                log.warning("queue_lost", lane=lane.value, reason=_reason(errors.exceptions[0]))
            # It ends by itself only when its connections failed: a new one gets a new number, and
            # what the old one was doing is found by that.
            await asyncio.sleep(1)

    async def _watch(self, worker: Worker) -> None:
        """Hand on what counts as done by ``worker``, and is not: its connection broke at the end."""
        suspects: set[int] = set()
        while True:
            await asyncio.sleep(_DEAD_SECONDS)
            if worker.worker_id is None:
                continue
            marked = await self._app.job_manager.list_jobs_async(
                status=Status.DOING.value, worker_id=worker.worker_id
            )
            lost = {job.id: job for job in marked if job.id is not None and job.id not in self._doing}
            await self._hand_on(job for number, job in lost.items() if number in suspects)
            suspects = set(lost)

    async def _hand_on(self, jobs: Iterable[Job]) -> int:
        count = 0
        for job in jobs:
            count += 1
            manager = self._app.job_manager
            try:
                if job.attempts + 1 >= _MOST_ATTEMPTS:
                    log.error("task_given_up", task=job.task_name, attempts=job.attempts + 1)
                    await manager.finish_job(job, Status.FAILED, delete_job=False)
                else:
                    log.warning("task_handed_on", task=job.task_name, lock=job.lock)
                    await manager.retry_job(job)
            except exceptions.UniqueViolation:
                # The same task waits already: once is enough.
                await manager.finish_job(job, Status.ABORTED, delete_job=True)
        return count


def _unavailable(error: BaseException) -> QueueUnavailable:
    return QueueUnavailable(f"task queue: {_reason(error)}; check that the database server runs")


def _reason(error: BaseException) -> str:
    cause = error.__cause__ or error
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0]
