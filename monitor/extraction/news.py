"""Decides which country each part of an article speaks of, and where that is not certain.

An article is cut into stretches: runs of sentences about one country. A sentence that names a
country is about it; one that names none goes on about the country before it in its paragraph.
How a paragraph that opens without a name gets its country, ``continuity`` decides: from its
heading, from the paragraph before, or from the country that the article is about. A sentence that
counts for a region, the world or both countries is nobody's, and so is what goes on from it.
Otherwise the stretch has no country: never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from monitor.extraction.continuity import Paragraph, Thread, names_late
from monitor.extraction.countries import Gazetteer, MentionKind
from monitor.extraction.naming import Named, Role, is_dateline, main_country, named_countries, subject, within
from monitor.extraction.news_vocabulary import NewsVocabulary
from monitor.extraction.sentences import Span, sentences


class Owner(NamedTuple):
    """Whose a number is; ``beside``: because the country is named right behind it."""

    country: str | None
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """Sentences of one paragraph about ``country``; ``named`` are the countries they name.

    ``candidates`` are the countries that an ambiguous word left open.
    """

    start: int
    end: int
    country: str | None
    named: tuple[Named, ...] = ()
    candidates: tuple[str, ...] = ()
    report_edition: int | None = None

    @property
    def is_shared(self) -> bool:
        """Whether the stretch names several countries, so that each number needs its own."""
        return len({named.country for named in self.named}) > 1

    def country_at(self, text: str, place: int, vocabulary: NewsVocabulary) -> Owner:
        """Return whose the number at ``text[place]`` is: the country's right behind it, else before it.

        "17, compared with 12 in neighbouring Paraguay": 12 is Paraguay's. Two countries before the
        number that nothing parts ("Argentina and Brazil convicted 12") leave it open.
        """
        if not self.is_shared:
            return Owner(self.country)
        for named in self.named:
            between = text[place : min(named.mention.start, place + 80)]
            if named.mention.start > place and _BEHIND_NUMBER.fullmatch(between):
                return Owner(named.country, beside=True)
        before = [
            named for named in self.named if named.mention.end <= place and named.role is not Role.ASIDE
        ]
        if not before:
            return Owner(self.country)
        last = before[-1]
        rival = next((named for named in reversed(before) if named.country != last.country), None)
        if rival is None or vocabulary.parting.search(text, rival.mention.end, last.mention.start):
            return Owner(last.country)
        return Owner(None)


@dataclass(frozen=True, slots=True)
class Article:
    """An article's stretches in order, and the one country it is about, if there is one.

    ``named`` are all countries that it names. Behind ``end`` the site's boilerplate begins.
    """

    stretches: tuple[Stretch, ...]
    country: str | None
    end: int
    named: tuple[Named, ...] = ()

    def is_local(self, text: str, sentence: Span, vocabulary: NewsVocabulary) -> bool:
        """Whether a sentence speaks of a place in a country: of a city, a province, and of nothing wider."""
        inside = within(self.named, sentence)
        wide = any(named.mention.kind is not MentionKind.CITY for named in inside)
        if wide or vocabulary.nationwide.search(text, *sentence):
            return False
        places = (n for n in inside if n.role is Role.PLACE and not is_dateline(text, n.mention))
        return any(places) or vocabulary.local.search(text, *sentence) is not None


# What may stand between a number and the country right behind it: "12 convictions in neighbouring".
_BEHIND_NUMBER = re.compile(
    r"[\d,.]*\w*(?:\s+(?!and\b|but\b|while\b)[\w-]+){0,4}?\s+in\s+(?:the\s+)?(?:\w+ing\s+)?"
)
# Enough for any sentence a person wrote.
_MOST_NAMED = 40


def cut(text: str, vocabulary: NewsVocabulary, gazetteer: Gazetteer, about: str | None = None) -> Article:
    """Cut an article's mended text into stretches by country.

    Args:
        text: the mended article, its paragraphs parted by line ends.
        vocabulary: how news name countries and reports.
        gazetteer: the countries.
        about: the country of what names none, where the caller knows it.
    """
    body = text[: _body_end(text, vocabulary)]
    named = named_countries(body, vocabulary, gazetteer)
    sole = about or _sole_country(body, named, vocabulary)
    editions = {int(found[found.lastgroup or 0]) for found in vocabulary.edition.finditer(body)}
    edition = editions.pop() if len(editions) == 1 and vocabulary.report.search(body) else None
    paragraphs = [_paragraph(body, span, named) for span in _paragraphs(body)]
    headlines = _headlines(body, paragraphs, gazetteer)
    main = about if headlines else about or main_country(body, named, vocabulary)
    thread = Thread(vocabulary, main, surveys=main is None and names_late(paragraphs))
    stretches: list[Stretch] = []
    for paragraph in paragraphs:
        if paragraph.span.start in headlines:
            thread.pass_headline(headlines[paragraph.span.start])
        cut_up = _paragraph_stretches(body, paragraph, thread.opening(body, paragraph), edition, vocabulary)
        thread.follow(paragraph, cut_up[-1].country)
        stretches += _joined(cut_up)
    return Article(tuple(stretches), sole, len(body), tuple(named))


def _paragraph(text: str, span: Span, named: list[Named]) -> Paragraph:
    inside = within(named, span)
    return Paragraph(span, tuple(inside), tuple(_units(text, span, inside)))


def _paragraph_stretches(
    text: str,
    paragraph: Paragraph,
    opening: str | None,
    edition: int | None,
    vocabulary: NewsVocabulary,
) -> list[Stretch]:
    """Give every sentence of a paragraph its country; ``opening`` is that of those before any name."""
    stretches: list[Stretch] = []
    current = opening
    carried: tuple[str, ...] = ()
    for unit in paragraph.units:
        inside = within(paragraph.named, unit)
        own = subject(inside)
        if own is not None:
            current = None if own.joint else own.country
            carried = own.joint or (() if own.country else own.mention.candidates)
        elif vocabulary.several.search(text, unit.start, unit.end):
            current, carried = None, ()
        stretches.append(
            Stretch(
                start=unit.start,
                end=unit.end,
                country=current,
                named=tuple(inside[:_MOST_NAMED]),
                candidates=carried,
                report_edition=_edition_of(text[unit.start : unit.end], edition, vocabulary),
            )
        )
    return stretches


def _joined(stretches: list[Stretch]) -> list[Stretch]:
    """Join neighbours that share country and edition."""
    joined: list[Stretch] = []
    for stretch in stretches:
        last = joined[-1] if joined else None
        if last is not None and _joins(last, stretch):
            joined[-1] = replace(last, end=stretch.end, named=last.named or stretch.named)
        else:
            joined.append(stretch)
    return joined


def _units(text: str, paragraph: Span, named: list[Named]) -> Iterator[Span]:
    """Cut a paragraph into sentences, and those at a semicolon that a country's name follows."""
    for span in sentences(text[paragraph.start : paragraph.end]):
        start, end = paragraph.start + span.start, paragraph.start + span.end
        for found in _CLAUSE.finditer(text, start, end):
            if within(named, Span(found.end(), min(end, found.end() + _NEAR))):
                yield Span(start, found.start())
                start = found.end()
        yield Span(start, end)


