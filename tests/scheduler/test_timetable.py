"""Which jobs are scheduled, and when they first run."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.domain.source import Source, SourceKind, SourceState
from monitor.scheduler.timetable import first_run, timetable
from tests.builders import NOW

EVERY = timedelta(hours=6)


def state(key: str = "tip", **fields) -> SourceState:
    return SourceState(Source(key, SourceKind.FEED, "https://a.example/", EVERY), **fields)


@pytest.mark.parametrize(
    ("last_checked_at", "due"),
    [
        pytest.param(None, NOW, id="never checked"),
        pytest.param(NOW - timedelta(days=3), NOW, id="overdue"),
        pytest.param(NOW - timedelta(hours=2), NOW + timedelta(hours=4), id="not yet due"),
        pytest.param(NOW + timedelta(days=9), NOW + EVERY, id="clock was set back"),
    ],
)
def test_a_source_first_runs_when_its_last_check_says(last_checked_at, due) -> None:
    assert first_run(state(last_checked_at=last_checked_at), NOW) == due


async def nothing(*_: object) -> None:
    return None


async def test_every_enabled_source_and_the_digests_have_a_job_that_never_overlaps_or_expires() -> None:
    scheduler = timetable([state("a"), state("b", enabled=False)], nothing, nothing, now=NOW)
    scheduler.start(paused=True)
    jobs = [(job.id, job.misfire_grace_time, job.coalesce, job.max_instances) for job in scheduler.get_jobs()]
    scheduler.shutdown(wait=False)
    assert sorted(jobs) == [("check:a", None, True, 1), ("digests", None, True, 1)]
