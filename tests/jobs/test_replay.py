"""Reading stored snapshots again with newer parsers and a newer extractor."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml.cssselect import CSSSelector
from sqlmodel import col, select, update

from monitor.domain.change import Cause, ChangeKind, ChangeStatus
from monitor.domain.figure import Form, Measure, Relation
from monitor.extraction import EXTRACTOR_VERSION
from monitor.fetching.sites import read_sites
from monitor.jobs.check_source import check_source
from monitor.jobs.importing import import_files
from monitor.jobs.replay import Difference, Replayer, replay
from monitor.jobs.review import Amendment, approve, correct
from monitor.settings.files import shipped
from monitor.storage.documents import narrative as stored_narrative
from monitor.storage.editions import edition_record
from monitor.storage.observations import version_in_force
from monitor.storage.rows import ReadingRow
from tests.builders import COUNTRIES, figure, narrative, tier
from tests.jobs.conftest import NEWS, REPORT
from tests.jobs.newsroom import located

NEWER = "newer"
TEXT = {
    2012: "The government convicted 31 traffickers.",
    2013: "The government convicted 17 traffickers.",
}
ADDRESS = "https://report.example/2013/arg/"


SITES = read_sites(shipped("config") / "sites.toml")
SHORT_PAGES = replace(SITES, shortest_text=1)
ASIDES_TOO = replace(SITES, drop=CSSSelector("script, nav, footer", translator="html"))
"""What an older parser took for text: boxes beside it as well."""


@pytest.fixture
def replayer(newsroom, words) -> Replayer:
    return Replayer(
        newsroom.database,
        words.language,
        COUNTRIES,
        SHORT_PAGES,
        newsroom.rules,
        newsroom.clock,
        version=NEWER,
    )


@pytest.fixture
def misread(newsroom):
    """Two editions; the older extractor took the 17 of 2013 for 71, and that was told."""
    for edition, value in ((2012, 31), (2013, 71)):
        wrong = located(figure(value, sentence=TEXT[edition]), TEXT[edition])
        newsroom.store(narrative(edition, wrong, text=TEXT[edition], tier=tier()))
    (told,) = newsroom.changes(ChangeStatus.PUBLISHED)
    assert (told.old, told.new) == (31, 71)
    return told


def figures_of(differences) -> list[Difference]:
    return [each for each in differences if each.measure is Measure.CONVICTIONS]


def test_without_apply_the_differences_are_shown_and_nothing_is_stored(newsroom, replayer, misread) -> None:
    result = replay(replayer, apply=False, alert=False)
    assert (result.documents, result.read, result.changes) == (2, 2, [])
    assert figures_of(result.differences) == [
        Difference("ARG", 2013, Measure.CONVICTIONS, Form.ALL, Relation.CURRENT, 71, 17, ADDRESS)
    ]
    assert newsroom.values() == [31, 71]
    assert newsroom.changes() == [misread]


def test_applied_it_stores_what_is_read_now_and_alerts_nobody(newsroom, replayer, misread) -> None:
    result = replay(replayer, apply=True, alert=False)
    assert newsroom.values() == [31, 17]
    changed = [each for each in result.changes if each.kind is ChangeKind.FIGURE_CHANGED]
    assert [(each.old, each.new, each.cause, each.status) for each in changed] == [
        (31, 17, Cause.REEXTRACTED, ChangeStatus.HISTORY)
    ]
    assert newsroom.changes(ChangeStatus.PUBLISHED) == []
    assert newsroom.change(misread.id).status is ChangeStatus.CORRECTED


def test_applied_with_alert_what_was_told_wrongly_is_corrected(newsroom, replayer, misread) -> None:
    replay(replayer, apply=True, alert=True)
    (correction,) = newsroom.changes(ChangeStatus.PUBLISHED)
    assert (correction.kind, correction.corrects, correction.old, correction.new) == (
        ChangeKind.CORRECTION,
        misread.id,
        71,
        17,
    )
    assert correction.detail["reason"] == "the text was read again by a newer extractor"


def test_applied_twice_it_does_nothing_the_second_time(newsroom, replayer, misread) -> None:
    replay(replayer, apply=True, alert=True)
    before = newsroom.changes()
    again = replay(replayer, apply=True, alert=True)
    assert (again.read, again.differences, again.changes) == (0, [], [])
    assert newsroom.changes() == before


def test_a_person_s_correction_outlives_the_newer_extractor(newsroom, replayer, misread) -> None:
    with newsroom.database.transaction() as session:
        correct(session, misread.id, Amendment(16), newsroom.reviewer())
    result = replay(replayer, apply=True, alert=False)
    assert figures_of(result.differences) == []
    assert newsroom.values() == [31, 16]
    with newsroom.database.reading() as session:
        stored = stored_narrative(session, "ARG", 2013)
        assert stored is not None
        version = version_in_force(session, stored.id)
    assert version is not None
    assert version.startswith("newer+corrected.")


def test_what_the_present_extractor_has_read_is_not_read_again(newsroom, words, misread) -> None:
    present = Replayer(
        newsroom.database, words.language, COUNTRIES, SHORT_PAGES, newsroom.rules, newsroom.clock
    )
    result = replay(present, apply=True, alert=True)
    assert (present.version, result.documents, result.read) == (EXTRACTOR_VERSION, 2, 0)


def test_what_is_doubtful_when_read_again_replaces_what_was_told_once_a_person_agrees(
    newsroom, replayer
) -> None:
    """The older extractor had read 32 where 3,000 stand, which no country's history makes likely."""
    text = "The government convicted 3,000 traffickers."
    newsroom.told(2012, 31)
    wrong = located(figure(32, sentence=text), text)
    (told,) = newsroom.store(narrative(2013, wrong, text=text, tier=tier())).changes
    replay(replayer, apply=True, alert=True)
    assert newsroom.change(told.id).status is ChangeStatus.PUBLISHED
    (held,) = newsroom.changes(ChangeStatus.HELD)
    assert (held.new, held.detail["held"]) == (3000, ["implausible_jump"])
    with newsroom.database.transaction() as session:
        approve(session, held.id, newsroom.reviewer())
    assert newsroom.change(told.id).status is ChangeStatus.CORRECTED
    (correction,) = newsroom.changes(ChangeStatus.PUBLISHED)
    assert (correction.corrects, correction.old, correction.new) == (told.id, 32, 3000)
    assert newsroom.change(held.id).status is ChangeStatus.HISTORY


