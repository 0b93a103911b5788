"""Answers with whole tables as CSV or Parquet, and with the bytes of snapshots."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi import Path as PathParameter
from fastapi.responses import StreamingResponse

from monitor.domain.country import Countries
from monitor.jobs.exporting import change_rows, claim_rows, figure_rows
from monitor.jobs.tables import (
    CHANGES,
    CLAIMS,
    FIGURES,
    TIERS,
    ParquetMissing,
    Table,
    TableRow,
    csv_lines,
    tier_row,
    write_parquet,
)
from monitor.storage.database import Database
from monitor.storage.observed_pages import Wanted
from monitor.storage.placements import placements
from monitor.storage.snapshots import is_kept, is_of_report, load_snapshot
from monitor.web.api import RESPONSES
from monitor.web.queries import (
    ChangeFilter,
    ClaimFilter,
    FigureFilter,
    TierFilter,
    known_countries,
)
from monitor.web.resources import Problem

CSV = "text/csv; charset=utf-8"
PARQUET = "application/vnd.apache.parquet"
BYTES = "application/octet-stream"
_CHUNK = 256 * 1024
_IN_MEMORY = 8 * 1024 * 1024
# Whatever lies in a snapshot, no browser shows it as a page of this site, nor runs it.
_SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"
_NOT_OURS = (
    "These bytes were read and are kept, but they are an article of its publisher: ask for it at its address."
)

Syntax = Annotated[Literal["csv", "parquet"], PathParameter(description="The format of the file")]


def download_router(database: Database, countries: Countries) -> APIRouter:
    """Return the routes of the downloads."""
    router = APIRouter(prefix="/api/v1", responses=RESPONSES, tags=["downloads"])
    files: dict[int | str, dict[str, Any]] = {
        200: {"description": "The table", "content": {CSV: {}, PARQUET: {}}},
        501: {"model": Problem, "description": "This installation cannot write Parquet"},
    }

    @router.get("/figures.{syntax}", response_class=Response, responses=files)
    def figures_file(syntax: Syntax, query: Annotated[FigureFilter, Query()]) -> Response:
        """All figures in force that the filter lets through, as a table."""
        wanted = Wanted(known_countries(query.country, countries), query.edition, query.measure, query.since)
        return _file(FIGURES, figure_rows(database, wanted), syntax)

    @router.get("/claims.{syntax}", response_class=Response, responses=files)
    def claims_file(syntax: Syntax, query: Annotated[ClaimFilter, Query()]) -> Response:
        """All figures of news articles that the filter lets through, as a table."""
        wanted = Wanted(known_countries(query.country, countries), (), query.measure, query.since)
        return _file(CLAIMS, claim_rows(database, wanted), syntax)

    @router.get("/tiers.{syntax}", response_class=Response, responses=files)
    def tiers_file(syntax: Syntax, query: Annotated[TierFilter, Query()]) -> Response:
        """All placements that the filter lets through, as a table."""
        wanted = set(known_countries(query.country, countries))
        with database.reading() as session:
            found = placements(session)
        rows = (
            tier_row(placement)
            for placement in found
            if (not wanted or placement.country in wanted)
            and (not query.edition or placement.edition in query.edition)
        )
        return _file(TIERS, rows, syntax)

    @router.get("/changes.{syntax}", response_class=Response, responses=files)
    def changes_file(syntax: Syntax, query: Annotated[ChangeFilter, Query()]) -> Response:
        """All published changes and history that the filter lets through, newest first, as a table."""
        rows = change_rows(
            database,
            since=query.since,
            kinds=query.kind,
            countries=known_countries(query.country, countries),
            measures=query.measure,
            editions=query.edition,
        )
        return _file(CHANGES, rows, syntax)

    @router.get(
        "/snapshots/{sha256}",
        response_class=Response,
        responses={
            200: {"description": "The bytes as they were answered", "content": {BYTES: {}}},
            403: {"model": Problem, "description": "An article's bytes, which are not given on"},
            404: {"model": Problem, "description": "No bytes of that hash are kept"},
        },
    )
    def snapshot(
        request: Request, sha256: Annotated[str, PathParameter(pattern="^[0-9a-f]{64}$")]
    ) -> Response:
        """The exact bytes that a page of the report answered, under their SHA-256."""
        with database.reading() as session:
            if not is_kept(session, sha256):
                raise HTTPException(404, "No bytes of that hash are kept here.")
            if not is_of_report(session, sha256):
                raise HTTPException(403, _NOT_OURS)
            headers = {
                "ETag": f'"{sha256}"',
                "Cache-Control": "public, max-age=31536000, immutable",
                "Content-Disposition": f'attachment; filename="{sha256}"',
                "Content-Security-Policy": _SANDBOX,
            }
            if request.headers.get("If-None-Match") == headers["ETag"]:
                return Response(status_code=304, headers=headers)
            return Response(load_snapshot(session, sha256), media_type=BYTES, headers=headers)

    return router


def _file(table: Table, rows: Iterable[TableRow], syntax: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="tip-monitor-{table.name}.{syntax}"',
        "Cache-Control": "no-store",
        "Link": '</api/v1/dictionary>; rel="describedby"',
    }
    if syntax == "csv":
        return StreamingResponse(csv_lines(table, rows), media_type=CSV, headers=headers)
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed when it has been sent
    try:
        write_parquet(table, rows, file)
    except ParquetMissing as missing:
        file.close()
        raise HTTPException(501, str(missing)) from missing
    file.seek(0)
    return StreamingResponse(_chunks(file), media_type=PARQUET, headers=headers)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk
