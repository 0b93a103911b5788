"""Articles of ours, by what makes their figures hard, give the records written under them.

They lie in ``articles.txt``: a heading for each kind, an article after ``>`` with ``/`` between its
paragraphs, a record a line after its country (``-`` for none).
"""

from __future__ import annotations

import pytest

from monitor.domain.reading import DocumentKind
from monitor.extraction import Language, read
from tests.extraction.records import cases_of, record_of

_ARTICLES = [(kind, text.replace(" / ", "\n\n"), records) for kind, text, records in cases_of("articles.txt")]


@pytest.mark.parametrize(
    ("text", "records"),
    [(text, records) for _, text, records in _ARTICLES],
    ids=[f"{kind}: {text[:60]}" for kind, text, _ in _ARTICLES],
)
def test_an_article_gives_the_records_of_a_careful_reader(
    text: str, records: list[str], language: Language
) -> None:
    reading = read(text, kind=DocumentKind.NEWS, country=None, edition=None, language=language)
    found = [f"{figure.country or '-'} {record_of(figure)}" for figure in reading.figures]
    assert sorted(found) == sorted(records)
    for figure in reading.figures:
        assert text[figure.evidence.start : figure.evidence.end] == figure.evidence.text


def test_every_kind_has_several_articles() -> None:
    assert min(sum(one == kind for one, _, _ in _ARTICLES) for kind, _, _ in _ARTICLES) >= 3
