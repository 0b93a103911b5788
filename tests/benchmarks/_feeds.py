"""A site of invented feeds in a process of its own, for benchmarks: ETags, 304, and nothing else to do."""

from __future__ import annotations

import asyncio
import hashlib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

FEEDS = 500
ITEMS = 20
_SENTENCE = (
    "The council met on Tuesday to weigh a plan for the harbour, where cranes that were bought in the "
    "spring still wait for power; its members heard from fishers, teachers and two engineers."
)
_ABOUT = "Prosecutors said that courts convicted 4 traffickers of forced labor in Bolivia in 2024."


def feed(number: int, about: int = 0) -> bytes:
    """Return feed ``number``: 20 items as WordPress writes them, the first ``about`` about our subject."""
    items = "".join(_item(number, each, about) for each in range(ITEMS))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>Paper {number}</title><link>https://paper-{number}.example/</link>"
        f"<description>News of place {number}</description><language>en</language>{items}</channel></rss>"
    ).encode()


def _item(number: int, each: int, about: int) -> str:
    address = f"https://paper-{number}.example/2026/06/{each}/"
    words = _SENTENCE.split()
    turned = [*words[each:], *words[:each]]
    sentence = _ABOUT if each < about else " ".join(turned)
    paragraphs = "".join(
        f"<p>{sentence} <a href='{address}#{n}'>More</a> ({number}.{n}).</p>" for n in range(4)
    )
    return (
        f"<item><title>Item {each} of paper {number}</title><link>{address}</link>"
        f"<dc:creator>Desk {each}</dc:creator><pubDate>Mon, {each + 1:02} Jun 2026 08:00:00 +0000</pubDate>"
        f'<category>Local</category><guid isPermaLink="false">{address}</guid>'
        f"<description><![CDATA[<p>{sentence}</p>]]></description>"
        f"<content:encoded><![CDATA[{paragraphs}]]></content:encoded></item>"
    )


@contextmanager
def serving(about: int) -> Iterator[str]:
    """Serve the feeds under ``/feed/NUMBER`` on loopback; yields the site's address."""
    server = subprocess.Popen([sys.executable, "-m", __name__, str(about)], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        server.wait()


async def _serve(about: int) -> None:
    answers: dict[str, tuple[bytes, bytes, bytes]] = {}
    for number in range(FEEDS):
        body = feed(number, about)
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'.encode()
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: " + etag
        whole = head + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        unchanged = b"HTTP/1.1 304 Not Modified\r\nETag: " + etag + b"\r\n\r\n"
        answers[f"/feed/{number}"] = (etag, whole, unchanged)

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                found = answers.get(head.split(b" ", 2)[1].decode())
                if found is None:
                    writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                else:
                    etag, whole, unchanged = found
                    writer.write(unchanged if etag in head else whole)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
