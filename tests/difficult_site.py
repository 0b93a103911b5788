"""A site on loopback whose feeds have switches: how each answers can be changed while it is served."""

from __future__ import annotations

import gzip
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DIFFICULTIES = (
    "<html><head><title>Technical Difficulties</title></head><body><h1>Technical Difficulties</h1>"
    "<p>We are sorry, this site is experiencing technical difficulties.</p></body></html>"
)
SWITCHES = (
    "well",
    "slow",
    "reset",
    "asked too often",
    "broken once",
    "broken",
    "circle",
    "other etag",
    "difficulties",
    "cut off",
)


class DifficultSite:
    """Feeds under names, each at an address of loopback of its own, with as many items as were published.

    ``switches`` says by name how a feed answers (one of SWITCHES), ``asked`` counts requests.
    """

    def __init__(self) -> None:
        self.published = 1
        self.retry_after = 3600
        self.switches: dict[str, str] = {}
        self.asked: Counter[str] = Counter()
        self._hosts: dict[str, str] = {}
        site = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                name = self.path.strip("/").partition("?")[0]
                site.asked[name] += 1
                site.answer(self, name, site.switches.get(name, "well"))

            def log_message(self, *_: object) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, *_: object) -> None:
                """A client that left while it was answered is no news here."""

        self._server = Quiet(("0.0.0.0", 0), Answer)  # noqa: S104 - all of 127.0.0.0/8

    def address(self, name: str, host: str | None = None) -> str:
        """Return where feed ``name`` is: at a host of its own, or of ``host``."""
        own = self._hosts.setdefault(host or name, f"127.0.2.{len(self._hosts) + 1}")
        return f"http://{own}:{self._server.server_port}/{name}"

    def answer(self, request: BaseHTTPRequestHandler, name: str, switch: str) -> None:
        if name == "robots.txt":
            return _send(request, 404, b"")
        body = feed_of(name, name, "Bolivia", self.published, said_by=name)
        match switch:
            case "slow":
                _head(request, 200, len(body))
                for start in range(0, len(body), 64):
                    request.wfile.write(body[start : start + 64])
                    time.sleep(0.01)
            case "reset":
                _head(request, 200, len(body))
                request.wfile.write(body[:100])
                request.wfile.flush()
                # Closed so, a connection is reset.
                linger = struct.pack("ii", 1, 0)
                request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                request.connection.close()
            case "asked too often":
                _send(request, 429, b"later", retry_after=str(self.retry_after))
            case "broken once" if self.asked[name] % 2:
                _send(request, 500, b"broken")
            case "broken":
                _send(request, 500, b"broken")
            case "circle":
                _send(request, 302, b"", location=f"/{name}" if "?" in request.path else f"/{name}?again")
            case "difficulties":
                _send(request, 200, DIFFICULTIES.encode(), content_type="text/html")
            case "cut off":
                _send(request, 200, gzip.compress(body)[:-12], content_encoding="gzip")
            case _:
                etag = f'"{self.asked[name] if switch == "other etag" else self.published}"'
                if request.headers.get("If-None-Match") == etag:
                    return _send(request, 304, b"", etag=etag)
                _send(request, 200, body, etag=etag)
        return None

    @contextmanager
    def served(self) -> Iterator[DifficultSite]:
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()


def feed_of(key: str, title: str, country: str, parts: int, *, said_by: str = "") -> bytes:
    """Return RSS with an item for each part, which says how many traffickers the country convicted."""
    end = f", said {said_by}." if said_by else "."
    items = "".join(
        f"<item><title>{title}, part {part}</title><guid>{key}-{part}</guid>"
        f"<link>https://news.example/{key}/{part}</link>"
        f"<description>Courts in {country} convicted {10 + part} traffickers in 2025{end}"
        "</description></item>"
        for part in range(parts)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()


def _head(request: BaseHTTPRequestHandler, status: int, size: int, **headers: str) -> None:
    request.send_response(status)
    for name, value in ({"content_type": "application/rss+xml"} | headers).items():
        request.send_header(name.replace("_", "-"), value)
    request.send_header("Content-Length", str(size))
    request.end_headers()


def _send(request: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    _head(request, status, len(body), **headers)
    request.wfile.write(body)
