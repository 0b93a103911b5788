"""Proves every day that mail leaves the house: a message to ourselves through the same outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from monitor.delivery.plain_text import one_line
from monitor.delivery.presentation import Presentation
from monitor.domain.subscription import Channel, DeliveryState, Message
from monitor.storage.database import Database
from monitor.storage.outbox import delivery_by_message_id, queue_message

_PATIENCE = timedelta(hours=2)
_DAYS_BACK = 7


@dataclass(frozen=True, slots=True)
class CanaryReport:
    """How the path does: when it was last proved (UTC), and whether the message of today is late."""

    proved_at: datetime | None
    is_late: bool
    last_error: str | None = None


def send_canary(
    database: Database, presentation: Presentation, address: str, *, now: datetime
) -> CanaryReport:
    """Queue the message of today, once however often this runs, and report on the last ones."""
    today = canary_message(presentation, address, now=now)
    with database.transaction() as session:
        queue_message(session, today, Channel.EMAIL.value, now)
    proved_at: datetime | None = None
    with database.reading() as session:
        for back in range(_DAYS_BACK):
            moment = now - timedelta(days=back)
            found = delivery_by_message_id(session, _message_id(presentation, moment))
            if found is not None and found.state is DeliveryState.SENT:
                proved_at = found.sent_at
                break
        current = delivery_by_message_id(session, today.message_id)
    is_late = (
        current is not None
        and current.state is not DeliveryState.SENT
        and (current.state is DeliveryState.FAILED or current.queued_at < now - _PATIENCE)
    )
    return CanaryReport(proved_at, is_late, current.last_error if current else None)


def canary_message(presentation: Presentation, address: str, *, now: datetime) -> Message:
    """Return the message of the day of ``now`` (UTC)."""
    message_id = _message_id(presentation, now)
    parts = presentation.templates.canary
    values = {"day": f"{now.astimezone(UTC):%Y-%m-%d}", "home": presentation.home}
    return Message(
        message_id=message_id,
        address=address,
        subject=one_line(parts.subject.render(values)),
        text=parts.text.render(values),
        html=parts.html.render(values),
        return_key=presentation.signer.return_key(message_id),
    )


def _message_id(presentation: Presentation, moment: datetime) -> str:
    return f"<canary.{moment.astimezone(UTC):%Y%m%d}@{presentation.domain}>"
