"""Decides which country each part of an article speaks of, and where that is not certain.

An article is cut into stretches: runs of sentences about one country. A sentence that names a
country is about it; one that names none goes on about the country before it in its paragraph, or
the only one that its paragraph, its heading or the whole article is about. Otherwise the stretch
has no country: never a guess. Nationalities of victims, routes and neighbours name nobody whose
authorities are counted.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any, NamedTuple

from monitor.extraction.countries import Gazetteer, Mention, MentionKind
from monitor.extraction.sentences import Span, sentences


@dataclass(frozen=True, slots=True)
class NewsVocabulary:
    """Compiled from ``config/news.toml``."""

    endings: re.Pattern[str]
    people: re.Pattern[str]
    people_of: re.Pattern[str]
    route: re.Pattern[str]
    neighbour: re.Pattern[str]
    parting: re.Pattern[str]
    publisher: str
    edition: re.Pattern[str]
    report: re.Pattern[str]
    anaphor: re.Pattern[str]

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> NewsVocabulary:
        """Compile a parsed ``config/news.toml``.

        Raises:
            KeyError: a section is missing.
        """
        roles, report = table["roles"], table["report"]
        names = _any_of(report["names"])
        return cls(
            endings=re.compile(rf"[ ]*(?:{_any_of(table['boilerplate']['endings'])})[^\n]*", re.IGNORECASE),
            people=re.compile(rf"\s+(?:\w+\s+)?(?:{_any_of(roles['people'])})\b"),
            people_of=re.compile(rf"\b(?:{_any_of(roles['people'])})\s+of\s+(?:the\s+)?\Z", re.IGNORECASE),
            route=re.compile(rf"\b(?:{_any_of(roles['route'])})\s+(?:the\s+)?\Z", re.IGNORECASE),
            neighbour=re.compile(rf"\b(?:{_any_of(roles['neighbour'])})\s+\Z", re.IGNORECASE),
            parting=re.compile(rf"[;\d]|\b(?:{_any_of(roles['parting'])}|{_NUMBERS})\b", re.IGNORECASE),
            publisher=roles["publisher"],
            edition=re.compile(
                r"\b(?P<before>20\d\d)\s+(?:annual\s+|global\s+)?(?:(?:U\.?S\.?|State Department)\s+)?"
                rf"(?:{names})"
                rf"|(?:{names})\s+(?:of\s+|for\s+)?\(?(?P<after>20\d\d)\b"
                r"|\b[Tt]he\s+(?P<bare>20\d\d)\s+report\b"
            ),
            report=re.compile(names),
            anaphor=re.compile(rf"\b(?:{_any_of(report['anaphors'])})\b", re.IGNORECASE),
        )


_NUMBERS = "no|none|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens"


class Role(Enum):
    """What a mention says: whose doing (``TOPIC``), where (``PLACE``), only who or which way (``ASIDE``)."""

    TOPIC = auto()
    PLACE = auto()
    ASIDE = auto()


class Named(NamedTuple):
    """A country named in an article; ``country`` is null where the word fits several.

    ``joint`` are all countries of the list it stands in: "Peru and Chile convicted 12".
    """

    country: str | None
    role: Role
    mention: Mention
    joint: tuple[str, ...] = ()


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

    Behind ``end`` the site's boilerplate begins.
    """

    stretches: tuple[Stretch, ...]
    country: str | None
    end: int


# What may stand between a number and the country right behind it: "12 convictions in neighbouring".
_BEHIND_NUMBER = re.compile(
    r"[\d,.]*\w*(?:\s+(?!and\b|but\b|while\b)[\w-]+){0,4}?\s+in\s+(?:the\s+)?(?:\w+ing\s+)?"
)
_LIST = re.compile(r",\s*|,?\s+(?:and|or)\s+")
# Enough for any sentence a person wrote.
_MOST_NAMED = 40
_LEADING = re.compile(r"(?:In|Across|Throughout)\s+(?:the\s+)?\Z")


