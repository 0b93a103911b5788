"""Decides how much a change matters, from 0 to 1: the order of digests, and of the review queue.

A tier counts more than any figure: 0.8 for one rank, 0.05 more for each further one, 0.1 more for a
downgrade; 0.75 where no rank is left or taken (Special Case, first placed, no longer placed).

A figure weighs measure times size: convictions 1, prosecutions 0.9, investigations and victims 0.8;
size is 1 - exp(-d / 10), where d = (new - old)^2 / (new + old + 1) is how far two counts lie apart
against the scatter that counts of their size have. Of that two thirds are taken, so that it stays
below any tier, and 0.05 are added for a fall, 0.05 for a record low or high among at least three
earlier editions, and 0.05 for a number that becomes zero or stops being zero. A number limited to one
form weighs 0.9 of a total. Where the qualifiers let both numbers be one count ("35" after "at least
30"), there is no direction and no record, and 0.05 times the measure is all.

A number that appears or vanishes weighs 0.4 times its measure; a restated one half of what the same
move from year to year would; a claim that differs a third, any other claim a tenth; a revision 0.3
where it moved figures, else 0.1. A correction weighs 0.95, a new edition 0.5.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

from monitor.comparison.wording import tier_steps
from monitor.domain.change import Change, ChangeKind, Direction
from monitor.domain.figure import Form, Measure
from monitor.domain.tier import Tier

_MEASURES = {
    Measure.CONVICTIONS: 1.0,
    Measure.PROSECUTIONS: 0.9,
    Measure.INVESTIGATIONS: 0.8,
    Measure.VICTIMS_IDENTIFIED: 0.8,
}
_FIXED = {ChangeKind.CORRECTION: 0.95, ChangeKind.EDITION_PUBLISHED: 0.5}
_TIERS = {tier.value: tier for tier in Tier}
_SCATTER = 10.0
_SHARE = 2 / 3
_FEWEST_FOR_RECORD = 3


def weighed(change: Change, earlier: Mapping[int, int] | None = None) -> Change:
    """Return ``change`` with its significance.

    ``earlier`` are the country's numbers of the measure by edition, that of the new side left out;
    a record among them goes into the detail as ``record`` (``low`` or ``high``).
    """
    record = _record(change, earlier or {})
    detail = dict(change.detail) | ({"record": record} if record else {})
    return replace(change, significance=round(min(1.0, _weight(change, record)), 3), detail=detail)


def _weight(change: Change, record: str | None) -> float:
    if change.kind in _FIXED:
        return _FIXED[change.kind]
    weigh = _WEIGHTS.get(change.kind)
    return weigh(change, record) if weigh else 0.3 if change.detail.get("figures") else 0.1


def _tier_weight(change: Change, _: str | None) -> float:
    old, new = _tier(change.old), _tier(change.new)
    steps = tier_steps(old, new) if old and new else None
    if steps is None:
        return 0.75
    return 0.8 + 0.05 * (abs(steps) - 1) + (0.1 if steps < 0 else 0.0)


def _figure_weight(change: Change, record: str | None) -> float:
    old, new = change.old, change.new
    if not isinstance(old, int) or not isinstance(new, int):
        return 0.0
    if old != new and change.direction is None:
        return 0.05 * _measure_weight(change)
    apart = (new - old) ** 2 / (new + old + 1)
    weight = _SHARE * _measure_weight(change) * (1 - math.exp(-apart / _SCATTER))
    signs = (change.direction is Direction.DOWN, record is not None, (old == 0) != (new == 0))
    return weight + 0.05 * sum(signs)


def _silence_weight(change: Change, _: str | None) -> float:
    return 0.4 * _measure_weight(change)


def _restated_weight(change: Change, _: str | None) -> float:
    return _figure_weight(change, None) / 2


def _claim_weight(change: Change, _: str | None) -> float:
    return _figure_weight(change, None) / 3 if change.detail.get("relation") == "differs" else 0.1


def _measure_weight(change: Change) -> float:
    weight = _MEASURES.get(change.measure, 0.5) if change.measure else 0.5
    return weight if change.form in (Form.ALL, None) else 0.9 * weight


def _record(change: Change, earlier: Mapping[int, int]) -> str | None:
    new = change.new
    if change.kind is not ChangeKind.FIGURE_CHANGED or not isinstance(new, int):
        return None
    if len(earlier) < _FEWEST_FOR_RECORD or change.direction is None:
        return None
    if new < min(earlier.values()):
        return "low"
    return "high" if new > max(earlier.values()) else None


def _tier(value: int | str | None) -> Tier | None:
    return _TIERS.get(value) if isinstance(value, str) else None


_WEIGHTS: dict[ChangeKind, Callable[[Change, str | None], float]] = {
    ChangeKind.TIER_CHANGED: _tier_weight,
    ChangeKind.FIGURE_CHANGED: _figure_weight,
    ChangeKind.FIGURE_RESTATED: _restated_weight,
    ChangeKind.FIGURE_APPEARED: _silence_weight,
    ChangeKind.FIGURE_VANISHED: _silence_weight,
    ChangeKind.CLAIM_MADE: _claim_weight,
}
