"""Decides which terms of years a text says the law prescribes for trafficking.

A term ("four to 15 years", "up to 20 years") counts where a word of prescribing governs it and the
sentence, or the one that it leans on, speaks of trafficking. Terms served by persons and the
penalties of other crimes are none.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick

from monitor.domain.figure import Evidence, Figure, Form, Measure, Qualifier, Relation, Unit
from monitor.extraction.characters import lowered
from monitor.extraction.sentences import Span

_LIFE = "life"
# More terms than any law's sentence has.
_MOST_TERMS = 40


@dataclass(frozen=True, slots=True)
class PenaltyVocabulary:
    """Compiled from ``config/law.toml`` and the lexicon's cardinals, for text in lower case.

    ``hints`` finds what every ``cue`` begins with: a cheap test before it.
    """

    cardinals: Mapping[str, int]
    hints: AhoCorasick
    cue: re.Pattern[str]
    imposed: re.Pattern[str]
    trafficking: re.Pattern[str]
    other_crimes: re.Pattern[str]
    previous: re.Pattern[str]
    anaphor: re.Pattern[str]
    sex: re.Pattern[str]
    labor: re.Pattern[str]
    term: re.Pattern[str]

    @classmethod
    def from_tables(cls, law: Mapping[str, Any], cardinals: Mapping[str, int]) -> PenaltyVocabulary:
        """Compile a parsed ``config/law.toml`` and words for numbers below one hundred.

        Raises:
            KeyError: a section is missing.
        """
        table, forms = law["penalty"], law["forms"]
        number = rf"(?:\d{{1,3}}|{_any_of(cardinals)})"
        unit = r"(?:\s*-?\s*(?P<{0}>years?|months?)\b'?)"
        return cls(
            cardinals=cardinals,
            hints=AhoCorasick([*table["cues"], *table["prohibiting"]]),
            cue=re.compile(
                rf"\b(?:{_any_of(table['cues'])})\b"
                rf"|\b(?:{_any_of(table['prohibiting'])})[^.;]{{0,200}}?"
                r"\bwith (?:prison )?(?:sentences|terms)\b",
                re.ASCII,
            ),
            imposed=_words(table["imposed"]),
            trafficking=re.compile(_any_of(table["trafficking"]), re.ASCII),
            other_crimes=re.compile(_any_of(table["other_crimes"]), re.ASCII),
            previous=re.compile(rf"\b(?:{_any_of(table['previous'])})\s+(?:penalties\s+of\s+)?\Z", re.ASCII),
            anaphor=re.compile(rf"(?:{_any_of(table['anaphors'])})", re.ASCII),
            sex=re.compile(_any_of(forms["sex"]), re.ASCII),
            labor=re.compile(_any_of(forms["labor"]), re.ASCII),
            term=re.compile(
                rf"\b(?P<bound>{_any_of((*_AT_LEAST, *_AT_MOST))})?\s*"
                rf"\b(?P<low>{number})\b{unit.format('low_unit')}?"
                rf"(?:\s*(?:-|\u2013|\u2014|\bto\b|\band\b|\bthrough\b)\s*(?P<high>{number}|life)\b"
                rf"{unit.format('high_unit')}?)?",
                re.ASCII,
            ),
        )


_AT_LEAST = (
    "at least",
    "no less than",
    "not less than",
    "no fewer than",
    "a minimum of",
    "minimum of",
    "more than",
    "over",
)
_AT_MOST = (
    "up to",
    "no more than",
    "not more than",
    "a maximum of",
    "maximum of",
    "not exceeding",
    "less than",
)


class _Term(NamedTuple):
    start: int
    end: int
    value: int
    maximum: int | None
    qualifier: Qualifier
    elliptical: bool


def penalties(
    text: str, spans: list[Span], country: str | None, vocabulary: PenaltyVocabulary
) -> list[Figure]:
    """Return the penalties that ``text`` says its law prescribes, in order.

    A range gives ``value`` and ``maximum``; "up to 20 years" the value 20, ``at_most``; "no less
    than 30 years" and "five years to life" the minimum, ``at_least``, without ``maximum``. Terms
    in months are left out unless they make whole years.
    """
    figures: list[Figure] = []
    places = {bisect_right(spans, found.start(), key=_start) - 1 for found in _YEARS.finditer(text)}
    for place in sorted(places):
        span = spans[place]
        sentence = text[span.start : span.end]
        low = lowered(sentence)
        if not vocabulary.hints.find_matches_as_indexes(low) or not vocabulary.cue.search(low):
            continue
        context = vocabulary.trafficking.search(low) or (
            vocabulary.anaphor.match(low)
            and place
            and vocabulary.trafficking.search(lowered(text[spans[place - 1].start : spans[place - 1].end]))
        )
        if context:
            figures += _sentence_penalties(sentence, low, span.start, country, vocabulary)
    return figures


_start = attrgetter("start")
# "The third consecutive year", "the year" end no term.
_YEARS = re.compile(r"years?\b(?<!consecutive year)(?<!consecutive years)(?<!the year)(?<!reporting year)")


def _sentence_penalties(
    sentence: str, low: str, offset: int, country: str | None, vocabulary: PenaltyVocabulary
) -> Iterator[Figure]:
    clause_start = 0
    reached = 0
    for term in _terms(sentence, low, vocabulary):
        semicolon = sentence.rfind(";", clause_start, term.start)
        clause_start = semicolon + 1 if semicolon >= 0 else clause_start
        clause_start = max(clause_start, term.start - _LONGEST_CLAUSE)
        before = low[clause_start : term.start]
        relation = Relation.PREVIOUS if vocabulary.previous.search(before) else Relation.CURRENT
        if relation is Relation.CURRENT and term.elliptical and not _GOES_ON.match(sentence, term.end):
            continue
        governor = None
        for governor in vocabulary.cue.finditer(before):  # noqa: B007  # the last one governs the term
            pass
        if governor is None:
            continue
        between = before[governor.end() :]
        if vocabulary.imposed.search(between) or vocabulary.imposed.search(before[: governor.start()][-200:]):
            continue
        if vocabulary.other_crimes.search(between) and not vocabulary.trafficking.search(between):
            continue
        around = sentence[clause_start : term.end + _LONGEST_CLAUSE].partition(";")[0]
        yield Figure(
            country=country,
            measure=Measure.PENALTY_YEARS,
            value=term.value,
            maximum=term.maximum,
            unit=Unit.YEARS,
            form=_form(before[reached - clause_start if reached > clause_start else 0 :], around, vocabulary),
            relation=relation,
            qualifier=term.qualifier,
            evidence=Evidence(sentence[term.start : term.end], offset + term.start, offset + term.end),
        )
        reached = term.end


_LONGEST_CLAUSE = 500
_GOES_ON = re.compile(r"\s*(?:years?|'|,? up from|,? down from)")


def _terms(sentence: str, low: str, vocabulary: PenaltyVocabulary) -> Iterator[_Term]:
    for found in islice(vocabulary.term.finditer(low), _MOST_TERMS):
        low_unit, high_unit = found["low_unit"], found["high_unit"]
        high = found["high"]
        unit = low_unit or high_unit or ""
        after_life = high is not None and high == _LIFE
        elliptical = not unit
        if elliptical and (
            high is None
            or not _COMPARED.search(sentence, max(0, found.start("low") - 10), found.start("low"))
        ):
            continue
        least = _years(found["low"], (low_unit or high_unit or "years"), vocabulary)
        top = None if high is None or after_life else _years(high, (high_unit or unit or "years"), vocabulary)
        if least is None or (high is not None and not after_life and top is None):
            continue
        if top is not None and top < least:
            continue
        bound = found["bound"] or _bound_around(sentence, found.start("low"), found.end())
        yield _Term(
            start=found.start("bound") if found["bound"] else found.start("low"),
            end=found.end(),
            value=least,
            maximum=top if high or bound else least,
            qualifier=_qualifier(bound, after_life, has_range=top is not None),
            elliptical=elliptical,
        )


_COMPARED = re.compile(r"(?:from|than|of|to)\s+\Z")


def _years(word: str, unit: str, vocabulary: PenaltyVocabulary) -> int | None:
    number = int(word) if word.isdigit() else vocabulary.cardinals[word]
    if unit.startswith("month"):
        return number // 12 if number % 12 == 0 else None
    return number


_BOUND_BEFORE = re.compile(r"\b(minimum|maximum)\b[^,;.]{0,30}\Z")
_BOUND_AFTER = re.compile(r"\s+(minimum|maximum)\b")


def _bound_around(sentence: str, start: int, end: int) -> str | None:
    """Return "minimum of" or "maximum of" where "a minimum punishment of" stands around the term."""
    found = _BOUND_BEFORE.search(sentence, max(0, start - 45), start) or _BOUND_AFTER.match(sentence, end)
    return f"{found.group(1)} of" if found else None


def _qualifier(bound: str | None, after_life: bool, *, has_range: bool) -> Qualifier:
    if after_life:
        return Qualifier.AT_LEAST
    if bound is None or has_range:
        return Qualifier.EXACT
    return Qualifier.AT_LEAST if bound in _AT_LEAST else Qualifier.AT_MOST


_BOTH = re.compile(r"\b(?:all|most) forms\b|sex (?:and|or) labor|labor (?:and|or) sex", re.ASCII)
_WITH_RESPECT = re.compile(r"with (?:respect|regard) to [^,;.]*|commensurate [^;.]*")


def _form(before: str, clause: str, vocabulary: PenaltyVocabulary) -> Form:
    """Return the form that the words before the term, in lower case, else the whole clause, limit it to."""
    for words in (before, lowered(_WITH_RESPECT.sub("", clause))):
        sex, labor = vocabulary.sex.search(words), vocabulary.labor.search(words)
        if (sex and labor) or _BOTH.search(words):
            return Form.ALL
        if sex or labor:
            return Form.SEX if sex else Form.LABOR
    return Form.ALL


def _any_of(words: Any) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _words(words: Any) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_any_of(words)})\b", re.ASCII)