def cut(text: str, vocabulary: NewsVocabulary, gazetteer: Gazetteer, about: str | None = None) -> Article:
    """Cut an article's mended text into stretches by country.

    Args:
        text: the mended article, its paragraphs parted by line ends.
        vocabulary: how news name countries and reports.
        gazetteer: the countries.
        about: the country of what names none, where the caller knows it.
    """
    body = text[: _body_end(text, vocabulary)]
    mentions = gazetteer.mentions(body)
    named = _resolved(_listed(body, [_named(body, mention, vocabulary) for mention in mentions]))
    sole = about or _sole_country(body, named, vocabulary)
    editions = {int(found[found.lastgroup or 0]) for found in vocabulary.edition.finditer(body)}
    edition = editions.pop() if len(editions) == 1 and vocabulary.report.search(body) else None
    stretches: list[Stretch] = []
    heading: str | None = None
    for paragraph in _paragraphs(body):
        of_heading = _heading_country(body, paragraph, gazetteer)
        if of_heading is not None:
            heading = of_heading
        inside = _within(named, paragraph)
        fallback = (
            _only(inside) or (heading if not _open(inside) else None) or (sole if not _open(inside) else None)
        )
        stretches += _paragraph_stretches(body, paragraph, inside, fallback, edition, vocabulary)
    return Article(tuple(stretches), sole, len(body))


def _paragraph_stretches(
    text: str,
    paragraph: Span,
    named: list[Named],
    fallback: str | None,
    edition: int | None,
    vocabulary: NewsVocabulary,
) -> list[Stretch]:
    """Give every sentence of a paragraph its country and join neighbours that share it."""
    stretches: list[Stretch] = []
    current = fallback
    carried: tuple[str, ...] = ()
    for unit in _units(text, paragraph, named):
        inside = _within(named, unit)
        own = _subject(inside)
        if own is not None:
            current = None if own.joint else own.country
            carried = own.joint or (() if own.country else own.mention.candidates)
        stretch = Stretch(
            start=unit.start,
            end=unit.end,
            country=current,
            named=tuple(inside[:_MOST_NAMED]),
            candidates=carried,
            report_edition=_edition_of(text[unit.start : unit.end], edition, vocabulary),
        )
        last = stretches[-1] if stretches else None
        if last is not None and _joins(last, stretch):
            stretches[-1] = replace(last, end=stretch.end, named=last.named or stretch.named)
        else:
            stretches.append(stretch)
    return stretches


def _units(text: str, paragraph: Span, named: list[Named]) -> Iterator[Span]:
    """Cut a paragraph into sentences, and those at a semicolon that a country's name follows."""
    for span in sentences(text[paragraph.start : paragraph.end]):
        start, end = paragraph.start + span.start, paragraph.start + span.end
        for found in _CLAUSE.finditer(text, start, end):
            if _within(named, Span(found.end(), min(end, found.end() + _NEAR))):
                yield Span(start, found.start())
                start = found.end()
        yield Span(start, end)


# A clause that names its own country begins within this many characters.
_NEAR = 60
_CLAUSE = re.compile(r";\s+|,\s+(?=while\b|whereas\b)")


def _joins(last: Stretch, following: Stretch) -> bool:
    same = last.country == following.country and last.report_edition == following.report_edition
    return same and not last.is_shared and not following.is_shared


def _subject(named: list[Named]) -> Named | None:
    """Return whom a sentence is about: the first topic, else the first place; cities come last."""
    for role in (Role.TOPIC, Role.PLACE):
        found = [one for one in named if one.role is role]
        if found:
            return next((one for one in found if one.mention.kind is not MentionKind.CITY), found[0])
    return None


