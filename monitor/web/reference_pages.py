"""Answers with the pages to look things up: comparison of countries, sources, data, method, about."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import PlainTextResponse

from monitor.domain.country import Countries
from monitor.domain.source import SourceState
from monitor.jobs.tables import CITATION, TABLES
from monitor.storage.database import Database
from monitor.storage.editions import narrative_counts
from monitor.storage.observations import figures
from monitor.storage.placements import placed_editions, placements
from monitor.storage.sources import source_states
from monitor.web.country_comparison import MOST, ComparedCountry, compare_countries
from monitor.web.queries import UNPROCESSABLE, CompareQuery, known_countries
from monitor.web.rendering import Pages

# RFC 9309. Pages and feeds are for all; whole tables and what belongs to one person are not for crawlers.
_ROBOTS = """\
User-agent: *
Disallow: /api/
Disallow: /operator
Disallow: /subscribe/
Disallow: /unsubscribe
"""


def reference_router(database: Database, countries: Countries, pages: Pages, *, public_url: str) -> APIRouter:
    """Return the routes of these pages."""
    router = APIRouter(include_in_schema=False)

    @router.get("/compare")
    def compare(request: Request, query: Annotated[CompareQuery, Query()]) -> Response:
        known = known_countries(query.country, countries)
        asked = dict.fromkeys(code.strip().upper() for code in query.country)
        chosen = [code for code in asked if code in known]
        if len(chosen) > MOST:
            raise HTTPException(UNPROCESSABLE, f"Choose up to {MOST} countries: these are {len(chosen)}.")
        with database.reading() as session:
            compared = [
                ComparedCountry(
                    countries[code], placements(session, country=code), figures(session, country=code)
                )
                for code in chosen
            ]
            newest = max(placed_editions(session), default=0)
        return pages.answer(
            request,
            "compare.html",
            comparison=compare_countries(compared, newest),
            chosen=chosen,
            left=[country for code, country in countries.items() if code not in asked],
            most=MOST,
        )

    @router.get("/sources")
    def sources(request: Request) -> Response:
        with database.reading() as session:
            states = source_states(session)
            coverage = narrative_counts(session)
        return pages.answer(
            request,
            "sources.html",
            sources=[(state, _health(state)) for state in states],
            coverage=coverage,
            most=max(coverage.values(), default=0),
        )

    @router.get("/data")
    def data(request: Request) -> Response:
        return pages.answer(
            request, "data.html", tables=list(TABLES.values()), citation=CITATION.format(url=public_url)
        )

    @router.get("/robots.txt")
    def robots() -> Response:
        return PlainTextResponse(_ROBOTS)

    @router.get("/method")
    def method(request: Request) -> Response:
        return pages.answer(request, "method.html")

    @router.get("/about")
    def about(request: Request) -> Response:
        return pages.answer(request, "about.html")

    return router


def _health(state: SourceState) -> str:
    """Return a source's health in words that show nothing of what the error said."""
    if not state.enabled:
        return "switched off"
    if state.last_checked_at is None:
        return "not checked yet"
    if state.failures:
        return f"failing: {state.failures} {'check' if state.failures == 1 else 'checks'} in a row"
    return "working"
