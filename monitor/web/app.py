"""Puts the web application together: pages, feeds, API, confirmations and health checks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from monitor import __version__
from monitor.delivery.presentation import Presentation
from monitor.delivery.tokens import Signer
from monitor.domain.country import Countries
from monitor.domain.watch_list import TierRules
from monitor.queueing.waking import Wake, wait_for_round
from monitor.storage.database import Database
from monitor.web.api import api_router
from monitor.web.changes_list import changes_list_router
from monitor.web.confirmation import confirmation_router
from monitor.web.country_sections import CountrySections
from monitor.web.downloads import download_router
from monitor.web.errors import install_error_answers
from monitor.web.feeds import feed_router
from monitor.web.headers import CarefulHeaders, HeadAsGet
from monitor.web.health import health_router
from monitor.web.kept_answers import KeptAnswers
from monitor.web.metrics import metrics_router
from monitor.web.openapi import describe
from monitor.web.operator_access import OperatorAccess
from monitor.web.operator_desk import OperatorDesk
from monitor.web.operator_pages import operator_router
from monitor.web.pages import page_router
from monitor.web.reference_pages import reference_router
from monitor.web.rendering import Pages
from monitor.web.subscriptions import subscription_router
from monitor.web.throttle import Throttle


def utc_now() -> datetime:
    """The clock by which confirmation links grow old."""
    return datetime.now(UTC)


@asynccontextmanager
async def _prepared(
    sections: CountrySections, database: Database, countries: Countries
) -> AsyncIterator[None]:
    """Make the long parts of pages while the server runs, after those who already ask."""
    stop = Event()
    preparing = asyncio.create_task(asyncio.to_thread(sections.prepare, database, countries, stop))
    try:
        yield
    finally:
        stop.set()
        await preparing


def create_app(
    *,
    database: Database,
    countries: Countries,
    public_url: str,
    templates: Path,
    secret: str,
    sample: bool = False,
    admin_password_hash: str = "",
    websub_hub: str = "",
    rules: TierRules | None = None,
    presentation: Presentation | None = None,
    wake: Wake = wait_for_round,
    clock: Callable[[], datetime] = utc_now,
) -> FastAPI:
    """Return the application.

    Args:
        database: open and migrated; every request reads one moment of it.
        countries: the countries that have a page.
        public_url: the address under which readers reach the pages, for feeds and canonical links.
        templates: the directory of page templates, with ``static`` in it.
        secret: signs the links of confirmation mails.
        admin_password_hash: opens the operators' pages, by argon2; there are none where it is empty.
        websub_hub: the hub that feeds name, if any.
        rules: of placements, by which corrections are compared anew.
        sample: put a banner on every page that says its figures are invented.
        presentation: of the mails that answer who subscribes; without it, nobody can.
        wake: has such a mail, or one that an operator sends again, sent at once.
        clock: gives the time, in UTC.
    """
    home = public_url.rstrip("/")
    pages = Pages(
        templates,
        countries=countries,
        public_url=home,
        sample=sample,
        can_subscribe=presentation is not None,
    )
    sections = CountrySections(pages)
    app = FastAPI(
        lifespan=lambda _: _prepared(sections, database, countries),
        title="TIP Monitor",
        version=__version__,
        description="What the Trafficking in Persons Report says, and what changed: read only, no account.",
        openapi_url=None,  # answered by ``describe``, with an ETag
        redirect_slashes=False,  # the framework leads to whatever host the request names
        docs_url=None,  # its page loads scripts from another host
        redoc_url=None,
    )
    app.add_middleware(KeptAnswers, database=database)
    app.add_middleware(Throttle)
    app.add_middleware(HeadAsGet)
    app.add_middleware(CarefulHeaders, public_url=home)
    install_error_answers(app, pages, public_url=home)
    app.include_router(page_router(database, countries, pages, sections))
    app.include_router(changes_list_router(database, countries, pages))
    app.include_router(reference_router(database, countries, pages, public_url=home))
    app.include_router(feed_router(database, countries, pages, public_url=home, hub=websub_hub))
    app.include_router(api_router(database, countries, public_url=home))
    app.include_router(download_router(database, countries))
    app.include_router(confirmation_router(database, pages, secret=secret, clock=clock))
    if presentation is not None:
        app.include_router(
            subscription_router(database, countries, pages, presentation, clock=clock, wake=wake)
        )
    app.include_router(health_router(database))
    app.include_router(metrics_router(database, clock=clock))
    if admin_password_hash:
        secure = home.startswith("https://")
        access = OperatorAccess(password_hash=admin_password_hash, secret=secret, secure=secure)
        desk = OperatorDesk(database, pages, access, clock, wake)
        app.include_router(operator_router(desk, countries, rules or TierRules(), Signer(secret)))
    describe(app, countries)
    app.mount("/static", StaticFiles(directory=pages.static), name="static")
    return app


def create_health_app(database: Database, *, clock: Callable[[], datetime] = utc_now) -> FastAPI:
    """Return what a process without pages answers those who watch it: health checks and metrics."""
    app = FastAPI(openapi_url=None)
    app.include_router(health_router(database))
    app.include_router(metrics_router(database, clock=clock))
    return app
