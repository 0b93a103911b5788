"""Decides what an article states: reads its stretches, gives every number a country, settles the whole.

An article is read stretch by stretch, so that no number takes another country's comparison; but what
it says of one country hangs together over all its stretches. So each country has a context of its
own, in which "of these cases" finds what was counted paragraphs before, and is settled by itself: a
case told as a story counts only where the article gives that country no total, the headline's number
and the text's are one, the year before is the one before the year that the article is about.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import replace
from typing import NamedTuple

from monitor.domain.figure import Confidence, Evidence, Figure, Relation
from monitor.domain.reading import DocumentKind, ExtractionIssue, IssueCode
from monitor.domain.tier import TierReading
from monitor.extraction.drafts import Draft
from monitor.extraction.figures import SHORTEST_SENTENCE, Passage, read_drafts
from monitor.extraction.frames import Context
from monitor.extraction.language import Language
from monitor.extraction.law import read_law
from monitor.extraction.news import Article, Owner, Stretch, cut
from monitor.extraction.news_vocabulary import NewsVocabulary
from monitor.extraction.reconcile import reconcile
from monitor.extraction.retelling import without_retold
from monitor.extraction.sentences import Span, sentences
from monitor.extraction.tier import read_tier
from monitor.extraction.topic import Topic

MAX_ARTICLE = 150_000
"""Longer articles are cut here and say so; long reports of the press have about 60,000 characters."""


class ArticleRead(NamedTuple):
    """What was read of an article, with offsets of its mended text."""

    country: str | None
    tier: TierReading | None
    figures: list[Figure]
    issues: list[ExtractionIssue]


def read_article(text: str, country: str | None, edition: int | None, language: Language) -> ArticleRead:
    """Read a mended article; ``country`` owns what names none, where the caller knows it."""
    text = language.news.pointers.sub(lambda line: " " * len(line.group()), text)
    article = cut(text[:MAX_ARTICLE], language.news, language.gazetteer, about=country)
    body = text[: article.end]
    counted, unread = _counted(body, article, language)
    figures = [*counted, *_law(body, article, edition, language)]
    tier = None
    if article.country is not None:
        tier = read_tier(
            body,
            kind=DocumentKind.NEWS,
            country=article.country,
            edition=edition,
            vocabulary=language.tiers,
            gazetteer=language.gazetteer,
        ).tier
    issues = [*_overlong(text), *unread, *_country_issues(body, article, figures)]
    return ArticleRead(article.country, tier, figures, issues)


def _counted(body: str, article: Article, language: Language) -> tuple[list[Figure], list[ExtractionIssue]]:
    """Return the counts of all stretches, settled country by country, and what was not read."""
    passage, topic = Passage.of(body), Topic(body, language.topic)
    contexts: dict[Hashable, Context] = {}
    settling: dict[Hashable, list[tuple[str | None, Draft]]] = defaultdict(list)
    issues: list[ExtractionIssue] = []
    for stretch in article.stretches:
        context = contexts.setdefault(_whose(stretch.country, stretch, article), Context(news=True))
        drafts, unread = read_drafts(passage, _sentences(body, stretch), language.lexicon, context)
        for draft in drafts:
            if topic.covers(draft.start):
                owner = _placed(draft, body, stretch, language.news)
                settling[_whose(owner, stretch, article)].append((owner, draft))
        issues += [issue for issue in unread if topic.covers(issue.evidence.start)]

    def is_local(draft: Draft) -> bool:
        return article.is_local(body, Span(draft.start, draft.end), language.news)

    figures = [
        draft.figure(body, told[0][0])
        for told in settling.values()
        for draft in reconcile(without_retold([draft for _, draft in told], is_local), news=True)
    ]
    return figures, issues


def _whose(country: str | None, stretch: Stretch, article: Article) -> Hashable:
    """Return what is settled together: a country's numbers; those of no certain one may be two countries'."""
    return country if country is not None or not article.named else stretch.start


def _sentences(body: str, stretch: Stretch) -> Iterator[Span]:
    if stretch.end - stretch.start >= SHORTEST_SENTENCE:
        for span in sentences(body[stretch.start : stretch.end]):
            yield Span(stretch.start + span.start, stretch.start + span.end)


def _placed(draft: Draft, body: str, stretch: Stretch, vocabulary: NewsVocabulary) -> str | None:
    """Return whose a number is by its place, and let it know what follows from that.

    A number beside another country's name is that country's own, not a comparison of the period before.
    """
    draft.report_edition = stretch.report_edition
    # The body that an article quotes speaks for its country.
    draft.agency = False
    owner = stretch.country_at(body, draft.source, vocabulary)
    foreign = owner.beside and owner.country != stretch.country
    if foreign and draft.relation is Relation.PREVIOUS:
        draft.relation = Relation.CURRENT
    if foreign or (stretch.is_shared and owner.country is None):
        draft.low = True
    return owner.country


def _law(body: str, article: Article, edition: int | None, language: Language) -> Iterator[Figure]:
    """Yield penalties and funds with their country; where their number stands is looked for."""
    law = read_law(
        body,
        sentences(body),
        country=article.country,
        edition=edition,
        vocabulary=language.law,
        gazetteer=language.gazetteer,
    )
    places = [figure.evidence.start for figure in law]
    for stretch in article.stretches:
        if stretch.end - stretch.start < SHORTEST_SENTENCE:
            continue
        for figure in law[bisect_left(places, stretch.start) : bisect_left(places, stretch.end)]:
            start, end = figure.evidence.start, figure.evidence.end
            owners = {
                stretch.country_at(body, start + place, language.news)
                for place in _places(body[start:end], figure.value)
            } or {Owner(stretch.country)}
            owner = owners.pop() if len(owners) == 1 else Owner(None)
            unsure = stretch.is_shared and owner.country is None
            yield replace(
                figure,
                country=owner.country,
                report_edition=stretch.report_edition,
                confidence=Confidence.LOW if unsure else figure.confidence,
            )


def _places(evidence: str, value: int | None) -> list[int]:
    """Return where in its evidence a figure's number may stand."""
    spellings = {str(value), f"{value or 0:,}", *(word for word, number in _WORDS.items() if number == value)}
    pattern = rf"(?<![\w.,])(?:{'|'.join(map(re.escape, spellings))})(?![\w]|[.,]\d)"
    return [found.start() for found in re.finditer(pattern, evidence, re.IGNORECASE)]


