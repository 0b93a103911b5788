"""Match the names and slugs of pages against the table of countries: exactly, after normalising."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

from monitor.domain.country import Countries

_NO_LETTERS = re.compile(r"[^a-z0-9]+")


class CountryNames:
    """Finds a country by a name or slug; nothing is guessed from parts or likeness of names."""

    def __init__(self, countries: Countries) -> None:
        self._codes: dict[str, str | None] = {}
        for iso3, country in countries.items():
            for name in {normalised(name) for name in (country.name, *country.names, *country.slugs)}:
                # A name that two countries share ("congo") names neither.
                self._codes[name] = iso3 if self._codes.get(name, iso3) == iso3 else None
        for iso3, country in countries.items():
            self._codes[normalised(country.name)] = iso3
        self._by_code = {iso3.lower(): iso3 for iso3 in countries}

    def by_name(self, name: str) -> str | None:
        """Return the code of a country by one of its names, in any case, with or without accents."""
        return self._codes.get(normalised(name[:120]))

    def by_slug(self, slug: str) -> str | None:
        """Return the code of a country by the last part of an address; ``argentina-2`` is Argentina."""
        words = normalised(unquote(slug[:120]))
        return self._codes.get(words) or self._codes.get(re.sub(r" \d$", "", words))

    def by_code(self, code: str) -> str | None:
        """Return ``code`` as the table writes it, or null where it has none such."""
        return self._by_code.get(code.lower())


def normalised(name: str) -> str:
    """Return a name as lower-case ASCII words without "the": ``Côte d'Ivoire`` is ``cote d ivoire``."""
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ").replace("\u0131", "i"))
    letters = "".join(character for character in plain.casefold() if not unicodedata.combining(character))
    return " ".join(word for word in _NO_LETTERS.sub(" ", letters).split() if word != "the")
