"""What a site's robots.txt lets us read, and what follows where it cannot be had (RFC 9309)."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import httpx
import pytest

from monitor.domain.source import Snapshot
from monitor.fetching.client import Fetcher
from monitor.fetching.failures import FetchFailed
from tests.fetching.sites_of_tests import START, Clock, mocked

URL = "https://news.example/feed/"
RULES = "User-agent: TIPMonitor\nDisallow: /private/\n"


class Site:
    """A site whose robots.txt is answered by ``answers`` in turn, the last one for ever."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []
        self.clock = Clock()

    def fetcher(self) -> Fetcher:
        return mocked(self._answer, self.clock)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if request.url.path != "/robots.txt":
            return httpx.Response(200, text="x")
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        answer.headers["x-robots"] = "yes"
        return answer


def broken(status: int = 503, **headers: str) -> httpx.Response:
    return httpx.Response(status, headers={name.replace("_", "-"): value for name, value in headers.items()})


def rules(text: str = RULES) -> httpx.Response:
    return httpx.Response(200, text=text)


async def failure_of(fetcher: Fetcher, url: str = URL) -> FetchFailed:
    with pytest.raises(FetchFailed) as caught:
        await fetcher.fetch(url)
    return caught.value


async def test_robots_txt_is_obeyed_and_asked_once():
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        if request.url.path == "/robots.txt":
            rules = "User-agent: TIPMonitor\nDisallow: /private/\n"
            return httpx.Response(200, headers={"x-robots": "yes"}, text=rules)
        return httpx.Response(200, text="x")

    async with mocked(answer) as fetcher:
        with pytest.raises(FetchFailed, match="does not let"):
            await fetcher.fetch("https://news.example/private/1")
        await fetcher.fetch("https://news.example/public")
    assert asked == ["/robots.txt", "/public"]


async def test_a_site_whose_robots_txt_answers_5xx_is_not_read_and_the_operator_is_told_why() -> None:
    """2.3.1.4: a file that cannot be had is a complete disallow."""
    site = Site(broken())
    async with site.fetcher() as fetcher:
        failure = await failure_of(fetcher)
    assert str(failure) == (
        f"{URL}: its site's robots.txt answered 503 Service Unavailable: until it can be read, nothing "
        "of the site may be; the site is asked again after 2026-06-30 12:10 UTC"
    )
    assert failure.transient
    assert "/feed/" not in site.asked


async def test_a_robots_txt_that_cannot_be_had_is_not_asked_for_with_each_page() -> None:
    site = Site(broken())
    async with site.fetcher() as fetcher:
        for number in range(20):
            await failure_of(fetcher, f"https://news.example/{number}")
    assert site.asked == ["/robots.txt"] * 3


async def test_it_is_asked_for_again_after_ten_minutes_then_later_each_time() -> None:
    site = Site(broken())
    moments: list[timedelta] = []
    async with site.fetcher() as fetcher:
        while site.clock.time < START + timedelta(hours=4):
            asked = len(site.asked)
            await failure_of(fetcher)
            if len(site.asked) > asked:
                moments.append(site.clock.time - START)
            site.clock.time += timedelta(minutes=1)
    waits = [round((after - before).total_seconds() / 60) for before, after in pairwise(moments)]
    assert waits == [10, 20, 40, 60, 60]


async def test_what_a_source_is_told_to_wait_is_until_then() -> None:
    site = Site(broken())
    async with site.fetcher() as fetcher:
        await failure_of(fetcher)
        site.clock.time = START + timedelta(minutes=4)
        failure = await failure_of(fetcher)
    assert failure.retry_after is not None
    assert timedelta(minutes=5) < failure.retry_after < timedelta(minutes=7)


async def test_the_site_says_itself_when_to_ask_again() -> None:
    site = Site(broken(503, retry_after="7200"))
    async with site.fetcher() as fetcher:
        failure = await failure_of(fetcher)
        assert failure.retry_after == timedelta(hours=2)
        site.clock.time += timedelta(hours=1, minutes=58)
        await failure_of(fetcher)
    assert site.asked == ["/robots.txt"]


@pytest.mark.parametrize("fault", [broken(500), httpx.ConnectError("refused"), httpx.ReadTimeout("slow")])
async def test_a_fault_that_passes_at_the_next_try_is_none(fault: httpx.Response | Exception) -> None:
    site = Site(fault, rules())
    async with site.fetcher() as fetcher:
        assert isinstance(await fetcher.fetch(URL), Snapshot)
        assert "does not let" in str(await failure_of(fetcher, "https://news.example/private/1"))


async def test_rules_that_were_read_hold_on_while_the_file_cannot_be_had() -> None:
    """2.4: a copy may be used for longer than a day where the file is unreachable."""
    site = Site(rules(), broken())
    async with site.fetcher() as fetcher:
        await fetcher.fetch(URL)
        site.clock.time += timedelta(hours=25)
        assert isinstance(await fetcher.fetch(URL), Snapshot)
        assert "does not let" in str(await failure_of(fetcher, "https://news.example/private/1"))
    assert site.asked == ["/robots.txt", "/feed/", *["/robots.txt"] * 3, "/feed/"]


async def test_a_file_that_cannot_be_had_for_thirty_days_counts_as_not_there() -> None:
    site = Site(broken())
    async with site.fetcher() as fetcher:
        await failure_of(fetcher)
        site.clock.time += timedelta(days=29)
        await failure_of(fetcher)
        site.clock.time += timedelta(days=1)
        assert isinstance(await fetcher.fetch(URL), Snapshot)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
async def test_a_file_that_is_not_there_forbids_nothing(status: int) -> None:
    """2.3.1.3."""
    site = Site(broken(status))
    async with site.fetcher() as fetcher:
        assert isinstance(await fetcher.fetch("https://news.example/private/1"), Snapshot)


async def test_of_many_sites_the_rules_of_those_asked_last_are_kept() -> None:
    """A feed may lead to any number of sites, each with half a megabyte of rules."""
    long = RULES + "".join(f"Disallow: /{number:0100}/\n" for number in range(4000))
    site = Site(rules(long))
    async with site.fetcher() as fetcher:
        for number in range(12):
            await fetcher.fetch(f"https://site-{number}.example/feed/")
            await fetcher.fetch("https://site-0.example/feed/")
        site.asked.clear()
        for number in (11, 0, 1):
            await fetcher.fetch(f"https://site-{number}.example/feed/")
    assert site.asked == ["/feed/", "/feed/", "/robots.txt", "/feed/"]


async def test_each_site_has_its_own() -> None:
    """2.3: scheme, host and port."""
    site = Site(broken(404))
    async with site.fetcher() as fetcher:
        for origin in ("https://news.example", "http://news.example", "https://news.example:8443"):
            await fetcher.fetch(f"{origin}/feed/")
    assert site.asked == ["/robots.txt", "/feed/"] * 3


@pytest.mark.parametrize("location", ["/robots.txt", "/further{}"])
async def test_a_robots_txt_that_only_redirects_counts_as_not_there(location):
    count = iter(range(100))

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/page":
            return httpx.Response(200, text="x")
        to = location.format(next(count))
        return httpx.Response(302, headers={"x-robots": "yes", "location": to})

    async with mocked(answer) as fetcher:
        assert isinstance(await fetcher.fetch("https://news.example/page"), Snapshot)
