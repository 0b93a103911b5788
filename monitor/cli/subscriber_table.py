"""Reads and writes subscribers as a table: CSV, whether a program or a spreadsheet wrote it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TextIO

from monitor.delivery.plain_text import one_line
from monitor.domain.country import Countries
from monitor.domain.subscription import Subscription
from monitor.jobs.preferences import COLUMNS, PreferenceRefused, read_subscription, subscription_row

# OWASP, CSV injection: a spreadsheet runs a cell that begins so.
_FORMULAS = ("=", "+", "-", "@", "\t")
# A spreadsheet writes semicolons where the comma stands in numbers.
_SEPARATORS = (",", ";", "\t")
_LONGEST_NAME = 40


def read_subscribers(
    path: Path,
    countries: Countries,
    *,
    now: datetime,
    confirmed_at: datetime | None,
    failures: list[str],
) -> Iterator[tuple[int, Subscription]]:
    """Give each row's line number and subscription; what is wrong is a line in ``failures``, and left out."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            heading = file.readline()
            file.seek(0)
            table = csv.DictReader(file, delimiter=max(_SEPARATORS, key=heading.count))
            names = table.fieldnames = [name.strip().lower() for name in table.fieldnames or ()]
            if "address" not in names:
                failures.append(f"{path}: has no column `address`: begin it with a heading, as `export` does")
                return
            unknown = [one_line(name)[:_LONGEST_NAME] for name in names if name and name not in COLUMNS]
            if unknown:
                failures.append(
                    f"{path}: passed over {', '.join(unknown)}: the columns are {', '.join(COLUMNS)}"
                )
            for row in table:
                try:
                    if None in row:
                        raise PreferenceRefused('more cells than the heading: quote a list, as in "ARG,BOL"')
                    values = {name: _value(text) for name, text in row.items() if text is not None}
                    wanted = read_subscription(values, countries, now=now, confirmed_at=confirmed_at)
                except PreferenceRefused as error:
                    failures.append(f"{path}:{table.line_num}: {error}")
                    continue
                yield table.line_num, wanted
    except OSError as error:
        failures.append(f"{path}: {error.strerror}: give a readable CSV file")
    except (UnicodeDecodeError, csv.Error) as error:
        failures.append(f"{path}: is no CSV in UTF-8: {error}")


def write_subscribers(file: TextIO, subscriptions: Iterable[Subscription]) -> None:
    """Write ``subscriptions`` with a heading; ``read_subscribers`` reads them back."""
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for each in subscriptions:
        writer.writerow({name: _cell(value) for name, value in subscription_row(each).items()})


def _cell(value: str) -> str:
    return f"'{value}" if value.lstrip("'").startswith(_FORMULAS) else value


def _value(cell: str) -> str:
    is_marked = cell.startswith("'") and cell.lstrip("'").startswith(_FORMULAS)
    return cell[1:] if is_marked else cell
