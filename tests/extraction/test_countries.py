"""Countries: every spelling finds its own, and what only looks like a country is none."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.domain.country import Country
from monitor.extraction import Ambiguity, Language
from monitor.extraction.countries import MentionKind
from monitor.settings.tables import load_tables

REGIONS = {"AF", "EAP", "EUR", "NEA", "SCA", "WHA"}


def found(language: Language, text: str) -> list[str]:
    """The countries that ``text`` mentions, ambiguous words as their candidates joined by a slash."""
    return [mention.iso3 or "/".join(mention.candidates) for mention in language.gazetteer.mentions(text)]


def misread(language: Language, country: Country) -> Iterator[tuple[str, str]]:
    """The spellings of ``country`` that do not find it, with how they were looked up."""
    gazetteer = language.gazetteer
    spellings = [country.iso3, country.name, *country.names, *country.demonyms]
    for name in [*spellings, *map(str.upper, spellings)]:
        if gazetteer.of_name(name) != country.iso3:
            yield "name", name
    for name in (country.name, *country.names, *country.demonyms, *country.cities):
        if found(language, f"The authorities of {name} spoke.") != [country.iso3]:
            yield "prose", name
    for slug in country.slugs:
        if gazetteer.of_slug(f"https://www.state.example/reports/2024/{slug}/") != country.iso3:
            yield "slug", slug
    if country.region not in REGIONS:
        yield "region", country.region


def test_every_spelling_of_the_table_finds_its_country(language: Language) -> None:
    countries = language.gazetteer.countries
    assert {code: list(misread(language, country)) for code, country in countries.items()} == {
        code: [] for code in countries
    }


def test_no_two_countries_share_a_spelling_that_is_not_declared_ambiguous(language: Language) -> None:
    owners: dict[str, set[str]] = {}
    for country in language.gazetteer.countries.values():
        for name in {country.name, *country.names, *country.demonyms, *country.slugs, *country.cities}:
            owners.setdefault(name.lower(), set()).add(country.iso3)
    declared = {word.lower() for group in load_tables()["countries"]["ambiguous"] for word in group["words"]}
    assert {name: codes for name, codes in owners.items() if len(codes) > 1 and name not in declared} == {}


@pytest.mark.shared
def test_the_table_holds_exactly_the_placed_countries(language: Language, shared: Path) -> None:
    with (shared / "reference" / "baseline" / "tiers.csv").open(encoding="utf-8") as file:
        placed = {row["iso3"] for row in csv.DictReader(file)}
    assert set(language.gazetteer.countries) == placed


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("Guinea-Bissau borders Guinea.", ["GNB", "GIN"]),
        ("Nigeria and Niger, Nigerians and Nigeriens", ["NGA", "NER", "NGA", "NER"]),
        ("Papua New Guinea and Equatorial Guinea", ["PNG", "GNQ"]),
        ("the Gulf of Guinea", []),
        ("South Sudan left Sudan; South Sudanese refugees", ["SSD", "SDN", "SSD"]),
        ("the Dominican Republic", ["DOM"]),
        ("New Mexico, the Gulf of Mexico and Mexico", ["MEX"]),
        ("the Indian Ocean, Indian police", ["IND"]),
        ("Northern Ireland and the Republic of Ireland", ["GBR", "IRL"]),
        ("American Samoa and Latin American courts", []),
        ("500 Turkish lira, 20 U.S. dollars and Kenyan shillings", []),
        ("Burma (Myanmar), Swaziland, Cape Verde, Türkiye, Czechia", ["MMR", "SWZ", "CPV", "TUR", "CZE"]),
        ("Côte d'Ivoire, Cote d\u2019Ivoire, Curaçao, Sint Maarten", ["CIV", "CIV", "CUW", "SXM"]),
        ("North Korea and South Korea", ["PRK", "KOR"]),
        ("Democratic Republic of the Congo, Republic of the Congo", ["COD", "COG"]),
        ("Congo; Congolese courts", ["COD/COG", "COD/COG"]),
        ("Korean police", ["KOR/PRK"]),
        ("Dominican authorities", ["DOM"]),
        ("Atlanta, Georgia", []),
        ("in the U.S. state of Georgia", ["USA"]),
        ("Alabama, Georgia, and Florida", ["USA", "USA"]),
        ("Tbilisi, Georgia", ["GEO", "GEO"]),
        ("In 2012, Georgia convicted nine. However, Georgia released two.", ["GEO", "GEO"]),
        ("Armenia, Georgia, and Azerbaijan", ["ARM", "GEO", "AZE"]),
        ("Michael Jordan and Mr. Jordan", []),
        ("In Jordan, Jordan's police and Jordan", ["JOR", "JOR", "JOR"]),
        ("Chad Smith met Israel Lopez in Chad.", ["TCD"]),
        ("a turkey, china cups, a chad", []),
        ("contact us; US police; the UAE", ["USA", "ARE"]),
        ("the US Department of State's report", []),
        ("a non-Kenyan citizen", []),
        ("Buenos Aires police and a court in Kinshasa", ["ARG", "COD"]),
    ],
)
def test_prose_names_countries(language: Language, text: str, countries: list[str]) -> None:
    assert found(language, text) == countries


def test_a_mention_says_how_the_country_is_named(language: Language) -> None:
    text = "Argentine police in Argentina, near Buenos Aires"
    kinds = [
        (mention.kind, text[mention.start : mention.end]) for mention in language.gazetteer.mentions(text)
    ]
    assert kinds == [
        (MentionKind.DEMONYM, "Argentine"),
        (MentionKind.NAME, "Argentina"),
        (MentionKind.CITY, "Buenos Aires"),
    ]


@pytest.mark.parametrize(
    ("heading", "country"),
    [
        ("QATAR (Tier 2)", "QAT"),
        ("HAITI (TIER 2 - WATCH LIST)", "HTI"),
        ("GHANA: Tier 2", "GHA"),
        ("THAILAND: TIER 2 WATCH LIST", "THA"),
        ("BAHAMAS, THE: TIER 1", "BHS"),
        ("CONGO, DEMOCRATIC REPUBLIC OF THE (Tier 2 Watch List)", "COD"),
        ("KOREA, REPUBLIC OF: TIER 1", "KOR"),
        ("GUINEA-BISSAU (Tier 3)", "GNB"),
        ("2024 Trafficking in Persons Report: Argentina", "ARG"),
        ("Macau - 2020 report", "MAC"),
        ("CONGO (Tier 2)", Ambiguity(("COD", "COG"))),
        ("Argentina and Brazil", None),
        ("RECOMMENDATIONS", None),
    ],
)
def test_a_heading_names_one_country_or_says_why_not(
    language: Language, heading: str, country: str | Ambiguity | None
) -> None:
    assert language.gazetteer.of_heading(heading) == country


@pytest.mark.parametrize(
    ("slug", "country"),
    [
        ("the-gambia", "GMB"),
        ("gambia/", "GMB"),
        ("bahamas", "BHS"),
        ("the-bahamas", "BHS"),
        ("united-states", "USA"),
        ("united-states-of-america/", "USA"),
        ("cote-divoire", "CIV"),
        ("argentina-2", "ARG"),
        ("https://www.state.example/reports/2021-report/democratic-republic-of-the-congo/?x=1", "COD"),
        ("congo", Ambiguity(("COD", "COG"))),
        ("index", None),
    ],
)
def test_a_slug_names_a_country(language: Language, slug: str, country: str | Ambiguity | None) -> None:
    assert language.gazetteer.of_slug(slug) == country
