"""Decides how a country's years on the Watch List stand against the statute's limit.

Trafficking Victims Protection Act of 2000, section 110(b)(2)(D) and (F), 22 U.S.C. 7107(b)(2); the rule
by edition is data (``config/baseline/watch_list.toml``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.domain.tier import Tier, TierPlacement
from monitor.domain.watch_list import TierRules, WatchListRule

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


@dataclass(frozen=True, slots=True)
class Clock:
    """The consecutive years on the Watch List up to and with an edition.

    ``is_stated``: the narrative itself counts them. ``is_least``: the placement before the run is
    not known, so that there may be more. ``limit`` is after how many a downgrade to Tier 3 is due in
    the next edition, ``is_due`` that it is due now; ``is_waivable``: unless it is waived, which the law
    still allows. ``is_return``: the country was waived before and then placed on Tier 3.
    """

    years: int
    is_stated: bool
    is_least: bool
    limit: int
    is_return: bool
    is_due: bool
    is_waivable: bool
    rule: WatchListRule


def watch_list_clock(
    placements: Mapping[int, TierPlacement], edition: int, rules: TierRules, *, stated: int | None = None
) -> Clock | None:
    """Return how the clock of a country stands in ``edition``; None where none runs.

    ``stated`` is the narrative's own count of years, which wins over counted placements. None also
    for editions before the statute had a limit.
    """
    rule = rules.rule_of(edition)
    here = placements.get(edition)
    if rule is None or here is None or here.tier is not Tier.TWO_WATCH_LIST:
        return None
    start = edition
    while start > rule.counted_from and _is_listed(placements, start - 1):
        start -= 1
    counted = edition - start + 1
    years = stated if stated is not None else counted
    is_return = rule.years_after_return is not None and _was_waived_and_downgraded(placements, start, rule)
    limit = rule.years_after_return if is_return and rule.years_after_return else rule.years
    return Clock(
        years=years,
        is_stated=stated is not None,
        is_least=stated is None and start > rule.counted_from and start - 1 not in placements,
        limit=limit,
        is_return=is_return,
        is_due=years >= limit,
        is_waivable=not is_return and years - limit < rule.waivers,
        rule=rule,
    )


def clock_words(clock: Clock) -> str:
    """Return ``third consecutive year on the Watch List: a downgrade to Tier 3 is due next year ...``."""
    which = _ORDINALS[clock.years - 1] if clock.years <= len(_ORDINALS) else f"{clock.years}th"
    consecutive = "" if clock.years == 1 and not clock.is_least else " consecutive"
    year = f"{'at least the ' if clock.is_least else ''}{which}{consecutive} year on the Watch List"
    if clock.is_return:
        return (
            f"{year} since a waiver and then Tier 3: the law allows no more than {clock.limit}, "
            "and a downgrade to Tier 3 is due next year without a waiver"
        )
    if not clock.is_due:
        limit = _ORDINALS[clock.limit - 1]
        return f"{year}: after the {limit} in a row, a downgrade to Tier 3 is due unless waived"
    if clock.is_waivable:
        return f"{year}: a downgrade to Tier 3 is due next year unless waived"
    return f"{year}: a downgrade to Tier 3 is due next year, and the law allows no further waiver"


def _was_waived_and_downgraded(
    placements: Mapping[int, TierPlacement], before: int, rule: WatchListRule
) -> bool:
    """Whether a run on the Watch List before an edition went beyond the limit and ended on Tier 3."""
    run = 0
    for edition in range(rule.counted_from, before):
        if _is_listed(placements, edition):
            run += 1
            continue
        ending = placements.get(edition)
        if run > rule.years and ending is not None and ending.tier is Tier.THREE:
            return True
        run = 0
    return False


def _is_listed(placements: Mapping[int, TierPlacement], edition: int) -> bool:
    placement = placements.get(edition)
    return placement is not None and placement.tier is Tier.TWO_WATCH_LIST
