"""Names of countries in headings and slugs, and the cuts they make."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetching.headings import Section, cut_at_headings, heading_name
from monitor.fetching.names import CountryNames, normalised


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("QATAR (Tier 2)", "QATAR"),
        ("HAITI (TIER 2 - WATCH LIST)", "HAITI"),
        ("GHANA: Tier 2", "GHANA"),
        ("THAILAND: TIER 2 WATCH LIST", "THAILAND"),
        ("SOMALIA (Special Case)", "SOMALIA"),
        ("C\u00d4TE D'IVOIRE (Tier 2 Watch List)", "C\u00d4TE D'IVOIRE"),
        ("CHINA (PRC) (Tier 3)", "CHINA (PRC)"),
        ("Ghana \u2013 Tier 1", "Ghana"),
        ("Haiti is placed on Tier 2 Watch List.", None),
        ("The government remained on Tier 2: it does not meet the standards", None),
        ("TIER 2", None),
    ],
)
def test_a_heading_is_a_name_with_a_tier(line, name):
    assert heading_name(line) == name


def test_a_text_is_cut_where_a_heading_stands(countries):
    lines = [
        "Contents",
        "QATAR (Tier 2)",
        "First.",
        "QATAR",
        "Second.",
        "ATLANTIS (Tier 3)",
        "Third.",
        "HAITI",
        "Fourth.",
        "Ghana",
        "Tier 1",
        "Fifth.",
        "Argentina",
    ]
    assert cut_at_headings(lines, CountryNames(countries)) == (
        Section("QATAR", "QAT", ("QATAR (Tier 2)", "First.", "QATAR", "Second.")),
        Section("ATLANTIS", None, ("ATLANTIS (Tier 3)", "Third.")),
        Section("HAITI", "HTI", ("HAITI", "Fourth.")),
        Section("Ghana", "GHA", ("Ghana", "Tier 1", "Fifth.", "Argentina")),
    )


@pytest.mark.parametrize(
    ("slug", "country"),
    [
        ("the-gambia", "GMB"),
        ("gambia", "GMB"),
        ("bahamas", "BHS"),
        ("Bahamas-The", "BHS"),
        ("united-states", "USA"),
        ("united-states-of-america", "USA"),
        ("argentina-2", "ARG"),
        ("c%C3%B4te-divoire", "CIV"),
        ("cote-d-ivoire", "CIV"),
        ("congo", None),
        ("argentinas", None),
        ("", None),
    ],
)
def test_slugs_vary_and_are_never_guessed(slug, country, countries):
    assert CountryNames(countries).by_slug(slug) == country


@given(st.data())
def test_a_name_is_found_in_any_case_and_spacing(data):
    from monitor.domain.country import Countries, Country

    country = Country("XXA", "S\u00e3o Example and the Isles", "AF")
    name = data.draw(st.sampled_from([str.upper, str.lower, str.title, str.swapcase]))(country.name)
    spaced = name.replace(" ", data.draw(st.sampled_from(["  ", "-", "\u00a0", ", "])))
    assert CountryNames(Countries([country])).by_name(spaced) == "XXA"


@given(st.text(max_size=200))
def test_normalising_twice_changes_nothing(name):
    assert normalised(normalised(name)) == normalised(name)


@given(st.lists(st.sampled_from(["QATAR (Tier 2)", "HAITI", "Tier 1", "A sentence.", "", "X (Tier 3)"])))
def test_cutting_loses_no_line_after_the_first_heading(lines):
    from monitor.domain.country import Countries, Country

    names = CountryNames(Countries([Country("QAT", "Qatar", "NEA"), Country("HTI", "Haiti", "WHA")]))
    cut = [line for section in cut_at_headings(lines, names) for line in section.lines]
    assert cut == lines[len(lines) - len(cut) :]
