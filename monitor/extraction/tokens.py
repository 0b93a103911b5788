"""Decides what one token is: words, numbers and marks with their offsets."""

from __future__ import annotations

import re

from monitor.extraction.characters import lowered

# A number keeps its thousands separators, also no-break and thin spaces; a word keeps its inner
# hyphens and loses its possessive; dotted initials stay together. All but white space is in a token.
_NUMBER = r"\d{1,3}(?:[,\u00a0\u202f\u2009]\d{3})+(?![\d])|\d+\.\d+|\d+-[A-Za-z][A-Za-z-]*|\d+"
_TOKEN = re.compile(
    rf"(?:[A-Za-z]\.){{2,}}|{_NUMBER}|[^\W\d_]+(?:[-\u2010\u2011][^\W\d_]+)*|['\u2019]s\b|--|\S"
)
# The same for plain lower-case text, most of which is words.
_PLAIN_TOKEN = re.compile(rf"(?:[a-z]\.){{2,}}|[a-z]+(?:-[a-z]+)*|{_NUMBER}|'s\b|--|\S", re.ASCII)


def tokenise(text: str, start: int, end: int) -> tuple[list[str], list[int]]:
    """Return the tokens of ``text[start:end]`` in lower case, and where in ``text`` each begins."""
    piece = lowered(text[start:end])
    tokens = (_PLAIN_TOKEN if piece.isascii() else _TOKEN).findall(piece)
    starts: list[int] = []
    reached = 0
    for token in tokens:
        # Only white space lies between tokens, so the first occurrence is the token itself.
        reached = piece.find(token, reached)
        starts.append(start + reached)
        reached += len(token)
    return tokens, starts
