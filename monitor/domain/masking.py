"""What may be shown of text that can hold secrets: passwords in addresses, and keys in their queries."""

from __future__ import annotations

import re

# Up to the last @ before the path: an unescaped one in a password belongs to it.
_PASSWORD = re.compile(r"(://[^:/@\s]*):[^/\s]*@")
_QUERY = re.compile(
    r"(?i)([?&;](?:[\w.-]*(?:key|token|secret|password|passwd|signature)|auth)=)"
    r"[^&#\s\"'<>]*[^&#\s\"'<>:;,.]"
)


_LOGIN = re.compile(r"(?i)\b(https?://)[^/\s?#\"'<>\\]*@")


def without_login(text: str) -> str:
    """Return ``text`` without the names and passwords of its web addresses, which still lead there."""
    return _LOGIN.sub(r"\1", text) if "@" in text else text


def masked(text: str) -> str:
    """Return ``text`` with ``***`` for passwords of addresses and for values of queries named as secrets."""
    if "://" not in text:
        return text
    return _QUERY.sub(r"\1***", _PASSWORD.sub(r"\1:***@", text))
