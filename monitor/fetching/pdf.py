"""Read the text of a PDF, column by column, in a process of its own.

PDFium is C++ and reads files from anywhere: a crash, a hang or a flood of memory stays in the child.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from monitor.fetching.failures import FetchFailed

_SECONDS = 120
_MOST_MEMORY = 2 * 1024**3
_MOST_PAGES = 2000
_MOST_CHARACTERS = 50_000_000
# A page with fewer lines across its middle than this share is set in two columns.
_ACROSS = 0.2
_RUNNING_HEAD = re.compile(r"\d{1,3}\s*[A-Z][A-Z .,'&()-]{2,60}|[A-Z][A-Z .,'&()-]{2,60}\s+\d{1,3}|\d{1,3}")
# How PDFium writes a hyphen at the end of a line, which it joins to the next.
_CUT = "\x02"
_MENDED = re.compile(r"(\w*)[\x02\ufffe]\s*")
_OWN_HYPHEN = frozenset(
    ["anti", "non", "self", "ex", "well", "long", "short", "low", "high", "multi", "post"]
)
_SENTENCE_END = (".", "!", "?", ":", "\u201d", '"', ")")


def pdf_lines(content: bytes, name: str) -> list[str]:
    """Return the text of a PDF in reading order: a paragraph or heading a line, hyphens mended.

    Raises:
        FetchFailed: no text in it, no PDF, or the reader crashed or took too long.
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
    lines: list[str] = json.loads(ran.stdout)
    if not any(line.strip() for line in lines):
        raise FetchFailed(name, "the PDF holds no text, only pictures", hint="run it through OCR first")
    return paragraphs(lines)


def paragraphs(lines: Iterable[str]) -> list[str]:
    """Join the lines of a page to paragraphs: a full line, or one that ends no sentence, goes on."""
    kept = [line for line in (line.strip() for line in lines) if line and not _RUNNING_HEAD.fullmatch(line)]
    lengths = sorted(map(len, kept))
    usual = lengths[int(len(lengths) * 0.8)] if lengths else 0
    joined: list[str] = []
    is_open = False
    for line in kept:
        previous = joined[-1] if joined else ""
        if is_open and not _is_heading(line):
            is_cut = re.search(r"[a-z]-$", previous) and line[:1].islower()
            joined[-1] = f"{previous[:-1]}{_CUT}{line}" if is_cut else f"{previous} {line}"
        else:
            joined.append(line)
        is_open = not _is_heading(line) and (not line.endswith(_SENTENCE_END) or len(line) > 0.85 * usual)
    return [_MENDED.sub(_mend, line) for line in joined]


def _mend(cut: re.Match[str]) -> str:
    """Return a word that was cut at a line's end without its hyphen, unless the hyphen is its own."""
    return cut[1] + ("-" if cut[1].lower() in _OWN_HYPHEN else "")


def _is_heading(line: str) -> bool:
    return len(line) < 80 and (line.isupper() or re.search(r"tier\s+[123]\b[^.]*$", line, re.I) is not None)


def _page_lines(page: object) -> Sequence[str]:
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
    return [
        line for left, right in columns for line in text.get_text_bounded(left, 0, right, height).splitlines()
    ]


def _main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    import pypdfium2  # noqa: PLC0415 - only the child loads it

    document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    lines: list[str] = []
    size = 0
    for number in range(min(len(document), _MOST_PAGES)):
        found = _page_lines(document[number])
        size += sum(map(len, found))
        if size > _MOST_CHARACTERS:
            sys.exit(3)
        lines += found
    json.dump(lines, sys.stdout)


if __name__ == "__main__":
    _main()
