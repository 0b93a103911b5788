"""Decides where in the original an offset of a mended text lies."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.domain.figure import Evidence


class Edit(NamedTuple):
    """``replacement`` stands for ``before[start:end]``."""

    start: int
    end: int
    replacement: str


class Layer:
    """One pass of edits, with the way back from offsets after it to offsets before it."""

    __slots__ = ("_after", "_edits")

    def __init__(self, edits: list[Edit]) -> None:
        self._edits = edits
        self._after: list[int] = []
        shift = 0
        for edit in edits:
            self._after.append(edit.start + shift)
            shift += len(edit.replacement) - (edit.end - edit.start)

    def start_before(self, offset: int) -> int:
        """Return where the character at ``offset`` began before this pass."""
        place = bisect_right(self._after, offset) - 1
        if place < 0:
            return offset
        edit, after = self._edits[place], self._after[place]
        if offset < after + len(edit.replacement):
            return edit.start
        return offset - after - len(edit.replacement) + edit.end

    def end_before(self, offset: int) -> int:
        """Return where the character that ends at ``offset`` ended before this pass."""
        place = bisect_right(self._after, offset - 1) - 1
        if place < 0:
            return offset
        edit, after = self._edits[place], self._after[place]
        if offset <= after + len(edit.replacement):
            return edit.end
        return offset - after - len(edit.replacement) + edit.end


@dataclass(frozen=True)
class MendedText:
    """A text as read: ``text`` is what rules see, ``original`` what evidence points into.

    ``mangled`` is where its first characters stand that were decoded with the wrong encoding, if any.
    """

    original: str
    text: str
    layers: tuple[Layer, ...] = field(default=(), repr=False)
    mangled: int | None = None

    def evidence(self, start: int, end: int) -> Evidence:
        """Return the part of the original that ``text[start:end]`` came from.

        Raises:
            ValueError: the span does not lie in the text.
        """
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"span {start}:{end} lies outside a text of {len(self.text)} characters")
        if start == end:
            back = self._start(start)
            return Evidence(text="", start=back, end=back)
        first, last = self._start(start), self._end(end)
        return Evidence(text=self.original[first:last], start=first, end=last)

    def _start(self, offset: int) -> int:
        for layer in reversed(self.layers):
            offset = layer.start_before(offset)
        return min(offset, len(self.original))

    def _end(self, offset: int) -> int:
        for layer in reversed(self.layers):
            offset = layer.end_before(offset)
        return min(offset, len(self.original))


def applied(text: str, edits: list[Edit]) -> str:
    """Return ``text`` with ``edits``, which are in order and do not overlap."""
    pieces: list[str] = []
    reached = 0
    for edit in edits:
        pieces += (text[reached : edit.start], edit.replacement)
        reached = edit.end
    pieces.append(text[reached:])
    return "".join(pieces)
