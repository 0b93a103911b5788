"""Undo what a server did to a body on its way: content encodings and character sets, within bounds."""

from __future__ import annotations

import re
import zlib

import brotli

ACCEPTED_ENCODINGS = "gzip, deflate, br"
_MOST_LAYERS = 2

# Python knows codecs that are no character sets of the web, some of them quadratic (idna, punycode).
_CHARSET = re.compile(
    r"(?:iso[-_]?8859[-_]\d{1,2}|latin[-_]?1|windows-\d{3,4}|cp125\d|us-ascii|ascii|koi8-[ru]|mac-?roman"
    r"|macintosh|gb2312|gbk|gb18030|big5|shift[-_]jis|euc-(?:jp|kr)|utf-?16(?:le|be)?)",
    re.IGNORECASE,
)
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


class DecodingFailed(Exception):  # noqa: N818 - named for what happened, as the failures are
    """A body cannot be decoded; ``transient`` where it may be whole the next time."""

    def __init__(self, reason: str, *, transient: bool = False) -> None:
        super().__init__(reason)
        self.transient = transient


def decompressed(body: bytes, content_encoding: str, *, limit: int) -> bytes:
    """Return ``body`` without its content encodings (RFC 9110, section 8.4).

    Raises:
        DecodingFailed: more than ``limit`` bytes, not whole, or an encoding nobody asked for.
    """
    layers = [layer.strip().lower() for layer in content_encoding.split(",") if layer.strip()]
    if len(layers) > _MOST_LAYERS:
        raise DecodingFailed(f"the answer is compressed {len(layers)} times over")
    for layer in reversed(layers):
        if layer in ("gzip", "x-gzip"):
            body = _inflated(body, 31, limit)
        elif layer == "deflate":
            # Some servers send the bare stream, without the zlib header that the word means.
            body = _inflated(body, 15 if body[:1] and body[0] & 15 == 8 else -15, limit)
        elif layer == "br":
            body = _unbrotlied(body, limit)
        elif layer != "identity":
            raise DecodingFailed("the answer is in a content encoding that was not asked for")
    return body


def _inflated(body: bytes, window: int, limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while body:
        inflater = zlib.decompressobj(window)
        try:
            part = inflater.decompress(body, limit - size + 1)
        except zlib.error as error:
            raise DecodingFailed("the compressed answer is damaged", transient=True) from error
        size += len(part)
        parts.append(part)
        if size > limit:
            raise DecodingFailed(f"the answer unpacks to more than {limit} bytes")
        if not inflater.eof:
            raise DecodingFailed("the compressed answer ends too early", transient=True)
        # A gzip stream may have several members; what else follows one is padding.
        body = inflater.unused_data if inflater.unused_data[:2] == b"\x1f\x8b" and part else b""
    return b"".join(parts)


def _unbrotlied(body: bytes, limit: int) -> bytes:
    unpacker = brotli.Decompressor()
    parts: list[bytes] = []
    size = 0
    try:
        part = unpacker.process(body, output_buffer_limit=limit + 1)
        while part or not unpacker.can_accept_more_data():
            size += len(part)
            if size > limit:
                raise DecodingFailed(f"the answer unpacks to more than {limit} bytes")
            parts.append(part)
            part = unpacker.process(b"", output_buffer_limit=limit - size + 1)
    except brotli.error as error:
        raise DecodingFailed("the compressed answer is damaged", transient=True) from error
    if body and not unpacker.is_finished():
        raise DecodingFailed("the compressed answer ends too early", transient=True)
    return b"".join(parts)


def decoded(content: bytes, media_type: str = "") -> str:
    """Return ``content`` as text: what it is rather than what it says it is.

    A byte order mark wins, then UTF-8 where all bytes are that, since other text hardly ever is by
    chance, then the declared character set, then Windows-1252. Nothing is ever refused.
    """
    for mark, name in _BOMS:
        if content.startswith(mark):
            return content[len(mark) :].decode(name, "replace")
    declared = _DECLARED.search(media_type.encode("ascii", "replace")) or _DECLARED.search(content[:2048])
    charset = declared[1].decode("ascii", "replace") if declared else ""
    if b"\0" in content[:200] and not charset.lower().startswith(("utf-16", "utf16")):
        # UTF-16 without its mark: the zero byte of an ASCII letter tells the order.
        charset = "utf-16-be" if content[:1] == b"\0" else "utf-16-le"
    elif b"\0" not in content[:200]:
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            pass
    if not _CHARSET.fullmatch(charset) and not charset.startswith("utf-16-"):
        charset = "cp1252"
    return content.decode(charset, "replace")