def _named(text: str, mention: Mention, vocabulary: NewsVocabulary) -> Named:
    before = text[max(0, mention.start - 30) : mention.start]
    if mention.kind is MentionKind.DEMONYM or (
        mention.kind is MentionKind.AMBIGUOUS and not vocabulary.route.search(before)
    ):
        counts_people = vocabulary.people.match(text, mention.end) or _is_plural(text, mention)
        return Named(mention.iso3, Role.ASIDE if counts_people else Role.TOPIC, mention)
    neighbour = vocabulary.neighbour.search(before)
    led = before[: neighbour.start()] if neighbour else before
    pair = text[mention.end : mention.end + 1] == "-" or before.endswith("-")
    if pair or vocabulary.route.search(led) or vocabulary.people_of.search(led):
        return Named(mention.iso3, Role.ASIDE, mention)
    if mention.kind is MentionKind.CITY:
        return Named(mention.iso3, Role.PLACE, mention)
    leading = _LEADING.search(before) is not None
    inside = re.search(r"\b(?:in|across|throughout|within|inside)\s+(?:the\s+)?\Z", led) is not None
    return Named(mention.iso3, Role.PLACE if inside and not leading else Role.TOPIC, mention)


def _listed(text: str, named: list[Named]) -> list[Named]:
    """Let the members of a list share its role: "from Peru and Chile", "Peruvian and Chilean women"."""
    listed: list[Named] = []
    run: list[Named] = []
    for one in named:
        if run and not _LIST.fullmatch(text, run[-1].mention.end, one.mention.start):
            listed += _as_one(run)
            run = []
        run.append(one)
    return listed + _as_one(run)


def _as_one(run: list[Named]) -> list[Named]:
    aside = bool(run) and Role.ASIDE in (run[0].role, run[-1].role)
    if aside:
        return [one._replace(role=Role.ASIDE) for one in run]
    joint = tuple(sorted({one.country for one in run if one.country is not None}))
    return [one._replace(joint=joint) for one in run] if len(joint) > 1 else run


def _is_plural(text: str, mention: Mention) -> bool:
    """Whether a demonym is a noun for its people ("Bolivians"), not an adjective before a noun."""
    return text[mention.end - 1] == "s" and not text[mention.start : mention.end].endswith(("ss", "is"))


def _resolved(named: list[Named]) -> list[Named]:
    """Give a shared word its country where the article names exactly one of its candidates otherwise."""
    certain = {one.country for one in named if one.country is not None}
    resolved = []
    for one in named:
        fitting = certain.intersection(one.mention.candidates) if one.country is None else set()
        resolved.append(one._replace(country=fitting.pop()) if len(fitting) == 1 else one)
    return resolved


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


def _only(named: list[Named]) -> str | None:
    """Return the only country that a paragraph names as a topic or place."""
    for kinds in ((MentionKind.NAME, MentionKind.DEMONYM, MentionKind.AMBIGUOUS), (MentionKind.CITY,)):
        countries = {one.country for one in named if one.role is not Role.ASIDE and one.mention.kind in kinds}
        if countries:
            return next(iter(countries)) if len(countries) == 1 else None
    return None


def _open(named: list[Named]) -> bool:
    """Whether a paragraph names countries as topic or place, so that nothing above it decides."""
    return any(one.role is not Role.ASIDE for one in named)


def _within(named: list[Named], span: Span) -> list[Named]:
    first = bisect_left(named, span.start, key=_place)
    return named[first : bisect_left(named, span.end, key=_place)]


def _place(named: Named) -> int:
    return named.mention.start


def _heading_country(text: str, paragraph: Span, gazetteer: Gazetteer) -> str | None:
    """Return the country of a line that is a section's heading: its name, perhaps with a few words."""
    line = text[paragraph.start : paragraph.end].strip()
    if len(line) > 60 or line[-1:] in ".!?;,":
        return None
    found = gazetteer.of_name(re.split(r"\s*[:\u2013\u2014(]|\s-\s", line, maxsplit=1)[0])
    return found if isinstance(found, str) else None


def _paragraphs(text: str) -> list[Span]:
    return [Span(found.start(), found.end()) for found in re.finditer(r"[^\n]*\S[^\n]*", text)]


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


def _any_of(words: Any) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
