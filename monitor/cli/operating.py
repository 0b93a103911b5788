"""Commands that run an installation: run, worker, web, migrate, config."""

from __future__ import annotations

import gc
import os
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.output import print_json, refuse
from monitor.cli.session import configuration, opened_database, web_app

if TYPE_CHECKING:
    from monitor.queueing.task import TaskQueue
    from monitor.settings.configuration import Configuration
    from monitor.storage.database import Database

HostOption = Annotated[str, typer.Option(help="Address to listen on.")]
PortOption = Annotated[int, typer.Option(min=0, max=65535, help="Port of the pages.")]
ChecksOption = Annotated[int, typer.Option(min=1, max=64, help="How many sources it checks at once.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to ``app``."""
    app.command()(run)
    app.command()(worker)
    app.command()(web)
    app.command()(migrate)
    config = typer.Typer(help="The configuration.", no_args_is_help=True)
    config.command(name="show")(show)
    config.command()(password)
    config.callback()(_group)
    app.add_typer(config, name="config")


def _group() -> None:
    """The configuration in force."""


def run(
    context: typer.Context,
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
    checks: ChecksOption = 8,
) -> None:
    """Run the daemon: scheduler, pages, deliveries. Ends on SIGTERM or Ctrl-C.

    On PostgreSQL any number may run: one of them decides what is due, all do the work.
    """
    import asyncio

    settings = _logging(context)
    with opened_database(settings) as database:
        asyncio.run(_run(settings, database, host, port, checks))


async def _run(settings: Configuration, database: Database, host: str, port: int, checks: int) -> None:
    import asyncio

    from monitor.bootstrap import candidacy, shipped_countries, task_queue, utc_now
    from monitor.jobs.recovery import free_leases_of_the_dead
    from monitor.scheduler.daemon import run_daemon
    from monitor.scheduler.deciding import Decider
    from monitor.storage.occupancy import occupied

    with occupied(database):
        if database.is_sqlite:
            await asyncio.to_thread(free_leases_of_the_dead, database, now=utc_now())
        async with task_queue(settings, checks_at_once=checks) as queue:
            decider = Decider(database, queue, clock=utc_now)

            async def lead() -> None:
                await candidacy(settings, decider.lead)

            async def work() -> None:
                await _work(settings, database, queue)

            app = web_app(settings, database, shipped_countries(), queue=queue)
            typer.echo(f"pages at http://{host}:{port}/, {len(settings.sources)} sources", err=True)
            _started()
            await run_daemon(app, lead, work, host=host, port=port)


def worker(
    context: typer.Context,
    checks: ChecksOption = 8,
    host: HostOption = "127.0.0.1",
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Answer /healthz, /readyz and /metrics there.")
    ] = None,
) -> None:
    """Run one more worker of a distributed installation: fetch, read, compile and send."""
    import asyncio

    settings = _logging(context)
    if settings.effective_database_url.startswith("sqlite"):
        refuse(
            "worker: needs PostgreSQL, and database_url names SQLite, where `tip-monitor run` does all "
            "the work: set TIP_MONITOR_DATABASE_URL=postgresql+psycopg://..."
        )
    with opened_database(settings) as database:
        asyncio.run(_worker(settings, database, checks, host, port))


async def _worker(
    settings: Configuration, database: Database, checks: int, host: str, port: int | None
) -> None:
    from monitor.bootstrap import task_queue
    from monitor.scheduler.daemon import run_daemon, run_until_signal

    async with task_queue(settings, checks_at_once=checks) as queue:

        async def work() -> None:
            await _work(settings, database, queue)

        typer.echo(f"working on {database.where}", err=True)
        _started()
        if port is None:
            await run_until_signal(work)
            return
        from monitor.web.app import create_health_app

        await run_daemon(create_health_app(database), work, host=host, port=port)


async def _work(settings: Configuration, database: Database, queue: TaskQueue) -> None:
    import asyncio

    from monitor.bootstrap import checker, digest_renderer, heartbeat, retention, tending, vocabulary
    from monitor.bootstrap.mail import mailer, other_channels
    from monitor.scheduler.rounds import Rounds

    words = await asyncio.to_thread(vocabulary)  # pages are served meanwhile

    async with (
        checker(settings, database, words, spares=True) as work,
        other_channels(settings) as channels,
    ):
        rounds = Rounds(
            work,
            digest_renderer(settings),
            mailer(settings),
            queue,
            retention(settings),
            heartbeat(settings),
            channels,
            settings.mail.connections,
            tending(settings),
        )
        await queue.work(rounds.do)


def web(context: typer.Context, host: HostOption = "127.0.0.1", port: PortOption = 8000) -> None:
    """Serve pages, feeds and API alone; any number may run beside each other."""
    import asyncio

    settings = _logging(context)
    with opened_database(settings) as database:
        asyncio.run(_web(settings, database, host, port))


async def _web(settings: Configuration, database: Database, host: str, port: int) -> None:
    from monitor.bootstrap import shipped_countries, task_queue
    from monitor.scheduler.daemon import run_daemon

    async with AsyncExitStack() as stack:
        # On SQLite the queue is in the memory of the process that runs beside this one.
        is_shared = not settings.effective_database_url.startswith("sqlite")
        queue = await stack.enter_async_context(task_queue(settings, checks_at_once=1)) if is_shared else None
        app = web_app(settings, database, shipped_countries(), queue=queue)
        typer.echo(f"pages at http://{host}:{port}/", err=True)
        _started()
        await run_daemon(app, host=host, port=port)


def _logging(context: typer.Context) -> Configuration:
    from monitor.cli.logs import log_to_stderr
    from monitor.cli.tracing import trace_where_wanted

    # What a start imports and builds stays for good: looking for garbage in it takes a fifth of the start.
    gc.disable()
    settings = configuration(context)
    log_to_stderr(settings.log_format)
    trace_where_wanted(os.environ)
    return settings


def _started() -> None:
    """Look for garbage from now on, and never again in what the start has built."""
    gc.freeze()
    gc.enable()


def migrate(context: typer.Context) -> None:
    """Bring the database's schema up to date."""
    from monitor.bootstrap import migrate_database

    typer.echo(migrate_database(configuration(context)))


def show(context: typer.Context) -> None:
    """Print the configuration in force, secrets masked, as JSON."""
    print_json(configuration(context).shown())


def password() -> None:
    """Ask for the operators' password and print its hash for admin_password_hash."""
    from monitor.web.operator_access import hash_password

    typer.echo(hash_password(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)))
