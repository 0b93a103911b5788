"""Decides what figures a stretch of text states: the whole way from sentences to records.

``sentences`` cuts, ``words`` and ``phrases`` group, ``clauses`` finds which verb owns which number,
``comparisons`` deals out the other years' numbers, ``reconcile`` settles the passage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.domain.figure import Evidence, Figure
from monitor.domain.reading import DocumentKind, ExtractionIssue, IssueCode
from monitor.extraction.chunks import phrases
from monitor.extraction.clauses import read_clause
from monitor.extraction.drafts import Draft
from monitor.extraction.frames import Clause, ClauseRead, Context
from monitor.extraction.lexicon import Lexicon, Noun
from monitor.extraction.phrases import Det, Kind, Phrase
from monitor.extraction.reconcile import reconcile
from monitor.extraction.sentences import Span, sentences
from monitor.extraction.words import words

# A sentence is read as a whole up to this many characters; condensed editions run to a few thousand.
_LONGEST = 8000
_EVIDENCE = 600
_STEMS = (
    "investigat",
    "prosecut",
    "convict",
    "victim",
    "identif",
    "charge",
    "indict",
    "arrest",
    "sentenc",
    "traffick",
    "inspect",
    "case",
    "suspect",
    "defendant",
    "probe",
    "inquir",
    "trial",
    "guilty",
    "offender",
    "tried",
    "rescue",
)
_TOPIC = (
    "traffick",
    "forced labor",
    "forced labour",
    "slavery",
    "slave ",
    "servitude",
    "forced begging",
    "sexual exploitation",
    "bonded labor",
    "forced prostitution",
    "victim",
)
# A text in which this share of the sentences names trafficking is about it; elsewhere a figure
# must stand within so many sentences of the word.
_SHARE = 0.25
_REACH = 4
# So few sentences are a quotation, taken to be about what this reader is for.
_SNIPPET = 3
_ANAPHORS = re.compile(
    r"(?:Of |Among |This |These |Both |The (?:year|previous|prior) |In the p|During the p|A year earlier"
    r"|Last year|In \d{4})"
)
_COUNTS = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|no|not|none|never|any|zero|nobody|without|first|only|sole|failed|neither|un(?:known|clear|specified|disclosed)"
    r"|dozens|several|hundreds|scores|numerous|an?)\b",
    re.IGNORECASE,
)
_SEMICOLON = re.compile(r";|\|")


@dataclass(frozen=True, slots=True)
class FiguresRead:
    """The figures of one stretch of text, and what was not read in it."""

    figures: tuple[Figure, ...]
    issues: tuple[ExtractionIssue, ...]


def read_figures(text: str, *, country: str | None, kind: DocumentKind, lexicon: Lexicon) -> FiguresRead:
    """Read the figures of ``text``, which speaks of ``country``; offsets point into ``text``."""
    drafts: list[Draft] = []
    issues: list[ExtractionIssue] = []
    context = Context(news=kind is DocumentKind.NEWS)
    topic = _Topic(text)
    for sentence in sentences(text):
        if not topic.holds(sentence) or not _is_candidate(text, sentence):
            context.age += 1
            continue
        context.age += 1
        for clause in _clauses(text, sentence, lexicon):
            read = read_clause(clause, context)
            drafts += read.drafts
            issues += _issues(text, clause, read)
    figures = tuple(draft.figure(text, country) for draft in reconcile(drafts))
    return FiguresRead(figures, tuple(issues))


class _Topic:
    """Whether a sentence speaks of trafficking: by itself, by those just before it, or by the whole text."""

    def __init__(self, text: str) -> None:
        self._low = text.lower()
        spans = sentences(text)
        spoken = sum(1 for span in spans if self._speaks(span))
        self._throughout = len(spans) <= _SNIPPET or spoken >= _SHARE * len(spans)
        self._near = 0

    def holds(self, span: Span) -> bool:
        if self._throughout:
            return True
        self._near = _REACH if self._speaks(span) else self._near - 1
        return self._near > 0

    def _speaks(self, span: Span) -> bool:
        return any(self._low.find(word, span.start, span.end) >= 0 for word in _TOPIC)


def _is_candidate(text: str, span: Span) -> bool:
    sentence = text[span.start : span.end]
    low = sentence.lower()
    if not any(stem in low for stem in _STEMS) and not _ANAPHORS.match(sentence):
        return False
    return _COUNTS.search(sentence) is not None


def _clauses(text: str, span: Span, lexicon: Lexicon) -> Iterator[Clause]:
    """Part a sentence at its semicolons; the evidence is the sentence where it is not too long."""
    whole = span.end - span.start <= _EVIDENCE
    first = True
    for start, end in _pieces(text, span):
        found = phrases(words(text, start, end, lexicon))
        if found:
            evidence = (span.start, span.end) if whole else _trimmed(text, start, end)
            yield Clause(found, *evidence, first=first)
            first = False


def _pieces(text: str, span: Span) -> Iterator[tuple[int, int]]:
    start = span.start
    for match in _SEMICOLON.finditer(text, span.start, span.end):
        yield from _windows(start, match.start())
        start = match.end()
    yield from _windows(start, span.end)


def _windows(start: int, end: int) -> Iterator[tuple[int, int]]:
    for begin in range(start, end, _LONGEST):
        yield begin, min(begin + _LONGEST, end)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _issues(text: str, clause: Clause, read: ClauseRead) -> list[ExtractionIssue]:
    found = []
    evidence = Evidence(text=text[clause.start : clause.end], start=clause.start, end=clause.end)
    if read.vague and any(_names_core(phrase) for phrase in clause.phrases):
        found.append(ExtractionIssue(IssueCode.VAGUE_NUMBER, evidence, read.vague[0].low))
    unread = [
        phrase
        for index, phrase in enumerate(clause.phrases)
        if index not in read.taken and _is_core_number(phrase)
    ]
    if unread and any(_names_core(phrase) for phrase in clause.phrases):
        found.append(
            ExtractionIssue(IssueCode.UNREAD_NUMBER, evidence, text[unread[0].start : unread[0].end])
        )
    return found


def _names_core(phrase: Phrase) -> bool:
    if phrase.kind is Kind.VERB and phrase.verb is not None:
        return phrase.verb.measure is not None
    return phrase.kind is Kind.NOUN and phrase.noun is not None and phrase.noun.measure is not None


def _is_core_number(phrase: Phrase) -> bool:
    np = phrase.noun
    return (
        phrase.kind is Kind.NOUN
        and np is not None
        and np.det is Det.NUMBER
        and not np.crime
        and np.noun in (Noun.MEASURE, Noun.ACCUSED, Noun.CASE, Noun.VICTIM)
    )
