"""A daemon asks rarely for pages of the report that have long been the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.domain.change import ChangeKind
from monitor.jobs.check_source import check_source
from monitor.jobs.outcome import Checker, Outcome
from tests.fakes import Clock, ReportWeb
from tests.jobs.conftest import REPORT
from tests.jobs.test_check_source import FILLER

SIX_HOURS = timedelta(hours=6)
ARGENTINA = "ARGENTINA (Tier 2)\nThe government convicted {} traffickers in {}.\n" + FILLER
GHANA = "GHANA (Tier 1)\nThe government convicted 3 traffickers.\n" + FILLER


@pytest.fixture
def sparing(checker: Checker) -> Checker:
    return replace(checker, spares=True)


def publish(web: ReportWeb, edition: int, convicted: int) -> None:
    web.publish(edition, argentina=ARGENTINA.format(convicted, edition - 1), ghana=GHANA)


async def days(number: int, sparing: Checker, clock: Clock) -> list[Outcome]:
    """Check every six hours for so many days."""
    outcomes = []
    for _ in range(4 * number):
        clock.advance(SIX_HOURS)
        outcomes.append(await check_source(REPORT, sparing))
    return outcomes


async def test_pages_of_old_editions_are_hardly_asked_and_lists_always(web, sparing, clock) -> None:
    for edition in (2012, 2013):
        publish(web, edition, 10)
    clock.advance(timedelta(days=2 * 365))
    await check_source(REPORT, sparing)
    web.requests.clear()

    outcomes = await days(14, sparing, clock)
    asked = {url: web.requests.count(url) for url in set(web.requests)}
    assert asked[web.index] == asked[web.address(2012)] == asked[web.address(2013)] == 56
    assert asked[web.address(2012, "argentina")] == asked[web.address(2012, "ghana")] == 1
    assert asked[web.address(2013, "argentina")] == 55, "the newest, until it has been the same for 14 days"
    assert {outcome.unchanged for outcome in outcomes} == {4}
    assert not [outcome for outcome in outcomes if outcome.failures]


async def test_a_correction_of_an_old_page_is_found_within_its_rest(web, sparing, clock) -> None:
    publish(web, 2012, 10)
    publish(web, 2013, 11)
    clock.advance(timedelta(days=2 * 365))
    await check_source(REPORT, sparing)
    publish(web, 2012, 12)
    found: list[ChangeKind] = []
    for _ in range(14):
        outcomes = await days(1, sparing, clock)
        found = [change.kind for outcome in outcomes for change in outcome.changes]
        if found:
            break
    assert ChangeKind.NARRATIVE_REVISED in found

    web.requests.clear()
    await days(2, sparing, clock)
    assert web.requests.count(web.address(2012, "argentina")) == 8, "what changed is asked often again"


async def test_a_country_that_is_missing_is_asked_for_at_every_check(web, sparing, clock) -> None:
    publish(web, 2012, 10)
    publish(web, 2013, 10)
    clock.advance(timedelta(days=2 * 365))
    web.put(web.address(2012, "ghana"), "", status=404)
    await check_source(REPORT, sparing)
    web.requests.clear()
    await days(2, sparing, clock)
    assert web.requests.count(web.address(2012, "ghana")) == 8
    assert web.requests.count(web.address(2012, "argentina")) <= 5


async def test_who_asks_for_a_check_gets_every_page_asked(web, checker, clock) -> None:
    publish(web, 2012, 10)
    clock.advance(timedelta(days=2 * 365))
    await check_source(REPORT, checker)
    web.requests.clear()
    clock.advance(SIX_HOURS)
    await check_source(REPORT, checker)
    assert web.address(2012, "argentina") in web.requests
