"""Measures the reading of texts against spaCy's blank English tokenizer and sentencizer on the same texts.

Run as ``python -m tests.benchmarks.extraction [DIRECTORY]``; the directory (../shared/corpus) holds
``.txt`` narratives and ``.jsonl`` files with a ``text`` a line. Needs the ``bench`` extra.
Each round reads every text once with each: with the whole of ``read``, with its reading of figures
alone (no mending, tier, topic and law), and with a new spaCy pipeline, whose first pass fills its
caches. Prints the medians of CPU seconds and of the rounds' ratios, and how many sentences with a
core verb and a number were read.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from statistics import median

import spacy

from monitor.domain.figure import Confidence
from monitor.domain.reading import DocumentKind, IssueCode, Reading
from monitor.extraction import Language, read
from monitor.extraction.figures import read_figures
from monitor.extraction.sentences import sentences
from monitor.settings.tables import load_tables

_ROUNDS = 5


def main(directory: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(directory.rglob("*.txt"))]
    for path in sorted(directory.rglob("*.jsonl")):
        texts += [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    wholes, figures, theirs = [], [], []
    for _ in range(_ROUNDS):
        language = Language.from_tables(load_tables())
        wholes.append(_seconds(partial(_read, language), texts))
        figures.append(_seconds(partial(_figures, language), texts))
        pipeline = spacy.blank("en")
        pipeline.add_pipe("sentencizer")
        theirs.append(_seconds(pipeline, texts))
    size = sum(map(len, texts))
    print(f"{len(texts)} texts, {size} characters, {_ROUNDS} rounds; CPU seconds are medians")
    print(f"spaCy        {median(theirs):.2f} s")
    for name, ours in (("whole read", wholes), ("figures only", figures)):
        ratio = median(own / other for own, other in zip(ours, theirs, strict=True))
        print(f"{name:12} {median(ours):.2f} s, ratio {ratio:.2f}, {len(texts) / median(ours):.0f} texts/s")
    _print_coverage([_read(language, text) for text in texts])


def _seconds(do: Callable[[str], object], texts: Iterable[str]) -> float:
    start = time.process_time()
    for text in texts:
        do(text)
    return time.process_time() - start


def _read(language: Language, text: str) -> Reading:
    return read(text, kind=DocumentKind.NARRATIVE, country=None, edition=None, language=language)


def _figures(language: Language, text: str) -> object:
    spans = sentences(text)
    return read_figures(text, spans, country=None, kind=DocumentKind.NARRATIVE, lexicon=language.lexicon)


def _print_coverage(readings: list[Reading]) -> None:
    high, low, unread = 0, 0, 0
    for reading in readings:
        sure = {f.evidence.start for f in reading.figures if f.confidence is Confidence.HIGH}
        unsure = {f.evidence.start for f in reading.figures} - sure
        left = {i.evidence.start for i in reading.issues if i.code is IssueCode.UNREAD_NUMBER}
        high, low, unread = high + len(sure), low + len(unsure), unread + len(left - sure - unsure)
    print(f"sentences with a core verb and a number: read {high}, low {low}, unread {unread}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/corpus"))
