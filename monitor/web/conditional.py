"""Decides whether the reader has the answer already: conditional GET by RFC 9110, section 13."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from fastapi import Request, Response

REVALIDATED = "no-cache"
"""The ``Cache-Control`` of what is the same for all readers: keep it, and ask whether it still holds."""


def conditional(
    request: Request, body: bytes, media_type: str, *, last_modified: datetime | None = None
) -> Response:
    """Answer with ``body``, or with 304 where the request's validators show that it is known.

    The ETag is strong: it stands for these bytes. ``last_modified`` counts in whole seconds and is
    asked only where the request brings no ETag.
    """
    headers = {"ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"', "Cache-Control": REVALIDATED}
    if last_modified is not None:
        headers["Last-Modified"] = format_datetime(
            last_modified.astimezone(UTC).replace(microsecond=0), usegmt=True
        )
    if is_known(request.headers, headers):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def is_known(asked: Mapping[str, str], answered: Mapping[str, str]) -> bool:
    """Whether the validators of a request's headers show that it has the answer with these headers."""
    known = asked.get("If-None-Match")
    if known is not None:
        tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
        return answered.get("ETag") in tags or known.strip() == "*"
    since, modified = asked.get("If-Modified-Since"), answered.get("Last-Modified")
    if since is None or modified is None:
        return False
    try:
        stamp = parsedate_to_datetime(since)
    except ValueError:
        return False
    return parsedate_to_datetime(modified) <= (stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC))


def is_browser(asked: Mapping[str, str]) -> bool:
    """Whether a request's headers are those of a person's browser, which takes pages."""
    return "text/html" in asked.get("Accept", "")


def is_opened_in_browser(asked: Mapping[str, str]) -> bool:
    """Whether a person opens the address itself, to look at it.

    Only browsers say so (Sec-Fetch-Dest, by W3C Fetch Metadata), over https and to the own machine;
    feed readers that take pages, and scripts, do not.
    """
    return is_browser(asked) and asked.get("Sec-Fetch-Dest") == "document"
