"""Ask addresses over HTTP: politely, within bounds, and never inside the operator's own network."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import AsyncIterable, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from types import TracebackType
from typing import Self, cast
from urllib.parse import unquote_to_bytes, urljoin, urlsplit

import httpx
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
    wait_random_exponential,
)

from monitor import __version__
from monitor.domain.source import Snapshot, Validators
from monitor.fetching.decoding import ACCEPTED_ENCODINGS, DecodingFailed, decompressed
from monitor.fetching.failures import FetchFailed, RedirectedInVain
from monitor.fetching.freshness import fresh_until, moment
from monitor.fetching.guard import AddressRefused, GuardedTransport, Network
from monitor.fetching.holds import Holds
from monitor.fetching.pacing import HostPacing, Pacing
from monitor.fetching.robots import ROBOT_NAME, RobotsRules

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
_HINTS = {
    401: "the page wants a login",
    403: "the site turns this client away: open the page in a browser, or save it and use import",
    404: "the address may have changed: look at the site, then at the configuration",
    410: "it is gone for good: remove the source",
    429: "asked too often: a longer interval would help",
}
_MOST_OF_A_NOTICE = 64 * 1024
_MOST_UNPACKED_HERE = 16 * 1024
_INVALID = "not a valid address"
_CORRECT_IT = "correct it in the configuration"
_ACCEPT = (
    "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/xml;q=0.9,*/*;q=0.5"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPolicy:
    """How the fetcher behaves.

    ``contact`` (a mail address or page) goes into the User-Agent. ``max_bytes`` bounds a body both
    compressed and unpacked. ``total_seconds`` bounds one request with its body, not waits before it;
    ``longest_wait_seconds`` what a retry waits, whoever asks for it. ``proxy`` (http or https, with
    name and password where it wants them) takes all requests; the environment's proxies are ignored.
    """

    contact: str
    allow_addresses: tuple[Network, ...] = ()
    max_bytes: int = 64 * 1024 * 1024
    max_redirects: int = 5
    connect_seconds: float = 10.0
    read_seconds: float = 30.0
    total_seconds: float = 180.0
    host_spacing_seconds: float = 1.0
    host_concurrency: int = 2
    attempts: int = 3
    backoff_seconds: float = 1.0
    longest_wait_seconds: float = 60.0
    proxy: str | None = None

    @property
    def user_agent(self) -> str:
        """The name we go by, with a way to reach the operator; printable ASCII whatever was configured."""
        contact = re.sub(r"[^!-'*-~]", "", self.contact)[:200]
        return f"{ROBOT_NAME}/{__version__} (+{contact})" if contact else f"{ROBOT_NAME}/{__version__}"


@dataclass(frozen=True, slots=True)
class NotModified:
    """The address answered that nothing changed since ``validators`` were given.

    ``moved_to`` and ``fresh_until`` are as a snapshot's.
    """

    url: str
    fetched_at: datetime
    validators: Validators
    moved_to: str | None = None
    fresh_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Redirect:
    to: str
    permanent: bool


class Fetcher:
    """Fetches addresses; use it as an async context manager, one for the life of a process.

    ``transport`` replaces the guarded one: for tests, which need no network then.
    ``pacing`` replaces that of this process alone, where several share their turns at hosts.
    """

    def __init__(
        self,
        policy: FetchPolicy,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        transport: httpx.AsyncBaseTransport | None = None,
        pacing: Pacing | None = None,
    ) -> None:
        self._policy = policy
        self._now = now
        self._sleep = sleep
        # The transport itself, not a client around it: redirects, cookies and encodings are our own
        # matter, and a client takes as long over an answer 304 as the transport does.
        self._transport = transport or GuardedTransport(
            policy.allow_addresses, context=httpx.create_ssl_context(), proxy=policy.proxy
        )
        self._headers = {
            "User-Agent": policy.user_agent,
            "Accept": _ACCEPT,
            "Accept-Encoding": ACCEPTED_ENCODINGS,
            "Accept-Language": "en",
        }
        self._limits = {
            "timeout": httpx.Timeout(policy.read_seconds, connect=policy.connect_seconds).as_dict()
        }
        self._backoff = wait_random_exponential(
            multiplier=policy.backoff_seconds, max=policy.longest_wait_seconds
        )
        self._pacing = pacing or HostPacing(
            spacing_seconds=policy.host_spacing_seconds,
            concurrency=policy.host_concurrency,
            now=now,
            sleep=sleep,
        )
        self._robots = RobotsRules(self._get_rules, now)
        self._holds = Holds(now)

    async def __aenter__(self) -> Self:
        await self._transport.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transport.__aexit__(kind, error, trace)

    async def fetch(
        self, url: str, *, validators: Validators | None = None, most_bytes: int | None = None
    ) -> Snapshot | NotModified:
        """Return what ``url`` answers now, or that it is as it was when it gave ``validators``.

        ``most_bytes`` bounds the body more narrowly than the policy does.

        Transient faults are tried again ``attempts`` times in all, with jittered backoff or after the
        server's own Retry-After where that is short enough. A longer one holds the address, and when
        it is repeated the host: what is held fails without being asked.

        Raises:
            FetchFailed: with the reason, and whether it may pass.
        """
        host = _host_of(url, url)
        self._holds.check(url, host)
        try:
            limit = min(most_bytes or self._policy.max_bytes, self._policy.max_bytes)
            answer = await self._tried(url, validators or Validators(), limit)
        except FetchFailed as failure:
            if failure.status == 429 or (failure.status == 503 and failure.retry_after is not None):
                self._holds.refused(url, host, failure.retry_after)
            raise
        self._holds.answered(host)
        return answer

    async def _tried(
        self, url: str, validators: Validators, limit: int, *, obey_robots: bool = True
    ) -> Snapshot | NotModified:
        attempts = AsyncRetrying(
            stop=stop_after_attempt(self._policy.attempts),
            retry=retry_if_exception(self._is_worth_retrying),
            wait=self._wait,
            sleep=self._sleep,
            reraise=True,
        )
        return await attempts(self._follow, url, validators, limit, obey_robots=obey_robots)

    def _is_worth_retrying(self, error: BaseException) -> bool:
        if not isinstance(error, FetchFailed) or not error.transient:
            return False
        asked = error.retry_after
        return asked is None or asked.total_seconds() <= self._policy.longest_wait_seconds

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, FetchFailed) else None
        return max(self._backoff(state), asked.total_seconds() if asked else 0.0)

    async def _get_rules(self, url: str) -> Snapshot:
        answer = await self._tried(url, Validators(), self._policy.max_bytes, obey_robots=False)
        if isinstance(answer, NotModified):
            raise FetchFailed(url, "answered 304 to a request that was not conditional", status=304)
        return answer

    async def _follow(
        self, url: str, validators: Validators, limit: int, *, obey_robots: bool
    ) -> Snapshot | NotModified:
        """Follow redirects by hand, so that every hop is checked like the first."""
        seen: set[str] = set()
        hop = url
        moved_to: str | None = url
        while True:
            seen.add(hop)
            host = _host_of(hop, url)
            delay = await self._robots.check(hop) if obey_robots else 0.0
            async with self._pacing.turn(host, at_least_seconds=delay):
                # Another may have been told meanwhile to leave the host alone.
                self._holds.check(hop, host)
                answer = await self._exchange(hop, url, validators, limit)
            if not isinstance(answer, _Redirect):
                # Only an unbroken row of permanent redirects says where the address itself is now.
                return replace(answer, moved_to=moved_to) if moved_to not in (None, url) else answer
            if moved_to == hop:
                moved_to = answer.to if answer.permanent else moved_to
            hop = answer.to
            if hop in seen:
                raise RedirectedInVain(url, f"redirects in a circle, over {hop}")
            if len(seen) > self._policy.max_redirects:
                raise RedirectedInVain(url, f"redirects more than {self._policy.max_redirects} times")

    async def _exchange(
        self, hop: str, url: str, validators: Validators, limit: int
    ) -> Snapshot | NotModified | _Redirect:
        """Send one request; return its answer, or where it redirects to."""
        try:
            async with asyncio.timeout(self._policy.total_seconds):
                response = await self._transport.handle_async_request(self._request(hop, validators))
                try:
                    return await self._read(response, hop, url, validators, limit)
                finally:
                    await response.aclose()
        except AddressRefused as error:
            raise FetchFailed(
                url, str(error), hint="add its network to fetch.allow_addresses if you mean it"
            ) from error
        except TimeoutError as error:
            reason = f"no whole answer within {self._policy.total_seconds:g} s"
            raise FetchFailed(url, reason, transient=True) from error
        except httpx.TimeoutException as error:
            raise FetchFailed(url, "the server did not answer in time", transient=True) from error
        except DecodingFailed as error:
            raise FetchFailed(url, str(error), transient=error.transient) from error
        except httpx.TransportError as error:
            reason = f"the connection failed: {error or type(error).__name__}"
            raise FetchFailed(url, reason, transient=True) from error
        except (httpx.InvalidURL, UnicodeError) as error:
            raise FetchFailed(url, _INVALID, hint=_CORRECT_IT) from error

    def _request(self, hop: str, validators: Validators) -> httpx.Request:
        request = httpx.Request(
            "GET", hop, headers=self._headers | _conditional(validators), extensions=self._limits
        )
        if request.url.userinfo:
            login = base64.b64encode(unquote_to_bytes(request.url.userinfo)).decode("ascii")
            request.headers["Authorization"] = f"Basic {login}"
        return request

    async def _read(
        self, response: httpx.Response, hop: str, url: str, validators: Validators, limit: int
    ) -> Snapshot | NotModified | _Redirect:
        status = response.status_code
        if status != 200:
            await _drained(response)
        if status in _REDIRECTS and "location" in response.headers:
            return _Redirect(_joined(hop, response.headers["location"][:4096], url), status in _PERMANENT)
        now = self._now()
        if status == 304 and validators != Validators():
            return NotModified(
                url, now, _validators_of(response, validators), fresh_until=fresh_until(response.headers, now)
            )
        if status != 200:
            raise FetchFailed(
                url,
                f"answered {status} {response.reason_phrase}".rstrip(),
                hint=_HINTS.get(status, ""),
                transient=status in _TRANSIENT,
                retry_after=_retry_after(response.headers.get("retry-after", ""), self._now()),
                status=status,
            )
        body = bytearray()
        async for part in _raw(response):
            body += part
            if len(body) > limit:
                raise DecodingFailed(f"the answer is longer than {limit} bytes")
        unpack = partial(decompressed, bytes(body), response.headers.get("content-encoding", ""), limit=limit)
        # Some kilobytes may unpack to all that is let through, which takes a while.
        content = unpack() if len(body) < _MOST_UNPACKED_HERE else await asyncio.to_thread(unpack)
        return Snapshot(
            url=url,
            final_url=hop,
            fetched_at=now,
            media_type=_kept(response.headers.get("content-type"), 200) or "",
            content=content,
            validators=_validators_of(response, Validators()),
            fresh_until=fresh_until(response.headers, now),
        )


async def _drained(response: httpx.Response) -> None:
    """Read what little comes with a status: a connection whose answer was read whole is used again."""
    size = 0
    async for part in _raw(response):
        size += len(part)
        if size > _MOST_OF_A_NOTICE:
            break


def _raw(response: httpx.Response) -> AsyncIterable[bytes]:
    """Return the body's bytes as they came: transports of this interface give no other streams."""
    return cast("httpx.AsyncByteStream", response.stream)


