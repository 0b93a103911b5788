"""Checks one source and records its health: the boundary behind which a fault stays."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from monitor.domain.masking import masked
from monitor.domain.polling import after_failure, after_success, is_dead, is_silent
from monitor.domain.source import Source, SourceKind, SourceState
from monitor.fetching.failures import FetchFailed
from monitor.jobs.check_feed import check_feed
from monitor.jobs.check_report import check_report
from monitor.jobs.outcome import Answer, Checker, Outcome
from monitor.jobs.progress import Progress, quiet
from monitor.storage.database import Database, StorageError
from monitor.storage.pages import PageState, page_state
from monitor.storage.sources import record_checks, record_told, source_state

_GONE = 410
_MOST_LINES = 20

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Health:
    """What a check says of a source's health.

    ``is_lost``: where it moved to is there no more; ``is_partial``: it answered, pages of it did not.
    """

    answer: Answer = field(default_factory=Answer)
    error: str | None = None
    retry_after: timedelta | None = None
    is_gone: bool = False
    is_lost: bool = False
    is_partial: bool = False


async def check_source(source: Source, checker: Checker, *, progress: Progress = quiet) -> Outcome:
    """Run one fetch-extract-compare cycle of ``source``; what fails is told in the outcome.

    A source that answers 410 is disabled. The operator is told once when one is dead, which is when
    it has failed for its ``dead_after``, and once when it is back.
    """
    database = checker.reader.database
    state, page = await asyncio.to_thread(_known, database, source)
    outcome, health = await check_state(state, page, checker, progress)
    now = checker.reader.now()
    after = await asyncio.to_thread(_record, database, source, outcome, health, now)
    if after is not None:
        await tell(state, after, outcome, health, checker)
    return outcome


async def check_state(
    state: SourceState, page: PageState | None, checker: Checker, progress: Progress
) -> tuple[Outcome, Health]:
    """Run the cycle and return what it did and says of the source's health, which is not recorded.

    ``page`` is what the source's address answered last.
    """
    source = state.source
    outcome = Outcome(source.key)
    try:
        if source.kind is SourceKind.FEED:
            answer = await check_feed(state, page, checker, outcome, progress)
        else:
            answer = await check_report(state, checker, outcome, progress)
    except FetchFailed as failure:
        is_own = failure.url in (source.url, state.address)
        if is_own and failure.status == _GONE:
            line = f"{failure}; it was disabled: give it another address, then `tip-monitor sources enable`"
            outcome.failures.append(line)
            return outcome, Health(error=line, is_gone=True)
        outcome.fail(failure)
        is_lost = is_own and state.moved_to is not None and not failure.transient
        return outcome, Health(error=str(failure), retry_after=failure.retry_after, is_lost=is_lost)
    except StorageError as failure:
        line = f"{masked(source.url)}: what it answered was not stored: {failure}"
        outcome.failures.append(line)
        return outcome, Health(error=line)
    except Exception as error:  # the job boundary: a fault in one source stops no other
        log.critical("check_crashed", source=source.key, exc_info=True)
        fault = f"{type(error).__name__} while reading it: the log has the details; report it"
        line = f"{masked(source.url)}: {fault}"
        outcome.failures.append(line)
        return outcome, Health(error=line)
    if state.moved_to is not None and answer.moved_to is None:
        answer = replace(answer, moved_to=state.moved_to)
    if outcome.failures:
        more = f" (and {len(outcome.failures) - 1} more)" if len(outcome.failures) > 1 else ""
        # Pages are read side by side: the same failures are the same words, whichever came first.
        return outcome, Health(answer, error=min(outcome.failures) + more, is_partial=True)
    return outcome, Health(answer)


def _known(database: Database, source: Source) -> tuple[SourceState, PageState | None]:
    with database.reading() as session:
        known = source_state(session, source.key)
        state = SourceState(source) if known is None else replace(known, source=source)
        return state, page_state(session, state.address)


def after_check(state: SourceState, outcome: Outcome, health: Health, now: datetime) -> SourceState:
    """Return the health of a source after a check at ``now``."""
    if health.error is None:
        return after_success(
            state,
            now,
            found_new=outcome.found_new,
            fresh_until=health.answer.fresh_until,
            moved_to=health.answer.moved_to,
        )
    after = after_failure(state, now, health.error, retry_after=health.retry_after, is_lost=health.is_lost)
    return replace(after, enabled=False) if health.is_gone else after


def _record(
    database: Database, source: Source, outcome: Outcome, health: Health, now: datetime
) -> SourceState | None:
    with database.transaction() as session:
        decide = partial(after_check, outcome=outcome, health=health, now=now)
        return next(iter(record_checks(session, {source.key: decide})), None)


async def tell(
    before: SourceState, after: SourceState, outcome: Outcome, health: Health, checker: Checker
) -> None:
    """Tell the operator what a check showed that was not so before it.

    A source that died, or is back, is told once; so are pages that are not what was asked for, and
    silence that is unusual, which the log alone has.
    """
    key, now = after.source.key, checker.reader.now()
    if after.told_dead_at is None and (health.is_gone or is_dead(after, now)):
        log.error("source_dead", source=key, since=f"{after.failing_since:%FT%TZ}", reason=after.last_error)
        await _note_told(key, now, checker)
        where, since = masked(after.source.url), f"{after.failing_since:%Y-%m-%d %H:%M}"
        if health.is_partial:
            subject, text = f"source {key} is not read whole", f"Pages of {where} have failed since {since}"
        else:
            subject, text = f"source {key} is dead", f"{where} has failed since {since}"
        await checker.alert(subject, f"{text} UTC.\n{after.last_error}\n")
    elif after.told_dead_at is not None and after.failures == 0:
        log.warning("source_back", source=key, dead_since=after.told_dead_at)
        await _note_told(key, None, checker)
        await checker.alert(f"source {key} is back", f"{masked(after.source.url)} answers again.\n")
    elif outcome.unexpected and before.last_error != after.last_error:
        log.error("source_unexpected", source=key, pages=len(outcome.unexpected))
        lines = sorted(outcome.unexpected)
        more = [f"and {len(lines) - _MOST_LINES} more"] if len(lines) > _MOST_LINES else []
        text = "\n".join([*lines[:_MOST_LINES], *more, "What is stored of them was kept."])
        await checker.alert(f"source {key} answers what was not asked for", f"{text}\n")
    was_silent = before.last_checked_at is not None and is_silent(before, before.last_checked_at)
    if is_silent(after, now) and not was_silent:
        log.warning("source_silent", source=key, last_new_at=after.last_new_at, usual_gap=after.usual_gap)


async def _note_told(key: str, told_dead_at: datetime | None, checker: Checker) -> None:
    """Note what is told before it is: one notice too few, which the log has, rather than one a check."""

    def note() -> None:
        with checker.reader.database.transaction() as session:
            record_told(session, key, told_dead_at)

    await asyncio.to_thread(note)
