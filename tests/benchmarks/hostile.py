"""Measures how long the reading of a hostile megabyte takes, shape by shape, the worst first.

Run as ``python -m tests.benchmarks.hostile [SHAPE...]``. Times are CPU seconds, so that other work on
the machine disturbs them less; a text beyond what is read of one counts with the reading that it gets.
Exits with 1 where a shape takes two seconds or longer.
"""

from __future__ import annotations

import sys
import time

from monitor.domain.reading import DocumentKind
from monitor.extraction import Language, read
from monitor.settings.tables import load_tables
from tests.hostile_texts import HOSTILE_SHAPES, hostile_text

_SIZE = 1_000_000
_MOST_SECONDS = 2.0


def main(shapes: list[str]) -> int:
    """Print seconds per shape and kind; return 1 where one takes too long."""
    language = Language.from_tables(load_tables())
    taken: list[tuple[float, str, str]] = []
    for shape in shapes or HOSTILE_SHAPES:
        text = hostile_text(shape, _SIZE)
        for kind in DocumentKind:
            start = time.process_time()
            read(text, kind=kind, country=None, edition=None, language=language)
            taken.append((time.process_time() - start, shape, kind.value))
    taken.sort(reverse=True)
    print(f"{len(taken)} readings of {_SIZE} characters; CPU seconds")
    for seconds, shape, name in taken:
        print(f"{seconds:5.2f}  {name:9}  {shape}")
    return int(taken[0][0] >= _MOST_SECONDS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
