"""Decides what one document says: the one way from a text to its tier, figures and issues."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from monitor.domain.figure import Confidence, Evidence, Figure, Measure, Relation
from monitor.domain.reading import DocumentKind, ExtractionIssue, IssueCode, Reading
from monitor.domain.tier import TierReading
from monitor.extraction.countries import Ambiguity, MentionKind
from monitor.extraction.figures import SHORTEST_SENTENCE, read_figures
from monitor.extraction.language import Language
from monitor.extraction.law import read_law
from monitor.extraction.news import Owner, Stretch, cut
from monitor.extraction.news_vocabulary import NewsVocabulary
from monitor.extraction.offsets import MendedText
from monitor.extraction.readability import text_issues
from monitor.extraction.sentences import Span, sentences
from monitor.extraction.tier import read_tier
from monitor.extraction.topic import Topic

MAX_ARTICLE = 150_000
"""Longer articles are cut here and say so; long reports of the press have about 60,000 characters."""

_UNREADABLE = frozenset({IssueCode.EMPTY_TEXT, IssueCode.NOT_TEXT, IssueCode.OTHER_LANGUAGE})


def read(
    text: str,
    *,
    kind: DocumentKind,
    country: str | None,
    edition: int | None,
    language: Language,
) -> Reading:
    """Read ``text``; every evidence is an exact substring of it with its offsets.

    Args:
        text: a narrative, a part of one, or an article, as plain text with line ends.
        kind: an article is cut into stretches by country and owes no tier.
        country: ISO3 code of the narrative's country; None takes it from the heading where that
            is certain. An article's figures take theirs from the article, and from here only where
            it names none.
        edition: the TIP Report's year, where known.
        language: the compiled vocabulary.

    Returns:
        What was read and, as issues, what was not. Never raises for any text.
    """
    mended = language.mender.mend(text)
    issues = list(text_issues(mended, language.function_words))
    if any(issue.code in _UNREADABLE for issue in issues):
        return Reading(kind, country, edition, None, (), tuple(issues))
    if kind is DocumentKind.NARRATIVE and country is None:
        country, unsure = _country_of_heading(mended.text, language)
        issues += [_original(issue, mended) for issue in unsure]
    readers = {DocumentKind.NARRATIVE: _narrative, DocumentKind.NEWS: _article}
    passage = readers[kind](mended.text, country, edition, language)
    issues += [_original(issue, mended) for issue in passage.issues]
    return Reading(
        kind=kind,
        country=passage.country,
        edition=edition,
        tier=_original_tier(passage.tier, mended),
        figures=tuple(_original_figure(figure, mended) for figure in passage.figures),
        issues=tuple(issues),
    )


class _Passage(NamedTuple):
    """What was read, with offsets of the mended text."""

    country: str | None
    tier: TierReading | None
    figures: list[Figure]
    issues: list[ExtractionIssue]


def _narrative(text: str, country: str | None, edition: int | None, language: Language) -> _Passage:
    tier = read_tier(
        text,
        kind=DocumentKind.NARRATIVE,
        country=country,
        edition=edition,
        vocabulary=language.tiers,
        gazetteer=language.gazetteer,
    )
    spans = sentences(text)
    counted = read_figures(
        text,
        spans,
        country=country,
        kind=DocumentKind.NARRATIVE,
        lexicon=language.lexicon,
        edition=edition,
    )
    topic = Topic(text, language.topic)
    figures = [figure for figure in counted.figures if topic.covers(figure.evidence.start)]
    issues = [issue for issue in counted.issues if topic.covers(issue.evidence.start)]
    law = _law(text, spans, country, edition, language)
    return _Passage(country, tier.tier, _in_order([*figures, *law]), [*tier.issues, *issues])


def _article(text: str, country: str | None, edition: int | None, language: Language) -> _Passage:
    """Read an article stretch by stretch, so that no number takes another country's comparison."""
    article = cut(text[:MAX_ARTICLE], language.news, language.gazetteer, about=country)
    body = text[: article.end]
    law = _law(body, sentences(body), article.country, edition, language)
    places = [figure.evidence.start for figure in law]
    topic = Topic(text[: article.end], language.topic)
    figures: list[Figure] = []
    issues = _overlong(text)
    for stretch in article.stretches:
        if stretch.end - stretch.start < SHORTEST_SENTENCE:
            continue
        passage = text[stretch.start : stretch.end]
        counted = read_figures(
            passage,
            sentences(passage),
            country=stretch.country,
            kind=DocumentKind.NEWS,
            lexicon=language.lexicon,
        )
        stated = [
            _shifted(figure, stretch.start)
            for figure in counted.figures
            if topic.covers(stretch.start + figure.evidence.start)
        ]
        stated += [
            replace(figure, country=stretch.country)
            for figure in law[bisect_left(places, stretch.start) : bisect_left(places, stretch.end)]
        ]
        placed = [_placed(figure, text, stretch, language.news) for figure in stated]
        figures += placed
        issues += [
            replace(issue, evidence=_moved(issue.evidence, stretch.start))
            for issue in counted.issues
            if topic.covers(stretch.start + issue.evidence.start)
        ]
        issues += _country_issues(text, stretch, placed)
    tier = None
    if article.country is not None:
        tier = read_tier(
            text[: article.end],
            kind=DocumentKind.NEWS,
            country=article.country,
            edition=edition,
            vocabulary=language.tiers,
            gazetteer=language.gazetteer,
        ).tier
    return _Passage(article.country, tier, _in_order(_once(figures)), issues)


