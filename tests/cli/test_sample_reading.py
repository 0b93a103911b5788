"""What the real parsers and the real extractor find on the bundled sample site: what its data states."""

import csv
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from monitor.bootstrap import Vocabulary, vocabulary
from monitor.cli.sample_site import SampleSite
from monitor.domain.figure import CORE_MEASURES
from monitor.domain.reading import DocumentKind, Reading
from monitor.domain.source import Snapshot
from monitor.extraction import read
from monitor.fetching.report import NarrativeText, parse_edition, parse_index, parse_narrative
from monitor.fetching.sites import read_sites
from monitor.settings.files import shipped

NOW = datetime(2014, 7, 1, tzinfo=UTC)

# measure, value, unit, form, relation, year, and the fields that are not the default
Labelled = tuple[str, int | None, str, str, str, int | None, dict[str, str]]
# narratives by edition and ISO3 code
Found = dict[int, dict[str, NarrativeText]]

EDITIONS = (2009, 2012, 2013, 2014)


def data(year: int) -> dict[str, dict[str, Any]]:
    """The narratives of an edition's data by their slug."""
    path = shipped("config") / "sample" / f"{year}.toml"
    narratives: dict[str, dict[str, Any]] = tomllib.loads(path.read_text("utf-8"))["narratives"]
    return narratives


PAGES = [(year, slug) for year in EDITIONS for slug in data(year)]


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    return vocabulary()


@pytest.fixture(scope="module")
def found(words: Vocabulary) -> Found:
    """What the report's parsers find from the index on: by edition and ISO3 code."""
    sites = read_sites(shipped("config") / "sites.toml")

    def fetched(url: str) -> Snapshot:
        response = httpx.get(url)
        return Snapshot(url, url, NOW, response.headers["Content-Type"], response.content)

    found: Found = {}
    with SampleSite() as site:
        site.publish_third_edition()
        for edition in parse_index(fetched(site.index_url), sites):
            page = parse_edition(fetched(edition.url), edition, words.countries, sites)
            assert (page.letter_pages, page.unknown) == ((), ())
            texts = [
                parse_narrative(fetched(link.url), words.countries, sites) for link in page.country_pages
            ]
            found[edition.year] = {text.country or "?": text for text in (*page.narratives, *texts)}
    return found


def reading(text: NarrativeText, words: Vocabulary) -> Reading:
    return read(
        text.text,
        kind=DocumentKind.NARRATIVE,
        country=text.country,
        edition=text.edition,
        language=words.language,
    )


def code_of(slug: str, words: Vocabulary) -> str:
    (code,) = (code for code, country in words.countries.items() if slug in country.slugs)
    return code


def labelled(narrative: dict[str, Any]) -> list[Labelled]:
    """The lines of the data's ``figures``, in the notation that 2013.toml explains."""
    figures: list[Labelled] = []
    for line in narrative["figures"].strip().splitlines():
        measure, value, unit, form, relation, year, *rest = line.split()
        figures.append(
            (
                measure,
                None if value == "unreported" else int(value),
                unit,
                form,
                relation,
                None if year == "-" else int(year),
                dict(pair.split("=") for pair in rest),
            )
        )
    return figures


def is_core(figure: Labelled) -> bool:
    return figure[0] in CORE_MEASURES and "accused" not in figure[6]


@pytest.mark.parametrize("year", EDITIONS)
def test_the_parsers_find_every_narrative(found: Found, words: Vocabulary, year: int) -> None:
    assert found[year].keys() == {code_of(slug, words) for slug in data(year)}
    assert {text.edition for text in found[year].values()} == {year}


@pytest.mark.parametrize(("year", "slug"), PAGES)
def test_the_tier_of_a_page_is_read(found: Found, words: Vocabulary, year: int, slug: str) -> None:
    tier = reading(found[year][code_of(slug, words)], words).tier
    assert (tier and tier.value) == data(year)[slug]["tier"]


@pytest.mark.parametrize(("year", "slug"), PAGES)
def test_the_core_figures_of_a_page_are_read_and_no_others(
    found: Found, words: Vocabulary, year: int, slug: str
) -> None:
    figures = reading(found[year][code_of(slug, words)], words).figures
    # Stage and qualifier are left out: a page is about its numbers, hard-cases.md about the finer points.
    assert {
        (f.measure.value, f.value, f.unit.value, f.form.value, f.relation.value, f.year)
        for f in figures
        if f.is_core
    } == {figure[:6] for figure in labelled(data(year)[slug]) if is_core(figure)}


def test_argentina_2013_gives_the_figures_of_the_report(found: Found, words: Vocabulary) -> None:
    figures = reading(found[2013]["ARG"], words).figures
    assert [
        (f.measure.value, f.value, f.form.value, f.relation.value, f.year, f.accused.value)
        for f in figures
        if f.measure in CORE_MEASURES
    ] == [
        ("investigations", 368, "all", "current", None, "any"),
        ("convictions", 17, "all", "current", None, "any"),
        ("convictions", 15, "sex", "current", None, "any"),
        ("convictions", 2, "labor", "current", None, "any"),
        ("convictions", 31, "all", "previous", 2011, "any"),
        ("prosecutions", 71, "all", "current", 2012, "officials"),
    ]


@pytest.mark.shared
def test_the_sample_places_its_countries_as_the_report_did(words: Vocabulary, shared: Path) -> None:
    with (shared / "reference" / "baseline" / "tiers.csv").open(encoding="utf-8") as file:
        placed = {(int(row["edition"]), row["iso3"]): row["tier"] for row in csv.DictReader(file)}
    for year in EDITIONS:
        assert {slug: narrative["tier"] for slug, narrative in data(year).items()} == {
            slug: placed[year, code_of(slug, words)] for slug in data(year)
        }
