"""Which countries a reader means by a few letters."""

from __future__ import annotations

import pytest

from monitor.web.search import find_countries
from tests.web.samples import COUNTRIES


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Guinea", ["GIN"]),
        ("guin", ["GIN", "GNB"]),
        ("bissau", ["GNB"]),
        ("cote d\N{RIGHT SINGLE QUOTATION MARK}ivoire", ["CIV"]),
        ("IVORY COAST", ["CIV"]),
        ("turkiye", ["TUR"]),
        ("Turkish", ["TUR"]),
        ("tur", ["TUR"]),
        ("plurinational state", ["BOL"]),
        ("uinea", []),
        ("...", []),
        ("", []),
    ],
)
def test_names_spellings_demonyms_and_codes_find_a_country(words: str, found: list[str]) -> None:
    assert [country.iso3 for country in find_countries(words, COUNTRIES)] == found
