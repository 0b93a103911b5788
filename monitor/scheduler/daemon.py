"""Runs the parts of a process in one event loop until a signal ends them all."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable

import structlog
import uvicorn
from starlette.types import ASGIApp

_GRACE_SECONDS = 4
_END_SECONDS = 6

Part = Callable[[], Awaitable[None]]
"""Runs until cancelled."""

log = structlog.get_logger(__name__)


class PortTaken(Exception):  # noqa: N818
    """The web server's address cannot be bound; the message says what to do."""


async def run_daemon(app: ASGIApp, *parts: Part, host: str, port: int) -> None:
    """Serve ``app`` and run ``parts`` until SIGTERM or SIGINT; all end within ten seconds.

    Work under way is cancelled: what it had not committed is repeated by the next run. A part that
    fails ends the process, for whoever watches it to start it again.

    Raises:
        PortTaken: the address cannot be bound.
    """
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
            server_header=False,
        )
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn raises the signal once more when it has stopped; here it has done its work.
        loop.add_signal_handler(number, lambda: None)

    async def serve() -> None:
        await _serve(server, host, port)

    await _run(serve, parts)


async def run_until_signal(*parts: Part) -> None:
    """Run ``parts`` without a web server until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    async def wait() -> None:
        await stop.wait()

    await _run(wait, parts)


async def _run(first: Part, parts: tuple[Part, ...]) -> None:
    """Run all until ``first`` ends or one fails; then end the others."""
    main = asyncio.ensure_future(first())
    others = [asyncio.ensure_future(part()) for part in parts]
    try:
        await asyncio.wait([main, *others], return_when=asyncio.FIRST_COMPLETED)
    finally:
        ended = [each for each in (main, *others) if each.done() and not each.cancelled()]
        for each in (main, *others):
            each.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_END_SECONDS):
                await asyncio.gather(main, *others, return_exceptions=True)
        log.info("stopped")
    for each in ended:
        each.result()


async def _serve(server: uvicorn.Server, host: str, port: int) -> None:
    try:
        await server.serve()
    except SystemExit:
        raise PortTaken(
            f"{host}:{port}: cannot listen there: stop what uses the port, or give --port another"
        ) from None
    if not server.started:
        raise PortTaken(
            f"{host}:{port}: cannot listen there: stop what uses the port, or give --port another"
        )
