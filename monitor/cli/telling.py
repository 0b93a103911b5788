"""Commands about who hears of changes: subscribers, digest."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from monitor.cli.output import Format, fail, print_listing, refuse
from monitor.cli.querying import FormatOption, known_country
from monitor.cli.session import configuration, opened_database
from monitor.domain.change import ChangeKind
from monitor.domain.subscription import Cadence, Subscription
from monitor.domain.threshold import Threshold

if TYPE_CHECKING:
    from monitor.settings.configuration import Configuration

NowOption = Annotated[
    str | None,
    typer.Option("--now", metavar="TIME", help="Act as if it were this time, e.g. 2026-06-30T08:00:00Z."),
]


def register(app: typer.Typer) -> None:
    """Add this module's commands to ``app``."""
    subscribers = typer.Typer(help="Who gets digests.", no_args_is_help=True)
    subscribers.command()(add)
    subscribers.command(name="list")(list_subscribers)
    subscribers.command()(remove)
    app.add_typer(subscribers, name="subscribers")
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


def add(
    context: typer.Context,
    address: Annotated[str, typer.Argument(help="Mail address.")],
    countries: Annotated[str | None, typer.Option(help="Only these, e.g. ARG,BOL.")] = None,
    kinds: Annotated[str | None, typer.Option(help="Only these, e.g. tier_changed,figure_changed.")] = None,
    cadence: Annotated[Cadence, typer.Option(help="How often.")] = Cadence.DAILY,
    timezone: Annotated[str, typer.Option(help="IANA time zone of the hour.")] = "UTC",
    hour: Annotated[int, typer.Option(min=0, max=23, help="When a daily or weekly digest is due.")] = 8,
    threshold: Annotated[
        str,
        typer.Option(help="How far a figure must move: any, absolute:10, percent:25 or crosses:50."),
    ] = "any",
    confirmed: Annotated[
        bool, typer.Option("--confirmed", help="The address was confirmed elsewhere: send no opt-in mail.")
    ] = False,
) -> None:
    """Add a subscriber, or change the filter of one; an unconfirmed one gets the opt-in mail."""
    from monitor.bootstrap import utc_now
    from monitor.delivery.mime import AddressRefused, mail_address
    from monitor.storage.subscriptions import add_subscription
    from monitor.storage.subscriptions import subscription as stored_subscription

    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        refuse(f"{timezone!r} is no IANA time zone; write e.g. Europe/Madrid")
    try:
        mailbox = mail_address(address).addr_spec
    except AddressRefused as error:
        refuse(str(error))
    settings = configuration(context)
    now = utc_now()
    wanted = Subscription(
        address=mailbox,
        created_at=now,
        countries=frozenset(known_country(code) for code in _listed(countries)),
        kinds=frozenset(_kind(name) for name in _listed(kinds)),
        cadence=cadence,
        timezone=timezone,
        hour=hour,
        confirmed_at=now if confirmed else None,
        threshold=_threshold(threshold),
    )
    with opened_database(settings) as database:
        with database.transaction() as session:
            new = add_subscription(session, wanted)
            stored = stored_subscription(session, mailbox)
        typer.echo(f"{mailbox}: {'added' if new else 'changed'}")
        if stored is not None and stored.confirmed_at is None:
            fail(asyncio.run(_ask_to_confirm(settings, stored, now)))
            typer.echo(f"{mailbox}: the mail that asks for confirmation is on its way")


async def _ask_to_confirm(settings: Configuration, subscription: Subscription, now: datetime) -> list[str]:
    from monitor.bootstrap import confirmation, mailer
    from monitor.delivery.mailer import DeliveryFailed

    try:
        await mailer(settings).send(confirmation(settings, subscription), now=now)
    except DeliveryFailed as failure:
        return [f"{subscription.address}: the mail that asks for confirmation was not taken: {failure}"]
    return []


def _listed(value: str | None) -> list[str]:
    return [part.strip() for part in (value or "").split(",") if part.strip()]


def _threshold(text: str) -> Threshold:
    try:
        return Threshold.parse(text)
    except ValueError as error:
        refuse(str(error))


def _kind(name: str) -> ChangeKind:
    try:
        return ChangeKind(name)
    except ValueError:
        known = ", ".join(kind.value for kind in ChangeKind)
        refuse(f"{name!r} is no kind of change; there are {known}")


def list_subscribers(context: typer.Context, output: FormatOption = Format.TABLE) -> None:
    """List the subscribers with their filters."""
    from monitor.jobs.interchange import instant_json
    from monitor.storage.subscriptions import subscriptions

    with opened_database(configuration(context)) as database, database.reading() as session:
        found = subscriptions(session)
    rows = [
        {
            "address": each.address,
            "countries": ",".join(sorted(each.countries)) or None,
            "kinds": ",".join(sorted(kind.value for kind in each.kinds)) or None,
            "cadence": each.cadence.value,
            "timezone": each.timezone,
            "hour": each.hour,
            "threshold": str(each.threshold),
            "created_at": instant_json(each.created_at),
            "confirmed_at": instant_json(each.confirmed_at) if each.confirmed_at else None,
        }
        for each in found
    ]
    columns = ("address", "countries", "kinds", "cadence", "timezone", "hour", "threshold", "confirmed_at")
    print_listing(rows, columns, output, empty="No subscribers yet: add one with `subscribers add`.")


def remove(context: typer.Context, address: Annotated[str, typer.Argument(help="Mail address.")]) -> None:
    """Remove a subscriber."""
    from monitor.storage.subscriptions import remove_subscription

    with opened_database(configuration(context)) as database, database.transaction() as session:
        removed = remove_subscription(session, address)
    if not removed:
        fail([f"{address}: is not subscribed: `tip-monitor subscribers list` names who is"])
    typer.echo(f"{address}: removed")


def preview(
    context: typer.Context,
    address: Annotated[str, typer.Argument(help="Mail address of a subscriber.")],
    now: NowOption = None,
    output: Annotated[
        Format, typer.Option("--format", help="The mail's text, or its changes.")
    ] = Format.TABLE,
) -> None:
    """Show what a subscriber would be told now; sends nothing."""
    from monitor.bootstrap import digest_renderer
    from monitor.jobs.digests import preview_digest
    from monitor.jobs.interchange import change_json

    settings = configuration(context)
    render = digest_renderer(settings)
    with opened_database(settings) as database:
        found = preview_digest(database, render, address, now=_moment(now))
    if found is None:
        fail([f"{address}: is not subscribed: add it with `tip-monitor subscribers add`"])
        return
    digest, histories = found
    if output is not Format.TABLE:
        rows = [change_json(change) for change in digest.changes]
        print_listing(rows, ("id", "headline"), output, empty="")
    elif digest.changes:
        message = render(digest, histories)
        typer.echo(f"To: {message.address}\nSubject: {message.subject}\n\n{message.text}")
    else:
        typer.echo(f"{address}: nothing to tell since {digest.start:%Y-%m-%d %H:%M} UTC")


def send(context: typer.Context, now: NowOption = None) -> None:
    """Compile the digests that are due, and send every delivery that is."""
    from monitor.bootstrap import digest_renderer, mailer
    from monitor.jobs.digests import compile_digests
    from monitor.jobs.sending import send_deliveries

    settings = configuration(context)
    moment = _moment(now)
    with opened_database(settings) as database:
        compiled = compile_digests(database, digest_renderer(settings), now=moment)
        sent = asyncio.run(send_deliveries(database, mailer(settings), now=lambda: moment))
    typer.echo(f"{compiled.digests} digests compiled, {sent.sent} messages sent")
    fail(sent.failures)
