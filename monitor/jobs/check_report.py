"""Walks a report's index: index -> editions -> country pages.

Editions are read oldest first, so that each narrative finds the one before it stored. For every
page: fetch and keep the snapshot; parse and read it off the event loop; commit the document, its
observations, the changes and the page's state together. Killed anywhere, the next run repeats what
was not committed and adds nothing twice. A page that fails is one line; the rest goes on.
"""

from __future__ import annotations

import asyncio

from monitor.domain.change import Change
from monitor.domain.document import Document, Edition
from monitor.domain.reading import DocumentKind, Reading
from monitor.domain.source import Snapshot, Source
from monitor.extraction import read
from monitor.fetching.failures import FetchFailed, UnexpectedPage
from monitor.fetching.report import CountryPage, NarrativeText, parse_edition, parse_index, parse_narrative
from monitor.jobs.outcome import Checker, Outcome
from monitor.jobs.page import Page, fetch_page, remember
from monitor.jobs.progress import Progress
from monitor.jobs.recording import Recorded, record_absences, record_edition, record_narrative
from monitor.storage.documents import narrative
from monitor.storage.pages import remember_page

_PAGES_AT_ONCE = 8


async def check_report(source: Source, checker: Checker, outcome: Outcome, progress: Progress) -> None:
    """Read the source's newest editions as far as they are new, counting in ``outcome``.

    Raises:
        FetchFailed: the index gave no editions.
    """
    reader = checker.reader
    index = await fetch_page(source.url, checker)
    editions = await asyncio.to_thread(parse_index, index.snapshot, reader.sites)
    await asyncio.to_thread(remember, reader.database, source.key, index.snapshot)
    newest = editions[0].year
    for edition in sorted(editions[: source.editions], key=lambda each: each.year):
        try:
            await _check_edition(edition, newest, source, checker, outcome, progress)
        except FetchFailed as failure:
            outcome.failures.append(str(failure))


async def _check_edition(
    edition: Edition, newest: int, source: Source, checker: Checker, outcome: Outcome, progress: Progress
) -> None:
    reader = checker.reader
    page = await fetch_page(edition.url, checker)
    parsed = await asyncio.to_thread(parse_edition, page.snapshot, edition, reader.countries, reader.sites)

    def store_edition() -> list[Change]:
        with reader.database.transaction() as session:
            return record_edition(session, edition, newest=newest, now=reader.now())

    published = await asyncio.to_thread(store_edition)
    outcome.editions += len(published)
    outcome.changes += published
    outcome.notes += [
        f"{edition.url}: no country is called {name!r}: if it is one, add it to config/countries.toml"
        for name in parsed.unknown
    ]
    walk = _EditionWalk(edition, newest, source, checker, outcome)
    letters = [await fetch_page(url, checker) for url in parsed.letter_pages]
    await walk.read_narratives(page, parsed.narratives)
    pages = list(parsed.country_pages)
    for letter in letters:
        inner = await asyncio.to_thread(
            parse_edition, letter.snapshot, edition, reader.countries, reader.sites
        )
        await walk.read_narratives(letter, inner.narratives)
        pages += inner.country_pages
    slots = asyncio.Semaphore(_PAGES_AT_ONCE)
    done = 0

    async def one(country_page: CountryPage) -> None:
        nonlocal done
        async with slots:
            await walk.read_country(country_page)
        done += 1
        progress(f"edition {edition.year}", done, len(pages))

    await asyncio.gather(*(one(country_page) for country_page in pages))

    def store_absences() -> list[Change]:
        with reader.database.transaction() as session:
            return record_absences(
                session,
                edition,
                {country_page.iso3 for country_page in pages},
                countries=reader.countries,
                newest=newest,
                now=reader.now(),
                rules=reader.tier_rules,
            )

    outcome.changes += await asyncio.to_thread(store_absences)
    await asyncio.to_thread(remember, reader.database, source.key, page.snapshot)


class _EditionWalk:
    """The reading of one edition's pages under way."""

    def __init__(
        self, edition: Edition, newest: int, source: Source, checker: Checker, outcome: Outcome
    ) -> None:
        self._edition, self._newest, self._source = edition, newest, source
        self._checker, self._reader, self._outcome = checker, checker.reader, outcome

    async def read_country(self, country_page: CountryPage) -> None:
        """Read one country's page; a failure becomes a line of the outcome."""
        try:
            page = await fetch_page(country_page.url, self._checker)
            if not page.changed and await asyncio.to_thread(self._is_stored, country_page.iso3):
                self._outcome.unchanged += 1
                return
            text = await asyncio.to_thread(
                parse_narrative,
                page.snapshot,
                self._reader.countries,
                self._reader.sites,
                edition=self._edition.year,
                country=country_page.iso3,
            )
            await self._record(page.snapshot, text, whole_page=True)
        except FetchFailed as failure:
            self._outcome.failures.append(str(failure))

    async def read_narratives(self, page: Page, narratives: tuple[NarrativeText, ...]) -> None:
        """Read the narratives that stand on one page together."""
        for text in narratives:
            try:
                if page.changed or not await asyncio.to_thread(self._is_stored, text.country):
                    await self._record(page.snapshot, text, whole_page=False)
                else:
                    self._outcome.unchanged += 1
            except FetchFailed as failure:
                self._outcome.failures.append(str(failure))
        if narratives:
            await asyncio.to_thread(remember, self._reader.database, self._source.key, page.snapshot)

    def _is_stored(self, country: str | None) -> bool:
        if country is None:
            return False
        with self._reader.database.reading() as session:
            return narrative(session, country, self._edition.year) is not None

    async def _record(self, snapshot: Snapshot, text: NarrativeText, *, whole_page: bool) -> None:
        recorded, reading = await asyncio.to_thread(self._store, snapshot, text, whole_page)
        self._outcome.narratives += self._outcome.count(recorded, reading, where=text.url)

    def _store(
        self,
        snapshot: Snapshot,
        text: NarrativeText,
        whole_page: bool,
    ) -> tuple[Recorded, Reading]:
        if text.country is None:
            raise FetchFailed(
                text.url,
                f"the heading {text.title!r} names no known country",
                hint="add it to config/countries.toml",
            )
        document = Document(
            kind=DocumentKind.NARRATIVE,
            url=text.url,
            title=text.title,
            text=text.text,
            source_key=self._source.key,
            snapshot_sha256=snapshot.sha256,
            country=text.country,
            edition=self._edition.year,
        )
        reading = read(
            text.text,
            kind=DocumentKind.NARRATIVE,
            country=text.country,
            edition=self._edition.year,
            language=self._reader.language,
        )
        if reading.tier is None:
            name = self._reader.countries.name_of(text.country)
            raise UnexpectedPage(
                text.url,
                f"no tier is found for {name} in edition {self._edition.year}",
                hint="look at the page: a changed site needs an edit in config/",
            )
        with self._reader.database.transaction() as session:
            recorded = record_narrative(
                session,
                document,
                reading,
                countries=self._reader.countries,
                newest=self._newest,
                now=self._reader.now(),
                rules=self._reader.tier_rules,
            )
            if whole_page:
                remember_page(session, self._source.key, snapshot)
        return recorded, reading
