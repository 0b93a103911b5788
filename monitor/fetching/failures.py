"""What goes wrong between asking an address and having its text, in words for an operator."""

from __future__ import annotations

from datetime import timedelta

from monitor.domain.masking import masked
from monitor.domain.source import Snapshot

_LONGEST_REASON = 300


class FetchFailed(Exception):  # noqa: N818 - named for what happened
    """An address or a file gave nothing that can be read.

    Attributes:
        url: the address or path that was asked for.
        reason: what happened, one line of plain English without a full stop.
        hint: what to do about it, one line; empty where waiting is all there is.
        transient: whether the same request may well succeed later.
        retry_after: how long the server asked to be left alone, unbounded.
        status: the HTTP status where one was answered; 410 means gone for good.
    """

    def __init__(
        self,
        url: str,
        reason: str,
        *,
        hint: str = "",
        transient: bool = False,
        retry_after: timedelta | None = None,
        status: int | None = None,
    ) -> None:
        self.url = _one_line(url)
        self.reason = _one_line(reason)
        self.hint = _one_line(hint)
        self.transient = transient
        self.retry_after = retry_after
        self.status = status
        super().__init__(self.url, self.reason)

    def __str__(self) -> str:
        return "; ".join(part for part in (masked(f"{self.url}: {self.reason}"), self.hint) if part)


class RedirectedInVain(FetchFailed):
    """Its redirects go round in a circle, or there are too many of them."""


class UnexpectedPage(FetchFailed):
    """An answer with status 200 that is not what was asked for: a failed fetch, never an empty text.

    Attributes:
        snapshot: what was answered instead, for the caller to keep; null for a file.
    """

    def __init__(
        self,
        url: str,
        reason: str,
        *,
        hint: str = "",
        transient: bool = False,
        snapshot: Snapshot | None = None,
    ) -> None:
        super().__init__(url, reason, hint=hint, transient=transient, status=200 if snapshot else None)
        self.snapshot = snapshot


class NoCountryListed(UnexpectedPage):
    """The page of an edition, which names itself, lists no country: perhaps none has come yet."""


def _one_line(text: str) -> str:
    """Return ``text`` without control characters and line breaks: servers write parts of it."""
    printable = "".join(character if character.isprintable() else " " for character in text[:4096])
    line = " ".join(printable.split())
    return line if len(line) <= _LONGEST_REASON else line[: _LONGEST_REASON - 1] + "…"
