"""Decides what one document says: the one way from a text to its tier, figures and issues."""

from __future__ import annotations

from dataclasses import replace

from monitor.domain.figure import Evidence, Figure
from monitor.domain.reading import DocumentKind, ExtractionIssue, IssueCode, Reading
from monitor.domain.tier import TierReading
from monitor.extraction.countries import Ambiguity
from monitor.extraction.language import Language
from monitor.extraction.offsets import MendedText
from monitor.extraction.readability import text_issues
from monitor.extraction.tier import read_tier

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
            is certain. An article's figures take theirs from the article.
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
    tier = read_tier(
        mended.text,
        kind=kind,
        country=country,
        edition=edition,
        vocabulary=language.tiers,
        gazetteer=language.gazetteer,
    )
    issues += [_original(issue, mended) for issue in tier.issues]
    figures: tuple[Figure, ...] = ()
    return Reading(
        kind=kind,
        country=country,
        edition=edition,
        tier=_original_tier(tier.tier, mended),
        figures=figures,
        issues=tuple(issues),
    )


def _country_of_heading(text: str, language: Language) -> tuple[str | None, list[ExtractionIssue]]:
    """Return the country of a narrative's first line, with an issue where it fits several or none."""
    start = len(text) - len(text.lstrip())
    end = text.find("\n", start)
    end = min(len(text) if end < 0 else end, start + 200)
    found = language.gazetteer.of_heading(text[start:end])
    if isinstance(found, str):
        return found, []
    code = IssueCode.AMBIGUOUS_COUNTRY if isinstance(found, Ambiguity) else IssueCode.NO_COUNTRY
    detail = ", ".join(found.candidates) if isinstance(found, Ambiguity) else "the heading names no country"
    evidence = Evidence(text=text[start:end], start=start, end=end)
    return None, [ExtractionIssue(code, evidence, detail)]


def _original(issue: ExtractionIssue, mended: MendedText) -> ExtractionIssue:
    return replace(issue, evidence=mended.evidence(issue.evidence.start, issue.evidence.end))


def _original_tier(tier: TierReading | None, mended: MendedText) -> TierReading | None:
    if tier is None:
        return None
    return replace(tier, evidence=mended.evidence(tier.evidence.start, tier.evidence.end))
