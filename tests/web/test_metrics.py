"""What Prometheus is told, and that it gives nobody away."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import httpx
from prometheus_client.parser import text_string_to_metric_families

from monitor.domain.source import Source, SourceKind
from monitor.domain.subscription import Subscription
from monitor.storage.database import Database
from monitor.storage.sources import sync_sources
from monitor.storage.subscriptions import add_subscription
from tests.checks import record_failure, record_success
from tests.web.conftest import application, client_of
from tests.web.samples import NOW


def samples(text: str) -> dict[str, float]:
    """Return the samples by name and labels, the process's own left out."""
    return {
        sample.name + "".join(f"[{value}]" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name.startswith("tip_monitor")
    }


async def test_metrics_count_sources_figures_changes_and_deliveries(database: Database) -> None:
    sources = [
        Source(key, SourceKind.FEED, f"https://{key}.example/", timedelta(hours=1)) for key in ("good", "bad")
    ]
    with database.transaction() as session:
        sync_sources(session, sources)
        record_success(session, "good", NOW - timedelta(days=30))
        record_failure(session, "bad", NOW, "it answered 503")
        add_subscription(session, Subscription(address="reader@example.org", created_at=NOW))
    async with client_of(application(database)) as client:
        answer = await client.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert "reader@example.org" not in answer.text
    found = samples(answer.text)
    assert {
        "tip_monitor_database_up": 1,
        "tip_monitor_sources[healthy]": 1,
        "tip_monitor_sources[failing]": 1,
        "tip_monitor_sources[disabled]": 0,
        "tip_monitor_source_failures[bad]": 1,
        "tip_monitor_subscribers[no]": 1,
        "tip_monitor_deliveries[sent]": 0,
        "tip_monitor_delivery_queue_depth": 0,
        "tip_monitor_delivery_queue_age_seconds": 0,
    }.items() <= found.items()
    assert 0 < found["tip_monitor_source_lag_seconds[good]"] < timedelta(days=30).total_seconds()
    assert found["tip_monitor_figures"] > 0
    assert found["tip_monitor_changes[published]"] > 0


async def test_a_database_that_does_not_answer_is_a_number_too(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    async with client_of(application(database)) as client:
        answer = await client.get("/metrics")
    database.dispose()
    assert answer.status_code == 200
    assert samples(answer.text) == {"tip_monitor_database_up": 0}


async def test_every_metric_that_dashboard_and_alerts_use_exists(client: httpx.AsyncClient) -> None:
    told = set(re.findall(r"^# TYPE (tip_monitor_\w+)", (await client.get("/metrics")).text, re.MULTILINE))
    only_distributed = {"tip_monitor_tasks", "tip_monitor_task_age_seconds"}
    deploy = Path(__file__).resolve().parent.parent.parent / "deploy"
    for name in ("grafana-dashboard.json", "prometheus-alerts.yml"):
        used = set(re.findall(r"tip_monitor_\w+", (deploy / name).read_text("utf-8")))
        assert used
        assert used <= told | only_distributed
