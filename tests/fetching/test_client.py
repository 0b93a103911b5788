"""How addresses are asked, and what is refused of their answers."""

from __future__ import annotations

import asyncio
import base64
import gzip
import zlib
from collections.abc import Iterable

import brotli
import httpx
import pytest

from monitor import __version__
from monitor.domain.source import Snapshot, Validators
from monitor.fetching.client import Fetcher, NotModified
from monitor.fetching.failures import FetchFailed
from tests.fetching.sites_of_tests import START, Clock, mocked, policy, serving

URL = "https://news.example/feed/"


def in_turn(*responses: httpx.Response) -> tuple[list[httpx.Request], Fetcher, Clock]:
    """A fetcher that gets ``responses`` one after the other, the last one for ever."""
    asked: list[httpx.Request] = []
    clock = Clock()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/robots.txt":
            return httpx.Response(404)
        asked.append(request)
        return responses[min(len(asked), len(responses)) - 1]

    return asked, mocked(answer, clock), clock


async def failure_of(fetcher: Fetcher, url: str = URL) -> FetchFailed:
    async with fetcher:
        with pytest.raises(FetchFailed) as caught:
            await fetcher.fetch(url)
    return caught.value


async def test_an_answer_becomes_a_snapshot_of_its_exact_bytes():
    headers = {
        "content-type": "text/xml",
        "etag": '"a1"',
        "last-modified": "Tue, 30 Jun 2026 10:00:00 GMT",
        "content-encoding": "gzip",
    }
    asked, fetcher, _ = in_turn(httpx.Response(200, headers=headers, stream=Raw(gzip.compress(b"<rss/>"))))
    async with fetcher:
        snapshot = await fetcher.fetch(URL)
    assert snapshot == Snapshot(
        url=URL,
        final_url=URL,
        fetched_at=START,
        media_type="text/xml",
        content=b"<rss/>",
        validators=Validators('"a1"', "Tue, 30 Jun 2026 10:00:00 GMT"),
    )
    assert asked[0].headers["user-agent"] == f"TIPMonitor/{__version__} (+ops@example.org)"


async def test_an_unchanged_address_is_not_sent_again():
    before = Validators('"a1"', None)
    asked, fetcher, _ = in_turn(httpx.Response(304))
    async with fetcher:
        answer = await fetcher.fetch(URL, validators=before)
    assert answer == NotModified(URL, START, before)
    assert asked[0].headers["if-none-match"] == '"a1"'
    assert "if-modified-since" not in asked[0].headers


async def test_a_304_that_nobody_asked_for_is_a_failure():
    _, fetcher, _ = in_turn(httpx.Response(304))
    assert (await failure_of(fetcher)).status == 304


async def test_a_transient_fault_is_tried_again():
    asked, fetcher, clock = in_turn(httpx.Response(500), httpx.Response(200, content=b"back"))
    async with fetcher:
        snapshot = await fetcher.fetch(URL)
    assert isinstance(snapshot, Snapshot)
    assert snapshot.content == b"back"
    assert len(asked) == 2
    assert len(clock.sleeps) == 1


async def test_a_lasting_fault_is_not_tried_again():
    asked, fetcher, _ = in_turn(httpx.Response(404))
    failure = await failure_of(fetcher)
    assert (failure.reason, failure.transient, len(asked)) == ("answered 404 Not Found", False, 1)
    assert str(failure) == (
        f"{URL}: answered 404 Not Found; the address may have changed: look at the site, "
        "then at the configuration"
    )


@pytest.mark.parametrize("value", ["40", "Tue, 30 Jun 2026 12:00:40 GMT"])
async def test_a_short_retry_after_is_waited_for(value):
    asked, fetcher, clock = in_turn(
        httpx.Response(429, headers={"retry-after": value}), httpx.Response(200, content=b"x")
    )
    async with fetcher:
        await fetcher.fetch(URL)
    assert len(asked) == 2
    assert clock.sleeps == [40.0]


async def test_a_long_retry_after_is_handed_to_the_caller():
    asked, fetcher, clock = in_turn(httpx.Response(503, headers={"retry-after": "7200"}))
    failure = await failure_of(fetcher)
    assert failure.retry_after is not None
    assert (failure.retry_after.total_seconds(), failure.transient) == (7200, True)
    assert (len(asked), clock.sleeps) == (1, [])


