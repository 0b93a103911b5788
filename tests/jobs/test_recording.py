"""What storing a document does beside storing it: doubts, sources, ways back, absences."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.domain.change import ChangeKind, ChangeStatus
from monitor.domain.document import Edition
from monitor.domain.figure import Confidence, Measure
from monitor.domain.tier import Movement, Tier, TierPlacement
from monitor.domain.watch_list import TierRules
from monitor.jobs.recording import Found, record_absences
from monitor.jobs.review import approve
from monitor.settings.tables import load_tables
from monitor.storage.database import Database
from monitor.storage.placements import add_baseline, placements
from monitor.storage.schema import migrate
from tests.builders import COUNTRIES, NOW, figure, narrative, tier
from tests.jobs.newsroom import Newsroom, located, noted_statements

RULES = TierRules.from_table(load_tables()["baseline"])
DAY = timedelta(days=1)


def _edition(edition: int, codes: list[str], values: int) -> list[Found]:
    found = []
    for number, code in enumerate(codes):
        lines = [f"Courts convicted {values + number} traffickers.", f"It found {values} victims."]
        text = "\n".join(lines)
        read = narrative(
            edition,
            located(figure(values + number, sentence=lines[0], country=code), text),
            located(figure(values, Measure.VICTIMS_IDENTIFIED, sentence=lines[1], country=code), text),
            country=code,
            text=text,
            tier=tier(Tier.TWO),
        )
        found.append(Found(read.document, read.reading))
    return found


def test_an_edition_takes_as_many_queries_for_ten_countries_as_for_two(newsroom) -> None:
    counts = []
    for codes in (["ARG", "BOL"], [f"X{letter}X" for letter in "ABCDEFGHIJ"]):
        for edition, values in ((2011, 40), (2012, 31)):
            newsroom.store_all(_edition(edition, codes, values))
        kept = newsroom.kept(_edition(2013, codes, 17))
        with noted_statements(newsroom.database) as statements:
            recorded = newsroom.record(kept)
        assert [len(each.changes) for each in recorded] == [2] * len(codes)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_together_or_one_by_one_and_in_any_order_the_same_changes_are_found(newsroom, tmp_path) -> None:
    codes = ["ARG", "BOL", "BRA"]
    editions = [each for edition in (2013, 2012, 2011) for each in _edition(edition, codes, edition)]
    newsroom.store_all(editions)
    together = {change.id for change in newsroom.changes()}
    other = Database(f"sqlite:///{tmp_path / 'other.db'}")
    migrate(other)
    try:
        alone = Newsroom(other, newsroom.clock)
        for each in editions:
            alone.store_all([each])
        assert {change.id for change in alone.changes()} == together
        assert len(together) == 2 * 2 * 3
    finally:
        other.dispose()


def test_what_was_recorded_before_is_not_recorded_again_beside_new_narratives(newsroom) -> None:
    newsroom.store_all(_edition(2012, ["ARG"], 31))
    first, second = newsroom.store_all(_edition(2012, ["ARG", "BOL"], 31))
    assert (first.new, second.new) == (False, True)


def test_two_narratives_of_one_country_and_edition_are_refused(newsroom) -> None:
    with pytest.raises(ValueError, match="one subject"):
        newsroom.store_all(_edition(2012, ["ARG"], 31) + _edition(2012, ["ARG"], 17))


def test_a_doubtful_change_is_stored_held(newsroom) -> None:
    newsroom.told(2012, 31)
    recorded = newsroom.told(2013, 17, confidence=Confidence.LOW)
    (change,) = recorded.changes
    assert (change.status, change.detail["held"]) == (ChangeStatus.HELD, ["low_confidence"])


def test_the_country_s_own_history_decides_what_is_implausible(newsroom) -> None:
    for edition, value in ((2009, 40), (2010, 900), (2011, 60), (2012, 1000)):
        newsroom.told(edition, value)
    assert [change.status for change in newsroom.told(2013, 50).changes] == [ChangeStatus.PUBLISHED]


def test_the_first_run_knows_history_from_the_baseline(newsroom) -> None:
    newsroom.placed(y2011="2", y2012="2WL")
    newsroom.rules = RULES
    recorded = newsroom.store(narrative(2013, tier=tier(Tier.TWO_WATCH_LIST)))
    assert recorded.changes == ()
    upgraded = newsroom.store(narrative(2014, tier=tier(Tier.TWO)))
    assert [change.headline for change in upgraded.changes] == [
        "Argentina: upgraded from Tier 2 Watch List to Tier 2 in the 2014 report"
    ]


def test_a_narrative_that_refutes_the_baseline_corrects_what_was_told(newsroom) -> None:
    """The baseline had Tier 3 for 2012; the page of 2012, read later, says Tier 2."""
    newsroom.placed(y2012="3")
    (told,) = newsroom.store(narrative(2013, tier=tier(Tier.TWO))).changes
    assert (told.old, told.detail["secondary"]) == ("3", True)
    newsroom.clock.advance(DAY)
    found = newsroom.store(narrative(2012, tier=tier(Tier.TWO))).changes
    (correction,) = [change for change in found if change.kind is ChangeKind.CORRECTION]
    assert correction.corrects == told.id
    assert newsroom.change(told.id).status is ChangeStatus.CORRECTED


def test_a_page_that_gets_its_old_text_back_is_told_as_such(newsroom) -> None:
    newsroom.told(2013, 17)
    newsroom.told(2013, 19)
    (back,) = newsroom.told(2013, 17).changes
    assert back.detail["restores"] == 1
    assert back.headline == (
        "Argentina: the 2013 narrative was changed back to an earlier text: convictions now 17, first 19"
    )


def test_what_was_known_on_a_day_can_be_asked_for(newsroom) -> None:
    newsroom.told(2013, 17)
    newsroom.clock.advance(DAY)
    newsroom.told(2013, 19)
    assert newsroom.values() == [19]
    assert newsroom.values(as_of=NOW) == [17]
    assert newsroom.values(as_of=NOW - DAY) == []
    assert newsroom.values(as_of=NOW + DAY) == [19]


def test_a_fact_in_several_articles_is_one_change_with_several_sources(newsroom) -> None:
    newsroom.told(2013, 17)
    fact = figure(18, year=2012)
    first = newsroom.claimed("one", fact).changes
    second = newsroom.claimed("two", fact).changes
    again = newsroom.claimed("two", fact, figure(4, country="BOL")).changes
    assert (len(first), len(second), len(again)) == (1, 0, 0)
    (claim,) = [change for change in newsroom.changes() if change.kind is ChangeKind.CLAIM_MADE]
    assert [source["article"] for source in claim.detail["sources"]] == ["one", "two"]
    assert claim.source_url == "https://news.example/one"


def absences(newsroom, present: set[str], edition: int = 2013):
    with newsroom.database.transaction() as session:
        return record_absences(
            session,
            Edition(edition, "https://report.example/", "report"),
            present,
            countries=COUNTRIES,
            newest=edition,
            now=NOW,
            rules=RULES,
        )


def test_a_country_that_the_next_edition_leaves_out_is_told_once(newsroom) -> None:
    with newsroom.database.transaction() as session:
        add_baseline(
            session, [TierPlacement(code, 2012, Tier.TWO) for code in ("ARG", "BOL", "BRA", "CHL", "PRY")]
        )
    (vanished,) = absences(newsroom, {"BOL", "BRA", "CHL", "PRY"})
    assert vanished.headline == "Argentina: no longer placed in the 2013 report, Tier 2 in the 2012 report"
    assert absences(newsroom, {"BOL", "BRA", "CHL", "PRY"}) == []


def test_an_edition_that_is_not_complete_leaves_nobody_out(newsroom) -> None:
    with newsroom.database.transaction() as session:
        add_baseline(session, [TierPlacement(code, 2012, Tier.TWO) for code in ("ARG", "BOL", "BRA")])
    assert absences(newsroom, {"ARG"}) == []
    assert absences(newsroom, set()) == []


def test_the_narrative_s_own_word_beats_the_baseline(newsroom) -> None:
    newsroom.placed(y2012="3")
    reading = tier(Tier.TWO, movement=Movement.REMAINED)
    (held,) = newsroom.store(narrative(2013, tier=reading)).changes
    assert (held.status, held.detail["if_approved"]) == (ChangeStatus.HELD, "history")
    with newsroom.database.reading() as session:
        (placed,) = placements(session, edition=2013)
    assert (placed.tier, placed.secondary) == (Tier.TWO, False)


def test_a_held_remaining_gives_way_when_the_edition_before_bears_it_out(newsroom) -> None:
    newsroom.placed(y2012="3")
    reading = tier(Tier.TWO, movement=Movement.REMAINED)
    (held,) = newsroom.store(narrative(2013, tier=reading)).changes
    assert newsroom.store(narrative(2012, tier=tier(Tier.TWO))).changes == ()
    assert newsroom.change(held.id).status is ChangeStatus.REJECTED


def test_a_movement_told_on_the_narrative_s_word_is_not_doubled_when_the_edition_before_bears_it_out(
    newsroom,
) -> None:
    newsroom.rules = RULES
    newsroom.placed(y2018="2")
    (told,) = newsroom.store(narrative(2020, tier=tier(Tier.THREE, movement=Movement.DOWNGRADED))).changes
    assert (told.old, told.status) == (None, ChangeStatus.PUBLISHED)
    assert newsroom.store(narrative(2019, tier=tier(Tier.TWO))).changes == ()
    assert newsroom.changes() == [told]


def test_a_movement_told_on_the_narrative_s_word_is_corrected_when_the_edition_before_refutes_it(
    newsroom,
) -> None:
    newsroom.rules = RULES
    (told,) = newsroom.store(narrative(2020, tier=tier(Tier.TWO, movement=Movement.DOWNGRADED))).changes
    newsroom.store(narrative(2019, tier=tier(Tier.THREE)))
    held = newsroom.changes(ChangeStatus.HELD)
    assert [(each.old, each.new) for each in held] == [("3", "2")]
    assert newsroom.change(told.id).status is ChangeStatus.PUBLISHED
    with newsroom.database.transaction() as session:
        approve(session, held[0].id, newsroom.reviewer())
    (correction,) = [each for each in newsroom.changes() if each.kind is ChangeKind.CORRECTION]
    assert correction.corrects == told.id


def test_a_held_conflict_with_the_baseline_gives_way_to_the_edition_before(newsroom) -> None:
    newsroom.placed(y2012="3")
    held = newsroom.store(narrative(2013, tier=tier(Tier.THREE, movement=Movement.DOWNGRADED))).changes
    assert [each.status for each in held] == [ChangeStatus.HELD]
    newsroom.store(narrative(2012, tier=tier(Tier.TWO)))
    assert newsroom.change(held[0].id).status is ChangeStatus.REJECTED
    (told,) = newsroom.changes(ChangeStatus.PUBLISHED)
    assert (told.old, told.new, told.headline) == (
        "2",
        "3",
        "Argentina: downgraded from Tier 2 to Tier 3 in the 2013 report",
    )


def _of_2014(newsroom, *statuses: ChangeStatus):
    return [
        (each.kind.value, each.old, each.new) for each in newsroom.changes(*statuses) if each.edition == 2014
    ]


@pytest.mark.parametrize(
    ("first", "revised", "after", "published", "history"),
    [
        pytest.param(31, 30, 17, [("correction", None, None)], [("figure_changed", 30, 17)], id="old number"),
        pytest.param(31, 17, 17, [("correction", None, None)], [], id="nothing changed after all"),
        pytest.param(17, 31, 17, [("figure_changed", 31, 17)], [], id="a change after all"),
        pytest.param(None, 31, 17, [("correction", None, None)], [("figure_changed", 31, 17)], id="appeared"),
        pytest.param(31, 31, 17, [("figure_changed", 31, 17)], [], id="only words"),
    ],
)
def test_a_revised_page_is_compared_again_with_the_next_edition(
    newsroom, first, revised, after, published, history
) -> None:
    newsroom.told(2013, *([first] if first else []))
    newsroom.told(2014, after)
    newsroom.clock.advance(DAY)
    text = "\n".join(["The law was amended again.", f"Courts convicted {revised} traffickers."])
    newsroom.told(2013, revised, text=text)
    assert sorted(map(str, _of_2014(newsroom, ChangeStatus.PUBLISHED))) == sorted(map(str, published))
    assert _of_2014(newsroom, ChangeStatus.HISTORY) == history
    before = newsroom.changes()
    newsroom.told(2013, revised, text=text)
    assert newsroom.changes() == before


def test_a_correction_after_a_revised_page_says_why(newsroom) -> None:
    newsroom.told(2013, 31)
    (told,) = newsroom.told(2014, 17).changes
    newsroom.told(2013, 30)
    (correction,) = [each for each in newsroom.changes() if each.kind is ChangeKind.CORRECTION]
    assert correction.corrects == told.id
    assert correction.detail["reason"] == "the page of the 2013 report was revised"
    assert correction.headline == (
        "Argentina: 17 convictions in the 2014 report, down from 30; "
        "told before: 17 convictions in the 2014 report, down from 31"
    )


def test_there_and_back_again_one_comparison_with_the_next_edition_stands(newsroom) -> None:
    newsroom.told(2013, 31)
    newsroom.told(2014, 17)
    newsroom.told(2013, 30)
    newsroom.told(2013, 31)
    standing = _of_2014(newsroom, ChangeStatus.PUBLISHED, ChangeStatus.HISTORY)
    assert [each for each in standing if each[0] == "figure_changed"] == [("figure_changed", 31, 17)]


def test_a_doubtful_revision_moves_the_next_edition_only_once_it_is_approved(newsroom) -> None:
    newsroom.told(2013, 31)
    (told,) = newsroom.told(2014, 30).changes
    newsroom.told(2013, 9000)
    (held,) = [each for each in newsroom.changes(ChangeStatus.HELD) if each.edition == 2013]
    assert newsroom.change(told.id).status is ChangeStatus.PUBLISHED
    with newsroom.database.transaction() as session:
        approve(session, held.id, newsroom.reviewer())
    (again,) = [each for each in newsroom.changes(ChangeStatus.HELD) if each.edition == 2014]
    assert (again.old, again.new, again.detail["replaces"]["changes"]) == (9000, 30, [told.id])
