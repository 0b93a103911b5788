"""Reading stored texts again with a newer extractor."""

from __future__ import annotations

import pytest
from sqlmodel import col, select, update

from monitor.domain.change import Cause, ChangeKind, ChangeStatus
from monitor.domain.figure import Form, Measure, Relation
from monitor.extraction import EXTRACTOR_VERSION
from monitor.jobs.replay import Difference, Replayer, replay
from monitor.jobs.review import Amendment, correct
from monitor.storage.documents import narrative as stored_narrative
from monitor.storage.observations import version_in_force
from monitor.storage.rows import ReadingRow
from tests.builders import COUNTRIES, figure, narrative, tier
from tests.jobs.newsroom import located

NEWER = "newer"
TEXT = {
    2012: "The government convicted 31 traffickers.",
    2013: "The government convicted 17 traffickers.",
}
ADDRESS = "https://report.example/2013/arg/"


@pytest.fixture
def replayer(newsroom, words) -> Replayer:
    return Replayer(
        newsroom.database, words.language, COUNTRIES, newsroom.rules, newsroom.clock, version=NEWER
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
    present = Replayer(newsroom.database, words.language, COUNTRIES, newsroom.rules, newsroom.clock)
    result = replay(present, apply=True, alert=True)
    assert (present.version, result.documents, result.read) == (EXTRACTOR_VERSION, 2, 0)


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
