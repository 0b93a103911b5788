"""Decides which line ends and page headers interrupt a sentence, and takes them out."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Set as AbstractSet

from monitor.extraction.offsets import Edit

# The last digit of a page's number, right before its running head; a year may be glued to it.
# Without a look ahead: a search is twice as fast then.
_PAGE_NUMBER = re.compile(r"[0-9][A-Z\u00c0-\u00de]{2}")
_NUMBER_BEFORE = re.compile(r"[0-9]{1,7}\Z")
_YEAR_BEFORE = re.compile(r"(?:19|20)\d\d(?=\d)")
_CAPITALS_BEFORE = re.compile(r"(?<=\s)([A-Z][A-Z ,'-]+)\Z")
_HEADER_LINES = re.compile(
    r"\n[ \t]*(?:\d{1,3}[ \t]*\n{1,2}[ \t]*(?P<below>[A-Z][^\na-z]{3,60})"
    r"|(?P<above>[A-Z][^\na-z]{3,60})\n{1,2}[ \t]*\d{1,3}[ \t]*"
    r"|\d{1,3}[ \t]+(?P<beside>[A-Z][^\na-z]{3,60}))(?=\n)"
)


def header_edits(text: str, heads: re.Pattern[str]) -> list[Edit]:
    """Take out a page's number and running head, inside a sentence or on lines of their own.

    Args:
        text: what to look at.
        heads: matches the running heads.
    """
    edits: list[Edit] = []
    for last in _PAGE_NUMBER.finditer(text):
        begin = last.start() + 1
        head = heads.match(text, begin)
        number = _NUMBER_BEFORE.search(text, max(0, begin - 7), begin)
        if head is None or number is None:
            continue
        year = _YEAR_BEFORE.match(text, number.start(), number.end())
        start = year.end() if year else number.start()
        capitals = _CAPITALS_BEFORE.search(text, max(0, start - 60), start)
        if capitals and heads.fullmatch(capitals.group(1)):
            start = capitals.start(1)
        edits.append(Edit(start, head.end(), ""))
    inside = len(edits)
    starts = [edit.start for edit in edits]
    for lines in _HEADER_LINES.finditer(text):
        name = lines.group("below") or lines.group("above") or lines.group("beside")
        near = bisect_left(starts, lines.start())
        overlaps = near < inside and edits[near].start < lines.end()
        if heads.fullmatch(name.strip()) and not overlaps:
            edits.append(Edit(lines.start() + 1, lines.end(), ""))
    return sorted(edits)


_TERMINAL = frozenset(".!?:;\"'\u201d)")
_BULLET = re.compile(r"[-*\u2022\u2023\u25aa\u25cf\u2013]\s|\(?[a-z\d]{1,2}[.)]\s")
_BREAKS = re.compile(r"[\n ]*")


def line_edits(text: str, hyphen_heads: AbstractSet[str]) -> list[Edit]:
    """Join lines that break a sentence; keep those that end a paragraph, a heading or a list's entry."""
    edits: list[Edit] = []
    line_start = 0
    newline = text.find("\n")
    while newline >= 0:
        following = _BREAKS.match(text, newline).end()  # type: ignore[union-attr]  # it matches anywhere
        line = text[line_start:newline].strip()
        if line and following < len(text):
            end = line_start + len(text[line_start:newline].rstrip())
            if line.endswith("-") and line[-2:-1].isalpha() and text[following].islower():
                edits.append(Edit(end - 1, following, _joined_hyphen(line, hyphen_heads)))
            elif _runs_on(line, text, following, text.count("\n", newline, following)):
                edits.append(Edit(end, following, " "))
        line_start = following
        newline = text.find("\n", following)
    return edits


def _joined_hyphen(line: str, heads: AbstractSet[str]) -> str:
    """Return the hyphen at a line's end where it belongs to the word ("anti-trafficking"), else nothing."""
    head = line[-20:-1].rpartition(" ")[2]
    return "-" if head.lower() in heads else ""


def _runs_on(line: str, text: str, following: int, breaks: int) -> bool:
    """Whether a sentence goes on from ``line`` to the line at ``following``, ``breaks`` line ends later."""
    if line[-1] in _TERMINAL or _BULLET.match(text, following):
        return False
    if text[following].islower():
        return not line.isupper()
    if breaks > 1 or line.isupper() or len(line) < 40:
        return False
    newline = text.find("\n", following)
    next_line = text[following : newline if newline >= 0 else len(text)]
    return not next_line.isupper()
