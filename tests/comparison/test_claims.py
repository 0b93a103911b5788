"""A news figure against the official ones."""

from __future__ import annotations

import pytest

from monitor.comparison.claims import compare_claims
from monitor.domain.change import ChangeKind, ChangeStatus, Direction
from monitor.domain.figure import Accused, Confidence, Form, Measure, Qualifier, Relation, Unit
from tests.builders import COUNTRIES, NOW, article, figure, narrative

OFFICIAL = {
    "ARG": [
        narrative(2012, figure(31)),
        narrative(
            2013,
            figure(17, sentence="Courts convicted 17."),
            figure(30, relation=Relation.PREVIOUS, year=2011),
        ),
    ]
}


def claims(*figures, official=OFFICIAL):
    return compare_claims(
        article(*figures), official, countries=COUNTRIES, now=NOW, status=ChangeStatus.PUBLISHED
    )


@pytest.mark.parametrize(
    ("claim", "relation", "against"),
    [
        pytest.param(figure(17, year=2012), "agrees", 17, id="the year of the newest edition"),
        pytest.param(figure(18, year=2012), "differs", 17, id="another number for that year"),
        pytest.param(figure(18, report_edition=2013), "differs", 17, id="attributed to the edition"),
        pytest.param(figure(17), "agrees", 17, id="undated, and the same as the newest"),
        pytest.param(figure(18), "newer_than_official", None, id="undated, never a contradiction"),
        pytest.param(figure(40, year=2013), "newer_than_official", None, id="a year not reported yet"),
        pytest.param(figure(31, year=2011), "agrees", 31, id="an older edition's own number"),
        pytest.param(figure(30, year=2011), "agrees", 30, id="a restated number"),
        pytest.param(figure(9, year=2004), "no_official_figure", None, id="a year without an edition"),
        pytest.param(figure(15, year=2012, qualifier=Qualifier.AT_LEAST), "agrees", 17, id="at least"),
        pytest.param(figure(20, year=2012, qualifier=Qualifier.AT_LEAST), "differs", 17, id="too many"),
        pytest.param(figure(20, year=2012, qualifier=Qualifier.AT_MOST), "agrees", 17, id="at most"),
        pytest.param(figure(18, year=2012, qualifier=Qualifier.ABOUT), "agrees", 17, id="about"),
        pytest.param(figure(5, Measure.PROSECUTIONS, year=2012), "no_official_figure", None, id="measure"),
    ],
)
def test_a_claim_is_set_against_the_figure_of_its_own_period(claim, relation, against) -> None:
    (change,) = claims(claim)
    assert change.kind is ChangeKind.CLAIM_MADE
    assert (change.detail["relation"], change.old, change.new) == (relation, against, claim.value)


def test_a_claim_that_may_be_the_official_number_has_no_direction() -> None:
    (about,) = claims(figure(18, year=2012, qualifier=Qualifier.ABOUT))
    (other,) = claims(figure(40, year=2012))
    assert (about.direction, other.direction) == (None, Direction.UP)


_COUNTED = (Unit.CASES, Unit.PERSONS)
_EXACT, _LEAST, _MOST, _ABOUT = Qualifier.EXACT, Qualifier.AT_LEAST, Qualifier.AT_MOST, Qualifier.ABOUT


@pytest.mark.parametrize(
    ("said", "printed", "agrees"),
    [
        ((35, _EXACT), (30, _LEAST), True),
        ((29, _EXACT), (30, _LEAST), False),
        ((29, _EXACT), (30, _MOST), True),
        ((31, _EXACT), (30, _MOST), False),
        ((310, _EXACT), (300, _ABOUT), True),
        ((340, _EXACT), (300, _ABOUT), False),
        ((20, _LEAST), (10, _LEAST), True),
        ((20, _LEAST), (10, _MOST), False),
        ((0, _EXACT), (0, _EXACT), True),
        ((1, _EXACT), (0, _EXACT), False),
    ],
)
def test_a_claim_agrees_where_both_numbers_can_be_true(said, printed, agrees) -> None:
    official = {"ARG": [narrative(2013, figure(printed[0], qualifier=printed[1]))]}
    (change,) = claims(figure(said[0], qualifier=said[1], year=2012), official=official)
    assert change.detail["relation"] == ("agrees" if agrees else "differs")


def test_persons_are_set_against_persons_and_cases_against_cases() -> None:
    measure = Measure.PROSECUTIONS
    both = narrative(2013, figure(60, measure, unit=Unit.PERSONS), figure(11, measure, unit=Unit.CASES))
    (change,) = claims(figure(12, measure, unit=Unit.CASES, year=2012), official={"ARG": [both]})
    assert (change.detail["relation"], change.old) == ("differs", 11)


