"""Decides which parts of a text are about trafficking in persons, so that other counts stay unread."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from ahocorasick_rs import AhoCorasick

from monitor.extraction.characters import lowered


@dataclass(frozen=True, slots=True)
class TopicVocabulary:
    """``config/topic.toml``, compiled.

    ``first_words`` finds where ``mention`` can begin; tried at every word it would be most of the
    time that reading a short text takes.
    """

    first_words: AhoCorasick
    mention: re.Pattern[str]
    characters_per_mention: int
    shortest_text: int

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> TopicVocabulary:
        """Compile the table.

        Raises:
            KeyError: a key is missing.
        """
        beginnings = "|".join(re.escape(words).replace(r"\ ", r"[\s-]") for words in table["mentions"])
        before = "".join(rf"(?<!\b{re.escape(word)}[\s-])" for word in table["except_after"])
        return cls(
            AhoCorasick(sorted({words.partition(" ")[0] for words in table["mentions"]})),
            re.compile(rf"\b{before}(?:{beginnings})", re.IGNORECASE),
            int(table["characters_per_mention"]),
            int(table["shortest_text"]),
        )

    def mentions(self, text: str, enough: int) -> list[int]:
        """Return where ``text`` mentions trafficking, in order: ``enough`` places at most."""
        places: list[int] = []
        # What is about it throughout has mentioned it often enough in its first third.
        for end in (len(text) // 3, len(text)):
            places.clear()
            reached = 0
            for _, start, _ in self.first_words.find_matches_as_indexes(lowered(text[:end])):
                found = self.mention.match(text, start) if start >= reached else None
                if found is not None:
                    places.append(start)
                    reached = found.end()
                    if len(places) >= enough:
                        return places
        return places


class Topic:
    """Where one text is about trafficking.

    A text that keeps mentioning it is so throughout; any other only in the lines that do.
    """

    __slots__ = ("_enough", "_mentions", "_text", "_vocabulary")

    def __init__(self, text: str, vocabulary: TopicVocabulary) -> None:
        self._text = text
        self._vocabulary = vocabulary
        short = len(text) < vocabulary.shortest_text
        self._enough = 0 if short else ceil(len(text) / vocabulary.characters_per_mention)
        # Looked for once it is asked: many texts state nothing that could be about something else.
        self._mentions: list[int] | None = None

    def covers(self, place: int) -> bool:
        """Whether the line around ``place`` is about trafficking."""
        if self._mentions is None:
            self._mentions = self._vocabulary.mentions(self._text, self._enough) if self._enough else []
        if len(self._mentions) >= self._enough:
            return True
        start = self._text.rfind("\n", 0, place) + 1
        end = self._text.find("\n", place)
        nearest = bisect_left(self._mentions, start)
        return nearest < len(self._mentions) and (end < 0 or self._mentions[nearest] < end)
