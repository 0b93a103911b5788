"""Takes requests to subscribe, so that they neither flood an address nor tell who is subscribed.

Whatever is known of the address, the requester sees the same and waits the same: the mail is only
queued. An address gets one mail a day at most, whoever asks how often.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from monitor.delivery.confirmation_mail import render_confirmation, render_welcome_back
from monitor.delivery.presentation import Presentation
from monitor.delivery.tokens import Signer
from monitor.domain.subscription import Channel, Subscription
from monitor.storage.database import Database
from monitor.storage.outbox import delete_deliveries_to, queue_message
from monitor.storage.subscriptions import add_subscription, remove_subscription, subscription
from monitor.storage.suppressions import SuppressionReason, suppress, suppression

_PER_CLIENT = "10/hour"
_PER_ADDRESS = "3/day"
_OF_ALL = "500/hour"


class TooManyRequests(Exception):  # noqa: N818 - named as the event it tells of
    """This client asked too often; it says nothing of the address asked for."""


@dataclass(slots=True)
class SignUpLimits:
    """How often one client, and all of them together, may ask; kept in this process."""

    per_client: RateLimitItem = field(default_factory=lambda: parse(_PER_CLIENT))
    per_address: RateLimitItem = field(default_factory=lambda: parse(_PER_ADDRESS))
    of_all: RateLimitItem = field(default_factory=lambda: parse(_OF_ALL))
    _limiter: MovingWindowRateLimiter = field(
        default_factory=lambda: MovingWindowRateLimiter(MemoryStorage())
    )

    def admit(self, client: str) -> None:
        """Count a request.

        Raises:
            TooManyRequests: it is one too many.
        """
        if not self._limiter.hit(self.per_client, "client", client) or not self._limiter.hit(self.of_all):
            raise TooManyRequests

    def admits_address(self, address_hash: str) -> bool:
        """Count a request for an address; return whether it may get one more mail."""
        return self._limiter.hit(self.per_address, "address", address_hash)


def sign_up(
    database: Database,
    presentation: Presentation,
    limits: SignUpLimits,
    wanted: Subscription,
    *,
    client: str,
    now: datetime,
) -> None:
    """Queue the mail that asks to confirm; to who is subscribed already, one that says so.

    Preferences of a confirmed subscription stay as they are: only a signed link changes them. A
    suppressed address gets nothing.

    Raises:
        TooManyRequests: ``client`` asked too often.
    """
    limits.admit(client)
    address_hash = presentation.signer.address_hash(wanted.address)
    admitted = limits.admits_address(address_hash)
    with database.transaction() as session:
        known = subscription(session, wanted.address)
        if not admitted or suppression(session, address_hash) is not None:
            return
        if known is not None and known.confirmed_at is not None:
            message = render_welcome_back(known.address, presentation, now=now)
        else:
            add_subscription(session, wanted)
            message = render_confirmation(wanted.address, presentation, now=now)
        queue_message(session, message, Channel.EMAIL.value, now)


def ask_again(database: Database, presentation: Presentation, address: str, *, now: datetime) -> None:
    """Queue the mail that asks ``address``, subscribed and not confirmed, to confirm."""
    with database.transaction() as session:
        message = render_confirmation(address, presentation, now=now)
        queue_message(session, message, Channel.EMAIL.value, now)


def erase(database: Database, signer: Signer, address: str, *, now: datetime) -> bool:
    """Delete all that is kept of ``address`` and never write to it again; return whether it was subscribed.

    What stays is a keyed hash, by which the address is known should someone enter it again.
    """
    with database.transaction() as session:
        suppress(session, address, signer.address_hash(address), SuppressionReason.ERASED, now)
        delete_deliveries_to(session, address)
        return remove_subscription(session, address)
