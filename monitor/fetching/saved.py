"""Read narratives out of files that a person saved: HTML pages, PDFs of editions, plain texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from monitor.domain.country import Countries
from monitor.domain.source import Snapshot
from monitor.fetching.decoding import decoded
from monitor.fetching.failures import FetchFailed
from monitor.fetching.headings import heading_name, longest_sections
from monitor.fetching.markup import canonical_of, expect_page, title_of
from monitor.fetching.names import CountryNames
from monitor.fetching.pdf import pdf_lines
from monitor.fetching.report import NarrativeText, parse_narrative
from monitor.fetching.sites import Sites

_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|article|section|div|table|p)\b", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffd]")
_YEAR = re.compile(r"(?<!\d)20\d{2}(?!\d)")
_TITLE_YEAR = re.compile(r"(20\d{2})\s+trafficking in persons report", re.IGNORECASE)
# A file is no fetch: the moment does not reach the narrative, and the core knows no clock.
_NO_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the caller and the file's name say: given wins over the text, named comes after it."""

    edition: int | None
    country: str | None
    named_edition: int | None
    named_country: str | None


def read_saved(
    path: Path,
    content: bytes,
    countries: Countries,
    sites: Sites,
    *,
    edition: int | None = None,
    country: str | None = None,
) -> tuple[NarrativeText, ...]:
    """Return the narratives of one file; ``edition`` and ``country`` win over what the file says.

    Else the canonical link, the heading, the file's name (``ARG.txt``, ``argentina.html``) and a year
    in its name or its folder's (``tip-2018``) tell them. Blocking: a PDF takes a process of its own.

    Raises:
        FetchFailed: nothing can be read, or it is another report's page; url is the path.
    """
    names = CountryNames(countries)
    told = _Told(edition, country, _year_of(path), names.by_code(path.stem) or names.by_slug(path.stem))
    if not content.strip():
        raise FetchFailed(str(path), "the file is empty")
    if b"%PDF-" in content[:1024]:
        return _of_lines(path, pdf_lines(content, str(path)), names, told)
    if _HTML.search(content[:8192]):
        return _of_page(path, content, countries, sites, told)
    text = decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    if len(_CONTROLS.findall(text[:20_000])) > len(text[:20_000]) / 100:
        raise FetchFailed(
            str(path), "the file is neither text nor HTML nor PDF", hint="give a saved page or its text"
        )
    if path.suffix.lower() in (".html", ".htm"):
        return _of_page(path, content, countries, sites, told)
    if told.country or told.named_country:
        return (_whole(path, text, names, told),)
    return _of_lines(path, text.split("\n"), names, told)


def _of_page(
    path: Path, content: bytes, countries: Countries, sites: Sites, told: _Told
) -> tuple[NarrativeText, ...]:
    snapshot = Snapshot(str(path), str(path), _NO_MOMENT, "text/html", content)
    page = expect_page(snapshot, sites)
    names = CountryNames(countries)
    if not told.country:
        sections = longest_sections(page.lines, names)
        if len(sections) > 1:
            title = title_of(page.tree)
            address = canonical_of(page.tree, path.resolve().as_uri())
            match = next(filter(None, (pattern.search(address) for pattern in sites.years)), None)
            titled = _TITLE_YEAR.search(title) or _TITLE_YEAR.search("\n".join(page.lines[:20]))
            year = match["year"] if match else titled[1] if titled else None
            edition = told.edition or (int(year) if year else told.named_edition)
            return tuple(_of_section(address, text, iso3, title, edition) for iso3, text in sections)
    found = parse_narrative(snapshot, countries, sites, edition=told.edition, country=told.country)
    is_of_another = found.report_slug is not None and not sites.tip_slug.search(found.report_slug)
    if is_of_another and (told.edition is None or told.country is None):
        raise FetchFailed(
            str(path),
            f"this is a page of another report ({found.report_slug}), not of the TIP Report",
            hint="give --edition and --country to read it all the same",
        )
    titled = _TITLE_YEAR.search(found.title)
    return (
        replace(
            found,
            url=canonical_of(page.tree, path.resolve().as_uri()),
            country=found.country or told.named_country,
            edition=found.edition or (int(titled[1]) if titled else told.named_edition),
        ),
    )


def _of_lines(
    path: Path, lines: Sequence[str], names: CountryNames, told: _Told
) -> tuple[NarrativeText, ...]:
    """Return a narrative for every country's heading, or one for the whole where there is none."""
    sections = [] if told.country else longest_sections(lines, names)
    if len(sections) < 2:
        return (_whole(path, "\n".join(lines), names, told),)
    edition = told.edition or told.named_edition
    address = path.resolve().as_uri()
    return tuple(_of_section(address, text, iso3, path.name, edition) for iso3, text in sections)


def _whole(path: Path, text: str, names: CountryNames, told: _Told) -> NarrativeText:
    head = text[:2000].split("\n")
    headed = [heading_name(line) or line for line in head[:5] if len(line) <= 110]
    in_heading = next(filter(None, map(names.by_name, headed)), None)
    titled = _TITLE_YEAR.search("\n".join(head[:5]))
    return NarrativeText(
        url=path.resolve().as_uri(),
        title=path.name,
        text=text,
        country=told.country or in_heading or told.named_country,
        edition=told.edition or (int(titled[1]) if titled else told.named_edition),
    )


def _of_section(address: str, text: str, iso3: str, title: str, edition: int | None) -> NarrativeText:
    return NarrativeText(url=address, title=title, text=text, country=iso3, edition=edition)


def _year_of(path: Path) -> int | None:
    for name in (path.name, path.parent.name):
        years = _YEAR.findall(name)
        if years:
            return int(years[-1])
    return None
