"""The Watch List clock of the statute, by edition."""

from __future__ import annotations

import pytest

from monitor.comparison.watch_list import clock_words, watch_list_clock
from monitor.domain.tier import Tier, TierPlacement
from monitor.domain.watch_list import NO_RULES, TierRules
from monitor.jobs.baseline import read_baseline
from monitor.settings.files import shipped
from monitor.settings.tables import load_tables

RULES = TierRules.from_table(load_tables()["baseline"])


def placed(*tiers: str, start: int) -> dict[int, TierPlacement]:
    """Placements of consecutive editions; ``-`` is an edition whose placement is not known."""
    return {
        edition: TierPlacement("ARG", edition, Tier(tier))
        for edition, tier in enumerate(tiers, start)
        if tier != "-"
    }


def words(placements: dict[int, TierPlacement], edition: int, stated: int | None = None) -> str | None:
    clock = watch_list_clock(placements, edition, RULES, stated=stated)
    return clock_words(clock) if clock else None


DUE = "a downgrade to Tier 3 is due next year unless waived"
LAST = "a downgrade to Tier 3 is due next year, and the law allows no further waiver"
ONE = "the law allows no more than 1, and a downgrade to Tier 3 is due next year without a waiver"
FIRST = "first year on the Watch List: after the second in a row, a downgrade to Tier 3 is due unless waived"


@pytest.mark.parametrize(
    ("tiers", "start", "expected"),
    [
        pytest.param(("2", "2WL"), 2012, FIRST, id="first"),
        pytest.param(
            ("2", "2WL", "2WL"), 2012, f"second consecutive year on the Watch List: {DUE}", id="second"
        ),
        pytest.param(
            ("2", "2WL", "2WL", "2WL"),
            2012,
            f"third consecutive year on the Watch List: {DUE}",
            id="third, when two waivers in a row were allowed",
        ),
        pytest.param(
            ("2", "2WL", "2WL", "2WL", "2WL"),
            2012,
            f"fourth consecutive year on the Watch List: {LAST}",
            id="fourth: both waivers are used",
        ),
        pytest.param(
            ("2", "2WL", "2WL", "2WL"),
            2020,
            f"third consecutive year on the Watch List: {LAST}",
            id="third, since 2019: the one waiver is used",
        ),
        pytest.param(("2WL", "2", "2WL"), 2021, FIRST, id="a year off the list starts it anew"),
        pytest.param(
            ("2WL", "2WL", "2WL"),
            2007,
            FIRST,
            id="years before the 2009 report do not count",
        ),
        pytest.param(
            ("2WL", "2WL", "2WL", "3", "2WL"),
            2018,
            f"first year on the Watch List since a waiver and then Tier 3: {ONE}",
            id="back after a waiver and Tier 3: one year only, by subparagraph (F)",
        ),
        pytest.param(
            ("2WL", "2WL", "2WL", "3", "3", "2", "2WL"),
            2018,
            f"first year on the Watch List since a waiver and then Tier 3: {ONE}",
            id="the same, whatever lies between",
        ),
        pytest.param(("2WL", "2WL", "3", "2WL"), 2018, FIRST, id="back after Tier 3 without a waiver"),
        pytest.param(("2WL", "2WL", "2WL", "2", "2WL"), 2018, FIRST, id="back after a waiver and Tier 2"),
        pytest.param(
            ("2WL", "2WL", "2WL", "3", "2WL"), 2012, FIRST, id="before 2019 coming back started it anew"
        ),
        pytest.param(
            ("-", "2WL", "2WL"),
            2020,
            f"at least the second consecutive year on the Watch List: {DUE}",
            id="the placement before the run is not known",
        ),
    ],
)
def test_the_clock_runs_by_the_rule_of_its_edition(tiers, start, expected) -> None:
    assert words(placed(*tiers, start=start), start + len(tiers) - 1) == expected


def test_the_report_s_own_count_of_years_wins() -> None:
    alone = placed("2WL", start=2014)
    assert words(alone, 2014, stated=3) == f"third consecutive year on the Watch List: {DUE}"


@pytest.mark.parametrize(
    ("placements", "edition"),
    [
        pytest.param(placed("2", start=2013), 2013, id="not on the list"),
        pytest.param(placed("2WL", start=2008), 2008, id="before the law had a limit"),
        pytest.param({}, 2013, id="not placed"),
    ],
)
def test_no_clock_runs_without_a_limit_or_a_place_on_the_list(placements, edition) -> None:
    assert words(placements, edition) is None


def test_without_rules_there_is_no_clock() -> None:
    assert watch_list_clock(placed("2WL", start=2013), 2013, NO_RULES) is None


def test_the_shipped_waivers_agree_with_the_shipped_placements() -> None:
    """Who was waived stands on the Watch List that year and the two before, as far as rows exist."""
    text = (shipped("config") / "baseline" / "tiers.csv").read_text("utf-8")
    tiers = {(each.country, each.edition): each.tier for each in read_baseline(text)}
    years = [(country, edition - back) for country, edition in RULES.waived for back in range(3)]
    contrary = [year for year in years if tiers.get(year, Tier.TWO_WATCH_LIST) is not Tier.TWO_WATCH_LIST]
    assert (len(RULES.waived), contrary) == (57, [])


def test_nobody_of_the_shipped_placements_outlasts_the_law() -> None:
    """Two years and two waivers until 2018, two years and one waiver from 2019 on."""
    text = (shipped("config") / "baseline" / "tiers.csv").read_text("utf-8")
    by_country: dict[str, dict[int, TierPlacement]] = {}
    for each in read_baseline(text):
        by_country.setdefault(each.country, {})[each.edition] = each
    beyond = []
    for country, placements in by_country.items():
        for edition in placements:
            clock = watch_list_clock(placements, edition, RULES)
            if clock and clock.years > clock.rule.years + clock.rule.waivers:
                beyond.append((country, edition, clock.years))
    assert beyond == []
