"""One fetch-extract-compare cycle, over a real store and a web of pages."""

from __future__ import annotations

import asyncio

from sqlmodel import func, select

from monitor.domain.change import ChangeKind, ChangeStatus
from monitor.jobs.check_source import check_source
from monitor.storage.changes import changes
from monitor.storage.documents import article, narrative
from monitor.storage.observations import figures
from monitor.storage.placements import placements
from monitor.storage.rows import ChangeRow, DocumentRow, ObservationRow, SnapshotRow
from monitor.storage.snapshots import load_snapshot
from monitor.storage.sources import source_states
from tests.jobs.conftest import NEWS, REPORT

DIFFICULTIES = (
    "<html><head><title>Technical Difficulties</title></head><body><h1>We're sorry</h1>"
    "<p>The site is experiencing technical difficulties.</p></body></html>"
)
FILLER = (
    "The government trained judges and prosecutors, maintained a telephone line, and funded shelters run "
    "by partners in the capital and two provinces throughout the reporting period. "
) * 3


def told(tier: str, convictions: str) -> str:
    return (
        f"The government does not fully meet the minimum standards; therefore the country {tier}.\n"
        f"PROSECUTION\nThe government {convictions} under its trafficking law.\n{FILLER}"
    )


def counts(database) -> list[int]:
    with database.reading() as session:
        return [
            session.exec(select(func.count()).select_from(row)).one()
            for row in (SnapshotRow, DocumentRow, ObservationRow, ChangeRow)
        ]


def headlines(outcome) -> list[str]:
    return sorted(change.headline for change in outcome.changes)


async def test_two_editions_are_read_and_compared(web, checker, database) -> None:
    web.publish(2012, argentina=told("remained on Tier 2", "convicted 31 traffickers"))
    web.publish(2013, argentina=told("was downgraded to Tier 2 Watch List", "convicted 17 traffickers"))
    outcome = await check_source(REPORT, checker)
    assert outcome.failures == []
    assert (outcome.editions, outcome.narratives) == (2, 2)
    assert headlines(outcome) == [
        "Argentina: 17 convictions in the 2013 report, down from 31",
        "Argentina: downgraded from Tier 2 to Tier 2 Watch List in the 2013 report",
        "The 2012 Trafficking in Persons Report has been published",
        "The 2013 Trafficking in Persons Report has been published",
    ]
    with database.reading() as session:
        assert [(each.edition, each.tier.value) for each in placements(session, country="ARG")] == [
            (2012, "2"),
            (2013, "2WL"),
        ]
        stored = narrative(session, "ARG", 2013)
        assert stored is not None
        assert b"convicted 17 traffickers" in load_snapshot(session, stored.document.snapshot_sha256)


async def test_only_what_the_newest_edition_changed_is_news(web, checker) -> None:
    for edition, count in ((2011, 40), (2012, 31), (2013, 17)):
        web.publish(edition, argentina=told("remained on Tier 2", f"convicted {count} traffickers"))
    outcome = await check_source(REPORT, checker)
    statuses = {
        (change.edition, change.status)
        for change in outcome.changes
        if change.kind is ChangeKind.FIGURE_CHANGED
    }
    assert statuses == {(2012, ChangeStatus.HISTORY), (2013, ChangeStatus.PUBLISHED)}


async def test_a_second_check_of_an_unchanged_source_adds_nothing(web, checker, database) -> None:
    web.publish(2012, argentina=told("remained on Tier 2", "convicted 31 traffickers"))
    web.publish(2013, argentina=told("remained on Tier 2", "convicted 17 traffickers"))
    await check_source(REPORT, checker)
    before = counts(database)
    outcome = await check_source(REPORT, checker)
    assert counts(database) == before
    assert (outcome.narratives, outcome.unchanged, outcome.changes) == (0, 2, [])


async def test_an_edition_that_appears_later_is_compared_with_the_one_before(web, checker) -> None:
    web.publish(2012, argentina=told("remained on Tier 2", "convicted 31 traffickers"))
    await check_source(REPORT, checker)
    web.publish(2013, argentina=told("remained on Tier 2", "convicted 17 traffickers"))
    outcome = await check_source(REPORT, checker)
    assert headlines(outcome) == [
        "Argentina: 17 convictions in the 2013 report, down from 31",
        "The 2013 Trafficking in Persons Report has been published",
    ]


async def test_a_page_that_comes_after_its_successor_is_compared_too(web, checker) -> None:
    web.publish(2012, brazil=told("remained on Tier 2", "convicted 5 traffickers"))
    web.publish(2013, argentina=told("remained on Tier 2", "convicted 17 traffickers"))
    await check_source(REPORT, checker)
    web.publish(2012, argentina=told("remained on Tier 2", "convicted 31 traffickers"))
    outcome = await check_source(REPORT, checker)
    assert headlines(outcome) == ["Argentina: 17 convictions in the 2013 report, down from 31"]


async def test_a_page_revised_in_place_is_told_once(web, checker) -> None:
    web.publish(2013, argentina=told("remained on Tier 2", "convicted 17 traffickers"))
    await check_source(REPORT, checker)
    web.publish(2013, argentina=told("remained on Tier 2", "convicted 19 traffickers"))
    first, second = await check_source(REPORT, checker), await check_source(REPORT, checker)
    assert headlines(first) == ["Argentina: the 2013 narrative was revised: convictions now 19, first 17"]
    assert second.changes == []


