"""What a number with its qualifier may stand for, and which way two of them surely moved."""

from __future__ import annotations

import math

from monitor.comparison.wording import direction_of
from monitor.domain.change import Direction
from monitor.domain.figure import Figure, Qualifier


def bounds(figure: Figure) -> tuple[float, float]:
    """Return the least and the most that a reported number may stand for."""
    value = figure.value or 0
    match figure.qualifier:
        case Qualifier.AT_LEAST:
            return value, math.inf
        case Qualifier.AT_MOST:
            return 0, value
        case Qualifier.ABOUT:
            # "About" is taken as within a tenth: the report's own roundings stay inside that.
            return value * 0.9, value * 1.1
        case _:
            return value, value


def may_be_equal(one: Figure, other: Figure) -> bool:
    """Whether two numbers can both be true of one count, the qualifiers of both considered."""
    (least, most), (least_other, most_other) = bounds(one), bounds(other)
    return least <= most_other and least_other <= most


def sure_direction(old: Figure, new: Figure) -> Direction | None:
    """Return which way a number moved, None where the qualifiers leave that open."""
    return None if may_be_equal(old, new) else direction_of(old.value or 0, new.value or 0)
