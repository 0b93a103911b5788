"""A country's placement against the edition before."""

from __future__ import annotations

import pytest

from monitor.comparison.state import CountryRecord
from monitor.comparison.tiers import compare_tier, placement_vanished
from monitor.domain.change import ChangeKind, ChangeStatus, Direction
from monitor.domain.tier import Movement, Tier, TierPlacement
from monitor.domain.watch_list import TierRules
from monitor.extraction import countries_from_table
from monitor.settings.tables import load_tables
from tests.builders import NOW, narrative, tier

RULES = TierRules.from_table(load_tables()["baseline"])


def record(tiers: dict[int, str], predecessor: str | None = None) -> CountryRecord:
    placements = {
        edition: TierPlacement("ARG", edition, Tier(value), secondary=True)
        for edition, value in tiers.items()
    }
    return CountryRecord(placements=placements, rules=RULES, predecessor=predecessor)


def compare(old, new, known: CountryRecord, name: str = "Argentina"):
    return compare_tier(old, new, country_name=name, record=known, now=NOW, status=ChangeStatus.PUBLISHED)


def test_the_baseline_stands_in_for_a_narrative_that_is_not_stored() -> None:
    change = compare(None, narrative(2013, tier=tier(Tier.TWO)), record({2011: "2WL", 2012: "2WL"}))
    assert change is not None
    assert change.headline == "Argentina: upgraded from Tier 2 Watch List to Tier 2 in the 2013 report"
    assert (change.old, change.new, change.direction) == ("2WL", "2", Direction.UP)
    assert (change.evidence_old, change.source_url_old, change.snapshot_old) == (None, None, None)
    assert change.detail["secondary"] is True
    assert change.detail["history"] == [[2011, "2WL"], [2012, "2WL"], [2013, "2"]]


def test_a_stored_narrative_goes_before_the_baseline() -> None:
    old, new = narrative(2012, tier=tier(Tier.TWO)), narrative(2013, tier=tier(Tier.TWO))
    assert compare(old, new, record({2012: "3"})) is None


@pytest.mark.parametrize(
    ("before", "label"), [("2", "Tier 2"), ("3", "Tier 3"), ("1", "Tier 1"), ("SC", "Special Case")]
)
def test_a_narrative_that_remained_where_the_baseline_has_another_tier_is_held_and_no_news(
    before: str, label: str
) -> None:
    """The 2013 text says that it remained; only the baseline says otherwise of 2012."""
    new = narrative(2013, tier=tier(Tier.TWO_WATCH_LIST, movement=Movement.REMAINED))
    change = compare(None, new, record({2012: before}))
    assert change is not None
    assert change.headline == (
        "Argentina: remained on Tier 2 Watch List in the 2013 report, as it says itself; "
        f"the list of past placements, a secondary source, has {label} for 2012"
    )
    assert (change.status, change.detail["if_approved"]) == (ChangeStatus.HELD, "history")
    assert (change.old, change.new, change.direction) == (None, "2WL", None)
    assert change.detail["contradicts"] == {"edition": 2012, "tier": before}
    assert change.detail["held"] == ["conflicting_candidates"]


def test_a_narrative_that_remained_after_a_special_case_that_is_stored_is_held() -> None:
    old = narrative(2012, tier=tier(Tier.SPECIAL_CASE))
    change = compare(old, narrative(2013, tier=tier(Tier.TWO, movement=Movement.REMAINED)), record({}))
    assert change is not None
    assert (change.status, change.detail["held"]) == (ChangeStatus.HELD, ["conflicting_candidates"])


_UP, _DOWN, _STAYED = Movement.UPGRADED, Movement.DOWNGRADED, Movement.REMAINED
_SECONDARY = "the list of past placements, a secondary source, has"
_TEXT = "in the 2013 report, as it says itself"


@pytest.mark.parametrize(
    ("before", "now", "said", "words"),
    [
        pytest.param(
            "3", "3", _DOWN, f"downgraded to Tier 3 {_TEXT}; {_SECONDARY} Tier 3 for 2012", id="same"
        ),
        pytest.param(
            "2", "3", _UP, f"upgraded to Tier 3 {_TEXT}; {_SECONDARY} Tier 2 for 2012", id="other way"
        ),
        pytest.param(
            "1", "2", _UP, f"upgraded to Tier 2 {_TEXT}; {_SECONDARY} Tier 1 for 2012", id="up, not down"
        ),
        pytest.param(
            None,
            "2",
            _UP,
            f"upgraded to Tier 2 {_TEXT}; no placement is known for 2012, whose list is complete",
            id="not in a complete list",
        ),
        pytest.param(
            None, "2", _STAYED, "first placed in the 2013 report, Tier 2", id="remained, never placed"
        ),
    ],
)
def test_a_stated_movement_that_the_baseline_hides_is_held_with_the_doubt_in_words(
    before, now, said, words
) -> None:
    known = record({2012: before} if before else {})
    change = compare(None, narrative(2013, tier=tier(Tier(now), movement=said)), known)
    assert change is not None
    assert change.headline == f"Argentina: {words}"
    assert (change.status, change.detail["held"]) == (ChangeStatus.HELD, ["conflicting_candidates"])
    assert (change.old, change.new) == (None, now)
    assert change.direction is {_UP: Direction.UP, _DOWN: Direction.DOWN, _STAYED: None}[said]
    if before:
        assert change.detail["contradicts"] == {"edition": 2012, "tier": before}
        assert change.detail["history"] == [[2013, now]]


