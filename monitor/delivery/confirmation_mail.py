"""Renders the mail of the double opt-in: nothing else is sent before its link is followed."""

from __future__ import annotations

import hashlib
from datetime import datetime
from urllib.parse import urlencode

from monitor.delivery.digest_mail import Presentation
from monitor.delivery.mime import domain_of, sender_address
from monitor.delivery.plain_text import one_line
from monitor.delivery.tokens import CONFIRMATION_LIFETIME, confirmation_token
from monitor.domain.subscription import Message


def render_confirmation(address: str, presentation: Presentation, *, secret: str, now: datetime) -> Message:
    """Return the mail that asks whoever reads ``address`` to confirm a subscription.

    Its link is ``{public_url}/subscribe/confirm?token=...`` and holds for three days from ``now``.
    """
    token = confirmation_token(address, secret, now=now)
    parts = presentation.templates.confirmation
    home = presentation.public_url.rstrip("/")
    values = {
        "address": one_line(address),
        "link": f"{home}/subscribe/confirm?{urlencode({'token': token})}",
        "days": CONFIRMATION_LIFETIME.days,
        "home": home,
        "sender": sender_address(presentation.sender).addr_spec,
        "sample_note": presentation.sample_note,
    }
    key = hashlib.sha256(token.encode()).hexdigest()[:32]
    return Message(
        message_id=f"<confirm.{key}@{domain_of(presentation.sender)}>",
        address=address,
        subject=one_line(parts.subject.render()),
        text=parts.text.render(values),
        html=parts.html.render(values),
    )
