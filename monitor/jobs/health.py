"""Says how much of its newest edition a report source has brought in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from monitor.domain.source import Source, SourceKind
from monitor.storage.documents import count_narratives
from monitor.storage.editions import editions


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many narratives of the newest ``edition`` are stored, and of the one before it."""

    edition: int
    narratives: int
    before: int

    def __str__(self) -> str:
        against = f" ({self.edition - 1}: {self.before})" if self.before else ""
        return f"{self.edition}: {self.narratives} narratives{against}"


def coverage_of(session: Session, source: Source) -> Coverage | None:
    """Return how many countries of the newest edition are stored, against the one before.

    Null for feeds, and while no edition is known.
    """
    known = editions(session)
    if source.kind is not SourceKind.TIP_REPORT or not known:
        return None
    newest = max(each.year for each in known)
    return Coverage(newest, count_narratives(session, newest), count_narratives(session, newest - 1))
