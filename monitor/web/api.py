"""Answers under ``/api/v1``: what is stored, as JSON, a page at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from monitor.domain.country import Countries
from monitor.jobs.tables import CITATION, TABLES
from monitor.storage.database import Database
from monitor.storage.editions import editions
from monitor.storage.observed_pages import (
    ClaimPlace,
    FigurePlace,
    PassagePlace,
    Wanted,
    claims_page,
    figures_page,
    passages_page,
)
from monitor.storage.placements import placements
from monitor.web.conditional import conditional
from monitor.web.queries import (
    ChangeQuery,
    ClaimQuery,
    FigureQuery,
    PageQuery,
    TierQuery,
    foreign_cursor,
    known_countries,
    page_of_changes,
)
from monitor.web.resources import (
    ChangeResource,
    ClaimResource,
    CountryResource,
    DictionaryResource,
    EditionResource,
    FigureResource,
    Listing,
    PassageResource,
    Problem,
    TierResource,
)

JSON = "application/json"
RESPONSES: dict[int | str, dict[str, Any]] = {
    304: {"description": "Not modified: the ETag sent is that of the answer"},
    404: {"model": Problem, "description": "A cursor, a format or a hash that names nothing here"},
    422: {"model": Problem, "description": "A parameter is wrong"},
    429: {"model": Problem, "description": "Asked too often; Retry-After says when to come back"},
    503: {"model": Problem, "description": "The database does not answer"},
}
# Numbers of at most 18 digits, which every database takes.
_FIGURE_CURSOR = re.compile(r"([A-Z]{3})-([0-9]{1,4})-([0-9]{1,18})-([0-9]{1,18})")
_CLAIM_CURSOR = re.compile(r"([0-9]{1,18})-([0-9]{1,18})")
_PASSAGE_CURSOR = re.compile(r"([A-Z]{3})-([0-9]{1,4})-([0-9]{1,18})-([0-9]{1,18})-([0-9]{1,18})")
_Item = TypeVar("_Item")
_Found = TypeVar("_Found")


def api_router(database: Database, countries: Countries, *, public_url: str) -> APIRouter:
    """Return the routes of the API."""
    router = APIRouter(prefix="/api/v1", responses=RESPONSES)

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

    @router.get("/figures", response_model=Listing[FigureResource], tags=["figures"])
    def list_figures(request: Request, query: Annotated[FigureQuery, Query()]) -> Response:
        """Figures in force by country, edition and place in the narrative, each with its sentence."""
        after = _figure_place(query.cursor)
        with database.reading() as session:
            found = figures_page(
                session, wanted_figures(query, countries), after=after, limit=query.limit + 1
            )
        return _keyset(request, found, query.limit, FigureResource.of)

    @router.get("/claims", response_model=Listing[ClaimResource], tags=["claims"])
    def list_claims(request: Request, query: Annotated[ClaimQuery, Query()]) -> Response:
        """Figures that news articles state, the article first seen first."""
        after = _claim_place(query.cursor)
        with database.reading() as session:
            found = claims_page(session, wanted_figures(query, countries), after=after, limit=query.limit + 1)
        return _keyset(request, found, query.limit, ClaimResource.of)

    @router.get("/evidence", response_model=Listing[PassageResource], tags=["evidence"])
    def list_evidence(request: Request, query: Annotated[FigureQuery, Query()]) -> Response:
        """Passages of narratives by country, edition and place, each with all that was read in it."""
        after = _passage_place(query.cursor)
        with database.reading() as session:
            passages = passages_page(
                session, wanted_figures(query, countries), after=after, limit=query.limit + 1
            )
        found = [(passage.place, passage) for passage in passages]
        return _keyset(request, found, query.limit, PassageResource.of)

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

    @router.get("/dictionary", response_model=DictionaryResource, tags=["downloads"])
    def dictionary(request: Request) -> Response:
        """What each column of each table means, and how to cite them."""
        described = DictionaryResource.of(TABLES.values(), CITATION.format(url=public_url))
        return conditional(request, described.model_dump_json().encode(), JSON)

    return router


def wanted_figures(query: FigureQuery | ClaimQuery, countries: Countries) -> Wanted:
    """Return the filter of ``query``.

    Raises:
        HTTPException: it names a country that is none of the report.
    """
    editions = query.edition if isinstance(query, FigureQuery) else []
    return Wanted(known_countries(query.country, countries), editions, query.measure, query.since)


def _numbers(cursor: str | None, pattern: re.Pattern[str]) -> tuple[str, ...] | None:
    if cursor is None:
        return None
    match = pattern.fullmatch(cursor)
    if match is None:
        raise foreign_cursor()
    return match.groups()


def _figure_place(cursor: str | None) -> FigurePlace | None:
    parts = _numbers(cursor, _FIGURE_CURSOR)
    return (parts[0], int(parts[1]), int(parts[2]), int(parts[3])) if parts else None


def _claim_place(cursor: str | None) -> ClaimPlace | None:
    parts = _numbers(cursor, _CLAIM_CURSOR)
    return (int(parts[0]), int(parts[1])) if parts else None


def _passage_place(cursor: str | None) -> PassagePlace | None:
    parts = _numbers(cursor, _PASSAGE_CURSOR)
    return (parts[0], int(parts[1]), int(parts[2]), int(parts[3]), int(parts[4])) if parts else None


def _after(
    items: Sequence[_Item], query: PageQuery, key: Callable[[_Item], str]
) -> tuple[Sequence[_Item], str | None]:
    """Return the page of ``items`` after the one that the cursor names, and the next page's cursor."""
    start = 0
    if query.cursor is not None:
        start = next((n for n, item in enumerate(items, 1) if key(item) == query.cursor), 0)
        if not start:
            raise foreign_cursor()
    page = items[start : start + query.limit]
    return page, key(page[-1]) if start + query.limit < len(items) else None


def _keyset(
    request: Request,
    found: Sequence[tuple[tuple[object, ...], _Found]],
    limit: int,
    shape: Callable[[_Found], BaseModel],
) -> Response:
    """Answer with the first ``limit`` of ``found``; one more shows that another page follows."""
    following = "-".join(map(str, found[limit - 1][0])) if len(found) > limit else None
    return _listing(request, [shape(each) for _, each in found[:limit]], following)


def _listing(request: Request, items: Sequence[BaseModel], following: str | None) -> Response:
    listing = Listing[Any](items=list(items), next=following)
    response = conditional(request, listing.model_dump_json(exclude_unset=True).encode(), JSON)
    if following is not None:
        # Relative, since the host that a request names is the requester's word only.
        query = request.url.include_query_params(cursor=following).query
        response.headers["Link"] = f'<{request.url.path}?{query}>; rel="next"'
    return response
