"""Every page can be used by everyone: axe finds nothing serious, nothing runs off a phone's screen."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import PASSWORD, Site
from tests.web.samples import claim, hostile_change, revision

pytestmark = pytest.mark.browser
ADDRESSES = (
    "/",
    "/?q=guinea",
    "/changes?country=ARG&region=",
    "/countries/ARG",
    "/countries/BRA",
    "/editions/2013",
    f"/changes/{claim().id}",
    f"/changes/{revision().id}",
    f"/changes/{hostile_change().id}",
    "/compare?country=ARG&country=BOL",
    "/sources",
    "/data",
    "/method",
    "/about",
    "/subscribe",
    "/nothing",
    "/operator/sign-in",
)
OPERATORS = (
    "/operator",
    "/operator/sources",
    "/operator/deliveries",
    "/operator/subscribers",
    "/operator/audit",
)
_GRAVE = {"serious", "critical"}


def sign_in(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/operator")
    page.get_by_label("Your name").fill("Ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def grave(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{page.url}: {each['id']}: {each['nodes'][0]['html']}" for each in found if each["impact"] in _GRAVE
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(chromium: Browser, site: Site, scheme: str) -> None:
    # The checker is a script: only here may the page's own policy be set aside for it.
    context = chromium.new_context(bypass_csp=True, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    found = []
    for address in ADDRESSES:
        page.goto(f"{site.url}{address}")
        found += grave(page)
    sign_in(page, site)
    for address in OPERATORS:
        page.goto(f"{site.url}{address}")
        found += grave(page)
    page.goto(f"{site.url}/operator")
    page.locator(".headline a").first.click()
    found += grave(page)
    context.close()
    assert found == []


def test_no_page_is_wider_than_a_phone(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    wide = []
    sign_in(page, site)
    for address in (*ADDRESSES, *OPERATORS):
        page.goto(f"{site.url}{address}")
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(address)
    assert wide == []
