"""Decides which sums of money a text says the government gave against trafficking.

A sum counts where its clause holds a verb of giving and a purpose (victims, shelters, the action
plan) and neither a fine, a compensation nor a foreign donor. The purpose may stand in the sentence
before, where this one points back to it ("the program") or names a body by its letters. The sum in
brackets behind another one is its conversion and counted once, in the currency printed first.
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

from monitor.domain.figure import Evidence, Figure, Measure, Qualifier, Relation, Unit
from monitor.extraction.characters import lowered
from monitor.extraction.countries import Gazetteer, MentionKind
from monitor.extraction.sentences import Span

# ASCII: without it a dotted capital I matches "i" and is no key of any table.
_ANY_CASE = re.IGNORECASE | re.ASCII
# More sums than any sentence of a report has.
_MOST_AMOUNTS = 40


@dataclass(frozen=True, slots=True)
class FundingVocabulary:
    """Compiled from ``config/law.toml``.

    ``giving``, ``purpose`` and ``not_funding`` are for text in lower case: they are tried often, and without
    regard to case each takes several times as long.
    """

    amount: re.Pattern[str]
    currencies: Mapping[str, str]
    symbols: Mapping[str, str]
    shared: Mapping[str, Mapping[str, str]]
    spellings: Mapping[str, str]
    giving: re.Pattern[str]
    purpose: re.Pattern[str]
    pointing: re.Pattern[str]
    not_funding: re.Pattern[str]
    donor: re.Pattern[str]
    government: re.Pattern[str]
    previous: re.Pattern[str]
    qualifiers: Mapping[str, Qualifier]
    qualifier: re.Pattern[str]

    @classmethod
    def from_table(cls, law: Mapping[str, Any]) -> FundingVocabulary:
        """Compile a parsed ``config/law.toml``.

        Raises:
            KeyError: a section is missing.
        """
        table = law["funding"]
        shared = law["shared"]
        codes = {*law["currencies"], *(code for users in shared.values() for code in users.values())}
        currencies = {name.lower(): code for code, listed in law["currencies"].items() for name in listed}
        names = (*currencies, *shared, *law["spellings"])
        qualifiers = {
            word: Qualifier(kind) for kind in ("about", "at_least", "at_most") for word in table[kind]
        }
        symbol = _any_of(law["symbols"])
        return cls(
            amount=re.compile(
                rf"(?P<symbol>{symbol})\s?(?P<number>\d[\d,]*(?:\.\d+)?)(?:\s?(?P<scale>{_SCALE})\b)?"
                rf"|(?<![\w$€£.,])(?P<bare>\d[\d,]*(?:\.\d+)?|{'|'.join(_SMALL)})(?:\s?(?P<bare_scale>{_SCALE}))?\s"
                rf"(?P<adjective>(?:[A-Z][\w'-]+\s){{0,3}}?)"
                rf"(?P<currency>{_any_of(codes)}|(?i:{_any_of(names)}))\b"
            ),
            currencies={**currencies, **{code: code for code in codes}},
            symbols=law["symbols"],
            shared={word.lower(): users for word, users in shared.items()},
            spellings={word.lower(): shared_word.lower() for word, shared_word in law["spellings"].items()},
            giving=re.compile(rf"\b(?:{_any_of(table['verbs'])})", re.ASCII),
            purpose=re.compile(_any_of(table["purposes"])),
            pointing=re.compile(
                rf"\b(?:{_any_of(table['pointing'])})\b|\b(?!(?-i:{_any_of(codes)})\b)(?-i:[A-Z]{{3,}})\b",
                _ANY_CASE,
            ),
            not_funding=re.compile(rf"\b(?:{_any_of(table['not_funding'])})", re.ASCII),
            donor=re.compile(rf"\b(?:{_any_of(table['donors'])})\b"),
            government=re.compile(rf"\b(?:{_any_of(table['government'])})", _ANY_CASE),
            previous=re.compile(rf"\b(?:{_any_of(table['previous'])})\b", _ANY_CASE),
            qualifiers=qualifiers,
            qualifier=re.compile(rf"\b(?P<word>{_any_of(qualifiers)})\s+\Z", _ANY_CASE),
        )


_SCALE = "thousand|million|billion|trillion"
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SMALL = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1
    )
}


class _Amount(NamedTuple):
    start: int
    end: int
    value: int
    currency: str


def funding(
    text: str,
    spans: list[Span],
    country: str | None,
    edition: int | None,
    vocabulary: FundingVocabulary,
    gazetteer: Gazetteer,
) -> list[Figure]:
    """Return the government's anti-trafficking funding, in order; ``value`` in units of ``currency``."""
    figures: list[Figure] = []
    for place in _places_of_money(text, spans):
        span = spans[place]
        sentence = text[span.start : span.end]
        low = lowered(sentence)
        before = spans[place - 1] if place else span
        if not vocabulary.purpose.search(low) and not (
            vocabulary.pointing.search(sentence)
            and vocabulary.purpose.search(lowered(text[before.start : before.end]))
        ):
            continue
        for start, end in _clauses(sentence):
            clause = sentence[start:end]
            if not _is_no_funding(clause, low[start:end], vocabulary):
                figures += _clause_funding(
                    clause, span.start + start, country, edition, vocabulary, gazetteer
                )
    return figures


