"""Decides which tier a text states for its country, how it moved, and for how long.

A placement is a verb with a tier ("remained on Tier 2 Watch List for the second consecutive year"),
a heading ("QATAR (Tier 2)") or the Factbook's "tier rating:". A tier that the text mentions without
placing its country ("meets the criteria for Tier 2 Watch List", "an otherwise required downgrade to
Tier 3", another country's, another year's) counts for nothing. Where heading and sentence disagree
the sentence wins, since headings lose words when they are read out of a PDF.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ahocorasick_rs import AhoCorasick

from monitor.domain.figure import Evidence
from monitor.domain.reading import DocumentKind, ExtractionIssue, IssueCode
from monitor.domain.tier import Movement, Tier, TierReading
from monitor.extraction.characters import lowered
from monitor.extraction.countries import Gazetteer, MentionKind

# ASCII: without it a dotted capital I matches "i" and is no key of any table.
_ANY_CASE = re.IGNORECASE | re.ASCII


@dataclass(frozen=True, slots=True)
class TierVocabulary:
    """Compiled from ``config/tiers.toml`` by ``from_table``.

    ``verb`` and ``another_year`` are for text in lower case: without regard to case they would take
    most of the time that reading a tier takes.
    """

    tier: re.Pattern[str]
    numbers: Mapping[str, str]
    verb: re.Pattern[str]
    movements: Mapping[str, Movement | None]
    guard: re.Pattern[str]
    another_year: re.Pattern[str]
    years: re.Pattern[str]
    ordinals: Mapping[str, int]
    expected: re.Pattern[str]

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> TierVocabulary:
        """Compile a parsed ``config/tiers.toml``.

        Raises:
            KeyError: a section is missing.
        """
        numbers = {word.lower(): tier for tier, words in table["tiers"].items() for word in words}
        movements = {
            verb: None if name == "placed" else Movement(name)
            for name, verbs in table["movements"].items()
            for verb in verbs
        }
        ordinals: Mapping[str, int] = table["ordinals"]
        return cls(
            tier=re.compile(
                rf"\btier[\s-]+(?P<number>{_any_of(numbers)})\b"
                r"(?P<watch>[\s,:(\u2013\u2014-]{0,4}(?:special\s+)?watch[\s-]*list\b)?"
                r"|\b(?P<special>special\s+case)\b|\b(?P<bare>(?:special\s+)?watch\s*list)\b",
                _ANY_CASE,
            ),
            numbers=numbers,
            verb=re.compile(rf"\b(?:{_any_of(movements)})\b", re.ASCII),
            movements=movements,
            guard=re.compile(
                rf"\b(?:{_any_of(table['guards']['hypothetical'])})(?:\s+\w+){{0,2}}\s*\Z", _ANY_CASE
            ),
            another_year=re.compile(rf"\b(?:{_any_of(table['guards']['another_year'])})\b", re.ASCII),
            years=re.compile(
                rf"\bfor\s+(?:(?:the|a|an|its)\s+)?(?:last\s+)?(?P<count>{_any_of(ordinals)}|\d{{1,2}}(?:st|nd|rd|th)?)"
                r"\s+(?:(?:consecutive|straight|successive|time|edition)\s+years?\b|years?\s+(?:in\s+a\s+row|running)\b)",
                _ANY_CASE,
            ),
            ordinals=ordinals,
            expected=re.compile(_any_of(table["expected"]["phrases"]), _ANY_CASE),
        )


@dataclass(frozen=True, slots=True)
class TierFound:
    """The tier of a text, or None, with what an operator should look at. Offsets are the text's."""

    tier: TierReading | None
    issues: tuple[ExtractionIssue, ...] = ()


@dataclass(frozen=True, slots=True)
class _Placement:
    value: Tier
    start: int
    end: int
    movement: Movement | None = None
    years: int | None = None
    is_state: bool = False


