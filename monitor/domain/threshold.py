"""Thresholds: how far a figure must move before a subscriber hears of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ThresholdKind(StrEnum):
    ANY = "any"
    ABSOLUTE = "absolute"
    PERCENT = "percent"
    CROSSES = "crosses"


@dataclass(frozen=True, slots=True)
class Threshold:
    """How far a figure must move; everything that is no move from one number to another passes.

    ``ABSOLUTE``: by at least ``amount``; ``PERCENT``: by at least ``amount`` hundredths of the old
    number (from zero any move is enough); ``CROSSES``: from below ``amount`` to it or above, or back.
    """

    kind: ThresholdKind = ThresholdKind.ANY
    amount: int = 0

    @classmethod
    def parse(cls, text: str) -> Threshold:
        """Read ``any``, ``absolute:10``, ``percent:25`` or ``crosses:50``.

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

    def passes(self, old: object, new: object) -> bool:
        """Whether a move from ``old`` to ``new`` is far enough."""
        if not isinstance(old, int) or not isinstance(new, int):
            return True
        match self.kind:
            case ThresholdKind.ANY:
                return True
            case ThresholdKind.ABSOLUTE:
                return abs(new - old) >= self.amount
            case ThresholdKind.PERCENT:
                return abs(new - old) * 100 >= self.amount * old
            case ThresholdKind.CROSSES:
                return (old < self.amount) != (new < self.amount)


ANY = Threshold()
_WRONG = "{!r} is no threshold; write any, absolute:10, percent:25 or crosses:50"
