"""Decides how a ``Message`` reads as an internet message (RFC 5322, MIME, RFC 2919, RFC 2369, RFC 8058)."""

from __future__ import annotations

import binascii
import hashlib
import re
import unicodedata
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from urllib.parse import quote

import idna

from monitor.delivery.dkim import Dkim
from monitor.delivery.plain_text import one_line, web_address
from monitor.domain.subscription import Message

_LIST_NAME = "tip-monitor"
# RFC 5321, section 4.5.3.1.
_LONGEST_LOCAL_PART = 64
_LONGEST_ADDRESS = 254


_SMTP = EmailPolicy(linesep="\r\n")
_SMTPUTF8 = EmailPolicy(linesep="\r\n", utf8=True)
# Between two items: the library tears a long item into encoded words, which no reader decodes here.
_BREAK = ",\r\n "
_BOUNCE = "b-"
_RETURN_KEY = re.compile(rf"\+{_BOUNCE}([0-9a-f]{{20}})@")


class AddressRefused(ValueError):  # noqa: N818 - named as the event it tells of
    """A mail address that no server could deliver to, or that tries to be more than one address."""


@lru_cache(maxsize=256)
def mail_address(text: str, *, display_name: str = "") -> Address:
    """Return ``text`` (``local@domain``) as an address; an internationalised domain as its A-labels.

    Raises:
        AddressRefused: it lacks a part, is too long, or holds white space, control characters, a
            quoted local part, or a domain that IDNA 2008 does not allow.
    """
    local, at, domain = unicodedata.normalize("NFC", text).rpartition("@")
    if not at or not local or not domain:
        raise AddressRefused(f"{one_line(text)!r} is not of the form name@domain")
    if one_line(local) != local or any(c in '"\\(),:;<>@[] ' for c in local):
        raise AddressRefused(
            f"the part of {one_line(text)!r} before the @ holds characters that are not allowed"
        )
    try:
        ascii_domain = _ascii_domain(domain)
        address = Address(one_line(display_name), local, ascii_domain)
    except (idna.IDNAError, UnicodeError, ValueError) as error:
        raise AddressRefused(f"the domain of {one_line(text)!r} is not valid") from error
    too_long = len(local.encode()) > _LONGEST_LOCAL_PART or len(address.addr_spec.encode()) > _LONGEST_ADDRESS
    if too_long:
        raise AddressRefused(f"the address {one_line(text)[:80]!r} is too long")
    return address


@lru_cache(maxsize=10_000)
def _ascii_domain(domain: str) -> str:
    return idna.encode(domain, uts46=True).decode("ascii")


@lru_cache(maxsize=16)
def sender_address(sender: str) -> Address:
    """Return ``sender`` (``Name <local@domain>`` or the bare address) as an address.

    Raises:
        AddressRefused: it is not one address.
    """
    name, address = parseaddr(one_line(sender))
    return mail_address(address, display_name=name)


def domain_of(sender: str) -> str:
    """Return the sender's domain, in ASCII: the right side of our Message-IDs."""
    return sender_address(sender).domain


def needs_smtputf8(*addresses: Address) -> bool:
    """Whether an address has a local part that only RFC 6531 can carry."""
    return not all(address.username.isascii() for address in addresses)


def mime_bytes(
    message: Message, *, sender: str, now: datetime, return_path: str | None = None, dkim: Dkim | None = None
) -> bytes:
    """Return ``message`` as multipart/alternative, text before HTML, with CRLF line ends.

    The same arguments give the same bytes. ``now`` becomes the Date; both parts are
    quoted-printable, which no server on the way has a reason to encode anew. ``return_path`` is
    written down only where no server adds it, in a Maildir.

    Raises:
        AddressRefused: the message's address or ``sender`` is not one deliverable address.
    """
    origin = sender_address(sender)
    recipient = mail_address(message.address)
    message_id = one_line(message.message_id)
    boundary = "=_" + hashlib.sha256(message.message_id.encode()).hexdigest()[:32]
    lines = [
        _folded("From", str(origin), utf8=not origin.username.isascii()),
        f"To: {recipient.addr_spec}\r\n".encode(),
        _folded("Subject", one_line(message.subject), utf8=False),
        f"Date: {format_datetime(now)}\r\n"
        f"Message-ID: {message_id}\r\n"
        f"List-Id: TIP Monitor <{_LIST_NAME}.{origin.domain}>\r\n".encode(),
    ]
    url = web_address(message.unsubscribe_url)
    ways_out = [f"<{unsubscribe_mailto(sender, message.return_key)}>", *([f"<{url}>"] if url else [])]
    lines.append(f"List-Unsubscribe: {_BREAK.join(ways_out)}\r\n".encode())
    if url:
        lines.append(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n")
    lines.append(
        "Auto-Submitted: auto-generated\r\n"
        "MIME-Version: 1.0\r\n"
        f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n'.encode()
    )
    of_text, of_html = message.shared
    content = b"".join(
        (
            *lines,
            _part("plain", boundary, message.text, of_text),
            _part("html", boundary, message.html, of_html),
            f"--{boundary}--\r\n".encode(),
        )
    )
    head = f"Return-Path: <{return_path}>\r\n".encode() if return_path else b""
    return head + (dkim.signature(content) if dkim else b"") + content


def return_path(origin: Address, return_key: str | None) -> str:
    """Return the envelope's sender: ``origin``, with the key by which a bounce names its delivery.

    Where key and name are too long for one local part, ``origin`` alone.
    """
    verp = f"{origin.username}+{_BOUNCE}{return_key}"
    if return_key is None or len(verp.encode()) > _LONGEST_LOCAL_PART:
        return origin.addr_spec
    return f"{verp}@{origin.domain}"


def return_key_in(address: str) -> str | None:
    """Return the key in the return path ``address``, or None where it holds none."""
    found = _RETURN_KEY.search(address)
    return found.group(1) if found else None


def unsubscribe_mailto(sender: str, return_key: str | None = None) -> str:
    """Return the ``mailto:`` address that asks the sender to end a subscription."""
    origin = sender_address(sender)
    subject = f"unsubscribe {return_key}" if return_key else "unsubscribe"
    return f"mailto:{quote(origin.username)}@{origin.domain}?subject={quote(subject)}"


@lru_cache(maxsize=64)
def _folded(name: str, value: str, *, utf8: bool) -> bytes:
    """Return a header in lines of at most 78 characters; many messages share it."""
    header = EmailMessage(policy=_SMTPUTF8 if utf8 else _SMTP)
    header[name] = value
    return header.as_bytes().removesuffix(b"\r\n")


def _part(subtype: str, boundary: str, body: str, shared: int) -> bytes:
    head = (
        f'--{boundary}\r\nContent-Type: text/{subtype}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    # Only between two lines is the encoding of a whole that of its parts.
    at = shared if body[:shared].endswith("\n") else 0
    # The last line's end belongs to the boundary.
    return head.encode() + (_encoded(body[:at]) if at else b"") + _quoted_printable(body[at:]) + b"\r\n"


@lru_cache(maxsize=32)
def _encoded(body: str) -> bytes:
    return _quoted_printable(body)


def _quoted_printable(body: str) -> bytes:
    # A carriage return alone would go through as it is, and end a line for some servers only.
    if "\r" in body:
        body = body.replace("\r\n", "\n").replace("\r", "\n")
    # The library's own content manager does the same a hundred times slower.
    return binascii.b2a_qp(body.encode("utf-8", "replace"), istext=True).replace(b"\n", b"\r\n")
