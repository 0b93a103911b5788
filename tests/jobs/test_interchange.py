"""The JSON shapes are public: their fields and their order hold."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

from monitor.domain.change import Cause, Change, ChangeKind, Direction
from monitor.domain.figure import Evidence, Figure, Form, Measure, Unit
from monitor.domain.reading import DocumentKind, ExtractionIssue, IssueCode, Reading
from monitor.domain.tier import Tier, TierReading
from monitor.jobs.interchange import change_json, figure_json, reading_json

TEXT = "Courts convicted 15 sex traffickers."
EVIDENCE = Evidence(TEXT, 0, len(TEXT))


def test_a_change_has_every_field_and_null_where_its_kind_has_no_use_for_it() -> None:
    change = Change(
        id="0123456789abcdef0123",
        kind=ChangeKind.TIER_CHANGED,
        cause=Cause.NEW_EDITION,
        country="ARG",
        edition=2013,
        headline="Argentina: upgraded",
        created_at=datetime(2013, 7, 2, 8, 30, tzinfo=timezone(timedelta(hours=2))),
        old="2WL",
        new="2",
        direction=Direction.UP,
        source_url="https://www.state.gov/",
        evidence_new="ARGENTINA (Tier 2)",
    )

    assert json.dumps(change_json(change)) == (
        '{"id": "0123456789abcdef0123", "kind": "tier_changed", "cause": "new_edition", "country": "ARG", '
        '"edition": 2013, "measure": null, "form": null, "old": "2WL", "new": "2", "direction": "up", '
        '"status": "published", "created_at": "2013-07-02T06:30:00Z", '
        '"source_url": "https://www.state.gov/", "evidence_old": null, '
        '"evidence_new": "ARGENTINA (Tier 2)", "headline": "Argentina: upgraded"}'
    )


def test_a_reading_is_one_object_with_tier_figures_and_issues() -> None:
    reading = Reading(
        kind=DocumentKind.NARRATIVE,
        country="ARG",
        edition=2013,
        tier=TierReading(Tier.TWO, Evidence("ARGENTINA (Tier 2)", 0, 18)),
        figures=(
            Figure(
                country="ARG",
                measure=Measure.CONVICTIONS,
                value=15,
                form=Form.SEX,
                evidence=EVIDENCE,
                year=2012,
            ),
        ),
        issues=(ExtractionIssue(IssueCode.UNREAD_NUMBER, Evidence("many 7", 88, 94), "detail"),),
    )

    assert json.dumps(reading_json(reading)) == (
        '{"schema": 1, "kind": "narrative", "country": "ARG", "edition": 2013, '
        '"tier": {"value": "2", "movement": null, "watch_list_years": null, '
        '"evidence": {"text": "ARGENTINA (Tier 2)", "start": 0, "end": 18}}, '
        '"figures": [{"country": "ARG", "measure": "convictions", "form": "sex", "unit": "cases", '
        '"relation": "current", "year": 2012, "value": 15, "status": "reported", "qualifier": "exact", '
        '"stage": "any", "accused": "any", "reporter": "government", "group": "all", "confidence": "high", '
        '"evidence": {"text": "Courts convicted 15 sex traffickers.", "start": 0, "end": 36}}], '
        '"issues": [{"code": "unread_number", "text": "many 7", "start": 88, "end": 94}]}'
    )


def test_a_text_without_a_tier_has_null_for_it() -> None:
    reading = Reading(DocumentKind.NEWS, None, None, None, (), ())

    assert reading_json(reading) == {
        "schema": 1,
        "kind": "news",
        "country": None,
        "edition": None,
        "tier": None,
        "figures": [],
        "issues": [],
    }


def test_law_facts_and_attributed_numbers_extend_the_object() -> None:
    plain = Figure(country=None, measure=Measure.CONVICTIONS, value=15, evidence=EVIDENCE)
    penalty = Figure(
        country=None,
        measure=Measure.PENALTY_YEARS,
        value=4,
        maximum=15,
        unit=Unit.YEARS,
        evidence=EVIDENCE,
    )
    funding = Figure(
        country=None,
        measure=Measure.FUNDING,
        value=100,
        currency="USD",
        unit=Unit.MONEY,
        evidence=EVIDENCE,
    )
    attributed = Figure(
        country=None, measure=Measure.CONVICTIONS, value=15, evidence=EVIDENCE, report_edition=2013
    )

    core = list(figure_json(plain))
    assert {key: value for key, value in figure_json(penalty).items() if key not in core} == {"maximum": 15}
    assert {key: value for key, value in figure_json(funding).items() if key not in core} == {
        "currency": "USD"
    }
    assert {key: value for key, value in figure_json(attributed).items() if key not in core} == {
        "report_edition": 2013
    }
