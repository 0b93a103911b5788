"""Cut a text of several countries at the headings that open their narratives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.fetching.names import CountryNames

_LONGEST_HEADING = 110
SHORTEST_SECTION = 80
"""Characters under a heading that make it a narrative's: with its tier, it may be shorter than a page."""
# `QATAR (Tier 2)`, `HAITI (TIER 2 - WATCH LIST)`, `GHANA: Tier 2`, `SOMALIA (Special Case)`.
_WITH_TIER = re.compile(
    r"(?P<name>[^\d:()]{2,70}?(?:\([^\d()]{2,40}\))?)\s*(?:[:(\[]|--?|\u2013|\u2014|,)\s*"
    r"(?:tier\s*[123]\b[^.;]{0,40}|special\s+cases?[^.;]{0,20})[)\]]?",
    re.IGNORECASE,
)
_TIER_ALONE = re.compile(r"\(?\s*(?:tier\s*[123]\b|special\s+cases?\b)[^.;]{0,40}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Section:
    """The lines from one country's heading, with it, to the next; ``country`` null where not known."""

    name: str
    country: str | None
    lines: tuple[str, ...]


def heading_name(line: str) -> str | None:
    """Return the name in a heading that carries a tier, or null where the line is no such heading."""
    match = _WITH_TIER.fullmatch(line.strip()) if len(line) <= _LONGEST_HEADING else None
    return match["name"].strip() if match else None


def cut_at_headings(lines: Sequence[str], names: CountryNames) -> tuple[Section, ...]:
    """Return a section for every heading; what stands before the first belongs to none.

    A heading is a name with a tier, or a known country's name alone on its line in capitals or
    before a line that begins with the tier.
    """
    starts: list[tuple[int, str, str | None]] = []
    for number, line in enumerate(lines):
        name = heading_name(line)
        country = names.by_name(name) if name else None
        if name is None and len(line) <= _LONGEST_HEADING:
            following = lines[number + 1] if number + 1 < len(lines) else ""
            if line.isupper() or _TIER_ALONE.match(following):
                country = names.by_name(line)
                name = line if country else None
        # A page's running header repeats the name in the midst of its narrative.
        is_repeated = country is not None and bool(starts) and starts[-1][2] == country
        if name is not None and not is_repeated:
            starts.append((number, name, country))
    if not starts:
        return ()
    ends = [number for number, _, _ in starts[1:]] + [len(lines)]
    return tuple(
        Section(name, country, tuple(lines[start:end]))
        for (start, name, country), end in zip(starts, ends, strict=True)
    )


def longest_sections(lines: Sequence[str], names: CountryNames) -> list[tuple[str, str]]:
    """Return (country, text) of every section that is more than a name in a list.

    Of two sections of one country the longer is its narrative: tables and lists name it too.
    """
    longest: dict[str, str] = {}
    for section in cut_at_headings(lines, names):
        text = "\n".join(section.lines)
        is_narrative = len(text) - len(section.lines[0]) >= SHORTEST_SECTION
        if section.country and is_narrative and len(text) > len(longest.get(section.country, "")):
            longest[section.country] = text
    return list(longest.items())
