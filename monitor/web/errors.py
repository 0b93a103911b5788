"""Puts failures in words: a page for people, plain text for feed readers, JSON for the API."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match

from monitor.storage.database import StorageError
from monitor.web.headers import careful_headers
from monitor.web.queries import NO_CURSOR, UNPROCESSABLE
from monitor.web.rendering import HTML, Pages

_HEADINGS = {
    400: "That did not work",
    403: "Refused",
    404: "Not found",
    405: "Not possible here",
    410: "Gone",
    413: "Too large",
    429: "Too many requests",
    500: "Something broke here",
    503: "Back in a minute",
}
_WORDS = {404: "There is no page at this address.", 405: "This address does not take such a request."}
_BROKEN = "That is a fault of this site, not yours, and it is logged. Nothing is lost; please try again."
_log = structlog.get_logger()


def install_error_answers(app: FastAPI, pages: Pages, *, public_url: str) -> None:
    """Make ``app`` answer failures in words."""

    def answer(request: Request, status: int, words: str, headers: Any = None) -> Response:
        path = request.url.path
        headers = {"Cache-Control": "no-store"} | dict(headers or {})
        if path.startswith(("/api/", "/openapi.json")):
            return JSONResponse({"detail": words}, status, headers=headers)
        status = 400 if status == UNPROCESSABLE else status
        if path.startswith("/feeds/"):
            return PlainTextResponse(f"{words}\n", status, headers=headers)
        heading = _HEADINGS.get(status, HTTPStatus(status).phrase)
        page = pages.text("message.html", heading=heading, words=words)
        return Response(page, status, headers=headers, media_type=HTML)

    @app.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404 and (meant := _without_slash(request)):
            return RedirectResponse(meant, 308)
        is_ours = error.detail != HTTPStatus(error.status_code).phrase
        words = error.detail if is_ours else _WORDS.get(error.status_code, error.detail)
        return answer(request, error.status_code, words, error.headers)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        if any(problem["loc"][0] == "path" for problem in error.errors()):
            return answer(request, 404, _WORDS[404])
        return answer(request, UNPROCESSABLE, "; ".join(_problem_words(each) for each in error.errors()))

    @app.exception_handler(StorageError)
    def unavailable(request: Request, error: StorageError) -> Response:
        # Where the database lies is for the log, not for whoever asks.
        _log.error("database", path=request.url.path, error=str(error))
        words = "The database does not answer just now. Nothing is lost; please try again."
        return answer(request, 503, words, {"Retry-After": "60"})

    @app.exception_handler(Exception)
    def broken(request: Request, error: Exception) -> Response:
        # Answered outside of all middleware, and raised again for the server's log.
        return answer(request, 500, _BROKEN, careful_headers(request.url.path, public_url=public_url))


def _without_slash(request: Request) -> str | None:
    """Return the address that a request with a slash too many at its end means, if there is one here.

    It names no host: what a request says of its own host is anybody's word.
    """
    path = request.scope["path"]
    bare = path.rstrip("/")
    if request.method != "GET" or bare == path or not bare:
        return None
    scope = {**request.scope, "path": bare}
    if not any(route.matches(scope)[0] is Match.FULL for route in request.app.routes):
        return None
    query = request.scope["query_string"].decode("latin-1")
    return quote(bare) + (f"?{query}" if query else "")


def _problem_words(problem: dict[str, Any]) -> str:
    name = next((str(part) for part in problem["loc"][1:2]), "request")
    if problem["type"] == "extra_forbidden":
        return f"{name[:50]}: no such parameter here"
    if name == "cursor" and problem["type"] == "string_pattern_mismatch":
        return NO_CURSOR
    message = str(problem["msg"])
    return f"{name[:50]}: {message[:1].lower()}{message[1:]}"
