"""Commands that operate an installation: run, migrate, config."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.output import print_json
from monitor.cli.session import configuration, opened_database, web_app

if TYPE_CHECKING:
    from monitor.settings.configuration import Configuration
    from monitor.storage.database import Database

HostOption = Annotated[str, typer.Option(help="Address to listen on.")]
PortOption = Annotated[int, typer.Option(min=0, max=65535, help="Port of the pages.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to ``app``."""
    app.command()(run)
    app.command()(migrate)
    config = typer.Typer(help="The configuration.", no_args_is_help=True)
    config.command(name="show")(show)
    config.callback()(_group)
    app.add_typer(config, name="config")


def _group() -> None:
    """The configuration in force."""


def run(context: typer.Context, host: HostOption = "127.0.0.1", port: PortOption = 8000) -> None:
    """Run the daemon: scheduler, pages, deliveries. Ends on SIGTERM or Ctrl-C."""
    from monitor.cli.logs import log_to_stderr

    log_to_stderr()
    settings = configuration(context)
    with opened_database(settings) as database:
        asyncio.run(_run(settings, database, host, port))


async def _run(settings: Configuration, database: Database, host: str, port: int) -> None:
    from monitor.bootstrap import checker, digest_renderer, mailer, utc_now, vocabulary
    from monitor.scheduler.daemon import run_daemon
    from monitor.scheduler.rounds import Rounds
    from monitor.scheduler.timetable import timetable
    from monitor.storage.sources import source_states

    words = vocabulary()
    async with checker(settings, database, words) as work:
        rounds = Rounds(work, digest_renderer(settings), mailer(settings))
        with database.reading() as session:
            states = source_states(session)
        plan = timetable(states, rounds.check, rounds.tell, now=utc_now())
        typer.echo(
            f"pages at http://{host}:{port}/, {sum(each.enabled for each in states)} sources", err=True
        )
        await run_daemon(web_app(settings, database, words), plan, host=host, port=port)


def migrate(context: typer.Context) -> None:
    """Bring the database's schema up to date."""
    from monitor.bootstrap import migrate_database

    typer.echo(migrate_database(configuration(context)))


def show(context: typer.Context) -> None:
    """Print the configuration in force, secrets masked, as JSON."""
    print_json(configuration(context).shown())
