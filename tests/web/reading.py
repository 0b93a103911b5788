"""Reads pages as a person would: the text of what a selector finds."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser


def texts(page: str, selector: str) -> list[str]:
    """Return the text of every element that ``selector`` finds, white space made single."""
    return [" ".join(node.text().split()) for node in LexborHTMLParser(page).css(selector)]


def attributes(page: str, selector: str, name: str) -> list[str]:
    """Return the attribute ``name`` of every element that ``selector`` finds."""
    return [node.attributes.get(name) or "" for node in LexborHTMLParser(page).css(selector)]
