"""Decides which country a name, slug, heading or stretch of prose names, and where it cannot tell.

One automaton over all names, demonyms, cities and decoys of ``config/countries.toml`` finds every
candidate in one pass; word boundaries, capital letters and the longest match then settle
"Guinea-Bissau" against "Guinea" and "New Mexico" against "Mexico". What is left are words that
several countries share, given back as an ``Ambiguity`` instead of a guess.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from ahocorasick_rs import AhoCorasick

from monitor.domain.country import Countries, Country
from monitor.extraction.characters import lowered


class MentionKind(Enum):
    """How a text names a country; ``AMBIGUOUS`` words belong to several."""

    # Members are single, so their identity serves; Enum's own hash is a call of Python for each look-up.
    __hash__ = object.__hash__

    NAME = auto()
    DEMONYM = auto()
    CITY = auto()
    AGENCY = auto()
    AMBIGUOUS = auto()


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """A word that several countries share, or one that a country outside the table uses too."""

    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A country named at ``text[start:end]``; ``iso3`` is null exactly for ambiguous words."""

    iso3: str | None
    kind: MentionKind
    start: int
    end: int
    candidates: tuple[str, ...] = ()


class _Role(Enum):
    DECOY = auto()
    US_STATE = auto()


@dataclass(frozen=True, slots=True)
class _Entry:
    spelling: str
    kind: MentionKind | _Role
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GazetteerWords:
    """What a gazetteer needs beside the countries; see ``config/countries.toml``.

    ``ambiguous`` maps a word to the codes that share it; ``also_person`` and ``also_state`` are
    codes whose name is a person's or a US state's too.
    """

    ambiguous: Mapping[str, tuple[str, ...]]
    decoys: tuple[str, ...] = ()
    titles: frozenset[str] = frozenset()
    particles: frozenset[str] = frozenset()
    openers: frozenset[str] = frozenset()
    followers: frozenset[str] = frozenset()
    us_states: tuple[str, ...] = ()
    also_person: frozenset[str] = frozenset()
    also_state: frozenset[str] = frozenset()


def countries_from_table(table: Mapping[str, Any]) -> Countries:
    """Return the countries of a parsed ``config/countries.toml``.

    Raises:
        KeyError: an entry lacks ``iso3``, ``name`` or ``region``.
        ValueError: two entries share a code.
    """
    rows = table["country"]
    countries = Countries(
        Country(
            iso3=row["iso3"],
            name=row["name"],
            region=row["region"],
            names=tuple(row.get("names", ())),
            demonyms=tuple(row.get("demonyms", ())),
            slugs=tuple(row.get("slugs", ())),
            cities=tuple(row.get("cities", ())),
            agencies=tuple(row.get("agencies", ())),
        )
        for row in rows
    )
    if len(countries) != len(rows):
        raise ValueError("two entries of the table of countries share a code")
    return countries


def gazetteer_words_from_table(table: Mapping[str, Any]) -> GazetteerWords:
    """Return the shared words, decoys and flags of a parsed ``config/countries.toml``."""
    decoys = table.get("decoys", {})
    return GazetteerWords(
        ambiguous={
            word: tuple(group["countries"]) for group in table.get("ambiguous", ()) for word in group["words"]
        },
        decoys=tuple(decoys.get("phrases", ())),
        titles=frozenset(decoys.get("titles", ())),
        particles=frozenset(decoys.get("particles", ())),
        openers=frozenset(decoys.get("openers", ())),
        followers=frozenset(decoys.get("followers", ())),
        us_states=tuple(decoys.get("us_states", ())),
        also_person=frozenset(row["iso3"] for row in table["country"] if row.get("also_person")),
        also_state=frozenset(row["iso3"] for row in table["country"] if row.get("also_state")),
    )


