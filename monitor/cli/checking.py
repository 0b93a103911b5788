"""Commands that bring texts in: check, import."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.output import fail, refuse
from monitor.cli.progress import shown_progress
from monitor.cli.session import configuration, opened_database

if TYPE_CHECKING:
    from monitor.domain.source import Source
    from monitor.jobs.outcome import Outcome
    from monitor.settings.configuration import Configuration
    from monitor.storage.database import Database


def register(app: typer.Typer) -> None:
    """Add this module's commands to ``app``."""
    app.command()(check)
    app.command(name="import")(import_)


def check(
    context: typer.Context,
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Keys of sources; all enabled ones.")
    ] = None,
) -> None:
    """Run one fetch-extract-compare cycle now."""
    from monitor.cli.logs import log_to_stderr

    # What a daemon logs of a source is said below, in a line each; what is left is a fault of ours.
    log_to_stderr(least=logging.CRITICAL)
    settings = configuration(context)
    with opened_database(settings) as database:
        chosen = _chosen(database, sources or [])
        outcomes = asyncio.run(_check(settings, database, chosen))
    for outcome in outcomes:
        report(outcome)
    fail([line for outcome in outcomes for line in outcome.failures])


async def _check(settings: Configuration, database: Database, sources: list[Source]) -> list[Outcome]:
    from monitor.bootstrap import checker, vocabulary
    from monitor.jobs.check_sources import check_sources

    with shown_progress() as progress:
        async with checker(settings, database, vocabulary()) as work:
            return await check_sources(sources, work, progress=progress)


def _chosen(database: Database, keys: list[str]) -> list[Source]:
    from monitor.storage.sources import source_states

    with database.reading() as session:
        states = source_states(session)
    known = {state.source.key for state in states}
    for key in keys:
        if key not in known:
            refuse(f"no source is called {key!r}; `tip-monitor sources list` names them")
    return [state.source for state in states if (state.source.key in keys if keys else state.enabled)]


def report(outcome: Outcome) -> None:
    """Print what a check or import did, and what it read although the text contradicts itself."""
    typer.echo(summary(outcome))
    for note in outcome.notes:
        typer.echo(f"note: {note}")


def summary(outcome: Outcome) -> str:
    """Return one line on what a check or import did."""
    parts = [
        f"{count} {noun}"
        for count, noun in (
            (outcome.editions, "new editions"),
            (outcome.narratives, "new narratives"),
            (outcome.articles, "new articles"),
            (outcome.figures, "figures"),
            (outcome.issues, "passages not read"),
            (len(outcome.changes), "changes"),
            (outcome.unchanged, "unchanged"),
            (outcome.passed, "about something else"),
            (len(outcome.failures), "failed"),
        )
        if count
    ]
    return f"{outcome.source}: {', '.join(parts) if parts else 'nothing new'}"


def import_(
    context: typer.Context,
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="HTML, PDF or text files, or folders.")
    ],
    edition: Annotated[int | None, typer.Option(min=2001, max=2100, help="The TIP Report's year.")] = None,
    country: Annotated[str | None, typer.Option(help="ISO3 code of the country.")] = None,
) -> None:
    """Read saved files as if they had been fetched."""
    from monitor.bootstrap import reader, vocabulary
    from monitor.jobs.importing import import_files

    settings = configuration(context)
    words = vocabulary()
    iso3 = country.upper() if country else None
    if iso3 is not None and iso3 not in words.countries:
        refuse(f"no country has the code {iso3}; `tip-monitor countries` lists them")
    with opened_database(settings) as database, shown_progress() as progress:
        outcome = import_files(
            paths, reader(database, words), edition=edition, country=iso3, progress=progress
        )
    report(outcome)
    fail(outcome.failures)
