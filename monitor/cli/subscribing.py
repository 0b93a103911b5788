"""Commands about subscribers: add, list, pause, remove, import, export."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.output import Format, fail, print_listing, refuse
from monitor.cli.querying import FormatOption
from monitor.cli.session import configuration, opened_database
from monitor.domain.subscription import Cadence, Channel, Subscription

if TYPE_CHECKING:
    from monitor.settings.configuration import Configuration
    from monitor.storage.database import Database, Session

AddressArgument = Annotated[str, typer.Argument(help="Mail address.")]
_PAGE = 500


def register(app: typer.Typer) -> None:
    """Add this module's commands to ``app``."""
    subscribers = typer.Typer(help="Who gets digests.", no_args_is_help=True)
    subscribers.command()(add)
    subscribers.command(name="list")(list_subscribers)
    subscribers.command()(pause)
    subscribers.command()(resume)
    subscribers.command()(remove)
    subscribers.command(name="import")(import_subscribers)
    subscribers.command(name="export")(export_subscribers)
    app.add_typer(subscribers, name="subscribers")


def add(
    context: typer.Context,
    address: AddressArgument,
    countries: Annotated[str | None, typer.Option(help="Only these, e.g. ARG,BOL.")] = None,
    regions: Annotated[str | None, typer.Option(help="These regions too, e.g. WHA,AF.")] = None,
    kinds: Annotated[str | None, typer.Option(help="Only these, e.g. tier_changed,figure_changed.")] = None,
    threshold: Annotated[
        str, typer.Option(help="What is told: any, absolute:10, percent:25, crosses:50, significance:40.")
    ] = "any",
    cadence: Annotated[Cadence, typer.Option(help="How often.")] = Cadence.DAILY,
    timezone: Annotated[str, typer.Option(help="IANA time zone of the hour.")] = "UTC",
    hour: Annotated[int, typer.Option(min=0, max=23, help="When a daily or weekly digest is due.")] = 8,
    channel: Annotated[Channel, typer.Option(help="How it is sent.")] = Channel.EMAIL,
    target: Annotated[
        str | None, typer.Option(help="The webhook's address, or the chat service's as Apprise writes it.")
    ] = None,
    also_empty: Annotated[
        bool, typer.Option("--also-empty", help="Send word, too, that nothing changed.")
    ] = False,
    confirmed: Annotated[
        bool, typer.Option("--confirmed", help="The address was confirmed elsewhere: send no opt-in mail.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Write again to an address that is suppressed.")
    ] = False,
) -> None:
    """Add a subscriber, or change the filter of one; an unconfirmed one gets the opt-in mail."""
    from monitor.bootstrap import presentation, shipped_countries, utc_now
    from monitor.jobs.preferences import PreferenceRefused, read_subscription
    from monitor.storage.subscriptions import add_subscription
    from monitor.storage.subscriptions import subscription as stored_subscription
    from monitor.storage.suppressions import lift_suppression, suppression

    now = utc_now()
    values = {
        "address": address,
        "countries": countries or "",
        "regions": regions or "",
        "kinds": kinds or "",
        "threshold": threshold,
        "cadence": cadence.value,
        "timezone": timezone,
        "hour": str(hour),
        "channel": channel.value,
        "target": target or "",
        "also_empty": "yes" if also_empty else "",
    }
    try:
        wanted = read_subscription(
            values, shipped_countries(), now=now, confirmed_at=now if confirmed else None
        )
    except PreferenceRefused as error:
        refuse(str(error))
    settings = configuration(context)
    mailbox, signer = wanted.address, presentation(settings).signer
    with opened_database(settings) as database:
        with database.transaction() as session:
            reason = suppression(session, signer.address_hash(mailbox))
            if reason is None or again:
                lift_suppression(session, mailbox, signer.address_hash(mailbox))
                new = add_subscription(session, wanted)
                stored = stored_subscription(session, mailbox)
        if reason is not None and not again:
            fail([f"{mailbox}: is suppressed ({reason.value}): give --again if it may be written to again"])
        typer.echo(f"{mailbox}: {'added' if new else 'changed'}")
        if wanted.channel is Channel.WEBHOOK:
            typer.echo(f"{mailbox}: the webhook's secret is {signer.webhook_secret(wanted.target or '')}")
        if stored is not None and stored.confirmed_at is None:
            fail(_ask_to_confirm(settings, database, stored, now))
            typer.echo(f"{mailbox}: the mail that asks for confirmation is on its way")


def _ask_to_confirm(
    settings: Configuration, database: Database, subscription: Subscription, now: datetime
) -> list[str]:
    import asyncio

    from monitor.bootstrap import presentation
    from monitor.bootstrap.mail import mailer
    from monitor.jobs.sending import send_deliveries
    from monitor.jobs.sign_up import ask_again

    ask_again(database, presentation(settings), subscription.address, now=now)
    return asyncio.run(send_deliveries(database, mailer(settings), now=lambda: now)).failures


def list_subscribers(context: typer.Context, output: FormatOption = Format.TABLE) -> None:
    """List the subscribers with their filters; a target, which may hold a password, is cut."""
    from monitor.jobs.preferences import subscription_row
    from monitor.storage.subscriptions import Unreadable, subscriptions

    unreadable: list[Unreadable] = []
    with opened_database(configuration(context)) as database, database.reading() as session:
        found = subscriptions(session, unreadable=unreadable)
    rows = [
        {name: value or None for name, value in subscription_row(each).items()}
        | {"hour": each.hour, "also_empty": each.also_empty, "target": _cut(each.target)}
        | {"suppressed": each.suppressed_at is not None}
        for each in found
    ]
    columns = ("address", "countries", "regions", "kinds", "cadence", "timezone", "hour", "channel")
    print_listing(
        rows,
        (*columns, "confirmed_at", "paused_at"),
        output,
        empty="" if unreadable else "No subscribers yet: add one with `subscribers add`.",
    )
    fail([each.reason for each in unreadable])


