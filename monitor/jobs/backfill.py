"""Reads past editions once, as history: no change that comes of it is told to anybody.

Two passes: the first asks for the page of each edition and finds its narratives, the second reads
them, oldest edition first. What was fetched is remembered in the transaction that keeps its bytes,
so that a backfill that was killed goes on where it was and asks for no page twice; one that ends
forgets it, so that the next asks anew for what is missing. A narrative that is stored is never
asked for again.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from monitor.domain.document import Edition
from monitor.domain.masking import masked
from monitor.domain.source import Snapshot, Source
from monitor.fetching.failures import FetchFailed
from monitor.fetching.report import parse_index
from monitor.fetching.sites import Archive
from monitor.fetching.whole_edition import parse_whole_edition
from monitor.jobs.edition import EditionPlan, EditionReading, plan_edition
from monitor.jobs.outcome import Checker, Outcome
from monitor.jobs.page import Page
from monitor.jobs.progress import Progress
from monitor.storage.documents import narrative
from monitor.storage.fetched_pages import (
    FetchedPage,
    fetched_page,
    forget_fetched,
    keep_failed,
    keep_fetched,
)

# Later than any edition: what changed before it is history.
_END_OF_HISTORY = 9999
_KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What there is to do: editions, narratives, pages not asked for yet, and how long these take."""

    editions: int
    narratives: int
    pages: int
    lasts: timedelta


@dataclass(slots=True)
class EditionResult:
    """What a backfill did for one edition; ``why`` says of failures what and how often."""

    edition: int
    found: int = 0
    read: int = 0
    failures: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def failed(self) -> int:
        return len(self.failures)

    @property
    def why(self) -> str:
        reasons = Counter(line.partition(": ")[2].partition("; ")[0] for line in self.failures)
        most = sorted(reasons.items(), key=lambda each: (-each[1], each[0]))[:5]
        return ", ".join(f"{count} x {reason}" if count > 1 else reason for reason, count in most)


async def backfill(
    source: Source,
    checker: Checker,
    *,
    wanted: Callable[[int], bool],
    countries: Collection[str] | None,
    progress: Progress,
    estimated: Callable[[Estimate], None],
) -> list[EditionResult]:
    """Read the editions that are ``wanted``, of ``countries`` (ISO3) or all; return one result each.

    ``estimated`` is told what there is to do before the narratives are read.

    Raises:
        FetchFailed: the index gave no edition, and none is known otherwise.
        StorageError: the database cannot be used; what was read before is kept.
    """
    run = _Backfill(source, checker)
    editions = [each for each in await run.editions() if wanted(each.year)]
    results = {each.year: EditionResult(each.year) for each in editions}
    plans: list[EditionPlan] = []
    for done, edition in enumerate(editions, start=1):
        result = results[edition.year]
        try:
            plan = await run.plan(edition, result)
        except FetchFailed as failure:
            result.failures.append(str(failure))
        else:
            plans.append(plan if countries is None else plan.only(countries))
            result.found = len(plans[-1].countries)
        progress("editions", done, len(editions))
    estimated(await run.estimate(plans))
    before = 0
    total = sum(len(plan.countries) for plan in plans)
    for plan in plans:
        result = results[plan.edition.year]

        def shown(label: str, done: int, _: int, before: int = before) -> None:
            progress("narratives", before + done, total)

        await run.read(plan, result, is_whole=countries is None, progress=shown)
        before += len(plan.countries)
    await asyncio.to_thread(run.forget)
    return list(results.values())


