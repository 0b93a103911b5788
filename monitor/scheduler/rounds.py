"""What the timetable runs: a check of one source, and a round of telling."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog

from monitor.bootstrap import utc_now
from monitor.delivery.mailer import Mailer
from monitor.domain.source import Source
from monitor.jobs.check_source import check_source
from monitor.jobs.digests import RenderDigest, compile_digests
from monitor.jobs.outcome import Checker
from monitor.jobs.sending import send_deliveries

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Rounds:
    """The daemon's two kinds of job, over the same collaborators as the commands."""

    checker: Checker
    render: RenderDigest
    mailer: Mailer

    async def check(self, source: Source) -> None:
        """Check one source and log what came of it."""
        outcome = await check_source(source, self.checker)
        log.info(
            "checked",
            source=source.key,
            editions=outcome.editions,
            narratives=outcome.narratives,
            articles=outcome.articles,
            changes=len(outcome.changes),
            failures=len(outcome.failures),
        )
        for line in outcome.failures:
            log.warning("failure", source=source.key, reason=line)

    async def tell(self) -> None:
        """Compile the digests that are due and send what is queued."""
        database = self.checker.reader.database
        compiled = await asyncio.to_thread(compile_digests, database, self.render, now=utc_now())
        sent = await send_deliveries(database, self.mailer, now=utc_now)
        if compiled.digests or sent.sent:
            log.info("told", digests=len(compiled.digests), sent=sent.sent)
        for line in sent.failures:
            log.warning("failure", reason=line)
