"""``evaluate``: the extractor against labelled passages of our own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

DEFAULTS = {
    "unit": "persons", "relation": "current", "year": None, "status": "reported", "qualifier": "exact",
    "stage": "any", "accused": "any", "reporter": "government", "group": "all", "form": "all",
}  # fmt: skip


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    (tmp_path / "A-1.txt").write_text("Courts convicted 12 traffickers. Police identified 30 victims.")
    (tmp_path / "A-2.txt").write_text("The ministry printed leaflets.")
    labels = [
        {
            "id": "A-1", "country": "ARG", "edition": 2013, "tier": None,
            "figures": [{**DEFAULTS, "measure": "convictions", "value": 12},
                        {**DEFAULTS, "measure": "victims_identified", "value": 30, "form": "sex"}],
        },
        {"id": "A-2", "country": "BOL", "edition": 2009, "tier": "2", "figures": []},
    ]  # fmt: skip
    (tmp_path / "labels.jsonl").write_text("\n".join(json.dumps(label) for label in labels))
    return tmp_path


def test_precision_recall_and_every_miss_are_printed(run, labelled: Path) -> None:
    shape = run("evaluate", labelled, "--show", "--format", "json").json
    assert (shape["passages"], shape["exact_passages"], shape["tiers"], shape["tier_accuracy"]) == (
        2,
        1,
        1,
        0.0,
    )
    total = shape["scores"][0]
    assert (total["precision"], total["recall"], total["hits"]) == (0.5, 0.5, 1)
    assert {(row["group"], row["name"]) for row in shape["scores"]} >= {
        ("measure", "convictions"),
        ("form", "all"),
        ("era", "2010s"),
        ("kind", "narrative"),
    }
    assert [(miss["what"], miss["value"], miss["sentence"]) for miss in shape["misses"]] == [
        ("missed", 30, "Police identified 30 victims."),
        ("wrongly found", 30, "Police identified 30 victims."),
    ]


def test_a_directory_without_labels_is_one_line(run, tmp_path: Path) -> None:
    ran = run("evaluate", tmp_path)
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert str(tmp_path / "labels.jsonl") in ran.err


def test_a_label_that_is_wrong_is_told_with_its_line(run, labelled: Path) -> None:
    (labelled / "labels.jsonl").write_text('{"id": "A-1"}\n')
    ran = run("evaluate", labelled)
    assert ran.code == 1
    assert "line 1" in ran.err
