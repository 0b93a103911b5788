"""What holds of figures whatever the text: exact evidence, the same answer twice, no exception."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.figure import Measure
from monitor.domain.reading import DocumentKind, IssueCode
from monitor.extraction import Language
from monitor.extraction.chunks import phrases
from monitor.extraction.clauses import read_clause
from monitor.extraction.figures import FiguresRead, read_figures
from monitor.extraction.frames import Clause, Context, may_state
from monitor.extraction.sentences import sentences
from monitor.extraction.words import words

# fmt: off
_WORDS = st.sampled_from(
    [
        "Police", "courts", "prosecuted", "convicted", "identified", "investigated", "did", "not",
        "report", "any", "no", "victims", "traffickers", "cases", "12", "five", "2016", "in", "(", ")",
        ",", ";", ".", "and", "or", "compared", "with", "of", "whom", "including", "for", "sex",
        "trafficking", "forced", "labor", "the", "government", "an", "NGO", "were", "respectively",
        "none", "previous", "year", "all", "—", ":", "new", "ongoing", "officials", "a", "first",
    ]
)
# fmt: on


def _read(text: str, language: Language) -> FiguresRead:
    return read_figures(
        text, sentences(text), country=None, kind=DocumentKind.NARRATIVE, lexicon=language.lexicon
    )


@settings(max_examples=300, deadline=None)
@given(words=st.lists(_WORDS, max_size=60))
def test_any_order_of_the_words_is_read_with_exact_evidence_twice_alike(
    words: list[str], language: Language
) -> None:
    text = " ".join(words)
    read = _read(text, language)
    for evidence in [figure.evidence for figure in read.figures] + [issue.evidence for issue in read.issues]:
        assert text[evidence.start : evidence.end] == evidence.text
    assert _read(text, language) == read


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=300))
def test_no_text_raises(text: str, language: Language) -> None:
    _read(text, language)


@settings(max_examples=300, deadline=None)
@given(tokens=st.lists(_WORDS, max_size=30))
def test_a_clause_that_is_passed_over_would_state_nothing(tokens: list[str], language: Language) -> None:
    """Whatever was counted before it."""
    context = Context()
    for text in ("Police convicted 12 traffickers in 2016.", " ".join(tokens)):
        found = phrases(words(text, 0, len(text), language.lexicon))
        read = read_clause(Clause(found, 0, len(text)), context)
        assert may_state(found) or not (read.drafts or read.vague)


def test_a_number_of_the_core_that_no_rule_took_is_said_to_be_unread(language: Language) -> None:
    text = "Prosecutors convicted traffickers while 14 trafficking victims painted the courthouse."
    issues = _read(text, language).issues
    assert [(issue.code, issue.detail, issue.evidence.text) for issue in issues] == [
        (IssueCode.UNREAD_NUMBER, "14 trafficking victims", text)
    ]


def test_dozens_are_an_issue_and_no_number(language: Language) -> None:
    read = _read("Police identified dozens of victims.", language)
    assert read.figures == ()
    assert [issue.code for issue in read.issues] == [IssueCode.VAGUE_NUMBER]


@pytest.mark.parametrize(
    ("text", "accused"),
    [
        ("Courts convicted nine traffickers and police identified 40 victims.", ["any"]),
        ("Courts convicted no traffickers or complicit officials.", ["any", "officials"]),
    ],
)
def test_officials_are_counted_only_where_they_are_no_subject(
    text: str, accused: list[str], language: Language
) -> None:
    convicted = [f for f in _read(text, language).figures if f.measure is Measure.CONVICTIONS]
    assert [figure.accused for figure in convicted] == accused


def test_last_year_is_the_period_at_hand_in_an_article(language: Language) -> None:
    text = "Only 12 traffickers were convicted last year, an official said."
    article = read_figures(
        text, sentences(text), country=None, kind=DocumentKind.NEWS, lexicon=language.lexicon
    )
    assert [(figure.value, figure.relation) for figure in article.figures] == [(12, "current")]


@pytest.mark.shared
def test_every_figure_of_the_corpus_has_exact_evidence(shared: Path, language: Language) -> None:
    for path in sorted((shared / "corpus" / "tip-2018").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        read = _read(text, language)
        for figure in read.figures:
            assert text[figure.evidence.start : figure.evidence.end] == figure.evidence.text
