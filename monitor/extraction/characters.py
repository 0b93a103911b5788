"""Decides which character a damaged one stands for: encodings, ligatures, quotes, spaces, controls."""

from __future__ import annotations

import re
from typing import NamedTuple

from monitor.extraction.offsets import Edit

# UTF-8 that was read as Windows-1252 or Latin-1, and Windows-1252's own characters read as C1 controls.
_MOJIBAKE = {
    mangled: char
    for char in "\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u2022\u00a0" + "áéíóúçñãôüèàêîïâÁÉÍÓÚÇÑ"
    for mangled in (
        char.encode().decode("latin-1"),
        "".join(
            bytes([byte]).decode("cp1252", "replace").replace("\ufffd", chr(byte)) for byte in char.encode()
        ),
    )
}
_C1 = {chr(byte): bytes([byte]).decode("cp1252") for byte in (0x85, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97)}
_MANGLED = re.compile("|".join(map(re.escape, sorted({**_MOJIBAKE, **_C1}, key=len, reverse=True))))
# One of these is in all of them; eleven searches for a character take less time than one for a set.
_MANGLED_SIGNS = "\u00c2\u00c3\u00e2" + "".join(_C1)


def lowered(text: str) -> str:
    """Return ``text`` in lower case, character for character: a dotted capital I has two of them else."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def encoding_edits(text: str) -> list[Edit]:
    """Decode again what was decoded with the wrong encoding."""
    if text.isascii() or not any(sign in text for sign in _MANGLED_SIGNS):
        return []
    return [
        Edit(found.start(), found.end(), _MOJIBAKE.get(found.group()) or _C1[found.group()])
        for found in _MANGLED.finditer(text)
    ]


_SIMPLE = {
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u2032": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"', "\u2033": '"',
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2212": "-",
    "\ufb00": "ff", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st",
    "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": "",
    "\u00a0": " ", "\u2002": " ", "\u2003": " ", "\u2004": " ", "\u2005": " ", "\u2006": " ", "\u2007": " ",
    "\u2008": " ", "\u2009": " ", "\u200a": " ", "\u202f": " ", "\u205f": " ", "\u3000": " ", "\t": " ",
    "\u2028": "\n", "\u2029": "\n", "\x0b": "\n", "\x0c": "\n", "\r": "",
}  # fmt: skip
# Digits that stand for no place in a number: footnote marks, numbers in circles.
_NO_DECIMALS = (
    "\u00b2\u00b3\u00b9\u1369-\u1371\u19da\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2474-\u247c\u2488-\u2490"
    "\u24ea\u24f5-\u24fd\u24ff\u2776-\u277e\u2780-\u2788\u278a-\u2792\U00010a40-\U00010a43\U00010e60-\U00010e68"
    "\U00011052-\U0001105a\U0001f100-\U0001f10a"
)
_SPECIAL = re.compile(
    f"[{re.escape(''.join(_SIMPLE))}{_NO_DECIMALS}\u0160\u2022\ufb01\ufb02\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]"
)
# What may have to be edited: all but printable ASCII and line ends, and a stop with a sentence glued to it.
# One search that begins with one set of characters, since it looks at every character of a text.
_UNUSUAL = re.compile(r"[^\n -\-/-:<-~](?:(?<![.;])|(?=[A-Z][a-z]))")
_NUMBER_SPACES = frozenset("\u00a0\u2007\u2009\u202f")
_THREE_DIGITS = re.compile(r"\d{3}(?!\d)")
_QUOTE_CLOSED = re.compile(r"\ufb02(?![a-z])")
_DASH_IN_PLACE = re.compile(r"[a-z,.)%\d\"]\u0160")


def character_edits(text: str, fi_word: re.Pattern[str]) -> list[Edit]:
    """Replace single characters: ligatures, quotes, spaces, controls; part glued sentences.

    Args:
        text: what to look at.
        fi_word: matches how a word that begins with the letters "fi" goes on.
    """
    signs = _Signs(
        quotes="\ufb02" in text and _QUOTE_CLOSED.search(text) is not None,
        dashes="\u0160" in text and _DASH_IN_PLACE.search(text) is not None,
        fi_word=fi_word,
    )
    edits: list[Edit] = []
    for found in _UNUSUAL.finditer(text):
        place, char = found.start(), found.group()
        if char in ".;":
            if place > 1 and text[place - 2 : place].islower():
                edits.append(Edit(place + 1, place + 1, " "))
        elif _SPECIAL.match(char):
            replacement = _character(text, place, char, signs)
            if replacement != char:
                edits.append(Edit(place, place + 1, replacement))
    return edits


class _Signs(NamedTuple):
    """What a text's own use of three signs shows: are they its quotation marks, its dashes?"""

    quotes: bool
    dashes: bool
    fi_word: re.Pattern[str]


def _character(text: str, place: int, char: str, signs: _Signs) -> str:
    if char in _NUMBER_SPACES and _inside_number(text, place):
        return ""
    if char == "\r":
        return "" if text[place + 1 : place + 2] == "\n" else "\n"
    if char in "\u0160\u2022\ufb01\ufb02":
        return _sign(text, place, signs)
    return _SIMPLE.get(char, " ")


def _sign(text: str, place: int, signs: _Signs) -> str:
    """Return what a dash, a euro sign, a quotation mark or a ligature was before its font was lost."""
    char = text[place]
    if char == "\u0160":
        return "\u2014" if signs.dashes else char
    if char == "\u2022":
        return "\u20ac" if text[place + 1 : place + 2].isdigit() else char
    return _ligature(text, place, signs)


def _inside_number(text: str, place: int) -> bool:
    return text[place - 1 : place].isdigit() and _THREE_DIGITS.match(text, place + 1) is not None


def _ligature(text: str, place: int, signs: _Signs) -> str:
    """Return the letters or the quotation mark that the ligature at ``place`` stands for."""
    char = text[place]
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    if char == "\ufb01":
        opens_word = not before.isalpha() and after.isalpha()
        opens_other = after.isdigit() or after in ("$", "[", "(")
        quote = opens_other or (opens_word and (signs.quotes or not signs.fi_word.match(text, place + 1)))
        return '"' if quote else "fi"
    quote = not after.isalpha() or (signs.quotes and not after.islower())
    return '"' if quote else "fl"
