"""Runs the timetable and the web server in one event loop until a signal ends both."""

from __future__ import annotations

import asyncio
import contextlib
import signal

import structlog
import uvicorn
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from starlette.types import ASGIApp

_GRACE_SECONDS = 4

log = structlog.get_logger(__name__)


class PortTaken(Exception):  # noqa: N818
    """The web server's address cannot be bound; the message says what to do."""


async def run_daemon(app: ASGIApp, scheduler: AsyncIOScheduler, *, host: str, port: int) -> None:
    """Serve ``app`` and run ``scheduler`` until SIGTERM or SIGINT; both end within ten seconds.

    Checks under way are cancelled: what they had not committed is repeated by the next run.

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
    scheduler.start()
    try:
        await _serve(server, host, port)
    finally:
        scheduler.shutdown(wait=False)
        await _end_tasks()
        log.info("stopped")


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


async def _end_tasks() -> None:
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), _GRACE_SECONDS)
