"""Keeps whole answers as long as nothing is committed: most are asked for again before that."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.storage.database import Database
from monitor.web.conditional import REVALIDATED, is_browser, is_known, is_opened_in_browser

_MAX_BYTES = 96 * 1024 * 1024
_MAX_QUERY_BYTES = 500
"""What somebody makes up as a query must not fill the memory as a key."""
_MAX_ANSWER_BYTES = 2 * 1024 * 1024
_NEVER_KEPT = (
    "/operator",
    "/subscribe",
    "/unsubscribe",
    "/static",
    "/api/v1/snapshots",
    "/healthz",
    "/readyz",
    "/metrics",
)
_CONDITIONS = (b"if-none-match", b"if-modified-since")
_KEPT_IN_304 = (b"etag", b"cache-control", b"last-modified", b"link", b"vary")

_Key = tuple[str, bytes, tuple[bool, bool]]
RawHeaders = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class _Answer:
    headers: RawHeaders
    body: bytes


class KeptAnswers:
    """Answers from memory what was answered before, and 304 to who has it.

    An answer is kept under its address with the version that the database had before it was made;
    a commit of any process makes that version, and with it everything kept, old. Only what says that
    it is the same for all readers is kept: status 200 with an ETag and ``Cache-Control: no-cache``.
    """

    def __init__(self, app: ASGIApp, *, database: Database) -> None:
        self._app = app
        self._database = database
        self._version: str | None = None
        self._answers: OrderedDict[_Key, _Answer] = OrderedDict()
        self._size = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] != "http"
            or scope["method"] != "GET"
            or scope["path"].startswith(_NEVER_KEPT)
            or len(scope["query_string"]) > _MAX_QUERY_BYTES
            or (version := await self._current_version()) is None
        ):
            await self._app(scope, receive, send)
            return
        if version != self._version:
            self._answers.clear()
            self._size = 0
            self._version = version
        key = (scope["path"], scope["query_string"], _looks(scope))
        answer = self._answers.get(key)
        if answer is None:
            await self._ask(scope, receive, send, lambda made: self._keep(version, key, made))
        else:
            self._answers.move_to_end(key)
            await _send(scope, send, answer)

    async def _current_version(self) -> str | None:
        if self._database.is_sqlite:
            return self._database.version()  # a few microseconds, no I/O to wait for
        return await run_in_threadpool(self._database.version)

    async def _ask(self, scope: Scope, receive: Receive, send: Send, keep: Callable[[_Answer], None]) -> None:
        """Let the application answer, whole; what can be kept is decided on here, all else passes through."""
        unconditional = [pair for pair in scope["headers"] if pair[0] not in _CONDITIONS]
        start: Message | None = None
        body = b""

        async def look(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _can_be_kept(message):
                start = message
            elif start is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    answer = _Answer(list(start["headers"]), body)
                    keep(answer)
                    await _send(scope, send, answer)

        await self._app({**scope, "headers": unconditional}, receive, look)

    def _keep(self, version: str, key: _Key, answer: _Answer) -> None:
        if version != self._version or len(answer.body) > _MAX_ANSWER_BYTES:
            return
        old = self._answers.pop(key, None)
        self._size += len(answer.body) - (len(old.body) if old else 0)
        self._answers[key] = answer
        while self._size > _MAX_BYTES:
            _, dropped = self._answers.popitem(last=False)
            self._size -= len(dropped.body)


def _looks(scope: Scope) -> tuple[bool, bool]:
    """Return what an answer depends on besides its address: feeds alone look different to a browser."""
    if not scope["path"].startswith("/feeds/"):
        return False, False
    headers = Headers(scope=scope)
    return is_browser(headers), is_opened_in_browser(headers)


def _can_be_kept(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    return (
        start["status"] == 200
        and headers.get("Cache-Control") == REVALIDATED
        and "ETag" in headers
        and "Set-Cookie" not in headers
    )


async def _send(scope: Scope, send: Callable[[Message], Awaitable[None]], answer: _Answer) -> None:
    # Copies: whoever adds headers on the way out must not add them to what is kept.
    if is_known(Headers(scope=scope), Headers(raw=answer.headers)):
        headers = [pair for pair in answer.headers if pair[0] in _KEPT_IN_304]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
    else:
        await send({"type": "http.response.start", "status": 200, "headers": list(answer.headers)})
        await send({"type": "http.response.body", "body": answer.body})
