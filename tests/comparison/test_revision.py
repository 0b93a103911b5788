"""A page against its own earlier text."""

from __future__ import annotations

import pytest

from monitor.comparison.revision import compare_revision
from monitor.domain.change import Cause, ChangeKind, ChangeStatus, Direction
from monitor.domain.figure import Form, Measure, Qualifier
from monitor.domain.tier import Tier
from tests.builders import NOW, figure, narrative, tier


def revise(old, new):
    return compare_revision(old, new, country_name="Argentina", now=NOW, status=ChangeStatus.PUBLISHED)


def test_a_revised_sentence_is_told_with_the_figure_it_moved() -> None:
    old = narrative(2013, figure(17), text="A law passed. Courts convicted 17.\nNothing else.")
    new = narrative(2013, figure(19), text="A law passed. Courts convicted 19.\nNothing else.", revision=2)
    change = revise(old, new)
    assert change is not None
    assert (change.kind, change.cause) == (ChangeKind.NARRATIVE_REVISED, Cause.SOURCE_REVISED)
    assert change.headline == "Argentina: the 2013 narrative was revised: convictions now 19, first 17"
    assert (change.old, change.new, change.direction) == (17, 19, Direction.UP)
    assert change.detail == {
        "sentences": {"removed": ["Courts convicted 17."], "added": ["Courts convicted 19."]},
        "figures": [{"measure": "convictions", "form": "all", "old": 17, "new": 19}],
        "revision": 2,
    }


@pytest.mark.parametrize(
    ("old", "new", "words", "direction"),
    [
        ((100, Qualifier.ABOUT), (101, Qualifier.EXACT), "now 101, first about 100", None),
        ((30, Qualifier.AT_LEAST), (35, Qualifier.EXACT), "now 35, first at least 30", None),
        ((30, Qualifier.AT_LEAST), (20, Qualifier.EXACT), "now 20, first at least 30", Direction.DOWN),
        ((5, Qualifier.EXACT), (0, Qualifier.EXACT), "now zero, first 5", Direction.DOWN),
    ],
)
def test_a_revised_figure_keeps_its_qualifier_and_claims_no_open_direction(
    old, new, words, direction
) -> None:
    before, after = (figure(value, qualifier=qualifier) for value, qualifier in (old, new))
    change = revise(narrative(2013, before, text="a"), narrative(2013, after, text="b", revision=2))
    assert change is not None
    assert change.headline == f"Argentina: the 2013 narrative was revised: convictions {words}"
    assert change.direction is direction


def test_white_space_alone_is_no_revision() -> None:
    old = narrative(2013, text="A law passed. Courts convicted 17.")
    assert revise(old, narrative(2013, text="A law passed.\n\n  Courts convicted\u00a017. ")) is None


def test_new_words_without_new_figures_are_told_as_such() -> None:
    change = revise(narrative(2013, text="Old words."), narrative(2013, text="New words.", revision=2))
    assert change is not None
    assert change.headline == (
        "Argentina: the 2013 narrative was revised: the wording changed, no figure did"
    )
    assert (change.old, change.new) == (None, None)


def test_a_moved_tier_leads_the_headline() -> None:
    change = revise(
        narrative(2013, tier=tier(Tier.TWO), text="a"),
        narrative(2013, tier=tier(Tier.THREE), text="b", revision=2),
    )
    assert change is not None
    assert change.headline == (
        "Argentina: the 2013 narrative was revised: now downgraded from Tier 2 to Tier 3"
    )
    assert (change.old, change.new) == ("2", "3")


def test_a_text_that_returns_to_its_first_words_is_a_change_of_its_own() -> None:
    first = narrative(2013, text="a", revision=1)
    second = narrative(2013, text="b", revision=2)
    third = narrative(2013, text="a", revision=3)
    fourth = narrative(2013, text="b", revision=4)
    steps = [revise(first, second), revise(second, third), revise(third, fourth)]
    assert len({step.id for step in steps if step}) == 3


def test_several_moved_figures_are_counted() -> None:
    old = narrative(2013, figure(1), figure(2, Measure.PROSECUTIONS), text="a")
    new = narrative(2013, figure(3), figure(None, Measure.PROSECUTIONS), text="b", revision=2)
    change = revise(old, new)
    assert change is not None
    assert change.headline.endswith("2 figures changed")
    assert change.detail["figures"] == [
        {"measure": "prosecutions", "form": "all", "old": 2, "new": "unreported"},
        {"measure": "convictions", "form": "all", "old": 1, "new": 3},
    ]


def test_the_sentences_of_a_single_moved_figure_are_its_own() -> None:
    """Not the first ones that differ, which may be about something else."""
    old = narrative(
        2013,
        figure(1, Measure.VICTIMS_IDENTIFIED, form=Form.SEX, sentence="It found one victim."),
        text="The old law stood. It found one victim.",
    )
    new = narrative(
        2013,
        figure(1200, Measure.VICTIMS_IDENTIFIED, form=Form.SEX, sentence="It found 1,200 victims."),
        text="A new law passed. It found 1,200 victims.",
        revision=2,
    )
    change = revise(old, new)
    assert change is not None
    assert change.headline == (
        "Argentina: the 2013 narrative was revised: identified sex trafficking victims now 1,200, first 1"
    )
    assert (change.evidence_old, change.evidence_new) == ("It found one victim.", "It found 1,200 victims.")
    assert (change.measure, change.form) == (Measure.VICTIMS_IDENTIFIED, Form.SEX)


def test_a_figure_that_a_revision_moves_beyond_belief_waits_for_a_person() -> None:
    change = revise(
        narrative(2013, figure(17), text="a"), narrative(2013, figure(1700), text="b", revision=2)
    )
    assert change is not None
    assert (change.status, change.detail["held"]) == (ChangeStatus.HELD, ["implausible_jump"])
