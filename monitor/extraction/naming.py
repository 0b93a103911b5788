"""Decides what each naming of a country in an article says: whose doing, where, or only which way.

Nationalities of victims, routes and neighbours name nobody whose authorities are counted.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from enum import Enum, auto
from typing import NamedTuple

from monitor.extraction.countries import Gazetteer, Mention, MentionKind
from monitor.extraction.news_vocabulary import NewsVocabulary
from monitor.extraction.sentences import Span


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


def named_countries(text: str, vocabulary: NewsVocabulary, gazetteer: Gazetteer) -> list[Named]:
    """Return every country that ``text`` names with its role, in order."""
    named = [_named(text, mention, vocabulary) for mention in gazetteer.mentions(text)]
    named += _agencies(text, named, vocabulary)
    return _resolved(_listed(text, sorted(named, key=_place)))


def _agencies(text: str, named: Sequence[Named], vocabulary: NewsVocabulary) -> list[Named]:
    """Return where an agency is named by its letters once it was introduced as a country's.

    "Nigeria's anti-trafficking agency NAPTIP" makes every later NAPTIP Nigeria's, unless another
    country has one of the same letters.
    """
    owners: dict[str, set[str]] = {}
    introduced: dict[str, int] = {}
    for one in named:
        found = vocabulary.agency.match(text, one.mention.end) if one.role is Role.TOPIC else None
        if found and one.country is not None:
            owners.setdefault(found["letters"], set()).add(one.country)
            introduced.setdefault(found["letters"], found.end())
    return [
        Named(country, Role.TOPIC, Mention(country, MentionKind.NAME, *place.span()))
        for place in _LETTERS.finditer(text)
        if place.start() > introduced.get(place.group(), len(text)) and len(owners[place.group()]) == 1
        for country in owners[place.group()]
    ]


_LETTERS = re.compile(r"\b[A-Z]{3,10}\b")
# "the Gambia, the Philippines": the first takes the article for its own. "Hungary (8%), followed by Peru".
_LIST = re.compile(
    r"(?:\s*\([^()\n]{1,14}\))?,?\s+(?:(?:and|or)\s+)?(?:followed\s+by\s+)?(?:the\s+)?", re.IGNORECASE
)
_LEADING = re.compile(r"(?:In|Across|Throughout)\s+(?:the\s+)?\Z")


def _named(text: str, mention: Mention, vocabulary: NewsVocabulary) -> Named:
    before = text[max(0, mention.start - 30) : mention.start]
    neighbour = vocabulary.neighbour.search(before)
    led = before[: neighbour.start()] if neighbour else before
    if vocabulary.posted.search(before):
        return Named(mention.iso3, Role.PLACE, mention)
    if _is_aside(text, mention, led, vocabulary):
        return Named(mention.iso3, Role.ASIDE, mention)
    if mention.kind in (MentionKind.DEMONYM, MentionKind.AMBIGUOUS):
        return Named(mention.iso3, Role.TOPIC, mention)
    leading = _LEADING.search(before) is not None
    inside = _INSIDE.search(led) is not None and not leading
    is_place = inside or mention.kind is MentionKind.CITY
    return Named(mention.iso3, Role.PLACE if is_place else Role.TOPIC, mention)


_INSIDE = re.compile(r"\b(?:in|across|throughout|within|inside)\s+(?:the\s+)?\Z")


def _is_aside(text: str, mention: Mention, before: str, vocabulary: NewsVocabulary) -> bool:
    """Whether a naming counts people, is half of a compound, helps, or says where from and where to."""
    if mention.iso3 == vocabulary.publisher and vocabulary.publishing.match(text, mention.end):
        return True
    compound = text[mention.end : mention.end + 1] == "-" or text[mention.start - 1 : mention.start] == "-"
    if compound or _SHARE.search(before):
        return True
    if vocabulary.abroad.match(text, mention.end):
        # "Ethiopia's ambassador to Kenya said his country ..." is about Ethiopia.
        return vocabulary.home.match(text, mention.end) is None
    on_the_way = vocabulary.source.search(before) is None and (
        vocabulary.helper.search(before)
        or (mention.kind is not MentionKind.DEMONYM and vocabulary.route.search(before))
    )
    if on_the_way:
        return True
    if mention.kind in (MentionKind.DEMONYM, MentionKind.AMBIGUOUS):
        return bool(vocabulary.people.match(text, mention.end)) or _is_plural(text, mention)
    # The dearest pattern of all; a text may name a country at every word.
    return before.rstrip().lower().endswith(_OF) and vocabulary.people_of.search(before) is not None


# What ``people_of`` may end with.
_OF = ("of", "the", "foreigners,")


# "six per cent Guyana, five per cent Colombia": where people come from.
_SHARE = re.compile(r"(?:\bper\s?cent|%)\s+(?:are\s+|were\s+)?\Z")


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
    """Whether a demonym is a noun for its people ("Bolivians", "two Dutch"), not an adjective."""
    if text[mention.end - 1] == "s" and not text[mention.start : mention.end].endswith(("ss", "is")):
        return True
    before = text[max(0, mention.start - 14) : mention.start]
    return _ONE_OF_THEM.search(before) is not None and _ENDS_THERE.match(text, mention.end) is not None


# "three Vietnamese, a Russian and a Czech": nothing follows that a demonym could belong to.
_ONE_OF_THEM = re.compile(
    r"(?:\b(?:are|is|were|was|remainder|rest|others|mostly|mainly|an?|one|two|three|four|five|six|seven"
    r"|eight|nine|ten|eleven|twelve)|\d\)?)\s+\Z",
    re.IGNORECASE,
)
_ENDS_THERE = re.compile(r"\s*(?:[,.;)]|(?:and|or|who|were|was|in|at|from|to)\b)")


def _resolved(named: list[Named]) -> list[Named]:
    """Give a shared word its country where the article names exactly one of its candidates otherwise."""
    certain = {one.country for one in named if one.country is not None}
    resolved = []
    for one in named:
        fitting = certain.intersection(one.mention.candidates) if one.country is None else set()
        resolved.append(one._replace(country=fitting.pop()) if len(fitting) == 1 else one)
    return resolved


def subject(named: Sequence[Named]) -> Named | None:
    """Return whom a sentence is about: the first topic, else the first place; cities come last."""
    for role in (Role.TOPIC, Role.PLACE):
        found = [one for one in named if one.role is role]
        if found:
            return next((one for one in found if one.mention.kind is not MentionKind.CITY), found[0])
    return None


def only(named: Sequence[Named]) -> str | None:
    """Return the only country that is named as a topic or place; cities count where nothing else does."""
    for kinds in _KINDS:
        countries = {one.country for one in named if one.role is not Role.ASIDE and one.mention.kind in kinds}
        if countries:
            return next(iter(countries)) if len(countries) == 1 else None
    return None


_KINDS = (frozenset(MentionKind) - {MentionKind.CITY}, frozenset({MentionKind.CITY}))


def within(named: Sequence[Named], span: Span) -> list[Named]:
    """Return the namings inside ``span``."""
    first = bisect_left(named, span.start, key=_place)
    return list(named[first : bisect_left(named, span.end, key=_place)])


def main_country(text: str, named: Sequence[Named], vocabulary: NewsVocabulary) -> str | None:
    """Return the country that an article is about although most of its paragraphs do not name it.

    It is named in the headline or the first sentences, and more often than all others together by half;
    or it is named further down, and hardly any other; or its dateline opens the article and no other is
    named more often; or no other is named at all, and what comes before it speaks of no several. The
    report's publisher is left out beside others where the article is about the report.
    """
    weights = Counter(one.country for one in named if one.role is not Role.ASIDE)
    if len(weights) > 1 and vocabulary.report.search(text):
        weights.pop(vocabulary.publisher, None)
    if not weights:
        return None
    country, weight = weights.most_common(1)[0]
    opening = [one for one in named if one.mention.start < _OPENING and one.role is not Role.ASIDE]
    if any(one.country == country for one in opening) and weight >= _MOST * weights.total():
        return country
    if weight >= _OFTEN and weight >= _ALMOST_ALL * weights.total():
        return country
    first = opening[0] if opening else None
    if first is not None and is_dateline(text, first.mention) and weights[first.country] == weight:
        return first.country
    if len(weights) > 1:
        return None
    place = next(one.mention.start for one in named if one.country == country and one.role is not Role.ASIDE)
    return None if vocabulary.joint.search(text, 0, place) else country


# The headline and the lead of an article have about so many characters.
_OPENING = 300
_MOST = 0.6
# What is named first further down is named so often, and hardly another beside it.
_OFTEN = 3
_ALMOST_ALL = 0.75


def is_dateline(text: str, mention: Mention) -> bool:
    """Whether a place heads its line as where the report was filed: "LUSAKA, May 4 - Police ..."."""
    heads = mention.start == 0 or text[mention.start - 1] == "\n"
    return heads and mention.kind is MentionKind.CITY and _FILED.match(text, mention.end) is not None


_FILED = re.compile(r"[^\n.;]{0,40}?(?:\s[-\u2013\u2014]\s?|:|\))")


def _place(named: Named) -> int:
    return named.mention.start
