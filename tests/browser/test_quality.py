"""Every page can be used by everyone: axe finds nothing serious, nothing runs off a phone's screen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from monitor.delivery.tokens import Purpose
from monitor.domain.source import Source, SourceKind
from monitor.domain.subscription import Message, Subscription
from monitor.storage.changes import record_changes
from monitor.storage.outbox import lease_deliveries, mark_failed, queue_message
from monitor.storage.reviews import held_changes
from monitor.storage.sources import sync_sources
from monitor.storage.subscriptions import add_subscription
from tests.browser.conftest import PASSWORD, Site
from tests.checks import record_failure
from tests.web.samples import NOW, claim, hostile_change, revision

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
HOUR = timedelta(hours=1)
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
    preferences = fill_the_lists(site)
    for address in (*OPERATORS, preferences, "/changes?kind=nonsense", "/unsubscribe?token=x"):
        page.goto(f"{site.url}{address}")
        found += grave(page)
    page.goto(f"{site.url}/operator")
    page.locator(".headline a").first.click()
    found += grave(page)
    context.close()
    assert found == []


def fill_the_lists(site: Site) -> str:
    """Give the operators' lists long entries; return the address of a reader's preferences."""
    address = f"{'r' * 60}@{'long-name-of-a-host.' * 8}example.net"
    with site.database.transaction() as session:
        sync_sources(session, [Source("news-" + "n" * 60, SourceKind.FEED, "https://a.example/", HOUR)])
        record_failure(session, "news-" + "n" * 60, NOW, f"https://a.example/{'x' * 400}: answered 500")
        add_subscription(session, Subscription(address=address, created_at=NOW, confirmed_at=NOW))
        number = queue_message(session, Message("<1@x>", address, "W" * 300, "", ""), "email", NOW)
        assert number is not None
        lease_deliveries(session, NOW, 1, HOUR, "sender")
        mark_failed(session, number, NOW, "550 " + "e" * 300, None, "sender")
        long = hostile_change(70, headline="Brazil: " + "M" * 900, evidence_new="W" * 3000)
        record_changes(session, [long])
    token = site.presentation.signer.token(Purpose.PREFERENCES, address, now=datetime.now(UTC))
    return f"/subscribe/preferences?{urlencode({'token': token})}"


def test_no_page_is_wider_than_a_phone(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    wide = []
    preferences = fill_the_lists(site)
    with site.database.reading() as session:
        review = f"/operator/reviews/{held_changes(session)[0].id}"
    sign_in(page, site)
    for address in (*ADDRESSES, *OPERATORS, preferences, review, f"/changes/{hostile_change(70).id}"):
        page.goto(f"{site.url}{address}")
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(address)
    assert wide == []


def test_on_a_phone_a_list_is_read_downwards_and_nothing_of_it_is_cut(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    fill_the_lists(site)
    sign_in(page, site)
    cut, seen = [], 0
    for address in ("/sources", "/data", *OPERATORS):
        page.goto(f"{site.url}{address}")
        seen += page.locator("table.cards").count()
        cut += page.evaluate(
            "[...document.querySelectorAll('table.cards tbody :is(th, td)')].filter("
            "each => each.scrollWidth > each.clientWidth + 1).map(each => each.textContent.slice(0, 80))"
        )
        cut += page.evaluate(
            "[...document.querySelectorAll('.scroll:has(> .cards)')].filter("
            "each => each.scrollWidth > each.clientWidth).map(each => each.ariaLabel)"
        )
    assert seen >= len(OPERATORS)
    assert cut == []
    page.goto(f"{site.url}/sources")
    names = page.locator("table.cards tbody tr").first.get_by_role("cell")
    assert names.count() == 4


def test_a_page_prints_dark_on_white_whatever_the_screen_shows(chromium: Browser, site: Site) -> None:
    context = chromium.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(f"{site.url}/countries/ARG")
    page.emulate_media(media="print", color_scheme="dark")
    colours = page.evaluate(
        "[...document.querySelectorAll('body, .bar-sex, .site-head .brand span, .strip .none')].map("
        "each => [getComputedStyle(each).backgroundColor, getComputedStyle(each).color, "
        "getComputedStyle(each).fill, getComputedStyle(each).borderTopColor])"
    )
    shown = page.evaluate(
        "[...document.querySelectorAll('.search, .skip, nav')].map("
        "each => [each.className || each.tagName, each.checkVisibility({contentVisibilityAuto: true})])"
    )
    context.close()

    assert colours[0][:2] == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    assert "rgb(122, 59, 143)" in {each[2] for each in colours}
    assert "rgb(138, 36, 50)" in {each[1] for each in colours}
    assert [name for name, is_shown in shown if is_shown and name in {"search", "skip", "NAV"}] == []


def test_every_control_is_reached_by_keyboard_and_shows_its_focus(page: Page, site: Site) -> None:
    for address in ("/", "/changes", "/countries/ARG", "/compare?country=ARG", "/subscribe"):
        page.goto(f"{site.url}{address}")
        wanted = page.evaluate(
            "document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary,"
            ' [tabindex="0"]\').length'
        )
        unseen = []
        reached = 0
        # Links in closed details are out of reach until these are opened: at most so many steps.
        for _ in range(min(wanted, 60)):
            page.keyboard.press("Tab")
            name, outline = page.evaluate(
                "[document.activeElement.outerHTML.slice(0, 80), "
                "getComputedStyle(document.activeElement).outlineStyle]"
            )
            if name.startswith("<body"):
                break
            reached += 1
            if outline == "none":
                unseen.append(name)
        assert unseen == []
        assert reached > 10
