"""Finds what is stuck on its way to subscribers, and sets it going again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.jobs.sending import DAEMON
from monitor.storage.database import Database
from monitor.storage.digests import reschedule_forgotten
from monitor.storage.outbox import Backlog, backlog, free_leases, requeue_lost, requeue_stuck
from monitor.storage.subscriptions import remove_unconfirmed

_STUCK_AFTER = timedelta(minutes=30)
_FORGOTTEN_AFTER = timedelta(days=8)
"""No cadence is longer than a week."""
_UNCONFIRMED_AFTER = timedelta(days=7)
_LATELY = timedelta(days=1)
_MOST_DEATHS = 3
"""What was tried more often and is held at a death waits for its lease: it may be what kills."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """What a run found: ``requeued`` deliveries, ``rescheduled`` subscriptions, ``forgotten`` ones.

    ``backlog`` is what waits still: a long one says that the path is blocked.
    """

    requeued: int
    rescheduled: int
    forgotten: int
    backlog: Backlog


def recover(database: Database, *, now: datetime) -> Recovered:
    """Queue what a dead sender held, schedule what nothing would look at, forget what nobody confirmed.

    Digests that were missed while nothing ran need nothing of this: the next run catches them up.
    """
    with database.transaction() as session:
        return Recovered(
            requeued=requeue_stuck(session, now - _STUCK_AFTER, now) + requeue_lost(session, now),
            rescheduled=reschedule_forgotten(session, now, now + _FORGOTTEN_AFTER),
            forgotten=remove_unconfirmed(session, now - _UNCONFIRMED_AFTER),
            backlog=backlog(session, now, now - _LATELY),
        )


def free_leases_of_the_dead(database: Database, *, now: datetime) -> int:
    """Queue at once what the daemon before was sending when it was killed; return how many messages.

    For the one daemon of a SQLite file, while it holds its lock: no other can be alive then.
    """
    with database.transaction() as session:
        return free_leases(session, DAEMON, now, most_attempts=_MOST_DEATHS)
