"""Decides what figures a stretch of text states: the whole way from sentences to records.

``sentences`` cuts, ``words`` and ``phrases`` group, ``clauses`` finds which verb owns which number,
``comparisons`` deals out the other years' numbers, ``reconcile`` settles the passage.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from monitor.domain.figure import Evidence, Figure
from monitor.domain.reading import DocumentKind, ExtractionIssue, IssueCode
from monitor.extraction.characters import lowered
from monitor.extraction.chunks import phrases
from monitor.extraction.clauses import read_clause
from monitor.extraction.drafts import Draft
from monitor.extraction.frames import Clause, ClauseRead, Context, may_state
from monitor.extraction.lexicon import Lexicon, Noun, Verb
from monitor.extraction.phrases import Det, Kind, Phrase
from monitor.extraction.reconcile import reconcile
from monitor.extraction.sentences import Span
from monitor.extraction.words import words

# A sentence is read as a whole up to this many characters; condensed editions run to a few thousand.
_LONGEST = 2000
SHORTEST_SENTENCE = 12
"""Fewer characters state no figure."""
# Nobody writes a sentence of more characters; what follows them is left, and an issue says so.
_NO_SENTENCE = 20_000
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
    "traffickers",
    "inspect",
    "case",
    "suspect",
    "defendant",
    "probe",
    "inquir",
    "trial",
    "guilty",
    "offen",
    "crim",
    "tried",
    "rescue",
    "remov",
    "freed",
    "liberat",
    "before the court",
    "taken to court",
    "were trafficked",
    "people trafficked",
    "persons trafficked",
)
_ANAPHORS = re.compile(
    r"(?:Of |Among |This |These |Both |The (?:year|previous|prior) |In the p|During the p|A year earlier"
    r"|Last year|In \d{4}"
    r"|(?:[A-Z][a-z-]+|\d+)(?: of (?:these|those|them))?"
    r" (?:involved|concerned|suffered|experienced|(?:was|were) (?:for|in|of)\b))"
)
# "Tier 2" counts nothing, and 1950 or 2017 is a year. Begins with one set of characters, not with a look
# behind: a search is fastest then.
_NUMERAL = re.compile(
    r"\d(?:(?<![\d$\u20ac.,]\d)(?<!\btier \d)\d{0,2}(?:[,\u00a0\u202f]\d{3})*(?![\d%,.]*\d)"
    r"|(?<=\b\d)(?:(?<=1)(?!9)|(?<=2)(?!0)|(?<![12]))\d{3,8}\b)"
)
_NUMBER_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred no none zero"
    " nobody never without any many unknown unclear unspecified dozen dozens several hundreds"
    " thousands scores numerous few handful couple"
)
_COUNTING_WORD = re.compile(
    rf"(?<!\w)(?:(?:{_NUMBER_WORDS.replace(' ', '|')})\b"
    r"|(?:not|fail(?:ed|s)?|yet|neither|nor)\b[^.;]{0,90}(?:investigat|prosecut|convict|identif|indict|charg|arrest)"
    r"|(?:an?|first|only|sole)\b(?: [a-z'-]+){0,4}? (?:traffickers?|offender|suspect|defendant|perpetrator"
    r"|investigation|prosecution|conviction|indictment|case|victim)\b)",
)
# How else a match may begin than with a number word.
_OTHER_HINTS = ("not", "fail", "yet", "neither", "nor", "a ", "an ", "first", "only", "sole")
# One pass over a text finds all of them, in far less time than a pattern that is tried at every word.
_FINDER = AhoCorasick((*_STEMS, *_NUMBER_WORDS.split(), *_OTHER_HINTS))
_SEMICOLON = re.compile(r";|\|")
# "(84 for sex trafficking and 66 for labor trafficking; 97 adults)": a bracket stays whole.
_BRACKET = re.compile(r"\([^();|]{1,200};[^()|]{1,200}\)")


# What "such cases" are is told so close before them.
_POINTS_BACK = 250
_TRAFFICKING = ("traffick", "slavery", "forced labo")


# "355; 1,815; and 2,899 victims": a row of numbers stays whole.
_ROW = re.compile(r"\d; (?:and )?\d[\d,]*(?:;| [a-z ]+? in \d{4}, )")


@dataclass(frozen=True, slots=True)
class FiguresRead:
    """The figures of one stretch of text, and what was not read in it."""

    figures: tuple[Figure, ...]
    issues: tuple[ExtractionIssue, ...]


def read_figures(
    text: str,
    spans: Iterable[Span],
    *,
    country: str | None,
    kind: DocumentKind,
    lexicon: Lexicon,
    edition: int | None = None,
) -> FiguresRead:
    """Read the figures of ``text``, which speaks of ``country`` and whose sentences are ``spans``.

    Offsets point into ``text``.
    """
    context = Context(news=kind is DocumentKind.NEWS)
    drafts, issues = read_drafts(Passage.of(text), spans, lexicon, context)
    figures = tuple(draft.figure(text, country) for draft in reconcile(drafts, edition))
    return FiguresRead(figures, tuple(issues))


def read_drafts(
    passage: Passage, spans: Iterable[Span], lexicon: Lexicon, context: Context
) -> tuple[list[Draft], list[ExtractionIssue]]:
    """Read the sentences at ``spans`` and move ``context`` on; what stands of it ``reconcile`` settles.

    Whoever reads a text in stretches keeps one context for each thing that it speaks of.
    """
    drafts: list[Draft] = []
    issues: list[ExtractionIssue] = []
    for sentence in spans:
        context.age += 1
        context.over_years -= 1
        if sentence.end - sentence.start < SHORTEST_SENTENCE:
            continue
        if sentence.end - sentence.start > _NO_SENTENCE:
            issues.append(_too_long(passage.text, sentence))
            sentence = Span(sentence.start, sentence.start + _NO_SENTENCE)  # noqa: PLW2901 - the rest is left
        for clause in _clauses(passage, sentence, lexicon, context):
            read = read_clause(clause, context)
            drafts += read.drafts
            issues += _issues(passage.text, clause, read)
    return drafts, issues


class Passage(NamedTuple):
    """A text with what its stretches are first looked at for: where core words and where counts may begin."""

    text: str
    low: str
    stems: list[int]
    hints: list[int]

    @classmethod
    def of(cls, text: str) -> Passage:
        low = lowered(text)
        stems: list[int] = []
        hints: list[int] = []
        for word, start, _ in _FINDER.find_matches_as_indexes(low, overlapping=True):
            (stems if word < len(_STEMS) else hints).append(start)
        # Overlapping words come in the order of their ends.
        return cls(text, low, sorted(stems), sorted(hints))

    def names_core(self, start: int, end: int) -> bool:
        """Whether a word of what is counted stands in ``text[start:end]``."""
        nearest = bisect_left(self.stems, start)
        return nearest < len(self.stems) and self.stems[nearest] < end

    def counts(self, start: int, end: int) -> bool:
        """Whether ``text[start:end]`` may state a number, none or one: a cheap test before the grammar."""
        if _NUMERAL.search(self.low, start, end):
            return True
        hints = self.hints
        near = bisect_left(hints, start)
        while near < len(hints) and hints[near] < end:
            if _COUNTING_WORD.match(self.low, hints[near], end):
                return True
            near += 1
        return False


def _clauses(passage: Passage, span: Span, lexicon: Lexicon, context: Context) -> Iterator[Clause]:
    """Part a sentence at its semicolons and yield what may count, with the sentence as evidence if short."""
    text = passage.text
    opens = _ANAPHORS.match(text, span.start) is not None
    if not opens and not passage.names_core(*span):
        return
    if context.news and passage.low.find(" such ", *span) >= 0:
        before = max(0, span.start - _POINTS_BACK)
        context.of_trafficking = any(passage.low.find(stem, before, span.end) >= 0 for stem in _TRAFFICKING)
    whole = span.end - span.start <= _EVIDENCE
    first, pointing = True, False
    for start, end in _pieces(text, span):
        named = (first and opens) or passage.names_core(start, end)
        pointing = pointing or named or context.age == 0
        if (named or (pointing and not first)) and passage.counts(start, end):
            found = phrases(words(text, start, end, lexicon))
            if may_state(found) or (found and end < span.end):
                evidence = (span.start, span.end) if whole else _trimmed(text, start, end)
                yield Clause(found, *evidence, first=first)
            elif found:
                # Whom it is about matters to a clause after it only; its form ends like that of any other.
                context.topic_form = None
        first = False


def _pieces(text: str, span: Span) -> Sequence[tuple[int, int]]:
    begin, stop = span
    whole = begin
    cuts = [begin]
    if text.find(";", begin, stop) >= 0 or text.find("|", begin, stop) >= 0:
        for match in _SEMICOLON.finditer(text, begin, stop):
            place = match.start()
            if place < whole or _ROW.match(text, place - 1):
                continue
            opened = text.rfind("(", max(cuts[-1], place - 200), place)
            if opened > text.rfind(")", cuts[-1], place):
                bracket = _BRACKET.match(text, opened, stop)
                if bracket is not None and bracket.end() > place:
                    whole = bracket.end()
                    continue
            cuts.append(match.end())
    if len(cuts) == 1 and stop - begin <= _LONGEST:
        return (span,)
    ends = (*(cut - 1 for cut in cuts[1:]), stop)
    return [window for start, end in zip(cuts, ends, strict=True) for window in _windows(start, end)]


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
    unread = [
        phrase
        for index, phrase in enumerate(clause.phrases)
        if phrase.kind is Kind.NOUN and index not in read.taken and _is_core_number(phrase)
    ]
    if not (read.vague or unread) or not any(map(_names_core, clause.phrases)):
        return []
    found = []
    evidence = Evidence(text=text[clause.start : clause.end], start=clause.start, end=clause.end)
    if read.vague:
        found.append(ExtractionIssue(IssueCode.VAGUE_NUMBER, evidence, read.vague[0].low))
    if unread:
        found.append(
            ExtractionIssue(IssueCode.UNREAD_NUMBER, evidence, text[unread[0].start : unread[0].end])
        )
    return found


def _too_long(text: str, span: Span) -> ExtractionIssue:
    start = span.start + _NO_SENTENCE
    end = min(span.end, start + _EVIDENCE)
    return ExtractionIssue(
        IssueCode.TOO_LONG,
        Evidence(text=text[start:end], start=start, end=end),
        f"a sentence of {span.end - span.start} characters",
    )


def _names_core(phrase: Phrase) -> bool:
    if phrase.kind is Kind.VERB and phrase.verb is not None:
        return phrase.verb.measure is not None or phrase.verb.verb in (Verb.OPEN, Verb.CHANGE)
    return phrase.kind is Kind.NOUN and phrase.noun is not None and phrase.noun.measure is not None


def _is_core_number(phrase: Phrase) -> bool:
    np = phrase.noun
    return (
        np is not None
        and np.det is Det.NUMBER
        and not np.crime
        and np.noun in (Noun.MEASURE, Noun.ACCUSED, Noun.CASE, Noun.VICTIM)
    )
