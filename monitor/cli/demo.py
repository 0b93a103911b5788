"""``demo``: the whole loop on the bundled sample site, served on loopback."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.output import fail, print_table
from monitor.cli.session import web_app
from monitor.domain.change import Change, ChangeKind

if TYPE_CHECKING:
    from monitor.bootstrap import Vocabulary
    from monitor.cli.sample_site import SampleSite
    from monitor.jobs.outcome import Checker, Outcome
    from monitor.settings.configuration import Configuration
    from monitor.storage.database import Database

_SUBSCRIBER = "reader@example.org"
_NOTE = "Sample data: invented figures, except those of Argentina, Bolivia, Brazil and Guatemala in 2013."
_CHECKED_EVERY = timedelta(seconds=5)
_THIRD_EDITION_AFTER_SECONDS = 15.0

_TABLES = (
    ("Tier changes", (ChangeKind.TIER_CHANGED,)),
    (
        "Figures",
        (ChangeKind.FIGURE_CHANGED, ChangeKind.FIGURE_APPEARED, ChangeKind.FIGURE_VANISHED),
    ),
    ("Restated figures", (ChangeKind.FIGURE_RESTATED,)),
    ("Claims in the news", (ChangeKind.CLAIM_MADE,)),
)


def register(app: typer.Typer) -> None:
    """Add this module's command to ``app``."""
    app.command()(demo)


def demo(
    once: Annotated[
        bool, typer.Option("--once", help="End after the first round; pages and feeds are saved as files.")
    ] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the pages.")] = 8000,
) -> None:
    """Run the whole loop on a bundled sample site: no network, no accounts."""
    from monitor.bootstrap import open_database, vocabulary
    from monitor.cli.logs import log_to_stderr
    from monitor.cli.sample_site import SampleSite

    log_to_stderr()
    place = Path(tempfile.mkdtemp(prefix="tip-monitor-demo-"))
    with SampleSite() as site:
        settings = _configuration(place, site, port)
        database = open_database(settings)
        try:
            failures = asyncio.run(_demo(settings, site, database, vocabulary(), once=once, port=port))
        finally:
            database.dispose()
    fail(failures)


def _configuration(place: Path, site: SampleSite, port: int) -> Configuration:
    from monitor.settings.configuration import load_configuration

    file = place / "demo.toml"
    file.write_text(
        f"""\
data_dir = "{place / "data"}"
public_url = "http://127.0.0.1:{port}"

[fetch]
allow_addresses = ["127.0.0.1/32"]
host_spacing_seconds = 0

[[sources]]
key = "sample-report"
kind = "tip-report"
url = "{site.index_url}"
every = "{int(_CHECKED_EVERY.total_seconds())}s"

[[sources]]
key = "sample-news"
kind = "feed"
url = "{site.feed_url}"
every = "{int(_CHECKED_EVERY.total_seconds())}s"
follow = true
""",
        encoding="utf-8",
    )
    return load_configuration(file, {})


async def _demo(
    settings: Configuration,
    site: SampleSite,
    database: Database,
    words: Vocabulary,
    *,
    once: bool,
    port: int,
) -> list[str]:
    from monitor.bootstrap import checker

    _subscribe(database)
    typer.echo(f"Sample site: {site.index_url}\n{_NOTE}\n")
    async with checker(settings, database, words) as work:
        outcomes = await _first_round(work)
        _print_outcomes(outcomes)
        await _tell(settings, database)
        failures = [line for outcome in outcomes for line in outcome.failures]
        if once:
            pages = await _save_pages(settings, database, words)
            typer.echo(f"Pages and feeds: {pages}")
            return failures
        for line in failures:
            typer.echo(line, err=True)
        await _go_on(settings, site, database, words, work, port)
    return []


def _subscribe(database: Database) -> None:
    from monitor.bootstrap import utc_now
    from monitor.domain.subscription import Cadence, Subscription
    from monitor.storage.subscriptions import add_subscription

    now = utc_now()
    subscription = Subscription(
        address=_SUBSCRIBER, created_at=now, cadence=Cadence.INSTANT, confirmed_at=now
    )
    with database.transaction() as session:
        add_subscription(session, subscription)


async def _first_round(work: Checker) -> list[Outcome]:
    from monitor.cli.progress import shown_progress
    from monitor.jobs.check_source import check_source
    from monitor.storage.sources import source_states

    with work.reader.database.reading() as session:
        states = source_states(session)
    with shown_progress() as progress:
        # The report before the news, so that claims find the official figures.
        return [await check_source(state.source, work, progress=progress) for state in states]


def _print_outcomes(outcomes: Iterable[Outcome]) -> None:
    from monitor.cli.checking import summary

    changes: list[Change] = []
    for outcome in outcomes:
        typer.echo(summary(outcome))
        changes += outcome.changes
    typer.echo()
    print_changes(changes)


