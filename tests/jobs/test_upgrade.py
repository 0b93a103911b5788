"""Pages that change after a newer parser or extractor was installed, before anything was replayed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml.cssselect import CSSSelector
from sqlmodel import col, func, update

from monitor.domain.change import Cause, ChangeKind, ChangeStatus
from monitor.domain.figure import Measure
from monitor.extraction import EXTRACTOR_VERSION
from monitor.jobs.check_source import check_source
from monitor.jobs.importing import import_files
from monitor.jobs.replay import Replayer, replay
from monitor.jobs.review import Amendment, correct
from monitor.storage.documents import narrative as stored_narrative
from monitor.storage.editions import edition_record
from monitor.storage.observations import version_in_force
from monitor.storage.rows import ReadingRow, SnapshotRow
from tests.builders import figure, narrative, tier
from tests.jobs.conftest import ON_BOTH_DATABASES, REPORT
from tests.jobs.newsroom import Newsroom, located

pytestmark = ON_BOTH_DATABASES

PROSE = (
    "The government trained judges and prosecutors, maintained a telephone line, and funded shelters run "
    "by partners in the capital and two provinces throughout the reporting period.\n"
) * 2
ASIDE = "</p><aside><p>The government convicted 71 traffickers under another law.</p></aside><p>"


def page(convictions: int, *, aside: str = "", more: str = "") -> str:
    return (
        "The country remained on Tier 2.\n"
        f"The government convicted {convictions} traffickers.{aside}\n{PROSE}{more}"
    )


@pytest.fixture
def older(checker):
    """A checker whose parser takes boxes beside the text for text."""
    asides_too = replace(checker.reader.sites, drop=CSSSelector("script, nav, footer", translator="html"))
    return replace(checker, reader=replace(checker.reader, sites=asides_too))


def summary(changes):
    return [(each.kind, each.cause, each.old, each.new) for each in changes]


async def test_only_what_the_page_changed_is_told_after_a_newer_parser(web, older, checker, newsroom) -> None:
    web.publish(2012, argentina=page(31))
    web.publish(2013, argentina=page(31, aside=ASIDE))
    assert (await check_source(REPORT, older)).failures == []
    web.publish(2013, argentina=page(31, aside=ASIDE, more="A new hall was opened.\n"))
    before = {each.id for each in newsroom.changes()}
    await check_source(REPORT, checker)
    new = [each for each in newsroom.changes(ChangeStatus.PUBLISHED) if each.id not in before]
    assert summary(new) == [(ChangeKind.NARRATIVE_REVISED, Cause.SOURCE_REVISED, None, None)]
    assert new[0].detail["sentences"] == {"removed": [], "added": ["A new hall was opened."]}
    assert new[0].detail["figures"] == []
    with newsroom.database.reading() as session:
        record = edition_record(session, 2013)
    assert record is not None
    assert record.revised == 1


async def test_a_page_whose_bytes_alone_changed_is_told_to_nobody_after_a_newer_parser(
    web, older, checker, newsroom
) -> None:
    web.publish(2012, argentina=page(31))
    web.publish(2013, argentina=page(17, aside=ASIDE))
    await check_source(REPORT, older)
    (held,) = newsroom.changes(ChangeStatus.HELD)
    web.publish(2013, argentina=page(17, aside=ASIDE.replace("another", "an older")))
    outcome = await check_source(REPORT, checker)
    assert [each for each in outcome.changes if each.status is ChangeStatus.PUBLISHED] == []
    assert newsroom.values() == [31, 17]
    # What the older parser had made of it goes, as after a replay.
    assert newsroom.change(held.id).status is ChangeStatus.REJECTED
    assert summary(newsroom.changes(ChangeStatus.HISTORY))[:1] == [
        (ChangeKind.FIGURE_CHANGED, Cause.REEXTRACTED, 31, 17)
    ]


async def test_what_the_page_moved_is_told_from_what_the_present_parser_reads(
    web, older, checker, newsroom
) -> None:
    web.publish(2013, argentina=page(17, aside=ASIDE))
    await check_source(REPORT, older)
    web.publish(2013, argentina=page(19, aside=ASIDE))
    outcome = await check_source(REPORT, checker)
    (told,) = [each for each in outcome.changes if each.status is ChangeStatus.PUBLISHED]
    assert summary([told]) == [(ChangeKind.NARRATIVE_REVISED, Cause.SOURCE_REVISED, 17, 19)]


async def test_a_text_that_the_present_parser_cuts_worse_than_the_older_one_is_left_as_it_was(
    web, older, checker, newsroom
) -> None:
    """The site was rebuilt: what the new parser takes for text in the old page would be told as gone."""
    web.publish(2013, argentina=page(17, aside="</p><aside>Menu of the old site.</aside><p>"))
    await check_source(REPORT, checker)
    web.publish(2013, argentina=page(19))
    # The two change places: the parser that takes asides for text is the newer one.
    outcome = await check_source(REPORT, older)
    (told,) = [each for each in outcome.changes if each.status is ChangeStatus.PUBLISHED]
    assert told.detail["sentences"] == {
        "removed": ["The government convicted 17 traffickers."],
        "added": ["The government convicted 19 traffickers."],
    }


async def test_a_replay_afterwards_finds_nothing_left_to_do(web, older, checker, newsroom) -> None:
    web.publish(2013, argentina=page(17, aside=ASIDE))
    await check_source(REPORT, older)
    web.publish(2013, argentina=page(19, aside=ASIDE))
    await check_source(REPORT, checker)
    reader = checker.reader
    replayer = Replayer(
        reader.database, reader.language, reader.countries, reader.sites, reader.tier_rules, reader.now
    )
    result = replay(replayer, apply=True, alert=True)
    assert (result.read, result.recut, result.changes) == (0, 0, [])


def as_read_by_an_older_extractor(newsroom: Newsroom) -> None:
    """Make what this version read the reading of an older one, with what people corrected in it."""
    older = "0" + func.substr(ReadingRow.extractor_version, len(EXTRACTOR_VERSION) + 1)
    with newsroom.database.transaction() as session:
        session.exec(update(ReadingRow).values(extractor_version=older))


def misread(newsroom: Newsroom, edition: int, text: str, wrong: int) -> None:
    """Store a narrative that an older extractor read ``wrong``."""
    sentence = text.splitlines()[0]
    newsroom.store(
        narrative(edition, located(figure(wrong, sentence=sentence), text), text=text, tier=tier())
    )


TEXT = f"The government convicted 17 traffickers.\n{PROSE}The country remained on Tier 2."


def imported(reader, tmp_path, text: str, edition: int = 2013):
    path = tmp_path / "ARG.txt"
    path.write_text(text)
    return import_files([path], reader, edition=edition, country="ARG")


def test_a_newer_extractor_reads_the_old_text_before_a_revised_page_is_compared(
    newsroom, reader, tmp_path
) -> None:
    misread(newsroom, 2013, TEXT, 71)
    as_read_by_an_older_extractor(newsroom)
    outcome = imported(reader, tmp_path, f"{TEXT}\nA new hall was opened.")
    told = [each for each in outcome.changes if each.status is ChangeStatus.PUBLISHED]
    assert summary(told) == [(ChangeKind.NARRATIVE_REVISED, Cause.SOURCE_REVISED, None, None)]
    assert told[0].detail["figures"] == []


def test_a_newer_extractor_reads_the_edition_before_again_when_the_next_one_comes(
    newsroom, reader, tmp_path
) -> None:
    misread(newsroom, 2012, TEXT, 71)
    as_read_by_an_older_extractor(newsroom)
    outcome = imported(reader, tmp_path, TEXT, edition=2013)
    assert [each for each in outcome.changes if each.measure is Measure.CONVICTIONS] == []
    assert newsroom.values() == [17, 17]
    with newsroom.database.reading() as session:
        before = stored_narrative(session, "ARG", 2012)
        assert before is not None
        assert version_in_force(session, before.id) == EXTRACTOR_VERSION


def test_a_person_s_correction_outlives_what_is_read_again(newsroom, reader, tmp_path) -> None:
    misread(newsroom, 2012, TEXT.replace("17", "31"), 31)
    misread(newsroom, 2013, TEXT, 71)
    (told,) = newsroom.changes(ChangeStatus.PUBLISHED)
    with newsroom.database.transaction() as session:
        correct(session, told.id, Amendment(16), newsroom.reviewer())
    as_read_by_an_older_extractor(newsroom)
    outcome = imported(reader, tmp_path, f"{TEXT}\nA new hall was opened.")
    (revised,) = [each for each in outcome.changes if each.status is ChangeStatus.PUBLISHED]
    assert revised.detail["figures"] == []
    assert newsroom.values() == [31, 16]


async def test_where_the_snapshot_is_gone_the_stored_text_is_read(web, older, checker, newsroom) -> None:
    web.publish(2013, argentina=page(17, aside=ASIDE))
    await check_source(REPORT, older)
    with newsroom.database.transaction() as session:
        stored = stored_narrative(session, "ARG", 2013)
        assert stored is not None
        of_page = col(SnapshotRow.sha256) == stored.document.snapshot_sha256
        session.exec(update(SnapshotRow).where(of_page).values(compressed=b"not what it was"))
    web.publish(2013, argentina=page(19, aside=ASIDE))
    outcome = await check_source(REPORT, checker)
    assert outcome.failures == []
    assert [each.kind for each in newsroom.changes()][:1] == [ChangeKind.NARRATIVE_REVISED]


def test_nothing_is_read_again_where_the_present_version_has_read_it(newsroom, reader, tmp_path) -> None:
    imported(reader, tmp_path, TEXT, edition=2012)
    with newsroom.database.reading() as session:
        before = stored_narrative(session, "ARG", 2012)
    imported(reader, tmp_path, TEXT.replace("17", "19"), edition=2013)
    with newsroom.database.reading() as session:
        assert stored_narrative(session, "ARG", 2012) == before