@pytest.mark.parametrize("value", ["-1", "soon", "9" * 400, "Tue, 99 Jun 2026 12:00:40 GMT", ""])
async def test_a_nonsense_retry_after_is_ignored(value):
    _, fetcher, _ = in_turn(httpx.Response(429, headers={"retry-after": value}))
    assert (await failure_of(fetcher)).retry_after is None


async def test_redirects_are_followed_to_their_end():
    _, fetcher, _ = in_turn(
        httpx.Response(301, headers={"location": "/feed/atom/#top"}), httpx.Response(200, content=b"x")
    )
    async with fetcher:
        snapshot = await fetcher.fetch(URL)
    assert isinstance(snapshot, Snapshot)
    assert (snapshot.url, snapshot.final_url) == (URL, "https://news.example/feed/atom/")


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        (URL, f"redirects in a circle, over {URL}"),
        ("file:///etc/passwd", "file address: only http and https are fetched"),
        ("https://[nonsense/", "redirects to what is not a valid address"),
    ],
)
async def test_a_hostile_redirect_is_refused(location, reason):
    _, fetcher, _ = in_turn(httpx.Response(302, headers={"location": location}))
    assert (await failure_of(fetcher)).reason == reason


async def test_redirects_without_end_are_left():
    count = iter(range(100))
    fetcher = mocked(lambda request: httpx.Response(302, headers={"location": f"/{next(count)}"}))
    assert (await failure_of(fetcher)).reason == "redirects more than 5 times"


class Raw(httpx.AsyncByteStream):
    """A body sent as it stands."""

    def __init__(self, *parts: bytes) -> None:
        self.parts: Iterable[bytes] = parts

    async def __aiter__(self):
        for part in self.parts:
            yield part


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(bytes(2_000_000))),
        ("gzip, gzip", gzip.compress(gzip.compress(bytes(2_000_000)))),
        ("deflate", zlib.compress(bytes(2_000_000))),
        ("br", brotli.compress(bytes(2_000_000))),
    ],
)
async def test_a_compression_bomb_is_refused(encoding, body):
    fetcher = mocked(
        lambda request: httpx.Response(200, headers={"content-encoding": encoding}, stream=Raw(body)),
        max_bytes=1_000_000,
    )
    assert (await failure_of(fetcher)).reason == "the answer unpacks to more than 1000000 bytes"


async def test_an_endless_body_is_cut_off():
    endless = Raw()
    endless.parts = (bytes(100_000) for _ in iter(int, 1))
    fetcher = mocked(lambda request: httpx.Response(200, stream=endless), max_bytes=1_000_000)
    assert (await failure_of(fetcher)).reason == "the answer is longer than 1000000 bytes"


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate"])
async def test_a_truncated_body_may_be_whole_the_next_time(encoding):
    compress = {"gzip": gzip.compress, "br": brotli.compress, "deflate": zlib.compress}[encoding]
    body = compress(bytes(range(256)) * 20)
    fetcher = mocked(
        lambda request: httpx.Response(200, headers={"content-encoding": encoding}, stream=Raw(body[:-9]))
    )
    failure = await failure_of(fetcher)
    assert (failure.reason, failure.transient) == ("the compressed answer ends too early", True)


async def test_an_encoding_that_nobody_asked_for_is_refused():
    fetcher = mocked(
        lambda request: httpx.Response(200, headers={"content-encoding": "zstd"}, stream=Raw(b"x"))
    )
    assert not (await failure_of(fetcher)).transient


async def test_requests_to_one_host_keep_their_distance():
    clock = Clock()
    async with mocked(
        lambda request: httpx.Response(200, text="x"), clock, host_spacing_seconds=2.0, host_concurrency=1
    ) as fetcher:
        await asyncio.gather(*(fetcher.fetch(f"https://news.example/{number}") for number in range(3)))
    assert clock.sleeps == [2.0, 2.0, 2.0]