def test_a_claim_that_an_article_never_made_is_taken_back(newsroom, replayer) -> None:
    """The builder's article says nothing of the kind, so that reading it again finds no claim."""
    (claim,) = newsroom.claimed("one", figure(18, year=2012)).changes
    replay(replayer, apply=True, alert=True)
    assert newsroom.change(claim.id).status is ChangeStatus.CORRECTED
    (correction,) = newsroom.changes(ChangeStatus.PUBLISHED)
    assert correction.corrects == claim.id


def test_a_claim_that_another_article_made_too_stays(newsroom, replayer) -> None:
    (claim,) = newsroom.claimed("one", figure(18, year=2012)).changes
    newsroom.claimed("two", figure(18, year=2012))
    with newsroom.database.transaction() as session:
        readings = session.exec(select(ReadingRow).order_by(col(ReadingRow.id))).all()
        session.exec(
            update(ReadingRow).where(col(ReadingRow.id) == readings[1].id).values(extractor_version=NEWER)
        )
    replay(replayer, apply=True, alert=True)
    assert newsroom.change(claim.id).status is ChangeStatus.PUBLISHED


def test_what_a_revised_page_moved_was_no_mistake(newsroom, replayer) -> None:
    """The revision was told as one; reading its text again proves nothing wrong."""
    newsroom.told(2012, 31)
    (told,) = newsroom.told(2013, 17).changes
    newsroom.store(narrative(2013, text="The government convicted 19 traffickers.", tier=tier()))
    replay(replayer, apply=True, alert=True)
    assert newsroom.change(told.id).status is ChangeStatus.PUBLISHED
    assert not [each for each in newsroom.changes() if each.kind is ChangeKind.CORRECTION]


PROSE = (
    "The government trained judges and prosecutors, maintained a telephone line, and funded shelters run "
    "by partners in the capital and two provinces throughout the reporting period.\n"
) * 2
ASIDE = "</p><aside><p>The government convicted 71 traffickers under another law.</p></aside><p>"


def told(convictions: int, aside: str = "") -> str:
    return (
        "The country remained on Tier 2.\n"
        f"The government convicted {convictions} traffickers.{aside}\n{PROSE}"
    )


@pytest.fixture
async def read_by_an_older_parser(web, checker):
    """Two editions of one country; of the newer one's page, a box was taken for text."""
    web.publish(2012, argentina=told(31))
    web.publish(2013, argentina=told(17, ASIDE))
    older = replace(checker, reader=replace(checker.reader, sites=ASIDES_TOO))
    outcome = await check_source(REPORT, older)
    assert outcome.failures == []
    return checker