def _joined(hop: str, location: str, url: str) -> str:
    try:
        return urljoin(hop, location).partition("#")[0]
    except ValueError as error:
        raise FetchFailed(url, "redirects to what is not a valid address") from error


def _host_of(hop: str, url: str) -> str:
    try:
        parts = urlsplit(hop)
    except ValueError as error:
        raise FetchFailed(url, _INVALID, hint=_CORRECT_IT) from error
    if parts.scheme not in ("http", "https"):
        raise FetchFailed(url, f"{parts.scheme or 'no'} address: only http and https are fetched")
    if not parts.hostname:
        raise FetchFailed(url, _INVALID, hint=_CORRECT_IT)
    return parts.hostname


def _conditional(validators: Validators) -> dict[str, str]:
    """Return the headers of a conditional GET (RFC 9110, section 13.1)."""
    headers = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in headers.items() if value}


def _validators_of(response: httpx.Response, before: Validators) -> Validators:
    return Validators(
        etag=_kept(response.headers.get("etag"), 512) or before.etag,
        last_modified=_kept(response.headers.get("last-modified"), 64) or before.last_modified,
    )


def _kept(value: str | None, longest: int) -> str | None:
    """Return a header's value if it may be stored and sent again: short, printable ASCII."""
    if not value or len(value) > longest or not value.isascii() or not value.isprintable():
        return None
    return value


def _retry_after(value: str, now: datetime) -> timedelta | None:
    """Return what a Retry-After header asks for (RFC 9110, section 10.2.3), a year at most."""
    if re.fullmatch(r"\d{1,9}", value):
        return min(timedelta(seconds=int(value)), timedelta(days=365))
    until = moment(value)
    return None if until is None else min(max(until - now, timedelta(0)), timedelta(days=365))
