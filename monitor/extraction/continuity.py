"""Decides whose a paragraph of an article is that opens without naming a country.

Prose keeps to its topic: a paragraph that names no country goes on about the last one, as long as
the article keeps its side of the bargain and names every new country where it turns to it, at the
head of a sentence ("In Chile, ...", "Ghana's police ..."). A name deep inside a sentence is no
turn; it takes for granted that the reader knows whom the paragraph is about. So an article that
names a paragraph's country only there (a survey whose headings got lost) has broken the bargain,
and none of its unnamed paragraphs is anybody's.

Where the article has a main country, that one takes its unnamed paragraphs back; after a digression
to another country only a word that points back ("Its courts", "The ministry") goes on about the
other, and without one the paragraph is nobody's. A paragraph that opens with something new ("A new
law ...") goes on about nobody but the main country.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from monitor.extraction.countries import MentionKind
from monitor.extraction.naming import Named, Role, only, subject, within
from monitor.extraction.news_vocabulary import NewsVocabulary
from monitor.extraction.sentences import Span


class Paragraph(NamedTuple):
    """A paragraph with its namings and its units: sentences, or clauses that name their own country."""

    span: Span
    named: tuple[Named, ...]
    units: tuple[Span, ...]


class Thread:
    """What an article has been about up to a paragraph. ``surveys``: its unnamed paragraphs are nobody's."""

    __slots__ = ("_heading", "_main", "_running", "_surveys", "_vocabulary")

    def __init__(self, vocabulary: NewsVocabulary, main: str | None, *, surveys: bool) -> None:
        self._vocabulary = vocabulary
        self._main = main
        self._surveys = surveys
        self._heading: str | None = None
        self._running: str | None = None

    def pass_headline(self, country: str | None) -> None:
        """Take note of a heading; one without a country ends the section of the country before."""
        if country is None and self._heading is not None:
            self._running = None
        if country is not None or self._heading is not None:
            self._heading = country

    def opening(self, text: str, paragraph: Paragraph) -> str | None:
        """Return the country of a paragraph's sentences before its first naming."""
        carried = self._heading or self._carried(text, paragraph.span)
        own = only(paragraph.named)
        if own is None or own == carried:
            return carried
        if _turns(paragraph) and not self._surveys:
            return carried
        spoken_of = carried is not None and (
            carried == self._heading or carried == self._main == self._running
        )
        return carried if spoken_of else own

    def follow(self, paragraph: Paragraph, last: str | None) -> None:
        """Take note of a paragraph, whose last sentence was about ``last``."""
        topic = only([one for one in paragraph.named if one.country != self._vocabulary.publisher])
        if last == self._vocabulary.publisher != self._main and (topic or self._running or self._main):
            return
        self._running = last

    def _carried(self, text: str, span: Span) -> str | None:
        running = self._running
        if running is None or running == self._main:
            return self._main
        if self._surveys or self._vocabulary.newcomer.match(text, span.start, span.end):
            return None
        if self._main is None or self._vocabulary.pointing.match(text, span.start, span.end):
            return running
        return None


def names_late(paragraphs: Sequence[Paragraph]) -> bool:
    """Whether some paragraph opens without a name and names a new country only deep inside a sentence."""
    running: str | None = None
    for paragraph in paragraphs:
        own = only(paragraph.named)
        named = [one for one in paragraph.named if one.role is not Role.ASIDE]
        if (
            own not in (None, running)
            and running is not None
            and all(one.mention.kind is not MentionKind.CITY for one in named)
            and not within(named, paragraph.units[0])
            and not _turns(paragraph)
        ):
            return True
        last = [found for unit in paragraph.units if (found := subject(within(paragraph.named, unit)))]
        if last:
            running = last[-1].country
    return False


def _turns(paragraph: Paragraph) -> bool:
    """Whether the first country of a paragraph is named at the head of its sentence."""
    for unit in paragraph.units:
        found = subject(within(paragraph.named, unit))
        if found is not None:
            return found.mention.start - unit.start <= _HEAD
    return False


# "Across the border in neighbouring Cambodia" is as long as the head of a sentence gets.
_HEAD = 36
