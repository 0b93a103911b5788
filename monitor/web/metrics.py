"""Answers Prometheus: ``/metrics`` says of the whole installation what its database knows.

Every process gives the same numbers, so one of them is enough to ask. They hold no address of a
subscriber and nothing that a page does not show.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime

import structlog
from fastapi import APIRouter
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from monitor import __version__
from monitor.domain.change import ChangeStatus
from monitor.domain.polling import is_silent
from monitor.domain.source import SourceState
from monitor.domain.subscription import DeliveryState
from monitor.jobs.health import Coverage, coverage_of
from monitor.queueing.waiting import WaitingTasks, waiting_tasks
from monitor.storage.database import Database, StorageError
from monitor.storage.measurements import Measurements, measure

_KEPT_SECONDS = 10.0
_PREFIX = "tip_monitor_"

log = structlog.get_logger(__name__)


def metrics_router(database: Database, *, clock: Callable[[], datetime]) -> APIRouter:
    """Return the route."""
    router = APIRouter(include_in_schema=False)
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(_Installation(database, clock))

    @router.get("/metrics")
    def metrics() -> Response:
        return Response(
            generate_latest(registry), media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"}
        )

    return router


class _Installation(Collector):
    """Measures at most every ten seconds, whoever asks: counting reads whole tables."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._begun = clock()
        self._lock = threading.Lock()
        self._kept: tuple[float, list[Metric]] | None = None

    def describe(self) -> list[Metric]:
        """Tell nothing beforehand, so that registering asks no database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Return the numbers; where the database does not answer, that alone."""
        with self._lock:
            if self._kept is None or time.monotonic() - self._kept[0] > _KEPT_SECONDS:
                self._kept = time.monotonic(), self._measured()
            yield from self._kept[1]

    def _measured(self) -> list[Metric]:
        now = self._clock()
        up = _gauge("database_up", "Whether the database answered")
        try:
            with self._database.reading() as session:
                found = measure(session, now)
                covered = [(each, coverage_of(session, each.source)) for each in found.sources]
                tasks = [] if self._database.is_sqlite else waiting_tasks(session.connection())
        except StorageError as error:
            log.warning("failure", reason=str(error))
            up.add_metric([], 0)
            return [up]
        up.add_metric([], 1)
        version = InfoMetricFamily(_PREFIX.rstrip("_"), "The version that answers", {"version": __version__})
        return [
            up,
            version,
            *_sources(found, now, self._begun),
            _covered(covered),
            *_read(found),
            *_told(found, now),
            *_tasks(tasks),
        ]


def _sources(found: Measurements, now: datetime, begun: datetime) -> list[Metric]:
    """Return what there is to say of sources; one never checked has been due since ``begun`` at least."""
    by_health = _gauge("sources", "Sources by health", ["health"])
    health = [_health(state) for state in found.sources]
    for name in ("healthy", "failing", "disabled"):
        by_health.add_metric([name], health.count(name))
    failures = _gauge("source_failures", "Failed checks since the last good one", ["source"])
    success = _gauge("source_last_success_timestamp_seconds", "When a check last went well", ["source"])
    lag = _gauge("source_lag_seconds", "How long a source has been due without being checked", ["source"])
    silent = _gauge("source_silent", "Whether a source is silent for longer than is usual", ["source"])
    for state in found.sources:
        key = [state.source.key]
        silent.add_metric(key, is_silent(state, now))
        failures.add_metric(key, state.failures)
        if state.last_success_at is not None:
            success.add_metric(key, state.last_success_at.timestamp())
        if state.enabled:
            checked = state.last_checked_at
            due = state.next_due_at or (begun if checked is None else checked + state.source.every)
            lag.add_metric(key, max(0.0, (now - due).total_seconds()))
    return [by_health, failures, success, lag, silent]


def _covered(covered: list[tuple[SourceState, Coverage | None]]) -> Metric:
    narratives = _gauge(
        "edition_narratives",
        "Narratives stored of the newest edition and of the one before",
        ["source", "edition"],
    )
    for state, coverage in covered:
        if coverage is not None:
            key = state.source.key
            narratives.add_metric([key, str(coverage.edition)], coverage.narratives)
            narratives.add_metric([key, str(coverage.edition - 1)], coverage.before)
    return narratives


def _health(state: SourceState) -> str:
    if not state.enabled:
        return "disabled"
    return "failing" if state.failures else "healthy"


def _read(found: Measurements) -> list[Metric]:
    figures = _gauge("figures", "Figures of the current readings")
    figures.add_metric([], found.figures)
    unread = _gauge("unread_passages", "Passages of the current readings that no rule took")
    unread.add_metric([], found.unread)
    changes = _gauge("changes", "Changes by status; held ones wait for a person", ["status"])
    for status in ChangeStatus:
        changes.add_metric([status.value], found.changes.get(status.value, 0))
    return [figures, unread, changes]


def _told(found: Measurements, now: datetime) -> list[Metric]:
    subscribers = _gauge("subscribers", "Subscribers by whether they confirmed", ["confirmed"])
    subscribers.add_metric(["yes"], found.confirmed)
    subscribers.add_metric(["no"], found.unconfirmed)
    deliveries = _gauge("deliveries", "Deliveries by outcome so far", ["outcome"])
    for state in DeliveryState:
        deliveries.add_metric([state.value], found.deliveries.get(state.value, 0))
    depth = _gauge("delivery_queue_depth", "Deliveries that are due")
    depth.add_metric([], found.due)
    age = _gauge("delivery_queue_age_seconds", "How long the oldest delivery has been due")
    age.add_metric([], max(0.0, (now - found.oldest_due).total_seconds()) if found.oldest_due else 0)
    return [subscribers, deliveries, depth, age]


def _tasks(found: list[WaitingTasks]) -> list[Metric]:
    if not found:
        return []
    depth = _gauge("tasks", "Tasks of the distributed queue", ["task", "state"])
    age = _gauge("task_age_seconds", "How long ago the oldest of them was put", ["task", "state"])
    for each in found:
        depth.add_metric([each.kind, each.state], each.count)
        age.add_metric([each.kind, each.state], each.oldest_seconds)
    return [depth, age]


def _gauge(name: str, words: str, labels: list[str] | None = None) -> GaugeMetricFamily:
    return GaugeMetricFamily(_PREFIX + name, words, labels=labels or [])
