"""Whatever is asked, the answer is a page, a document or a refusal in words: never a failure."""

from __future__ import annotations

from urllib.parse import quote

import httpx
import pytest

NASTY = [
    "",
    "\x00",
    "a\x00b",
    "9" * 400,
    "-1",
    "1e400",
    "nan",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    ",,,",
    "ARG,",
    "ARG-\N{ARABIC-INDIC DIGIT THREE}",
    "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}",
    "<script>",
    "\u202e",
    "../../etc/passwd",
    "\r\nSet-Cookie: a=b",
    "x" * 2000,
]
PARAMETERS = [
    "q",
    "before",
    "country",
    "region",
    "edition",
    "measure",
    "kind",
    "since",
    "limit",
    "cursor",
    "token",
]
ROUTES = [
    "/",
    "/countries/ARG",
    "/editions/2013",
    "/changes",
    "/compare",
    "/feeds/changes.atom",
    "/api/v1/countries",
    "/api/v1/tiers",
    "/api/v1/figures",
    "/api/v1/changes",
    "/subscribe/confirm",
]


@pytest.mark.parametrize("parameter", PARAMETERS)
@pytest.mark.parametrize("route", ROUTES)
async def test_no_parameter_makes_a_page_fail(client: httpx.AsyncClient, route: str, parameter: str) -> None:
    for value in NASTY:
        answer = await client.get(route, params={parameter: value})
        assert answer.status_code in {200, 303, 308, 400, 404, 422}
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "folder", ["/", "/countries/", "/editions/", "/changes/", "/feeds/changes.", "/static/"]
)
async def test_no_address_makes_a_page_fail(client: httpx.AsyncClient, folder: str) -> None:
    for value in NASTY:
        answer = await client.get(folder + quote(value, safe=""))
        # Without the slash it is the list of changes.
        expected = {200} if folder + value == "/" else {308} if folder + value == "/changes/" else {404}
        assert answer.status_code in expected
