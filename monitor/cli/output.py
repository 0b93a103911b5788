"""Prints listings: tables for people, JSON and CSV for programs."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NoReturn

import typer


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"
    CSV = "csv"


Row = Mapping[str, object]


def print_listing(rows: Sequence[Row], columns: Sequence[str], output: Format, *, empty: str) -> None:
    """Print ``rows``; JSON and CSV carry every field of a row, a table only ``columns``.

    ``empty`` is what a person reads where there are no rows.
    """
    if output is Format.JSON:
        print_json(list(rows))
    elif output is Format.CSV:
        _print_csv(rows, columns)
    elif rows:
        print_table(rows, columns)
    else:
        typer.echo(empty)


def print_json(value: object) -> None:
    """Print ``value`` as JSON: indented on a terminal, else on one line."""
    indent = 2 if sys.stdout.isatty() else None
    typer.echo(json.dumps(value, ensure_ascii=False, indent=indent))


def print_table(rows: Sequence[Row], columns: Sequence[str], *, title: str | None = None) -> None:
    """Print ``columns`` of ``rows`` for a person; long texts wrap."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=title, title_justify="left", header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(escape(_cell(row.get(column))) for column in columns))
    width = None if sys.stdout.isatty() else 160
    Console(width=width, soft_wrap=False).print(table)


def refuse(line: str) -> NoReturn:
    """Print what is wrong with the call as one line to stderr; end with exit code 2."""
    typer.echo(line, err=True)
    raise typer.Exit(2)


def fail(lines: Sequence[str]) -> None:
    """Print each failure as one line to stderr; end with exit code 1 where there is any."""
    for line in lines:
        typer.echo(" ".join(line.split()), err=True)
    if lines:
        raise typer.Exit(1)


def _print_csv(rows: Sequence[Row], columns: Sequence[str]) -> None:
    fields = list(rows[0]) if rows else list(columns)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(fields)
    writer.writerows([_csv_cell(row[field]) for field in fields] for row in rows)


def _csv_cell(value: object) -> object:
    if isinstance(value, (dict, list, tuple)):
        return json.dumps(value, ensure_ascii=False)
    # A spreadsheet runs a cell that begins with one of these as a formula (OWASP, CSV injection).
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    return "".join(each if each.isprintable() or each == "\n" else " " for each in text)
