"""What a check or an import works with, and what it did."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from monitor.domain.change import Change
from monitor.domain.country import Countries
from monitor.domain.reading import IssueCode, Reading
from monitor.domain.watch_list import NO_RULES, TierRules
from monitor.extraction import Language
from monitor.fetching.client import Fetcher
from monitor.fetching.failures import FetchFailed, UnexpectedPage
from monitor.fetching.feed_process import ParseFeed, parse_in_thread
from monitor.fetching.relevance import EVERYTHING, Relevance
from monitor.fetching.sites import Sites
from monitor.jobs.present_reading import PresentReader
from monitor.jobs.recording import Recorded
from monitor.storage.database import Database


@dataclass(frozen=True, slots=True)
class Reader:
    """What turns bytes into stored readings; ``now`` is the clock (UTC).

    ``tier_rules`` are the statute's and the baseline's, by which placements are compared;
    ``relevance`` says which items of feeds are about our subject.
    """

    database: Database
    language: Language
    countries: Countries
    sites: Sites
    now: Callable[[], datetime]
    tier_rules: TierRules = NO_RULES
    relevance: Relevance = EVERYTHING

    def present(self) -> PresentReader:
        """What reads stored documents again as this reader reads new ones."""
        return PresentReader(self.database, self.language, self.countries, self.sites)


Alert = Callable[[str, str], Awaitable[None]]
"""Tells the operator: a subject, and a text of a few lines."""


async def no_alert(subject: str, text: str) -> None:
    """Tell nobody: the log has it."""
    del subject, text


@dataclass(frozen=True, slots=True)
class Checker:
    """A reader with the fetcher that gets it its bytes, a parser of feeds, and a way to tell the operator.

    One that ``spares`` sites asks less often for pages that have long been the same.
    """

    reader: Reader
    fetcher: Fetcher
    alert: Alert = no_alert
    parse: ParseFeed = parse_in_thread
    spares: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source's own address said beside its content: where it moved to, how long it holds."""

    moved_to: str | None = None
    fresh_until: datetime | None = None


@dataclass(slots=True)
class Outcome:
    """What a run did, counted as it goes.

    ``narratives`` and ``articles`` count new texts, ``unchanged`` those known already, ``passed``
    items of feeds that are about something else, ``figures`` what was read in the new texts.
    ``failures`` are one line each: what, where, what to do; ``unexpected`` those of them that a
    person should look at, since waiting does not help; ``notes`` are lines on what a person
    should look at: a text that contradicts itself, an unknown name.
    """

    source: str
    editions: int = 0
    narratives: int = 0
    articles: int = 0
    unchanged: int = 0
    passed: int = 0
    figures: int = 0
    issues: int = 0
    changes: list[Change] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)

    def fail(self, failure: FetchFailed) -> None:
        """Note that a page of the source failed; an unexpected one is for the operator to look at."""
        self.failures.append(str(failure))
        if isinstance(failure, UnexpectedPage) and not failure.transient:
            self.unexpected.append(str(failure))

    @property
    def found_new(self) -> bool:
        """Whether the source had something that was not known."""
        return bool(self.editions or self.narratives or self.articles or self.passed)

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
