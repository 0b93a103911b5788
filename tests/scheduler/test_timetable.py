"""Which tasks come due, and when they first do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.domain.source import Source, SourceKind, SourceState
from monitor.queueing.task import Task, TaskKind
from monitor.scheduler.deciding import clock_jumped
from monitor.scheduler.timetable import ROUNDS, Timetable, first_run, task_of
from tests.builders import NOW
from tests.fakes import Clock

EVERY = timedelta(hours=6)


def state(key: str = "tip", **fields) -> SourceState:
    return SourceState(Source(key, SourceKind.FEED, "https://A.example/feed", EVERY), **fields)


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


@contextmanager
def planned(*states: SourceState, clock: Clock) -> Iterator[Timetable]:
    async def put(_: Task) -> bool:
        return True

    plan = Timetable(put, clock=clock, rounds={TaskKind.COMPILE: timedelta(minutes=1)})
    plan.start(states, paused=True)
    yield plan
    plan.stop()


def runs(plan: Timetable) -> dict[str, datetime]:
    return {job.id: job.next_run_time for job in plan.scheduler.get_jobs()}


async def test_every_enabled_source_and_every_round_has_a_job_that_never_overlaps_or_expires() -> None:
    with planned(state("a"), state("b", enabled=False), clock=Clock()) as plan:
        jobs = [
            (job.id, job.misfire_grace_time, job.coalesce, job.max_instances)
            for job in plan.scheduler.get_jobs()
        ]
    assert sorted(jobs) == [("check:a", None, True, 1), ("compile", None, True, 1)]


async def test_sources_that_come_go_or_change_are_followed_while_the_others_keep_their_times() -> None:
    clock = Clock()
    with planned(state("a"), state("b"), state("c"), clock=clock) as plan:
        clock.advance(timedelta(minutes=5))
        changed = replace(state("c"), source=replace(state("c").source, every=timedelta(hours=1)))
        plan.follow(
            [state("a"), state("b", enabled=False), replace(changed, last_checked_at=NOW), state("d")]
        )
        assert runs(plan) == {
            "check:a": NOW,
            "check:c": NOW + timedelta(hours=1),
            "check:d": NOW + timedelta(minutes=5),
            "compile": NOW,
        }


async def test_after_the_clock_was_set_back_nothing_waits_for_the_old_time() -> None:
    clock = Clock()
    checked = state("a", last_checked_at=NOW - timedelta(hours=1))
    with planned(checked, clock=clock) as plan:
        clock.advance(-timedelta(days=365))
        plan.begin_again([checked])
        assert runs(plan) == {"check:a": clock() + EVERY, "compile": clock()}


@pytest.mark.parametrize(
    ("moved", "elapsed", "jumped"),
    [
        pytest.param(timedelta(seconds=5), 5.0, False, id="as time does"),
        pytest.param(timedelta(seconds=12), 5.0, False, id="set right by a little"),
        pytest.param(timedelta(hours=8, seconds=5), 5.0, True, id="the machine slept"),
        pytest.param(timedelta(days=-365), 5.0, True, id="set back"),
    ],
)
def test_a_jump_is_what_time_does_not_explain(moved, elapsed, jumped) -> None:
    assert clock_jumped(NOW, NOW + moved, elapsed) is jumped


async def test_a_task_that_the_queue_did_not_take_is_due_again_soon() -> None:
    clock = Clock()
    put: list[str] = []

    async def refuse(task: Task) -> bool:
        put.append(task.name)
        return False

    plan = Timetable(refuse, clock=clock, rounds={})
    plan.start([state("a")], paused=True)
    (job,) = plan.scheduler.get_jobs()
    await job.func(*job.args)
    assert put == ["check:a"]
    assert runs(plan) == {"check:a": NOW + timedelta(seconds=10)}
    plan.stop()


def test_checks_of_one_host_share_a_lock_and_rounds_have_none() -> None:
    source = state("a").source
    assert task_of(TaskKind.CHECK, source, due_at=NOW) == Task(
        kind=TaskKind.CHECK, subject="a", due_at=NOW, lock="host:a.example"
    )
    assert [task_of(kind, due_at=NOW).lock for kind in ROUNDS] == [None] * len(ROUNDS)
