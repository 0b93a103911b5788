"""Walks a report's index to its newest editions, and reads what is new in them.

Editions are read oldest first, so that each narrative finds the one before it stored.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial

from monitor.domain.document import Edition
from monitor.domain.polling import is_at_rest
from monitor.domain.source import Source, SourceState
from monitor.fetching.failures import FetchFailed, NoCountryListed
from monitor.fetching.report import parse_index
from monitor.jobs.edition import AtRest, EditionReading, never, plan_edition
from monitor.jobs.outcome import Answer, Checker, Outcome
from monitor.jobs.page import fetch_page, remember
from monitor.jobs.progress import Progress

_MADE_UP_FOR = timedelta(days=1)


async def check_report(state: SourceState, checker: Checker, outcome: Outcome, progress: Progress) -> Answer:
    """Read the source's newest editions as far as they are new, counting in ``outcome``.

    Raises:
        FetchFailed: the index gave no editions.
    """
    reader, source = checker.reader, state.source
    index = await fetch_page(state.address, checker)
    editions = await asyncio.to_thread(parse_index, index.snapshot, reader.sites)
    await remember(reader.database, source.key, index.snapshot)
    newest = editions[0].year
    at_rest: AtRest = never
    if checker.spares:
        now = reader.now()
        since = state.last_success_at
        if state.failures:
            # Where one page fails for weeks, the others are not asked for its sake.
            since = max(since or now - _MADE_UP_FOR, now - _MADE_UP_FOR)
        at_rest = partial(is_at_rest, since=since, now=now, rests=reader.sites.rests)
    for edition in sorted(editions[: source.editions], key=lambda each: each.year):
        try:
            await read_edition(edition, newest, source, checker, outcome, progress, at_rest=at_rest)
        except FetchFailed as failure:
            outcome.fail(failure)
    return Answer(index.snapshot.moved_to, index.snapshot.fresh_until)


async def read_edition(
    edition: Edition,
    newest: int,
    source: Source,
    checker: Checker,
    outcome: Outcome,
    progress: Progress,
    *,
    at_rest: AtRest = never,
) -> None:
    """Read what is new of one edition, counting in ``outcome``.

    Its countries may come over days: it is out as soon as its page is there, without any of them.

    Raises:
        FetchFailed: its page lists no country.
    """
    reading = EditionReading(
        source_key=source.key,
        newest=newest,
        reader=checker.reader,
        # Pages of countries may be as old as the site says; what lists them is always asked.
        fetch=partial(fetch_page, checker=checker, ask=False),
        outcome=outcome,
        at_rest=at_rest,
    )
    try:
        plan = await plan_edition(edition, checker.reader, partial(fetch_page, checker=checker))
    except NoCountryListed:
        await reading.publish(edition)
        raise
    await reading.publish(edition)
    await reading.read(plan, progress)
    await reading.finish(plan)
