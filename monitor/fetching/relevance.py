"""Decide by words whether an item of a feed is about our subject, before its page is asked for."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from ahocorasick_rs import AhoCorasick

_LONGEST = 200_000
_BETWEEN = r"\W+(?:\w+\W+){0,3}?"


class Words:
    """Entries of ``config/relevance.toml``, to be found in texts.

    Trying every entry at every word would take longer than all else that a known feed costs: a text
    that holds none of their literal beginnings holds none of them.
    """

    def __init__(self, entries: Sequence[str]) -> None:
        stems = [_stem(each) for each in entries]
        # An entry without a letter of its own may be anywhere.
        self._stems = AhoCorasick(stems) if all(stems) else None
        self._entries = (
            re.compile(rf"(?<!\w)(?:{'|'.join(map(_pattern, entries))})(?!\w)", re.IGNORECASE)
            if entries
            else None
        )

    def are_in(self, text: str) -> bool:
        """Whether any of the entries is in ``text``; none are in nothing."""
        if self._entries is None:
            return False
        if self._stems is not None and not self._stems.find_matches_as_indexes(_folded(text)):
            return False
        return self._entries.search(text) is not None


@dataclass(frozen=True, slots=True)
class Relevance:
    """The words of ``config/relevance.toml``; the file explains them. Null words are in every text."""

    words: Words | None
    teaser_words: Words
    teaser: int

    def is_about(self, text: str) -> bool:
        """Whether a whole text is about our subject."""
        return self.words is None or self.words.are_in(text[:_LONGEST])

    def is_worth_following(self, title: str, text: str) -> bool:
        """Whether the page behind an item is worth asking for, by its title and text alone.

        A title without a text says too little to pass an item over.
        """
        if not text.strip():
            return True
        whole = f"{title}\n{text}"
        return self.is_about(whole) or (len(whole) < self.teaser and self.teaser_words.are_in(whole))


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
        words=Words(table["words"]), teaser_words=Words(table["teaser_words"]), teaser=table["teaser"]
    )


def _stem(entry: str) -> str:
    """Return the longest run of letters that every text with ``entry`` holds, folded as texts are."""
    return max(re.split(r"[*?\s]+", _folded(str(entry))), key=len)


def _folded(text: str) -> str:
    # The dotted and the dotless letter are an i to the pattern.
    folded = text.casefold().replace("\N{COMBINING DOT ABOVE}", "")
    return folded.replace("\N{LATIN SMALL LETTER DOTLESS I}", "i")


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


EVERYTHING = Relevance(None, Words([]), 0)
"""For where no words are given: everything is about our subject."""
