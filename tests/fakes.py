"""The few fakes: a web of pages behind httpx's own MockTransport, and a clock that tests move."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import httpx

from tests.builders import NOW


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        self.now += by

    async def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Web:
    """Pages by address, answered with ETags and 304; what is not there is a 404.

    ``requests`` lists the addresses asked for, robots.txt left out.
    """

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, str, bytes]] = {}
        self.requests: list[str] = []

    def put(
        self, url: str, content: str | bytes, *, media_type: str = "text/html", status: int = 200
    ) -> None:
        body = content if isinstance(content, bytes) else content.encode()
        self.pages[url] = (status, media_type, body)

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        url = str(request.url)
        if request.url.path == "/robots.txt":
            return httpx.Response(404)
        self.requests.append(url)
        status, media_type, body = self.pages.get(url, (404, "text/html", b"not found"))
        etag = f'"{hashlib.sha256(body).hexdigest()}"'
        if status == 200 and request.headers.get("If-None-Match") == etag:
            return httpx.Response(304, headers={"ETag": etag})
        headers = {"Content-Type": f"{media_type}; charset=utf-8", "ETag": etag}
        return httpx.Response(status, stream=httpx.ByteStream(body), headers=headers)


class ReportWeb(Web):
    """A web with the report's site in its current markup, and one feed."""

    base = "https://report.example"
    index = f"{base}/trafficking-in-persons-report/"
    feed = "https://news.example/feed/"

    def __init__(self) -> None:
        super().__init__()
        self._editions: dict[int, dict[str, str]] = {}
        self._items: list[str] = []

    def publish(self, edition: int, **narratives: str) -> None:
        """Put country pages (slug -> text, a paragraph a line) into an edition, and link them."""
        self._editions.setdefault(edition, {}).update(narratives)
        for slug, text in narratives.items():
            self.put(self.address(edition, slug), self._page(edition, slug, text))
        links = [(self.address(edition, slug), slug.title()) for slug in self._editions[edition]]
        self.put(self.address(edition), _links(f"{edition} Trafficking in Persons Report", links))
        editions = [
            (self.address(year), f"{year} Trafficking in Persons Report")
            for year in sorted(self._editions, reverse=True)
        ]
        self.put(self.index, _links("Trafficking in Persons Report", editions))

    def announce(self, slug: str, text: str) -> str:
        """Put an article behind a new item of the feed; return its address."""
        url = f"https://news.example/{slug}/"
        paragraphs = "".join(f"<p>{line}</p>" for line in text.splitlines())
        self.put(
            url,
            f"<html><head><title>{slug}</title></head><body><article><h1>{slug}</h1>{paragraphs}"
            "</article></body></html>",
        )
        self._items.append(
            f"<item><title>{slug}</title><link>{url}</link><guid>{url}</guid>"
            "<pubDate>Thu, 20 Jun 2013 08:00:00 +0000</pubDate></item>"
        )
        self.put(
            self.feed,
            '<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>'
            f"<link>https://news.example/</link>{''.join(self._items)}</channel></rss>",
            media_type="application/rss+xml",
        )
        return url

    def address(self, edition: int, slug: str | None = None) -> str:
        return f"{self.base}/reports/{edition}-trafficking-in-persons-report/" + (f"{slug}/" if slug else "")

    def _page(self, edition: int, slug: str, text: str) -> str:
        paragraphs = "".join(f"<p>{line}</p>" for line in text.splitlines())
        return (
            f"<html><head><title>{slug.title()} - United States Department of State</title>"
            f'<link rel="canonical" href="{self.address(edition, slug)}" /></head><body>'
            '<nav><a href="/">Home</a></nav><main><article class="report"><section class="entry-content">'
            f'<h2 class="report__section-title" id="report-toc__section-1">Narrative</h2>{paragraphs}'
            "</section></article></main></body></html>"
        )


def _links(title: str, links: list[tuple[str, str]]) -> str:
    items = "".join(f'<li><a href="{url}">{text}</a></li>' for url, text in links)
    return (
        f"<html><head><title>{title} - United States Department of State</title></head><body><main>"
        f'<section class="entry-content"><h1>{title}</h1><ul>{items}</ul></section></main></body></html>'
    )