class Gazetteer:
    """Finds countries by name, demonym and city; built once, then read only."""

    def __init__(self, countries: Countries, words: GazetteerWords) -> None:
        self.countries = countries
        self._words = words
        self._entries: dict[str, list[_Entry]] = {}
        for entry in _entries(countries, words):
            self._entries.setdefault(entry.spelling.lower(), []).append(entry)
        self._patterns = list(self._entries)
        self._automaton = AhoCorasick(self._patterns)
        self._by_name, self._by_slug = _indexes(countries, words)

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Gazetteer:
        """Build the gazetteer of a parsed ``config/countries.toml``."""
        return cls(countries_from_table(table), gazetteer_words_from_table(table))

    def of_name(self, name: str) -> str | Ambiguity | None:
        """Return the country that ``name`` alone names, in any case and with or without accents."""
        return self._by_name.get(_folded(name))

    def of_slug(self, slug: str) -> str | Ambiguity | None:
        """Return the country of a page's address or its last part, whatever slashes it ends in."""
        path = re.split(r"[?#]", slug, maxsplit=1)[0].rstrip("/")
        last = path.rpartition("/")[2].lower().removesuffix(".htm").removesuffix(".html")
        for candidate in (last, re.sub(r"-\d+$", "", last), re.sub(r"^the-", "", last)):
            if candidate in self._by_slug:
                return self._by_slug[candidate]
        return self.of_name(last.replace("-", " "))

    def of_heading(self, heading: str) -> str | Ambiguity | None:
        """Return the country that a heading is about: ``QATAR (Tier 2)``, ``BAHAMAS, THE: Tier 1``.

        A heading that names two countries, or none, gives None.
        """
        found = self.of_name(heading)
        if found is not None:
            return found
        pieces = re.split(
            r"\s*[:()|/\n\[\]]\s*|\s+[-\u2013\u2014]+\s+|\s+[-\u2013\u2014]|[-\u2013\u2014]\s+", heading
        )
        named = [result for piece in pieces if piece and (result := self.of_name(piece)) is not None]
        if not named:
            named = [
                mention.iso3 or Ambiguity(mention.candidates)
                for mention in self.mentions(heading)
                if mention.kind not in (MentionKind.CITY, MentionKind.AGENCY)
            ]
        distinct = set(named)
        return named[0] if len(distinct) == 1 else None

    def mentions(self, text: str) -> list[Mention]:
        """Return the countries named in ``text``, in order, without overlaps. Linear in its length."""
        low = lowered(text).replace("\u2019", "'")
        candidates: list[tuple[int, int, list[_Entry]]] = []
        for index, start, end in self._automaton.find_matches_as_indexes(low, overlapping=True):
            if not _stands_alone(low, start, end):
                continue
            entries = [
                entry
                for entry in self._entries[self._patterns[index]]
                if _written_as_name(text, start, end, entry.spelling)
            ]
            if entries:
                candidates.append((start, end, entries))
        candidates.sort(key=lambda found: (found[0], -found[1]))
        longest: list[tuple[int, int, _Entry]] = []
        reached = 0
        for start, end, entries in candidates:
            if start >= reached:
                longest.append((start, end, entries[0]))
                reached = end
        states = [
            Mention("USA", MentionKind.CITY, start, end)
            for start, end, entry in longest
            if entry.kind is _Role.US_STATE
        ]
        named = [
            Mention(
                iso3=None if entry.kind is MentionKind.AMBIGUOUS else entry.candidates[0],
                kind=entry.kind,
                start=start,
                end=end,
                candidates=entry.candidates,
            )
            for place, (start, end, entry) in enumerate(longest)
            if isinstance(entry.kind, MentionKind)
            and not self._is_person(text, start, end, entry)
            and not self._is_state(text, longest, place)
        ]
        return sorted([*named, *states], key=lambda mention: mention.start) if states else named

    def _is_person(self, text: str, start: int, end: int, entry: _Entry) -> bool:
        """Whether the name at ``start`` is a person's: after a title, or beside another capitalised name."""
        if entry.kind not in (MentionKind.NAME, MentionKind.CITY):
            return False
        before = text[max(0, start - 40) : start]
        word = before.split()[-1] if before[-1:].isspace() and not before.isspace() else ""
        word = "" if word.endswith((",", ";", ":", ")", '"')) else word
        if word in self._words.particles or word.rstrip(".") in self._words.titles:
            return True
        if entry.candidates[0] not in self._words.also_person or text[start:end].isupper():
            return False
        if word[:1].isupper() and not word.isupper() and word not in self._words.openers:
            beside = self.of_name(word)
            return beside is None or beside in self._words.also_person
        after = _NAME_AFTER.match(text, end)
        followed = after is not None and after.group(1) not in self._words.followers
        return followed and word.capitalize() not in self._words.openers

    def _is_state(self, text: str, found: list[tuple[int, int, _Entry]], place: int) -> bool:
        """Whether the name at ``place`` is the US state of that name."""
        start, end, entry = found[place]
        if entry.kind is not MentionKind.NAME or entry.candidates[0] not in self._words.also_state:
            return False
        if _STATE_BEFORE.search(text, max(0, start - 30), start) or _STATE_AFTER.match(text, end):
            return True
        if _speaks_of_state(found[max(0, place - _AROUND) : place + _AROUND], entry):
            return True
        for neighbour in found[max(0, place - 1) : place] + found[place + 1 : place + 2]:
            between = text[min(end, neighbour[1]) : max(start, neighbour[0])]
            if neighbour[2].kind is _Role.US_STATE and _LIST_JOINT.fullmatch(between):
                return True
        town = _TOWN_BEFORE.search(text, max(0, start - 40), start)
        if town is None or town.group(1) in self._words.openers:
            return False
        previous = found[place - 1] if place else None
        return previous is None or previous[1] != town.end(1)


