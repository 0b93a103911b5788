"""Mend what feeds get wrong of XML: bare ampersands, entities of HTML, tags that do not match."""

from __future__ import annotations

import html
import re
from collections import Counter
from xml.sax.saxutils import escape

from lxml import etree

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&(?:#\d{1,8};|#[xX][\da-fA-F]{1,8};|[A-Za-z][A-Za-z\d]{0,31};)?")
_OF_XML = frozenset(["&amp;", "&lt;", "&gt;", "&quot;", "&apos;"])
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<(?P<end>/?)(?P<name>[^\s<>/!?][^\s<>/]*+)[^<>]*+>?",
    re.DOTALL,
)
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
# What a channel has beside its items, under names that its items have too.
_OF_CHANNEL = ("textinput", "textInput", "image")


def escaped(text: str) -> str:
    """Return XML in which every reference is one, by the names of HTML; what stands for nothing is text.

    A document that declares entities of its own is left as it is. CDATA stays.
    """
    text = _NOT_XML.sub("", text)
    if "&" not in text or "<!ENTITY" in text:
        return text
    first, *others = text.split(_CDATA)
    parts = [_REFERENCE.sub(_character, first)]
    for other in others:
        inside, end, outside = other.partition(_CDATA_END)
        parts.append(f"{_CDATA}{inside}{end}{_REFERENCE.sub(_character, outside)}")
    return "".join(parts)


def _character(reference: re.Match[str]) -> str:
    if reference[0] in _OF_XML:
        return reference[0]
    character = html.unescape(reference[0]) if len(reference[0]) > 1 else "&"
    return escape(_NOT_XML.sub("", character))


def well_formed(text: str) -> str | None:
    """Return what libxml2 makes of a feed whose tags do not match, or None where that is nothing.

    What a channel says of its picture and its search box is left out.
    """
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        tree = etree.fromstring(_without_stray_ends(text).encode(), parser)
    except etree.XMLSyntaxError:
        return None
    if tree is None:
        return None
    for name in _OF_CHANNEL:
        for element in list(tree.iter(f"{{*}}{name}")):
            above = element.getparent()
            if above is not None:
                above.remove(element)
    return str(etree.tostring(tree, encoding="unicode"))


def _without_stray_ends(text: str) -> str:
    """Return markup without the end tags of what is not open: for libxml2 they end what is."""
    opened: Counter[str] = Counter()

    def kept(tag: re.Match[str]) -> str:
        name = tag["name"]
        if name is None or tag[0].endswith("/>"):
            return tag[0]
        if tag["end"] and not opened[name]:
            return ""
        opened[name] += -1 if tag["end"] else 1
        return tag[0]

    return _TAG.sub(kept, text)