def _once(figures: list[Figure]) -> list[Figure]:
    """Let a number that an article gives twice for a country count once, in the more exact telling.

    Articles repeat their headline in the text. Numbers of no certain country may be two countries'.
    """
    told: dict[tuple[object, ...], Figure] = {}
    for place, figure in enumerate(figures):
        same: tuple[object, ...] = (place,)
        if figure.country is not None and figure.measure not in _LAW:
            same = tuple(getattr(figure, field) for field in _SAME)
        first = told.get(same)
        if first is None or (first.year is None and figure.year is not None):
            told[same] = figure
        elif None not in (first.year, figure.year) and first.year != figure.year:
            told[(*same, place)] = figure
    return list(told.values())


_LAW = frozenset({Measure.PENALTY_YEARS, Measure.FUNDING})
_SAME = (
    "country", "measure", "form", "unit", "relation", "value", "status", "accused", "reporter", "group",
    "report_edition",
)  # fmt: skip


def _overlong(text: str) -> list[ExtractionIssue]:
    if len(text) <= MAX_ARTICLE:
        return []
    rest = text[MAX_ARTICLE : MAX_ARTICLE + 80]
    evidence = Evidence(rest, MAX_ARTICLE, MAX_ARTICLE + len(rest))
    detail = f"only the first {MAX_ARTICLE} characters of an article are read"
    return [ExtractionIssue(IssueCode.TOO_LONG, evidence, detail)]


def _law(
    text: str, spans: list[Span], country: str | None, edition: int | None, language: Language
) -> list[Figure]:
    return read_law(
        text,
        spans,
        country=country,
        edition=edition,
        vocabulary=language.law,
        gazetteer=language.gazetteer,
    )


def _placed(figure: Figure, text: str, stretch: Stretch, vocabulary: NewsVocabulary) -> Figure:
    """Give an article's figure its country and the edition it is attributed to.

    A number beside another country's name is that country's own, not a comparison of the period
    before; where its places in the sentence fit several countries it has none.
    """
    figure = replace(figure, report_edition=stretch.report_edition)
    if not stretch.is_shared:
        return figure
    start, end = figure.evidence.start, figure.evidence.end
    owners = {
        stretch.country_at(text, start + place, vocabulary)
        for place in _places(text[start:end], figure.value)
    } or {Owner(stretch.country)}
    owner = owners.pop() if len(owners) == 1 else Owner(None)
    foreign = owner.beside and owner.country != stretch.country
    return replace(
        figure,
        country=owner.country,
        relation=Relation.CURRENT if foreign and figure.relation is Relation.PREVIOUS else figure.relation,
        confidence=Confidence.LOW if foreign or owner.country is None else figure.confidence,
    )


def _places(evidence: str, value: int | None) -> list[int]:
    """Return where in its evidence a figure's number may stand."""
    if not value:
        return [found.start() for found in _NOTHING.finditer(evidence)]
    spellings = {str(value), f"{value:,}", *(word for word, number in _WORDS.items() if number == value)}
    pattern = rf"(?<![\w.,])(?:{'|'.join(map(re.escape, spellings))})(?![\w]|[.,]\d)"
    return [found.start() for found in re.finditer(pattern, evidence, re.IGNORECASE)]


