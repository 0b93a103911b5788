"""Decide until when a server says that its answer holds (RFC 9111, sections 4.2 and 5.2.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_LONGEST = timedelta(days=1)
_MAX_AGE = re.compile(r"(?:^|,)\s*max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_UNKEPT = re.compile(r"(?:^|,)\s*(?:no-cache|no-store)\b", re.IGNORECASE)


def fresh_until(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return the moment (UTC) until when nothing new need be asked, a day at most; null for at once."""
    control = headers.get("cache-control", "")[:1000]
    if _UNKEPT.search(control):
        return None
    age = re.fullmatch(r"\d{1,9}", headers.get("age", ""))
    max_age = _MAX_AGE.search(control)
    if max_age:
        lasts = timedelta(seconds=int(max_age[1]) - (int(age[0]) if age else 0))
    else:
        expires = moment(headers.get("expires", ""))
        if expires is None:
            return None
        # Both are the server's clock; ours may go differently.
        lasts = expires - (moment(headers.get("date", "")) or now)
    return now + min(lasts, _LONGEST) if lasts > timedelta(0) else None


def moment(value: str) -> datetime | None:
    """Return an HTTP date in UTC, or null where it is none."""
    try:
        found = parsedate_to_datetime(value[:64])
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