_HEADLINES = {
    "zero": (
        figure(0),
        figure(1, year=2012),
        "1 conviction in 2012, which differs from the official zero of the 2013 report",
    ),
    "none": (
        figure(0),
        figure(0, year=2012),
        "no convictions in 2012, which agrees with the official zero of the 2013 report",
    ),
    "at least": (
        figure(30, qualifier=_LEAST),
        figure(5, year=2012),
        "5 convictions in 2012, which differs from the official at least 30 of the 2013 report",
    ),
    "no year": (figure(17), figure(18), "18 convictions, without a year; the 2013 report has 17"),
    "another form": (
        figure(17),
        figure(4, form=Form.SEX, year=2012),
        "4 sex trafficking convictions in 2012, for which there is no official figure on "
        "sex trafficking convictions",
    ),
    "another form, no year": (
        figure(17),
        figure(4, form=Form.SEX),
        "4 sex trafficking convictions, without a year; the 2013 report has no figure on "
        "sex trafficking convictions",
    ),
    "a year to come": (
        figure(17),
        figure(18, year=2013),
        "18 convictions in 2013, newer than the official figures",
    ),
}


@pytest.mark.parametrize(("official", "claim", "words"), _HEADLINES.values(), ids=_HEADLINES)
def test_a_claim_s_headline_says_what_it_stands_against(official, claim, words) -> None:
    (change,) = claims(claim, official={"ARG": [narrative(2013, official)]})
    assert change.headline == f"Argentina: a news article states {words}"


def test_convictions_are_one_fact_whether_people_or_sentences_are_counted() -> None:
    (one,), (two,) = (claims(figure(18, year=2012, unit=unit)) for unit in _COUNTED)
    assert one.id == two.id
    prosecuted = [claims(figure(18, Measure.PROSECUTIONS, year=2012, unit=unit))[0].id for unit in _COUNTED]
    assert len(set(prosecuted)) == 2


def test_a_claim_that_differs_names_both_numbers_and_both_sources() -> None:
    (change,) = claims(figure(18, year=2012, sentence="Argentina convicted 18 in 2012."))
    assert change.headline == (
        "Argentina: a news article states 18 convictions in 2012, "
        "which differs from the official 17 of the 2013 report"
    )
    assert (change.evidence_old, change.evidence_new) == (
        "Courts convicted 17.",
        "Argentina convicted 18 in 2012.",
    )
    assert change.source_url == "https://news.example/guid-1"
    assert change.source_url_old == "https://report.example/2013/arg/"


def test_a_country_without_narratives_has_no_official_figure() -> None:
    (change,) = claims(figure(4, country="BOL"), official={})
    assert change.headline == (
        "Bolivia: a news article states 4 convictions, for which there is no official figure on convictions"
    )


def test_what_is_no_country_total_is_no_claim() -> None:
    assert (
        claims(
            figure(4, country=None),
            figure(4, accused=Accused.OFFICIALS),
            figure(None),
            figure(4, Measure.ARRESTS),
            figure(4, relation=Relation.PREVIOUS),
        )
        == ()
    )


def test_the_same_claim_twice_in_an_article_is_one_change() -> None:
    assert len(claims(figure(18, year=2012), figure(18, year=2012))) == 1


def test_the_same_fact_in_two_articles_is_one_change_with_its_sources() -> None:
    fact = figure(18, year=2012, sentence="Argentina convicted 18 in 2012.")
    told = [
        compare_claims(
            article(fact, identity=identity),
            OFFICIAL,
            countries=COUNTRIES,
            now=NOW,
            status=ChangeStatus.PUBLISHED,
        )[0]
        for identity in ("guid-1", "guid-2")
    ]
    assert told[0].id == told[1].id
    assert [each.detail["sources"] for each in told] == [
        [
            {
                "article": identity,
                "url": f"https://news.example/{identity}",
                "title": "A report on trafficking",
                "published_at": None,
                "sentence": "Argentina convicted 18 in 2012.",
                "snapshot": "a" * 64,
            }
        ]
        for identity in ("guid-1", "guid-2")
    ]


@pytest.mark.parametrize(
    "other",
    [
        figure(19, year=2012),
        figure(18, year=2011),
        figure(18, report_edition=2013),
        figure(18),
        figure(18, year=2012, qualifier=Qualifier.AT_LEAST),
        figure(18, Measure.PROSECUTIONS, year=2012),
        figure(18, year=2012, country="BOL"),
    ],
    ids=["value", "year", "edition", "undated", "qualifier", "measure", "country"],
)
def test_another_fact_is_another_change(other) -> None:
    (one,), (two,) = claims(figure(18, year=2012)), claims(other)
    assert one.id != two.id


def test_an_undated_claim_is_the_same_until_the_next_edition() -> None:
    later = {"ARG": [*OFFICIAL["ARG"], narrative(2014, figure(40))]}
    ids = {claims(figure(18), official=official)[0].id for official in (OFFICIAL, OFFICIAL, later)}
    assert len(ids) == 2


def test_a_claim_read_without_certainty_waits_for_a_person() -> None:
    (change,) = claims(figure(18, year=2012, confidence=Confidence.LOW))
    assert (change.status, change.detail["held"]) == (ChangeStatus.HELD, ["low_confidence"])
