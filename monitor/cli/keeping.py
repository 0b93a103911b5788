"""Commands for all that the database holds: export, backup, restore."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.output import fail, refuse
from monitor.cli.session import configuration, opened_database
from monitor.jobs.syntax import Syntax


def register(app: typer.Typer) -> None:
    """Add this module's commands to ``app``."""
    app.command()(export)
    app.command()(backup)
    app.command()(restore)


def export(
    context: typer.Context,
    to: Annotated[Path, typer.Option("--to", metavar="PATH", help="A directory; it is made if need be.")],
    syntax: Annotated[Syntax, typer.Option("--format", help="How the files are written.")] = Syntax.CSV,
) -> None:
    """Write figures, tiers, changes and claims of the news: a file each, as the downloads have them."""
    from monitor.jobs.exporting import export as write_tables
    from monitor.jobs.tables import ParquetMissing

    if to.exists() and not to.is_dir():
        refuse(f"{to}: is no directory: --to takes one, for a file of each table")
    with opened_database(configuration(context)) as database:
        try:
            for each in write_tables(database, to, syntax):
                typer.echo(f"{each.path}: {each.rows} rows")
        except ParquetMissing as missing:
            fail([str(missing)])
        except OSError as error:
            fail([f"{error.filename or to}: {error.strerror}: choose a directory that can be written to"])


def backup(
    context: typer.Context,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="PATH", help="A new file, or a directory for one.")
    ] = None,
    keep: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Delete older backups there but the N newest that are whole."),
    ] = None,
) -> None:
    """Copy the database while it is in use; by default into the backups of the data directory."""
    from monitor.bootstrap import backups, known_database, utc_now
    from monitor.storage.backup import back_up, prune

    if keep is not None and to is not None and to.suffix and not to.is_dir():
        refuse(f"{to}: is a file: --keep goes with a directory of backups alone")
    settings = configuration(context)
    database = known_database(settings)
    path = back_up(database, to or backups(settings), now=utc_now())
    typer.echo(f"{path}: {path.stat().st_size} bytes")
    if keep is not None:
        pruned = prune(path.parent, keep)
        for each in pruned.deleted:
            typer.echo(f"{each}: deleted, since {keep} newer ones are kept")
        fail(pruned.left)


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `backup` wrote.")],
) -> None:
    """Put a backup back, with the daemon stopped; what was there is kept among the backups."""
    from monitor.bootstrap import backups, known_database, utc_now
    from monitor.storage.backup import restore as put_back

    settings = configuration(context)
    database = known_database(settings)
    try:
        kept = put_back(database, file, aside=backups(settings), now=utc_now())
    finally:
        database.dispose()
    typer.echo(f"{database.where}: restored from {file}")
    if kept is not None:
        typer.echo(f"{kept}: what was there before")
