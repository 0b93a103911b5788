"""Answers under ``/feeds``: the newest published changes, for everything and for every filter."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query, Request, Response

from monitor.comparison.corrections import said_once
from monitor.delivery import feeds
from monitor.domain.change import ChangeStatus
from monitor.domain.country import Countries
from monitor.storage.changes import change as change_by_id
from monitor.storage.changes import changes, corrections_of
from monitor.storage.database import Database
from monitor.web.conditional import conditional, is_browser, is_opened_in_browser
from monitor.web.queries import UNPROCESSABLE, FeedQuery, filter_words, known_countries, within
from monitor.web.rendering import Pages

_ENTRIES = 100
_TOLD = (ChangeStatus.PUBLISHED, ChangeStatus.CORRECTED)
_XML = "text/xml; charset=utf-8"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When a feed without an entry was updated: a fixed time, so that it stays the same document."""

_WRITERS = {
    "atom": ("Atom", feeds.atom, "application/atom+xml; charset=utf-8"),
    "rss": ("RSS", feeds.rss, "application/rss+xml; charset=utf-8"),
    "json": ("JSON Feed", feeds.json_feed, "application/feed+json; charset=utf-8"),
}


def feed_router(
    database: Database, countries: Countries, pages: Pages, *, public_url: str, hub: str = ""
) -> APIRouter:
    """Return the routes of the feeds.

    Whoever opens a feed in a browser is shown it as a page, by ``pages``.
    """
    router = APIRouter(prefix="/feeds", include_in_schema=False)

    @router.get("/changes.{syntax}")
    def feed(
        request: Request, syntax: Literal["atom", "rss", "json"], query: Annotated[FeedQuery, Query()]
    ) -> Response:
        named = known_countries(query.country, countries)
        wanted = within(named, query.region, countries)
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
        listed = said_once(
            [
                each
                for each in found[:_ENTRIES]
                if each.status is ChangeStatus.PUBLISHED or each.id in corrections
            ]
        )
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
        name, write, media_type = _WRITERS[syntax]
        paging = [("before", query.before)] if query.before else []
        own = _with(address, [*filters, *paging])
        words = filter_words(query, countries) or "all changes"
        if syntax != "json" and is_opened_in_browser(request.headers):
            answer = pages.answer(
                request,
                "feed.html",
                name=name,
                words=words,
                media_type=media_type.partition(";")[0],
                feed_url=own,
                others=[
                    (other, _with(f"/feeds/changes.{each}", [*filters, *paging]))
                    for each, (other, _, _) in _WRITERS.items()
                    if each != syntax
                ],
                page=_with("/changes", filters),
                changes=listed,
                corrections=corrections,
                older=_with("", [*filters, ("before", following)]) if following else None,
            )
        else:
            body = write(
                listed,
                feed_url=own,
                home_url=f"{public_url}/",
                title=f"TIP Monitor: {words}",
                updated=updated,
                links=links,
                corrections=corrections,
            )
            if syntax != "json" and is_browser(request.headers):
                # Browsers show the feed by its stylesheet only where the type is plain XML.
                media_type = _XML
            answer = conditional(request, body, media_type, last_modified=updated)
        answer.headers["Vary"] = "Accept, Sec-Fetch-Dest"
        answer.headers["Link"] = ", ".join(
            f'<{target}>; rel="{relation}"' for relation, target in [("self", own), *links]
        )
        return answer

    return router


def _with(address: str, parameters: list[tuple[str, str]]) -> str:
    return f"{address}?{urlencode(parameters)}" if parameters else address
