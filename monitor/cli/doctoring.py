"""The command that examines an installation: doctor."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from monitor.cli.output import Format, print_listing
from monitor.cli.session import configuration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.jobs.examination import Finding
    from monitor.settings.configuration import Configuration
    from monitor.storage.database import Database

FormatOption = Annotated[Format, typer.Option("--format", help="Table for people, json or csv for programs.")]
_COLUMNS = ("check", "subject", "health", "detail", "fix")


def register(app: typer.Typer) -> None:
    """Add this module's commands to ``app``."""
    app.command()(doctor)


def doctor(context: typer.Context, output: FormatOption = Format.TABLE) -> None:
    """Examine the installation, and say of each fault how to mend it. Sends nothing."""
    import asyncio

    from monitor.bootstrap import known_database
    from monitor.jobs.examination import Health

    settings = configuration(context)
    given = context.find_root().params.get("config")
    database = known_database(settings)
    try:
        found = asyncio.run(_examine(settings, database, Path(given) if given else None))
    finally:
        database.dispose()
    rows = [
        {
            "check": each.check,
            "subject": each.subject,
            "health": each.health.value,
            "detail": each.detail,
            "fix": each.fix,
        }
        for each in found
    ]
    print_listing(rows, _COLUMNS, output, empty="")
    if any(each.health is Health.FAILED for each in found):
        raise typer.Exit(1)


async def _examine(settings: Configuration, database: Database, given: Path | None) -> list[Finding]:
    from monitor.bootstrap import utc_now
    from monitor.jobs.examination import (
        Health,
        examine_clock,
        examine_database,
        examine_disk,
        examine_modes,
        examine_subscribers,
    )

    stored = examine_database(database)
    found = [*_configuration(settings), *stored]
    if all(each.health is Health.OK for each in stored):
        found.append(examine_clock(database, utc_now()))
        found += examine_subscribers(database)
        found += [] if database.is_sqlite else [_queue(settings, database)]
    found.append(examine_disk(settings.data_dir))
    found += [*_templates(settings), *examine_modes(_secret_files(settings, database, given))]
    found += await _beyond(settings)
    return found


def _configuration(settings: Configuration) -> Iterator[Finding]:
    from monitor.jobs.examination import Finding, Health, ok
    from monitor.settings.configuration import unknown_variables

    yield ok("configuration", "read", f"{len(settings.sources)} sources")
    for name in unknown_variables(os.environ):
        fix = "mend its spelling (README.md names them) or unset it"
        yield Finding("configuration", name, Health.WARNING, "sets nothing: no setting has this name", fix)
    if settings.fetch.contact.endswith("@example.org"):
        fix = "set TIP_MONITOR_CONTACT to an address where site owners reach you"
        yield Finding("configuration", "fetch.contact", Health.WARNING, "is the example's", fix)
    if settings.mail.smtp_url and settings.mail.sender.rstrip(">").endswith("@example.org"):
        fix = "set TIP_MONITOR_SENDER to an address of your domain"
        yield Finding("configuration", "mail.sender", Health.FAILED, "is the example's", fix)
    host = urlsplit(settings.public_url).hostname
    if settings.mail.smtp_url and host in {"localhost", "127.0.0.1"}:
        fix = "set TIP_MONITOR_PUBLIC_URL to where readers reach the pages"
        yield Finding(
            "configuration",
            "public_url",
            Health.WARNING,
            "links in mails lead to the reader's own machine",
            fix,
        )


def _queue(settings: Configuration, database: Database) -> Finding:
    from monitor.bootstrap import queue_address
    from monitor.jobs.examination import failed, ok
    from monitor.queueing.schema import require_queue
    from monitor.queueing.task import QueueUnavailable

    try:
        require_queue(queue_address(settings), where=database.where)
    except QueueUnavailable as error:
        return failed("queue", database.where, str(error))
    return ok("queue", database.where, "this version's tables")


def _templates(settings: Configuration) -> Iterator[Finding]:
    from jinja2 import Environment, FileSystemLoader, TemplateError

    from monitor.bootstrap import confirmation, utc_now
    from monitor.domain.subscription import Subscription
    from monitor.jobs.examination import Finding, Health, ok
    from monitor.settings.files import shipped

    fix = "install tip-monitor again, or mend the template"
    reader = Subscription(address="reader@example.org", created_at=utc_now())
    for name in ("email", "web"):
        directory = shipped("templates") / name
        # Compiled, never rendered: what they are filled with is escaped where they are used.
        environment = Environment(loader=FileSystemLoader(directory), autoescape=True)
        try:
            templates = environment.list_templates(extensions=("html", "txt"))
            for template in templates:
                environment.parse((directory / template).read_text("utf-8"))
            if name == "email":
                confirmation(settings, reader)
        except (TemplateError, OSError) as error:
            yield Finding("templates", name, Health.FAILED, " ".join(str(error).split()), fix)
        else:
            yield ok("templates", name, f"{len(templates)} of them")


def _secret_files(settings: Configuration, database: Database, given: Path | None) -> list[Path]:
    data = settings.data_dir
    files = [data, data / "secret", data / "mail", data / "backups"]
    if database.path is not None:
        files += [database.path, *(Path(f"{database.path}{ending}") for ending in ("-wal", "-shm"))]
    if given is not None and (settings.secret or "@" in urlsplit(settings.mail.smtp_url).netloc):
        files.append(given)
    if settings.mail.dkim_key:
        files.append(Path(settings.mail.dkim_key))
    files += [
        Path(value)
        for name, value in os.environ.items()
        if name.startswith("TIP_MONITOR_") and name.endswith("_FILE")
    ]
    return files


async def _beyond(settings: Configuration) -> list[Finding]:
    from monitor.bootstrap import fetcher
    from monitor.bootstrap.mail import dkim_key, mailer
    from monitor.delivery.mail_records import MailRecords
    from monitor.delivery.mime import mail_address, sender_address
    from monitor.delivery.smtp import SmtpMailer
    from monitor.jobs.examination import failed, ok
    from monitor.jobs.reachability import (
        examine_mail_records,
        examine_mail_server,
        examine_names,
        examine_sources,
    )
    from monitor.settings.configuration import ConfigurationError

    sources = [section.source() for section in settings.sources]
    hosts = [urlsplit(source.url).hostname or "" for source in sources]
    hosts += [urlsplit(settings.mail.smtp_url).hostname or ""] if settings.mail.smtp_url else []
    found = await examine_names(hosts)
    async with fetcher(settings) as client:
        found += await examine_sources(sources, client)
    try:
        sender, key = mailer(settings), dkim_key(settings)
    except ConfigurationError as error:
        return [*found, failed("configuration", "mail", str(error))]
    if not isinstance(sender, SmtpMailer):
        return [*found, ok("smtp", str(settings.data_dir / "mail"), "mail goes into this Maildir")]
    found.append(await examine_mail_server(sender))
    origin = sender_address(settings.mail.sender).domain
    returns = mail_address(settings.mail.return_path).domain if settings.mail.return_path else origin
    found += await examine_mail_records(MailRecords(), sender_domain=origin, return_domain=returns, dkim=key)
    return found