def read_tier(
    text: str,
    *,
    kind: DocumentKind,
    country: str | None,
    edition: int | None,
    vocabulary: TierVocabulary,
    gazetteer: Gazetteer,
) -> TierFound:
    """Return the tier that ``text`` states for ``country`` in ``edition``.

    Args:
        kind: an article's headings place nobody, and it owes no tier.
        country: whose tier; None takes the placement of whatever country the text is about.
        edition: a clause that names another year speaks of the past.
    """
    matches = list(islice(_mentions(text, vocabulary), _MOST_MENTIONS))
    placements = [
        placement
        for found in matches
        if (placement := _placement(text, found, country, edition, vocabulary, gazetteer)) is not None
    ]
    heading = _heading(text, matches, vocabulary) if kind is DocumentKind.NARRATIVE else None
    best = _best(placements, text)
    chosen = best or heading
    if chosen is None:
        missing = kind is DocumentKind.NARRATIVE and vocabulary.expected.search(text)
        if not missing:
            return TierFound(None)
        issue = ExtractionIssue(IssueCode.NO_TIER, _evidence(text, missing.start(), missing.end()))
        return TierFound(None, (issue,))
    reading = TierReading(
        value=chosen.value,
        evidence=_evidence(text, chosen.start, chosen.end),
        movement=chosen.movement,
        watch_list_years=chosen.years if chosen.value is Tier.TWO_WATCH_LIST else None,
    )
    if heading is None or heading.value is chosen.value:
        return TierFound(reading)
    detail = f"the heading says {heading.value.label}, the sentence {chosen.value.label}"
    issue = ExtractionIssue(IssueCode.TIER_DISAGREES, _evidence(text, heading.start, heading.end), detail)
    return TierFound(reading, (issue,))


def _mentions(text: str, vocabulary: TierVocabulary) -> Iterator[re.Match[str]]:
    """Find tiers like ``vocabulary.tier.finditer``, at the few places where one can begin."""
    reached = 0
    for start in (place - 1 for _, place, _ in _WITHIN.find_matches_as_indexes(text) if place):
        found = vocabulary.tier.match(text, start) if start >= reached else None
        if found is not None:
            reached = found.end()
            yield found


# "Tier", "special" and "watch" after their first letter, in either case.
_WITHIN = AhoCorasick(("ier", "IER", "pecial", "PECIAL", "atch", "ATCH"))


def _best(placements: list[_Placement], text: str) -> _Placement | None:
    """The concluding placement ("therefore ...") before others, one that moves or places before "was on"."""
    concluding = [
        placement for placement in placements if "therefore" in text[placement.start : placement.end].lower()
    ]
    candidates = concluding or placements
    return next(
        (placement for placement in candidates if not placement.is_state), next(iter(candidates), None)
    )


def _placement(
    text: str,
    found: re.Match[str],
    country: str | None,
    edition: int | None,
    vocabulary: TierVocabulary,
    gazetteer: Gazetteer,
) -> _Placement | None:
    """Return what the clause around a tier places, or None where it only mentions the tier."""
    if text[max(0, found.start() - 2) : found.start()].rstrip().endswith(":"):
        # "tier rating: Tier 3": no verb reaches over a colon.
        return None
    start, end = _clause(text, found.start(), found.end())
    before = text[start : found.start()]
    verb = _governing_verb(before, vocabulary)
    clause = text[start:end]
    if verb is None or _MANY.search(before) or _speaks_of_another_year(clause, edition, vocabulary):
        return None
    if country is not None and _another_country(before[: verb.start()], country, gazetteer):
        return None
    if found["special"] and not (found.group().istitle() or vocabulary.years.search(clause)):
        return None
    movement = vocabulary.movements[verb.group()]
    return _Placement(
        value=_tier_of(found, vocabulary),
        start=start,
        end=end,
        movement=movement,
        years=_years(clause, vocabulary),
        is_state=verb.group() in _STATES,
    )


_STATES = frozenset({"is", "was", "are"})


def _governing_verb(before: str, vocabulary: TierVocabulary) -> re.Match[str] | None:
    """Return the verb that places a country on the tier that follows ``before``, if it really does."""
    verb = None
    for verb in vocabulary.verb.finditer(lowered(before)):  # noqa: B007  # the last one governs the tier
        pass
    if verb is None or not _GAP.fullmatch(before, verb.end()):
        return None
    hypothetical = vocabulary.guard.search(before[max(0, verb.start() - 40) : verb.start()])
    return None if hypothetical else verb


