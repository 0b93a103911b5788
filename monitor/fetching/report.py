"""Cut pages of the TIP Report, of all its eras, into editions, country pages and narratives."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.domain.country import Countries
from monitor.domain.document import Edition
from monitor.domain.source import Snapshot
from monitor.fetching.sites import Sites


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
    raise NotImplementedError


def parse_edition(snapshot: Snapshot, edition: Edition, countries: Countries, sites: Sites) -> EditionPage:
    """Return the links or narratives of one page of ``edition``.

    Raises:
        UnexpectedPage: the page has neither.
    """
    raise NotImplementedError


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
    raise NotImplementedError
