"""Tables leave with the columns of the dictionary, and with nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io

import pytest
from pyarrow import parquet

from monitor.domain.tier import Movement, Tier, TierPlacement
from monitor.jobs.tables import (
    CHANGES,
    TABLES,
    TIERS,
    Column,
    ColumnKind,
    Table,
    change_row,
    csv_lines,
    tier_row,
    write_parquet,
)
from tests.web.samples import claim, hostile_change

PLACED = TierPlacement("ARG", 2013, Tier.TWO, Movement.UPGRADED)


def parsed(table: Table, *rows: tuple[str | int | float | bool | None, ...]) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(csv_lines(table, rows)).decode(), newline="")))


def test_a_placement_is_one_line_of_csv() -> None:
    assert b"".join(csv_lines(TIERS, [tier_row(PLACED)])) == (
        b"country,edition,tier,movement,watch_list_years,secondary\r\nARG,2013,2,upgraded,,false\r\n"
    )


def test_every_change_fills_every_column() -> None:
    head, line = parsed(CHANGES, change_row(claim()))

    assert head == [column.name for column in CHANGES.columns]
    assert dict(zip(head, line, strict=True))["headline"] == claim().headline


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t=", "\n", "\uff1d"])
def test_text_never_begins_as_a_formula(first: str) -> None:
    table = Table("one", "", (Column("text", ColumnKind.TEXT, ""), Column("n", ColumnKind.INTEGER, "")))
    (_, (text, number)) = parsed(table, (f"{first}cmd|' /C calc'!A0", -5))

    assert text.startswith("'")
    assert number == "-5"


def test_markup_stays_text_and_bidi_tricks_go() -> None:
    (_, line) = parsed(CHANGES, change_row(hostile_change()))

    assert "Brazil: <script>alert(1)</script> evil & <b>bold</b>" in line


def test_parquet_carries_the_types_and_the_dictionary() -> None:
    file = io.BytesIO()
    write_parquet(TIERS, [tier_row(PLACED)], file)
    table = parquet.read_table(file)

    assert table.to_pylist() == [
        {
            "country": "ARG",
            "edition": 2013,
            "tier": "2",
            "movement": "upgraded",
            "watch_list_years": None,
            "secondary": False,
        }
    ]
    assert table.schema.field("tier").metadata[b"description"].startswith(b"1, 2, 2WL")


def test_an_empty_table_has_its_columns() -> None:
    file = io.BytesIO()
    write_parquet(CHANGES, [], file)

    assert parquet.read_table(file).column_names == [column.name for column in CHANGES.columns]


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_column_is_described(table: Table) -> None:
    assert all(column.description for column in table.columns)
    assert len({column.name for column in table.columns}) == len(table.columns)
