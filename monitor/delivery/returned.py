"""Reads what came back: delivery reports, complaints (RFC 5965), requests to leave.

Reports are those of RFC 3464 and 6533, and the older ones in words alone: qmail's (its
"qmail-send bounce message format") and those of a mailer daemon that names a code. Everything here
is hostile: anyone may write to the return path. What counts is only the key in it, which nobody but
us can make, and what a report says is believed of that one delivery alone.
"""

from __future__ import annotations

import base64
import email
import email.policy
import quopri
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.errors import MessageError
from email.message import EmailMessage, Message
from enum import StrEnum

from monitor.delivery.mime import return_key_in
from monitor.delivery.plain_text import cut, one_line
from monitor.delivery.refusals import enhanced_code, is_of_mailbox, is_of_sender

_LARGEST = 1_000_000
_LONGEST_REASON = 300
_MOST_PARTS = 50
_REPLY = re.compile(r"(?<![\d.])([45]\d\d)(?=[ \-])")
_LEAVE = re.compile(r"\s*unsubscribe ([0-9a-f]{20})\s*", re.IGNORECASE)
_LEAVE_LINK = re.compile(r"[?&]subject=unsubscribe(?:%20|\+)([0-9a-f]{20})\b", re.IGNORECASE)
# RFC 3463: of the permanent ones, what says nothing of the mailbox: full, too large, refused as it
# reads, a loop, a time that ran out, a fault of ours or of the server's.
_SOFT_THOUGH_PERMANENT = (
    *("5.1.7", "5.1.8", "5.2.2", "5.2.3", "5.3.", "5.4.0", "5.4.2", "5.4.3", "5.4.5", "5.4.6", "5.4.7"),
    *("5.5.1", "5.5.2", "5.5.3", "5.5.4", "5.5.5", "5.6.", "5.7."),
)
_SAYS_NOTHING = re.compile(r"[45]\.0\.0")
_REPORTS = ("message/delivery-status", "message/global-delivery-status")
_DAEMON = re.compile(r"mailer-daemon|postmaster|mail delivery (sub)?system", re.IGNORECASE)
_QMAIL = "Hi. This is the"
_STILL_TRIED = re.compile(
    r"\b(delayed|will (be retried|retry|keep trying)|still (trying|being)|not yet been delivered|"
    r"warning only|do not need to resend)\b",
    re.IGNORECASE,
)
# What follows is the message that came back: its own words are no report.
_COPY = re.compile(
    r"^-+ (below this line|this is a copy|the body of the message|original message)", re.IGNORECASE | re.M
)


class Verdict(StrEnum):
    HARD = "hard"
    SOFT = "soft"
    COMPLAINT = "complaint"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Returned:
    """What came back of the delivery whose return path holds ``return_key``; ``reason`` is one line."""

    return_key: str
    verdict: Verdict
    reason: str


def read_returned(content: bytes) -> Returned | None:
    """Return what a mail in the box of returns says; None where it is none of these.

    An automatic answer, a delay that is still tried, and a report on a mail not ours are none.
    """
    try:
        mail = email.message_from_bytes(content[:_LARGEST], policy=email.policy.default)
        return _read(mail)
    except (MessageError, ValueError, LookupError, UnicodeError, AttributeError, TypeError, IndexError):
        # The library's parser has its own ways to fail on a mail that is made to.
        return None


def _read(mail: EmailMessage) -> Returned | None:
    parts = [part for _, part in zip(range(_MOST_PARTS), mail.walk(), strict=False)]
    key = _key_of(mail, parts)
    if leaving := _LEAVE.fullmatch(str(mail.get("Subject", ""))):
        return Returned(leaving.group(1).lower(), Verdict.LEAVE, "asked to leave by mail")
    if key is None:
        return None
    for part in parts:
        if part.get_content_type() == "message/feedback-report":
            fields = _fields(part)
            if fields.get("feedback-type", "").strip().lower() == "not-spam":
                return None
            return Returned(
                key, Verdict.COMPLAINT, _told(f"complaint: {fields.get('feedback-type', 'abuse')}")
            )
        if part.get_content_type() in _REPORTS:
            return _of_status(key, part)
    return _of_words(key, mail, parts)


def _of_status(key: str, part: Message) -> Returned | None:
    for block in _blocks(part):
        action = str(block.get("Action", "")).strip().lower()
        said = one_line(str(block.get("Diagnostic-Code", "")))
        status = enhanced_code(str(block.get("Status", "")))
        if action != "failed" or (status is None and not said):
            continue
        return _judged(key, status or "", said)
    return None


