"""Fetched text made harmless."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from monitor.delivery.plain_text import cut, one_line, web_address, without_controls


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\r\nb", "a b"),
        ("  a \t\x0b\x0c b\u00a0c ", "a b c"),
        ("a\u2028b\u2029c", "a b c"),
        ("a\x85b\x00c\x1bd", "a b c d"),
        ("abc\u202edef\u202c", "abcdef"),
        ("\ufeffa\u200bb\u2066c\u2069", "abc"),
        ("a\ud800b\ufffec", "abc"),
        ("Türkiye, Côte d'Ivoire, 日本", "Türkiye, Côte d'Ivoire, 日本"),
    ],
)
def test_one_line_is_one_line(text: str, line: str) -> None:
    assert one_line(text) == line


@given(st.text())
def test_whatever_is_left_fits_xml_and_utf8(text: str) -> None:
    element = etree.Element("e")
    element.text = without_controls(text)
    assert etree.fromstring(etree.tostring(element)).text in (without_controls(text), None)
    assert "\n" not in one_line(text)
    assert one_line(one_line(text)) == one_line(text)


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("one two three", 13, "one two three"),
        ("one two three", 12, "one two…"),
        ("one two, three", 10, "one two…"),
        ("x" * 20, 10, "x" * 9 + "…"),
    ],
)
def test_a_cut_is_marked_and_between_words(text: str, limit: int, short: str) -> None:
    assert cut(text, limit) == short
    assert len(short) <= limit


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://example.org/a?b=c&d=%20e#f", "https://example.org/a?b=c&d=%20e#f"),
        ("http://example.org/türkiye", "http://example.org/t%C3%BCrkiye"),
        ('https://example.org/"><script>', "https://example.org/%22%3E%3Cscript%3E"),
        ("https://me:secret@example.org:8443/a?b=c@d", "https://example.org:8443/a?b=c@d"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//example.org/", None),
        ("https://", None),
        ("https://exa mple.org/", None),
        ("https://example.org/\r\nx", None),
        ("https://example.org/\u202egpj.exe", None),
        ("https://[::1", None),
        (None, None),
    ],
)
def test_only_web_addresses_become_links(address: str | None, safe: str | None) -> None:
    assert web_address(address) == safe
