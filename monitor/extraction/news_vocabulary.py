"""Decides nothing: ``config/news.toml`` compiled, how news name countries, reports and what they leave."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class NewsVocabulary:
    """Compiled from ``config/news.toml``."""

    endings: re.Pattern[str]
    pointers: re.Pattern[str]
    people: re.Pattern[str]
    abroad: re.Pattern[str]
    people_of: re.Pattern[str]
    route: re.Pattern[str]
    helper: re.Pattern[str]
    source: re.Pattern[str]
    posted: re.Pattern[str]
    home: re.Pattern[str]
    neighbour: re.Pattern[str]
    parting: re.Pattern[str]
    publisher: str
    publishing: re.Pattern[str]
    agency: re.Pattern[str]
    several: re.Pattern[str]
    joint: re.Pattern[str]
    nationwide: re.Pattern[str]
    local: re.Pattern[str]
    pointing: re.Pattern[str]
    newcomer: re.Pattern[str]
    edition: re.Pattern[str]
    report: re.Pattern[str]
    anaphor: re.Pattern[str]

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> NewsVocabulary:
        """Compile a parsed ``config/news.toml``.

        Raises:
            KeyError: a section is missing.
        """
        roles, report, continuity = table["roles"], table["report"], table["continuity"]
        names = _any_of(report["names"])
        return cls(
            endings=re.compile(rf"[ ]*(?:{_any_of(table['boilerplate']['endings'])})[^\n]*", re.IGNORECASE),
            pointers=re.compile(
                rf"^[ ]*(?:{_any_of(table['boilerplate']['pointers'])}):[^\n]*", re.IGNORECASE | re.MULTILINE
            ),
            people=re.compile(rf"\s+(?:\w+\s+)?(?:{_any_of(roles['people'])})\b"),
            abroad=re.compile(
                rf"(?:'s?|\u2019s?)\s+(?:\w+\s+)?(?:{_any_of(roles['abroad'])})\b", re.IGNORECASE
            ),
            people_of=re.compile(
                rf"\b(?:(?:{_any_of(roles['people'])})\s+of|foreigners,)\s+(?:the\s+)?\Z", re.IGNORECASE
            ),
            route=re.compile(rf"\b(?:{_any_of(roles['route'])})\s+(?:the\s+)?\Z", re.IGNORECASE),
            helper=re.compile(rf"\b(?:{_any_of(roles['helpers'])})\s+(?:the\s+)?\Z", re.IGNORECASE),
            source=re.compile(
                rf"\b(?:according\s+to|(?:{_any_of(roles['sources'])})\s+(?:from|in)"
                rf"|(?:{_any_of(roles['told'])})\s+to)\s+(?:the\s+)?\Z",
                re.IGNORECASE,
            ),
            posted=re.compile(
                rf"(?<!['\u2019]s )\b(?:{_any_of(roles['posted'])})\s+(?:the\s+)?\Z", re.IGNORECASE
            ),
            home=re.compile(r"[^.!?\n]{0,120}?\b(?:his|her|their|our|my) country\b"),
            neighbour=re.compile(rf"\b(?:{_any_of(roles['neighbour'])})\s+\Z", re.IGNORECASE),
            parting=re.compile(rf"[;\d]|\b(?:{_any_of(roles['parting'])}|{_NUMBERS})\b", re.IGNORECASE),
            publisher=roles["publisher"],
            publishing=re.compile(rf"(?:'s|\u2019s)?\s+(?:{_any_of(roles['publishing'])})\b", re.IGNORECASE),
            agency=re.compile(
                rf"(?:'s?|\u2019s?)?\s+(?:[\w-]+\s+){{0,4}}?(?:{_any_of(continuity['agencies'])})\s+"
                r"(?:[\w-]+\s+){0,7}?\(?(?-i:(?P<letters>[A-Z]{3,10}))\b",
                re.IGNORECASE,
            ),
            several=_several(continuity),
            joint=re.compile(rf"\b(?:{_any_of([*continuity['several'], *continuity['international']])})\b"),
            nationwide=re.compile(rf"\b(?:{_any_of(table['places']['nationwide'])})\b", re.IGNORECASE),
            local=re.compile(rf"\b(?:{_any_of(table['places']['local'])})\b", re.IGNORECASE),
            pointing=re.compile(
                rf"\s*(?:(?:{_any_of(continuity['pronouns'])})\b"
                rf"|The\s+(?:[\w-]+\s+)?(?:{_any_of(continuity['institutions'])})\b)"
            ),
            newcomer=re.compile(
                rf"\s*(?:An?|New|Another)\s+(?:[\w-]+\s+){{0,3}}?(?:{_any_of(continuity['newcomers'])})\b"
            ),
            edition=re.compile(
                r"\b(?P<before>20\d\d)\s+(?:annual\s+|global\s+)?(?:(?:U\.?S\.?|State Department)\s+)?"
                rf"(?:{names})"
                rf"|(?:{names})\s+(?:of\s+|for\s+)?\(?(?P<after>20\d\d)\b"
                r"|\b[Tt]he\s+(?P<bare>20\d\d)\s+report\b"
            ),
            report=re.compile(names),
            anaphor=re.compile(rf"\b(?:{_any_of(report['anaphors'])})\b", re.IGNORECASE),
        )


_NUMBERS = "no|none|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens"


def _several(continuity: Mapping[str, Any]) -> re.Pattern[str]:
    """Match what counts for several countries: anywhere, or a region at the head of a sentence."""
    regions = _any_of(continuity["regions"])
    return re.compile(
        rf"\b(?:{_any_of(continuity['several'])})\b"
        rf"|\b(?:in|across|from)\s+(?:(?:all|the|some|at least|more than)\s+){{0,2}}"
        rf"(?:\d+|{_NUMBERS})\s+(?:[\w-]+\s+)?(?:countries|states|nations)\b"
        rf"|(?<![^.!?\n]{{3}})(?:In|Across|Throughout)\s+(?:the\s+)?(?:whole\s+of\s+)?(?:{regions})\b",
        re.IGNORECASE,
    )


def _any_of(words: Any) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