def print_changes(changes: Iterable[Change]) -> None:
    """Print changes as tables, one per group of kinds, each with the sentence behind it."""
    from monitor.delivery.wording import new_words, old_words

    found = sorted(
        changes, key=lambda change: (change.country or "", -(change.edition or 0), change.headline)
    )
    for title, kinds in _TABLES:
        rows = [
            {
                "country": change.country,
                "edition": change.edition,
                "what": _what(change),
                "old": old_words(change),
                "new": new_words(change),
                "sentence": change.evidence_new or change.evidence_old,
            }
            for change in found
            if change.kind in kinds
        ]
        if rows:
            print_table(rows, ("country", "edition", "what", "old", "new", "sentence"), title=title)
            typer.echo()


def _what(change: Change) -> str:
    if change.measure is None:
        return "tier"
    form = f" ({change.form})" if change.form and change.form != "all" else ""
    relation = change.detail.get("relation")
    claimed = f", {str(relation).replace('_', ' ')}" if relation else ""
    return f"{change.measure.replace('_', ' ')}{form}{claimed}"


async def _tell(settings: Configuration, database: Database) -> None:
    from monitor.bootstrap import digest_renderer, utc_now
    from monitor.bootstrap.mail import mailer
    from monitor.jobs.digests import compile_digests
    from monitor.jobs.sending import send_deliveries

    render = digest_renderer(settings, sample_note=_NOTE)
    compile_digests(database, render, now=utc_now())
    sent = await send_deliveries(database, mailer(settings), now=utc_now)
    typer.echo(f"Digest: {sent.sent} message to {_SUBSCRIBER}\nMail: {settings.data_dir / 'mail' / 'new'}")
    fail(sent.failures)


async def _save_pages(settings: Configuration, database: Database, words: Vocabulary) -> Path:
    """Ask the real application for its pages and feeds, and keep what it answers."""
    import httpx

    place = settings.data_dir.parent / "pages"
    place.mkdir()
    app = web_app(settings, database, words.countries, sample=True)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url=settings.public_url
    ) as browser:
        for address, name in (
            ("/", "index.html"),
            ("/countries/ARG", "countries-ARG.html"),
            ("/editions/2013", "editions-2013.html"),
            ("/feeds/changes.atom", "changes.atom"),
            ("/feeds/changes.rss", "changes.rss"),
            ("/feeds/changes.json", "changes.json"),
        ):
            answer = await browser.get(address)
            answer.raise_for_status()
            (place / name).write_bytes(answer.content)
    return place


async def _go_on(
    settings: Configuration,
    site: SampleSite,
    database: Database,
    words: Vocabulary,
    work: Checker,
    port: int,
) -> None:
    from monitor.bootstrap import digest_renderer, retention, utc_now
    from monitor.bootstrap.mail import mailer
    from monitor.jobs.check_source import check_source
    from monitor.queueing.local import LocalQueue
    from monitor.queueing.task import Task, TaskKind
    from monitor.scheduler.daemon import run_daemon
    from monitor.scheduler.deciding import Decider
    from monitor.scheduler.rounds import Rounds

    queue = LocalQueue()
    renderer = digest_renderer(settings, sample_note=_NOTE)
    rounds = Rounds(work, renderer, mailer(settings), queue, retention(settings))
    sources = {section.key: section.source() for section in settings.sources}

    async def do(task: Task) -> None:
        if task.kind is not TaskKind.CHECK:
            await rounds.do(task)
            return
        outcome = await check_source(sources[task.subject], work)
        if outcome.changes:
            typer.echo(f"\n{task.subject} answered something new:\n")
            print_changes(outcome.changes)
            await rounds.do(Task(kind=TaskKind.COMPILE, due_at=utc_now()))
            await rounds.do(Task(kind=TaskKind.SEND, due_at=utc_now()))
            typer.echo(f"One more digest: {settings.data_dir / 'mail' / 'new'}")
        for line in outcome.failures:
            typer.echo(line, err=True)

    decider = Decider(
        database,
        queue,
        clock=utc_now,
        rounds={TaskKind.COMPILE: _CHECKED_EVERY, TaskKind.SEND: _CHECKED_EVERY},
    )

    async def work_off() -> None:
        await queue.work(do)

    typer.echo(f"Pages: {settings.public_url}/   Feed: {settings.public_url}/feeds/changes.atom")
    typer.echo(
        f"In {_THIRD_EDITION_AFTER_SECONDS:.0f} seconds the sample site publishes a third edition. "
        "Ctrl-C ends."
    )
    publishing = asyncio.get_running_loop().call_later(
        _THIRD_EDITION_AFTER_SECONDS, site.publish_third_edition
    )
    try:
        app = web_app(settings, database, words.countries, queue=queue, sample=True)
        await run_daemon(app, decider.lead, work_off, host="127.0.0.1", port=port)
    finally:
        publishing.cancel()
