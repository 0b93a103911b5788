"""Serves the bundled sample site on loopback: a report's index and editions, a feed and its articles.

Texts and figures are ``config/sample``, markup is ``templates/sample``. Links are absolute to the
address served, as on the sites that it is shaped like.
"""

from __future__ import annotations

import hashlib
import re
import sys
import threading
import tomllib
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from monitor.settings.files import shipped

_HOST = "127.0.0.1"
_INDEX, _FEED = "/trafficking-in-persons-report/", "/feed/"
_FIRST_EDITIONS = (2009, 2012, 2013)
_THIRD_EDITION = 2014
# Before 2010 the archive has all countries of a stretch of the alphabet on one page.
_MANY_COUNTRIES_BEFORE = 2010


class SampleSite:
    """The sample site, served while the ``with`` block runs.

    Raises:
        OSError: on entering, where ``port`` is taken.
    """

    def __init__(self, port: int = 0) -> None:
        self._port = port
        self._site = _Site(shipped("config") / "sample", shipped("templates") / "sample")

    def __enter__(self) -> Self:
        self._server = _Server((_HOST, self._port), _Handler)
        self._server.pages = self._site.pages(self.base_url, _FIRST_EDITIONS)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="sample-site", daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def base_url(self) -> str:
        return f"http://{_HOST}:{self._server.server_port}"

    @property
    def index_url(self) -> str:
        return self.base_url + _INDEX

    @property
    def feed_url(self) -> str:
        return self.base_url + _FEED

    def publish_third_edition(self) -> None:
        """Put edition 2014 on the index, with its pages; a second call changes nothing."""
        self._server.pages = self._site.pages(self.base_url, (*_FIRST_EDITIONS, _THIRD_EDITION))


@dataclass(frozen=True, slots=True)
class _Page:
    content: bytes
    media_type: str
    modified: datetime

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.content).hexdigest()[:32]}"'


@dataclass(frozen=True, slots=True)
class _Section:
    title: str
    paragraphs: tuple[str, ...]


def _sections(text: str) -> list[_Section]:
    """Cut a text of the data at its ``## `` titles; the first section has none."""
    sections = []
    for number, part in enumerate(re.split(r"^## ", text.strip(), flags=re.MULTILINE)):
        title, body = part.split("\n", 1) if number else ("", part)
        paragraphs = (" ".join(paragraph.split()) for paragraph in body.strip().split("\n\n"))
        sections.append(_Section(title, tuple(paragraphs)))
    return sections


class _Site:
    """The data and templates of the site, rendered to pages for an address."""

    def __init__(self, data: Path, templates: Path) -> None:
        self._editions = {year: _read(data / f"{year}.toml") for year in (*_FIRST_EDITIONS, _THIRD_EDITION)}
        for year, edition in self._editions.items():
            edition["path"] = (
                f"/g/tip/rls/tiprpt/{year}/"
                if year < _MANY_COUNTRIES_BEFORE
                else f"/reports/{year}-trafficking-in-persons-report/"
            )
        self._news = _read(data / "news.toml")
        self._news["articles"].sort(key=lambda article: article["published"], reverse=True)
        for article in self._news["articles"]:
            article["path"] = f"/{article['published']:%Y/%m}/{article['slug']}/"
        self._environment = Environment(
            loader=FileSystemLoader(templates),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["sections"] = _sections
        self._environment.filters["rfc822"] = format_datetime

    def pages(self, base_url: str, years: tuple[int, ...]) -> dict[str, _Page]:
        """Return every page by its path, with ``years`` as the editions on the index."""
        pages: dict[str, _Page] = {}

        def add(path: str, template: str, modified: datetime, **values: Any) -> None:
            rendered = self._environment.get_template(template).render(
                url=base_url + path, base_url=base_url, modified=modified, **{"real": "", **values}
            )
            media_type = "application/rss+xml" if template.endswith(".xml") else "text/html"
            pages[path] = _Page(rendered.encode(), f"{media_type}; charset=UTF-8", modified)

        editions = [self._editions[year] for year in sorted(years, reverse=True)]
        add(_INDEX, "index.html", editions[0]["published"], editions=editions)
        for edition in editions:
            path, published = edition["path"], edition["published"]
            if edition["year"] < _MANY_COUNTRIES_BEFORE:
                add(path, "many_countries.html", published, edition=edition)
                continue
            add(path, "edition.html", published, edition=edition)
            for slug, narrative in edition["narratives"].items():
                add(
                    f"{path}{slug}/",
                    "narrative.html",
                    published,
                    edition=edition,
                    narrative=narrative,
                    real=narrative.get("real", ""),
                )
        articles = self._news["articles"]
        add(_FEED, "feed.xml", articles[0]["published"], news=self._news)
        for article in articles:
            add(
                article["path"],
                "article.html",
                article["published"],
                article=article,
                real=article.get("real", ""),
            )
        pages["/robots.txt"] = _Page(
            b"User-agent: *\nAllow: /\n", "text/plain; charset=UTF-8", editions[-1]["published"]
        )
        return pages


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    pages: dict[str, _Page]

    def server_bind(self) -> None:
        # HTTPServer's own asks the resolver for the host's name: seconds, where there is no network.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = _HOST, self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that went away."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "SampleSite"
    disable_nagle_algorithm = True
    timeout = 30
    server: _Server

    def do_GET(self) -> None:
        page = self.server.pages.get(urlsplit(self.path).path)
        if page is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        unchanged = self._has(page)
        self.send_response(HTTPStatus.NOT_MODIFIED if unchanged else HTTPStatus.OK)
        self.send_header("ETag", page.etag)
        self.send_header("Last-Modified", format_datetime(page.modified, usegmt=True))
        if unchanged:
            self.end_headers()
            return
        self.send_header("Content-Type", page.media_type)
        self.send_header("Content-Length", str(len(page.content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page.content)

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Keep no access log."""

    def _has(self, page: _Page) -> bool:
        """Whether the client has this page: RFC 9110, section 13.2.2, the entity tag before the date."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return tags.strip() == "*" or page.etag in (
                tag.strip().removeprefix("W/") for tag in tags.split(",")
            )
        since = self.headers.get("If-Modified-Since")
        if since is None:
            return False
        try:
            return page.modified <= parsedate_to_datetime(since)
        except (TypeError, ValueError):
            return False  # a date that is none asks for the page; so does one without a zone