_start = attrgetter("start")
_MONEY_SIGNS = AhoCorasick(("$", "€", "£", "¥", "USD", "EUR", "illion "))
_THOUSANDS_OF = re.compile(r",\d{3} (?=[A-Za-z])")


def _places_of_money(text: str, spans: list[Span]) -> list[int]:
    """Return which sentences may hold a sum: a cheap test before the grammar."""
    signs = [place for _, place, _ in _MONEY_SIGNS.find_matches_as_indexes(text)]
    signs += [found.start() for found in _THOUSANDS_OF.finditer(text)]
    places = {bisect_right(spans, sign, key=_start) - 1 for sign in signs}
    return [place for place in sorted(places) if place >= 0]


def _clauses(sentence: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in re.finditer(";", sentence):
        yield start, found.start()
        start = found.end()
    yield start, len(sentence)


def _is_no_funding(clause: str, low: str, vocabulary: FundingVocabulary) -> bool:
    giving = vocabulary.giving.search(low)
    if giving is None or vocabulary.not_funding.search(low):
        return True
    giver = clause[: giving.start()]
    return bool(vocabulary.donor.search(giver)) and not vocabulary.government.search(giver)


def _clause_funding(
    clause: str,
    offset: int,
    country: str | None,
    edition: int | None,
    vocabulary: FundingVocabulary,
    gazetteer: Gazetteer,
) -> Iterator[Figure]:
    reached, before = 0, 0
    for amount in _amounts(clause, country, vocabulary, gazetteer):
        between = clause[reached : amount.start]
        if _is_conversion(clause, reached, amount):
            reached = amount.end
            continue
        if _TO_EACH.match(clause, amount.end):
            reached = amount.end
            continue
        after = _YEAR_AFTER.match(clause, amount.end)
        after = after or (None if reached else _YEAR_BEFORE.match(clause))
        year = int(after["year"]) if after else None
        compared = reached > 0 and vocabulary.previous.search(between) is not None
        compared = (
            compared
            or _LAST_PERIOD.search(clause, max(0, amount.start - 200), amount.start) is not None
            or _LAST_AFTER.match(clause, amount.end) is not None
        )
        dated_back = year is not None and edition is not None and year < edition - 1
        relation = Relation.PREVIOUS if compared or dated_back else Relation.CURRENT
        if year is not None and year < before:
            # "compared with 109,000 in 2016 and 66,000 in 2015"
            relation = Relation.EARLIER
        elif relation is Relation.PREVIOUS and year is not None:
            before = year
        found = vocabulary.qualifier.search(clause, max(0, amount.start - 30), amount.start)
        yield Figure(
            country=country,
            measure=Measure.FUNDING,
            value=amount.value,
            unit=Unit.MONEY,
            currency=amount.currency,
            relation=relation,
            year=year,
            qualifier=vocabulary.qualifiers[found["word"].lower()] if found else Qualifier.EXACT,
            evidence=Evidence(clause[amount.start : amount.end], offset + amount.start, offset + amount.end),
        )
        reached = amount.end


_YEAR_AFTER = re.compile(
    r"(?:\s*[(\[][^()\[\]]{0,40}[)\]])?(?:\s+\w+){0,3}?"
    r"\s+in\s+(?:fiscal year\s+|the\s+)?(?P<year>(?:19|20)\d\d)\b"
)
_YEAR_BEFORE = re.compile(r"\s*In (?P<year>(?:19|20)\d\d),")
# What a person gets is no budget.
_TO_EACH = re.compile(r"(?:\s*[(\[][^()\[\]]{0,40}[)\]])?\s+(?:per|a|each)\s+(?:month|week|day)\b")
_LAST_PERIOD = re.compile(
    r"\b(?:[Ii]n|[Dd]uring) the (?:previous|prior|preceding) (?:reporting period|reporting year|year)\b"
)
_LAST_AFTER = re.compile(
    r"(?:\s*[(\[][^()\[\]]{0,40}[)\]])?(?:\s+\w+){0,2}?\s+(?:last|(?:in\s+)?the (?:previous|prior))\s+"
    r"(?:fiscal\s+|budget\s+|reporting\s+)?(?:year|period)\b"
)
_BRACKET = re.compile(
    r"\s*(?:\([A-Z]{2,5}\)\s*)?[(\[](?:approximately |about |around |US|USD |equivalent to )?\s*\Z"
)


def _is_conversion(clause: str, reached: int, amount: _Amount) -> bool:
    return reached > 0 and _BRACKET.fullmatch(clause, reached, amount.start) is not None


def _amounts(
    clause: str, country: str | None, vocabulary: FundingVocabulary, gazetteer: Gazetteer
) -> Iterator[_Amount]:
    for found in islice(vocabulary.amount.finditer(clause), _MOST_AMOUNTS):
        if found["symbol"]:
            number, scale, currency = found["number"], found["scale"], vocabulary.symbols[found["symbol"]]
        else:
            number, scale = found["bare"], found["bare_scale"]
            code = _currency(found["currency"], found["adjective"].strip(), country, vocabulary, gazetteer)
            if code is None or (number in _SMALL and not scale):
                continue
            currency = code
        value = _SMALL.get(number) or float(number.replace(",", ""))
        yield _Amount(found.start(), found.end(), round(value * _SCALES.get(scale or "", 1)), currency)


def _currency(
    word: str, adjective: str, country: str | None, vocabulary: FundingVocabulary, gazetteer: Gazetteer
) -> str | None:
    """Return the ISO 4217 code of ``word`` as the adjective before it, else the text's country, uses it."""
    if vocabulary.currencies.get(word) == word:
        return word
    word = word.lower()
    shared = vocabulary.spellings.get(word, word)
    if shared not in vocabulary.shared:
        return vocabulary.currencies.get(word)
    by_country = vocabulary.shared[shared]
    if adjective:
        named = gazetteer.of_name(adjective)
        if not isinstance(named, str):
            near = [
                mention for mention in gazetteer.mentions(adjective) if mention.kind is not MentionKind.CITY
            ]
            named = near[0].iso3 if near else None
        if isinstance(named, str):
            return by_country.get(named) or vocabulary.currencies.get(word)
    return by_country.get(country or "") or vocabulary.currencies.get(word)


def _any_of(words: Any) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
