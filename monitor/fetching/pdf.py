"""Read the text of a PDF, column by column, in a process of its own.

PDFium is C++ and reads files from anywhere: a crash, a hang or a flood of memory stays in the child.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from monitor.fetching.failures import FetchFailed

_SECONDS = 120
_MOST_MEMORY = 2 * 1024**3
_MOST_PAGES = 2000
_MOST_BOOKMARKS = 5000
_MOST_CHARACTERS = 50_000_000
# A page with fewer lines across its middle than this share is set in two columns.
_ACROSS = 0.2
_RUNNING_HEAD = re.compile(r"\d{1,3}\s*[A-Z][A-Z .,'&()-]{2,60}|[A-Z][A-Z .,'&()-]{2,60}\s+\d{1,3}|\d{1,3}")
# Lines this near to the edge of a column that recur on so many pages, and such a share of them.
_EDGE, _RECURRING, _SHARE = 2, 3, 0.3
# The heading of a section fills less than this share of a usual line, and has no more words.
_SHORT, _MOST_TITLE_WORDS = 0.6, 6
# How PDFium writes a hyphen at the end of a line, which it joins to the next.
_CUT = "\x02"
_MENDED = re.compile(r"(\w*)[\x02\ufffe]\s*")
_OWN_HYPHEN = frozenset(
    ["anti", "non", "self", "ex", "well", "long", "short", "low", "high", "multi", "post"]
)
_CONTENTS = re.compile(r"[^.]{2,60}?\s*\.(?:\s*\.){2,}\s*\d{1,3}")
_SENTENCE_END = (".", "!", "?", ":", "\u201d", '"', ")")


@dataclass(frozen=True, slots=True)
class PdfText:
    """The lines of each page in reading order, and the bookmarks as (title, number of page from 0)."""

    pages: list[list[str]]
    outline: list[tuple[str, int]]


def pdf_lines(content: bytes, name: str) -> list[str]:
    """Return the text of a PDF in reading order: a paragraph or heading a line, hyphens mended.

    Raises:
        FetchFailed: no text in it, no PDF, or the reader crashed or took too long.
    """
    return paragraphs(line for page in pdf_text(content, name).pages for line in page)


def pdf_text(content: bytes, name: str) -> PdfText:
    """Return the text of a PDF page by page, as it stands there.

    Raises:
        FetchFailed: as `pdf_lines`.
    """
    try:
        # The child runs this module of ours, by its own interpreter, with no argument from outside.
        ran = subprocess.run(
            [sys.executable, "-m", "monitor.fetching.pdf"],
            input=content,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            cwd=Path(__file__).resolve().parent.parent.parent,
        )
    except subprocess.TimeoutExpired as error:
        raise FetchFailed(name, f"the PDF was not read within {_SECONDS} s") from error
    if ran.returncode != 0:
        raise FetchFailed(
            name, "the PDF is damaged, locked or too large", hint="print it to a new file from a PDF viewer"
        )
    found = json.loads(ran.stdout)
    pages: list[list[str]] = found["pages"]
    if not any(line.strip() for page in pages for line in page):
        raise FetchFailed(name, "the PDF holds no text, only pictures", hint="run it through OCR first")
    return PdfText(pages, [(str(title), int(page)) for title, page in found["outline"]])


def paragraphs(lines: Iterable[str]) -> list[str]:
    """Join the lines of a page to paragraphs: a full line, or one that ends no sentence, goes on.

    A short line without an end, between the end of a sentence and the beginning of another, is a
    heading of a section.
    """
    kept = [line for line in (line.strip() for line in lines) if line and not _RUNNING_HEAD.fullmatch(line)]
    lengths = sorted(map(len, kept))
    usual = lengths[int(len(lengths) * 0.8)] if lengths else 0
    joined: list[str] = []
    is_open = False
    for line, following in zip(kept, [*kept[1:], ""], strict=True):
        previous = joined[-1] if joined else ""
        ends_before = not is_open or previous.endswith(_SENTENCE_END)
        is_heading = _is_heading(line) or (
            ends_before and len(line) < _SHORT * usual and _is_title(line) and following[:1].isupper()
        )
        if is_open and not is_heading:
            is_cut = re.search(r"[a-z]-$", previous) and line[:1].islower()
            joined[-1] = f"{previous[:-1]}{_CUT}{line}" if is_cut else f"{previous} {line}"
        else:
            joined.append(line)
        is_open = not is_heading and (not line.endswith(_SENTENCE_END) or len(line) > 0.85 * usual)
    return [_MENDED.sub(_mend, line) for line in joined]


def _mend(cut: re.Match[str]) -> str:
    """Return a word that was cut at a line's end without its hyphen, unless the hyphen is its own."""
    return cut[1] + ("-" if cut[1].lower() in _OWN_HYPHEN else "")


def _is_heading(line: str) -> bool:
    if len(line) >= 80:
        return False
    is_contents = _CONTENTS.fullmatch(line) is not None
    return is_contents or line.isupper() or re.search(r"tier\s+[123]\b[^.]*$", line, re.I) is not None


def _is_title(line: str) -> bool:
    return line[:1].isupper() and line[-1:].isalpha() and len(line.split()) <= _MOST_TITLE_WORDS


def without_running_heads(pages: Sequence[Sequence[Sequence[str]]]) -> list[list[str]]:
    """Return the lines of pages of columns, without those at an edge of a column that recur on many pages.

    Numbers count as alike. A head set across two columns is cut in the middle: both halves recur.
    """
    counts = Counter(
        key for page in pages for key in {_key(line) for column in page for line in _edges(column)}
    )
    heads = {key for key, count in counts.items() if count >= max(_RECURRING, _SHARE * len(pages))}

    def kept(column: Sequence[str]) -> list[str]:
        last = len(column) - _EDGE
        return [
            line for number, line in enumerate(column) if _EDGE <= number < last or _key(line) not in heads
        ]

    return [[line for column in page for line in kept(column)] for page in pages]


def _edges(column: Sequence[str]) -> list[str]:
    return [*column[:_EDGE], *column[-_EDGE:]]


def _key(line: str) -> str:
    return re.sub(r"\d+", "0", line).strip()


def _page_columns(page: object) -> list[list[str]]:
    width, height = page.get_size()  # type: ignore[attr-defined]
    text = page.get_textpage()  # type: ignore[attr-defined]
    middle = width / 2
    across = lines = 0
    for number in range(min(text.count_rects(), 5000)):
        left, _, right, _ = text.get_rect(number)
        if right - left > width / 10:
            lines += 1
            across += left < middle - 5 and right > middle + 5
    columns = [(0.0, width)] if across > _ACROSS * lines else [(0.0, middle), (middle, width)]
    return [text.get_text_bounded(left, 0, right, height).splitlines() for left, right in columns]


def _main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    import pypdfium2  # noqa: PLC0415 - only the child loads it

    document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    pages: list[list[list[str]]] = []
    size = 0
    for number in range(min(len(document), _MOST_PAGES)):
        found = _page_columns(document[number])
        size += sum(len(line) for column in found for line in column)
        if size > _MOST_CHARACTERS:
            sys.exit(3)
        pages.append(found)
    json.dump({"pages": without_running_heads(pages), "outline": _outline(document)}, sys.stdout)


def _outline(document: object) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for bookmark in islice(document.get_toc(max_depth=5), _MOST_BOOKMARKS):  # type: ignore[attr-defined]
        target = bookmark.get_dest()
        page = target.get_index() if target is not None else None
        if page is not None:
            found.append((bookmark.get_title()[:200], page))
    return found


if __name__ == "__main__":
    _main()