_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
}  # fmt: skip


def _overlong(text: str) -> list[ExtractionIssue]:
    if len(text) <= MAX_ARTICLE:
        return []
    rest = text[MAX_ARTICLE : MAX_ARTICLE + 80]
    evidence = Evidence(rest, MAX_ARTICLE, MAX_ARTICLE + len(rest))
    detail = f"only the first {MAX_ARTICLE} characters of an article are read"
    return [ExtractionIssue(IssueCode.TOO_LONG, evidence, detail)]


def _country_issues(body: str, article: Article, figures: list[Figure]) -> Iterator[ExtractionIssue]:
    """Yield one issue for each stretch whose figures lack a certain country."""
    unowned = sorted(figure.evidence.start for figure in figures if figure.country is None)
    for stretch in article.stretches:
        if bisect_left(unowned, stretch.start) == bisect_left(unowned, stretch.end):
            continue
        evidence = Evidence(text=body[stretch.start : stretch.end], start=stretch.start, end=stretch.end)
        named = sorted({named.country for named in stretch.named if named.country is not None})
        if stretch.candidates:
            yield ExtractionIssue(IssueCode.AMBIGUOUS_COUNTRY, evidence, ", ".join(stretch.candidates))
        elif stretch.is_shared:
            yield ExtractionIssue(IssueCode.AMBIGUOUS_COUNTRY, evidence, ", ".join(named))
        else:
            yield ExtractionIssue(IssueCode.NO_COUNTRY, evidence, "nothing here says whose figures these are")
