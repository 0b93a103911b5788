"""Completes the API's description with what only the installation knows: the countries that it has."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi

from monitor.web.conditional import conditional


def describe(app: FastAPI, codes: Iterable[str]) -> None:
    """Let ``app`` describe itself with ``codes`` as the values that the parameter ``country`` takes."""
    known = sorted(codes)

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            described = get_openapi(
                title=app.title, version=app.version, description=app.description, routes=app.routes
            )
            operations = [each for path in described["paths"].values() for each in path.values()]
            for parameter in (each for operation in operations for each in operation.get("parameters", ())):
                if parameter["name"] == "country":
                    parameter["schema"]["items"] = {"type": "string", "enum": known}
            app.openapi_schema = described
        return app.openapi_schema

    # FastAPI's own way to extend it.
    app.openapi = openapi  # type: ignore[method-assign]

    @app.get("/openapi.json", include_in_schema=False)
    def description(request: Request) -> Response:
        # FastAPI's own route sends it whole to everyone, every time.
        body = json.dumps(app.openapi(), ensure_ascii=False).encode()
        return conditional(request, body, "application/json")
