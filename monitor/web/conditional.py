"""Decides whether the reader has the answer already: conditional GET by RFC 9110, section 13."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from fastapi import Request, Response


def conditional(
    request: Request, body: bytes, media_type: str, *, last_modified: datetime | None = None
) -> Response:
    """Answer with ``body``, or with 304 where the request's validators show that it is known.

    The ETag is strong: it stands for these bytes. ``last_modified`` counts in whole seconds and is
    asked only where the request brings no ETag.
    """
    headers = {"ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"', "Cache-Control": "no-cache"}
    if last_modified is not None:
        last_modified = last_modified.astimezone(UTC).replace(microsecond=0)
        headers["Last-Modified"] = format_datetime(last_modified, usegmt=True)
    if _is_known(request, headers["ETag"], last_modified):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def _is_known(request: Request, etag: str, last_modified: datetime | None) -> bool:
    known = request.headers.get("If-None-Match")
    if known is not None:
        tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
        return etag in tags or known.strip() == "*"
    since = request.headers.get("If-Modified-Since")
    if since is None or last_modified is None:
        return False
    try:
        stamp = parsedate_to_datetime(since)
    except ValueError:
        return False
    return last_modified <= (stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC))
