"""Decides how a ``Message`` reads as an internet message (RFC 5322, MIME, RFC 2919, RFC 2369)."""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from urllib.parse import quote

import idna

from monitor.delivery.plain_text import one_line, web_address
from monitor.domain.subscription import Message

_LIST_NAME = "tip-monitor"
# RFC 5321, section 4.5.3.1.
_LONGEST_LOCAL_PART = 64
_LONGEST_ADDRESS = 254


class _MailPolicy(EmailPolicy):
    """The SMTP policy, but headers of addresses and ids are folded between their items only.

    The standard library folds a long address by turning it into encoded words, which no
    reader of such a header decodes.
    """

    def fold(self, name: str, value: str) -> str:
        if name.lower() in _FOLDED_BETWEEN_ITEMS:
            return f"{name}: {str(value).replace(', ', f',{self.linesep} ')}{self.linesep}"
        folded: str = super().fold(name, value)
        return folded

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() in _FOLDED_BETWEEN_ITEMS:
            return self.fold(name, value).encode("ascii")
        folded: bytes = super().fold_binary(name, value)
        return folded


_FOLDED_BETWEEN_ITEMS = frozenset({"list-id", "list-unsubscribe", "message-id"})
_SMTP = _MailPolicy(linesep="\r\n")
_SMTPUTF8 = _MailPolicy(linesep="\r\n", utf8=True)


class AddressRefused(ValueError):  # noqa: N818 - named as the event it tells of
    """A mail address that no server could deliver to, or that tries to be more than one address."""


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
        ascii_domain = idna.encode(domain, uts46=True).decode("ascii")
        address = Address(one_line(display_name), local, ascii_domain)
    except (idna.IDNAError, UnicodeError, ValueError) as error:
        raise AddressRefused(f"the domain of {one_line(text)!r} is not valid") from error
    too_long = len(local.encode()) > _LONGEST_LOCAL_PART or len(address.addr_spec.encode()) > _LONGEST_ADDRESS
    if too_long:
        raise AddressRefused(f"the address {one_line(text)[:80]!r} is too long")
    return address


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


def mime_message(
    message: Message, *, sender: str, now: datetime, unsubscribe_url: str | None = None
) -> EmailMessage:
    """Return ``message`` as multipart/alternative, text before HTML.

    The same arguments give the same bytes. ``now`` becomes the Date; both parts are
    quoted-printable, which no server on the way has a reason to encode anew. ``as_bytes()`` of what
    it returns has CRLF line ends.

    Raises:
        AddressRefused: the message's address or ``sender`` is not one deliverable address.
    """
    origin = sender_address(sender)
    recipient = mail_address(message.address)
    mail = EmailMessage(policy=_SMTPUTF8 if needs_smtputf8(origin, recipient) else _SMTP)
    mail["From"] = origin
    mail["To"] = recipient
    mail["Subject"] = one_line(message.subject)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = one_line(message.message_id)
    mail["List-Id"] = f"TIP Monitor <{_LIST_NAME}.{origin.domain}>"
    mail["List-Unsubscribe"] = ", ".join(_ways_out(origin, unsubscribe_url))
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text, charset="utf-8", cte="quoted-printable")
    mail.add_alternative(message.html, subtype="html", charset="utf-8", cte="quoted-printable")
    for part in mail.iter_parts():
        del part["MIME-Version"]
    mail.set_boundary("=_" + hashlib.sha256(message.message_id.encode()).hexdigest()[:32])
    return mail


def unsubscribe_mailto(sender: str) -> str:
    """Return the ``mailto:`` address that asks the sender to end a subscription."""
    return _mailto(sender_address(sender))


def _ways_out(origin: Address, unsubscribe_url: str | None) -> list[str]:
    url = web_address(unsubscribe_url)
    return [f"<{_mailto(origin)}>", *([f"<{url}>"] if url else [])]


def _mailto(origin: Address) -> str:
    return f"mailto:{quote(origin.username)}@{origin.domain}?subject=unsubscribe"
