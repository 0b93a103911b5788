"""A news figure against the official ones."""

from __future__ import annotations

import pytest

from monitor.comparison.claims import compare_claims
from monitor.domain.change import ChangeKind, ChangeStatus
from monitor.domain.figure import Accused, Confidence, Measure, Qualifier, Relation
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
