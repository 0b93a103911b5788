"""Sources, and the snapshots they answer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class SourceKind(StrEnum):
    TIP_REPORT = "tip-report"
    FEED = "feed"


@dataclass(frozen=True, slots=True)
class Source:
    """Something polled every ``every``.

    ``follow``: read the article behind a feed's item. ``editions``: how many of the newest
    editions of a report index are read; older ones are left to a backfill. ``dead_after``: how long
    it may fail before the operator is told.
    """

    key: str
    kind: SourceKind
    url: str
    every: timedelta
    follow: bool = False
    editions: int = 3
    dead_after: timedelta = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source's health as stored. Times are UTC.

    ``interval`` is how often it is checked now (`domain.polling` adapts it), ``next_due_at`` when it
    is next; both null before the first check. ``last_new_at`` is when it last had something new,
    ``usual_gap`` how far apart that usually lies (null while not known). ``failing_since`` is the
    first of the failures in a row; ``told_dead_at`` when the operator was told of them. ``moved_to``
    is where the source says it is for good: asked instead of ``source.url``.
    """

    source: Source
    enabled: bool = True
    last_checked_at: datetime | None = None
    last_success_at: datetime | None = None
    failures: int = 0
    last_error: str | None = None
    interval: timedelta | None = None
    next_due_at: datetime | None = None
    last_new_at: datetime | None = None
    usual_gap: timedelta | None = None
    failing_since: datetime | None = None
    told_dead_at: datetime | None = None
    moved_to: str | None = None

    @property
    def address(self) -> str:
        """Where the source is asked."""
        return self.moved_to or self.source.url


@dataclass(frozen=True, slots=True)
class Validators:
    """What an address answered for the next conditional GET (RFC 9110, section 13)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The exact bytes that ``url`` answered, decompressed, before anything is read out of them.

    ``final_url`` is where redirects ended; ``moved_to`` the end of those that are permanent from the
    first on, null where there was none. ``fresh_until`` is how long the server says the bytes hold.
    """

    url: str
    final_url: str
    fetched_at: datetime
    media_type: str
    content: bytes
    validators: Validators = Validators()
    moved_to: str | None = None
    fresh_until: datetime | None = None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()
