"""Answers with the list of all changes, filtered as feeds are, and names the feed of the same filter."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from monitor.domain.change import ChangeKind
from monitor.domain.country import Countries
from monitor.domain.figure import CORE_MEASURES
from monitor.storage.database import Database
from monitor.web.queries import ChangesPageQuery, filter_words, known_countries, page_of_changes, within
from monitor.web.rendering import Pages

_PER_PAGE = 30
_FILTERS = ("country", "region", "kind", "measure")


def changes_list_router(database: Database, countries: Countries, pages: Pages) -> APIRouter:
    """Return the route of the list."""
    router = APIRouter(include_in_schema=False)

    @router.get("/changes")
    def all_changes(request: Request, query: Annotated[ChangesPageQuery, Query()]) -> Response:
        named = known_countries(query.country, countries)
        with database.reading() as session:
            listed, following = page_of_changes(
                session,
                limit=_PER_PAGE,
                before=query.before or None,
                countries=within(named, query.region, countries),
                kinds=query.kind,
                measures=query.measure,
            )
        parameters = [
            *(("country", code) for code in named),
            *(("region", code) for code in sorted(set(query.region))),
            *(("kind", kind.value) for kind in dict.fromkeys(query.kind)),
            *(("measure", measure.value) for measure in dict.fromkeys(query.measure)),
        ]
        return pages.answer(
            request,
            "changes.html",
            changes=listed,
            older=f"?{urlencode([*parameters, ('before', following)])}" if following else None,
            is_later_page=bool(query.before),
            words=filter_words(query, countries),
            query=f"?{urlencode(parameters)}" if parameters else "",
            chosen={name: {value for key, value in parameters if key == name} for name in _FILTERS},
            kinds=list(ChangeKind),
            measures=list(CORE_MEASURES),
        )

    return router
