"""Decide by words whether an item of a feed is about our subject, before its page is asked for."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

_LONGEST = 200_000
_BETWEEN = r"\W+(?:\w+\W+){0,3}?"


@dataclass(frozen=True, slots=True)
class Relevance:
    """The words of ``config/relevance.toml``, compiled; the file explains them."""

    words: re.Pattern[str]
    teaser_words: re.Pattern[str]
    teaser: int

    def is_about(self, text: str) -> bool:
        """Whether a whole text is about our subject."""
        return self.words.search(text[:_LONGEST]) is not None

    def is_worth_following(self, title: str, text: str) -> bool:
        """Whether the page behind an item is worth asking for, by its title and text alone.

        A title without a text says too little to pass an item over.
        """
        if not text.strip():
            return True
        whole = f"{title}\n{text}"
        return self.is_about(whole) or (
            len(whole) < self.teaser and self.teaser_words.search(whole) is not None
        )


def read_relevance(path: Path) -> Relevance:
    """Read ``relevance.toml``.

    Raises:
        ValueError: a key is missing or of the wrong type; the message names file and key.
        OSError: the file cannot be read.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")).get("relevance")
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path}: {error}") from error
    if not isinstance(table, dict):
        raise ValueError(f"{path}: needs a table [relevance]")
    for key, kind in (("words", list), ("teaser_words", list), ("teaser", int)):
        if not isinstance(table.get(key), kind):
            raise ValueError(f"{path}: [relevance] needs {key} as a {kind.__name__}")
    return Relevance(
        words=matching(table["words"]), teaser_words=matching(table["teaser_words"]), teaser=table["teaser"]
    )


def matching(entries: Sequence[str]) -> re.Pattern[str]:
    """Return a pattern that finds any of the entries; none match nothing."""
    if not entries:
        return re.compile(r"(?!)")
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(_pattern, entries))})(?!\w)", re.IGNORECASE)


def _pattern(entry: str) -> str:
    parts = [part if part == "*" else _word(part) for part in str(entry).split()]
    pattern = parts[0]
    for before, part in pairwise(parts):
        if part == "*":
            continue
        pattern += (_BETWEEN if before == "*" else r"\W+") + part
    return pattern


def _word(word: str) -> str:
    """Return a word's pattern: a star at its end is any letters, a question mark one letter."""
    stem = re.escape(word.rstrip("*")).replace(r"\?", r"\w")
    return stem + (r"\w*" if word.endswith("*") else "")


EVERYTHING = Relevance(re.compile(""), re.compile(""), 0)
"""For where no words are given: everything is about our subject."""
