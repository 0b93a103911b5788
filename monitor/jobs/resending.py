"""Decides whether a delivery that was given up may be tried once more, and queues it."""

from __future__ import annotations

from datetime import datetime

from monitor.delivery.tokens import Signer
from monitor.domain.subscription import Channel, Delivery, DeliveryState
from monitor.storage.database import Session
from monitor.storage.outbox import delivery_by_id, queue_again
from monitor.storage.suppressions import suppression


class ResendRefused(Exception):  # noqa: N818 - a refusal, not a failure
    """A delivery is not sent again; the message is one sentence that says why."""


def resend(session: Session, delivery_id: int, signer: Signer, now: datetime) -> Delivery:
    """Queue the delivery of ``delivery_id``, which had failed for good, for an attempt at ``now``.

    It goes out under its own Message-ID, so that whoever got it after all sees no second one. Later
    attempts follow the rules of all deliveries: one older than a week is not tried a second time.

    Raises:
        ResendRefused: there is none, it has not failed, or its address is not written to any more.
    """
    found = delivery_by_id(session, delivery_id)
    if found is None:
        raise ResendRefused("There is no such delivery: its subscriber may have left.")
    if found.state is not DeliveryState.FAILED:
        raise ResendRefused(f"This delivery is {found.state.value}: only what was given up is sent again.")
    if found.channel is Channel.EMAIL:
        reason = suppression(session, signer.address_hash(found.message.address))
        if reason is not None:
            raise ResendRefused(f"The address is suppressed ({reason.value}): it is not written to any more.")
    queue_again(session, found.id, now)
    return found
