"""Cut the PDF of a whole edition into narratives, by its headings and its table of contents."""

from __future__ import annotations

import re
from dataclasses import dataclass

from monitor.domain.country import Countries
from monitor.domain.document import Edition
from monitor.domain.source import Snapshot
from monitor.fetching.failures import UnexpectedPage
from monitor.fetching.headings import heading_name, longest_sections
from monitor.fetching.names import CountryNames
from monitor.fetching.pdf import PdfText, paragraphs, pdf_text
from monitor.fetching.report import NarrativeText

_CONTENTS_LINE = re.compile(r"(?P<name>[^.\d]{2,60}?)\s*(?:\.\s*){2,}(?P<page>\d{1,3})")
_CONTENTS_PAGES = 20
# Fewer countries than this in a list are no table of contents of the report.
_FEWEST = 3


@dataclass(frozen=True, slots=True)
class WholeEdition:
    """The narratives of a PDF; ``missing`` are countries (ISO3) of its contents without one."""

    narratives: tuple[NarrativeText, ...]
    missing: tuple[str, ...]


def parse_whole_edition(snapshot: Snapshot, edition: Edition, countries: Countries) -> WholeEdition:
    """Return the narratives of a PDF. Blocking: it is read in a process of its own.

    Raises:
        UnexpectedPage: no PDF.
        FetchFailed: nothing in it can be read.
    """
    if b"%PDF-" not in snapshot.content[:1024]:
        kind = snapshot.media_type.partition(";")[0] or "something"
        raise UnexpectedPage(
            snapshot.url,
            f"answered {kind} instead of a PDF",
            hint="look at the address in config/sites.toml",
            snapshot=snapshot,
        )
    names = CountryNames(countries)
    text = pdf_text(snapshot.content, snapshot.url)
    listed = _contents(text, names)
    _mark_headings(text, listed, names)
    lines = paragraphs(line for page in text.pages for line in page)
    sections = longest_sections(lines, names)
    if not sections:
        raise UnexpectedPage(snapshot.url, "no country's heading is found in the PDF", snapshot=snapshot)
    found = {iso3 for iso3, _ in sections}
    return WholeEdition(
        tuple(
            NarrativeText(
                url=snapshot.final_url,
                title=f"{edition.title}: {countries.name_of(iso3)}",
                text=section,
                country=iso3,
                edition=edition.year,
            )
            for iso3, section in sections
        ),
        tuple(iso3 for iso3 in listed if iso3 not in found),
    )


def _contents(text: PdfText, names: CountryNames) -> dict[str, int | None]:
    """Return the countries that the bookmarks, else a printed table of contents, list, in its order.

    With the page (from 0) where the bookmarks say it; printed numbers count otherwise.
    """
    marked: dict[str, int | None] = {}
    for title, page in text.outline:
        iso3 = names.by_name(heading_name(title) or title)
        if iso3:
            marked.setdefault(iso3, page)
    if len(marked) >= _FEWEST:
        return marked
    printed: dict[str, int | None] = {}
    for line in (line for page in text.pages[:_CONTENTS_PAGES] for line in page):
        match = _CONTENTS_LINE.fullmatch(line.strip())
        iso3 = names.by_name(match["name"]) if match else None
        if iso3:
            printed.setdefault(iso3, None)
    return printed if len(printed) >= _FEWEST else {}


def _mark_headings(text: PdfText, listed: dict[str, int | None], names: CountryNames) -> None:
    """Write in capitals the first line of each listed country that is its name alone.

    So a heading that is set like any other line is one that both paragraphs and cutting know.
    """
    waiting = dict(listed)
    for number, page in enumerate(text.pages):
        for at, line in enumerate(page):
            bare = line.strip()
            iso3 = names.by_name(bare) if 2 < len(bare) < 60 else None
            if iso3 is None or iso3 not in waiting:
                continue
            expected = waiting[iso3]
            if expected is None or expected <= number <= expected + 1:
                page[at] = bare.upper()
                del waiting[iso3]
