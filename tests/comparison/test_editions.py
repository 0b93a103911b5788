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


def test_without_any_total_each_form_is_a_series_of_its_own() -> None:
    old = narrative(2012, figure(7, form=Form.SEX), figure(2, form=Form.LABOR))
    gone = only(compare(old, narrative(2013, figure(7, form=Form.SEX))))
    assert (gone.kind, gone.form, gone.old, gone.new) == (ChangeKind.FIGURE_VANISHED, Form.LABOR, 2, None)
    new = narrative(2013, figure(7, form=Form.SEX), figure(0, form=Form.LABOR))
    come = only(compare(narrative(2012, figure(7, form=Form.SEX), figure(None, form=Form.LABOR)), new))
    assert (come.kind, come.form, come.old, come.new) == (
        ChangeKind.FIGURE_APPEARED,
        Form.LABOR,
        "unreported",
        0,
    )


def test_a_total_on_one_side_alone_leaves_what_both_print_by_form() -> None:
    old = narrative(2012, figure(12), figure(8, form=Form.SEX), figure(4, form=Form.LABOR))
    change = only(compare(old, narrative(2013, figure(7, form=Form.SEX))))
    assert (change.form, change.old, change.new) == (Form.SEX, 8, 7)


_PERIODS = {
    "neither names a year": (None, None, ChangeKind.FIGURE_CHANGED),
    "each names its own": (2011, 2012, ChangeKind.FIGURE_CHANGED),
    "only the new one does": (None, 2012, ChangeKind.FIGURE_CHANGED),
    "only the old one does": (2011, None, ChangeKind.FIGURE_CHANGED),
    "both name the same year": (2011, 2011, ChangeKind.FIGURE_RESTATED),
    "the new one names the old one's": (None, 2011, ChangeKind.FIGURE_RESTATED),
    "the new one goes further back": (2011, 2010, None),
    "the new one goes further back, the old one names none": (None, 2010, None),
}


@pytest.mark.parametrize(("old", "new", "kind"), _PERIODS.values(), ids=_PERIODS)
def test_one_period_is_never_compared_with_itself_as_if_it_were_the_next(old, new, kind) -> None:
    changes = compare(narrative(2012, figure(31, year=old)), narrative(2013, figure(17, year=new)))
    assert [change.kind for change in changes] == ([kind] if kind else [])


def test_of_two_years_in_the_new_narrative_the_later_one_is_compared() -> None:
    old = narrative(2012, figure(31, year=2011))
    changes = compare(old, narrative(2013, figure(90, year=2011), figure(17, year=2012)))
    assert [(change.kind, change.old, change.new) for change in changes] == [
        (ChangeKind.FIGURE_CHANGED, 31, 17),
        (ChangeKind.FIGURE_RESTATED, 31, 90),
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ([31], [31, 17], (31, 17)),
        ([31, 17], [31], (17, 31)),
        ([31], [17, 40], (31, 40)),
    ],
)
def test_two_numbers_of_one_kind_wait_for_a_person_even_where_one_is_as_before(old, new, told) -> None:
    change = only(compare(narrative(2012, *map(figure, old)), narrative(2013, *map(figure, new))))
    assert (change.old, change.new) == told
    assert change.status is ChangeStatus.HELD
    assert change.detail["held"] == ["conflicting_candidates"]


_HEADLINES = {
    "one": (figure(0), figure(1), "1 conviction in the 2013 report, up from none"),
    "none": (figure(1), figure(0), "no convictions in the 2013 report, down from 1"),
    "thousands": (figure(1500), figure(1200), "1,200 convictions in the 2013 report, down from 1,500"),
    "at least": (
        figure(5, qualifier=Qualifier.AT_MOST),
        figure(9, qualifier=Qualifier.AT_LEAST),
        "at least 9 convictions in the 2013 report, up from at most 5",
    ),
    "victims by form": (
        figure(3, Measure.VICTIMS_IDENTIFIED, form=Form.SEX),
        figure(1, Measure.VICTIMS_IDENTIFIED, form=Form.SEX),
        "1 identified sex trafficking victim in the 2013 report, down from 3",
    ),
    "unreported": (
        figure(5),
        figure(None),
        "5 convictions in the 2012 report; the 2013 report says that convictions were not reported",
    ),
    "labor unreported": (
        figure(1, form=Form.LABOR),
        figure(None, form=Form.LABOR),
        "1 labor trafficking conviction in the 2012 report; "
        "the 2013 report says that labor trafficking convictions were not reported",
    ),
}


