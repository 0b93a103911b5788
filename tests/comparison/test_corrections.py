"""What becomes of changes once their figures are read otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.comparison.corrections import said_once, settle
from monitor.domain.change import Cause, Change, ChangeKind, ChangeStatus
from monitor.domain.figure import Form
from tests.builders import NOW, change

PUBLISHED, HELD = ChangeStatus.PUBLISHED, ChangeStatus.HELD
HISTORY, REJECTED, CORRECTED = ChangeStatus.HISTORY, ChangeStatus.REJECTED, ChangeStatus.CORRECTED


def told(new: int = 17, status: ChangeStatus = PUBLISHED, **fields) -> Change:
    return change(
        old=31, new=new, headline=f"Argentina: {new} convictions, down from 31", status=status, **fields
    )


def settled(stored, found, *, alert: bool = True):
    return settle(stored, found, country_name="Argentina", now=NOW, alert=alert, reason="misread")


def test_a_change_that_still_holds_stays_as_it_is() -> None:
    result = settled([told()], [replace(told(), id="found again")])
    assert (result.wrong, result.new) == ((), ())


def test_a_change_that_was_told_is_corrected_and_what_holds_is_history() -> None:
    wrong, right = told(17), told(19)
    result = settled([wrong], [right])
    assert result.wrong == ((wrong, CORRECTED),)
    recorded, correction = result.new
    assert (recorded.id, recorded.status) == (right.id, HISTORY)
    assert correction.kind is ChangeKind.CORRECTION
    assert (correction.corrects, correction.old, correction.new) == (wrong.id, 17, 19)
    assert correction.headline == (
        "Argentina: 19 convictions, down from 31; told before: 17 convictions, down from 31"
    )
    assert correction.detail["reason"] == "misread"


def test_where_nothing_changed_the_correction_says_so() -> None:
    result = settled([told(17)], [])
    (correction,) = result.new
    assert correction.headline == (
        "Argentina: no such change of convictions; told before: 17 convictions, down from 31"
    )
    assert (correction.old, correction.new) == (17, 31)


@pytest.mark.parametrize(
    ("status", "ending", "becomes"),
    [
        pytest.param(HELD, REJECTED, PUBLISHED, id="what was held was told to nobody"),
        pytest.param(HISTORY, CORRECTED, PUBLISHED, id="history has its page"),
    ],
)
def test_what_was_told_to_nobody_needs_no_correction(status, ending, becomes) -> None:
    wrong, right = told(17, status), told(19)
    result = settled([wrong], [right])
    assert result.wrong == ((wrong, ending),)
    assert [(each.id, each.status) for each in result.new] == [(right.id, becomes)]


def test_without_alert_nobody_is_told_anything() -> None:
    result = settled([told(17)], [told(19)], alert=False)
    assert [status for _, status in result.wrong] == [CORRECTED]
    assert [(each.kind, each.status) for each in result.new] == [(ChangeKind.FIGURE_CHANGED, HISTORY)]


def test_a_doubtful_finding_that_replaces_nothing_waits_for_a_person() -> None:
    doubtful = told(19, HELD, detail={"held": ["low_confidence"], "if_approved": "published"})
    quiet = settled([], [doubtful], alert=False).new[0]
    assert (quiet.status, quiet.detail["if_approved"]) == (HELD, "history")
    loud = settled([], [doubtful], alert=True).new[0]
    assert (loud.status, loud.detail["if_approved"]) == (HELD, "published")


DOUBTFUL = {"held": ["implausible_jump"], "if_approved": "published"}


def test_held_news_that_a_person_reads_otherwise_is_news_though_a_newer_edition_came() -> None:
    wrong, right = told(17, HELD, detail=DOUBTFUL), told(19, HISTORY, cause=Cause.CORRECTED)
    (recorded,) = settled([wrong], [right]).new
    assert recorded.status is PUBLISHED


@pytest.mark.parametrize("alert", [True, False])
def test_what_is_still_doubtful_when_read_again_takes_the_held_one_s_place(alert) -> None:
    wrong = told(17, HELD, detail=DOUBTFUL)
    right = told(19, HELD, cause=Cause.REEXTRACTED, detail=DOUBTFUL)
    result = settled([wrong], [right], alert=alert)
    assert result.wrong == ((wrong, REJECTED),)
    assert [(each.status, each.detail["if_approved"]) for each in result.new] == [(HELD, "published")]


@pytest.mark.parametrize("alert", [True, False])
def test_what_was_told_stands_until_a_person_has_seen_what_is_doubtful_now(alert) -> None:
    wrong = told(17)
    right = told(19, HELD, cause=Cause.REEXTRACTED, detail=DOUBTFUL)
    result = settled([wrong], [right], alert=alert)
    assert result.wrong == ()
    (waiting,) = result.new
    assert (waiting.status, waiting.detail["if_approved"]) == (HELD, "history")
    assert waiting.detail["replaces"] == {"changes": [wrong.id], "alert": alert}


def test_a_correction_names_what_holds_of_the_same_form() -> None:
    wrong = told(4, form=Form.LABOR)
    rights = [told(7, form=Form.SEX), told(5, form=Form.LABOR)]
    correction = settled([wrong], rights).new[-1]
    assert (correction.corrects, correction.form, correction.new) == (wrong.id, Form.LABOR, 5)


def test_what_was_taken_back_before_is_not_taken_back_again() -> None:
    assert settled([told(17, CORRECTED), told(18, REJECTED)], []) == settled([], [])


def test_corrections_of_one_change_that_say_the_same_are_listed_once() -> None:
    """One for those who were told 31 to 17, one for those who had its correction to 19 already."""
    first, second = told(17), told(19)
    (correction,) = [each for each in settled([first], [second]).new if each.kind is ChangeKind.CORRECTION]
    stored = [replace(first, status=CORRECTED), replace(second, status=HISTORY)]
    new = settle(
        stored,
        [told(23)],
        corrections=[correction],
        country_name="Argentina",
        now=NOW + timedelta(days=1),
        alert=True,
        reason="misread",
    ).new
    corrections = [each for each in new if each.kind is ChangeKind.CORRECTION]
    assert {each.corrects for each in corrections} == {first.id, second.id, correction.id}
    assert {(each.new, each.headline.partition(";")[0]) for each in corrections} == {
        (23, "Argentina: 23 convictions, down from 31")
    }
    (listed,) = said_once(corrections)
    assert listed.corrects == correction.id
    other = replace(corrections[0], id="other", detail={})
    assert said_once([other, *corrections]) == [other, listed]


def test_where_only_the_old_side_moved_no_number_of_the_new_one_is_called_wrong() -> None:
    (correction,) = settle(
        [told(17)],
        [],
        country_name="Argentina",
        now=NOW,
        alert=True,
        reason="the page was revised",
        new_side_stands=True,
    ).new
    assert (correction.old, correction.new) == (None, None)
