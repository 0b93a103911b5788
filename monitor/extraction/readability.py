"""Decides whether a text can be read as English prose, and says what stands against it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from monitor.domain.figure import Evidence
from monitor.domain.reading import ExtractionIssue, IssueCode
from monitor.extraction.offsets import MendedText
from monitor.extraction.text import MAX_CHARACTERS

_SAMPLE = 20_000
_LANGUAGE_SAMPLE = 1_000
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL_BYTES = bytes([*range(9), *range(0x0E, 0x20), 0x7F])
_MAGIC = ("%PDF-", "PK\x03\x04", "\x89PNG", "\ufffdPNG", "\x1f\x8b", "GIF8", "\x7fELF")
_WORD = re.compile(r"[^\W\d_]+")
# What is no letter parts words; for plain ASCII this is the same as ``_WORD`` and much faster.
_LETTERS_ONLY = bytes(byte if chr(byte).isalpha() else 32 for byte in range(128)) + bytes([32]) * 128
_SCRIPTS = {
    "Cyrillic script": re.compile("[\u0400-\u04ff]"),
    "Arabic script": re.compile("[\u0600-\u06ff]"),
    "Greek script": re.compile("[\u0370-\u03ff]"),
    "Hebrew script": re.compile("[\u0590-\u05ff]"),
    "Chinese or Japanese script": re.compile("[\u3040-\u9fff]"),
    "Korean script": re.compile("[\uac00-\ud7af]"),
    "Devanagari script": re.compile("[\u0900-\u097f]"),
    "Thai script": re.compile("[\u0e00-\u0e7f]"),
}


@dataclass(frozen=True, slots=True)
class FunctionWords:
    """The commonest words of English and, without those it shares, of other languages."""

    english: frozenset[str]
    others: Mapping[str, frozenset[str]]

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> FunctionWords:
        """Take the words of a parsed ``config/text.toml``."""
        words = {language: frozenset(listed.split()) for language, listed in table["function_words"].items()}
        english = words.pop("English")
        return cls(english, {language: listed - english for language, listed in words.items()})


def text_issues(mended: MendedText, known: FunctionWords) -> tuple[ExtractionIssue, ...]:
    """Return what keeps a text, or part of it, from being read. Offsets are the original's."""
    original = mended.original
    if not mended.text.strip():
        return (ExtractionIssue(IssueCode.EMPTY_TEXT, _at(original, 0, 0), "the text is empty"),)
    if is_binary(original):
        return (
            ExtractionIssue(IssueCode.NOT_TEXT, _at(original, 0, 80), "these are a file's bytes, no text"),
        )
    issues: list[ExtractionIssue] = []
    if len(original) > MAX_CHARACTERS:
        detail = f"only the first {MAX_CHARACTERS} of {len(original)} characters were read"
        issues.append(ExtractionIssue(IssueCode.TOO_LONG, _at(original, MAX_CHARACTERS, 80), detail))
    lost = original.find("\ufffd")
    if lost >= 0:
        detail = "characters were lost when the text was decoded"
        issues.append(ExtractionIssue(IssueCode.MIXED_ENCODING, _at(original, max(0, lost - 20), 60), detail))
    mangled = mended.mangled
    if mangled is not None:
        detail = "parts of the text were decoded with the wrong encoding and mended"
        issues.append(
            ExtractionIssue(IssueCode.MIXED_ENCODING, _at(original, max(0, mangled - 20), 60), detail)
        )
    language = other_language(mended.text, known)
    if language is not None:
        first = len(original) - len(original.lstrip())
        issues.append(ExtractionIssue(IssueCode.OTHER_LANGUAGE, _at(original, first, 80), language))
    return tuple(issues)


def is_binary(text: str) -> bool:
    """Whether ``text`` is a file's bytes read as characters: controls or lost ones beyond 2 percent."""
    if text.startswith(_MAGIC):
        return True
    sample = text[:_SAMPLE]
    plain = sample.encode(errors="surrogatepass")
    controls = len(plain) - len(plain.translate(None, _CONTROL_BYTES))
    if not sample.isascii():
        controls += sample.count("\ufffd")
        if b"\xed" in plain:  # the byte that every lone surrogate begins with
            controls += len(_SURROGATE.findall(sample))
    return controls > max(2, len(sample) // 50)


def other_language(text: str, known: FunctionWords) -> str | None:
    """Return the language or script of a text that is not English, None for English or too little text.

    Counts function words at the text's beginning: at least five of another language, one word in
    twelve, and more than of English.
    """
    sample = text[:_LANGUAGE_SAMPLE].lower()
    if sample.isascii():
        words = sample.encode().translate(_LETTERS_ONLY).decode().split()
    else:
        words = _WORD.findall(sample)
    english = sum(map(known.english.__contains__, words))
    if english > len(words) / 5:
        return None
    letters = "".join(words)
    if not letters.isascii() and len(letters) > 20:
        for script, signs in _SCRIPTS.items():
            if len(signs.findall(letters)) > len(letters) / 2:
                return script
    counts = {name: sum(word in listed for word in words) for name, listed in known.others.items()}
    language = max(counts, key=lambda name: counts[name])
    return language if counts[language] >= max(5, len(words) // 12) and counts[language] > english else None


def _at(original: str, start: int, length: int) -> Evidence:
    text = original[start : start + length]
    return Evidence(text=text, start=start, end=start + len(text))