async def test_a_page_with_new_markup_and_the_same_words_is_no_change(web, checker, database) -> None:
    web.publish(2013, argentina=told("remained on Tier 2", "convicted 17 traffickers"))
    await check_source(REPORT, checker)
    address = web.address(2013, "argentina")
    status, media_type, body = web.pages[address]
    web.pages[address] = (status, media_type, body.replace(b"<nav>", b"<nav><b>New menu</b>"))
    outcome = await check_source(REPORT, checker)
    assert (outcome.changes, outcome.unchanged) == ([], 1)
    with database.reading() as session:
        stored = narrative(session, "ARG", 2013)
    assert stored is not None
    assert stored.revision == 1


async def test_a_page_that_fails_is_one_line_and_the_rest_goes_on(web, checker, database) -> None:
    web.publish(
        2013,
        argentina=told("remained on Tier 2", "convicted 17 traffickers"),
        bolivia=told("remained on Tier 2", "convicted five traffickers"),
        brazil=told("remained on Tier 2", "convicted six traffickers"),
    )
    web.put(web.address(2013, "bolivia"), DIFFICULTIES)
    web.put(web.address(2013, "brazil"), "gone", status=503)
    outcome = await check_source(REPORT, checker)
    assert outcome.narratives == 1
    assert len(outcome.failures) == 2
    assert all("\n" not in line for line in outcome.failures)
    assert {line.split(": ")[0] for line in outcome.failures} == {
        web.address(2013, "bolivia"),
        web.address(2013, "brazil"),
    }
    with database.reading() as session:
        (state,) = [each for each in source_states(session) if each.source.key == "tip"]
    assert (state.failures, state.last_success_at) == (1, None)
    assert state.last_error is not None
    assert state.last_error.endswith("(and 1 more)")


async def test_a_difficulties_page_changes_nothing_stored_and_its_snapshot_is_kept(
    web, checker, database
) -> None:
    web.publish(2013, argentina=told("remained on Tier 2", "convicted 17 traffickers"))
    await check_source(REPORT, checker)
    before = counts(database)
    web.put(web.address(2013, "argentina"), DIFFICULTIES)
    outcome = await check_source(REPORT, checker)
    assert len(outcome.failures) == 1
    assert counts(database) == [before[0] + 1, *before[1:]]
    with database.reading() as session:
        assert [each.figure.value for each in figures(session, country="ARG")] == [17]


async def test_a_page_without_a_tier_is_told_and_not_stored(web, checker, database) -> None:
    web.publish(2013, argentina=f"PROSECUTION\nThe government convicted 17 traffickers.\n{FILLER}")
    outcome = await check_source(REPORT, checker)
    assert outcome.failures == [
        f"{web.address(2013, 'argentina')}: no tier is found for Argentina in edition 2013; "
        "look at the page: a changed site needs an edit in config/"
    ]
    with database.reading() as session:
        assert narrative(session, "ARG", 2013) is None


async def test_a_dead_index_is_one_failure(web, checker) -> None:
    web.put(web.index, "down", status=503)
    outcome = await check_source(REPORT, checker)
    assert len(outcome.failures) == 1
    assert outcome.failures[0].startswith(f"{web.index}: ")


async def test_an_article_s_claim_is_set_against_the_report(web, checker) -> None:
    web.publish(2013, argentina=told("remained on Tier 2", "convicted 17 traffickers"))
    await check_source(REPORT, checker)
    url = web.announce(
        "courts-in-argentina",
        f"Argentine courts convicted 18 traffickers in 2012, officials said.\n{FILLER}",
    )
    outcome = await check_source(NEWS, checker)
    assert outcome.failures == []
    (claim,) = outcome.changes
    assert claim.headline == (
        "Argentina: a news article states 18 convictions in 2012, "
        "which differs from the official 17 of the 2013 report"
    )
    assert claim.source_url == url


async def test_an_article_is_followed_once(web, checker, database) -> None:
    url = web.announce("courts", f"Argentine courts convicted 18 traffickers in 2012.\n{FILLER}")
    await check_source(NEWS, checker)
    web.announce("more-courts", f"Bolivian courts convicted two traffickers in 2012.\n{FILLER}")
    outcome = await check_source(NEWS, checker)
    assert (outcome.articles, outcome.unchanged) == (1, 1)
    assert web.requests.count(url) == 1
    with database.reading() as session:
        assert article(session, url) is not None


async def test_an_article_that_fails_is_tried_again(web, checker) -> None:
    url = web.announce("courts", f"Argentine courts convicted 18 traffickers in 2012.\n{FILLER}")
    page = web.pages.pop(url)
    first = await check_source(NEWS, checker)
    assert (first.articles, len(first.failures)) == (0, 1)
    web.pages[url] = page
    second = await check_source(NEWS, checker)
    assert (second.articles, second.failures) == (1, [])


async def test_a_feed_that_is_no_feed_is_one_failure(web, checker) -> None:
    web.put(web.feed, DIFFICULTIES)
    outcome = await check_source(NEWS, checker)
    assert len(outcome.failures) == 1
    assert outcome.failures[0].startswith(f"{web.feed}: ")


async def test_a_check_that_is_cancelled_is_finished_by_the_next(web, checker, database) -> None:
    web.publish(
        2013,
        argentina=told("remained on Tier 2", "convicted 17 traffickers"),
        bolivia=told("remained on Tier 2", "convicted five traffickers"),
    )
    task = asyncio.create_task(check_source(REPORT, checker))
    while not web.requests:
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await check_source(REPORT, checker)
    with database.reading() as session:
        values = {each.figure.country: each.figure.value for each in figures(session)}
        kinds = [change.kind for change in changes(session)]
    assert values == {"ARG": 17, "BOL": 5}
    assert kinds == [ChangeKind.EDITION_PUBLISHED]
