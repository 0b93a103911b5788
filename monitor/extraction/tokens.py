"""Decides what one token is: words, numbers and marks with their offsets."""

from __future__ import annotations

import re

from monitor.extraction.characters import lowered

# A number keeps its thousands separators, also no-break and thin spaces; a word keeps its inner
# hyphens and loses its possessive; dotted initials stay together. All but white space is in a token.
_TOKEN = re.compile(
    r"(?:[A-Za-z]\.){2,}"
    r"|\d{1,3}(?:[,\u00a0\u202f\u2009]\d{3})+(?![\d])|\d+\.\d+|\d+-[A-Za-z][A-Za-z-]*|\d+"
    r"|[^\W\d_]+(?:[-\u2010\u2011][^\W\d_]+)*"
    r"|['\u2019]s\b|--|\S"
)


def tokenise(text: str, start: int, end: int) -> tuple[list[str], list[int]]:
    """Return the tokens of ``text[start:end]`` in lower case, and where in ``text`` each begins."""
    piece = lowered(text[start:end])
    tokens = _TOKEN.findall(piece)
    starts: list[int] = []
    reached = 0
    for token in tokens:
        # Only white space lies between tokens, so the first occurrence is the token itself.
        reached = piece.find(token, reached)
        starts.append(start + reached)
        reached += len(token)
    return tokens, starts
