"""Cut pages of the TIP Report, of all its eras, into editions, country pages and narratives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from monitor.domain.country import Countries
from monitor.domain.document import Edition
from monitor.domain.source import Snapshot
from monitor.fetching.failures import NoCountryListed, UnexpectedPage
from monitor.fetching.headings import SHORTEST_SECTION, Section, cut_at_headings, heading_name
from monitor.fetching.markup import (
    canonical_of,
    clean,
    expect_page,
    links_of,
    title_of,
)
from monitor.fetching.names import CountryNames
from monitor.fetching.sites import Sites

_SITE_CHANGED = "look at the page: a changed site needs an edit in config/sites.toml"


@dataclass(frozen=True, slots=True)
class CountryPage:
    """The address of one country's narrative, as an edition's page links it."""

    iso3: str
    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NarrativeText:
    """One country's chapter as plain text: a paragraph or heading a line.

    ``country`` and ``edition`` are null where neither address, heading nor caller tell them.
    ``report_slug`` names the report that the page belongs to, by its canonical address
    (``2024-trafficking-in-persons-report``); null where it has none.
    """

    url: str
    title: str
    text: str
    country: str | None
    edition: int | None
    report_slug: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionPage:
    """What one page of an edition holds.

    ``country_pages`` and ``letter_pages`` (several countries each, to be given to `parse_edition`
    again) are links to follow; ``narratives`` stand on the page itself. ``unknown`` names what looks
    like a country and is not in the table: a line each for the operator.
    """

    country_pages: tuple[CountryPage, ...]
    letter_pages: tuple[str, ...]
    narratives: tuple[NarrativeText, ...]
    unknown: tuple[str, ...]


def parse_index(snapshot: Snapshot, sites: Sites) -> tuple[Edition, ...]:
    """Return the editions that an index lists, newest first, each once.

    Raises:
        UnexpectedPage: the page lists none.
    """
    tree = expect_page(snapshot, sites).tree
    found: dict[int, Edition] = {}
    for url, words in links_of(tree, snapshot.final_url):
        year = _year(url, sites.edition_links)
        if year is None:
            continue
        known = found.get(year)
        # The picture beside a link often links the same page without a word.
        if known is None or (known.url == url and not known.title):
            found[year] = Edition(year, url, words)
    if not found:
        raise UnexpectedPage(
            snapshot.url, "the index lists no edition", hint=_SITE_CHANGED, snapshot=snapshot
        )
    return tuple(
        Edition(year, edition.url, edition.title or f"{year} Trafficking in Persons Report")
        for year, edition in sorted(found.items(), reverse=True)
    )


def parse_edition(snapshot: Snapshot, edition: Edition, countries: Countries, sites: Sites) -> EditionPage:
    """Return the links or narratives of one page of ``edition``.

    Raises:
        UnexpectedPage: the page has neither.
    """
    page = expect_page(snapshot, sites)
    names = CountryNames(countries)
    pages: dict[str, CountryPage] = {}
    letters: dict[str, None] = {}
    unknown: dict[str, None] = {}
    own = {snapshot.url, snapshot.final_url}
    for url, words in links_of(page.tree, snapshot.final_url):
        if url in own or _year_in(urlsplit(url).path) != edition.year:
            continue
        match = _country_link(url, sites)
        if match is None:
            if sites.letter_links.search(words):
                letters[url] = None
            continue
        slug = match.groupdict().get("slug") or ""
        iso3 = (names.by_slug(slug) if slug else None) or names.by_name(words)
        if iso3:
            pages.setdefault(iso3, CountryPage(iso3, countries.name_of(iso3), url))
        elif words and not sites.not_countries.search(slug.lower()):
            unknown[words] = None
    narratives: list[NarrativeText] = []
    for section in cut_at_headings(page.lines, names):
        narrative = _of_section(section, snapshot, edition, page_title=title_of(page.tree))
        if narrative is None:
            continue
        if narrative.country:
            narratives.append(narrative)
        else:
            unknown[section.name] = None
    if not (pages or letters or narratives):
        is_named = str(edition.year) in title_of(page.tree)
        raise (NoCountryListed if is_named else UnexpectedPage)(
            snapshot.url,
            f"the page of edition {edition.year} lists no country",
            hint=_SITE_CHANGED,
            snapshot=snapshot,
        )
    return EditionPage(
        country_pages=tuple(pages.values()),
        letter_pages=tuple(letters),
        narratives=tuple(narratives),
        unknown=tuple(unknown),
    )


def parse_narrative(
    snapshot: Snapshot,
    countries: Countries,
    sites: Sites,
    *,
    edition: int | None = None,
    country: str | None = None,
) -> NarrativeText:
    """Return the narrative of a page of one country; ``edition`` and ``country`` win over the page.

    Raises:
        UnexpectedPage: not such a page: wrong type, technical difficulties, far too short, no text.
    """
    page = expect_page(snapshot, sites)
    names = CountryNames(countries)
    if page.size < sites.shortest_text:
        raise UnexpectedPage(
            snapshot.url,
            f"the page has {page.size} characters of text, too few for a narrative",
            hint=_SITE_CHANGED,
            snapshot=snapshot,
        )
    title = title_of(page.tree)
    address = canonical_of(page.tree, snapshot.final_url)
    report = sites.report.search(address) or sites.report.search(snapshot.final_url)
    slug = report["slug"] if report else None
    return NarrativeText(
        url=snapshot.final_url,
        title=title,
        text="\n".join(page.lines),
        country=country or _country_of(report, title, page.lines, names),
        edition=edition or _edition_of(slug, address, sites),
        report_slug=slug,
    )


def _country_of(
    report: re.Match[str] | None, title: str, lines: list[str], names: CountryNames
) -> str | None:
    """Return the country by the page's address, else its title, else its first heading."""
    if report and report["country"]:
        country = names.by_slug(report["country"])
        if country:
            return country
    candidates = [title, title.rpartition(": ")[2], title.partition(" - ")[0]]
    candidates += [heading_name(line) or line for line in lines[:3] if len(line) <= 110]
    return next(filter(None, map(names.by_name, candidates)), None)


def _edition_of(slug: str | None, address: str, sites: Sites) -> int | None:
    if slug is not None:
        match = sites.tip_slug.search(slug)
        return int(match["year"]) if match else None
    return _year(address, sites.years)


def _of_section(
    section: Section, snapshot: Snapshot, edition: Edition, *, page_title: str
) -> NarrativeText | None:
    """Return a section as a narrative, or null where it is only a name in a list."""
    text = "\n".join(section.lines)
    if len(text) - len(section.lines[0]) < SHORTEST_SECTION:
        return None
    return NarrativeText(
        url=snapshot.final_url,
        title=clean(f"{edition.title or page_title}: {section.name}"),
        text=text,
        country=section.country,
        edition=edition.year,
    )


def _country_link(url: str, sites: Sites) -> re.Match[str] | None:
    path = urlsplit(url).path
    return next(filter(None, (pattern.search(path) for pattern in sites.country_links)), None)


def _year(url: str, patterns: tuple[re.Pattern[str], ...]) -> int | None:
    path = urlsplit(url).path
    match = next(filter(None, (pattern.search(path) for pattern in patterns)), None)
    return int(match["year"]) if match else None


def _year_in(path: str) -> int | None:
    match = re.search(r"/(2\d{3})(?=[-/])", path)
    return int(match[1]) if match else None
