"""Decides what one token is: words, numbers and marks with their offsets."""

from __future__ import annotations

import re
from typing import NamedTuple


class Token(NamedTuple):
    """One token; ``low`` is its lower-case form, offsets are half open."""

    text: str
    low: str
    start: int
    end: int


# A number keeps its thousands separators, also no-break and thin spaces; a word keeps its inner
# hyphens and loses its possessive; dotted initials stay together.
_TOKEN = re.compile(
    r"(?:[A-Za-z]\.){2,}"
    r"|\d{1,3}(?:[,\u00a0\u202f\u2009]\d{3})+(?![\d])|\d+\.\d+|\d+-[A-Za-z][A-Za-z-]*|\d+"
    r"|[^\W\d_]+(?:[-\u2010\u2011][^\W\d_]+)*"
    r"|['\u2019]s\b|--|\S"
)


def tokenise(text: str, start: int, end: int) -> list[Token]:
    """Return the tokens of ``text[start:end]``; their offsets point into ``text``."""
    return [
        Token(word := match[0], word.lower(), *match.span()) for match in _TOKEN.finditer(text, start, end)
    ]
