"""Decides which countries a reader means by a few letters."""

from __future__ import annotations

import unicodedata

from monitor.domain.country import Countries, Country


def find_countries(text: str, countries: Countries) -> tuple[Country, ...]:
    """Return the countries meant by ``text``: the one it names exactly, else all with a word that it begins.

    Names, published spellings, demonyms and ISO3 codes count; case and accents do not.
    """
    wanted = _folded(text)
    if not wanted:
        return ()
    terms = {country: _terms(country) for country in countries.values()}
    exact = tuple(country for country, known in terms.items() if wanted in known)
    if exact:
        return exact
    return tuple(
        country for country, known in terms.items() if any(f" {wanted}" in f" {term}" for term in known)
    )


def _terms(country: Country) -> frozenset[str]:
    return frozenset(
        _folded(term) for term in (country.iso3, country.name, *country.names, *country.demonyms)
    )


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return " ".join(kept.split())
