"""Who hears of what, when: subscriptions, digests and deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.domain.change import Change, ChangeKind
from monitor.domain.threshold import ANY, Threshold


class Cadence(StrEnum):
    INSTANT = "instant"
    DAILY = "daily"
    WEEKLY = "weekly"


class DeliveryState(StrEnum):
    QUEUED = "queued"
    LEASED = "leased"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A subscriber's filter and cadence. An empty filter lets everything through.

    ``threshold`` is how far a figure must move to be told.
    ``timezone`` is an IANA name; ``hour`` (0 to 23) counts in it. A weekly digest is due on
    Mondays. Times are UTC.
    """

    address: str
    created_at: datetime
    countries: frozenset[str] = frozenset()
    kinds: frozenset[ChangeKind] = frozenset()
    cadence: Cadence = Cadence.DAILY
    timezone: str = "UTC"
    hour: int = 8
    confirmed_at: datetime | None = None
    threshold: Threshold = ANY

    def wants(self, change: Change) -> bool:
        """Whether the filter lets ``change`` through; a change of no country goes to all countries."""
        country_wanted = not self.countries or change.country is None or change.country in self.countries
        return country_wanted and (not self.kinds or change.kind in self.kinds) and self.is_moved_by(change)

    def is_moved_by(self, change: Change) -> bool:
        """Whether ``change`` reaches the threshold; what is no figure that moved always does."""
        if change.kind is not ChangeKind.FIGURE_CHANGED:
            return True
        return self.threshold.passes(change.old, change.new)


@dataclass(frozen=True, slots=True)
class Digest:
    """What one subscriber is told for the period after ``start`` up to and with ``end`` (UTC).

    ``folded`` are changes that others of the period undid: told by those, and not on their own.
    ``held`` counts the changes that would be told too but wait for a person.
    """

    subscription: Subscription
    start: datetime
    end: datetime
    changes: tuple[Change, ...]
    folded: tuple[Change, ...] = ()
    held: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """One mail, rendered: everything a channel needs to send it."""

    message_id: str
    address: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one address, with its state; ``id`` is the database's."""

    id: int
    message: Message
    state: DeliveryState
    attempts: int
    queued_at: datetime
    sent_at: datetime | None = None
    last_error: str | None = None
