"""The only wiring: configuration in, collaborators out.

``mail`` wires what carries messages out and takes them back, ``data_dir`` what an installation keeps.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from html import escape
from pathlib import Path

import structlog
from sqlalchemy.engine import make_url

from monitor.bootstrap.data_dir import make_data_dir, signing_secret
from monitor.bootstrap.mail import canary_address, mailer, return_box
from monitor.delivery.confirmation_mail import render_confirmation
from monitor.delivery.digest_mail import DigestRenderer
from monitor.delivery.mail_templates import MailTemplates, load_mail_templates
from monitor.delivery.mailer import DeliveryFailed
from monitor.delivery.presentation import Presentation
from monitor.delivery.tokens import Signer
from monitor.domain.country import Countries
from monitor.domain.subscription import Message, Subscription
from monitor.domain.watch_list import TierRules
from monitor.extraction import Language, countries_from_table
from monitor.fetching.client import Fetcher, FetchPolicy
from monitor.fetching.feed_process import FeedProcesses
from monitor.fetching.heartbeat import ping
from monitor.fetching.pacing import Pacing
from monitor.fetching.relevance import read_relevance
from monitor.fetching.sites import read_sites
from monitor.jobs.baseline import load_baseline
from monitor.jobs.outcome import Alert, Checker, Reader, no_alert
from monitor.jobs.retention import Retention
from monitor.jobs.tending import Tending
from monitor.queueing.local import LocalQueue
from monitor.queueing.task import TaskQueue
from monitor.settings.configuration import Configuration
from monitor.settings.files import shipped
from monitor.settings.tables import load_tables
from monitor.storage.backup import back_up
from monitor.storage.database import Database
from monitor.storage.occupancy import occupied
from monitor.storage.schema import is_behind, migrate, require_current
from monitor.storage.sources import sync_sources

log = structlog.get_logger(__name__)


def utc_now() -> datetime:
    """The clock of the running product."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The shipped tables, built: what the extractor and every listing refer to."""

    countries: Countries
    language: Language


@cache
def shipped_countries() -> Countries:
    """Read the table of countries alone, which is all that a listing needs."""
    return countries_from_table(load_tables()["countries"])


def vocabulary() -> Vocabulary:
    """Build the vocabulary from ``config/``."""
    tables = load_tables()
    return Vocabulary(shipped_countries(), Language.from_tables(tables))


def open_database(configuration: Configuration) -> Database:
    """Open the database, bringing SQLite's schema up to date; PostgreSQL's is for ``migrate``.

    Raises:
        StorageError: the database is from a newer version, or PostgreSQL's schema is not current.
    """
    make_data_dir(configuration.data_dir)
    database = Database(configuration.effective_database_url)
    if database.is_sqlite:
        _migrate(database, configuration)
    else:
        require_current(database)
    with database.transaction() as session:
        sync_sources(session, [section.source() for section in configuration.sources])
    load_baseline(database, shipped("config") / "baseline" / "tiers.csv", now=utc_now())
    return database


def tier_rules() -> TierRules:
    """Read the rules of placement: the Watch List clock, waivers, successions."""
    return TierRules.from_table(load_tables()["baseline"])


def migrate_database(configuration: Configuration) -> str:
    """Bring the schema up to date; return where the database is, without its password.

    Raises:
        StorageError: the database cannot be reached or is from a newer version.
    """
    make_data_dir(configuration.data_dir)
    database = Database(configuration.effective_database_url)
    try:
        _migrate(database, configuration)
        if not database.is_sqlite:
            from monitor.queueing.schema import migrate_queue  # noqa: PLC0415 - not on SQLite

            migrate_queue(queue_address(configuration), where=database.where)
        return f"{database.where}: up to date"
    finally:
        database.dispose()


def _migrate(database: Database, configuration: Configuration) -> None:
    if not database.is_sqlite or not is_behind(database):
        migrate(database)
        return
    # A daemon of the older version would go on writing what the new tables do not take.
    with occupied(database):
        back_up(database, backups(configuration), now=utc_now())
        migrate(database)


def backups(configuration: Configuration) -> Path:
    """Return the directory in which backups lie when nothing else is said."""
    return configuration.data_dir / "backups"


def known_database(configuration: Configuration) -> Database:
    """Return the database as it is, for commands that keep or replace it as a whole."""
    make_data_dir(configuration.data_dir)
    return Database(configuration.effective_database_url)


def queue_address(configuration: Configuration) -> str:
    """Return where the distributed queue is: the database, as libpq writes it."""
    url = make_url(configuration.effective_database_url).set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


@asynccontextmanager
async def task_queue(configuration: Configuration, *, checks_at_once: int) -> AsyncIterator[TaskQueue]:
    """Wire the queue: in this process on SQLite, over all processes on PostgreSQL.

    Raises:
        QueueUnavailable: PostgreSQL cannot be reached.
    """
    if configuration.effective_database_url.startswith("sqlite"):
        yield LocalQueue(checks_at_once=checks_at_once)
        return
    from monitor.queueing.distributed import DistributedQueue  # noqa: PLC0415 - not on SQLite

    async with DistributedQueue(queue_address(configuration), checks_at_once=checks_at_once) as queue:
        yield queue


