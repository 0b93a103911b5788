"""Renders the mails that answer a sign-up: one that asks to confirm, one to who is subscribed already.

Both depend on the address and the day alone, so that signing up again on one day sends nothing more.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from monitor.delivery.mail_templates import MailParts
from monitor.delivery.mime import sender_address
from monitor.delivery.plain_text import one_line
from monitor.delivery.presentation import Presentation
from monitor.delivery.tokens import CONFIRMATION_LIFETIME, Purpose
from monitor.domain.subscription import Message


def render_confirmation(address: str, presentation: Presentation, *, now: datetime) -> Message:
    """Return the mail that asks whoever reads ``address`` to confirm a subscription.

    Its link is ``{public_url}/subscribe/confirm?token=...`` and holds for three days from ``now``.
    """
    token = presentation.signer.token(Purpose.CONFIRM, address, now=now)
    link = presentation.link("/subscribe/confirm", token)
    return _mail("confirm", presentation.templates.confirmation, address, link, presentation, now)


def render_welcome_back(address: str, presentation: Presentation, *, now: datetime) -> Message:
    """Return the mail that tells ``address`` it is subscribed, with the link to its preferences."""
    token = presentation.signer.token(Purpose.PREFERENCES, address, now=now)
    link = presentation.link("/subscribe/preferences", token)
    return _mail("preferences", presentation.templates.welcome_back, address, link, presentation, now)


def _mail(
    kind: str, parts: MailParts, address: str, link: str, presentation: Presentation, now: datetime
) -> Message:
    values = {
        "address": one_line(address),
        "link": link,
        "days": CONFIRMATION_LIFETIME.days,
        "home": presentation.home,
        "sender": sender_address(presentation.sender).addr_spec,
        "sample_note": presentation.sample_note,
    }
    day = now.astimezone(UTC).date().isoformat()
    key = hashlib.sha256(f"{address.casefold()}\x1f{day}".encode()).hexdigest()[:32]
    message_id = f"<{kind}.{key}@{presentation.domain}>"
    return Message(
        message_id=message_id,
        address=address,
        subject=one_line(parts.subject.render()),
        text=parts.text.render(values),
        html=parts.html.render(values),
        return_key=presentation.signer.return_key(message_id),
    )
