"""What the operator is told of a source, and how often."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from monitor.domain.change import ChangeKind
from monitor.jobs.check_source import check_source
from monitor.jobs.outcome import Checker
from monitor.storage.observations import figures
from monitor.storage.sources import set_enabled, source_state
from tests.jobs.conftest import NEWS, REPORT
from tests.jobs.test_check_source import DIFFICULTIES, FILLER, told

GONE = (
    "<html><head><title>Argentina</title></head><body><article><p>" + FILLER + "</p></article></body></html>"
)


@pytest.fixture
def alerts() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def watched(checker: Checker, alerts: list[tuple[str, str]]) -> Checker:
    async def alert(subject: str, text: str) -> None:
        alerts.append((subject, text))

    return replace(checker, alert=alert)


async def test_a_dead_source_is_told_once_and_once_when_it_is_back(web, watched, alerts, clock) -> None:
    web.put(web.feed, "down", status=503)
    for _ in range(4):
        await check_source(NEWS, watched)
        clock.advance(timedelta(hours=20))
    web.announce("courts", f"Argentine courts convicted 18 traffickers in 2012.\n{FILLER}")
    for _ in range(2):
        await check_source(NEWS, watched)
    assert [subject for subject, _ in alerts] == ["source news is dead", "source news is back"]


async def test_a_source_that_is_gone_is_switched_off_and_told(web, watched, alerts, database) -> None:
    web.put(web.feed, "gone", status=410)
    await check_source(NEWS, watched)
    with database.reading() as session:
        state = source_state(session, "news")
    assert state is not None
    assert not state.enabled
    assert [subject for subject, _ in alerts] == ["source news is dead"]


async def test_a_source_switched_off_by_hand_is_checked_without_a_word(
    web, watched, alerts, database
) -> None:
    web.announce("courts", f"Argentine courts convicted 18 traffickers in 2012.\n{FILLER}")
    with database.transaction() as session:
        set_enabled(session, "news", False)
    outcome = await check_source(NEWS, watched)
    assert (outcome.failures, alerts) == ([], [])


async def test_a_page_that_lost_its_tier_is_told_once_and_what_is_stored_stays(
    web, watched, alerts, database, clock
) -> None:
    web.publish(2013, argentina=told("remained on Tier 2", "convicted 17 traffickers"))
    await check_source(REPORT, watched)
    web.put(web.address(2013, "argentina"), GONE)
    for _ in range(3):
        await check_source(REPORT, watched)
        clock.advance(timedelta(hours=1))
    ((subject, text),) = alerts
    assert subject == "source tip answers what was not asked for"
    assert f"{web.address(2013, 'argentina')}: no tier is found for Argentina in edition 2013" in text
    with database.reading() as session:
        assert [each.figure.value for each in figures(session, country="ARG")] == [17]


async def test_difficulties_that_pass_are_not_told(web, watched, alerts) -> None:
    web.publish(2013, argentina=told("remained on Tier 2", "convicted 17 traffickers"))
    web.put(web.address(2013, "argentina"), DIFFICULTIES)
    await check_source(REPORT, watched)
    assert alerts == []


async def test_pages_that_fail_for_long_do_not_make_their_source_dead(web, watched, alerts, clock) -> None:
    web.publish(2013, argentina=told("remained on Tier 2", "convicted 17 traffickers"))
    web.put(web.address(2013, "argentina"), "down", status=503)
    for _ in range(3):
        await check_source(REPORT, watched)
        clock.advance(timedelta(hours=20))
    assert [subject for subject, _ in alerts] == ["source tip is not read whole"]


async def test_an_edition_is_out_before_any_of_its_countries(web, watched) -> None:
    web.publish(2013, argentina=told("remained on Tier 2", "convicted 17 traffickers"))
    await check_source(REPORT, watched)
    web.publish(2014)
    first = await check_source(REPORT, watched)
    assert [change.kind for change in first.changes] == [ChangeKind.EDITION_PUBLISHED]
    assert [line.partition(": ")[2].partition(";")[0] for line in first.failures] == [
        "the page of edition 2014 lists no country"
    ]
    web.publish(2014, argentina=told("remained on Tier 2", "convicted 19 traffickers"))
    second = await check_source(REPORT, watched)
    assert [change.kind for change in second.changes] == [ChangeKind.FIGURE_CHANGED]
    web.publish(2014, bolivia=told("remained on Tier 2", "convicted two traffickers"))
    third = await check_source(REPORT, watched)
    assert (third.narratives, third.failures) == (1, [])


async def test_an_announced_edition_is_read_though_the_page_of_the_item_cannot_be(web, watched) -> None:
    web.publish(2013, argentina=told("remained on Tier 2", "convicted 17 traffickers"))
    await check_source(REPORT, watched)
    url = web.announce("Release of the 2014 Trafficking in Persons Report", FILLER)
    web.put(url, "turned away", status=403)
    index = web.pages[web.index]
    web.publish(2014, argentina=told("remained on Tier 2", "convicted 19 traffickers"))
    web.pages[web.index] = index
    outcome = await check_source(NEWS, watched)
    assert {change.kind for change in outcome.changes} == {
        ChangeKind.EDITION_PUBLISHED,
        ChangeKind.FIGURE_CHANGED,
    }


async def test_unusual_silence_is_logged_once(web, watched, clock) -> None:
    for number in range(4):
        web.announce(f"courts-{number}", f"Argentine courts convicted {number + 2} traffickers.\n{FILLER}")
        await check_source(NEWS, watched)
        clock.advance(timedelta(hours=12))
    with capture_logs() as logs:
        for _ in range(5):
            clock.advance(timedelta(days=1))
            await check_source(NEWS, watched)
    assert [entry["source"] for entry in logs if entry["event"] == "source_silent"] == ["news"]
