"""Decides what sending a message is, whatever the mechanism, and how it fails."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import datetime
from typing import Protocol, TypeAlias

from monitor.domain.subscription import Message

Turn: TypeAlias = AbstractAsyncContextManager[object]
"""Within it a message is handed over. It may not come at all: what it raises then goes to who sends."""

AT_ONCE: Turn = nullcontext()
"""The turn of a message that waits for no other."""


class DeliveryFailed(Exception):  # noqa: N818 - named as the event it tells of
    """A message was not taken.

    ``permanent``: the same message to the same address will never be taken, so trying again is
    useless. Everything else, a fault of our own settings too, may pass and is worth another try.
    ``is_address_bad``: no message will ever be taken there. ``is_server_down``: it is no word on the
    message, and the next one would fare no better. ``is_unanswered``: the message was handed over,
    and for as long as one waits for that (RFC 5321, section 4.5.3.2.6) nobody said whether it was taken.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool,
        is_address_bad: bool = False,
        is_server_down: bool = False,
        is_unanswered: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.is_address_bad = is_address_bad
        self.is_server_down = is_server_down
        self.is_unanswered = is_unanswered


class Carrier(Protocol):
    """Takes one message after the other."""

    async def send(self, message: Message, *, now: datetime, turn: Turn = AT_ONCE) -> None:
        """Send ``message`` dated ``now``; on return it has been taken.

        All is made ready first; only from within ``turn`` can the other side take the message, and
        ``turn`` is left once it said whether it did, by an exception where it did not.

        Raises:
            DeliveryFailed: it was not taken.
        """
        ...


class Mailer(Carrier, Protocol):
    """Takes messages over to where mail goes. ``smtp`` and ``maildir`` implement it."""

    def carrier(self) -> AbstractAsyncContextManager[Carrier]:
        """Give one carrier for many messages, such as a connection; it ends with the context."""
        ...
