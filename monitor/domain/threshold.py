"""Thresholds: how far a figure must move, or how much a change must matter, before it is told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ThresholdKind(StrEnum):
    ANY = "any"
    ABSOLUTE = "absolute"
    PERCENT = "percent"
    CROSSES = "crosses"
    SIGNIFICANCE = "significance"


@dataclass(frozen=True, slots=True)
class Threshold:
    """How far a figure must move, or how much any change must matter.

    The first three are about figures: what is no move from one number to another passes them.
    ``ABSOLUTE``: by at least ``amount``; ``PERCENT``: by at least ``amount`` hundredths of the old
    number (from zero any move is enough); ``CROSSES``: from below ``amount`` to it or above, or back.
    ``SIGNIFICANCE``: at least ``amount`` hundredths, whatever kind of change it is.
    """

    kind: ThresholdKind = ThresholdKind.ANY
    amount: int = 0

    @classmethod
    def parse(cls, text: str) -> Threshold:
        """Read ``any``, ``absolute:10``, ``percent:25``, ``crosses:50`` or ``significance:40``.

        Raises:
            ValueError: it is none of these, or its number is not above zero.
        """
        kind, _, amount = text.strip().partition(":")
        try:
            parsed = cls(ThresholdKind(kind), int(amount) if amount else 0)
        except ValueError:
            raise ValueError(_WRONG.format(text)) from None
        if (parsed.kind is ThresholdKind.ANY) != (parsed.amount == 0) or parsed.amount < 0:
            raise ValueError(_WRONG.format(text))
        return parsed

    def __str__(self) -> str:
        return self.kind.value if self.kind is ThresholdKind.ANY else f"{self.kind.value}:{self.amount}"

    def passes(self, old: object, new: object, significance: float = 0.0) -> bool:
        """Whether a move from ``old`` to ``new``, of this significance (0 to 1), is told."""
        if self.kind is ThresholdKind.SIGNIFICANCE:
            return significance * 100 >= self.amount
        if not isinstance(old, int) or not isinstance(new, int):
            return True
        match self.kind:
            case ThresholdKind.ABSOLUTE:
                return abs(new - old) >= self.amount
            case ThresholdKind.PERCENT:
                return abs(new - old) * 100 >= self.amount * old
            case ThresholdKind.CROSSES:
                return (old < self.amount) != (new < self.amount)
            case _:
                return True


ANY = Threshold()
_WRONG = "{!r} is no threshold; write any, absolute:10, percent:25, crosses:50 or significance:40"
