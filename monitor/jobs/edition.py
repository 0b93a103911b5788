"""Reads the pages of one edition: its own, those of several countries, those of one.

For every page: fetch and keep the snapshot; parse and read it off the event loop; commit the
document, its observations, the changes and the page's state together. Killed anywhere, the next run
repeats what was not committed and adds nothing twice. A page that fails is one line; the rest goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

from monitor.domain.change import Change
from monitor.domain.document import Document, Edition
from monitor.domain.reading import DocumentKind, Reading
from monitor.domain.source import Snapshot
from monitor.extraction import read
from monitor.fetching.failures import FetchFailed, UnexpectedPage
from monitor.fetching.report import CountryPage, NarrativeText, parse_edition, parse_narrative
from monitor.jobs.outcome import Outcome, Reader
from monitor.jobs.page import Page, remember
from monitor.jobs.progress import Progress
from monitor.jobs.recomparing import narrative_as_read
from monitor.jobs.recording import Recorded, record_absences, record_edition, record_narrative
from monitor.storage.documents import narrative
from monitor.storage.pages import remember_page

_PAGES_AT_ONCE = 8

Fetch = Callable[[str], Awaitable[Page]]
"""Gives a page by its address, or raises FetchFailed."""


@dataclass(frozen=True, slots=True)
class EditionPlan:
    """What an edition's pages say that there is to read."""

    edition: Edition
    page: Page
    country_pages: tuple[CountryPage, ...]
    narratives: tuple[tuple[Page, tuple[NarrativeText, ...]], ...]
    unknown: tuple[str, ...]

    @property
    def countries(self) -> frozenset[str]:
        """The countries (ISO3) that it has a narrative of."""
        told = {text.country for _, texts in self.narratives for text in texts if text.country}
        return frozenset({page.iso3 for page in self.country_pages} | told)

    def only(self, countries: Collection[str]) -> EditionPlan:
        """Return the plan without the narratives of other ``countries`` (ISO3)."""
        return EditionPlan(
            self.edition,
            self.page,
            tuple(page for page in self.country_pages if page.iso3 in countries),
            tuple(
                (page, tuple(text for text in texts if text.country in countries))
                for page, texts in self.narratives
            ),
            (),
        )