def _speaks_of_state(found: list[tuple[int, int, _Entry]], entry: _Entry) -> bool:
    """Whether a text names a state's offices or fellow states, and no city or people of the country."""
    american = False
    for _, _, other in found:
        if other.kind in (MentionKind.DEMONYM, MentionKind.CITY) and entry.candidates[0] in other.candidates:
            return False
        is_office = other.kind is _Role.DECOY and entry.spelling in other.spelling
        american = american or is_office or other.kind is _Role.US_STATE
    return american


# So many other names tell of which Georgia a text speaks; more would take quadratic time.
_AROUND = 30
_NAME_AFTER = re.compile(r"\s+([A-Z][a-z]+)")
_STATE_BEFORE = re.compile(r"\b(?:U\.?S\.? [Ss]tate of|[Ss]tate of|coastal|rural U\.S\.)\s+\Z")
_STATE_AFTER = re.compile(
    r",? (?:\(?U\.?S\.?A?\b|state (?:police|patrol|troopers|law|senator|court))|, United States"
)
_LIST_JOINT = re.compile(r",? (?:and |or )?")
_TOWN_BEFORE = re.compile(r"\b([A-Z][a-z]+), \Z")


def _entries(countries: Countries, words: GazetteerWords) -> Iterable[_Entry]:
    for word, codes in words.ambiguous.items():
        yield _Entry(word, MentionKind.AMBIGUOUS, codes)
        yield _Entry(word + "s", MentionKind.AMBIGUOUS, codes)
    for phrase in words.decoys:
        yield _Entry(phrase, _Role.DECOY, ())
    for state in words.us_states:
        yield _Entry(state, _Role.US_STATE, ())
    for country in countries.values():
        for name in (country.name, *country.names):
            yield _Entry(name, MentionKind.NAME, (country.iso3,))
        for demonym in country.demonyms:
            yield _Entry(demonym, MentionKind.DEMONYM, (country.iso3,))
            if demonym not in country.names:
                yield _Entry(demonym + "s", MentionKind.DEMONYM, (country.iso3,))
        for city in country.cities:
            yield _Entry(city, MentionKind.CITY, (country.iso3,))
        for agency in country.agencies:
            yield _Entry(agency, MentionKind.AGENCY, (country.iso3,))


def _indexes(
    countries: Countries, words: GazetteerWords
) -> tuple[dict[str, str | Ambiguity], dict[str, str | Ambiguity]]:
    names: dict[str, str | Ambiguity] = {}
    slugs: dict[str, str | Ambiguity] = {}
    for word, codes in words.ambiguous.items():
        names[_folded(word)] = Ambiguity(codes)
    for country in countries.values():
        for name in (country.iso3, country.name, *country.names, *country.demonyms):
            names[_folded(name)] = country.iso3
        for slug in country.slugs:
            slugs[slug] = country.iso3
    return names, slugs


def _folded(name: str) -> str:
    """Return ``name`` without case, accents, punctuation and a leading article."""
    letters = name.casefold()
    if not letters.isascii():
        plain = unicodedata.normalize("NFKD", letters)
        letters = "".join(char for char in plain if not unicodedata.combining(char))
    words = re.sub(
        r"[^a-z0-9]+", " ", letters.replace("'", "").replace("\u2019", "").replace(".", "")
    ).split()
    return " ".join(words[1:] if words[:1] == ["the"] else words)


def _stands_alone(lowered: str, start: int, end: int) -> bool:
    """Whether a match is a word of its own; "non-Kenyan" and "Afro-Brazilian"'s halves are not."""
    if start and (lowered[start - 1].isalnum() or lowered.endswith("non-", 0, start)):
        return False
    return end >= len(lowered) or not lowered[end].isalnum()


def _written_as_name(text: str, start: int, end: int, spelling: str) -> bool:
    """Whether the match is capitalised as a name is; short abbreviations must match exactly."""
    written = text[start:end]
    if written == spelling:
        return True
    if len(spelling) <= 6 and spelling.replace(".", "").isupper():
        return False
    return written[0].isupper()
