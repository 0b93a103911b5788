"""export: every table as a file that spreadsheets and programs read."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from pyarrow import parquet

from monitor.jobs.tables import TABLES
from tests.cli.conftest import Run


def test_each_table_is_a_file_alike_in_every_syntax(run: Run, two_editions: Path, tmp_path: Path) -> None:
    run("import", two_editions)
    place = tmp_path / "new" / "tables"
    done = [run("export", "--to", place, "--format", syntax) for syntax in ("csv", "jsonl", "parquet")]

    assert [(ran.code, ran.err) for ran in done] == [(0, "")] * 3
    for table in ("figures", "tiers", "changes"):
        written = (place / f"{table}.csv").read_text(encoding="utf-8")
        lines = list(csv.DictReader(io.StringIO(written, newline="")))
        text = (place / f"{table}.jsonl").read_text(encoding="utf-8")
        objects = [json.loads(line) for line in text.splitlines()]
        columns = parquet.read_table(place / f"{table}.parquet")
        assert f"{place / table}.csv: {len(lines)} rows\n" in done[0].out
        assert len(lines) == len(objects) == columns.num_rows > 0
        assert list(objects[0]) == columns.column_names == [column.name for column in TABLES[table].columns]
        assert columns.to_pylist() == objects
    assert sorted(path.suffix for path in place.iterdir()) == sorted([".csv", ".jsonl", ".parquet"] * 4)


def test_a_number_not_given_is_null_and_none_is_zero(run: Run, two_editions: Path, tmp_path: Path) -> None:
    run("import", two_editions)
    run("export", "--to", tmp_path, "--format", "jsonl")

    figures = [json.loads(line) for line in (tmp_path / "figures.jsonl").read_text("utf-8").splitlines()]
    assert {type(each["value"]) for each in figures if each["status"] == "unreported"} <= {type(None)}
    assert all(each["value"] is not None for each in figures if each["status"] == "reported")


def test_an_export_takes_the_place_of_the_one_before(run: Run, two_editions: Path, tmp_path: Path) -> None:
    assert run("export", "--to", tmp_path).code == 0
    before = (tmp_path / "figures.csv").read_bytes()
    run("import", two_editions)
    assert run("export", "--to", tmp_path).code == 0

    assert before.count(b"\n") == 1
    assert (tmp_path / "figures.csv").read_bytes().startswith(before)
    assert sorted(path.name for path in tmp_path.glob("*.csv")) == [
        "changes.csv",
        "claims.csv",
        "figures.csv",
        "tiers.csv",
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        ((), 2, "--to"),
        (("--to", "{file}"), 2, "is no directory: --to takes one"),
        (("--to", "{file}/tables"), 1, "choose a directory that can be written to"),
        (("--to", "{new}", "--format", "xlsx"), 2, "xlsx"),
    ],
)
def test_what_cannot_be_exported_to_is_said_and_left_alone(
    arguments: tuple[str, ...], code: int, line: str, run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "a file"
    file.write_text("mine", encoding="utf-8")
    ran = run("export", *(each.format(file=file, new=tmp_path / "new") for each in arguments))

    assert (ran.code, line in ran.err) == (code, True)
    assert file.read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "new").exists()
