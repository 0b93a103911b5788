"""A country's narrative against the one of the edition before."""

from __future__ import annotations

import pytest

from monitor.comparison.editions import compare_editions, edition_published
from monitor.domain.change import ChangeKind, ChangeStatus, Direction
from monitor.domain.document import Edition
from monitor.domain.figure import Form, Measure, Qualifier, Relation, Unit
from monitor.domain.tier import Movement, Tier
from tests.builders import NOW, figure, narrative, tier


def compare(old, new, status=ChangeStatus.PUBLISHED):
    return compare_editions(old, new, country_name="Argentina", now=NOW, status=status)


def only(changes):
    (change,) = changes
    return change


def test_a_figure_that_differs_becomes_one_change_with_both_sentences() -> None:
    change = only(
        compare(
            narrative(2012, figure(31, sentence="Courts convicted 31.")),
            narrative(2013, figure(17, year=2012, sentence="Courts convicted 17.")),
        )
    )
    assert change.kind is ChangeKind.FIGURE_CHANGED
    assert change.headline == "Argentina: 17 convictions in 2012, down from 31"
    assert (change.old, change.new, change.direction) == (31, 17, Direction.DOWN)
    assert (change.evidence_old, change.evidence_new) == ("Courts convicted 31.", "Courts convicted 17.")
    assert change.source_url == "https://report.example/2013/arg/"
    assert change.source_url_old == "https://report.example/2012/arg/"
    assert (change.edition, change.measure, change.form) == (2013, Measure.CONVICTIONS, Form.ALL)


_VALUE, _ZERO, _UNREPORTED, _ABSENT = 5, 0, None, "absent"
_KINDS = {
    (_VALUE, _VALUE): None,
    (_VALUE, _ZERO): ChangeKind.FIGURE_CHANGED,
    (_VALUE, _UNREPORTED): ChangeKind.FIGURE_VANISHED,
    (_VALUE, _ABSENT): ChangeKind.FIGURE_VANISHED,
    (_ZERO, _VALUE): ChangeKind.FIGURE_CHANGED,
    (_ZERO, _ZERO): None,
    (_ZERO, _UNREPORTED): ChangeKind.FIGURE_VANISHED,
    (_ZERO, _ABSENT): ChangeKind.FIGURE_VANISHED,
    (_UNREPORTED, _VALUE): ChangeKind.FIGURE_APPEARED,
    (_UNREPORTED, _ZERO): ChangeKind.FIGURE_APPEARED,
    (_UNREPORTED, _UNREPORTED): None,
    (_UNREPORTED, _ABSENT): None,
    (_ABSENT, _VALUE): ChangeKind.FIGURE_APPEARED,
    (_ABSENT, _ZERO): ChangeKind.FIGURE_APPEARED,
    (_ABSENT, _UNREPORTED): None,
    (_ABSENT, _ABSENT): None,
}


@pytest.mark.parametrize(("sides", "kind"), _KINDS.items())
def test_value_zero_unreported_and_absent_are_told_apart(sides, kind) -> None:
    old, new = ([] if side == _ABSENT else [figure(side)] for side in sides)
    changes = compare(narrative(2012, *old), narrative(2013, *new))
    assert [change.kind for change in changes] == ([kind] if kind else [])


def test_what_was_silent_before_and_what_was_unreported_read_differently() -> None:
    silent = only(compare(narrative(2012), narrative(2013, figure(4))))
    unreported = only(compare(narrative(2012, figure(None)), narrative(2013, figure(4))))
    assert (silent.old, unreported.old) == (None, "unreported")
    assert silent.headline == (
        "Argentina: 4 convictions in the 2013 report, where the 2012 report said nothing of convictions"
    )
    assert unreported.headline == (
        "Argentina: 4 convictions in the 2013 report, where the 2012 report had not reported convictions"
    )


def test_the_total_is_compared_and_the_split_stands_beside_it() -> None:
    old = narrative(2012, figure(9), figure(7, form=Form.SEX), figure(2, form=Form.LABOR))
    new = narrative(2013, figure(5), figure(4, form=Form.SEX), figure(1, form=Form.LABOR))
    change = only(compare(old, new))
    assert (change.form, change.old, change.new) == (Form.ALL, 9, 5)
    assert change.detail["split"] == {"old": {"sex": 7, "labor": 2}, "new": {"sex": 4, "labor": 1}}


def test_without_a_total_the_forms_are_compared() -> None:
    old = narrative(2012, figure(7, form=Form.SEX), figure(2, form=Form.LABOR))
    new = narrative(2013, figure(4, form=Form.SEX), figure(2, form=Form.LABOR))
    change = only(compare(old, new))
    assert change.headline == "Argentina: 4 sex trafficking convictions in the 2013 report, down from 7"


