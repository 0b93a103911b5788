"""Reads pages as a person would: the text of what a selector finds."""

from __future__ import annotations

import httpx
from selectolax.lexbor import LexborHTMLParser


async def page(client: httpx.AsyncClient, address: str, status: int = 200) -> str:
    """Return the page at ``address``, which is answered with ``status``."""
    response = await client.get(address)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    return response.text


def texts(page: str, selector: str) -> list[str]:
    """Return the text of every element that ``selector`` finds, white space made single."""
    return [" ".join(node.text().split()) for node in LexborHTMLParser(page).css(selector)]


def attributes(page: str, selector: str, name: str) -> list[str]:
    """Return the attribute ``name`` of every element that ``selector`` finds."""
    return [node.attributes.get(name) or "" for node in LexborHTMLParser(page).css(selector)]
