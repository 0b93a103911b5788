"""Answers under ``/feeds``: the newest published changes, for everything and for every filter."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from monitor.comparison.wording import measure_words
from monitor.delivery import feeds
from monitor.delivery.wording import kind_words
from monitor.domain.change import ChangeStatus
from monitor.domain.country import Countries
from monitor.domain.figure import Form
from monitor.storage.changes import changes
from monitor.storage.database import Database
from monitor.web.conditional import conditional
from monitor.web.queries import FeedQuery, known_countries

_ENTRIES = 100
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When a feed without an entry was updated: a fixed time, so that it stays the same document."""

_WRITERS = {
    "atom": (feeds.atom, "application/atom+xml; charset=utf-8"),
    "rss": (feeds.rss, "application/rss+xml; charset=utf-8"),
    "json": (feeds.json_feed, "application/feed+json; charset=utf-8"),
}


def feed_router(database: Database, countries: Countries, *, public_url: str) -> APIRouter:
    """Return the routes of the feeds."""
    router = APIRouter(prefix="/feeds", include_in_schema=False)

    @router.get("/changes.{syntax}")
    def feed(
        request: Request, syntax: Literal["atom", "rss", "json"], query: Annotated[FeedQuery, Query()]
    ) -> Response:
        wanted = known_countries(query.country, countries)
        with database.reading() as session:
            found = changes(
                session,
                countries=wanted,
                kinds=query.kind,
                measures=query.measure,
                statuses=(ChangeStatus.PUBLISHED,),
                limit=_ENTRIES,
            )
        filters = [
            *(("country", code) for code in wanted),
            *(("kind", kind.value) for kind in query.kind),
            *(("measure", measure.value) for measure in query.measure),
        ]
        write, media_type = _WRITERS[syntax]
        address = f"{public_url}/feeds/changes.{syntax}"
        updated = max((change.created_at for change in found), default=_NEVER)
        body = write(
            found,
            feed_url=f"{address}?{urlencode(filters)}" if filters else address,
            home_url=f"{public_url}/",
            title=_title(query, [countries.name_of(code) for code in wanted]),
            updated=updated,
        )
        return conditional(request, body, media_type, last_modified=updated)

    return router


def _title(query: FeedQuery, names: list[str]) -> str:
    limits = [
        ", ".join(names),
        ", ".join(kind_words(kind).lower() for kind in query.kind),
        ", ".join(measure_words(measure, Form.ALL) for measure in query.measure),
    ]
    return "TIP Monitor: " + ("; ".join(limit for limit in limits if limit) or "all changes")
