"""Read the moments of feeds: ISO 8601, RFC 822 and the ways in which old sites wrote them.

feedparser reads them too, and takes what it half understands for the first of the present month.
"""
# ruff: noqa: RUF001 - months in Greek letters

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

_LONGEST = 60
# Month names that are neither English nor numbers, as they begin, with the English name.
_MONTHS = {
    name: english
    for english, names in (
        ("Jan", "Ιαν januar"),
        ("Feb", "Φεβ február"),
        ("Mar", "Μάρ Μαρ Μάώ március"),
        ("Apr", "Απρ április áprilisi"),
        ("May", "Μάι Μαϊ Μαι május"),
        ("Jun", "Ιούν Ιον június"),
        ("Jul", "Ιούλ Ιολ július"),
        ("Aug", "Αύγ Αυγ augusztus"),
        ("Sep", "Σεπ szeptember"),
        ("Oct", "Οκτ október"),
        ("Nov", "Νοέ Νοε november"),
        ("Dec", "Δεκ december"),
    )
    for name in names.split()
}
# Hours ahead of UTC, of zones whose names RFC 822 lacks and mean one zone only.
_ZONES = {
    "WEST": 1,
    "BST": 1,
    "CET": 1,
    "CEST": 2,
    "EET": 2,
    "EEST": 3,
    "MSK": 3,
    "JST": 9,
    "KST": 9,
    "AEST": 10,
}
_ZONE = re.compile(rf"\b({'|'.join(_ZONES)})$")
_NAMED = re.compile(rf"(?<!\w)({'|'.join(sorted(map(re.escape, _MONTHS), key=len, reverse=True))})(?!\w)")
_HUNGARIAN = re.compile(r"(\d{4})-([A-Z][a-z]{2})-(\d{1,2})T(\d{1,2}:\d{2})([+-]\d{1,2}:\d{2})")
_KOREAN = re.compile(
    r"(\d{4})(?:년\s*|-)(\d{1,2})(?:월\s*|-)(\d{1,2})일?\s+(?:(오전|오후)\s*)?(\d{1,2}):(\d{2}):(\d{2})"
)
_KOREA = timezone(timedelta(hours=9))
_PERFORCE = re.compile(r"(?:[A-Za-z]{3},\s*)?(\d{4})/(\d{2})/(\d{2})\s+(\d{1,2}:\d{2}:\d{2})\s*([A-Z]{0,4})")
_YEAR_MONTH_DAY = re.compile(r"\d{4}-?\d{2}-?\d{2}(?!\d)")


def moment_of(text: str) -> datetime | None:
    """Return a moment in UTC, or None for what is none that can be told; without a zone it is UTC."""
    text = text.strip()[:_LONGEST]
    korean = _KOREAN.fullmatch(text)
    try:
        if korean and (korean[4] or "년" in text):
            year, month, day, hour, minute, second = (int(korean[n]) for n in (1, 2, 3, 5, 6, 7))
            hour = hour % 12 + 12 * (korean[4] == "오후") if korean[4] else hour
            return datetime(year, month, day, hour, minute, second, tzinfo=_KOREA).astimezone(UTC)
        if _YEAR_MONTH_DAY.match(text):
            # RFC 3339 lets the letters be small, and some leave a space before the zone.
            found = datetime.fromisoformat(re.sub(r"\s+(?=[+-]\d|Z$)", "", text.upper()))
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        text = _NAMED.sub(lambda name: _MONTHS[name[1]], text)
        text = _HUNGARIAN.sub(r"\3 \2 \1 \4 \5", text)
        text = _PERFORCE.sub(_spelled, text)
        text = _ZONE.sub(lambda zone: f"+{_ZONES[zone[1]]:02}00", text)
        return _rfc_822(text)
    except (ValueError, OverflowError):
        return None


def _spelled(date: re.Match[str]) -> str:
    month = f"{datetime(2000, int(date[2]), 1, tzinfo=UTC):%b}"
    return f"{date[3]} {month} {date[1]} {date[4]} {date[5]}"


def _rfc_822(text: str) -> datetime | None:
    found = parsedate_tz(text)
    if found is None:
        return None
    zone = timezone(timedelta(seconds=found[9] or 0))
    return datetime(*found[:6], tzinfo=zone).astimezone(UTC)