class _Backfill:
    """One run: what it fetches, and how fast that went."""

    def __init__(self, source: Source, checker: Checker) -> None:
        self._source, self._checker, self._reader = source, checker, checker.reader
        self._since = self._reader.now() - _KEPT
        self._asked = 0
        self._took = timedelta()

    async def editions(self) -> list[Edition]:
        """Return the editions of the index and of the archives that it does not list, oldest first."""
        sites = self._reader.sites
        found: dict[int, Edition] = {}
        if urlsplit(self._source.url).hostname in sites.archived_of:
            for archive in sites.archives:
                title = f"{archive.year} Trafficking in Persons Report"
                found[archive.year] = Edition(archive.year, archive.url or archive.pdf or "", title)
        try:
            index = await self.fetch(self._source.url)
            listed = await asyncio.to_thread(parse_index, index.snapshot, sites)
        except FetchFailed:
            if not found:
                raise
            listed = ()
        for edition in listed:
            found[edition.year] = edition
        return [found[year] for year in sorted(found)]

    async def plan(self, edition: Edition, result: EditionResult) -> EditionPlan:
        """Find an edition's narratives where the index says, else where the archives say.

        Raises:
            FetchFailed: none of these has any; why the first has none.
        """
        first: FetchFailed | None = None
        for url, is_pdf in self._places(edition):
            place = Edition(edition.year, url, edition.title)
            try:
                if is_pdf:
                    return await self._plan_pdf(place, result)
                return await plan_edition(place, self._reader, self.fetch)
            except FetchFailed as failure:
                first = first or failure
        raise first or FetchFailed(edition.url, "the edition has no address", hint="see config/sites.toml")

    def _places(self, edition: Edition) -> list[tuple[str, bool]]:
        places = [(edition.url, edition.url.lower().endswith(".pdf"))]
        if urlsplit(self._source.url).hostname in self._reader.sites.archived_of:
            for archive in self._reader.sites.archives:
                if archive.year == edition.year:
                    places += _places_of(archive)
        return list(dict.fromkeys(places))

    async def _plan_pdf(self, edition: Edition, result: EditionResult) -> EditionPlan:
        page = await self.fetch(edition.url)
        whole = await asyncio.to_thread(parse_whole_edition, page.snapshot, edition, self._reader.countries)
        names = self._reader.countries
        result.failures += [
            f"{masked(edition.url)}: the contents list {names.name_of(iso3)}, "
            "and no narrative of it is found; import it by hand"
            for iso3 in whole.missing
        ]
        return EditionPlan(edition, page, (), ((page, whole.narratives),), ())

    async def estimate(self, plans: list[EditionPlan]) -> Estimate:
        def missing() -> int:
            count = 0
            with self._reader.database.reading() as session:
                for plan in plans:
                    for page in plan.country_pages:
                        is_stored = narrative(session, page.iso3, plan.edition.year) is not None
                        count += not is_stored and fetched_page(session, page.url, since=self._since) is None
            return count

        pages = await asyncio.to_thread(missing)
        pace = self._took / self._asked if self._asked else timedelta(seconds=1)
        return Estimate(
            editions=len(plans),
            narratives=sum(len(plan.countries) for plan in plans),
            pages=pages,
            lasts=pace * pages,
        )

    async def read(
        self, plan: EditionPlan, result: EditionResult, *, is_whole: bool, progress: Progress
    ) -> None:
        """Read what a plan lists as history, and add what came of it to ``result``."""
        outcome = Outcome(self._source.key)
        reading = EditionReading(
            source_key=self._source.key,
            newest=_END_OF_HISTORY,
            reader=self._reader,
            fetch=self.fetch,
            outcome=outcome,
            once=True,
        )
        await reading.publish(plan.edition)
        await reading.read(plan, progress)
        if is_whole:
            await reading.finish(plan)
        result.read = outcome.narratives + outcome.unchanged
        result.failures += outcome.failures
        result.notes += outcome.notes

    async def fetch(self, url: str) -> Page:
        """Return a page that this backfill, or one that was killed, has fetched; else fetch it.

        Raises:
            FetchFailed: it gives nothing, now or when it was asked before.
        """
        database = self._reader.database

        def known() -> FetchedPage | None:
            with database.reading() as session:
                return fetched_page(session, url, since=self._since)

        page = await asyncio.to_thread(known)
        if page is not None and page.failure is not None:
            raise FetchFailed(url, page.failure)
        if page is not None and page.snapshot is not None:
            return Page(page.snapshot, changed=True)
        began = self._reader.now()
        try:
            answer = await self._checker.fetcher.fetch(url)
        except FetchFailed as failure:
            if not failure.transient:
                await asyncio.to_thread(self._keep_failed, url, failure)
            raise
        self._asked += 1
        self._took += self._reader.now() - began
        if not isinstance(answer, Snapshot):
            raise FetchFailed(url, "it answered 304 to a request without conditions", transient=True)
        await asyncio.to_thread(self._keep, answer)
        return Page(answer, changed=True)

    def _keep(self, snapshot: Snapshot) -> None:
        with self._reader.database.transaction() as session:
            keep_fetched(session, snapshot)

    def _keep_failed(self, url: str, failure: FetchFailed) -> None:
        told = "; ".join(part for part in (failure.reason, failure.hint) if part)
        with self._reader.database.transaction() as session:
            keep_failed(session, url, told, self._reader.now())

    def forget(self) -> None:
        """Forget what was fetched: all of it was read."""
        with self._reader.database.transaction() as session:
            forget_fetched(session)


def _places_of(archive: Archive) -> list[tuple[str, bool]]:
    places = [(archive.url, False), (archive.pdf, True)]
    return [(url, is_pdf) for url, is_pdf in places if url is not None]
