"""Reads what came back: delivery reports (RFC 3464), complaints (RFC 5965), requests to leave.

Everything here is hostile: anyone may write to the return path. What counts is only the key in it,
which nobody but us can make, and what a report says is believed of that one delivery alone.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.errors import MessageError
from email.message import EmailMessage, Message
from enum import StrEnum

from monitor.delivery.mime import return_key_in
from monitor.delivery.plain_text import cut, one_line

_LARGEST = 1_000_000
_LONGEST_REASON = 300
_MOST_PARTS = 50
_STATUS = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})")
_LEAVE = re.compile(r"\s*unsubscribe ([0-9a-f]{20})\s*", re.IGNORECASE)
# RFC 3463: of the permanent ones, what says nothing of the mailbox: full, too large, refused as it reads.
_SOFT_THOUGH_PERMANENT = ("5.2.2", "5.2.3", "5.3.4", "5.7.")


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
        if part.get_content_type() == "message/delivery-status":
            return _of_status(key, part)
    return None


def _of_status(key: str, part: Message) -> Returned | None:
    for block in _blocks(part):
        action = str(block.get("Action", "")).strip().lower()
        status = _STATUS.search(str(block.get("Status", "")))
        if action != "failed" or status is None:
            continue
        code = status.group()
        is_hard = code.startswith("5") and not code.startswith(_SOFT_THOUGH_PERMANENT)
        reason = str(block.get("Diagnostic-Code", "")) or f"status {code}"
        return Returned(key, Verdict.HARD if is_hard else Verdict.SOFT, _told(f"{code}: {reason}"))
    return None


def _key_of(mail: EmailMessage, parts: Sequence[Message]) -> str | None:
    """Find the key where it was delivered to; in a complaint, in the mail that it quotes."""
    for name in ("Delivered-To", "X-Original-To", "Envelope-To", "To"):
        for value in mail.get_all(name, []):
            if key := return_key_in(str(value)):
                return key
    for part in parts:
        for name in ("Return-Path", "Original-Mail-From"):
            if key := return_key_in(str(part.get(name, ""))):
                return key
        if part.get_content_type() == "message/feedback-report" and (
            key := return_key_in(_fields(part).get("original-mail-from", ""))
        ):
            return key
    return None


def _fields(part: Message) -> dict[str, str]:
    blocks = _blocks(part)
    text = blocks[0].as_string() if blocks else str(part.get_payload())
    found = (line.partition(":") for line in text.splitlines() if ":" in line)
    return {name.strip().lower(): value.strip() for name, _, value in found}


def _blocks(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []


def _told(reason: str) -> str:
    return cut(one_line(reason), _LONGEST_REASON)
