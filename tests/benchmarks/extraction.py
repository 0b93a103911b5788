"""Measures the reading of figures against spaCy's blank English tokenizer and sentencizer on the same texts.

Run as ``python -m tests.benchmarks.extraction DIRECTORY``; the directory holds ``.txt`` narratives and
``.jsonl`` files with a ``text`` a line. Needs the ``bench`` extra. Prints CPU seconds of each and
their ratio, for the first pass, and how many sentences with a core verb and a number were read.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import spacy

from monitor.domain.figure import Confidence
from monitor.domain.reading import DocumentKind, IssueCode
from monitor.extraction import Language
from monitor.extraction.figures import read_figures
from monitor.settings.tables import load_tables


def main(directory: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(directory.rglob("*.txt"))]
    for path in sorted(directory.rglob("*.jsonl")):
        texts += [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    lexicon = Language.from_tables(load_tables()).lexicon
    start = time.process_time()
    reads = [read_figures(text, country=None, kind=DocumentKind.NARRATIVE, lexicon=lexicon) for text in texts]
    ours = time.process_time() - start
    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    start = time.process_time()
    for text in texts:
        pipeline(text)
    theirs = time.process_time() - start
    size = sum(map(len, texts))
    print(f"{len(texts)} texts, {size} characters: {len(texts) / ours:.0f} texts a second")
    print(f"figures {ours:.2f} s, spaCy {theirs:.2f} s, ratio {ours / theirs:.2f}")
    high, low, unread = 0, 0, 0
    for read in reads:
        sure = {f.evidence.start for f in read.figures if f.confidence is Confidence.HIGH}
        unsure = {f.evidence.start for f in read.figures} - sure
        left = {i.evidence.start for i in read.issues if i.code is IssueCode.UNREAD_NUMBER}
        high, low, unread = high + len(sure), low + len(unsure), unread + len(left - sure - unsure)
    print(f"sentences with a core verb and a number: read {high}, low {low}, unread {unread}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
