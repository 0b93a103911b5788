"""Pages of the report's eras, in markup that we wrote after each, and on saved pages of the same site."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.document import Edition
from monitor.fetching.failures import UnexpectedPage
from monitor.fetching.report import (
    CountryPage,
    EditionPage,
    NarrativeText,
    parse_edition,
    parse_index,
    parse_narrative,
)
from tests.fetching.sites_of_tests import page

INDEX = "https://www.state.gov/trafficking-in-persons-report/"
EDITION = Edition(2024, "https://www.state.gov/reports/2024-trafficking-in-persons-report/", "TIP 2024")
PROSE = "The government of this sample country took some steps and reported them in a sentence. " * 4


def test_an_index_lists_editions_newest_first_and_each_once(sites):
    index = page(
        """<html><h1>Trafficking in Persons Report</h1>
        <a href="/reports/2019-trafficking-in-persons-report-2/">2019 Report</a>
        <a href="https://www.state.gov/reports/2024-trafficking-in-persons-report/"><img src=x></a>
        <a href="https://www.state.gov/reports/2024-trafficking-in-persons-report/">2024 Report</a>
        <a href="/reports/2024-trafficking-in-persons-report/argentina/">Argentina</a>
        <a href="/reports/2023-country-reports-on-human-rights-practices/">Human rights</a>
        <a href="https://2017-2021.state.gov/reports/2018-trafficking-in-persons-report">2018</a>
        <a href="https://2009-2017.state.gov/j/tip/rls/tiprpt/2015/index.htm">2015</a>
        <a href="https://2001-2009.state.gov/g/tip/rls/tiprpt/2006/">2006</a>
        <a href="/wp-content/uploads/2024-trafficking-in-persons-report.pdf">PDF</a>
        <a href="javascript:x('/reports/2031-trafficking-in-persons-report/')">x</a></html>""",
        INDEX,
    )
    state = "https://www.state.gov/reports/"
    assert parse_index(index, sites) == (
        Edition(2024, state + "2024-trafficking-in-persons-report/", "2024 Report"),
        Edition(2019, state + "2019-trafficking-in-persons-report-2/", "2019 Report"),
        Edition(2018, "https://2017-2021.state.gov/reports/2018-trafficking-in-persons-report", "2018"),
        Edition(2015, "https://2009-2017.state.gov/j/tip/rls/tiprpt/2015/index.htm", "2015"),
        Edition(2006, "https://2001-2009.state.gov/g/tip/rls/tiprpt/2006/", "2006"),
    )


def test_an_index_without_editions_is_no_index(sites):
    with pytest.raises(UnexpectedPage, match="lists no edition"):
        parse_index(page("<html><p>Nothing here any more.</p></html>", INDEX), sites)


def test_an_edition_links_country_pages_by_varying_slugs(countries, sites):
    base = EDITION.url
    links = "".join(
        f'<li><a href="{href}">{words}</a></li>'
        for href, words in [
            (f"{base}argentina/", "Argentina"),
            ("/reports/2024-trafficking-in-persons-report/the-gambia", "The Gambia"),
            ("bahamas", "Bahamas, The"),
            ("united-states-of-america/#top", "United States"),
            ("argentina", "Argentina again"),
            ("congo/", "Republic of the Congo"),
            ("atlantis/", "Atlantis"),
            ("introduction-letter/", "Letter"),
            ("/reports/2023-trafficking-in-persons-report/haiti/", "Haiti last year"),
            (base, "Back"),
        ]
    )
    found = parse_edition(
        page(f"<html><h1>2024 Report</h1><ul>{links}</ul></html>", base), EDITION, countries, sites
    )
    assert found == EditionPage(
        country_pages=(
            CountryPage("ARG", "Argentina", base + "argentina/"),
            CountryPage("GMB", "The Gambia", base + "the-gambia"),
            CountryPage("BHS", "The Bahamas", base + "bahamas"),
            CountryPage("USA", "United States of America", base + "united-states-of-america/"),
            CountryPage("COG", "Republic of the Congo", base + "congo/"),
        ),
        letter_pages=(),
        narratives=(),
        unknown=("Atlantis",),
    )


def test_an_edition_lists_its_countries_in_a_selection_too(countries, sites):
    addresses = [f"{EDITION.url}argentina/", f"{EDITION.url}the-gambia"]
    options = "".join(f'<option value="{address}">A country</option>' for address in addresses)
    listed = page(f'<html><select><option value=""></option>{options}</select></html>', EDITION.url)
    found = parse_edition(listed, EDITION, countries, sites)
    assert [each.url for each in found.country_pages] == addresses


def test_an_edition_of_2009_to_2017_links_numbered_pages(countries, sites):
    edition = Edition(2015, "https://2009-2017.state.gov/j/tip/rls/tiprpt/2015/index.htm", "2015")
    html = """<html><a href="/j/tip/rls/tiprpt/countries/2015/243456.htm">Haiti</a>
        <a href="https://2009-2017.state.gov/j/tip/rls/tiprpt/countries/2014/1.htm">Ghana</a></html>"""
    found = parse_edition(page(html, edition.url), edition, countries, sites)
    url = "https://2009-2017.state.gov/j/tip/rls/tiprpt/countries/2015/243456.htm"
    assert found.country_pages == (CountryPage("HTI", "Haiti", url),)


def test_an_edition_of_2001_to_2009_links_pages_by_letter(countries, sites):
    edition = Edition(2006, "https://2001-2009.state.gov/g/tip/rls/tiprpt/2006/", "2006")
    html = """<html><a href="65987.htm">Introduction</a> <a href="65988.htm">Country Narratives: A - G</a>
        <a href="65989.htm">Countries H through P</a></html>"""
    found = parse_edition(page(html, edition.url), edition, countries, sites)
    assert found.letter_pages == (edition.url + "65988.htm", edition.url + "65989.htm")


def test_the_edition_of_2004_links_pages_by_region(countries, sites):
    edition = Edition(2004, "https://2001-2009.state.gov/g/tip/rls/tiprpt/2004/", "2004")
    html = """<html><a href="33186.htm">V. Country Narratives: Africa</a>
        <a href="33191.htm">Country Narratives: East Asia and Pacific</a>
        <a href="33192.htm">Country Narratives -- Western Hemisphere</a>
        <a href="1.htm">Europe Day</a></html>"""
    found = parse_edition(page(html, edition.url), edition, countries, sites)
    assert [url.rpartition("/")[2] for url in found.letter_pages] == ["33186.htm", "33191.htm", "33192.htm"]


def many_countries(*headings: str) -> str:
    chapters = "".join(
        f"<p><a name=x></a><b>{heading}</b></p><p>{PROSE}</p><p><b>Prosecution</b><br>{PROSE}</p>"
        for heading in headings
    )
    return f"""<html><head><title>Countries H - Q</title></head><body><table><tr><td>Menu</td><td>
        <div id="centerblock"><p>Countries: Haiti | Qatar</p>{chapters}</div></table></body></html>"""


def test_a_page_of_many_countries_is_cut_at_its_headings(countries, sites):
    edition = Edition(2006, "https://2001-2009.state.gov/g/tip/rls/tiprpt/2006/", "TIP 2006")
    url = edition.url + "65989.htm"
    html = many_countries("HAITI (TIER 2 - WATCH LIST)", "ATLANTIS (Tier 3)", "QATAR (Tier 2)")
    found = parse_edition(page(html, url), edition, countries, sites)
    prose = PROSE.strip()

    def chapter(title: str, heading: str, country: str) -> NarrativeText:
        text = f"{heading}\n{prose}\nProsecution\n{prose}"
        return NarrativeText(url=url, title=f"TIP 2006: {title}", text=text, country=country, edition=2006)

    assert found == EditionPage(
        country_pages=(),
        letter_pages=(),
        narratives=(
            chapter("HAITI", "HAITI (TIER 2 - WATCH LIST)", "HTI"),
            chapter("QATAR", "QATAR (Tier 2)", "QAT"),
        ),
        unknown=("ATLANTIS",),
    )


def test_an_edition_without_countries_is_no_edition(countries, sites):
    with pytest.raises(UnexpectedPage, match="edition 2024 lists no country"):
        parse_edition(page("<html><p>Soon.</p></html>", EDITION.url), EDITION, countries, sites)


CURRENT = f"""<!doctype html><html><head><title>Argentina - Sample</title>
<link rel="canonical" href="https://www.state.gov/reports/2024-trafficking-in-persons-report/argentina/">
</head><body><nav><ul><li><a href="/">Home</a></ul></nav>
<h1>2024 Trafficking in Persons Report: Argentina</h1>
<article><div class="entry-content"><aside>Read also</aside>
<section class="entry-content"><h2 class="report__section-title">ARGENTINA (Tier 1)</h2>
<p>{PROSE}<a href="#_ftn1">[1]</a></p><script>track()</script></section>
<h3 class="report__section-title">PROSECUTION</h3>
<section class="entry-content"><p>{PROSE}</p><figure>Picture</figure></section>
</div></article><footer>Privacy</footer></body></html>"""


def test_a_country_page_of_the_current_site(countries, sites):
    url = "https://web.archive.org/web/2025/https://www.state.gov/x/"
    assert parse_narrative(page(CURRENT, url), countries, sites) == NarrativeText(
        url=url,
        title="2024 Trafficking in Persons Report: Argentina",
        text=f"ARGENTINA (Tier 1)\n{PROSE.strip()}\nPROSECUTION\n{PROSE.strip()}",
        country="ARG",
        edition=2024,
        report_slug="2024-trafficking-in-persons-report",
    )


def test_the_caller_knows_better_than_the_page(countries, sites):
    found = parse_narrative(page(CURRENT), countries, sites, edition=2020, country="GHA")
    assert (found.edition, found.country) == (2020, "GHA")


def test_a_page_of_2009_to_2017_tells_edition_by_address_and_country_by_heading(countries, sites):
    html = f"""<html><head><title>Haiti</title></head><body><div id="header">US</div>
        <div id="centerblock"><div id="breadcrumbs">Home</div><h2>Country Narratives</h2>
        <p><b>HAITI: Tier 2 Watch List</b></p><p>{PROSE}</p></div></body></html>"""
    url = "https://2009-2017.state.gov/j/tip/rls/tiprpt/countries/2015/243456.htm"
    assert parse_narrative(page(html, url), countries, sites) == NarrativeText(
        url=url,
        title="Haiti",
        text=f"Country Narratives\nHAITI: Tier 2 Watch List\n{PROSE.strip()}",
        country="HTI",
        edition=2015,
    )


def test_a_page_far_too_short_is_no_narrative(countries, sites):
    html = '<html><h1>Argentina</h1><section class="entry-content"><p>Soon.</p></section></html>'
    with pytest.raises(UnexpectedPage, match="too few for a narrative") as caught:
        parse_narrative(page(html), countries, sites)
    assert caught.value.snapshot == page(html)


@given(content=st.binary(max_size=300))
def test_any_bytes_are_refused_in_words_or_read(content, countries, sites):
    with pytest.raises(UnexpectedPage) as caught:
        parse_narrative(page(content), countries, sites)
    assert caught.value.reason


@pytest.mark.shared
@pytest.mark.parametrize(
    ("year", "country"),
    [(year, "argentina") for year in (2016, 2018, 2019, 2020, 2022, 2023, 2024)]
    + [(year, "ghana") for year in (2019, 2020, 2022, 2023, 2024)],
)
def test_saved_pages_of_the_same_site_are_read_whole(shared: Path, countries, sites, year, country):
    path = shared / "corpus" / "state-gov" / f"human-rights-{year}-{country}.html"
    found = parse_narrative(page(path.read_bytes(), "https://archive.example/"), countries, sites)
    assert (found.country, found.edition, found.report_slug) == (
        {"argentina": "ARG", "ghana": "GHA"}[country],
        None,
        f"{year}-country-reports-on-human-rights-practices",
    )
    assert found.title == f"{year} Country Reports on Human Rights Practices: {country.title()}"
    assert found.text.lower().startswith("executive summary\n")
    assert len(found.text) > 12_000
    # Nothing of the frame, and nothing twice: long paragraphs are all different.
    assert "official website" not in found.text
    paragraphs = [line for line in found.text.split("\n") if len(line) > 200]
    assert len(set(paragraphs)) == len(paragraphs)
