"""Answers under ``/api/v1``: what is stored, as JSON, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import BaseModel

from monitor.domain.country import Countries
from monitor.storage.database import Database, Session
from monitor.storage.editions import editions
from monitor.storage.observations import ObservedFigure, figures, placements
from monitor.web.conditional import conditional
from monitor.web.queries import (
    UNPROCESSABLE,
    ChangeQuery,
    FigureQuery,
    PageQuery,
    TierQuery,
    known_countries,
    page_of_changes,
)
from monitor.web.resources import (
    ChangeResource,
    CountryResource,
    EditionResource,
    FigureResource,
    Listing,
    Problem,
    TierResource,
)

JSON = "application/json"
_RESPONSES: dict[int | str, dict[str, Any]] = {
    304: {"description": "Not modified: the ETag sent is that of the answer"},
    422: {"model": Problem, "description": "A parameter is wrong"},
    503: {"model": Problem, "description": "The database does not answer"},
}
_Item = TypeVar("_Item")


def api_router(database: Database, countries: Countries) -> APIRouter:
    """Return the routes of the API."""
    router = APIRouter(prefix="/api/v1", responses=_RESPONSES)

    @router.get("/countries", response_model=Listing[CountryResource], tags=["countries"])
    def list_countries(request: Request, query: Annotated[PageQuery, Query()]) -> Response:
        """The countries that any edition placed, by name."""
        found, following = _after(list(countries.values()), query, lambda country: country.iso3)
        return _listing(request, [CountryResource.of(country) for country in found], following)

    @router.get("/editions", response_model=Listing[EditionResource], tags=["editions"])
    def list_editions(request: Request, query: Annotated[PageQuery, Query()]) -> Response:
        """The editions of the report that have been seen, the newest first."""
        with database.reading() as session:
            found, following = _after(editions(session), query, lambda edition: str(edition.year))
        return _listing(request, [EditionResource.of(edition) for edition in found], following)

    @router.get("/tiers", response_model=Listing[TierResource], tags=["tiers"])
    def list_tiers(request: Request, query: Annotated[TierQuery, Query()]) -> Response:
        """Placements by country and edition."""
        wanted = known_countries(query.country, countries)
        with database.reading() as session:
            one = wanted[0] if len(wanted) == 1 else None
            all_placed = placements(session, country=one)
        placed = [
            placement
            for placement in all_placed
            if (not wanted or placement.country in wanted)
            and (not query.edition or placement.edition in query.edition)
        ]
        found, following = _after(placed, query, lambda placement: f"{placement.country}-{placement.edition}")
        return _listing(request, [TierResource.of(placement) for placement in found], following)

    @router.get(
        "/figures",
        response_model=Listing[FigureResource],
        tags=["figures"],
    )
    def list_figures(request: Request, query: Annotated[FigureQuery, Query()]) -> Response:
        """Figures in force by country, edition and place in the narrative, each with its sentence."""
        codes = known_countries(query.country or countries, countries)
        start, skipped = _figure_cursor(query.cursor, codes)
        found: list[tuple[str, ObservedFigure]] = []
        with database.reading() as session:
            for code in codes[start:]:
                matching = list(_matching(session, code, query))
                for number, figure in enumerate(matching[skipped:], skipped + 1):
                    found.append((f"{code}-{number}", figure))
                skipped = 0
                if len(found) > query.limit:
                    break
        page = found[: query.limit]
        following = page[-1][0] if len(found) > query.limit else None
        return _listing(request, [FigureResource.of(figure) for _, figure in page], following)

    @router.get("/changes", response_model=Listing[ChangeResource], tags=["changes"])
    def list_changes(request: Request, query: Annotated[ChangeQuery, Query()]) -> Response:
        """What the comparison found, the newest first; held and rejected changes are left out."""
        with database.reading() as session:
            found, following = page_of_changes(
                session,
                limit=query.limit,
                before=query.cursor,
                countries=known_countries(query.country, countries),
                editions=query.edition,
                kinds=query.kind,
                measures=query.measure,
                since=query.since,
            )
        return _listing(request, [ChangeResource.of(change) for change in found], following)

    return router


def _matching(session: Session, country: str, query: FigureQuery) -> Iterator[ObservedFigure]:
    for observed in figures(session, country=country):
        if (
            (not query.edition or observed.edition in query.edition)
            and (not query.measure or observed.figure.measure in query.measure)
            and (query.since is None or observed.seen_at >= query.since)
        ):
            yield observed


def _figure_cursor(cursor: str | None, codes: Sequence[str]) -> tuple[int, int]:
    """Return the place in ``codes`` and how many of that country's figures the reader has."""
    if cursor is None:
        return 0, 0
    code, _, number = cursor.partition("-")
    if code not in codes or not (number.isascii() and number.isdigit()):
        raise _foreign_cursor()
    return codes.index(code), int(number)


def _after(
    items: Sequence[_Item], query: PageQuery, key: Callable[[_Item], str]
) -> tuple[Sequence[_Item], str | None]:
    """Return the page of ``items`` after the one that the cursor names, and the next page's cursor."""
    start = 0
    if query.cursor is not None:
        start = next((n for n, item in enumerate(items, 1) if key(item) == query.cursor), 0)
        if not start:
            raise _foreign_cursor()
    page = items[start : start + query.limit]
    return page, key(page[-1]) if start + query.limit < len(items) else None


def _foreign_cursor() -> HTTPException:
    return HTTPException(UNPROCESSABLE, "cursor: it is none of ours; start again without one")


def _listing(request: Request, items: Sequence[BaseModel], following: str | None) -> Response:
    listing = Listing[Any](items=list(items), next=following)
    response = conditional(request, listing.model_dump_json(exclude_unset=True).encode(), JSON)
    if following is not None:
        # Relative, since the host that a request names is the requester's word only.
        query = request.url.include_query_params(cursor=following).query
        response.headers["Link"] = f'<{request.url.path}?{query}>; rel="next"'
    return response
