"""Sentences of ours, by the construction that carries their figures, give the records written under them.

They lie in ``constructions.txt``: a heading for each construction, a sentence after ``>``, a record a line.
"""

from __future__ import annotations

import pytest

from monitor.domain.reading import DocumentKind
from monitor.extraction import Language
from monitor.extraction.figures import read_figures
from monitor.extraction.sentences import sentences
from tests.extraction.records import cases_of, record_of

_CASES = cases_of("constructions.txt")


@pytest.mark.parametrize(
    ("sentence", "records"),
    [(sentence, records) for _, sentence, records in _CASES],
    ids=[f"{construction}: {sentence[:60]}" for construction, sentence, _ in _CASES],
)
def test_a_sentence_gives_the_records_of_a_careful_reader(
    sentence: str, records: list[str], language: Language
) -> None:
    read = read_figures(
        sentence, sentences(sentence), country=None, kind=DocumentKind.NARRATIVE, lexicon=language.lexicon
    )
    assert sorted(map(record_of, read.figures)) == sorted(records)


def test_every_construction_has_several_sentences() -> None:
    assert min(sum(one == construction for one, _, _ in _CASES) for construction, _, _ in _CASES) >= 4
