"""A message as an internet message."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from email.message import EmailMessage

import pytest

from monitor.delivery.mime import (
    AddressRefused,
    domain_of,
    mail_address,
    mime_bytes,
    return_key_in,
    return_path,
    sender_address,
    unsubscribe_mailto,
)
from tests.delivery.samples import NOW
from tests.delivery.test_smtp import MESSAGE, SENDER


def read(raw: bytes) -> EmailMessage:
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def test_a_mail_has_these_headers_and_no_others() -> None:
    message = replace(MESSAGE, unsubscribe_url="https://tip.example.org/leave?t=1", return_key="a" * 20)
    parsed = read(mime_bytes(message, sender=SENDER, now=NOW))
    assert {name: value for name, value in parsed.items() if name != "Content-Type"} == {
        "From": "TIP Monitor <alerts@example.org>",
        "To": "reader@example.net",
        "Subject": "Argentina: 17 convictions in 2012, down from 31",
        "Date": "Tue, 02 Jul 2013 06:00:00 +0000",
        "Message-ID": "<digest.1@example.org>",
        "List-Id": "TIP Monitor <tip-monitor.example.org>",
        "List-Unsubscribe": f"<mailto:alerts@example.org?subject=unsubscribe%20{'a' * 20}>,"
        " <https://tip.example.org/leave?t=1>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
    }
    assert parsed.get_content_type() == "multipart/alternative"
    assert parsed.defects == []


def test_the_same_message_gives_the_same_bytes() -> None:
    first, second = (mime_bytes(MESSAGE, sender=SENDER, now=NOW) for _ in range(2))
    assert first == second


def test_text_comes_before_html_and_both_survive_in_seven_bits() -> None:
    message = replace(MESSAGE, text="“Türkiye” 31 → 17\n", html="<p>“Türkiye” 31 → 17</p>\n")
    raw = mime_bytes(message, sender=SENDER, now=NOW)
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    assert raw.isascii()
    assert [
        (part.get_content_type(), part["Content-Transfer-Encoding"], part.get_content().strip())
        for part in parsed.walk()
        if not part.is_multipart()
    ] == [
        ("text/plain", "quoted-printable", "“Türkiye” 31 → 17"),
        ("text/html", "quoted-printable", "<p>“Türkiye” 31 → 17</p>"),
    ]


def test_a_subject_beyond_ascii_is_encoded_and_comes_back_whole() -> None:
    subject = "Türkiye: " + "ändert sich " * 12
    raw = mime_bytes(replace(MESSAGE, subject=subject), sender=SENDER, now=NOW)
    assert email.message_from_bytes(raw, policy=email.policy.default)["Subject"] == subject.strip()
    assert max(map(len, raw.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 78


@pytest.mark.parametrize(
    "subject",
    [
        "a\r\nBcc: b@example.net",
        "a\nBcc: b@example.net",
        "a\u2028Bcc: x",
        "a\x85Bcc: x",
        "a\x00\x0bb",
    ],
)
def test_a_subject_cannot_begin_another_header(subject: str) -> None:
    raw = mime_bytes(replace(MESSAGE, subject=subject), sender=SENDER, now=NOW)
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    assert "Bcc" not in parsed
    assert parsed["Subject"].startswith("a")
    assert not any(ord(c) < 32 for c in parsed["Subject"])


def test_a_long_address_of_the_way_out_is_not_torn_into_encoded_words() -> None:
    url = "https://tip.example.org/leave?token=" + "x" * 300
    raw = mime_bytes(replace(MESSAGE, unsubscribe_url=url), sender=SENDER, now=NOW)
    assert f",\r\n <{url}>\r\n".encode() in raw


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://a>/", "https://a/\r\nBcc: x"])
def test_a_way_out_that_is_no_web_address_is_left_out(url: str) -> None:
    mail = read(mime_bytes(replace(MESSAGE, unsubscribe_url=url), sender=SENDER, now=NOW))
    assert mail["List-Unsubscribe"] == "<mailto:alerts@example.org?subject=unsubscribe>"
    assert (mail["List-Unsubscribe-Post"], mail["Bcc"]) == (None, None)


@pytest.mark.parametrize(
    "address",
    [
        "nobody",
        "@example.net",
        "reader@",
        "a@b@example.net",
        "a, b@example.net",
        '"a b"@example.net',
        "a@example.net\r\nBcc: b@example.net",
        "a\u202eb@example.net",
        "a@exa mple.net",
        "a@-example.net",
        "a@[127.0.0.1]",
        "a" * 65 + "@example.net",
        "a@" + "b." * 130 + "net",
    ],
)
def test_what_is_not_one_deliverable_address_is_refused(address: str) -> None:
    with pytest.raises(AddressRefused):
        mail_address(address)


def test_a_domain_travels_in_ascii() -> None:
    assert mail_address("zoë@exämple.net").addr_spec == "zoë@xn--exmple-cua.net"
    assert domain_of("TIP Mönitor <alerts@exämple.org>") == "xn--exmple-cua.org"


def test_a_sender_may_have_a_name_or_none() -> None:
    assert str(sender_address("TIP Monitor <alerts@example.org>")) == "TIP Monitor <alerts@example.org>"
    assert str(sender_address("alerts@example.org")) == "alerts@example.org"
    assert unsubscribe_mailto("A <tip+alerts@example.org>") == (
        "mailto:tip%2Balerts@example.org?subject=unsubscribe"
    )


def test_the_encoding_of_what_is_shared_and_what_is_not_is_that_of_the_whole() -> None:
    whole = replace(MESSAGE, text="“Shared”, é.\n" * 9 + "own = é\n", html="<p>ü</p>\n<p>own</p>\n")
    parted = replace(whole, shared=(len("“Shared”, é.\n" * 9), len("<p>ü</p>\n")))
    torn = replace(whole, shared=(5, 5))
    first, *others = (mime_bytes(each, sender=SENDER, now=NOW) for each in (whole, parted, torn))
    assert others == [first, first]


def test_the_return_path_names_the_delivery() -> None:
    origin = mail_address("alerts@example.org")
    path = return_path(origin, "0123456789abcdef0123")
    assert path == "alerts+b-0123456789abcdef0123@example.org"
    assert return_key_in(path) == "0123456789abcdef0123"
    assert return_path(origin, None) == "alerts@example.org"
    assert return_path(mail_address("a" * 60 + "@example.org"), "0123456789abcdef0123").startswith("aaa")


@pytest.mark.parametrize("address", ["", "alerts@example.org", "a+b-0123@example.org", "b-0123456789@x"])
def test_an_address_without_a_key_names_no_delivery(address: str) -> None:
    assert return_key_in(address) is None
