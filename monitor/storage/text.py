"""Decides how hostile text becomes storable, and how long keys become short."""

from __future__ import annotations

import hashlib
import re

# PostgreSQL refuses NUL in text, and neither database takes half of a surrogate pair.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """Return ``text`` with U+FFFD for each character that a database refuses; offsets still hold."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def key_of(text: str) -> str:
    """Return 64 hexadecimal digits that stand for ``text`` in a unique key."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
