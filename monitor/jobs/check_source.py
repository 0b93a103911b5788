"""Checks one source and records its health: the boundary behind which a fault stays."""

from __future__ import annotations

import asyncio

import structlog

from monitor.domain.source import Source, SourceKind
from monitor.fetching.failures import FetchFailed
from monitor.jobs.check_feed import check_feed
from monitor.jobs.check_report import check_report
from monitor.jobs.outcome import Checker, Outcome, Reader
from monitor.jobs.progress import Progress, quiet
from monitor.storage.database import StorageError
from monitor.storage.sources import record_failure, record_success

_CHECKS = {SourceKind.TIP_REPORT: check_report, SourceKind.FEED: check_feed}

log = structlog.get_logger(__name__)


async def check_source(source: Source, checker: Checker, *, progress: Progress = quiet) -> Outcome:
    """Run one fetch-extract-compare cycle of ``source``; what fails is told in the outcome."""
    outcome = Outcome(source.key)
    try:
        await _CHECKS[source.kind](source, checker, outcome, progress)
    except FetchFailed as failure:
        outcome.failures.append(str(failure))
    except StorageError as failure:
        outcome.failures.append(f"{source.url}: what it answered was not stored: {failure}")
    except Exception as error:  # the job boundary: a fault in one source stops no other
        log.exception("check_crashed", source=source.key)
        outcome.failures.append(
            f"{source.url}: {type(error).__name__} while reading it: the log has the details; report it"
        )
    await asyncio.to_thread(_record_health, source, checker.reader, outcome.failures)
    return outcome


def _record_health(source: Source, reader: Reader, failures: list[str]) -> None:
    with reader.database.transaction() as session:
        if failures:
            more = f" (and {len(failures) - 1} more)" if len(failures) > 1 else ""
            record_failure(session, source.key, reader.now(), failures[0] + more)
        else:
            record_success(session, source.key, reader.now())
