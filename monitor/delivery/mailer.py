"""Decides what sending a mail is, whatever the mechanism, and how it fails."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from monitor.domain.subscription import Message


class DeliveryFailed(Exception):  # noqa: N818 - named as the event it tells of
    """A message was not taken.

    ``permanent``: the same message to the same address will never be taken, so trying again is
    useless. Everything else, a fault of our own settings too, may pass and is worth another try.
    """

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent


class Mailer(Protocol):
    """Takes a message over to where mail goes. ``smtp`` and ``maildir`` implement it."""

    async def send(self, message: Message, *, now: datetime, unsubscribe_url: str | None = None) -> None:
        """Send ``message`` dated ``now``; on return it has been taken.

        Raises:
            DeliveryFailed: it was not.
        """
        ...
