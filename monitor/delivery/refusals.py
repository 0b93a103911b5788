"""Decides of whom a server's refusal speaks: of the mailbox, of this message, or of us.

By the enhanced code (RFC 3463, and the registry of RFC 5248) where there is one, else by the reply's own
(RFC 5321, section 4.2.3), and by the few words with which servers say under a bare 550 that it is we whom
they do not let in.
"""

from __future__ import annotations

import re

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_NO_MAILBOX = (550, 551, 553)
# RFC 4954, section 6: who sends has to log in, or otherwise.
_LOGIN = (530, 534, 535, 538)
_OF_SENDER = ("5.1.7", "5.1.8", "5.1.9", "5.7.8", "5.7.9", "5.7.11")
_OF_RELAY = re.compile(
    r"\brelay(ing|ed)?\b|\bsender (address )?(rejected|denied|verify)|\bauthenticat", re.IGNORECASE
)
_OF_REPUTATION = re.compile(
    r"\b(block(ed|list(ed)?)?|black-?list(ed)?|spam\w*|reputation|policy|denied|dnsbl|rbl|banned)\b",
    re.IGNORECASE,
)


def enhanced_code(said: str) -> str | None:
    """Return the first enhanced status code in ``said``, such as ``5.1.1``, or None."""
    found = _STATUS.search(said)
    return found.group() if found else None


def is_of_sender(reply: int, said: str) -> bool:
    """Whether a refusal is of who sends: it says nothing of the recipient, and passes once we mend it."""
    enhanced = enhanced_code(said) or ""
    if enhanced in _OF_SENDER or reply in _LOGIN:
        return True
    # Of a recipient it may be said that no relay knows it.
    return not enhanced.startswith(("5.1.", "5.2.")) and _OF_RELAY.search(said) is not None


def is_of_mailbox(reply: int, said: str) -> bool:
    """Whether a refusal says that there is no such mailbox, so that no mail will ever be taken there."""
    if is_of_sender(reply, said):
        return False
    enhanced = enhanced_code(said)
    if enhanced is not None:
        return enhanced.startswith("5.1.")
    return reply in _NO_MAILBOX and _OF_REPUTATION.search(said) is None