# A clause that names its own country begins within this many characters.
_NEAR = 60
_CLAUSE = re.compile(r";\s+|,\s+(?=while\b|whereas\b)")


def _joins(last: Stretch, following: Stretch) -> bool:
    same = last.country == following.country and last.report_edition == following.report_edition
    return same and not last.is_shared and not following.is_shared


def _sole_country(text: str, named: list[Named], vocabulary: NewsVocabulary) -> str | None:
    """Return the one country that acts in the article and stands in its beginning."""
    topics = {one.country for one in named if one.role is Role.TOPIC}
    places = {
        one.country for one in named if one.role is Role.PLACE and one.mention.kind is not MentionKind.CITY
    }
    beginning = {one.country for one in named if one.mention.start < max(600, len(text) // 4)}
    for countries in (topics, topics | places):
        about = countries - {vocabulary.publisher} or countries
        if len(about) == 1:
            country = next(iter(about))
            return country if country in beginning else None
        if about:
            return None
    return None


def _headlines(text: str, paragraphs: list[Paragraph], gazetteer: Gazetteer) -> dict[int, str | None]:
    """Return where an article's headings stand, with their countries, if it has sections by country."""
    headlines = {}
    for paragraph in paragraphs:
        line = text[paragraph.span.start : paragraph.span.end].strip()
        if len(line) <= _LONGEST_HEADLINE and line[-1:] not in _ENDS_SENTENCE:
            headlines[paragraph.span.start] = _heading_country(line, gazetteer)
    return headlines if len({*headlines.values(), None}) > _ONE_SECTION else {}


_LONGEST_HEADLINE = 60
_ENDS_SENTENCE = tuple('.!?;,:"\u201d')
# The country of the only section, and none.
_ONE_SECTION = 2


def _heading_country(line: str, gazetteer: Gazetteer) -> str | None:
    """Return the country of a heading that is its name, perhaps with a few words."""
    found = gazetteer.of_name(re.split(r"\s*[:\u2013\u2014(]|\s-\s", line, maxsplit=1)[0])
    return found if isinstance(found, str) else None


def _paragraphs(text: str) -> list[Span]:
    return [
        Span(found.start(), found.end())
        for found in re.finditer(r"[^\n]+", text)
        if not found.group().isspace()
    ]


def _body_end(text: str, vocabulary: NewsVocabulary) -> int:
    """Return where the site's boilerplate begins: the first ending line behind a third of the text."""
    line_start = 0
    while line_start < len(text):
        if line_start > len(text) // 3 and vocabulary.endings.match(text, line_start):
            return line_start
        newline = text.find("\n", line_start)
        if newline < 0:
            break
        line_start = newline + 1
    return len(text)


def _edition_of(sentence: str, edition: int | None, vocabulary: NewsVocabulary) -> int | None:
    """Return the edition of the TIP Report that a sentence attributes its numbers to."""
    found = vocabulary.edition.search(sentence)
    if found and (not found["bare"] or edition is not None):
        return int(found[found.lastgroup or 0])
    return edition if edition is not None and vocabulary.anaphor.search(sentence) else None
