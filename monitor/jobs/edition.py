"""Reads the pages of one edition: its own, those of several countries, those of one.

For every page: fetch and keep the snapshot; parse and read it off the event loop. What was read is
committed in batches (``jobs.batch``): documents, observations, changes and the pages' states together.
Killed anywhere, the next run repeats what was not committed and adds nothing twice. A page that fails
is one line; the rest goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from monitor.domain.change import Change
from monitor.domain.document import Document, Edition
from monitor.domain.masking import masked
from monitor.domain.reading import DocumentKind
from monitor.domain.source import Snapshot
from monitor.extraction import read
from monitor.fetching.failures import FetchFailed, UnexpectedPage
from monitor.fetching.report import CountryPage, NarrativeText, parse_edition, parse_narrative
from monitor.jobs.batch import Batch, Waiting
from monitor.jobs.outcome import Outcome, Reader
from monitor.jobs.page import Page, remember
from monitor.jobs.progress import Progress
from monitor.jobs.recording import Found, Recorded, record_absences, record_edition, record_narratives
from monitor.storage.documents import last_changed
from monitor.storage.observations import figure_counts
from monitor.storage.pages import remember_page

_PAGES_AT_ONCE = 8

Fetch = Callable[[str], Awaitable[Page]]
"""Gives a page by its address, or raises FetchFailed."""

_Stored = Mapping[tuple[str, int], int]
"""How many figures each stored narrative has, by (country, edition)."""

AtRest = Callable[[str, datetime], bool]
"""Whether the page at an address, its text as it is since a moment, need not be asked for."""


def never(url: str, changed_at: datetime) -> bool:
    """Ask for every page."""
    del url, changed_at
    return False


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
    ``once`` is set, the page of a narrative that is stored is not asked for again; ``at_rest`` says
    which of them are not asked for now.
    """

    source_key: str
    newest: int
    reader: Reader
    fetch: Fetch
    outcome: Outcome
    once: bool = False
    at_rest: AtRest = never

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
        stored = await asyncio.to_thread(self._stored, plan.edition)
        resting = await asyncio.to_thread(self._resting, plan)
        batch = Batch(partial(self._record, plan.edition), self.outcome)
        slots = asyncio.Semaphore(_PAGES_AT_ONCE)
        total = len(plan.countries)
        done = 0
        for page, texts in plan.narratives:
            await self._read_narratives(page, texts, plan.edition, stored, batch)
            done += len(texts)
            progress(f"edition {plan.edition.year}", done, total)

        async def one(country_page: CountryPage) -> None:
            nonlocal done
            if country_page.iso3 in resting:
                self.outcome.unchanged += 1
            else:
                async with slots:
                    await self._read_country(country_page, plan.edition, stored, batch)
            done += 1
            progress(f"edition {plan.edition.year}", done, total)

        await asyncio.gather(*(one(country_page) for country_page in plan.country_pages))
        await batch.empty()

    async def finish(self, plan: EditionPlan) -> None:
        """Store what an edition that was read whole leaves out, and remember its page."""
        self.outcome.notes += [
            f"{masked(plan.edition.url)}: no country is called {name!r}: if it is one, add it to "
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

    async def _read_country(
        self, country_page: CountryPage, edition: Edition, stored: _Stored, batch: Batch
    ) -> None:
        is_stored = (country_page.iso3, edition.year) in stored
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
            found = await asyncio.to_thread(self._found, page.snapshot, text, edition, stored)
        except FetchFailed as failure:
            self.outcome.fail(failure)
        else:
            await batch.add(Waiting(found, page.snapshot))

    async def _read_narratives(
        self,
        page: Page,
        texts: tuple[NarrativeText, ...],
        edition: Edition,
        stored: _Stored,
        batch: Batch,
    ) -> None:
        """Read the narratives that stand on one page together."""
        failed = False
        for text in texts:
            is_stored = (text.country or "", edition.year) in stored
            if is_stored and (self.once or not page.changed):
                self.outcome.unchanged += 1
                continue
            try:
                found = await asyncio.to_thread(self._found, page.snapshot, text, edition, stored)
            except FetchFailed as failure:
                failed = True
                self.outcome.fail(failure)
            else:
                await batch.add(Waiting(found, None))
        if texts and not failed:
            await batch.empty()
            await remember(self.reader.database, self.source_key, page.snapshot)

    def _stored(self, edition: Edition) -> _Stored:
        with self.reader.database.reading() as session:
            return figure_counts(session, (edition.year - 1, edition.year))

    def _resting(self, plan: EditionPlan) -> set[str]:
        """Return the countries whose pages are not asked for, being as they are for long."""
        year = plan.edition.year
        with self.reader.database.reading() as session:
            known = last_changed(session, year)
        resting = set()
        for page in plan.country_pages:
            changed_at, was_another = known.get(page.iso3, (None, False))
            if changed_at is None:
                continue
            if year < self.newest and not was_another:
                # First seen is when this installation came to it.
                changed_at = min(changed_at, datetime(year, 12, 31, tzinfo=UTC))
            if self.at_rest(page.url, changed_at):
                resting.add(page.iso3)
        return resting

    def _record(self, edition: Edition, waiting: Sequence[Waiting]) -> list[Recorded]:
        again = self.reader.present().beside(each.found.document for each in waiting)
        with self.reader.database.transaction() as session:
            recorded = record_narratives(
                session,
                [each.found for each in waiting],
                countries=self.reader.countries,
                newest=self.newest,
                now=self.reader.now(),
                rules=self.reader.tier_rules,
                again=again,
            )
            for each in waiting:
                if each.page is not None:
                    remember_page(session, self.source_key, each.page)
        return recorded

    def _found(self, snapshot: Snapshot, text: NarrativeText, edition: Edition, stored: _Stored) -> Found:
        """Read a narrative.

        Raises:
            UnexpectedPage: it has no tier, or far fewer figures than before.
        """
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
        self._expect_narrative(Found(document, reading), stored)
        return Found(document, reading)

    def _expect_narrative(self, found: Found, stored: _Stored) -> None:
        url, year = found.document.url, found.edition
        name = self.reader.countries.name_of(found.country)
        if found.reading.tier is None:
            raise UnexpectedPage(
                url,
                f"no tier is found for {name} in edition {year}",
                hint="look at the page: a changed site needs an edit in config/",
            )
        collapse = self.reader.sites.collapse
        figures = len(found.reading.figures)
        for before, what, share in (
            (year, "the same page had", collapse.of_page),
            (year - 1, f"edition {year - 1} has", collapse.of_edition),
        ):
            known = stored.get((found.country, before), 0)
            if known >= collapse.least_figures and figures < known * share:
                raise UnexpectedPage(
                    url,
                    f"{figures} figures are read for {name} in edition {year} where {what} {known}",
                    hint="look at the page; if it is right, save it and use import",
                )
