"""Writes PDFs: pages of one or two columns, with bookmarks if wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Column = Sequence[str]


def pdf(pages: Sequence[Sequence[Column]], bookmarks: Mapping[str, int] | None = None) -> bytes:
    """Return a PDF of ``pages``, each of one or two columns of lines; bookmarks name pages from 0."""
    objects: list[bytes] = [b"", b""]
    font = _add(objects, b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    kids = []
    for columns in pages:
        drawn = b"".join(_drawn(lines, 72 + 240 * number) for number, lines in enumerate(columns))
        stream = _add(objects, b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn))
        kids.append(
            _add(
                objects,
                b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents %d 0 R"
                b"/Resources<</Font<</F1 %d 0 R>>>>>>" % (stream, font),
            )
        )
    outline = _outline(objects, kids, bookmarks) if bookmarks else b""
    objects[0] = b"<</Type/Catalog/Pages 2 0 R%s>>" % outline
    listed = b" ".join(b"%d 0 R" % kid for kid in kids)
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), listed)
    return _written(objects)


def _add(objects: list[bytes], content: bytes) -> int:
    objects.append(content)
    return len(objects)


def _drawn(lines: Column, left: int) -> bytes:
    texts = [
        line.encode("latin-1").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        for line in lines
    ]
    return b"".join(
        b"BT /F1 9 Tf %d %d Td (%s) Tj ET\n" % (left, 720 - 12 * number, text)
        for number, text in enumerate(texts)
    )


def _outline(objects: list[bytes], kids: Sequence[int], bookmarks: Mapping[str, int]) -> bytes:
    root = len(objects) + 1
    first, last = root + 1, root + len(bookmarks)
    _add(objects, b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>" % (first, last, len(bookmarks)))
    for number, (title, page) in enumerate(bookmarks.items(), start=first):
        links = b"/Next %d 0 R" % (number + 1) if number < last else b""
        links += b"/Prev %d 0 R" % (number - 1) if number > first else b""
        _add(
            objects,
            b"<</Title(%s)/Parent %d 0 R/Dest[%d 0 R/Fit]%s>>" % (title.encode(), root, kids[page], links),
        )
    return b"/Outlines %d 0 R" % root


def _written(objects: Sequence[bytes]) -> bytes:
    body = b"%PDF-1.4\n"
    offsets = []
    for number, each in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    trailer = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer
