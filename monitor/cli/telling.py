"""Commands about who hears of changes: subscribers, digest."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli import subscribing
from monitor.cli.output import Format, fail, print_listing, refuse
from monitor.cli.session import configuration, opened_database

if TYPE_CHECKING:
    from monitor.domain.subscription import Message
    from monitor.jobs.sending import Sent
    from monitor.settings.configuration import Configuration
    from monitor.storage.database import Database

NowOption = Annotated[
    str | None,
    typer.Option("--now", metavar="TIME", help="Act as if it were this time, e.g. 2026-06-30T08:00:00Z."),
]


def register(app: typer.Typer) -> None:
    """Add this module's commands to ``app``."""
    subscribing.register(app)
    digest = typer.Typer(help="What subscribers are told.", no_args_is_help=True)
    digest.command()(preview)
    digest.command()(send)
    app.add_typer(digest, name="digest")


def _moment(value: str | None) -> datetime:
    from monitor.bootstrap import utc_now

    if value is None:
        return utc_now()
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        refuse(f"{value!r} is no time; write it like 2026-06-30T08:00:00Z")
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def preview(
    context: typer.Context,
    address: Annotated[str, typer.Argument(help="Mail address of a subscriber.")],
    now: NowOption = None,
    output: Annotated[
        Format, typer.Option("--format", help="The mail's text, or its changes.")
    ] = Format.TABLE,
    to: Annotated[
        Path | None, typer.Option("--to", help="Directory for the text, the HTML and the raw message.")
    ] = None,
    open_html: Annotated[bool, typer.Option("--open", help="Open the HTML in a browser.")] = False,
) -> None:
    """Show what a subscriber would be told now; sends nothing."""
    from monitor.bootstrap import digest_renderer
    from monitor.jobs.digests import preview_digest
    from monitor.jobs.interchange import change_json

    settings = configuration(context)
    render = digest_renderer(settings)
    with opened_database(settings) as database:
        found = preview_digest(database, render, subscribing.mailbox(address), now=_moment(now))
    if found is None:
        fail([f"{address}: is not subscribed: add it with `tip-monitor subscribers add`"])
        return
    digest, histories = found
    if output is not Format.TABLE:
        rows = [change_json(change) for change in digest.changes]
        print_listing(rows, ("id", "headline"), output, empty="")
    elif digest.changes:
        message = render(digest, histories)
        if to is not None or open_html:
            _write(message, settings, to, _moment(now), open_html=open_html)
        else:
            typer.echo(f"To: {message.address}\nSubject: {message.subject}\n\n{message.text}")
    else:
        typer.echo(f"{address}: nothing to tell since {digest.start:%Y-%m-%d %H:%M} UTC")


def _write(
    message: Message, settings: Configuration, to: Path | None, now: datetime, *, open_html: bool
) -> None:
    import tempfile

    from monitor.bootstrap.mail import raw_message

    directory = to or Path(tempfile.mkdtemp(prefix="tip-monitor-digest-"))
    parts = {
        "digest.txt": message.text.encode(),
        "digest.html": message.html.encode(),
        "digest.eml": raw_message(settings, message, now=now),
    }
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, content in parts.items():
            (directory / name).write_bytes(content)
            typer.echo(directory / name)
    except OSError as error:
        fail([f"{directory}: {error.strerror}: give --to a writable directory"])
    if open_html:
        typer.launch((directory / "digest.html").resolve().as_uri())


def send(context: typer.Context, now: NowOption = None) -> None:
    """Compile the digests that are due, and send every delivery that is."""
    from monitor.bootstrap import digest_renderer
    from monitor.jobs.digests import compile_digests

    settings = configuration(context)
    moment = _moment(now)
    with opened_database(settings) as database:
        compiled = compile_digests(database, digest_renderer(settings), now=moment)
        sent = asyncio.run(_send(settings, database, moment))
    typer.echo(f"{compiled.digests} digests compiled, {sent.sent} messages sent")
    fail([*compiled.failures, *sent.failures])


async def _send(settings: Configuration, database: Database, moment: datetime) -> Sent:
    from monitor.bootstrap import presentation
    from monitor.bootstrap.mail import mailer, other_channels
    from monitor.jobs.returns import suppress_bad_addresses
    from monitor.jobs.sending import send_deliveries

    async with other_channels(settings) as channels:
        sent = await send_deliveries(
            database,
            mailer(settings),
            now=lambda: moment,
            others=channels,
            connections=settings.mail.connections,
        )
    if sent.bad_addresses:
        suppress_bad_addresses(database, sent.bad_addresses, presentation(settings).signer, now=moment)
    return sent
