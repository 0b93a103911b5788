"""What people do, in a real browser: subscribe and leave, review and correct, browse and download."""

from __future__ import annotations

import csv
import io
import re
import urllib.request
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect

from monitor.domain.change import ChangeKind
from monitor.storage.changes import changes, record_changes
from monitor.storage.subscriptions import subscription
from tests.browser.conftest import PASSWORD, Site
from tests.web.samples import hostile_change

pytestmark = pytest.mark.browser
ADDRESS = "reader@example.net"


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def links(mail: EmailMessage, site: Site) -> list[str]:
    return re.findall(rf"{re.escape(site.url)}[^\s<>)]+", text_of(mail))


def test_a_reader_subscribes_confirms_changes_what_is_sent_and_leaves_by_one_click(
    page: Page, site: Site
) -> None:
    page.goto(site.url)
    page.get_by_role("link", name="Subscribe").first.click()
    page.get_by_label("Mail address").fill(ADDRESS)
    page.get_by_role("button", name="Subscribe").click()
    (asked,) = site.deliver()

    (confirm,) = {link for link in links(asked, site) if "/subscribe/confirm" in link}
    page.goto(confirm)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your subscription is confirmed")

    page.goto(f"{site.url}/subscribe")
    page.get_by_label("Mail address").fill(ADDRESS)
    page.get_by_role("button", name="Subscribe").click()
    preferences = next(
        link for mail in site.deliver() for link in links(mail, site) if "/subscribe/preferences" in link
    )
    page.goto(preferences)
    page.get_by_label("How far a figure must move").fill("percent:25")
    page.get_by_label("In this time zone").fill("America/La_Paz")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    with site.database.reading() as session:
        kept = subscription(session, ADDRESS)
    assert kept is not None
    assert (str(kept.threshold), kept.timezone) == ("percent:25", "America/La_Paz")

    with site.database.transaction() as session:
        record_changes(session, [hostile_change(50, created_at=datetime.now(UTC))])
    headers = [str(mail["List-Unsubscribe"]) for mail in site.deliver(days_on=2)]
    leave = next(link for header in headers for link in re.findall(r"<(http[^>]+)>", header))
    # What a mail program does on the reader's one click (RFC 8058): no page, no cookie.
    request = urllib.request.Request(leave, data=b"List-Unsubscribe=One-Click", method="POST")  # noqa: S310 - the test's own server
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - the test's own server
        assert answer.status == 200
    with site.database.reading() as session:
        assert subscription(session, ADDRESS) is None


def test_an_operator_corrects_a_held_figure_and_readers_see_the_correction(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/operator")
    page.get_by_label("Your name").fill("Ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review queue")
    page.get_by_role("link", name="Argentina: 368 investigations").click()
    expect(page.locator("#evidence-2013")).to_have_text("Authorities opened 368 investigations in 2012.")
    form = page.locator("form", has=page.get_by_role("heading", name="Correct"))
    form.get_by_label("What it says").fill("36")
    form.get_by_label("Reason").fill("The printed report has 36.")
    form.get_by_role("button", name="Correct").click()
    expect(page.get_by_text("The printed report has 36.")).to_be_visible()

    page.goto(f"{site.url}/countries/ARG")
    expect(page.locator("#investigations ~ .scroll tbody tr").first).to_contain_text("36 cases")
    page.get_by_role("link", name="Argentina: 36 investigations").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("36 investigations")
    expect(page.locator(".side-new")).to_contain_text("36")
    with site.database.reading() as session:
        found = changes(session, countries=["ARG"], kinds=[ChangeKind.FIGURE_CHANGED])
    assert 36 in [each.new for each in found]

    page.goto(f"{site.url}/operator/audit")
    expect(page.locator("tbody tr").first).to_contain_text("corrected")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{site.url}/operator")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_a_reader_finds_a_country_by_keyboard_and_takes_its_figures(page: Page, site: Site) -> None:
    page.goto(site.url)
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    page.get_by_label("Find a country").focus()
    page.keyboard.type("argen")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.url}/countries/ARG")
    expect(page.locator("#convictions + figure svg[role=img]")).to_be_visible()

    page.locator(".figures a.value", has_text="17").first.click()
    expect(page.locator("#convictions-2013-1")).to_be_in_viewport()
    with page.expect_download() as download:
        page.get_by_role("link", name="figures (CSV)").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8"), newline="")))
    assert {row["country"] for row in rows} == {"ARG"}
    assert download.value.suggested_filename == "tip-monitor-figures.csv"

    page.get_by_role("link", name="compare", exact=True).click()
    page.get_by_label("Add a country").select_option("Bolivia")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Argentina, Bolivia")
