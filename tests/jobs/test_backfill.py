"""Past editions are read once, as history, and a backfill that was stopped goes on where it was."""

from __future__ import annotations

from dataclasses import replace

import pytest
import pytest_asyncio

from monitor.domain.change import ChangeStatus
from monitor.fetching.sites import Archive
from monitor.jobs.backfill import Estimate, backfill
from monitor.jobs.check_source import check_source
from monitor.jobs.outcome import Checker
from monitor.jobs.progress import quiet
from monitor.storage.changes import changes
from monitor.storage.documents import narrative
from tests.fetching.pdfs import pdf
from tests.jobs.conftest import REPORT
from tests.jobs.test_check_source import DIFFICULTIES, told


@pytest_asyncio.fixture
async def filled(web):
    for edition, count in ((2011, 40), (2012, 31), (2013, 17)):
        web.publish(
            edition,
            argentina=told("remained on Tier 2", f"convicted {count} traffickers"),
            bolivia=told("remained on Tier 2", "convicted five traffickers"),
        )
    return web


async def run(checker, first=2001, last=2100, countries=None, **given):
    estimates: list[Estimate] = []
    results = await backfill(
        REPORT,
        checker,
        wanted=lambda year: first <= year <= last,
        countries=countries,
        progress=given.get("progress", quiet),
        estimated=estimates.append,
    )
    return [(each.edition, each.found, each.read, each.failed, each.why) for each in results], estimates


async def test_every_edition_is_read_and_no_change_of_it_is_for_anybody(filled, checker, database):
    results, _ = await run(checker)
    assert results == [(2011, 2, 2, 0, ""), (2012, 2, 2, 0, ""), (2013, 2, 2, 0, "")]
    with database.reading() as session:
        found = changes(session)
    assert found
    assert {change.status for change in found} == {ChangeStatus.HISTORY}
    outcome = await check_source(replace(REPORT, editions=3), checker)
    assert (outcome.changes, outcome.failures) == ([], [])


async def test_editions_and_countries_are_chosen(filled, checker, database):
    results, estimates = await run(checker, 2012, 2012, ["ARG"])
    assert results == [(2012, 1, 1, 0, "")]
    assert (estimates[0].editions, estimates[0].narratives, estimates[0].pages) == (1, 1, 1)
    assert not [url for url in filled.requests if "bolivia" in url or "2011" in url]
    with database.reading() as session:
        assert narrative(session, "BOL", 2012) is None


async def test_why_pages_failed_stands_in_the_table(filled, checker):
    filled.put(filled.address(2012, "argentina"), DIFFICULTIES)
    del filled.pages[filled.address(2012, "bolivia")]
    del filled.pages[filled.address(2011)]
    results, _ = await run(checker)
    assert results == [
        (2011, 0, 0, 1, "answered 404 Not Found"),
        (
            2012,
            2,
            0,
            2,
            "answered 404 Not Found, "
            'answered a page that says "technical difficulties" instead of the one asked for',
        ),
        (2013, 2, 2, 0, ""),
    ]


class Stopped(Exception):  # noqa: N818 - named for what happens
    """What a kill is to the code under test: nothing after it runs."""


async def test_one_that_was_stopped_asks_for_no_page_twice(filled, checker):
    """It is stopped after each page in turn, and goes on each time; SIGKILL itself is in tests/cli."""
    stopped_at: set[tuple[str, int]] = set()

    def stopping(label: str, done: int, total: int) -> None:
        if (label, done) not in stopped_at:
            stopped_at.add((label, done))
            raise Stopped

    results = None
    while results is None:
        try:
            results, _ = await run(checker, progress=stopping)
        except Stopped:
            continue
    assert len(stopped_at) == 3 + 7
    assert [row[1:4] for row in results] == [(2, 2, 0)] * 3
    assert len(filled.requests) == len(set(filled.requests)) == 1 + 3 + 6


async def test_the_next_one_asks_only_for_what_is_missing(filled, checker):
    page = filled.pages.pop(filled.address(2012, "bolivia"))
    await run(checker)
    filled.pages[filled.address(2012, "bolivia")] = page
    filled.requests.clear()
    results, estimates = await run(checker)
    assert [row[1:4] for row in results] == [(2, 2, 0)] * 3
    assert estimates[0].pages == 1
    narratives = [url for url in filled.requests if url.endswith(("argentina/", "bolivia/"))]
    assert narratives == [filled.address(2012, "bolivia")]


async def test_an_edition_whose_page_is_gone_is_read_from_its_pdf(filled, checker, database):
    lines = ["HAITI (Tier 2)", *told("remained on Tier 2", "convicted 3 traffickers").splitlines()]
    short = [line[start : start + 90] for line in lines for start in range(0, len(line), 90)]
    address = f"{filled.base}/2010.pdf"
    filled.put(address, pdf([[short]]), media_type="application/pdf")
    sites = replace(
        checker.reader.sites,
        archived_of=frozenset({"report.example"}),
        archives=(Archive(2010, f"{filled.base}/j/tip/rls/tiprpt/2010/index.htm", address),),
    )
    checker = Checker(replace(checker.reader, sites=sites), checker.fetcher)
    results, _ = await run(checker, 2010, 2010)
    assert results == [(2010, 1, 1, 0, "")]
    with database.reading() as session:
        stored = narrative(session, "HTI", 2010)
    assert stored is not None
    assert stored.document.url == address


@pytest.mark.parametrize("status", [404, 500])
async def test_an_index_that_fails_ends_it_in_words(filled, checker, status):
    from monitor.fetching.failures import FetchFailed

    filled.put(filled.index, "no", status=status)
    with pytest.raises(FetchFailed, match=f"answered {status}"):
        await run(checker)
