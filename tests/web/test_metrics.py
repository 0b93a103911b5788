"""What Prometheus is told, and that it gives nobody away."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import yaml
from prometheus_client.parser import text_string_to_metric_families

from monitor.domain.source import Source, SourceKind
from monitor.domain.subscription import Subscription
from monitor.storage.database import Database
from monitor.storage.sources import sync_sources
from monitor.storage.subscriptions import add_subscription
from tests.checks import record_failure, record_success
from tests.fakes import Clock
from tests.web.conftest import application, client_of
from tests.web.samples import NOW

_DEPLOY = Path(__file__).resolve().parent.parent.parent / "deploy"


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


async def test_a_source_that_nobody_ever_checks_lags_too(database: Database) -> None:
    """Else a scheduler that never led would raise no alarm."""
    source = Source("new", SourceKind.FEED, "https://new.example/", timedelta(hours=1))
    with database.transaction() as session:
        sync_sources(session, [source])
    clock = Clock()
    async with client_of(application(database, clock=clock)) as client:
        clock.advance(timedelta(hours=2))
        found = samples((await client.get("/metrics")).text)
    assert found["tip_monitor_source_lag_seconds[new]"] == timedelta(hours=2).total_seconds()


async def test_every_metric_that_dashboard_and_alerts_use_exists(client: httpx.AsyncClient) -> None:
    told = set(re.findall(r"^# TYPE (tip_monitor_\w+)", (await client.get("/metrics")).text, re.MULTILINE))
    only_distributed = {"tip_monitor_tasks", "tip_monitor_task_age_seconds"}
    for name in ("grafana-dashboard.json", "prometheus-alerts.yml"):
        used = set(re.findall(r"tip_monitor_\w+", (_DEPLOY / name).read_text("utf-8")))
        assert used
        assert used <= told | only_distributed


async def test_dashboard_and_alerts_ask_for_labels_that_the_metrics_have(database: Database) -> None:
    with database.transaction() as session:
        sync_sources(session, [Source("good", SourceKind.FEED, "https://good.example/", timedelta(hours=1))])
    async with client_of(application(database)) as client:
        told = (await client.get("/metrics")).text
    labels = {
        "tip_monitor_tasks": {"task", "state"},
        "tip_monitor_task_age_seconds": {"task", "state"},
    }
    values = {"todo", "doing", "failed"}
    for family in text_string_to_metric_families(told):
        for sample in family.samples:
            labels.setdefault(sample.name, set()).update(sample.labels)
            values |= set(sample.labels.values())
    expressions = [rule["expr"] for rule in _rules()] + [
        target["expr"] for panel in _dashboard()["panels"] for target in panel["targets"]
    ]
    matched = 0
    for expression in expressions:
        assert [expression.count(each) for each in "({["] == [expression.count(each) for each in ")}]"]
        for name, inside in re.findall(r"(tip_monitor_\w+)(?:\{([^}]*)\})?", expression):
            grouped = re.findall(r"by \(([\w, ]+)\)", expression)
            by = {label.strip() for group in grouped for label in group.split(",")}
            wanted = dict(re.findall(r'(\w+)=~?"([^"]*)"', inside))
            assert by | set(wanted) <= labels[name]
            assert {value for text in wanted.values() for value in text.split("|")} <= values
            matched += 1
    assert matched > 15


def test_every_alert_says_what_to_do_and_every_panel_has_its_place() -> None:
    rules = _rules()
    assert len({rule["alert"] for rule in rules}) == len(rules)
    for rule in rules:
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert rule["labels"]["severity"] in {"page", "warn"}
        assert set(rule["annotations"]) == {"summary", "action"}
        assert re.fullmatch(r"\d+[smhd]", rule.get("for", "0s"))
    panels = _dashboard()["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken = [
        (x, y)
        for place in (panel["gridPos"] for panel in panels)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(set(taken)) == len(taken)
    assert max(x for x, _ in taken) < 24


def _rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((_DEPLOY / "prometheus-alerts.yml").read_text("utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def _dashboard() -> dict[str, Any]:
    dashboard: dict[str, Any] = json.loads((_DEPLOY / "grafana-dashboard.json").read_text("utf-8"))
    return dashboard