def test_a_total_against_forms_alone_is_not_compared() -> None:
    assert compare(narrative(2012, figure(7, form=Form.SEX)), narrative(2013, figure(9))) == ()


def test_an_equal_value_with_another_qualifier_is_no_change() -> None:
    old, new = figure(300), figure(300, qualifier=Qualifier.AT_LEAST)
    assert compare(narrative(2012, old), narrative(2013, new)) == ()


@pytest.mark.parametrize(
    ("old", "new", "words", "direction"),
    [
        (Tier.TWO, Tier.TWO_WATCH_LIST, "downgraded from Tier 2 to Tier 2 Watch List", Direction.DOWN),
        (Tier.THREE, Tier.ONE, "upgraded from Tier 3 to Tier 1", Direction.UP),
        (Tier.SPECIAL_CASE, Tier.THREE, "moved from Special Case to Tier 3", None),
        (Tier.ONE, Tier.SPECIAL_CASE, "moved from Tier 1 to Special Case", None),
    ],
)
def test_a_placement_that_differs_is_told_with_its_direction(old, new, words, direction) -> None:
    change = only(
        compare(
            narrative(2012, tier=tier(old)),
            narrative(2013, tier=tier(new, movement=Movement.DOWNGRADED, watch_list_years=1)),
        )
    )
    assert change.kind is ChangeKind.TIER_CHANGED
    assert change.headline == f"Argentina: {words} in the 2013 report"
    assert (change.old, change.new, change.direction) == (old.value, new.value, direction)
    assert change.detail["movement"] == "downgraded"
    assert change.detail["watch_list_years"] == 1
    assert change.detail["history"] == [[2012, old.value], [2013, new.value]]


def test_the_same_tier_or_an_unread_one_is_no_change() -> None:
    assert compare(narrative(2012, tier=tier()), narrative(2013, tier=tier())) == ()
    assert compare(narrative(2012), narrative(2013, tier=tier())) == ()


def test_a_restated_previous_year_becomes_one_change() -> None:
    old = narrative(2012, figure(45, sentence="Courts convicted 45."))
    restated = figure(41, relation=Relation.PREVIOUS, year=2011, sentence="Compared with 41 in 2011.")
    changes = compare(old, narrative(2013, figure(45), restated))
    change = only(changes)
    assert change.kind is ChangeKind.FIGURE_RESTATED
    assert change.headline == (
        "Argentina: the 2013 report puts the year before at 41 convictions; "
        "the 2012 report had printed 45 convictions"
    )
    assert (change.old, change.new) == (45, 41)


@pytest.mark.parametrize(
    ("printed", "previous"),
    [
        (figure(45), figure(45, relation=Relation.PREVIOUS)),
        (figure(45, unit=Unit.PERSONS), figure(41, unit=Unit.CASES, relation=Relation.PREVIOUS)),
        (figure(45, qualifier=Qualifier.ABOUT), figure(41, relation=Relation.PREVIOUS)),
        (figure(45, year=2011), figure(41, relation=Relation.PREVIOUS, year=2010)),
        (figure(None), figure(41, relation=Relation.PREVIOUS)),
    ],
)
def test_what_is_not_plainly_the_same_count_is_not_called_restated(printed, previous) -> None:
    changes = compare(narrative(2012, printed), narrative(2013, previous))
    assert ChangeKind.FIGURE_RESTATED not in [change.kind for change in changes]


def test_editions_that_are_not_consecutive_are_refused() -> None:
    with pytest.raises(ValueError, match="not consecutive"):
        compare(narrative(2011, figure(31)), narrative(2013, figure(17)))


def test_the_same_comparison_gives_the_same_ids_and_history_keeps_its_status() -> None:
    old, new = narrative(2012, figure(31)), narrative(2013, figure(17))
    first, second = only(compare(old, new)), only(compare(old, new, ChangeStatus.HISTORY))
    assert first.id == second.id
    assert second.status is ChangeStatus.HISTORY


def test_a_new_edition_is_an_event_of_no_country() -> None:
    edition = Edition(2013, "https://report.example/2013/", "2013 Trafficking in Persons Report")
    change = edition_published(edition, now=NOW, status=ChangeStatus.PUBLISHED)
    assert (change.kind, change.country, change.new) == (ChangeKind.EDITION_PUBLISHED, None, "2013")
    assert change.headline == "The 2013 Trafficking in Persons Report has been published"
