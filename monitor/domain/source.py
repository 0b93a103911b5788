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
    editions of a report index are read; older ones are left to a backfill.
    """

    key: str
    kind: SourceKind
    url: str
    every: timedelta
    follow: bool = False
    editions: int = 3


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source's health as stored. Times are UTC."""

    source: Source
    enabled: bool = True
    last_checked_at: datetime | None = None
    last_success_at: datetime | None = None
    failures: int = 0
    last_error: str | None = None


@dataclass(frozen=True, slots=True)
class Validators:
    """What an address answered for the next conditional GET (RFC 9110, section 13)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The exact bytes that ``url`` answered, decompressed, before anything is read out of them.

    ``final_url`` is where redirects ended.
    """

    url: str
    final_url: str
    fetched_at: datetime
    media_type: str
    content: bytes
    validators: Validators = Validators()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()
