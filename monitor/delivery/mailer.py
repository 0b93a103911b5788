"""Decides what sending a message is, whatever the mechanism, and how it fails."""

from __future__ import annotations

from collections.abc import Awaitable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from monitor.domain.subscription import Message


class DeliveryFailed(Exception):  # noqa: N818 - named as the event it tells of
    """A message was not taken.

    ``permanent``: the same message to the same address will never be taken, so trying again is
    useless. Everything else, a fault of our own settings too, may pass and is worth another try.
    ``is_address_bad``: no message will ever be taken there. ``is_server_down``: it is no word on the
    message, and the next one would fare no better.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool,
        is_address_bad: bool = False,
        is_server_down: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.is_address_bad = is_address_bad
        self.is_server_down = is_server_down


class Carrier(Protocol):
    """Takes one message after the other."""

    async def send(self, message: Message, *, now: datetime, after: Awaitable[None] | None = None) -> None:
        """Send ``message`` dated ``now``; on return it has been taken.

        It is handed over only once ``after`` is done, which may be prepared for meanwhile.

        Raises:
            DeliveryFailed: it was not taken.
        """
        ...


class Mailer(Carrier, Protocol):
    """Takes messages over to where mail goes. ``smtp`` and ``maildir`` implement it."""

    def carrier(self) -> AbstractAsyncContextManager[Carrier]:
        """Give one carrier for many messages, such as a connection; it ends with the context."""
        ...
