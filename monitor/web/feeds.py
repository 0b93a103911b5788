"""Answers under ``/feeds``: the newest published changes, for everything and for every filter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query, Request, Response

from monitor.comparison.wording import measure_words
from monitor.delivery import feeds
from monitor.delivery.wording import kind_words, region_words
from monitor.domain.change import ChangeStatus
from monitor.domain.country import Countries
from monitor.domain.figure import Form
from monitor.storage.changes import change as change_by_id
from monitor.storage.changes import changes, corrections_of
from monitor.storage.database import Database
from monitor.web.conditional import conditional, is_browser
from monitor.web.queries import UNPROCESSABLE, FeedQuery, known_countries

_ENTRIES = 100
_TOLD = (ChangeStatus.PUBLISHED, ChangeStatus.CORRECTED)
_XML = "text/xml; charset=utf-8"
_NOWHERE = "-"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When a feed without an entry was updated: a fixed time, so that it stays the same document."""

_WRITERS = {
    "atom": (feeds.atom, "application/atom+xml; charset=utf-8"),
    "rss": (feeds.rss, "application/rss+xml; charset=utf-8"),
    "json": (feeds.json_feed, "application/feed+json; charset=utf-8"),
}


def feed_router(database: Database, countries: Countries, *, public_url: str, hub: str = "") -> APIRouter:
    """Return the routes of the feeds."""
    router = APIRouter(prefix="/feeds", include_in_schema=False)

    @router.get("/changes.{syntax}")
    def feed(
        request: Request, syntax: Literal["atom", "rss", "json"], query: Annotated[FeedQuery, Query()]
    ) -> Response:
        named = known_countries(query.country, countries)
        wanted = _within(named, query.region, countries)
        with database.reading() as session:
            if query.before is not None and change_by_id(session, query.before) is None:
                raise HTTPException(UNPROCESSABLE, "before: no change has that id; begin at the first page")
            found = changes(
                session,
                countries=wanted,
                kinds=query.kind,
                measures=query.measure,
                statuses=_TOLD,
                limit=_ENTRIES + 1,
                before=query.before,
            )
            corrections = corrections_of(
                session, [each.id for each in found if each.status is ChangeStatus.CORRECTED]
            )
        following = found[_ENTRIES - 1].id if len(found) > _ENTRIES else None
        # What was taken back before anybody was told has no correction, and no entry.
        listed = [
            each
            for each in found[:_ENTRIES]
            if each.status is ChangeStatus.PUBLISHED or each.id in corrections
        ]
        filters = [
            *(("country", code) for code in named),
            *(("region", code) for code in sorted(set(query.region))),
            *(("kind", kind.value) for kind in query.kind),
            *(("measure", measure.value) for measure in query.measure),
        ]
        address = f"{public_url}/feeds/changes.{syntax}"
        links = [("first", _with(address, filters))]
        if following is not None:
            links.append(("next", _with(address, [*filters, ("before", following)])))
        if hub:
            links.append(("hub", hub))
        newest = [each.created_at for each in (*listed, *corrections.values())]
        updated = max(newest, default=_NEVER)
        write, media_type = _WRITERS[syntax]
        own = _with(address, [*filters, *([("before", query.before)] if query.before else [])])
        body = write(
            listed,
            feed_url=own,
            home_url=f"{public_url}/",
            title=_title(query, [countries.name_of(code) for code in named]),
            updated=updated,
            links=links,
            corrections=corrections,
        )
        if syntax != "json" and is_browser(request.headers):
            # Browsers show the feed by its stylesheet only where the type is plain XML.
            media_type = _XML
        answer = conditional(request, body, media_type, last_modified=updated)
        answer.headers["Vary"] = "Accept"
        answer.headers["Link"] = ", ".join(
            f'<{target}>; rel="{relation}"' for relation, target in [("self", own), *links]
        )
        return answer

    return router


def _within(named: Sequence[str], regions: Sequence[str], countries: Countries) -> list[str]:
    """Return the countries that are named or lie in one of ``regions``."""
    found = {*named, *(code for code, country in countries.items() if country.region in regions)}
    # A region without a country is not the same as no region at all.
    return sorted(found) if found or not regions else [_NOWHERE]


def _with(address: str, parameters: list[tuple[str, str]]) -> str:
    return f"{address}?{urlencode(parameters)}" if parameters else address


def _title(query: FeedQuery, names: list[str]) -> str:
    limits = [
        ", ".join([*names, *(region_words(region) for region in query.region)]),
        ", ".join(kind_words(kind).lower() for kind in query.kind),
        ", ".join(measure_words(measure, Form.ALL) for measure in query.measure),
    ]
    return "TIP Monitor: " + ("; ".join(limit for limit in limits if limit) or "all changes")