@pytest.mark.parametrize(("old", "new", "words"), _HEADLINES.values(), ids=_HEADLINES)
def test_a_headline_reads_well_aloud(old, new, words) -> None:
    assert only(compare(narrative(2012, old), narrative(2013, new))).headline == f"Argentina: {words}"


def test_an_equal_value_with_another_qualifier_is_no_change() -> None:
    old, new = figure(300), figure(300, qualifier=Qualifier.AT_LEAST)
    assert compare(narrative(2012, old), narrative(2013, new)) == ()


_EXACT, _LEAST, _MOST, _ABOUT = Qualifier.EXACT, Qualifier.AT_LEAST, Qualifier.AT_MOST, Qualifier.ABOUT


@pytest.mark.parametrize(
    ("old", "new", "words", "direction"),
    [
        ((100, _ABOUT), (101, _EXACT), "101 convictions in the 2013 report, after about 100", None),
        ((100, _ABOUT), (111, _EXACT), "111 convictions in the 2013 report, up from about 100", Direction.UP),
        (
            (100, _ABOUT),
            (89, _EXACT),
            "89 convictions in the 2013 report, down from about 100",
            Direction.DOWN,
        ),
        ((30, _LEAST), (35, _EXACT), "35 convictions in the 2013 report, after at least 30", None),
        (
            (30, _LEAST),
            (29, _EXACT),
            "29 convictions in the 2013 report, down from at least 30",
            Direction.DOWN,
        ),
        ((30, _LEAST), (50, _LEAST), "at least 50 convictions in the 2013 report, after at least 30", None),
        ((30, _EXACT), (35, _LEAST), "at least 35 convictions in the 2013 report, up from 30", Direction.UP),
        ((30, _EXACT), (25, _LEAST), "at least 25 convictions in the 2013 report, after 30", None),
        ((30, _MOST), (20, _EXACT), "20 convictions in the 2013 report, after at most 30", None),
        (
            (30, _MOST),
            (40, _LEAST),
            "at least 40 convictions in the 2013 report, up from at most 30",
            Direction.UP,
        ),
        (
            (30, _LEAST),
            (0, _EXACT),
            "no convictions in the 2013 report, down from at least 30",
            Direction.DOWN,
        ),
        ((95, _ABOUT), (110, _ABOUT), "about 110 convictions in the 2013 report, after about 95", None),
    ],
)
def test_no_direction_is_claimed_that_the_qualifiers_leave_open(old, new, words, direction) -> None:
    before, after = (figure(value, qualifier=qualifier) for value, qualifier in (old, new))
    change = only(compare(narrative(2012, before), narrative(2013, after)))
    assert (change.headline, change.direction) == (f"Argentina: {words}", direction)


def test_a_move_that_may_be_none_weighs_next_to_nothing_whatever_its_size() -> None:
    change = only(compare(narrative(2012, figure(30, qualifier=_LEAST)), narrative(2013, figure(90))))
    assert (change.direction, change.significance) == (None, 0.05)


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


def test_a_restated_split_is_one_change_with_the_total() -> None:
    old = narrative(2012, figure(45), figure(30, form=Form.SEX), figure(15, form=Form.LABOR))
    new = narrative(
        2013,
        figure(41, relation=Relation.PREVIOUS),
        figure(28, form=Form.SEX, relation=Relation.PREVIOUS),
        figure(13, form=Form.LABOR, relation=Relation.PREVIOUS),
    )
    change = next(each for each in compare(old, new) if each.kind is ChangeKind.FIGURE_RESTATED)
    assert (change.form, change.old, change.new) == (Form.ALL, 45, 41)
    assert change.detail["split"] == {"old": {"sex": 30, "labor": 15}, "new": {"sex": 28, "labor": 13}}


def test_only_the_forms_are_restated_where_the_total_stands() -> None:
    old = narrative(2012, figure(45), figure(1, form=Form.SEX))
    new = narrative(
        2013,
        figure(45),
        figure(45, relation=Relation.PREVIOUS),
        figure(0, form=Form.SEX, relation=Relation.PREVIOUS),
    )
    change = next(each for each in compare(old, new) if each.kind is ChangeKind.FIGURE_RESTATED)
    assert change.headline == (
        "Argentina: the 2013 report puts the year before at no sex trafficking convictions; "
        "the 2012 report had printed 1 sex trafficking conviction"
    )


@pytest.mark.parametrize(
    ("printed", "previous"),
    [
        (figure(45), figure(41, relation=Relation.PREVIOUS, year=2010)),
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