async def test_a_name_and_password_in_an_address_go_to_that_host_alone():
    asked: list[tuple[str, str | None]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((str(request.url.host), request.headers.get("authorization")))
        if request.url.host == "news.example" and request.url.path == "/feed/":
            return httpx.Response(302, headers={"location": "https://elsewhere.example/feed/"})
        return httpx.Response(200, text="x")

    async with mocked(answer) as fetcher:
        await fetcher.fetch("https://ann:p%40ss@news.example/feed/")
    login = "Basic " + base64.b64encode(b"ann:p@ss").decode()
    assert set(asked) == {("news.example", login), ("elsewhere.example", None)}


async def test_cookies_are_not_kept():
    seen: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path != "/robots.txt":
            seen.append(request.headers.get("cookie"))
        return httpx.Response(200, headers={"set-cookie": "track=1"}, text="x")

    async with mocked(answer) as fetcher:
        await fetcher.fetch(URL)
        await fetcher.fetch(URL)
    assert seen == [None, None]


async def test_headers_with_control_or_foreign_characters_are_not_kept():
    headers = [(b"etag", "\u00fc".encode()), (b"last-modified", b"x" * 100), (b"content-type", b"a" * 999)]
    async with mocked(lambda request: httpx.Response(200, headers=headers, text="x")) as fetcher:
        snapshot = await fetcher.fetch(URL)
    assert isinstance(snapshot, Snapshot)
    assert (snapshot.validators, snapshot.media_type) == (Validators(), "")


async def test_a_page_over_a_real_connection():
    async def handler(path: str, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")

    clock = Clock()
    async with serving(handler) as site, Fetcher(policy(), now=clock.now, sleep=clock.sleep) as fetcher:
        snapshot = await fetcher.fetch(f"{site}/page")
    assert isinstance(snapshot, Snapshot)
    assert snapshot.content == b"hello"


async def test_a_connection_cut_in_mid_body_is_transient():
    async def handler(path: str, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhello")

    clock = Clock()
    async with serving(handler) as site:
        failure = await failure_of(Fetcher(policy(), now=clock.now, sleep=clock.sleep), f"{site}/page")
    assert failure.transient
    assert failure.reason.startswith("the connection failed: ")
    assert len(clock.sleeps) == 2


async def test_bytes_that_drip_for_ever_are_left_after_the_total_time():
    async def handler(path: str, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")
        await writer.drain()
        await asyncio.get_running_loop().create_future()

    clock = Clock()
    fetcher = Fetcher(policy(total_seconds=0.05, attempts=1), now=clock.now, sleep=clock.sleep)
    async with serving(handler) as site:
        failure = await failure_of(fetcher, f"{site}/page")
    assert (failure.reason, failure.transient) == ("no whole answer within 0.05 s", True)


async def test_endless_headers_are_refused():
    async def handler(path: str, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n" + b"X-Filler: y\r\n" * 50_000)

    clock = Clock()
    async with serving(handler) as site:
        fetcher = Fetcher(policy(attempts=1), now=clock.now, sleep=clock.sleep)
        failure = await failure_of(fetcher, f"{site}/page")
    assert failure.reason.startswith("the connection failed: ")


async def test_a_private_address_is_refused_unless_allowed():
    clock = Clock()
    fetcher = Fetcher(policy(allow_addresses=()), now=clock.now, sleep=clock.sleep)
    failure = await failure_of(fetcher, "http://127.0.0.1:1/")
    assert (failure.reason, failure.transient) == (
        "127.0.0.1 is at 127.0.0.1, which is not a public address",
        False,
    )


async def test_a_site_that_is_down_is_named_by_the_address_that_was_asked():
    clock = Clock()
    failure = await failure_of(
        Fetcher(policy(), now=clock.now, sleep=clock.sleep), "http://127.0.0.1:1/feed/"
    )
    assert str(failure) == (
        "http://127.0.0.1:1/feed/: the connection failed: All connection attempts failed; "
        "the site is asked again after 2026-06-30 12:10 UTC"
    )
    assert len(clock.sleeps) == 2


async def test_a_caller_bounds_the_body_more_narrowly():
    async with mocked(lambda request: httpx.Response(200, stream=Raw(bytes(2000)))) as fetcher:
        with pytest.raises(FetchFailed, match="longer than 1000 bytes"):
            await fetcher.fetch(URL, most_bytes=1000)
