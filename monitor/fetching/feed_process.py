"""Reads feeds in processes beside this one, each feed within bounds of processor time and memory.

Parsing is all processor, and Python lets one thread of a process work at a time. It is also where
whoever writes a feed chooses the work: markup that takes a parser time in the square of its length
costs a process its life, and this one nothing. Only JSON comes back.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from monitor.domain.source import Snapshot
from monitor.fetching.failures import FetchFailed, UnexpectedPage
from monitor.fetching.feed import FeedItem, parse_feed

ParseFeed = Callable[[Snapshot], Awaitable[tuple[FeedItem, ...]]]
"""Does as `parse_feed`, off the event loop."""

_SECONDS = 5.0
"""Processor time for one feed; the longest that is read takes a second."""
_MOST_MEMORY = 1024**3
_MOST_PROCESSES = 4
# A process that neither works nor ends: it is not to be waited for.
_HUNG_SECONDS = 60.0
_LINGER_SECONDS = 1.0
_LENGTH = 8
_FAULT = 1
"""Python's status where nothing caught an exception, which it has printed."""
_OUT_OF_MEMORY = 3


async def parse_in_thread(snapshot: Snapshot) -> tuple[FeedItem, ...]:
    """Do as `parse_feed`, without bounds: for feeds of one's own."""
    return await asyncio.to_thread(parse_feed, snapshot)


class FeedProcesses:
    """As many processes as there are processors, four at most, each started when it is first needed.

    Use it as an async context manager; they end with it.
    """

    def __init__(self, *, seconds: float = _SECONDS, most_memory: int = _MOST_MEMORY) -> None:
        self._bounds = (str(seconds), str(most_memory))
        self._idle: list[asyncio.subprocess.Process] = []
        self._slots = asyncio.Semaphore(min(os.cpu_count() or 1, _MOST_PROCESSES))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._idle:
            await _ended(self._idle.pop())

    async def parse(self, snapshot: Snapshot) -> tuple[FeedItem, ...]:
        """Return the feed's items, as `parse_feed` does.

        Raises:
            UnexpectedPage: the bytes are not a feed, or one that takes too much time or memory.
            FetchFailed: the process that read it was ended.
        """
        async with self._slots:
            process = self._idle.pop() if self._idle else await _started(*self._bounds)
            try:
                async with asyncio.timeout(_HUNG_SECONDS):
                    answer = await _asked(process, snapshot)
            except (EOFError, OSError, TimeoutError) as error:
                raise _failure(await _ended(process, within=_LINGER_SECONDS), snapshot) from error
            except BaseException:
                await _ended(process)
                raise
            self._idle.append(process)
        if "items" in answer:
            return tuple(_item(each) for each in answer["items"])
        raise UnexpectedPage(snapshot.url, answer["reason"], hint=answer["hint"], snapshot=snapshot)


async def _started(*bounds: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        __name__,
        *bounds,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).resolve().parent.parent.parent,
    )


async def _asked(process: asyncio.subprocess.Process, snapshot: Snapshot) -> Any:
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - both are pipes
    head = {
        "url": snapshot.url,
        "final_url": snapshot.final_url,
        "fetched_at": snapshot.fetched_at.isoformat(),
        "media_type": snapshot.media_type,
    }
    process.stdin.write(_framed(json.dumps(head).encode()) + _framed(snapshot.content))
    await process.stdin.drain()
    size = int.from_bytes(await process.stdout.readexactly(_LENGTH))
    return json.loads(await process.stdout.readexactly(size))


async def _ended(process: asyncio.subprocess.Process, *, within: float = 0.0) -> int:
    """Kill a process unless it ends by itself ``within`` seconds; return its status."""
    try:
        async with asyncio.timeout(within):
            return await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
    return await process.wait()


def _failure(status: int, snapshot: Snapshot) -> FetchFailed:
    for known, reason in (
        (-signal.SIGPROF, "the feed takes longer to read than any real one"),
        (_OUT_OF_MEMORY, "the feed takes more memory than any real one"),
    ):
        if status == known:
            hint = "look at what the address answers"
            return UnexpectedPage(snapshot.url, reason, hint=hint, snapshot=snapshot)
    if status == _FAULT:
        hint = "the log has the details; report it"
        return UnexpectedPage(snapshot.url, "reading the feed failed", hint=hint, snapshot=snapshot)
    return FetchFailed(snapshot.url, "the process that read the feed was ended", transient=True)


def _item(fields: list[Any]) -> FeedItem:
    guid, url, title, summary_text, content_text, published_at, links = fields
    return FeedItem(
        guid=guid,
        url=url,
        title=title,
        summary_text=summary_text,
        content_text=content_text,
        published_at=None if published_at is None else datetime.fromisoformat(published_at),
        links=tuple(links),
    )


def _fields(item: FeedItem) -> list[Any]:
    published_at = None if item.published_at is None else item.published_at.isoformat()
    texts = [item.guid, item.url, item.title, item.summary_text, item.content_text]
    return [*texts, published_at, item.links]


def _framed(content: bytes) -> bytes:
    return len(content).to_bytes(_LENGTH) + content


def _serve(asked: BinaryIO, answers: BinaryIO, seconds: float, most_memory: int) -> None:
    """Read feeds until there is no more of them; one that goes beyond the bounds ends the process."""
    # The terminal's interrupt is for the process that is waited for.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (most_memory, most_memory))
    while size := asked.read(_LENGTH):
        head = json.loads(asked.read(int.from_bytes(size)))
        content = asked.read(int.from_bytes(asked.read(_LENGTH)))
        snapshot = Snapshot(
            url=head["url"],
            final_url=head["final_url"],
            fetched_at=datetime.fromisoformat(head["fetched_at"]),
            media_type=head["media_type"],
            content=content,
        )
        signal.setitimer(signal.ITIMER_PROF, seconds)
        answer: dict[str, Any]
        try:
            answer = {"items": [_fields(item) for item in parse_feed(snapshot)]}
        except UnexpectedPage as failure:
            answer = {"reason": failure.reason, "hint": failure.hint}
        except MemoryError:
            # At once: there is no memory left to end in order.
            os._exit(_OUT_OF_MEMORY)
        signal.setitimer(signal.ITIMER_PROF, 0)
        answers.write(_framed(json.dumps(answer).encode()))
        answers.flush()


if __name__ == "__main__":
    _serve(sys.stdin.buffer, sys.stdout.buffer, float(sys.argv[1]), int(sys.argv[2]))
