"""The mail of the double opt-in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from lxml import html as lxml_html

from monitor.delivery.confirmation_mail import render_confirmation, render_welcome_back
from monitor.delivery.tokens import Purpose
from tests.delivery.samples import NOW, PRESENTATION


def test_its_link_proves_that_the_address_reads_its_mail() -> None:
    message = render_confirmation("reader+tip@example.net", PRESENTATION, now=NOW)
    page = lxml_html.document_fromstring(message.html)
    link = urlsplit(next(a.get("href") for a in page.iter("a")))
    assert (link.netloc, link.path) == ("tip.example.org", "/subscribe/confirm")
    [token] = parse_qs(link.query)["token"]
    opened = PRESENTATION.signer.address_of(Purpose.CONFIRM, token, now=NOW + timedelta(days=1))
    assert opened == "reader+tip@example.net"
    assert link.geturl() in message.text
    assert (message.address, message.subject) == (
        "reader+tip@example.net",
        "Confirm your TIP Monitor subscription",
    )


def test_it_says_how_long_the_link_holds_and_that_silence_is_enough() -> None:
    message = render_confirmation("reader@example.net", PRESENTATION, now=NOW)
    assert "open this link within 3 days" in message.text
    assert "If it was not you, do nothing" in message.text


def test_a_day_has_one_message_for_an_address() -> None:
    ids = [
        render_confirmation(address, PRESENTATION, now=now).message_id
        for address in ("a@example.net", "A@example.net", "b@example.net")
        for now in (NOW, NOW + timedelta(minutes=1), NOW + timedelta(days=1))
    ]
    assert len(set(ids)) == 4
    assert all(one.startswith("<confirm.") and one.endswith("@example.org>") for one in ids)


def test_who_is_subscribed_already_gets_the_way_to_their_preferences() -> None:
    message = render_welcome_back("reader@example.net", PRESENTATION, now=NOW)
    page = lxml_html.document_fromstring(message.html)
    link = urlsplit(next(a.get("href") for a in page.iter("a")))
    assert (link.netloc, link.path) == ("tip.example.org", "/subscribe/preferences")
    [token] = parse_qs(link.query)["token"]
    assert PRESENTATION.signer.address_of(Purpose.PREFERENCES, token, now=NOW) == "reader@example.net"
    assert "It is subscribed already, and nothing was changed." in " ".join(message.text.split())


def test_a_hostile_address_stays_text() -> None:
    address = '"<script>alert(1)</script>\r\nBcc: b"@example.net'
    message = render_confirmation(address, replace(PRESENTATION, sample_note="<i>"), now=NOW)
    page = lxml_html.document_fromstring(message.html)
    assert [e.tag for e in page.iter("script", "i")] == []
    assert "\nBcc:" not in message.text