_NOTHING = re.compile(r"\b(?:no|not|none|never|zero|nobody)\b", re.IGNORECASE)
_WORDS = {
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
}  # fmt: skip


def _country_issues(text: str, stretch: Stretch, figures: list[Figure]) -> list[ExtractionIssue]:
    """Return the one issue of a stretch whose figures lack a certain country."""
    if all(figure.country is not None for figure in figures):
        return []
    evidence = Evidence(text=text[stretch.start : stretch.end], start=stretch.start, end=stretch.end)
    if stretch.candidates:
        return [ExtractionIssue(IssueCode.AMBIGUOUS_COUNTRY, evidence, ", ".join(stretch.candidates))]
    if stretch.is_shared:
        named = sorted({named.country for named in stretch.named if named.country is not None})
        return [ExtractionIssue(IssueCode.AMBIGUOUS_COUNTRY, evidence, ", ".join(named))]
    return [ExtractionIssue(IssueCode.NO_COUNTRY, evidence, "nothing here says whose figures these are")]


def _in_order(figures: list[Figure]) -> list[Figure]:
    return sorted(figures, key=lambda figure: (figure.evidence.start, figure.evidence.end))


def _moved(evidence: Evidence, offset: int) -> Evidence:
    return Evidence(evidence.text, evidence.start + offset, evidence.end + offset)


def _shifted(figure: Figure, offset: int) -> Figure:
    return replace(figure, evidence=_moved(figure.evidence, offset))


def _country_of_heading(text: str, language: Language) -> tuple[str | None, list[ExtractionIssue]]:
    """Return the country of a narrative's heading, with an issue where it fits several or none.

    The heading is one of the first three short lines: "2018 report" may stand above "KENYA: TIER 2".
    Without one, a text that opens with its country as a subject ("Cyprus is a destination for ...") is its.
    """
    for start, line in islice(_short_lines(text[:_HEADING_SPACE]), 3):
        found = language.gazetteer.of_heading(line)
        if isinstance(found, str):
            return found, []
        if isinstance(found, Ambiguity):
            evidence = Evidence(line, start, start + len(line))
            return None, [ExtractionIssue(IssueCode.AMBIGUOUS_COUNTRY, evidence, ", ".join(found.candidates))]
    introduced = _introduced(text, language)
    if introduced is not None:
        return introduced, []
    start = len(text) - len(text.lstrip())
    first = text[start : start + 80].partition("\n")[0]
    evidence = Evidence(first, start, start + len(first))
    return None, [ExtractionIssue(IssueCode.NO_COUNTRY, evidence, "the heading names no country")]


def _short_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that may be a heading, with where each begins."""
    start = 0
    for line in text.split("\n"):
        if 2 <= len(line) <= _LONGEST_HEADING:
            yield start, line
        start += len(line) + 1


def _introduced(text: str, language: Language) -> str | None:
    """Return the country whose name comes first, where the text introduces it there."""
    for found in _INTRODUCED.finditer(text, 0, _HEADING_SPACE):
        before = language.gazetteer.mentions(text[: found.end()])
        named = [mention for mention in before if mention.kind is MentionKind.NAME]
        if named:
            return named[0].iso3 if named[0].end == found.start() else None
    return None


# What a narrative says of the country that it is about, right after its name.
_INTRODUCED = re.compile(
    r"\s+(?:is|was|are|remains)\s+(?:(?:primarily|mainly|principally|largely|both|still)\s+)*an?\s+(?:\w+\s+)?"
    r"(?:source|transit|destination|Tier)|\s+(?:does|did|do)\s+not\s+(?:fully|demonstrate)|\s+fully\s+meets"
)
_HEADING_SPACE = 600
_LONGEST_HEADING = 100


def _original(issue: ExtractionIssue, mended: MendedText) -> ExtractionIssue:
    if not mended.layers:
        return issue
    return replace(issue, evidence=mended.evidence(issue.evidence.start, issue.evidence.end))


def _original_tier(tier: TierReading | None, mended: MendedText) -> TierReading | None:
    if tier is None or not mended.layers:
        return tier
    return replace(tier, evidence=mended.evidence(tier.evidence.start, tier.evidence.end))


def _original_figure(figure: Figure, mended: MendedText) -> Figure:
    if not mended.layers:
        return figure
    return replace(figure, evidence=mended.evidence(figure.evidence.start, figure.evidence.end))