async def plan_edition(edition: Edition, reader: Reader, fetch: Fetch) -> EditionPlan:
    """Find an edition's narratives.

    Raises:
        FetchFailed: its page, or one that lists a part of its countries, gave none.
    """
    page = await fetch(edition.url)
    parsed = await asyncio.to_thread(parse_edition, page.snapshot, edition, reader.countries, reader.sites)
    country_pages = {each.iso3: each for each in parsed.country_pages}
    narratives = [(page, parsed.narratives)]
    unknown = dict.fromkeys(parsed.unknown)
    for url in parsed.letter_pages:
        letter = await fetch(url)
        inner = await asyncio.to_thread(
            parse_edition, letter.snapshot, edition, reader.countries, reader.sites
        )
        narratives.append((letter, inner.narratives))
        unknown |= dict.fromkeys(inner.unknown)
        for each in inner.country_pages:
            country_pages.setdefault(each.iso3, each)
    return EditionPlan(edition, page, tuple(country_pages.values()), tuple(narratives), tuple(unknown))


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionReading:
    """The reading of one edition's pages.

    ``newest`` is the newest edition known: what changed between older ones is history. Where
    ``once`` is set, the page of a narrative that is stored is not asked for again.
    """

    source_key: str
    newest: int
    reader: Reader
    fetch: Fetch
    outcome: Outcome
    once: bool = False

    async def publish(self, edition: Edition) -> None:
        """Store an edition, and that it appeared where it was not known."""

        def store() -> list[Change]:
            with self.reader.database.transaction() as session:
                return record_edition(session, edition, newest=self.newest, now=self.reader.now())

        published = await asyncio.to_thread(store)
        self.outcome.editions += len(published)
        self.outcome.changes += published

    async def read(self, plan: EditionPlan, progress: Progress) -> None:
        """Read what ``plan`` lists, counting in the outcome."""
        slots = asyncio.Semaphore(_PAGES_AT_ONCE)
        total = len(plan.countries)
        done = 0
        for page, texts in plan.narratives:
            await self._read_narratives(page, texts, plan.edition)
            done += len(texts)
            progress(f"edition {plan.edition.year}", done, total)

        async def one(country_page: CountryPage) -> None:
            nonlocal done
            async with slots:
                await self._read_country(country_page, plan.edition)
            done += 1
            progress(f"edition {plan.edition.year}", done, total)

        await asyncio.gather(*(one(country_page) for country_page in plan.country_pages))

    async def finish(self, plan: EditionPlan) -> None:
        """Store what an edition that was read whole leaves out, and remember its page."""
        self.outcome.notes += [
            f"{plan.edition.url}: no country is called {name!r}: if it is one, add it to "
            "config/countries.toml"
            for name in plan.unknown
        ]

        def store() -> list[Change]:
            with self.reader.database.transaction() as session:
                absent = record_absences(
                    session,
                    plan.edition,
                    plan.countries,
                    countries=self.reader.countries,
                    newest=self.newest,
                    now=self.reader.now(),
                    rules=self.reader.tier_rules,
                )
                remember_page(session, self.source_key, plan.page.snapshot)
                return absent

        self.outcome.changes += await asyncio.to_thread(store)

    async def _read_country(self, country_page: CountryPage, edition: Edition) -> None:
        is_stored = await asyncio.to_thread(self._is_stored, country_page.iso3, edition.year)
        if is_stored and self.once:
            self.outcome.unchanged += 1
            return
        try:
            page = await self.fetch(country_page.url)
            if not page.changed and is_stored:
                self.outcome.unchanged += 1
                return
            text = await asyncio.to_thread(
                parse_narrative,
                page.snapshot,
                self.reader.countries,
                self.reader.sites,
                edition=edition.year,
                country=country_page.iso3,
            )
            await self._record(page.snapshot, text, edition, whole_page=True)
        except FetchFailed as failure:
            self.outcome.failures.append(str(failure))

    async def _read_narratives(self, page: Page, texts: tuple[NarrativeText, ...], edition: Edition) -> None:
        """Read the narratives that stand on one page together."""
        failed = False
        for text in texts:
            try:
                is_stored = await asyncio.to_thread(self._is_stored, text.country, edition.year)
                if is_stored and (self.once or not page.changed):
                    self.outcome.unchanged += 1
                else:
                    await self._record(page.snapshot, text, edition, whole_page=False)
            except FetchFailed as failure:
                failed = True
                self.outcome.failures.append(str(failure))
        if texts and not failed:
            await asyncio.to_thread(remember, self.reader.database, self.source_key, page.snapshot)

    def _is_stored(self, country: str | None, year: int) -> bool:
        if country is None:
            return False
        with self.reader.database.reading() as session:
            return narrative(session, country, year) is not None

    async def _record(
        self, snapshot: Snapshot, text: NarrativeText, edition: Edition, *, whole_page: bool
    ) -> None:
        recorded, reading = await asyncio.to_thread(self._store, snapshot, text, edition, whole_page)
        self.outcome.narratives += self.outcome.count(recorded, reading, where=text.url)

    def _store(
        self, snapshot: Snapshot, text: NarrativeText, edition: Edition, whole_page: bool
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
            source_key=self.source_key,
            snapshot_sha256=snapshot.sha256,
            country=text.country,
            edition=edition.year,
        )
        reading = read(
            text.text,
            kind=DocumentKind.NARRATIVE,
            country=text.country,
            edition=edition.year,
            language=self.reader.language,
        )
        self._expect_narrative(document, reading)
        with self.reader.database.transaction() as session:
            recorded = record_narrative(
                session,
                document,
                reading,
                countries=self.reader.countries,
                newest=self.newest,
                now=self.reader.now(),
                rules=self.reader.tier_rules,
            )
            if whole_page:
                remember_page(session, self.source_key, snapshot)
        return recorded, reading

    def _expect_narrative(self, document: Document, reading: Reading) -> None:
        """Return if the reading may be one of the narrative asked for.

        Raises:
            UnexpectedPage: it has no tier, or far fewer figures than before.
        """
        country, year = document.country or "", document.edition or 0
        name = self.reader.countries.name_of(country)
        if reading.tier is None:
            raise UnexpectedPage(
                document.url,
                f"no tier is found for {name} in edition {year}",
                hint="look at the page: a changed site needs an edit in config/",
            )
        collapse = self.reader.sites.collapse
        figures = len(reading.figures)
        with self.reader.database.reading() as session:
            page_before = narrative_as_read(session, country, year)
            edition_before = narrative_as_read(session, country, year - 1)
        for before, what, share in (
            (page_before, "the same page had", collapse.of_page),
            (edition_before, f"edition {year - 1} has", collapse.of_edition),
        ):
            known = len(before.reading.figures) if before is not None else 0
            if known >= collapse.least_figures and figures < known * share:
                raise UnexpectedPage(
                    document.url,
                    f"{figures} figures are read for {name} in edition {year} where {what} {known}",
                    hint="look at the page; if it is right, save it and use import",
                )
