"""Talks to chat services through the Apprise library: Slack, Matrix, Telegram, Mattermost and others."""

from __future__ import annotations

import asyncio
from datetime import datetime
from urllib.parse import urlsplit

import apprise

from monitor.delivery.digest_mail import chat_words
from monitor.delivery.mailer import DeliveryFailed
from monitor.domain.subscription import Message

# What runs programs, reaches into this machine, or posts wherever it is told, past the address guard.
_REFUSED = frozenset(
    "dbus form forms glib gnome gotify gotifys json jsons kde macosx mailto mailtos mqtt mqtts qt rsyslog"
    " snmp syslog windows xbmc xml xmls".split()
)


def chat_address(text: str) -> str:
    """Return ``text``, an Apprise address such as ``slack://tokenA/tokenB/tokenC``.

    Raises:
        ValueError: it is none, or of a kind that does not leave this machine for a chat service.
    """
    scheme = urlsplit(text).scheme.lower()
    if not scheme or scheme in _REFUSED or apprise.Apprise.instantiate(text) is None:
        raise ValueError("is no address of a chat service; write it as Apprise does, e.g. slack://A/B/C")
    return text


class ChatSender:
    """Says in a chat, in a few lines, what a digest tells."""

    async def send(self, message: Message, *, now: datetime) -> None:
        """Say one message.

        Raises:
            DeliveryFailed: it was not taken. The library does not tell why, so that it may pass.
        """
        del now
        try:
            address = chat_address(message.address)
        except ValueError as error:
            raise DeliveryFailed(f"the chat's address {error}", permanent=True) from error
        chat = apprise.Apprise()
        chat.add(address)
        body = chat_words(message) or message.text
        if not await asyncio.to_thread(chat.notify, title=message.subject, body=body):
            raise DeliveryFailed("the chat service did not take it", permanent=False)
