"""Decides how a change is put before an operator: its sentences marked in the narratives around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.comparison.correcting import find_sentence
from monitor.domain.change import UNREPORTED, Change
from monitor.domain.tier import Tier

_LONGEST_NUMBER = 15
_NONE = "none"


@dataclass(frozen=True, slots=True)
class Context:
    """A narrative's text around the sentence: ``marked`` is empty where the sentence is not in it."""

    edition: int
    sentence: str | None
    before: str
    marked: str
    after: str


def sides_in_context(change: Change, texts: Mapping[int, str]) -> tuple[Context, ...]:
    """Return the new side first; ``texts`` are the narratives of both editions, where stored."""
    if change.edition is None:
        return ()
    sides = ((change.edition, change.evidence_new), (change.edition - 1, change.evidence_old))
    return tuple(
        _context(edition, sentence, texts[edition]) for edition, sentence in sides if edition in texts
    )


def _context(edition: int, sentence: str | None, text: str) -> Context:
    place = find_sentence(text, sentence) if sentence else None
    if place is None:
        return Context(edition, sentence, text, "", "")
    return Context(edition, sentence, text[: place.start], place.text, text[place.end :])


def amended_value(text: str) -> int | str | None:
    """Return what an operator wrote as a value: a number, ``unreported``, a tier, or None for ``none``.

    Raises:
        ValueError: it is none of these; the message is one line.
    """
    written = text.strip().lower().replace(",", "")
    if written == _NONE:
        return None
    if written in (UNREPORTED, *(tier.value.lower() for tier in Tier if not tier.value.isdigit())):
        return written if written == UNREPORTED else written.upper()
    if written.isascii() and written.isdigit() and len(written) <= _LONGEST_NUMBER:
        return int(written)
    raise ValueError(f"{text[:40]!r} is no value: write a number, unreported, none, or a tier")
