"""Checks many sources at once, as `check_source` does one.

What is known of all of them is read in one go before, and what the checks say of their health is
stored for many at a time. Killed in between, the next check finds the same once more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from monitor.domain.source import Source, SourceKind, SourceState
from monitor.jobs.check_source import Health, after_check, check_state, tell
from monitor.jobs.outcome import Checker, Outcome
from monitor.jobs.progress import Progress, quiet
from monitor.storage.database import Database
from monitor.storage.pages import PageState, page_states
from monitor.storage.sources import record_checks, source_states

_AT_ONCE = 8
_STORED_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class _Checked:
    """What a check that ended at ``at`` says of a source."""

    before: SourceState
    outcome: Outcome
    health: Health
    at: datetime


async def check_sources(
    sources: Sequence[Source], checker: Checker, *, at_once: int = _AT_ONCE, progress: Progress = quiet
) -> list[Outcome]:
    """Run one fetch-extract-compare cycle of each of ``sources``, ``at_once`` at a time.

    Returns their outcomes in the same order. ``progress`` counts sources, and within one the work
    on it where it is the only one.
    """
    database = checker.reader.database
    states, pages = await asyncio.to_thread(_known, database, sources)
    slots = asyncio.Semaphore(at_once)
    waiting: list[_Checked] = []
    done = 0

    async def one(state: SourceState) -> Outcome:
        nonlocal done
        async with slots:
            outcome, health = await check_state(
                state, pages.get(state.address), checker, progress if len(states) == 1 else quiet
            )
        waiting.append(_Checked(state, outcome, health, checker.reader.now()))
        done += 1
        if len(states) > 1:
            progress("sources", done, len(states))
        if len(waiting) >= _STORED_AT_ONCE:
            await store()
        return outcome

    async def store() -> None:
        stored, waiting[:] = list(waiting), []
        checked = {each.before.source.key: each for each in stored}
        for after in await _record(checker, stored):
            each = checked[after.source.key]
            await tell(each.before, after, each.outcome, each.health, checker)

    tasks = [asyncio.ensure_future(one(state)) for state in states]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await store()


def _known(database: Database, sources: Sequence[Source]) -> tuple[list[SourceState], dict[str, PageState]]:
    with database.reading() as session:
        known = {state.source.key: state for state in source_states(session)}
        states = [replace(known.get(each.key) or SourceState(each), source=each) for each in sources]
        feeds = [state.address for state in states if state.source.kind is SourceKind.FEED]
        return states, page_states(session, feeds)


async def _record(checker: Checker, checked: Sequence[_Checked]) -> list[SourceState]:
    decisions = {
        each.before.source.key: partial(after_check, outcome=each.outcome, health=each.health, now=each.at)
        for each in checked
    }
    return await checker.reader.database.group_commit(partial(record_checks, checked=decisions))