def _of_words(key: str, mail: EmailMessage, parts: Sequence[Message]) -> Returned | None:
    """Read a report without a part for machines; an automatic answer of a person's is none."""
    first = next((part for part in parts if part.get_content_type() == "text/plain"), None)
    words = "" if first is None else str(first.get_content() if isinstance(first, EmailMessage) else "")
    is_qmail = words.lstrip().startswith(_QMAIL)
    named = str(mail.get("X-Failed-Recipients", ""))
    if not (is_qmail or named or _DAEMON.search(str(mail.get("From", "")))):
        return None
    said = _COPY.split(words, maxsplit=1)[0]
    if _STILL_TRIED.search(f"{mail.get('Subject', '')} {said}"):
        return None
    if not enhanced_code(said) and not _REPLY.search(said):
        # Who gave up and does not say why: it may pass.
        return Returned(key, Verdict.SOFT, _told(f"came back: {said}")) if is_qmail or named else None
    return _judged(key, "", one_line(said))


def _judged(key: str, status: str, said: str) -> Returned:
    """Tell hard from soft: by the status, or by what the server said where the status says nothing."""
    code = status
    if not status or _SAYS_NOTHING.fullmatch(status):
        found, reply = enhanced_code(said), _REPLY.search(said)
        if found and not _SAYS_NOTHING.fullmatch(found):
            code = found
        elif reply:
            code = "5.1.1" if is_of_mailbox(int(reply.group()), _SAYS_NOTHING.sub("", said)) else "4.0.0"
    is_soft = code.startswith(_SOFT_THOUGH_PERMANENT) or is_of_sender(0, said)
    is_hard = code.startswith("5") and not is_soft
    reason = _told(f"{status}: {said or f'status {status}'}" if status else said)
    return Returned(key, Verdict.HARD if is_hard else Verdict.SOFT, reason)


def _key_of(mail: EmailMessage, parts: Sequence[Message]) -> str | None:
    """Find the key where it was delivered to; in a complaint, in the mail that it quotes."""
    for name in ("Delivered-To", "X-Original-To", "Envelope-To", "To"):
        for value in mail.get_all(name, []):
            if key := return_key_in(str(value)):
                return key
    for part in parts:
        if part.get_content_type() == "message/feedback-report" and (
            key := return_key_in(_fields(part).get("original-mail-from", ""))
        ):
            return key
        # Servers that hide who complained leave the mail's own way out in place.
        quoted = _headers_in(part)
        for name in ("Return-Path", "Original-Mail-From"):
            if key := return_key_in(str(quoted.get(name, ""))):
                return key
        if part is not mail and (link := _LEAVE_LINK.search(str(quoted.get("List-Unsubscribe", "")))):
            return link.group(1).lower()
    return None


def _headers_in(part: Message) -> Message:
    """Return ``part``, or the message whose headers alone it quotes (RFC 6522, section 4)."""
    if part.get_content_type() not in ("text/rfc822-headers", "message/global-headers"):
        return part
    return email.message_from_string(_text_of(part), policy=email.policy.compat32)


def _fields(part: Message) -> dict[str, str]:
    found = (line.partition(":") for line in _text_of(part).splitlines() if ":" in line)
    return {name.strip().lower(): value.strip() for name, _, value in found}


def _blocks(part: Message) -> list[Message]:
    """Return the groups of fields of a report; the library parses those of one type, and unencoded, alone."""
    groups = re.split(r"\n\s*\n", _text_of(part).replace("\r\n", "\n").strip())
    return [email.message_from_string(group, policy=email.policy.compat32) for group in groups]


def _text_of(part: Message) -> str:
    payload = part.get_payload()
    text = "\n\n".join(_plainly(each) for each in payload) if isinstance(payload, list) else str(payload)
    encoding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    if encoding in ("base64", "quoted-printable"):
        decode = base64.b64decode if encoding == "base64" else quopri.decodestring
        return decode(text.encode("utf-8", "replace")).decode("utf-8", "replace")
    return text


def _plainly(message: object) -> str:
    """Return a message as it was written, as far as the parser kept it."""
    if not isinstance(message, Message):
        return str(message)
    head = "".join(f"{name}: {value}\n" for name, value in message.raw_items())
    payload = message.get_payload()
    body = (
        "\n\n".join(_plainly(each) for each in payload) if isinstance(payload, list) else str(payload or "")
    )
    return f"{head}\n{body}" if head else body


def _told(reason: str) -> str:
    return cut(one_line(reason), _LONGEST_REASON)
