"""Answers to those who watch the process: ``/healthz`` (it runs) and ``/readyz`` (it can serve)."""

from __future__ import annotations

import structlog
from fastapi import APIRouter
from fastapi.responses import JSONResponse

from monitor.storage.database import Database, StorageError
from monitor.storage.schema import require_current

_NOT_KEPT = {"Cache-Control": "no-store"}
_log = structlog.get_logger()


def health_router(database: Database) -> APIRouter:
    """Return the routes of the health checks."""
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz")
    async def alive() -> JSONResponse:
        return JSONResponse({"status": "alive"}, headers=_NOT_KEPT)

    @router.get("/readyz")
    def ready() -> JSONResponse:
        try:
            require_current(database)
        except StorageError as error:
            # Where the database lies is for the log, not for whoever asks.
            _log.warning("not ready", error=str(error))
            words = "the database does not answer or is not migrated; the log says more"
            return JSONResponse({"status": "not ready", "detail": words}, 503, headers=_NOT_KEPT)
        return JSONResponse({"status": "ready"}, headers=_NOT_KEPT)

    return router
