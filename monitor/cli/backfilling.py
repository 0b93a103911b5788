"""The command that reads past editions: backfill."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.output import Format, fail, print_listing, refuse
from monitor.cli.progress import shown_progress
from monitor.cli.session import configuration, opened_database

if TYPE_CHECKING:
    from monitor.domain.source import Source
    from monitor.jobs.backfill import EditionResult, Estimate
    from monitor.settings.configuration import Configuration
    from monitor.storage.database import Database

_COLUMNS = ("edition", "found", "read", "failed", "why")
_RANGE = re.compile(r"(20\d\d)(?:\s*-\s*(20\d\d))?")


def register(app: typer.Typer) -> None:
    """Add this module's command to ``app``."""
    app.command()(backfill)


def backfill(
    context: typer.Context,
    editions: Annotated[
        str | None, typer.Option(metavar="RANGE", help="Years, e.g. 2011-2025 or 2009,2013-2015; all.")
    ] = None,
    countries: Annotated[
        str | None, typer.Option(metavar="CODES", help="ISO3 codes with commas, e.g. ARG,BOL; all.")
    ] = None,
    output: Annotated[
        Format, typer.Option("--format", help="Table for people, json or csv for programs.")
    ] = Format.TABLE,
) -> None:
    """Read past editions once; no alert comes of it. Killed, it goes on where it was when run again."""
    from monitor.bootstrap import vocabulary
    from monitor.cli.logs import log_to_stderr

    log_to_stderr()
    wanted = _years(editions)
    words = vocabulary()
    codes = (
        None if countries is None else [code.strip().upper() for code in countries.split(",") if code.strip()]
    )
    for code in codes or []:
        if code not in words.countries:
            refuse(f"no country has the code {code}; `tip-monitor countries` lists them")
    settings = configuration(context)
    with opened_database(settings) as database:
        source = _report(database)
        results = asyncio.run(_backfill(settings, database, source, wanted, codes))
    rows = [
        {
            "edition": result.edition,
            "found": result.found,
            "read": result.read,
            "failed": result.failed,
            "why": result.why,
        }
        for result in results
    ]
    print_listing(rows, _COLUMNS, output, empty="No such edition: the index lists none of these years.")
    for note in (note for result in results for note in result.notes):
        typer.echo(f"note: {note}", err=True)
    fail([line for result in results for line in result.failures])


async def _backfill(
    settings: Configuration,
    database: Database,
    source: Source,
    wanted: Callable[[int], bool],
    codes: list[str] | None,
) -> list[EditionResult]:
    from monitor.bootstrap import checker, vocabulary
    from monitor.fetching.failures import FetchFailed
    from monitor.jobs.backfill import backfill as read_editions

    with shown_progress() as progress:
        async with checker(settings, database, vocabulary()) as work:
            try:
                return await read_editions(
                    source, work, wanted=wanted, countries=codes, progress=progress, estimated=_show
                )
            except FetchFailed as failure:
                fail([str(failure)])
                raise


def _show(estimate: Estimate) -> None:
    if not sys.stderr.isatty():
        return
    minutes = max(1, round(estimate.lasts.total_seconds() / 60))
    typer.echo(
        f"{estimate.editions} editions, {estimate.narratives} narratives, {estimate.pages} pages to fetch: "
        f"about {minutes} min",
        err=True,
    )


def _report(database: Database) -> Source:
    from monitor.domain.source import SourceKind
    from monitor.storage.sources import source_states

    with database.reading() as session:
        states = source_states(session)
    reports = [state.source for state in states if state.source.kind is SourceKind.TIP_REPORT]
    if not reports:
        refuse('no source is of kind "tip-report"; add one to [[sources]] of the configuration')
    return reports[0]


def _years(text: str | None) -> Callable[[int], bool]:
    if text is None:
        return lambda year: True
    spans: list[tuple[int, int]] = []
    for part in text.split(","):
        match = _RANGE.fullmatch(part.strip())
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if not 2001 <= first <= last:
            refuse(
                f"--editions {text!r}: {part.strip()!r} is no year or range since 2001; write e.g. 2011-2025"
            )
        spans.append((first, last))
    return lambda year: any(first <= year <= last for first, last in spans)
