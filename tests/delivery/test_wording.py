"""What is said of a change, in mail, feed and page alike."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.comparison.claims import ClaimRelation
from monitor.delivery import wording
from monitor.domain.change import UNREPORTED, Change, ChangeKind, Direction
from tests.delivery import samples
from tests.delivery.samples import change

FIGURE = ChangeKind.FIGURE_CHANGED


@pytest.mark.parametrize(
    ("value", "kind", "qualifier", "words"),
    [
        (None, FIGURE, None, "not mentioned"),
        (UNREPORTED, FIGURE, None, "not reported"),
        (0, FIGURE, "exact", "0"),
        (1234, FIGURE, "exact", "1,234"),
        (9, FIGURE, "at_least", "at least 9"),
        (9, FIGURE, "at_most", "up to 9"),
        (9, FIGURE, "about", "about 9"),
        (9, FIGURE, "nonsense", "9"),
        ("2WL", ChangeKind.TIER_CHANGED, None, "Tier 2 Watch List"),
        ("2", ChangeKind.TIER_CHANGED, None, "Tier 2"),
        (2, ChangeKind.FIGURE_RESTATED, None, "2"),
        ("SC", ChangeKind.CORRECTION, None, "Special Case"),
        ("2013", ChangeKind.EDITION_PUBLISHED, None, "2013"),
        ("x\r\ny", ChangeKind.CORRECTION, None, "x y"),
    ],
)
def test_absent_unreported_and_zero_read_differently(
    value: int | str | None, kind: ChangeKind, qualifier: str | None, words: str
) -> None:
    assert wording.value_words(value, kind, qualifier) == words


@pytest.mark.parametrize("kind", list(ChangeKind))
def test_every_kind_has_a_label_and_one_explaining_sentence(kind: ChangeKind) -> None:
    said = wording.explanation(change(kind, "ARG", "Argentina: something"))
    assert wording.kind_words(kind)
    assert said.endswith(".")
    assert ". " not in said


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (
            samples.TIER_DOWN,
            "Tier 1 is the best placement, Tier 3 the worst; the Watch List lies between Tier 2 and Tier 3.",
        ),
        (
            replace(samples.TIER_DOWN, detail={"watch_list_years": 3}),
            "The report counts 3 consecutive years on the Watch List.",
        ),
        (
            replace(samples.TIER_DOWN, new="SC", direction=None),
            "A Special Case is outside the tiers, so this is neither an upgrade nor a downgrade.",
        ),
        (samples.CONVICTIONS_DOWN, "Each edition's number is for its own reporting period."),
        (
            samples.TO_ZERO,
            "Only labor trafficking is compared, since the two editions share no total.",
        ),
        (
            replace(samples.CONVICTIONS_DOWN, detail={"unit_old": "cases", "unit_new": "persons"}),
            "One edition counts cases and the other persons, so the two numbers compare only roughly.",
        ),
        (samples.APPEARED, "The edition before did not mention this number; that did not mean zero."),
        (
            replace(samples.APPEARED, old=UNREPORTED),
            "The edition before said that this number was not reported; that did not mean zero.",
        ),
        (samples.VANISHED, "This edition says that the number was not reported; that does not mean zero."),
        (
            replace(samples.VANISHED, new=None),
            "This edition does not mention the number; that does not mean zero.",
        ),
        (
            samples.RESTATED,
            "The report now gives 9 for a year for which it had printed 7:"
            " the same year counted anew, not a change from one year to the next.",
        ),
    ],
)
def test_an_explanation_says_what_a_change_means(one: Change, words: str) -> None:
    assert wording.explanation(one) == words


@pytest.mark.parametrize("relation", list(ClaimRelation))
def test_every_relation_of_a_claim_is_told(relation: ClaimRelation) -> None:
    claim = replace(samples.CLAIM, detail={"relation": relation.value})
    assert wording.relation_words(claim)
    assert wording.explanation(claim).startswith("A news article states this")


def test_only_claims_have_a_relation() -> None:
    assert wording.relation_words(replace(samples.TIER_UP, detail={"relation": "agrees"})) is None
    assert wording.relation_words(replace(samples.CLAIM, detail={"relation": "hostile"})) is None


def test_a_claim_stands_beside_the_official_number_and_is_no_transition() -> None:
    assert not wording.is_transition(samples.CLAIM)
    assert wording.side_names(samples.CLAIM) == ("Official, 2013 report", "News article")
    assert wording.old_words(replace(samples.CLAIM, old=None)) == "no official number"


@pytest.mark.parametrize(
    ("one", "way"),
    [
        (samples.TIER_DOWN, "downgraded"),
        (samples.TIER_UP, "upgraded"),
        (replace(samples.TIER_UP, old="SC"), None),
        (samples.CONVICTIONS_DOWN, "down"),
        (replace(samples.CONVICTIONS_DOWN, direction=Direction.UP), "up"),
        (samples.RESTATED, None),
        (samples.CLAIM, None),
        (samples.EDITION, None),
    ],
)
def test_the_way_of_a_change(one: Change, way: str | None) -> None:
    assert wording.way_words(one) == way


def test_the_split_of_a_total_is_told_where_there_is_one() -> None:
    assert wording.split_words(samples.CONVICTIONS_DOWN) == (None, "15 sex trafficking, 2 labor trafficking")
    assert wording.split_words(samples.TIER_UP) == (None, None)


def test_a_headline_under_its_country_does_not_name_it_again() -> None:
    assert wording.headline_under(samples.CONVICTIONS_DOWN, "Argentina") == (
        "17 convictions in 2012, down from 31"
    )
    assert wording.headline_under(samples.TIER_UP, "Türkiye") == (
        "Upgraded from Tier 2 Watch List to Tier 2 in the 2013 report"
    )
    assert wording.headline_under(samples.TIER_UP, "Peru") == samples.TIER_UP.headline


def test_a_revision_counts_its_sentences() -> None:
    assert wording.revision_words(samples.REVISED) == "1 sentence removed, 2 added"
    assert wording.revision_words(samples.TIER_UP) is None
    assert not wording.has_sides(samples.REVISED)
