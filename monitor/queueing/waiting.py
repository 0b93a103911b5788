"""Counts what waits in the distributed queue, for an operator's graphs."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

_QUERY = """
SELECT task_name, status::text, count(*),
       coalesce(max(extract(epoch FROM now() - deferred.at)), 0)
FROM procrastinate_jobs AS job
LEFT JOIN LATERAL (
    SELECT min(at) AS at FROM procrastinate_events AS event
    WHERE event.job_id = job.id AND event.type = 'deferred'
) AS deferred ON true
WHERE status IN ('todo', 'doing', 'failed')
GROUP BY task_name, status
"""


@dataclass(frozen=True, slots=True)
class WaitingTasks:
    """Tasks of one kind in one state (todo, doing, failed); ``oldest_seconds`` since they were put."""

    kind: str
    state: str
    count: int
    oldest_seconds: float


def waiting_tasks(connection: Connection) -> list[WaitingTasks]:
    """Return what waits, is being done or failed for good; ``connection`` is to PostgreSQL."""
    rows = connection.execute(text(_QUERY))
    return [WaitingTasks(kind, state, count, float(oldest)) for kind, state, count, oldest in rows]
