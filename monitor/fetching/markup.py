"""Read HTML into a tree and the tree into lines of text, in time and memory that its size bounds.

lxml, not selectolax: it stops at 256 levels, where lexbor takes time in the square of the depth
(24 s for 100,000 nested ``div``).
"""

from __future__ import annotations

import html as html_module
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from monitor.domain.source import Snapshot
from monitor.fetching.decoding import decoded
from monitor.fetching.failures import UnexpectedPage
from monitor.fetching.sites import Sites

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MOST_BYTES = 16 * 1024 * 1024
"""A larger page is not read."""
_MOST_ATTRIBUTES = 500
_HTML_TYPES = ("", "text/html", "application/xhtml+xml", "application/octet-stream")

# Both parsers take time in the square of one tag's attributes. Everything is matched possessively
# and to the end of the text if need be, so that this pass is linear.
_TAG = re.compile(
    r"<!--(?:(?!-->).)*+|<(?:script|style)\b(?:(?!</(?:script|style)).)*+"
    r"""|<[a-z][^\s/>]*+(?:[\s/]++|=|[^\s/>=]++(?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s>]++))?)*+""",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""[\s/]++[^\s/>=]""")

_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        """address article aside blockquote body br caption center dd details dialog div dl dt fieldset
        figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol option p
        pre section summary table tbody td tfoot th thead title tr ul""",
    )
)
_SIMPLE_TAG = re.compile(
    r"</?(?:(article|blockquote|br|dd|div|dl|dt|figcaption|figure|h[1-6]|hr|li|ol|p|section|ul)"
    r"|a|abbr|b|cite|code|em|font|i|img|mark|s|small|span|strong|sub|sup|time|u)"
    r"""(?:\s++[\w:-]++(?:\s*+=\s*+(?:"[^"<>]*+"|'[^'<>]*+'|[^\s"'<>=`]++))?+)*+\s*+/?>""",
    re.IGNORECASE,
)
# A character that Unicode keeps free for such uses.
_BREAK = "\ufdd0"
_NO_TEXT = frozenset({"script", "style", "template", "noscript"})
_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\u00ad\u200b\u2060\ufeff\ud800-\udfff]")


def parse_html(snapshot: Snapshot) -> HtmlElement:
    """Return the tree of a page.

    Raises:
        UnexpectedPage: no HTML, or more of it (bytes, depth, attributes) than any real page has.
    """
    url = snapshot.url
    media_type = snapshot.media_type.partition(";")[0].strip().lower()
    if media_type not in _HTML_TYPES:
        raise UnexpectedPage(url, f"answered {media_type} instead of a page", snapshot=snapshot)
    if len(snapshot.content) > MOST_BYTES:
        raise UnexpectedPage(url, f"the page is larger than {MOST_BYTES} bytes", snapshot=snapshot)
    try:
        return tree_of(decoded(snapshot.content, snapshot.media_type))
    except ValueError as error:
        raise UnexpectedPage(url, str(error), snapshot=snapshot) from error


def tree_of(markup: str) -> HtmlElement:
    """Return the tree of markup that may be anything.

    Raises:
        ValueError: it is empty, or nests deeper or has more attributes than any real page's.
    """
    markup = _UNPRINTABLE.sub("", markup)
    for tag in _TAG.finditer(markup):
        if tag.end() - tag.start() <= 2 * _MOST_ATTRIBUTES:
            continue
        if tag[0][:7].lower().startswith(("<!--", "<script", "<style")):
            continue
        if sum(1 for _ in _ATTRIBUTE.finditer(tag[0])) > _MOST_ATTRIBUTES:
            raise ValueError("a tag of the page has too many attributes")
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(markup.encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise ValueError("the page is empty or no HTML") from error
    if any(entry.level == etree.ErrorLevels.FATAL for entry in parser.error_log):
        raise ValueError("the page nests deeper than any real one")
    return tree


def text_of(markup: str) -> str:
    """Return a fragment of markup as plain text, a paragraph a line; empty where it is no real one's."""
    if "<" not in markup and "&" not in markup:
        return clean(markup)
    plain = _plain(markup)
    return _parsed_text(markup) if plain is None else plain


def _plain(markup: str) -> str | None:
    """Return the text of a fragment of paragraphs, lists and inline tags; None where there is more to it.

    Nearly every text of a feed is that, and building its tree takes four times as long.
    """
    text = _SIMPLE_TAG.sub(_broken, _UNPRINTABLE.sub("", markup))
    if "<" in text:
        return None
    text = _SPACES.sub(" ", _UNPRINTABLE.sub("", html_module.unescape(text)) if "&" in text else text)
    return "\n".join(filter(None, (line.strip(" \xa0") for line in text.split(_BREAK))))


def _broken(tag: re.Match[str]) -> str:
    return _BREAK if tag[1] else ""


def _parsed_text(markup: str) -> str:
    try:
        return "\n".join(lines_of([tree_of(f"<div>{markup}</div>")], drop=()))
    except ValueError:
        return ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page's tree, and its content as lines: a paragraph or heading each."""

    tree: HtmlElement
    lines: list[str]

    @property
    def size(self) -> int:
        """The characters of its content."""
        return sum(map(len, self.lines))


def expect_page(snapshot: Snapshot, sites: Sites) -> Page:
    """Return a page that is no notice of difficulties and no login.

    Raises:
        UnexpectedPage: it is.
    """
    tree = parse_html(snapshot)
    page = Page(tree, content_lines(tree, sites))
    shown = " ".join(_heads(tree)).lower()
    if page.size < sites.notice_text:
        shown = f"{shown} {' '.join(page.lines)}".lower()
    for phrase in sites.difficulties:
        if phrase in shown:
            raise UnexpectedPage(
                snapshot.url,
                f'answered a page that says "{phrase}" instead of the one asked for',
                hint="it is tried again at the next check",
                transient=True,
                snapshot=snapshot,
            )
    if any(phrase in shown for phrase in sites.login):
        raise UnexpectedPage(snapshot.url, "answered a login page", snapshot=snapshot)
    return page


def notice_of(snapshot: Snapshot, sites: Sites) -> UnexpectedPage | None:
    """Return what a page that should have been something else says of difficulties that pass, if it does."""
    try:
        expect_page(snapshot, sites)
    except UnexpectedPage as failure:
        return failure if failure.transient else None
    return None


def _heads(tree: HtmlElement) -> list[str]:
    return [clean(element.text_content()) for element in tree.iter("title", "h1")]


def title_of(tree: HtmlElement) -> str:
    """Return the page's main heading, else its title; empty where it has neither."""
    for tag in ("h1", "title"):
        for element in tree.iter(tag):
            title = clean(element.text_content())
            if title:
                return title[:300]
    return ""


def canonical_of(tree: HtmlElement, url: str) -> str:
    """Return the address that the page gives as its own, else ``url``."""
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            return absolute(url, link.get("href") or "") or url
    return url


def absolute(base: str, href: str) -> str | None:
    """Return the http(s) address of a link without its fragment, or null where it is none."""
    if not href.strip():
        return None
    try:
        address = urljoin(base, href.strip()[:2048]).partition("#")[0]
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and host and address.isprintable() else None


def links_of(tree: HtmlElement, base: str) -> list[tuple[str, str]]:
    """Return (address, words) of every link of the page, in its order.

    An option of a list whose value is an address counts: so the current site lists a report's countries.
    """
    found = []
    for anchor in tree.iter("a", "option"):
        address = absolute(base, anchor.get("href" if anchor.tag == "a" else "value") or "")
        if address:
            found.append((address, clean(anchor.text_content())[:200]))
    return found


def content_lines(tree: HtmlElement, sites: Sites) -> list[str]:
    """Return the text of a page's content by the first selector that finds enough of it."""
    lines: list[str] = []
    dropped = sites.drop(tree)
    for select in sites.content:
        lines = lines_of(select(tree), drop=dropped)
        if sum(map(len, lines)) >= sites.shortest_text:
            break
    return lines


def lines_of(elements: Iterable[HtmlElement], *, drop: Collection[HtmlElement] = ()) -> list[str]:
    """Return the text of elements, a paragraph or heading a line; of nested ones only the outer.

    ``drop`` counts below the elements only: state.gov's real pages leave their navigation unclosed,
    and the whole text ends up inside it.
    """
    writer = _LineWriter(drop)
    for element in elements:
        writer.add(element)
    return writer.lines


class _LineWriter:
    """Collects inline text until a block begins or ends. Trees are at most 256 levels deep."""

    def __init__(self, drop: Collection[HtmlElement]) -> None:
        self.lines: list[str] = []
        self._pieces: list[str] = []
        self._done: set[HtmlElement] = set(drop)
        self._outer: set[HtmlElement] = set()

    def add(self, element: HtmlElement) -> None:
        if not any(above in self._outer for above in element.iterancestors()):
            self._outer.add(element)
            self._walk(element)
            self._break()

    def _walk(self, element: HtmlElement) -> None:
        if not isinstance(element.tag, str) or element.tag in _NO_TEXT or element in self._done:
            return
        is_block = element.tag in _BLOCKS
        if is_block:
            self._break()
        self._pieces.append(element.text or "")
        for child in element:
            self._walk(child)
            self._pieces.append(child.tail or "")
        if is_block:
            self._break()

    def _break(self) -> None:
        line = clean("".join(self._pieces))
        self._pieces.clear()
        if line:
            self.lines.append(line)


def clean(text: str) -> str:
    """Return ``text`` on one line; no-break spaces stay, since they hold numbers together."""
    return _SPACES.sub(" ", _UNPRINTABLE.sub("", text)).strip(" \xa0")