# What may stand between the verb and the tier: an object, another tier it came from, a preposition.
_GAP = re.compile(
    r"(?:\s+(?!from\b)[\w'-]+){0,5}?(?:\s+from\s+(?:the\s+)?tier\s+\w+(?:\s+watch\s+list)?)?"
    r"(?:,?\s+(?:to|on|onto|at|in|into|as|under|among))?(?:\s+(?:a|an|the|its))?"
    r"(?:\s+(?:state\s+)?department's)?[\s\"'(]+",
    _ANY_CASE,
)
# A clause about many ("all the selected countries are on Tier 2") places none of them.
_MANY = re.compile(r"\b(?:countries|governments|nations)\b", _ANY_CASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# Begins with one set of characters: a search is fastest then.
_CLAUSE_BREAK = re.compile(
    r"[;\n|\u2022.!?](?:(?<=[;\n|\u2022])|(?<!\bSt[.!?])(?<!\bU\.S[.!?])[\"')]*(?=\s+[A-Z\"(])|(?=\Z))"
)


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the clause around ``start:end``: between semicolons, line ends and full stops."""
    floor = max(0, start - 600)
    first = floor = max(floor, *(text.rfind(mark, floor, start) + 1 for mark in ";\n|\u2022"))
    for found in _CLAUSE_BREAK.finditer(text, floor, start):
        first = found.end()
    found_end = _CLAUSE_BREAK.search(text, end, min(len(text), end + 400))
    last = found_end.end() if found_end else min(len(text), end + 400)
    if found_end and found_end.group() in ";\n|\u2022":
        last = found_end.start()
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return first, last


def _speaks_of_another_year(clause: str, edition: int | None, vocabulary: TierVocabulary) -> bool:
    if vocabulary.another_year.search(lowered(clause)):
        return True
    named = {int(found.group()) for found in _DATED.finditer(clause)}
    return bool(named) and (edition is None or edition not in named)


# A year that dates the placement: "In 2014, ...", "in the 2011 report". A bracketed one only tags it.
_DATED = re.compile(
    r"(?:19|20)\d\d\b(?:(?<=\b[Ii]n \d{4})|(?<=\b[Ii]n the \d{4})|(?<=\bsince \d{4}))",
)


def _another_country(before: str, country: str, gazetteer: Gazetteer) -> bool:
    """Whether the clause's subject is a country other than ``country``."""
    named = [mention for mention in gazetteer.mentions(before) if mention.kind is MentionKind.NAME]
    if not named or named[-1].iso3 == country:
        return False
    part_of = re.search(r"\bof (?:the )?\Z", before[: named[-1].start])
    return not (part_of and any(mention.iso3 == country for mention in named))


def _tier_of(found: re.Match[str], vocabulary: TierVocabulary) -> Tier:
    if found.group("special"):
        return Tier.SPECIAL_CASE
    if found.group("watch") or found.group("bare"):
        return Tier.TWO_WATCH_LIST
    return Tier(vocabulary.numbers[found.group("number").lower()])


def _years(clause: str, vocabulary: TierVocabulary) -> int | None:
    found = vocabulary.years.search(clause)
    if found is None:
        return None
    count = found.group("count").lower()
    return vocabulary.ordinals[count] if count in vocabulary.ordinals else int(re.sub(r"\D", "", count))


_HEADING_SPACE = 600
# A narrative mentions tiers a few times, near its beginning; a hostile text may do so without end.
_MOST_MENTIONS = 60


def _heading(text: str, matches: Iterable[re.Match[str]], vocabulary: TierVocabulary) -> _Placement | None:
    """Return the tier of a heading near the top, or of the Factbook's rating anywhere."""
    for found in matches:
        if found.group("bare"):
            continue
        line_start = text.rfind("\n", 0, found.start()) + 1
        line_end = text.find("\n", found.end())
        line_end = len(text) if line_end < 0 else line_end
        before, after = text[line_start : found.start()], text[found.end() : line_end]
        rating = _RATING.search(text, max(0, found.start() - 20), found.start())
        if rating:
            return _Placement(_tier_of(found, vocabulary), rating.start(), found.end())
        is_line = (
            found.start() < _HEADING_SPACE and _NAME_LINE.fullmatch(before) and _LINE_REST.fullmatch(after)
        )
        if is_line:
            return _Placement(_tier_of(found, vocabulary), line_start, found.end() + len(after.rstrip()))
    return None


_RATING = re.compile(r"\btier\s+(?:rating|ranking|placement)\s*:\s*\Z", _ANY_CASE)
_NAME_LINE = re.compile(r"\s*(?:[^.;\n]{2,90}?\s*[:(\[,\u2013\u2014-]\s*)?(?:a\s+)?")
_LINE_REST = re.compile(r"\s*[)\]]?[.*\d]?\s*")


def _evidence(text: str, start: int, end: int) -> Evidence:
    return Evidence(text=text[start:end], start=start, end=end)


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=len, reverse=True))
