"""Who hears of what, when: subscriptions, digests and deliveries."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from monitor.domain.change import Change, ChangeKind
from monitor.domain.threshold import ANY, Threshold


class Cadence(StrEnum):
    INSTANT = "instant"
    DAILY = "daily"
    WEEKLY = "weekly"


class Channel(StrEnum):
    """How a subscriber is reached: mail, a signed webhook, or a chat service through Apprise."""

    EMAIL = "email"
    WEBHOOK = "webhook"
    CHAT = "chat"


class DeliveryState(StrEnum):
    QUEUED = "queued"
    LEASED = "leased"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A subscriber's filter and cadence. An empty filter lets everything through.

    ``threshold`` is how far a figure must move to be told.
    ``regions`` (the report's own, such as ``WHA``) widen ``countries``. ``target`` is the address of
    a webhook or chat service. ``also_empty`` asks for word that nothing changed; what was published
    up to ``told_from`` is not told (null: up to when it was made).
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
    regions: frozenset[str] = frozenset()
    channel: Channel = Channel.EMAIL
    target: str | None = None
    also_empty: bool = False
    paused_at: datetime | None = None
    suppressed_at: datetime | None = None
    told_from: datetime | None = None

    def as_shared(self) -> Subscription:
        """Return it without what is one subscriber's own: those equal are told alike."""
        return replace(
            self,
            address="",
            target=None,
            created_at=datetime.min.replace(tzinfo=UTC),
            confirmed_at=None,
            told_from=None,
            paused_at=None,
            suppressed_at=None,
        )

    def wants(self, change: Change, region: str | None = None) -> bool:
        """Whether the filter lets ``change`` through; a change of no country goes to all countries.

        ``region`` is that of the change's country.
        """
        country_wanted = (
            not (self.countries or self.regions)
            or change.country is None
            or change.country in self.countries
            or region in self.regions
        )
        return country_wanted and (not self.kinds or change.kind in self.kinds) and self.is_moved_by(change)

    def is_moved_by(self, change: Change) -> bool:
        """Whether ``change`` reaches the threshold; how far a number moved is asked of figures only."""
        moved = (change.old, change.new) if change.kind is ChangeKind.FIGURE_CHANGED else (None, None)
        return self.threshold.passes(*moved, change.significance)


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
class Bulletin:
    """What many digests share, rendered once: the beginning of their messages.

    ``payload`` is the JSON object that a webhook gets. ``changes`` are the ids of all that it tells.
    """

    subject: str
    text: str
    html: str
    payload: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One mail, rendered: everything a channel needs to send it.

    ``address`` is where it goes: a mailbox, or what the channel takes for one. ``unsubscribe_url``
    takes the one-click POST of RFC 8058; ``return_key`` stands in the return path, so that a bounce
    names its delivery; ``payload`` is what a webhook gets. ``shared`` says how many characters of
    ``text`` and ``html`` are a bulletin's: they are encoded once for all its readers.
    """

    message_id: str
    address: str
    subject: str
    text: str
    html: str
    unsubscribe_url: str | None = None
    return_key: str | None = None
    payload: str = ""
    shared: tuple[int, int] = (0, 0)


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
    channel: Channel = Channel.EMAIL
