"""Undo what a server did to a body on its way: content encodings and character sets, within bounds."""

from __future__ import annotations

import codecs
import re
import zlib

import brotli

ACCEPTED_ENCODINGS = "gzip, deflate, br"
_MOST_LAYERS = 2
# What servers write where they mean that there is none.
_NONE = frozenset(["identity", "none", "utf-8", "utf8", "binary", "7bit", "8bit"])

# Python knows codecs that are no character sets of the web, some of them quadratic (idna, punycode).
_CHARSET = re.compile(
    r"(?:iso[-_]?8859[-_]?\d{1,2}|latin[-_]?\d{1,2}|l1|windows-\d{3,4}|(?:cp|ibm)\d{3,4}|us-ascii|ascii"
    r"|koi8-[ru]|mac-?roman|macintosh|gb2312|gbk|gb18030|big5(?:-hkscs)?|shift[-_]jis|x-sjis|euc-(?:jp|kr)"
    r"|iso-2022-(?:jp|kr)|ks_c_5601-1987|tis-620|utf-?16(?:le|be)?)",
    re.IGNORECASE,
)
_OTHER_NAMES = {"x-sjis": "shift_jis"}
# Sets of scripts in which most bytes of a text are beyond ASCII; in Latin ones a tenth is.
_OLD_SETS = ["big5", "gb18030", "cp949", "cp932", "euc_jp", "cp874", "koi8_r"] + [
    f"cp{number}" for number in (1251, 1253, 1255, 1256)
]
_HIGH_BYTES = bytes(range(0x80, 0x100))
_FOREIGN = 0.3
_FAR_ENOUGH = 8192
_DECLARED = re.compile(
    rb"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})|^\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']([\w.:-]{1,40})",
    re.IGNORECASE,
)
_BOMS = (
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
# A text in UTF-8 may have been cut in a character, or have a byte of another in it. In one of a single
# byte a character hardly any byte beyond ASCII begins a character of UTF-8.
_MOST_REPLACED = 0.5


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
        elif layer not in _NONE:
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

    A byte order mark wins, then UTF-8 where (nearly) all bytes are that, since other text hardly ever is
    by chance, then the declared character set, then Windows-1252. Nothing is ever refused.
    """
    for mark, name in _BOMS:
        if content.startswith(mark):
            return content[len(mark) :].decode(name, "replace")
    charset = _declared(content, media_type)
    wide = _without_mark(content)
    if wide:
        return content.decode(wide, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if charset:
        return content.decode(charset, "replace")
    text = content.decode("utf-8", "replace")
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    is_nearly = text.count("\ufffd") <= beyond * _MOST_REPLACED
    return text if is_nearly else content.decode(_guessed(content), "replace")


def _guessed(content: bytes) -> str:
    """Return the character set of a text that says nothing of it, by its letters; else Windows-1252."""
    # Whole pieces between tags: a character that is cut in two would rule its own set out.
    *pieces, _ = re.split(rb"<[^<>]*>|\s+", content[:_FAR_ENOUGH])
    sample = b" ".join(filter(None, pieces))[:_FAR_ENOUGH]
    beyond = len(sample) - len(sample.translate(None, _HIGH_BYTES))
    if beyond <= len(sample) * _FOREIGN:
        return "cp1252"
    from charset_normalizer import from_bytes  # noqa: PLC0415 - hardly ever needed

    best = from_bytes(sample, cp_isolation=list(_OLD_SETS)).best()
    return best.encoding if best else "cp1252"


def _without_mark(content: bytes) -> str:
    """Return the order of a text in UTF-16 without its mark, which the zero bytes of ASCII letters tell."""
    head = content[:200]
    for name, zeros, letters in (("utf-16-le", head[1::2], head[::2]), ("utf-16-be", head[::2], head[1::2])):
        if zeros and zeros.count(0) > len(zeros) / 2 and not letters.count(0):
            return name
    return ""


def _declared(content: bytes, media_type: str) -> str:
    """Return the character set of the web that is declared, not being UTF-8; empty where none is."""
    found = _DECLARED.search(media_type.encode("ascii", "replace")) or _DECLARED.search(content[:2048])
    name = (found[1] or found[2]).decode("ascii", "replace").lower() if found else ""
    if not _CHARSET.fullmatch(name):
        return ""
    try:
        name = codecs.lookup(_OTHER_NAMES.get(name, name)).name
    except LookupError:
        return ""
    # Servers say Latin-1 where they mean Windows-1252 (WHATWG Encoding, 4.2).
    return "cp1252" if name in ("ascii", "iso8859-1") else name
