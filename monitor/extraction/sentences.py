"""Decides where one sentence ends and the next begins.

A full stop ends a sentence unless the word before it is an abbreviation, an initial or a number's
label (``No. 10``). Texts read out of PDF lose spaces, so a stop glued to a capital (``rape.The``)
ends one too. A blank line always ends a sentence, a single line break only after a heading.
Semicolons part clauses, not sentences.
"""

# ruff: noqa: PLR0911 - a grammar is a list of cases, each with its way out

from __future__ import annotations

import re
from typing import NamedTuple


class Span(NamedTuple):
    """Half-open character offsets."""

    start: int
    end: int


# Never the last word of a sentence: titles and labels that stand before their name or number.
# fmt: off
_LEADING = frozenset({
    "mr", "mrs", "ms", "dr", "prof", "hon", "rev", "gen", "col", "lt", "sgt", "capt", "maj", "cmdr",
    "adm", "gov", "sen", "rep", "st", "mt", "ft", "no", "nos", "art", "arts", "sec", "secs", "para",
    "paras", "pp", "p", "vs", "v", "cf", "fig", "approx", "ca", "est", "e.g", "i.e", "viz", "incl",
    "esp", "al", "ave", "blvd", "dept",
})
# fmt: on
# May close a sentence: then the next word decides. A lower-case word or a number goes on.
# fmt: off
_TRAILING = frozenset({
    "u.s", "u.n", "u.k", "u.s.c", "u.a.e", "u.s.a", "e.u", "d.c", "a.m", "p.m", "jr", "sr", "inc",
    "ltd", "co", "corp", "bros", "etc", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept",
    "oct", "nov", "dec", "ph.d", "b.c", "a.d",
})
# fmt: on
# What follows "U.S." in a name of an office, and so does not open a sentence.
# fmt: off
_NAME_WORDS = frozenset({
    "Government", "Department", "Embassy", "Congress", "Agency", "Code", "President", "Ambassador",
    "Secretary", "State", "States", "Attorney", "District", "Customs", "Immigration", "Federal",
    "Federation", "Coast", "Army", "Navy", "Marine", "Military", "Supreme", "Court", "House", "Senate",
    "Homeland", "Treasury", "Justice", "Dollar", "Dollars", "Virgin", "National", "Security", "General",
    "High", "Commissioner", "Office", "Special", "Mission", "Police", "Border", "Trafficking", "TIP",
})
# fmt: on
# Begins with one set of characters: a search is fastest then.
_BREAK = re.compile(
    r"(?P<mark>[.!?\n])(?:(?<=\n)(?P<line>\s{0,99})"
    r"|(?<!\n)(?P<stops>(?:[.!?]|[ \t](?=[.!?]))*)(?P<close>[\"'\u201d\u2019)\]]{0,3})"
    r"(?=(?P<gap>\s{0,99})(?P<next>\S|$)))"
)
# Read backwards from the stop, in one step a letter.
_WORD_BACKWARDS = re.compile(r"[^\s(\[\u201c\"']{1,12}")
_NEXT_WORD = re.compile(r"\w{0,20}")
_OPENERS = "\"'\u201c\u2018(["


def sentences(text: str) -> list[Span]:
    """Return the sentences of ``text`` in order, without the white space around them."""
    spans: list[Span] = []
    start = 0
    for match in _BREAK.finditer(text):
        at = match.start()
        if at < start:
            continue
        if _line_ends(text, start, match) if text[at] == "\n" else _stop_ends(text, match):
            _append(spans, text, start, match.end())
            start = match.end()
    _append(spans, text, start, len(text))
    return spans


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append(Span(start, end))


def _stop_ends(text: str, match: re.Match[str]) -> bool:
    mark, stops, gap, following = match.group("mark", "stops", "gap", "next")
    if not following:
        return True
    if not gap:
        return _glued_stop_ends(text, match)
    at = match.end() + len(gap)
    opener = following in _OPENERS
    first = text[at + 1 : at + 2] if opener else following
    if first.islower():
        return False
    if mark != "." or stops:
        return True
    word = _word_before(text, match.start())
    lowered = word.lower()
    if lowered in _LEADING:
        return bool(match["close"])
    if len(word) == 1 and word.isupper() and word != "I":
        return False
    if lowered in _TRAILING:
        next_word = _NEXT_WORD.match(text, at)
        return first.isupper() and (next_word is None or next_word[0] not in _NAME_WORDS)
    return True


def _glued_stop_ends(text: str, match: re.Match[str]) -> bool:
    """``rape.The`` ends; ``U.S.``, ``3.5`` and ``state.gov`` do not."""
    if match["close"] and match["close"] not in ("”", '"', ")"):
        return False
    word = _word_before(text, match.start())
    follows = text[match.end() : match.end() + 2]
    longer = len(follows) == 2 and follows[0].isupper() and (follows[1].islower() or follows[1] == " ")
    if match["close"]:
        return match["next"].isupper() and word[-1:].islower()
    return (
        longer
        and len(word) > 1
        and "." not in word
        and (word[-1].islower() or word.isdigit())
        and (word.lower() not in _LEADING)
    )


def _word_before(text: str, end: int) -> str:
    before = text[max(0, end - 12) : end]
    word = before[before.rfind(" ") + 1 :]
    if word.isalpha():
        return word
    found = _WORD_BACKWARDS.match(before[::-1])
    return found[0][::-1] if found else ""


def _line_ends(text: str, start: int, match: re.Match[str]) -> bool:
    """A blank line, a bullet or the end of a heading; a broken line of running text is none of them."""
    if "\n" in match["line"]:
        return True
    after = text[match.end() : match.end() + 1]
    if after in ("\u2022", "*", "\u00b7", "\u2013") or not after:
        return True
    line = text[max(start, match.start() - 81) : match.start()].strip()
    heading = (
        0 < len(line) <= 80
        and match.start() - start <= 81
        and line[-1] not in ",;:-("
        and (line.isupper() or (len(line.split()) <= 6 and line.istitle()))
    )
    return heading and (after.isupper() or after.isdigit())
