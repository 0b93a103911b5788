"""The mail of the double opt-in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from lxml import html as lxml_html

from monitor.delivery.confirmation_mail import render_confirmation
from monitor.delivery.tokens import address_of
from tests.delivery.samples import NOW, PRESENTATION


def test_its_link_proves_that_the_address_reads_its_mail() -> None:
    message = render_confirmation("reader+tip@example.net", PRESENTATION, secret="secret", now=NOW)
    page = lxml_html.document_fromstring(message.html)
    link = urlsplit(next(a.get("href") for a in page.iter("a")))
    assert (link.netloc, link.path) == ("tip.example.org", "/subscribe/confirm")
    [token] = parse_qs(link.query)["token"]
    assert address_of(token, "secret", now=NOW + timedelta(days=1)) == "reader+tip@example.net"
    assert link.geturl() in message.text
    assert (message.address, message.subject) == (
        "reader+tip@example.net",
        "Confirm your TIP Monitor subscription",
    )


def test_it_says_how_long_the_link_holds_and_that_silence_is_enough() -> None:
    message = render_confirmation("reader@example.net", PRESENTATION, secret="secret", now=NOW)
    assert "open this link within 3 days" in message.text
    assert "If it was not you, do nothing" in message.text


def test_each_request_is_a_message_of_its_own() -> None:
    ids = {
        render_confirmation(address, PRESENTATION, secret="s", now=now).message_id
        for address in ("a@example.net", "b@example.net")
        for now in (NOW, NOW + timedelta(minutes=1))
    }
    assert len(ids) == 4
    assert all(one.startswith("<confirm.") and one.endswith("@example.org>") for one in ids)


def test_a_hostile_address_stays_text() -> None:
    address = '"<script>alert(1)</script>\r\nBcc: b"@example.net'
    message = render_confirmation(address, replace(PRESENTATION, sample_note="<i>"), secret="secret", now=NOW)
    page = lxml_html.document_fromstring(message.html)
    assert [e.tag for e in page.iter("script", "i")] == []
    assert "\nBcc:" not in message.text
