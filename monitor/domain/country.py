"""Countries of the TIP Report: codes, names, demonyms, regions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Country:
    """One country or territory that the TIP Report places.

    ``iso3`` is ISO 3166-1 alpha-3, and ``XKX`` (user-assigned) for Kosovo. ``names`` are all
    spellings under which any edition published it, ``demonyms`` adjectives and nouns for its
    people, ``slugs`` the last part of its page's address, ``cities`` places that name it safely,
    ``agencies`` bodies that no other country has of that name.
    """

    iso3: str
    name: str
    region: str
    names: tuple[str, ...] = ()
    demonyms: tuple[str, ...] = ()
    slugs: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()


class Countries(Mapping[str, Country]):
    """All countries by ISO3 code, in alphabetical order of their names."""

    __slots__ = ("_by_code",)

    def __init__(self, countries: Iterable[Country]) -> None:
        ordered = sorted(countries, key=lambda country: country.name)
        self._by_code = MappingProxyType({country.iso3: country for country in ordered})

    def __getitem__(self, iso3: str) -> Country:
        return self._by_code[iso3]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_code)

    def __len__(self) -> int:
        return len(self._by_code)

    def name_of(self, iso3: str | None) -> str:
        """Return the name of ``iso3``, the code itself where the table lacks it, or ``Unknown``."""
        if iso3 is None:
            return "Unknown"
        country = self._by_code.get(iso3)
        return country.name if country else iso3
