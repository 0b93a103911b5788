"""What a check or an import works with, and what it did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from monitor.domain.change import Change
from monitor.domain.country import Countries
from monitor.domain.reading import IssueCode, Reading
from monitor.domain.watch_list import NO_RULES, TierRules
from monitor.extraction import Language
from monitor.fetching.client import Fetcher
from monitor.fetching.sites import Sites
from monitor.jobs.recording import Recorded
from monitor.storage.database import Database


@dataclass(frozen=True, slots=True)
class Reader:
    """What turns bytes into stored readings; ``now`` is the clock (UTC).

    ``tier_rules`` are the statute's and the baseline's, by which placements are compared.
    """

    database: Database
    language: Language
    countries: Countries
    sites: Sites
    now: Callable[[], datetime]
    tier_rules: TierRules = NO_RULES


@dataclass(frozen=True, slots=True)
class Checker:
    """A reader with the fetcher that gets it its bytes."""

    reader: Reader
    fetcher: Fetcher


@dataclass(slots=True)
class Outcome:
    """What a run did, counted as it goes.

    ``narratives`` and ``articles`` count new texts, ``unchanged`` those known already, ``figures``
    what was read in the new ones. ``failures`` are one line each: what, where, what to do; ``notes``
    are lines on what a person should look at: a text that contradicts itself, an unknown name.
    """

    source: str
    editions: int = 0
    narratives: int = 0
    articles: int = 0
    unchanged: int = 0
    figures: int = 0
    issues: int = 0
    changes: list[Change] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def count(self, recorded: Recorded, reading: Reading, *, where: str) -> bool:
        """Count the document read at ``where``; return whether it was new."""
        if recorded.new:
            self.figures += len(reading.figures)
            self.issues += len(reading.issues)
            self.changes += recorded.changes
            self.notes += [
                f"{where}: {issue.detail}: the sentence was taken"
                for issue in reading.issues
                if issue.code is IssueCode.TIER_DISAGREES
            ]
        else:
            self.unchanged += 1
        return recorded.new