def pause(context: typer.Context, address: AddressArgument) -> None:
    """Tell a subscriber nothing until `resume`."""
    from monitor.bootstrap import utc_now
    from monitor.storage.subscriptions import pause as pause_subscription

    _change(context, address, lambda session, known: pause_subscription(session, known, utc_now()), "paused")


def resume(context: typer.Context, address: AddressArgument) -> None:
    """Tell a subscriber again, of what is found from now on."""
    from monitor.bootstrap import utc_now
    from monitor.storage.subscriptions import resume as resume_subscription

    _change(
        context, address, lambda session, known: resume_subscription(session, known, utc_now()), "resumed"
    )


def remove(
    context: typer.Context,
    address: AddressArgument,
    erase: Annotated[
        bool, typer.Option("--erase", help="Never write to the address again, whoever enters it.")
    ] = False,
) -> None:
    """Remove a subscriber with all that is kept of the address."""
    from monitor.bootstrap import presentation, utc_now
    from monitor.jobs.sign_up import erase as erase_address
    from monitor.storage.subscriptions import remove_subscription

    if not erase:
        _change(context, address, remove_subscription, "removed")
        return
    settings = configuration(context)
    with opened_database(settings) as database:
        erase_address(database, presentation(settings).signer, mailbox(address), now=utc_now())
    typer.echo(f"{address}: erased, and not written to again")


def import_subscribers(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="CSV file with a heading; only `address` has to be there.")],
    confirmed: Annotated[
        bool, typer.Option("--confirmed", help="All were confirmed elsewhere: send no opt-in mails.")
    ] = False,
) -> None:
    """Add the subscribers of a table, as `export` writes it; a row that is wrong is told and left out.

    Who is not confirmed gets the opt-in mail with the next deliveries.
    """
    from monitor.bootstrap import presentation, shipped_countries, utc_now
    from monitor.cli.subscriber_table import read_subscribers
    from monitor.delivery.confirmation_mail import render_confirmation
    from monitor.storage.outbox import queue_message
    from monitor.storage.subscriptions import add_subscription
    from monitor.storage.subscriptions import subscription as stored_subscription
    from monitor.storage.suppressions import suppression

    settings = configuration(context)
    now, shared = utc_now(), presentation(settings)
    failures: list[str] = []
    confirmed_at = now if confirmed else None
    read = read_subscribers(path, shipped_countries(), now=now, confirmed_at=confirmed_at, failures=failures)
    added = changed = 0
    with opened_database(settings) as database:
        for page in _pages(read):
            with database.transaction() as session:
                for line, wanted in page:
                    reason = suppression(session, shared.signer.address_hash(wanted.address))
                    if reason is not None:
                        failures.append(f"{path}:{line}: {wanted.address} is suppressed ({reason.value})")
                        continue
                    new = add_subscription(session, wanted)
                    added, changed = added + new, changed + (not new)
                    stored = stored_subscription(session, wanted.address)
                    if stored is not None and stored.confirmed_at is None:
                        mail = render_confirmation(wanted.address, shared, now=now)
                        queue_message(session, mail, Channel.EMAIL.value, now)
    typer.echo(f"{added} added, {changed} changed")
    fail(failures)


def export_subscribers(
    context: typer.Context,
    to: Annotated[Path | None, typer.Option("--to", help="CSV file; without it, standard output.")] = None,
) -> None:
    """Write all subscribers as CSV, targets of webhooks and chats included: keep it as a secret."""
    from contextlib import nullcontext

    from monitor.cli.subscriber_table import write_subscribers
    from monitor.storage.subscriptions import Unreadable, each_subscription

    try:
        output = nullcontext(sys.stdout) if to is None else to.open("w", encoding="utf-8", newline="")
    except OSError as error:
        fail([f"{to}: {error.strerror}: give --to a writable place"])
        return
    if to is not None:
        to.chmod(0o600)
    unreadable: list[Unreadable] = []
    with output as file, opened_database(configuration(context)) as database, database.reading() as session:
        write_subscribers(file, each_subscription(session, unreadable=unreadable))
    fail([each.reason for each in unreadable])


def _pages(
    rows: Iterable[tuple[int, Subscription]],
) -> Iterator[list[tuple[int, Subscription]]]:
    page: list[tuple[int, Subscription]] = []
    for row in rows:
        page.append(row)
        if len(page) == _PAGE:
            yield page
            page = []
    yield page


def _change(context: typer.Context, address: str, change: Callable[[Session, str], bool], done: str) -> None:
    with opened_database(configuration(context)) as database, database.transaction() as session:
        found = change(session, mailbox(address))
    if not found:
        fail([f"{address}: is not subscribed: `tip-monitor subscribers list` names who is"])
    typer.echo(f"{address}: {done}")


def mailbox(address: str) -> str:
    """Return ``address`` as it is stored; what is no address stays as it is, and is found nowhere."""
    from monitor.delivery.mime import AddressRefused, mail_address

    try:
        return mail_address(address.strip()).addr_spec
    except AddressRefused:
        return address


def _cut(target: str | None) -> str | None:
    """Return where a target is, without what may be a password in it."""
    if target is None:
        return None
    scheme, _, rest = target.partition("://")
    return (
        f"{scheme}://{rest.partition('/')[0].rpartition('@')[2]}/..."
        if scheme.startswith("http")
        else f"{scheme}://..."
    )
