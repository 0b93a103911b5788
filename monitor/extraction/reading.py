"""Decides what one document says: the one way from a text to its tier, figures and issues."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from monitor.domain.figure import Evidence, Figure
from monitor.domain.reading import DocumentKind, ExtractionIssue, IssueCode, Reading
from monitor.domain.tier import TierReading
from monitor.extraction.articles import read_article
from monitor.extraction.countries import Ambiguity, MentionKind
from monitor.extraction.figures import read_figures
from monitor.extraction.language import Language
from monitor.extraction.law import read_law
from monitor.extraction.offsets import MendedText
from monitor.extraction.readability import text_issues
from monitor.extraction.sentences import sentences
from monitor.extraction.tier import read_tier
from monitor.extraction.topic import Topic

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
    if kind is DocumentKind.NARRATIVE:
        tier, figures, unread = _narrative(mended.text, country, edition, language)
    else:
        country, tier, figures, unread = read_article(mended.text, country, edition, language)
    issues += [_original(issue, mended) for issue in unread]
    return Reading(
        kind=kind,
        country=country,
        edition=edition,
        tier=_original_tier(tier, mended),
        figures=tuple(_original_figure(figure, mended) for figure in _in_order(figures)),
        issues=tuple(issues),
    )


def _narrative(
    text: str, country: str | None, edition: int | None, language: Language
) -> tuple[TierReading | None, list[Figure], list[ExtractionIssue]]:
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
    law = read_law(
        text,
        spans,
        country=country,
        edition=edition,
        vocabulary=language.law,
        gazetteer=language.gazetteer,
    )
    return tier.tier, [*figures, *law], [*tier.issues, *issues]


def _in_order(figures: list[Figure]) -> list[Figure]:
    return sorted(figures, key=lambda figure: (figure.evidence.start, figure.evidence.end))


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


# What a narrative says of the country that it is about, right after its name. Begins with one white space,
# not with a repetition: a search is fastest then.
_INTRODUCED = re.compile(
    r"\s\s*(?:(?:is|was|are|remains)\s+(?:(?:primarily|mainly|principally|largely|both|still)\s+)*an?\s+(?:\w+\s+)?"
    r"(?:source|transit|destination|Tier)|(?:does|did|do)\s+not\s+(?:fully|demonstrate)|fully\s+meets)"
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