def test_a_stated_movement_without_a_known_tier_before_is_told_on_the_narrative_s_word() -> None:
    """No narrative of 2019 is stored, and the list of that year lacks the country."""
    change = compare(None, narrative(2020, tier=tier(Tier.THREE, movement=_DOWN)), record({2018: "2"}))
    assert change is not None
    assert change.headline == (
        "Argentina: downgraded to Tier 3 in the 2020 report, as it says itself; "
        "its tier in the 2019 report is not known"
    )
    assert (change.status, change.old, change.direction) == (ChangeStatus.PUBLISHED, None, Direction.DOWN)


def test_a_stated_movement_that_no_tier_was_left_for_is_held() -> None:
    change = compare(None, narrative(2020, tier=tier(Tier.ONE, movement=_DOWN)), record({}))
    assert change is not None
    assert change.status is ChangeStatus.HELD


def test_a_stated_movement_between_two_narratives_of_one_tier_is_held() -> None:
    old, new = narrative(2012, tier=tier(Tier.THREE)), narrative(2013, tier=tier(Tier.THREE, movement=_DOWN))
    change = compare(old, new, record({}))
    assert change is not None
    assert change.headline.endswith("as it says itself; the report before has Tier 3 for 2012")
    assert change.status is ChangeStatus.HELD


def test_a_movement_that_contradicts_both_narratives_is_held() -> None:
    old = narrative(2012, tier=tier(Tier.TWO))
    change = compare(old, narrative(2013, tier=tier(Tier.THREE, movement=Movement.UPGRADED)), record({}))
    assert change is not None
    assert (change.status, change.detail["held"]) == (ChangeStatus.HELD, ["conflicting_candidates"])


def test_a_fall_by_all_ranks_at_once_is_held() -> None:
    change = compare(narrative(2012, tier=tier(Tier.ONE)), narrative(2013, tier=tier(Tier.THREE)), record({}))
    assert change is not None
    assert (change.status, change.detail["held"]) == (ChangeStatus.HELD, ["implausible_jump"])


def test_a_downgrade_at_the_end_of_the_clock_says_so() -> None:
    old, new = narrative(2014, tier=tier(Tier.TWO_WATCH_LIST)), narrative(2015, tier=tier(Tier.THREE))
    change = compare(old, new, record({2012: "2", 2013: "2WL", 2014: "2WL"}))
    assert change is not None
    assert change.detail["limit_reached"] == 2


def test_a_country_on_the_watch_list_brings_its_clock() -> None:
    change = compare(None, narrative(2013, tier=tier(Tier.TWO_WATCH_LIST)), record({2012: "2"}))
    assert change is not None
    clock = change.detail["clock"]
    assert isinstance(clock, dict)
    assert (clock["years"], clock["due"], clock["waivable"]) == (1, None, True)
    assert "Public Law 110-457" in clock["statute"]


@pytest.mark.parametrize(
    ("edition", "known", "predecessor", "words"),
    [
        pytest.param(2010, {}, None, "first placed in the 2010 report, Tier 2", id="never before"),
        pytest.param(
            2010,
            {2008: "1"},
            None,
            "placed again in the 2010 report, Tier 2, for the first time since 2008",
            id="after a gap",
        ),
        pytest.param(
            2006,
            {},
            "Serbia and Montenegro",
            "first placed on its own in the 2006 report, Tier 2; before, with Serbia and Montenegro",
            id="split",
        ),
    ],
)
def test_a_country_that_appears_is_told(edition, known, predecessor, words) -> None:
    change = compare(None, narrative(edition, tier=tier(Tier.TWO)), record(known, predecessor))
    assert change is not None
    assert change.headline == f"Argentina: {words}"
    assert (change.kind, change.old, change.new) == (ChangeKind.TIER_CHANGED, None, "2")


def test_where_the_edition_before_is_not_known_in_full_nothing_appears() -> None:
    """The baseline of 2019 lacks more than a hundred countries."""
    assert compare(None, narrative(2020, tier=tier(Tier.TWO)), record({2018: "2"})) is None
    assert compare(None, narrative(2027, tier=tier(Tier.TWO)), record({2025: "2"})) is None


def test_a_country_that_vanishes_names_what_is_placed_in_its_stead() -> None:
    change = placement_vanished(
        TierPlacement("ANT", 2010, Tier.TWO, secondary=True),
        country_name="Netherlands Antilles",
        edition=2011,
        url="https://report.example/2011/",
        successors=["Aruba", "Curacao"],
        now=NOW,
        status=ChangeStatus.PUBLISHED,
    )
    assert change.headline == (
        "Netherlands Antilles: no longer placed in the 2011 report, Tier 2 in the 2010 report; "
        "Aruba and Curacao are placed instead"
    )
    assert (change.old, change.new, change.direction) == ("2", None, None)


@pytest.mark.parametrize(
    ("iso3", "names"),
    [("SWZ", {"Swaziland", "Eswatini"}), ("MKD", {"Macedonia", "North Macedonia"}), ("CPV", {"Cape Verde"})],
)
def test_a_renamed_country_keeps_its_code_and_so_its_history(iso3, names) -> None:
    country = countries_from_table(load_tables()["countries"])[iso3]
    assert names <= {country.name, *country.names}