def reader(database: Database, words: Vocabulary) -> Reader:
    """Wire what turns bytes into stored readings."""
    config = shipped("config")
    return Reader(
        database,
        words.language,
        words.countries,
        read_sites(config / "sites.toml"),
        utc_now,
        tier_rules(),
        read_relevance(config / "relevance.toml"),
    )


@asynccontextmanager
async def checker(
    configuration: Configuration, database: Database, words: Vocabulary, *, spares: bool = False
) -> AsyncIterator[Checker]:
    """Wire what checks sources, a daemon's so that it ``spares`` sites; all closes with the context."""
    async with (
        shared_pacing(configuration) as pacing,
        fetcher(configuration, pacing) as client,
        FeedProcesses() as feeds,
    ):
        alert = operator_alert(configuration)
        yield Checker(reader(database, words), client, alert, feeds.parse, spares=spares)


@asynccontextmanager
async def shared_pacing(configuration: Configuration) -> AsyncIterator[Pacing | None]:
    """Wire turns at hosts that all processes share; None where there is one process only."""
    if configuration.effective_database_url.startswith("sqlite"):
        yield None
        return
    from monitor.fetching.shared_pacing import SharedPacing  # noqa: PLC0415 - not on SQLite

    spacing = configuration.fetch.host_spacing_seconds
    async with SharedPacing(queue_address(configuration), spacing_seconds=spacing) as pacing:
        yield pacing


def operator_alert(configuration: Configuration) -> Alert:
    """Wire how the operator is told: a mail where ``mail.operator`` is set; the log has it anyway."""
    address = configuration.mail.operator
    if not address:
        return no_alert

    async def tell(subject: str, text: str) -> None:
        message = Message(
            message_id=f"{secrets.token_hex(16)}@tip-monitor",
            address=address,
            subject=f"TIP Monitor: {subject}",
            text=text,
            html=f"<p>{escape(text)}</p>",
        )
        try:
            await mailer(configuration).send(message, now=utc_now())
        except DeliveryFailed as failure:
            log.warning("operator_not_told", reason=failure.reason)

    return tell


def fetcher(configuration: Configuration, pacing: Pacing | None = None) -> Fetcher:
    """Wire what asks addresses; use it as an async context manager."""
    policy = FetchPolicy(
        contact=configuration.fetch.contact,
        allow_addresses=configuration.fetch.allow_addresses,
        host_spacing_seconds=configuration.fetch.host_spacing_seconds,
        proxy=configuration.fetch.proxy or None,
    )
    return Fetcher(policy, now=utc_now, pacing=pacing)


async def candidacy(configuration: Configuration, lead: Callable[[], Awaitable[None]]) -> None:
    """Run ``lead`` for as long as it is this process that decides what is due."""
    if configuration.effective_database_url.startswith("sqlite"):
        await lead()
        return
    from monitor.queueing.election import lead_when_elected  # noqa: PLC0415 - not on SQLite

    await lead_when_elected(queue_address(configuration), lead)


def retention(configuration: Configuration) -> Retention:
    """Wire how long what is kept."""
    return Retention(snapshots=configuration.retention.snapshots)


def heartbeat(configuration: Configuration) -> Callable[[], Awaitable[None]] | None:
    """Wire the ping of the watcher, where there is one."""
    if not configuration.heartbeat_url:
        return None
    user_agent = FetchPolicy(contact=configuration.fetch.contact).user_agent

    async def tell() -> None:
        await ping(configuration.heartbeat_url, user_agent=user_agent)

    return tell


def tending(configuration: Configuration) -> Tending:
    """Wire what looks after the outbox."""
    return Tending(
        presentation=presentation(configuration),
        box=return_box(configuration),
        canary=canary_address(configuration),
    )


def presentation(configuration: Configuration, *, sample_note: str | None = None) -> Presentation:
    """Wire what all mails of the installation share."""
    return Presentation(
        templates=_mail_templates(),
        countries=shipped_countries(),
        public_url=configuration.public_url,
        sender=configuration.mail.sender,
        signer=Signer(signing_secret(configuration)),
        sample_note=sample_note,
    )


@cache
def _mail_templates() -> MailTemplates:
    return load_mail_templates(shipped("templates") / "email")


def digest_renderer(configuration: Configuration, *, sample_note: str | None = None) -> DigestRenderer:
    """Wire the rendering of digests; the templates are read once."""
    return DigestRenderer(presentation(configuration, sample_note=sample_note))


def confirmation(configuration: Configuration, subscription: Subscription) -> Message:
    """Return the mail that asks a subscriber to confirm."""
    return render_confirmation(subscription.address, presentation(configuration), now=utc_now())
