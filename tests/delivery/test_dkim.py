"""Signatures: a receiver's check holds, and fails once a covered header is another."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from monitor.delivery.dkim import Dkim
from monitor.delivery.maildir import MaildirMailer
from monitor.delivery.mime import mime_bytes
from tests.delivery.samples import NOW
from tests.delivery.test_smtp import MESSAGE, SENDER

SIGNED = replace(MESSAGE, unsubscribe_url="https://tip.example.org/unsubscribe?token=t", text="é\n" * 300)


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - quick to make


@pytest.fixture(scope="module")
def signing(key: rsa.RSAPrivateKey) -> Dkim:
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    return Dkim(domain="example.org", selector="tip", private_key=pem)


def is_valid(content: bytes, key: rsa.RSAPrivateKey) -> bool:
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)

    def look_up(name: bytes, timeout: int = 5) -> bytes | None:
        return record if name == b"tip._domainkey.example.org." else None

    try:
        return bool(dkim.DKIM(content, minkey=1024).verify(dnsfunc=look_up))
    except dkim.ValidationError:
        return False


def test_a_receiver_finds_the_signature_valid(signing: Dkim, key: rsa.RSAPrivateKey) -> None:
    content = mime_bytes(SIGNED, sender=SENDER, now=NOW, dkim=signing)
    assert content.startswith(b"DKIM-Signature: ")
    assert is_valid(content, key)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"unsubscribe?token=t", b"unsubscribe?token=u"),
        (b"List-Unsubscribe=One-Click", b"List-Unsubscribe=Two-Click"),
        (b"Subject: Argentina", b"Subject: Brazil"),
        (b"To: reader@", b"To: someone@"),
        (b"=C3=A9", b"=C3=A8"),
    ],
)
def test_whoever_changes_what_is_covered_breaks_it(
    signing: Dkim, key: rsa.RSAPrivateKey, before: bytes, after: bytes
) -> None:
    content = mime_bytes(SIGNED, sender=SENDER, now=NOW, dkim=signing)
    assert before in content
    assert not is_valid(content.replace(before, after), key)


def test_a_key_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="is not a PEM file with an RSA private key"):
        Dkim(domain="example.org", selector="tip", private_key=b"no key")


async def test_mail_in_a_maildir_is_signed_too(signing: Dkim, key: rsa.RSAPrivateKey, tmp_path: Path) -> None:
    await MaildirMailer(tmp_path, sender=SENDER, dkim=signing).send(SIGNED, now=NOW)
    [path] = (tmp_path / "new").iterdir()
    first, _, rest = path.read_bytes().partition(b"\n")
    assert first == b"Return-Path: <alerts@example.org>"
    assert is_valid(rest.replace(b"\n", b"\r\n"), key)


@pytest.mark.parametrize("name", ["From", "To", "Subject", "List-Unsubscribe", "List-Unsubscribe-Post"])
def test_a_header_that_is_added_on_the_way_breaks_it(
    signing: Dkim, key: rsa.RSAPrivateKey, name: str
) -> None:
    content = mime_bytes(SIGNED, sender=SENDER, now=NOW, dkim=signing)
    assert is_valid(content, key)
    assert not is_valid(f"{name}: <https://elsewhere.example/>\r\n".encode() + content, key)