def present(checker) -> Replayer:
    reader = checker.reader
    return Replayer(
        reader.database, reader.language, reader.countries, reader.sites, reader.tier_rules, reader.now
    )


async def test_a_newer_parser_shows_what_it_cuts_otherwise(read_by_an_older_parser, newsroom) -> None:
    before = newsroom.changes()
    result = replay(present(read_by_an_older_parser), apply=False, alert=False)
    assert (result.documents, result.read, result.recut, result.failures) == (2, 1, 1, [])
    assert [(each.country, each.measure, each.old, each.new) for each in result.differences] == [
        ("ARG", Measure.CONVICTIONS, 71, 17)
    ]
    assert newsroom.changes() == before


async def test_applied_a_newer_parser_s_text_is_no_revision_of_the_page(
    read_by_an_older_parser, newsroom
) -> None:
    replayer = present(read_by_an_older_parser)
    (held,) = newsroom.changes(ChangeStatus.HELD)
    assert (held.old, held.new) == (31, 71)
    result = replay(replayer, apply=True, alert=False)
    assert [(each.kind, each.cause, each.old, each.new, each.status) for each in result.changes] == [
        (ChangeKind.FIGURE_CHANGED, Cause.REEXTRACTED, 31, 17, ChangeStatus.HISTORY)
    ]
    assert newsroom.change(held.id).status is ChangeStatus.REJECTED
    with newsroom.database.reading() as session:
        stored = stored_narrative(session, "ARG", 2013)
        record = edition_record(session, 2013)
    assert stored is not None
    assert "71" not in stored.document.text
    assert record is not None
    assert record.revised == 0
    again = replay(replayer, apply=True, alert=True)
    assert (again.read, again.recut, again.changes) == (0, 0, [])


async def test_after_it_was_applied_the_page_is_not_told_as_revised(read_by_an_older_parser, web) -> None:
    checker = read_by_an_older_parser
    replay(present(checker), apply=True, alert=False)
    web.publish(2013, argentina=told(17, ASIDE.replace("another", "an older")))
    outcome = await check_source(REPORT, checker)
    assert outcome.changes == []


async def test_a_page_in_which_nothing_is_found_any_more_is_a_line_and_keeps_its_reading(
    read_by_an_older_parser, newsroom
) -> None:
    replayer = replace(present(read_by_an_older_parser), sites=replace(SITES, shortest_text=10_000))
    before = newsroom.values()
    result = replay(replayer, apply=True, alert=True)
    assert result.recut == 0
    assert len(result.failures) == 2
    assert "too few for a narrative" in result.failures[0]
    assert newsroom.values() == before


def test_imported_files_are_cut_as_they_were(reader, tmp_path) -> None:
    """One country's text, a file of several, a saved page: none is cut otherwise by the same parsers."""
    (tmp_path / "ARG.txt").write_text(f"ARGENTINA (Tier 2)\n{told(17)}")
    several = "\n".join(f"{name} (Tier 2)\n{told(9)}" for name in ("BOLIVIA", "BRAZIL", "CHILE"))
    (tmp_path / "all.txt").write_text(several)
    (tmp_path / "peru.html").write_text(f"<html><body><h1>PERU (Tier 2)</h1><p>{told(5)}</p></body></html>")
    (tmp_path / "one.txt").write_text(f"The capital.\n{told(3)}")
    outcome = import_files(
        [tmp_path / name for name in ("ARG.txt", "all.txt", "peru.html")], reader, edition=2013
    )
    outcome_of_one = import_files([tmp_path / "one.txt"], reader, edition=2013, country="ECU")
    assert (outcome.narratives, outcome_of_one.narratives) == (5, 1)
    replayer = Replayer(
        reader.database, reader.language, reader.countries, reader.sites, reader.tier_rules, reader.now
    )
    result = replay(replayer, apply=False, alert=False)
    assert (result.documents, result.read, result.recut, result.failures) == (6, 0, 0, [])


async def test_articles_are_cut_as_they_were(web, checker) -> None:
    web.announce("raid", "Argentina convicted 17 human traffickers in 2012, officials said.\n" + PROSE)
    outcome = await check_source(NEWS, checker)
    assert (outcome.articles, outcome.failures) == (1, [])
    result = replay(present(checker), apply=False, alert=False)
    assert (result.documents, result.read, result.recut, result.failures) == (1, 0, 0, [])
