"""A source whose address holds a name and a password: they reach the site, and nothing that is shown."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx
from sqlalchemy import inspect, text

from monitor.domain.source import Source
from monitor.fetching.client import Fetcher, FetchPolicy
from monitor.jobs.check_source import check_source
from monitor.jobs.outcome import Checker
from monitor.jobs.replay import Replayer, replay
from monitor.storage.sources import sync_sources
from tests.fakes import ReportWeb
from tests.jobs.conftest import NEWS, REPORT
from tests.jobs.test_check_source import told

LOGIN = "reader:hu%40sh"
PROSE = (
    "Officials opened a hall beside the port, and trained judges, nurses and bus drivers in two provinces "
    "of the north, where a telephone line has been open since the spring of that year.\n"
    "A hostel of a church took in women and men, gave them lessons, and helped them to find work and a "
    "lawyer; its head said that more beds were needed before the winter came.\n"
)


class Guarded(ReportWeb):
    """The report behind a login, with links that are relative, so that they inherit it."""

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.headers.get("Authorization") != "Basic cmVhZGVyOmh1QHNo":
            return httpx.Response(401)
        return super()._answer(httpx.Request("GET", request.url.copy_with(userinfo=b"")))

    def make_relative(self) -> None:
        for url, (status, media_type, body) in list(self.pages.items()):
            relative = re.sub(rb'("|<link>)https://(?:report|news)\.example/', rb"\1/", body)
            self.pages[url] = (status, media_type, relative)


def with_login(source: Source) -> Source:
    return replace(source, url=source.url.replace("://", f"://{LOGIN}@"))


def everything_shown(database) -> str:
    """All text of the tables that pages, feeds, mails and the API are made of."""
    with database.reading() as session:
        tables = [
            name
            for name in inspect(session.connection()).get_table_names()
            if name not in ("source", "page", "fetched_page")
        ]
        rows = [str(tuple(row)) for name in tables for row in session.execute(text(f"SELECT * FROM {name}"))]  # noqa: S608
    return "\n".join(rows)


async def test_a_login_in_a_source_s_address_is_used_and_shown_nowhere(reader, clock) -> None:
    web = Guarded()
    web.publish(2012, argentina=told("remained on Tier 2", "convicted 31 traffickers"))
    web.publish(2013, argentina=told("remained on Tier 2", "convicted 17 traffickers"))
    web.announce("raid", "Argentina convicted 17 human traffickers in 2012, officials said.\n" + PROSE)
    web.make_relative()
    sources = [with_login(REPORT), with_login(NEWS)]
    with reader.database.transaction() as session:
        sync_sources(session, sources)
    policy = FetchPolicy(contact="tests@example.org", host_spacing_seconds=0)
    async with Fetcher(policy, now=clock, sleep=clock.sleep, transport=web.transport) as fetcher:
        checker = Checker(reader, fetcher)
        outcomes = [await check_source(source, checker) for source in sources]
        again = [await check_source(source, checker) for source in sources]
    assert (outcomes[0].narratives, outcomes[1].articles) == (2, 1)
    assert [each.unchanged for each in again] == [2, 0]
    shown = everything_shown(reader.database)
    assert "https://report.example/reports/2013-trafficking-in-persons-report/argentina/" in shown
    assert "hu%40sh" not in shown
    assert "hu@sh" not in shown
    told_lines = str([(each.failures, each.notes, each.changes) for each in (*outcomes, *again)])
    assert "hu%40sh" not in told_lines
    replayer = Replayer(
        reader.database, reader.language, reader.countries, reader.sites, reader.tier_rules, clock
    )
    replayed = replay(replayer, apply=False, alert=False)
    assert (replayed.documents, replayed.recut, replayed.failures) == (3, 0, [])
