"""A person's last word: approve, reject, correct, and corrections as a file."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.domain.change import Cause, ChangeKind, ChangeStatus
from monitor.domain.figure import Confidence, Measure
from monitor.domain.review import Decision
from monitor.domain.tier import Tier
from monitor.jobs.review import (
    Amendment,
    ReviewRefused,
    approve,
    correct,
    export_corrections,
    import_corrections,
    read_corrections,
    reject,
)
from monitor.storage.reviews import corrections, held_changes, reviews_of
from tests.builders import NOW, figure, narrative, tier

HOUR = timedelta(hours=1)


def decide(newsroom, what, change_id: str, *more):
    newsroom.clock.advance(HOUR)
    with newsroom.database.transaction() as session:
        return what(session, change_id, *more, newsroom.reviewer())


@pytest.fixture
def held(newsroom):
    """A change from 31 to 17 convictions that waits for a person."""
    newsroom.told(2012, 31)
    (change,) = newsroom.told(2013, 17, confidence=Confidence.LOW).changes
    assert change.status is ChangeStatus.HELD
    return change


@pytest.fixture
def published(newsroom):
    """A change from 31 to 17 convictions that everybody may have read."""
    newsroom.told(2012, 31)
    (change,) = newsroom.told(2013, 17).changes
    return change


def test_an_approved_change_is_told_from_then_on(newsroom, held) -> None:
    decide(newsroom, approve, held.id)
    approved = newsroom.change(held.id)
    assert (approved.status, approved.created_at) == (ChangeStatus.PUBLISHED, NOW + HOUR)
    assert approved.detail["found_at"] == NOW.isoformat()
    with newsroom.database.reading() as session:
        (review,) = reviews_of(session, held.id)
        assert held_changes(session) == []
    assert (review.decision, review.reviewer, review.reason, review.decided_at) == (
        Decision.APPROVED,
        "Ana",
        "looked at the page",
        NOW + HOUR,
    )


def test_approved_history_stays_history(newsroom) -> None:
    newsroom.told(2014, 9)
    newsroom.told(2012, 31)
    found = newsroom.told(2013, 17, confidence=Confidence.LOW).changes
    (old,) = [change for change in found if change.edition == 2013]
    decide(newsroom, approve, old.id)
    approved = newsroom.change(old.id)
    assert (approved.status, approved.created_at) == (ChangeStatus.HISTORY, NOW)


def test_a_rejected_change_that_nobody_saw_is_just_gone(newsroom, held) -> None:
    assert decide(newsroom, reject, held.id) == []
    assert newsroom.change(held.id).status is ChangeStatus.REJECTED


def test_a_rejected_change_that_was_told_is_corrected(newsroom, published) -> None:
    (correction,) = decide(newsroom, reject, published.id)
    assert (correction.kind, correction.corrects) == (ChangeKind.CORRECTION, published.id)
    assert correction.status is ChangeStatus.PUBLISHED
    assert correction.headline == (
        "Argentina: no such change of convictions; "
        "told before: 17 convictions in the 2013 report, down from 31"
    )
    assert newsroom.change(published.id).status is ChangeStatus.CORRECTED


@pytest.mark.parametrize(
    ("what", "status"),
    [(approve, "published, not held"), (reject, None)],
    ids=["approve what is not held", "reject"],
)
def test_a_decision_that_cannot_be_taken_is_refused_in_one_line(newsroom, published, what, status) -> None:
    if status is None:
        decide(newsroom, reject, published.id)
        status = "corrected already"
    with pytest.raises(ReviewRefused, match=status):
        decide(newsroom, what, published.id)


def test_what_nobody_knows_cannot_be_decided(newsroom) -> None:
    for what, more in ((approve, ()), (reject, ()), (correct, (Amendment(3),))):
        with pytest.raises(ReviewRefused, match="no change has this id"):
            decide(newsroom, what, "nothing", *more)


def test_a_corrected_number_is_compared_anew_and_what_was_told_is_corrected(newsroom, published) -> None:
    new = decide(newsroom, correct, published.id, Amendment(19))
    assert [(each.kind, each.status, each.old, each.new, each.cause) for each in new] == [
        (ChangeKind.FIGURE_CHANGED, ChangeStatus.HISTORY, 31, 19, Cause.CORRECTED),
        (ChangeKind.CORRECTION, ChangeStatus.PUBLISHED, 17, 19, Cause.CORRECTED),
    ]
    assert newsroom.values(edition=2013) == [19]
    assert newsroom.values(as_of=NOW) == [31, 17]


def test_a_held_change_that_is_corrected_goes_out_right(newsroom, held) -> None:
    new = decide(newsroom, correct, held.id, Amendment(19))
    assert [(each.kind, each.status, each.new) for each in new] == [
        (ChangeKind.FIGURE_CHANGED, ChangeStatus.PUBLISHED, 19)
    ]
    assert newsroom.change(held.id).status is ChangeStatus.REJECTED


def test_a_held_change_that_a_person_reads_the_same_goes_out_as_it_is(newsroom, held) -> None:
    decide(newsroom, correct, held.id, Amendment(17))
    assert newsroom.change(held.id).status is ChangeStatus.PUBLISHED


def test_the_old_side_can_be_corrected_too(newsroom, published) -> None:
    new = decide(newsroom, correct, published.id, Amendment(35, edition=2012))
    correction = new[-1]
    assert (correction.old, correction.new) == (None, None)
    assert correction.headline == (
        "Argentina: 17 convictions in the 2013 report, down from 35; "
        "told before: 17 convictions in the 2013 report, down from 31"
    )


def test_a_figure_may_be_read_as_unreported_or_as_none_at_all(newsroom, published) -> None:
    unreported = decide(newsroom, correct, published.id, Amendment("unreported"))
    assert [each.kind for each in unreported] == [ChangeKind.FIGURE_VANISHED, ChangeKind.CORRECTION]
    vanished = unreported[0]
    none = decide(newsroom, correct, vanished.id, Amendment(None))
    # For those who were told the number, of its correction, or of what held instead: each hears one.
    assert [(each.kind, each.corrects) for each in none] == [
        (ChangeKind.FIGURE_VANISHED, None),
        (ChangeKind.CORRECTION, published.id),
        (ChangeKind.CORRECTION, vanished.id),
        (ChangeKind.CORRECTION, unreported[1].id),
    ]


def test_a_tier_is_corrected_by_its_sentence(newsroom) -> None:
    sentences = {Tier.TWO: "It is placed on Tier 2.", Tier.THREE: "It is placed on Tier 3."}
    newsroom.store(narrative(2012, tier=tier(Tier.TWO), text=sentences[Tier.TWO]))
    (told,) = newsroom.store(narrative(2013, tier=tier(Tier.THREE), text=sentences[Tier.THREE])).changes
    new = decide(newsroom, correct, told.id, Amendment("2WL"))
    assert [(each.kind, each.old, each.new) for each in new] == [
        (ChangeKind.TIER_CHANGED, "2", "2WL"),
        (ChangeKind.CORRECTION, "3", "2WL"),
    ]


@pytest.mark.parametrize(
    ("amendment", "line"),
    [
        pytest.param(Amendment("many"), "is no number", id="a word"),
        pytest.param(Amendment(19, sentence="Nobody wrote this."), "has no such sentence", id="a sentence"),
        pytest.param(Amendment(19, edition=2009), "no such sentence|no narrative is stored", id="an edition"),
    ],
)
def test_a_correction_that_fits_nothing_is_refused_and_changes_nothing(
    newsroom, published, amendment, line
) -> None:
    with pytest.raises(ReviewRefused, match=line):
        decide(newsroom, correct, published.id, amendment)
    assert newsroom.change(published.id).status is ChangeStatus.PUBLISHED
    with newsroom.database.reading() as session:
        assert reviews_of(session, published.id) == []


def test_a_claim_is_not_corrected_but_rejected(newsroom) -> None:
    (claim,) = newsroom.claimed("one", figure(18, year=2012)).changes
    with pytest.raises(ReviewRefused, match="approve or reject it"):
        decide(newsroom, correct, claim.id, Amendment(17))
    (correction,) = decide(newsroom, reject, claim.id)
    assert correction.corrects == claim.id


def test_a_correction_survives_a_revision_that_keeps_its_sentence(newsroom, published) -> None:
    decide(newsroom, correct, published.id, Amendment(19))
    revised = "The law was amended twice.\nCourts convicted 17 traffickers."
    (change,) = newsroom.told(2013, 17, text=revised).changes
    assert change.detail["figures"] == []
    assert newsroom.values(edition=2013) == [19]


def test_a_correction_whose_sentence_changed_comes_up_again(newsroom, published) -> None:
    decide(newsroom, correct, published.id, Amendment(19))
    (change,) = newsroom.told(2013, 21).changes
    assert (change.status, change.detail["held"]) == (ChangeStatus.HELD, ["correction_outdated"])
    assert newsroom.values(edition=2013) == [21]
    with newsroom.database.reading() as session:
        assert corrections(session, "ARG", 2013) == []


def test_a_second_correction_of_the_same_figure_replaces_the_first(newsroom, published) -> None:
    decide(newsroom, correct, published.id, Amendment(19))
    (right,) = newsroom.changes(ChangeStatus.HISTORY)
    decide(newsroom, correct, right.id, Amendment(17))
    assert newsroom.values(edition=2013) == [17]
    with newsroom.database.reading() as session:
        assert [each.value for each in corrections(session, "ARG", 2013)] == [17]


def test_corrections_travel_as_a_file(newsroom, published) -> None:
    decide(newsroom, correct, published.id, Amendment(19))
    with newsroom.database.reading() as session:
        lines = list(export_corrections(session))
    made = read_corrections(lines)
    assert [(each.value, each.original, each.measure, each.decided_at) for each in made] == [
        (19, 17, Measure.CONVICTIONS, NOW + HOUR)
    ]
    with newsroom.database.transaction() as session:
        assert import_corrections(session, made, newsroom.reviewer()) == 0


def test_an_imported_correction_is_applied_and_alerts_nobody(newsroom, published) -> None:
    line = (
        '{"country": "ARG", "edition": 2013, "measure": "convictions", "form": "all", "relation": "current",'
        ' "value": 19, "original": 17, "sentence": "Courts convicted 17 traffickers.", "reviewer": "Bo",'
        ' "decided_at": "2013-06-01T00:00:00+00:00", "reason": "misread"}'
    )
    with newsroom.database.transaction() as session:
        assert import_corrections(session, read_corrections([line, ""]), newsroom.reviewer()) == 1
    assert newsroom.values(edition=2013) == [19]
    assert newsroom.changes(ChangeStatus.PUBLISHED) == []


def test_an_imported_correction_waits_for_its_narrative(newsroom) -> None:
    line = (
        '{"country": "ARG", "edition": 2013, "measure": "convictions", "form": "all", "relation": "current",'
        ' "value": 19, "original": 17, "sentence": "Courts convicted 17 traffickers.", "reviewer": "Bo",'
        ' "decided_at": "2013-06-01T00:00:00+00:00", "reason": "misread"}'
    )
    with newsroom.database.transaction() as session:
        import_corrections(session, read_corrections([line]), newsroom.reviewer())
    newsroom.told(2013, 17)
    assert newsroom.values(edition=2013) == [19]


@pytest.mark.parametrize("line", ["{", "[]", "{}", '{"country": "ARG"}', "3", '"x"'])
def test_a_line_that_is_no_correction_is_refused_by_its_number(line) -> None:
    with pytest.raises(ReviewRefused, match="line 2: is no correction"):
        read_corrections(["", line])
