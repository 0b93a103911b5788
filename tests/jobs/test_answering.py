"""Claims of the news that wait for the report's own number, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.domain.change import Cause, ChangeKind, ChangeStatus
from monitor.domain.figure import Confidence, Qualifier
from monitor.jobs.review import Amendment, approve, correct, reject
from tests.builders import figure
from tests.jobs.conftest import ON_BOTH_DATABASES
from tests.jobs.newsroom import noted_statements

pytestmark = ON_BOTH_DATABASES

DAY = timedelta(days=1)
PUBLISHED, HISTORY, HELD = ChangeStatus.PUBLISHED, ChangeStatus.HISTORY, ChangeStatus.HELD


@pytest.fixture
def claim(newsroom):
    """An article states 18 convictions in 2013, which no edition covers yet."""
    newsroom.told(2013, 31)
    (claim,) = newsroom.claimed("one", figure(18, year=2013)).changes
    assert claim.detail["relation"] == "newer_than_official"
    newsroom.clock.advance(DAY)
    return claim


def answers(newsroom, *statuses: ChangeStatus):
    return [each for each in newsroom.changes(*statuses) if "answers" in each.detail]


@pytest.mark.parametrize(
    ("official", "relation", "headline"),
    [
        pytest.param(
            17,
            "differs",
            "Argentina: the 2014 report has 17 where a news article stated 18 convictions in 2013",
            id="differs",
        ),
        pytest.param(
            18,
            "agrees",
            "Argentina: the 2014 report agrees with what a news article stated: 18 convictions in 2013",
            id="agrees",
        ),
    ],
)
def test_a_claim_is_answered_when_the_official_number_arrives(
    newsroom, claim, official, relation, headline
) -> None:
    newsroom.told(2014, official)
    (answer,) = answers(newsroom, PUBLISHED)
    assert (answer.kind, answer.cause, answer.edition) == (
        ChangeKind.CLAIM_MADE,
        Cause.NEW_EDITION,
        2014,
    )
    assert (answer.old, answer.new, answer.detail["relation"]) == (official, 18, relation)
    assert answer.headline == headline
    assert answer.evidence_old == f"Courts convicted {official} traffickers."
    assert answer.evidence_new == claim.evidence_new
    assert answer.detail["sources"] == claim.detail["sources"]
    kept = newsroom.change(claim.id)
    assert (kept.headline, kept.detail["relation"]) == (claim.headline, "newer_than_official")
    assert kept.detail["answered"] == [
        {"change": answer.id, "edition": 2014, "relation": relation, "official": official}
    ]


def test_an_answer_is_given_once(newsroom, claim) -> None:
    newsroom.told(2014, 17)
    newsroom.told(2014, 17, text="The law was amended again.\nCourts convicted 17 traffickers.")
    newsroom.told(2015, 9)
    newsroom.claimed("two", figure(18, year=2013))
    assert len(answers(newsroom)) == 1


def test_another_article_s_claim_of_the_same_fact_is_no_claim_of_its_own(newsroom, claim) -> None:
    newsroom.claimed("two", figure(18, year=2013))
    newsroom.told(2014, 17)
    (answer,) = answers(newsroom)
    assert [source["article"] for source in answer.detail["sources"]] == ["one", "two"]


def test_a_revised_page_answers_anew(newsroom, claim) -> None:
    newsroom.told(2014, 17)
    newsroom.clock.advance(DAY)
    newsroom.told(2014, 18)
    found = answers(newsroom, PUBLISHED)
    assert [(each.cause, each.detail["relation"]) for each in found] == [
        (Cause.SOURCE_REVISED, "agrees"),
        (Cause.NEW_EDITION, "differs"),
    ]


def test_a_page_that_is_changed_back_answers_once_more(newsroom, claim) -> None:
    for value in (17, 18, 17, 18):
        newsroom.told(2014, value)
        newsroom.clock.advance(DAY)
    found = [each.detail["relation"] for each in answers(newsroom, PUBLISHED)]
    assert found == ["agrees", "differs", "agrees", "differs"]


def test_a_misread_official_number_is_answered_again_and_its_answer_corrected(newsroom, claim) -> None:
    newsroom.told(2014, 17)
    (wrong,) = answers(newsroom)
    (told,) = [each for each in newsroom.changes(PUBLISHED) if each.kind is ChangeKind.FIGURE_CHANGED]
    with newsroom.database.transaction() as session:
        correct(session, told.id, Amendment(18), newsroom.reviewer())
    assert newsroom.change(wrong.id).status is ChangeStatus.CORRECTED
    (correction,) = [each for each in newsroom.changes(PUBLISHED) if each.corrects == wrong.id]
    assert correction.headline.startswith("Argentina: the 2014 report agrees with what a news article")
    assert [each.status for each in answers(newsroom) if each.id != wrong.id] == [HISTORY]


def test_a_number_read_without_certainty_answers_once_a_person_agrees(newsroom, claim) -> None:
    newsroom.told(2014, 17, confidence=Confidence.LOW)
    (answer,) = answers(newsroom)
    assert (answer.status, answer.detail["held"]) == (HELD, ["low_confidence"])


def test_a_claim_without_a_year_is_never_contradicted(newsroom) -> None:
    newsroom.told(2013, 31)
    newsroom.claimed("one", figure(18))
    newsroom.told(2014, 17)
    assert answers(newsroom) == []


def test_a_claim_without_a_year_may_agree_with_the_edition_that_follows_it_alone(newsroom) -> None:
    newsroom.told(2013, 31)
    newsroom.claimed("one", figure(18))
    newsroom.claimed("two", figure(44))
    newsroom.told(2014, 18)
    newsroom.told(2015, 44)
    (answer,) = answers(newsroom)
    assert (answer.edition, answer.new, answer.detail["relation"]) == (2014, 18, "agrees")


def test_qualifiers_are_allowed_for(newsroom) -> None:
    newsroom.told(2013, 31)
    newsroom.claimed("one", figure(15, year=2013, qualifier=Qualifier.AT_LEAST))
    newsroom.told(2014, 17)
    (answer,) = answers(newsroom)
    assert (answer.detail["relation"], answer.direction) == ("agrees", None)


def test_a_claim_of_an_earlier_period_is_answered_by_a_past_edition_without_telling(newsroom) -> None:
    newsroom.told(2014, 31)
    newsroom.claimed("one", figure(18, year=2011))
    newsroom.told(2012, 17)
    assert [each.status for each in answers(newsroom)] == [HISTORY]


def test_a_rejected_claim_takes_its_answer_with_it(newsroom, claim) -> None:
    newsroom.told(2014, 17)
    (answer,) = answers(newsroom)
    with newsroom.database.transaction() as session:
        reject(session, claim.id, newsroom.reviewer())
    assert newsroom.change(answer.id).status is ChangeStatus.CORRECTED
    assert [each.corrects for each in newsroom.changes(PUBLISHED) if each.corrects == answer.id]


def test_a_held_claim_is_answered_when_a_person_lets_it_out(newsroom) -> None:
    newsroom.told(2013, 31)
    (held,) = newsroom.claimed("one", figure(18, year=2013, confidence=Confidence.LOW)).changes
    newsroom.told(2014, 17)
    assert answers(newsroom) == []
    with newsroom.database.transaction() as session:
        approve(session, held.id, newsroom.reviewer())
    assert [each.detail["relation"] for each in answers(newsroom)] == ["differs"]


def test_many_claims_take_as_many_queries_as_one(newsroom) -> None:
    counts = []
    for year, number in ((2000, 2), (2010, 2), (2020, 6)):
        newsroom.told(year, 31)
        for each in range(number):
            newsroom.claimed(f"{year}-{each}", figure(50 + each, year=year))
        with noted_statements(newsroom.database) as statements:
            newsroom.told(year + 1, 17)
        counts.append(len(statements))
    assert counts[1] == counts[2]
