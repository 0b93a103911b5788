"""A checker over a real SQLite store and a web behind MockTransport."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from monitor.bootstrap import Vocabulary, vocabulary
from monitor.domain.source import Source, SourceKind
from monitor.fetching.client import Fetcher, FetchPolicy
from monitor.fetching.relevance import read_relevance
from monitor.fetching.sites import read_sites
from monitor.jobs.outcome import Checker, Reader
from monitor.settings.files import shipped
from monitor.storage.database import Database
from monitor.storage.schema import migrate
from monitor.storage.sources import sync_sources
from tests.fakes import Clock, ReportWeb
from tests.jobs.newsroom import Newsroom
from tests.storage.postgresql import created_database

REPORT = Source("tip", SourceKind.TIP_REPORT, ReportWeb.index, timedelta(hours=6))
NEWS = Source("news", SourceKind.FEED, ReportWeb.feed, timedelta(minutes=30), follow=True)
ON_BOTH_DATABASES = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="session")
def words() -> Vocabulary:
    return vocabulary()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def web() -> ReportWeb:
    return ReportWeb()


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """SQLite; PostgreSQL too in a module that is marked ``ON_BOTH_DATABASES``."""
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'monitor.db'}"
        if getattr(request, "param", "sqlite") == "postgresql":
            url = stack.enter_context(created_database(request.getfixturevalue("postgresql")))
        database = Database(url)
        stack.callback(database.dispose)
        migrate(database)
        with database.transaction() as session:
            sync_sources(session, [REPORT, NEWS])
        yield database


@pytest.fixture
def reader(database: Database, words: Vocabulary, clock: Clock) -> Reader:
    config = shipped("config")
    return Reader(
        database,
        words.language,
        words.countries,
        read_sites(config / "sites.toml"),
        clock,
        relevance=read_relevance(config / "relevance.toml"),
    )


@pytest_asyncio.fixture
async def checker(reader: Reader, web: ReportWeb, clock: Clock) -> AsyncIterator[Checker]:
    policy = FetchPolicy(contact="tests@example.org", host_spacing_seconds=0)
    async with Fetcher(policy, now=clock, sleep=clock.sleep, transport=web.transport) as fetcher:
        yield Checker(reader, fetcher)


@pytest.fixture
def newsroom(database: Database, clock: Clock) -> Newsroom:
    return Newsroom(database, clock)
