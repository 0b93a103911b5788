"""Decides which characters of fetched text may reach a header, a mail, a feed or a link."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote, urlsplit

# Bidi controls reorder what the eye sees (CVE-2021-42574); zero-width characters and the byte
# order mark hide differences; U+2028 and U+2029 end lines in some readers.
_DECEIVING = re.compile("[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
# Control characters but line feed and tab, lone surrogates, and the non-characters, which end in FFFE
# or FFFF in every plane and fill U+FDD0 to U+FDEF.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17))
    + "]"
)
_SPACE = re.compile(r"\s+")
_UNSAFE_IN_ADDRESS = re.compile(r"[\s<>\"'\\^`{|}]")
# What RFC 3986 allows, and the per cent sign, so that an escaped address is not escaped again.
_ADDRESS_SAFE = "!#$&()*+,/:;=?@[]~%-._"


def without_controls(text: str) -> str:
    """Return ``text`` with what XML 1.0 allows and no reader is deceived by.

    Line breaks and tabs stay; other control characters, bidi controls, zero-width characters,
    lone surrogates and non-characters go.
    """
    return text if text.isascii() and text.isprintable() else _DECEIVING.sub("", _CONTROL.sub("", text))


def one_line(text: str) -> str:
    """Return ``text`` as one line: every run of white space and control characters a single space.

    What it returns can neither end a header nor pretend to be a new line of a mail.
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    spaced = "".join(" " if c.isspace() or unicodedata.category(c) == "Cc" else c for c in text)
    return _SPACE.sub(" ", without_controls(spaced)).strip()


def cut(text: str, limit: int) -> str:
    """Return ``text`` in at most ``limit`` characters, cut between words and marked with an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    at_word = head.rsplit(" ", 1)[0]
    # A "word" that fills half of the room is no word of a sentence.
    kept = at_word if len(at_word) > limit // 2 else head
    return kept.rstrip(" ,;:") + "…"


@lru_cache(maxsize=1024)
def web_address(address: str | None) -> str | None:
    """Return ``address`` fit for a link, or None unless it is an absolute http or https address.

    A user's name and password in it stay behind.
    """
    if address is None or _is_deceiving(address):
        return None
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or _UNSAFE_IN_ADDRESS.search(parts.netloc):
        return None
    place = parts.netloc.rpartition("@")[2]
    return quote(
        parts._replace(netloc=place).geturl() if "@" in parts.netloc else address.strip(), safe=_ADDRESS_SAFE
    )


def _is_deceiving(text: str) -> bool:
    return bool(_DECEIVING.search(text) or _CONTROL.search(text) or "\n" in text or "\t" in text)
