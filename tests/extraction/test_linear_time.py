"""Reading takes steps in proportion to a text's length, whatever it repeats. Counted, not timed.

What a single search of ``re`` or ``str`` takes is not counted here; the benchmark
``tests.benchmarks.hostile`` times it.
"""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import pytest

from monitor.domain.reading import DocumentKind, Reading
from monitor.extraction import Language, read
from tests.hostile_texts import HOSTILE_SHAPES, hostile_text

_SIZE = 3_000
_TIMES = 5
# What begins only with a certain length, and what one text costs.
_GRACE = 1.35
_FIXED = 5_000


def _steps(text: str, kind: DocumentKind, language: Language) -> tuple[int, Reading]:
    """Return how many lines of code one reading runs, each time it runs them, and the reading."""
    lines = 0

    def count(_frame: FrameType, event: str, _arg: Any) -> Any:
        nonlocal lines
        lines += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        reading = read(text, kind=kind, country=None, edition=None, language=language)
    finally:
        sys.settrace(before)
    return lines, reading


@pytest.mark.parametrize("kind", DocumentKind)
@pytest.mark.parametrize("shape", HOSTILE_SHAPES)
def test_a_text_of_five_times_the_length_takes_five_times_the_steps(
    shape: str, kind: DocumentKind, language: Language
) -> None:
    short, _ = _steps(hostile_text(shape, _SIZE), kind, language)
    text = hostile_text(shape, _SIZE * _TIMES)
    long, reading = _steps(text, kind, language)

    assert long <= short * _TIMES * _GRACE + _FIXED
    for evidence in [f.evidence for f in reading.figures] + [i.evidence for i in reading.issues]:
        assert text[evidence.start : evidence.end] == evidence.text
