"""Says how much of its newest edition a report source has brought in."""

from __future__ import annotations

from sqlmodel import Session

from monitor.domain.source import Source, SourceKind
from monitor.storage.documents import narratives
from monitor.storage.editions import editions


def coverage_of(session: Session, source: Source) -> str | None:
    """Return in words how many countries of the newest edition are stored, against the one before.

    Null for feeds, and while no edition is known.
    """
    known = editions(session)
    if source.kind is not SourceKind.TIP_REPORT or not known:
        return None
    newest = max(each.year for each in known)
    count, before = len(narratives(session, newest)), len(narratives(session, newest - 1))
    against = f" ({newest - 1}: {before})" if before else ""
    return f"{newest}: {count} narratives{against}"
