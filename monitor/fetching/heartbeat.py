"""Pings the address of a watcher that raises the alarm when pings stop (healthchecks.io and its like)."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx

from monitor.fetching.failures import FetchFailed

_SECONDS = 10.0


async def ping(url: str, *, user_agent: str) -> None:
    """Tell the watcher behind ``url`` that all is well.

    The address is the operator's own and secret: no address guard, and only its host is ever told.

    Raises:
        FetchFailed: it did not take the ping.
    """
    host = urlsplit(url).hostname or "heartbeat_url"
    try:
        async with httpx.AsyncClient(timeout=_SECONDS, headers={"User-Agent": user_agent}) as client:
            answer = await client.get(url)
    except httpx.HTTPError as error:
        reason = f"the heartbeat was not taken: {type(error).__name__}"
        raise FetchFailed(host, reason, hint="check heartbeat_url", transient=True) from error
    if not answer.is_success:
        reason = f"the heartbeat was answered with status {answer.status_code}"
        raise FetchFailed(host, reason, hint="check heartbeat_url", transient=True)
