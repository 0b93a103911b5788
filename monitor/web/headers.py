"""Decides what every answer carries: headers of a careful site, and an answer to HEAD."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # The address of a confirmation page holds a token: it goes to nobody else.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_OPEN_PATHS = ("/api/", "/feeds/", "/openapi.json")
_TWO_YEARS = 63_072_000


def careful_headers(path: str, *, public_url: str) -> dict[str, str]:
    """Return the headers of every answer at ``path``.

    Feeds and the API may be read by scripts of other sites, since they are public and know no
    login. Strict-Transport-Security goes out only where the public address is https.
    """
    is_open = path.startswith(_OPEN_PATHS)
    headers = _HEADERS | {"Cross-Origin-Resource-Policy": "cross-origin" if is_open else "same-origin"}
    if is_open:
        headers["Access-Control-Allow-Origin"] = "*"
    if public_url.startswith("https://"):
        headers["Strict-Transport-Security"] = f"max-age={_TWO_YEARS}"
    return headers


class CarefulHeaders:
    """Adds the headers to every answer, errors and redirects among them; what an answer sets itself stays."""

    def __init__(self, app: ASGIApp, *, public_url: str) -> None:
        self._app = app
        self._public_url = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        added = careful_headers(scope["path"], public_url=self._public_url)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in added.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class HeadAsGet:
    """Answers HEAD as GET without its body (RFC 9110, section 9.3.2): routes declare GET only."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"}, receive, send_without_body)
