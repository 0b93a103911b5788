"""Follows what a press release says of a new edition, so that the index is not waited for."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

from monitor.domain.document import Edition
from monitor.domain.masking import masked
from monitor.domain.source import Source, SourceKind
from monitor.fetching.failures import FetchFailed
from monitor.fetching.feed import FeedItem
from monitor.fetching.sites import Sites
from monitor.jobs.check_report import read_edition
from monitor.jobs.outcome import Checker, Outcome
from monitor.jobs.progress import quiet
from monitor.storage.editions import editions
from monitor.storage.sources import bring_forward, source_states

# Ahead of the daemon's next look at what is due, which is made every minute.
_SOON = timedelta(minutes=2)


def announced_edition(item: FeedItem, sites: Sites) -> int | None:
    """Return the newest edition that an item names in its title, or links to, or null.

    A mention in the text alone is not enough: any article on the subject has one.
    """
    years = [int(found["year"]) for found in sites.announced.finditer(item.title)]
    for link in (item.url, *item.links):
        # Not urlsplit: this is asked of every link of every item.
        address = link.partition("#")[0].partition("?")[0]
        years += [int(found["year"]) for pattern in sites.edition_links if (found := pattern.search(address))]
    return max(years, default=None)


async def read_announced(year: int, item: FeedItem, checker: Checker, outcome: Outcome) -> None:
    """Read the edition of ``year`` from the report's own site, if it is new and there already.

    Only addresses on the site of a configured report are asked. What is not there yet makes the
    reports' indexes due at once.
    """
    reader = checker.reader
    now = reader.now()

    def plan() -> list[tuple[Source, Edition]]:
        with reader.database.reading() as session:
            known = {each.year for each in editions(session)}
            states = source_states(session)
        # What an article says of a year beyond the next is a slip of the pen.
        if not known or year <= max(known) or year > now.year + 1:
            return []
        return [
            (
                state.source,
                Edition(
                    year,
                    _address(year, state.source, item, reader.sites),
                    f"{year} Trafficking in Persons Report",
                ),
            )
            for state in states
            if state.enabled and state.source.kind is SourceKind.TIP_REPORT
        ]

    planned = await asyncio.to_thread(plan)
    if not planned:
        return
    for source, edition in planned:
        try:
            await read_edition(edition, year, source, checker, outcome, quiet)
        except FetchFailed as failure:
            outcome.notes.append(
                f"{masked(item.url)}: edition {year} is announced, and not there yet: {failure}"
            )

    def hurry() -> None:
        with reader.database.transaction() as session:
            bring_forward(session, SourceKind.TIP_REPORT, now + _SOON)

    await asyncio.to_thread(hurry)


def _address(year: int, source: Source, item: FeedItem, sites: Sites) -> str:
    host = urlsplit(source.url).netloc
    for link in (item.url, *item.links):
        parts = urlsplit(link)
        found = next(filter(None, (pattern.search(parts.path) for pattern in sites.edition_links)), None)
        if parts.netloc == host and found and int(found["year"]) == year:
            return link
    return urljoin(source.url, sites.edition_path.format(year=year))
