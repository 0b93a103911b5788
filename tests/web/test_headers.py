"""Every answer carries the headers of a careful site."""

from __future__ import annotations

import httpx
import pytest
from fastapi.routing import APIRoute

from monitor.storage.database import Database
from tests.web.conftest import application, client_of

ADDRESSES = ("/", "/nothing", "/countries/arg", "/feeds/changes.atom", "/api/v1/changes", "/static/style.css")


@pytest.mark.parametrize("address", ADDRESSES)
async def test_every_answer_forbids_scripts_frames_and_guessing(
    client: httpx.AsyncClient, address: str
) -> None:
    headers = (await client.get(address)).headers

    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Strict-Transport-Security"] == "max-age=63072000"


async def test_feeds_and_api_may_be_read_from_other_sites_and_pages_may_not(
    client: httpx.AsyncClient,
) -> None:
    for address in ("/feeds/changes.atom", "/api/v1/changes", "/openapi.json"):
        assert (await client.get(address)).headers["Access-Control-Allow-Origin"] == "*"
    for address in ("/", "/subscribe/confirm", "/static/style.css"):
        assert "Access-Control-Allow-Origin" not in (await client.get(address)).headers


@pytest.mark.parametrize("address", ADDRESSES)
async def test_head_answers_as_get_does_without_a_body(client: httpx.AsyncClient, address: str) -> None:
    head, get = await client.head(address), await client.get(address)

    assert (head.status_code, head.content) == (get.status_code, b"")
    assert head.headers == get.headers


async def test_a_page_that_is_known_is_not_sent_again(client: httpx.AsyncClient) -> None:
    first = await client.get("/countries/ARG")
    again = await client.get("/countries/ARG", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/broken", "/api/broken", "/feeds/broken"])
async def test_a_fault_of_the_site_is_a_page_in_words_with_all_headers(database: Database, path: str) -> None:
    app = application(database)

    def broken() -> None:
        raise RuntimeError("secret words of the inside")

    app.router.routes.insert(0, APIRoute(path, broken))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        answer = await client.get(path)
        whole = await client.get("/nothing" if path == "/broken" else f"{path}-not")

    assert answer.status_code == 500
    assert "That is a fault of this site, not yours" in answer.text
    assert "secret words" not in answer.text
    assert {name for name in answer.headers if "-" in name} == {name for name in whole.headers if "-" in name}
    assert answer.headers["Cache-Control"] == "no-store"


async def test_documentation_that_loads_from_other_hosts_is_not_served(database: Database) -> None:
    async with client_of(application(database)) as client:
        for address in ("/docs", "/redoc"):
            assert (await client.get(address)).status_code == 404


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("/method/", "/method"),
        ("/countries/ARG/?before=x", "/countries/ARG?before=x"),
        ("/feeds/changes.atom/", "/feeds/changes.atom"),
        ("/api/v1/changes/?limit=1", "/api/v1/changes?limit=1"),
        ("/changes/a%0D%0ASet-Cookie:x/", "/changes/a%0D%0ASet-Cookie%3Ax"),
    ],
)
async def test_a_slash_too_many_leads_to_the_address_without_it_on_whatever_host(
    client: httpx.AsyncClient, address: str, meant: str
) -> None:
    answer = await client.get(address, headers={"Host": "evil.example"})

    assert (answer.status_code, answer.headers["Location"]) == (308, meant)


@pytest.mark.parametrize("address", ["/nothing/", "//evil.example//", "/%5Cevil.example/", "/static/"])
async def test_a_slash_after_nothing_leads_nowhere(client: httpx.AsyncClient, address: str) -> None:
    answer = await client.get(f"http://testserver{address}")

    assert (answer.status_code, "Location" in answer.headers) == (404, False)


async def test_the_apis_description_that_is_known_is_not_sent_again(client: httpx.AsyncClient) -> None:
    first = await client.get("/openapi.json")
    again = await client.get("/openapi.json", headers={"If-None-Match": first.headers["ETag"]})

    assert first.json()["openapi"].startswith("3.")
    assert (again.status_code, again.content) == (304, b"")
