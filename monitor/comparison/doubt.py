"""Decides whether a change is doubtful, so that a person looks at it before anyone hears of it.

- Low confidence: a figure of it was read without certainty.
- Implausible jump: the number is more than ten times the one before or less than a tenth, and moves
  more than twice as far as this country's number ever did between two editions. Both numbers are
  taken with ten added, so that small counts may swing. A tier that moves by all three ranks.
- Conflicting candidates: the text gives two numbers of the same kind, and no rule of the headline
  figure prefers one; or the narrative's word on where its tier moved contradicts the placements.
- Coverage collapse: a narrative in which four or more measures had a number has one left or none, so
  that more likely the page was not read than that a government fell silent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from monitor.comparison.headline import headline_figure
from monitor.comparison.wording import tier_steps
from monitor.domain.change import Change, ChangeStatus, Direction
from monitor.domain.figure import CORE_MEASURES, Confidence, Figure, Form, Status
from monitor.domain.review import Doubt
from monitor.domain.tier import Movement, Tier

_SMOOTHING = 10
_LARGEST_FACTOR = 10.0
_FURTHER_THAN_EVER = 2.0
_FURTHEST_TIERS = 3
_FULL_COVERAGE = 4
_COLLAPSED = 1


def held(change: Change, doubts: Iterable[Doubt]) -> Change:
    """Return ``change`` held for ``doubts``, or as it is where there are none.

    Its detail keeps why, and the status that it gets when a person approves it.
    """
    reasons = [doubt.value for doubt in dict.fromkeys(doubts)]
    if not reasons or change.status not in (ChangeStatus.PUBLISHED, ChangeStatus.HISTORY):
        return change
    detail = dict(change.detail) | {"held": reasons, "if_approved": change.status.value}
    return replace(change, status=ChangeStatus.HELD, detail=detail)


def doubts_of_figures(
    chosen: Sequence[Figure], candidates: Sequence[Sequence[Figure]], earlier: Mapping[int, int]
) -> tuple[Doubt, ...]:
    """Return why a figure change is doubtful.

    Args:
        chosen: the figures compared, old before new; one alone where the other side has no number.
        candidates: for each of ``chosen``, all figures that might have stood for the measure.
        earlier: the country's numbers of the measure by edition, that of the new side left out.
    """
    found = []
    if any(figure.confidence is Confidence.LOW for figure in chosen):
        found.append(Doubt.LOW_CONFIDENCE)
    if any(rivals_of(figure, of) for figure, of in zip(chosen, candidates, strict=True)):
        found.append(Doubt.CONFLICTING_CANDIDATES)
    if len(chosen) == 2 and is_implausible(chosen[0].value or 0, chosen[1].value or 0, earlier):
        found.append(Doubt.IMPLAUSIBLE_JUMP)
    return tuple(found)


def doubts_of_tiers(old: Tier, new: Tier, movement: Movement | None) -> tuple[Doubt, ...]:
    """Return why a tier change is doubtful; ``movement`` is what the new narrative says of it."""
    steps = tier_steps(old, new)
    if steps is None:
        # To or from a Special Case; "remained" is none of these either.
        has_moved = old is not new and movement is Movement.REMAINED
        return (Doubt.CONFLICTING_CANDIDATES,) if has_moved else ()
    way = Direction.UP if steps > 0 else Direction.DOWN
    said = {Movement.UPGRADED: Direction.UP, Movement.DOWNGRADED: Direction.DOWN}
    found = []
    if movement is Movement.REMAINED or (movement is not None and said[movement] is not way):
        found.append(Doubt.CONFLICTING_CANDIDATES)
    if abs(steps) >= _FURTHEST_TIERS:
        found.append(Doubt.IMPLAUSIBLE_JUMP)
    return tuple(found)


def rivals_of(chosen: Figure, candidates: Iterable[Figure]) -> tuple[Figure, ...]:
    """Return the other numbers of the text that nothing but their size tells from ``chosen``."""
    return tuple(
        other
        for other in candidates
        if other.status is Status.REPORTED
        and other.value != chosen.value
        and (other.unit, other.stage, other.qualifier, other.confidence, other.year)
        == (chosen.unit, chosen.stage, chosen.qualifier, chosen.confidence, chosen.year)
    )


def is_implausible(old: int, new: int, earlier: Mapping[int, int]) -> bool:
    """Whether a number moved further than ten times, and twice as far as the country's ever did."""
    known = [earlier[edition] for edition in sorted(earlier)]
    widest = max((_factor(*pair) for pair in pairwise(known)), default=1.0)
    return _factor(old, new) > max(_LARGEST_FACTOR, _FURTHER_THAN_EVER * widest)


def is_collapse(old: Sequence[Figure], new: Sequence[Figure]) -> bool:
    """Whether the numbers of a narrative vanished all at once."""
    return _coverage(old) >= _FULL_COVERAGE and _coverage(new) <= _COLLAPSED


def _coverage(figures: Sequence[Figure]) -> int:
    """How many core measures have a word at all: a number, or that there is none."""
    return sum(
        any(headline_figure(figures, measure, form) is not None for form in Form) for measure in CORE_MEASURES
    )


def _factor(old: int, new: int) -> float:
    low, high = sorted((old + _SMOOTHING, new + _SMOOTHING))
    return high / low
