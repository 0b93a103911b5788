"""Rules of placement that are data: the Watch List clock of the statute, waivers, successions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class WatchListRule:
    """The clock as it runs from ``first_edition`` until the next rule's.

    After ``years`` consecutive editions on the Watch List, counted from ``counted_from`` on, a
    downgrade to Tier 3 is due in the next one unless waived, at most ``waivers`` times in a row.
    ``years_after_return`` is how many a country gets that was waived and then placed on Tier 3; null
    where it gets as many as any other.
    """

    first_edition: int
    counted_from: int
    years: int
    waivers: int
    statute: str
    source: str
    years_after_return: int | None = None


@dataclass(frozen=True, slots=True)
class Succession:
    """That ``edition`` is the first to place ``successors`` in the stead of, or beside, ``predecessor``."""

    predecessor: str
    successors: tuple[str, ...]
    edition: int


@dataclass(frozen=True, slots=True)
class TierRules:
    """What comparing placements needs beside the placements.

    ``waived`` holds (country, edition) where a downgrade due in the edition was waived, as far as
    known. ``complete`` are editions whose every placement is known.
    """

    clock: tuple[WatchListRule, ...] = ()
    waived: frozenset[tuple[str, int]] = frozenset()
    successions: tuple[Succession, ...] = ()
    complete: frozenset[int] = frozenset()

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> TierRules:
        """Build the rules from the merged table of ``config/baseline``."""
        clock = [WatchListRule(**rule) for rule in table["rules"]]
        coverage = table["coverage"]
        return cls(
            clock=tuple(sorted(clock, key=lambda rule: rule.first_edition)),
            waived=frozenset(
                (country, waiver["edition"]) for waiver in table["waivers"] for country in waiver["countries"]
            ),
            successions=tuple(
                Succession(each["predecessor"], tuple(each["successors"]), each["edition"])
                for each in table["successions"]
            ),
            complete=frozenset(range(coverage["first_edition"], coverage["last_edition"] + 1))
            - frozenset(coverage["incomplete"]),
        )

    def rule_of(self, edition: int) -> WatchListRule | None:
        """Return the clock in force when ``edition`` appeared; None before there was one."""
        return next((rule for rule in reversed(self.clock) if rule.first_edition <= edition), None)

    def predecessor_of(self, country: str, edition: int) -> str | None:
        """Return what ``country`` was part of before ``edition`` first placed it on its own."""
        return next(
            (
                each.predecessor
                for each in self.successions
                if country in each.successors and each.edition == edition
            ),
            None,
        )

    def successors_of(self, country: str) -> tuple[str, ...]:
        """Return what the report places in the stead of ``country``."""
        return tuple(
            name for each in self.successions if each.predecessor == country for name in each.successors
        )


NO_RULES = TierRules()
