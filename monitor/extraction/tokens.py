"""Decides what one token is: words, numbers and marks with their offsets."""

from __future__ import annotations

import re
from functools import lru_cache

from monitor.extraction.characters import lowered

# A number keeps its thousands separators, also no-break and thin spaces; a word keeps its inner
# hyphens and loses its possessive; dotted initials stay together. All but white space is in a token.
_TOKEN = re.compile(
    r"(?:[A-Za-z]\.){2,}"
    r"|\d{1,3}(?:[,\u00a0\u202f\u2009]\d{3})+(?![\d])|\d+\.\d+|\d+-[A-Za-z][A-Za-z-]*|\d+"
    r"|[^\W\d_]+(?:[-\u2010\u2011][^\W\d_]+)*|['\u2019]s\b|--|\S"
)
# Longer stretches without a space are no words, and not worth remembering.
_LONGEST_REMEMBERED = 30


def tokenise(text: str, start: int, end: int) -> tuple[list[str], list[int]]:
    """Return the tokens of ``text[start:end]`` in lower case, and where in ``text`` each begins."""
    tokens: list[str] = []
    starts: list[int] = []
    # No token has a plain space in it, and most of what stands between two is a word.
    for chunk in lowered(text[start:end]).split(" "):
        if chunk.isalpha():
            tokens.append(chunk)
            starts.append(start)
        elif chunk:
            for token, offset in _remembered(chunk) if len(chunk) <= _LONGEST_REMEMBERED else _cut(chunk):
                tokens.append(token)
                starts.append(start + offset)
        start += len(chunk) + 1
    return tokens, starts


def _cut(chunk: str) -> tuple[tuple[str, int], ...]:
    return tuple((found.group(), found.start()) for found in _TOKEN.finditer(chunk))


# A few thousand words with their marks come again and again.
_remembered = lru_cache(maxsize=20_000)(_cut)
