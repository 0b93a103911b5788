"""Scoring readings against labels: keys, sets, side fields, tiers, and misses in their sentence."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from monitor.domain.figure import Accused, Confidence, Form, Group, Measure, Relation, Reporter, Stage, Unit
from monitor.domain.reading import DocumentKind, Reading
from monitor.domain.tier import Tier
from monitor.jobs.evaluation import Key, Miss, Score, evaluate, labelled_passages
from tests.builders import figure, tier


def label(measure: str, value: int | None, **fields: Any) -> dict[str, Any]:
    defaults = {
        "form": "all",
        "unit": "cases",
        "relation": "current",
        "year": None,
        "status": "unreported" if value is None else "reported",
        "qualifier": "exact",
        "stage": "any",
        "accused": "any",
        "reporter": "government",
        "group": "all",
    }
    return {"measure": measure, "value": value, **defaults, **fields}


def line(*figures: dict[str, Any], **fields: Any) -> str:
    return json.dumps(
        {"id": "A-1", "country": "ARG", "edition": 2013, "tier": None, "figures": figures, **fields}
    )


def reading(*figures: Any, kind: DocumentKind = DocumentKind.NARRATIVE, placed: Any = None) -> Reading:
    return Reading(kind, "ARG", 2013, placed, figures, ())


def test_a_passage_is_scored_by_its_set_of_core_keys() -> None:
    passages = labelled_passages(
        [
            line(
                label("convictions", 17),
                label("convictions", 15, form="sex"),
                label("investigations", None),
                label("prosecutions", 71, accused="officials"),
                label("arrests", 9),
                label("convictions", 40, relation="cumulative"),
            )
        ]
    )
    found = reading(
        figure(17, unit=Unit.PERSONS, stage=Stage.NEW),
        figure(17, confidence=Confidence.LOW),
        figure(16, form=Form.SEX),
        figure(3, accused=Accused.OFFICIALS),
    )
    text = (
        "Courts convicted 17 men. Of these, 15 were convicted of sex trafficking. "
        "It did not say how many it investigated."
    )

    evaluation = evaluate(passages, [found], [text])

    assert evaluation.score == Score(hits=1, extra=1, missed=2)
    assert (evaluation.score.precision, evaluation.score.recall, evaluation.score.f1) == (1 / 2, 1 / 3, 2 / 5)
    assert (evaluation.exact_passages, evaluation.passages_with_only_false_alarms) == (0, 0)
    assert evaluation.by == {
        "measure": {"convictions": Score(1, 1, 1), "investigations": Score(0, 0, 1)},
        "form": {"all": Score(1, 0, 1), "sex": Score(0, 1, 1)},
        "era": {"2010s": Score(1, 1, 2)},
        "kind": {"narrative": Score(1, 1, 2)},
    }
    assert evaluation.misses == (
        Miss(
            "A-1",
            Key(Measure.CONVICTIONS, Form.SEX, Relation.CURRENT, 15),
            False,
            "Of these, 15 were convicted of sex trafficking.",
        ),
        Miss(
            "A-1",
            Key(Measure.INVESTIGATIONS, Form.ALL, Relation.CURRENT, None),
            False,
            "It did not say how many it investigated.",
        ),
        Miss("A-1", Key(Measure.CONVICTIONS, Form.SEX, Relation.CURRENT, 16), True, "convictions: 16."),
    )


def test_side_fields_are_scored_over_matched_keys_only() -> None:
    passages = labelled_passages(
        [line(label("convictions", 17, unit="persons", year=2012), label("convictions", 9))]
    )
    found = reading(figure(17, unit=Unit.PERSONS), figure(8, unit=Unit.PERSONS))

    assert evaluate(passages, [found], [""]).side == {
        "unit": 1.0,
        "qualifier": 1.0,
        "year": 0.0,
        "stage": 1.0,
    }


def test_in_news_the_country_is_part_of_the_key() -> None:
    passages = labelled_passages(
        [line(label("convictions", 17, country="ARG"), label("convictions", 5, country=None), kind="news")]
    )
    found = reading(figure(17, country="BRA"), figure(5, country=None), kind=DocumentKind.NEWS)

    evaluation = evaluate(passages, [found], [""])

    assert evaluation.score == Score(hits=1, extra=1, missed=1)
    assert evaluation.by["kind"] == {"news": Score(1, 1, 1)}


def test_tiers_count_where_the_label_has_one() -> None:
    passages = labelled_passages([line(tier="2WL"), line(tier="3"), line(tier="1"), line()])
    placed = [tier(Tier.TWO_WATCH_LIST), tier(Tier.TWO), None, tier(Tier.ONE)]

    evaluation = evaluate(passages, [reading(placed=one) for one in placed], [""] * 4)

    assert (evaluation.tiers, evaluation.tiers_right, evaluation.tier_accuracy) == (3, 1, 1 / 3)
    assert evaluation.exact_passages == 4


def test_nothing_labelled_and_nothing_found_is_no_division_by_zero() -> None:
    evaluation = evaluate([], [], [])
    assert (evaluation.score.f1, evaluation.tier_accuracy) == (0.0, None)
    assert evaluation.side == {"unit": None, "qualifier": None, "year": None, "stage": None}


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ("{", r"line 2: JSONDecodeError"),
        ("[]", r"line 2: AttributeError"),
        ('{"id": "A"}', r"line 2: KeyError: 'figures'"),
        (line({**label("convictions", 1), "measure": "fines"}), r"line 2: ValueError: 'fines'"),
    ],
)
def test_a_broken_label_names_its_line(broken: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        labelled_passages(["\n", broken])


@pytest.mark.shared
def test_the_figures_are_those_of_the_reference_scorer(shared: Path, tmp_path: Path) -> None:
    """A fake tool answers the labels with every third figure dropped; both scorers must agree."""
    root = shared / "reference" / "gold"
    lines = (root / "labels.jsonl").read_text("utf-8").splitlines()
    (tmp_path / "labels.jsonl").write_text("\n".join(lines), "utf-8")
    tool = tmp_path / "tool.py"
    tool.write_text(
        "import json, pathlib, sys\n"
        "root = pathlib.Path(sys.argv[-1]).parent\n"
        "for line in (root / 'labels.jsonl').read_text('utf-8').splitlines():\n"
        "    label = json.loads(line)\n"
        "    print(json.dumps({'figures': label['figures'][::3], 'tier': None}))\n",
        "utf-8",
    )
    answer = subprocess.run(
        [
            sys.executable,
            str(shared / "reference" / "score.py"),
            str(tmp_path),
            "--json",
            "--tool",
            f"{sys.executable} {tool}",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    expected = json.loads(answer.stdout)
    passages = labelled_passages(lines)
    readings = [reading(*(_figure(found) for found in json.loads(one)["figures"][::3])) for one in lines]

    evaluation = evaluate(passages, readings, [""] * len(lines))

    assert (
        round(evaluation.score.precision, 4),
        round(evaluation.score.recall, 4),
        round(evaluation.score.f1, 4),
        round(evaluation.exact_passages / len(lines), 4),
        evaluation.tier_accuracy,
    ) == tuple(expected[name] for name in ("precision", "recall", "f1", "exact_passages", "tier_accuracy"))


def _figure(found: dict[str, Any]) -> Any:
    return figure(
        found["value"],
        Measure(found["measure"]),
        form=Form(found["form"]),
        unit=Unit(found["unit"]),
        relation=Relation(found["relation"]),
        accused=Accused(found["accused"]),
        reporter=Reporter(found["reporter"]),
        group=Group(found["group"]),
    )
