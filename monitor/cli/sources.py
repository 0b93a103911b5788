"""Commands on the sources: list, check, enable, disable, import, export."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.checking import check
from monitor.cli.output import Format, fail, print_listing, refuse
from monitor.cli.session import configuration, opened_database

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.domain.source import Source, SourceState
    from monitor.jobs.health import Coverage

_COLUMNS = (
    "key",
    "kind",
    "state",
    "last_success_at",
    "failures",
    "last_error",
    "next_due_at",
    "coverage",
)


def register(app: typer.Typer) -> None:
    """Add this module's commands to ``app``."""
    sources = typer.Typer(help="The sources with their health.", no_args_is_help=True)
    sources.command(name="list")(list_sources)
    sources.command(name="check")(check)
    sources.command(name="enable")(enable)
    sources.command(name="disable")(disable)
    sources.command(name="import")(import_)
    sources.command(name="export")(export)
    app.add_typer(sources, name="sources")


def list_sources(
    context: typer.Context,
    output: Annotated[
        Format, typer.Option("--format", help="Table for people, json or csv for programs.")
    ] = Format.TABLE,
) -> None:
    """List the sources with their health."""
    from monitor.bootstrap import utc_now
    from monitor.jobs.health import coverage_of
    from monitor.storage.sources import source_states

    now = utc_now()
    with opened_database(configuration(context)) as database, database.reading() as session:
        states = source_states(session)
        coverage = {state.source.key: coverage_of(session, state.source) for state in states}
    rows = [_row(state, coverage[state.source.key], now) for state in states]
    print_listing(rows, _COLUMNS, output, empty="No sources: name some in the configuration.")


def _row(state: SourceState, coverage: Coverage | None, now: datetime) -> dict[str, object]:
    from monitor.domain.masking import masked
    from monitor.domain.polling import health_of, is_silent
    from monitor.jobs.interchange import instant_json

    def told(moment: datetime | None) -> str | None:
        return None if moment is None else instant_json(moment)

    return {
        "key": state.source.key,
        "kind": state.source.kind.value,
        "url": masked(state.source.url),
        "moved_to": state.moved_to and masked(state.moved_to),
        "every_seconds": int(state.source.every.total_seconds()),
        "interval_seconds": int((state.interval or state.source.every).total_seconds()),
        "enabled": state.enabled,
        "state": health_of(state, now),
        "last_checked_at": told(state.last_checked_at),
        "last_success_at": told(state.last_success_at),
        "last_new_at": told(state.last_new_at),
        "failures": state.failures,
        "failing_since": told(state.failing_since),
        "last_error": state.last_error,
        "silent": is_silent(state, now),
        "next_due_at": told(state.next_due_at) if state.enabled else None,
        "coverage": None if coverage is None else str(coverage),
    }


def enable(context: typer.Context, source: Annotated[str, typer.Argument(help="Key of the source.")]) -> None:
    """Check a source again from now on."""
    _switch(context, source, enabled=True)


def disable(
    context: typer.Context, source: Annotated[str, typer.Argument(help="Key of the source.")]
) -> None:
    """Check a source no more until it is enabled."""
    _switch(context, source, enabled=False)


def _switch(context: typer.Context, key: str, *, enabled: bool) -> None:
    from monitor.storage.sources import set_enabled

    with opened_database(configuration(context)) as database, database.transaction() as session:
        if not set_enabled(session, key, enabled):
            refuse(f"no source is called {key!r}; `tip-monitor sources list` names them")
    typer.echo(f"{key}: {'enabled' if enabled else 'disabled'}")


def import_(
    context: typer.Context, path: Annotated[Path, typer.Argument(metavar="OPML", help="A list of feeds.")]
) -> None:
    """Add the feeds of an OPML file; they are kept in sources.toml of the data directory."""
    from monitor.fetching.opml import parse_opml
    from monitor.settings.configuration import IMPORTED_SOURCES

    settings = configuration(context)
    try:
        found = parse_opml(path.read_bytes(), [section.source() for section in settings.sources])
    except OSError as error:
        fail([f"{path}: {error.strerror or error}; give a readable OPML file"])
    except ValueError as error:
        fail([f"{path}: {error}; export the list of feeds from your reader as OPML"])
    else:
        if found:
            settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            with (settings.data_dir / IMPORTED_SOURCES).open("a", encoding="utf-8") as file:
                file.writelines(map(_section, found))
        typer.echo(f"{path}: {len(found)} new sources")


def export(
    context: typer.Context,
    path: Annotated[
        Path | None, typer.Argument(metavar="[OPML]", help="File to write; standard output.")
    ] = None,
) -> None:
    """Write the sources as an OPML file."""
    from monitor.fetching.opml import render_opml

    content = render_opml([section.source() for section in configuration(context).sources])
    if path is None:
        sys.stdout.write(content.decode())
        return
    try:
        path.write_bytes(content)
    except OSError as error:
        fail([f"{path}: {error.strerror or error}; give a place that can be written"])


def _section(source: Source) -> str:
    import json

    # A JSON string of printable ASCII is a basic string of TOML, too.
    return (
        f"[[sources]]\nkey = {json.dumps(source.key)}\nkind = {json.dumps(source.kind.value)}\n"
        f'url = {json.dumps(source.url)}\nevery = "{round(source.every.total_seconds())}s"\n'
        f"follow = {json.dumps(source.follow)}\n\n"
    )
