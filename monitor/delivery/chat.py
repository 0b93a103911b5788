"""Talks to chat services through the Apprise library: Slack, Matrix, Telegram, Mattermost and others."""

from __future__ import annotations

import asyncio
from datetime import datetime
from urllib.parse import urlsplit

from monitor.delivery.digest_mail import chat_words
from monitor.delivery.mailer import AT_ONCE, DeliveryFailed, Turn
from monitor.domain.subscription import Message

# What runs programs, reaches into this machine, or posts wherever it is told, past the address guard.
_REFUSED = frozenset(
    {"dbus", "form", "forms", "glib", "gnome", "json", "jsons", "kde", "macosx", "mailto", "mailtos"}
    | {"mqtt", "mqtts", "qt", "rsyslog", "snmp", "syslog", "windows", "xbmc", "xml", "xmls"}
)
# Services that are at one public address each: who subscribes on a page may name these only.
_HOSTED = frozenset({"discord", "gchat", "msteams", "pbul", "pover", "slack", "tgram", "wxteams"})


def chat_address(text: str, *, hosted_only: bool = False) -> str:
    """Return ``text``, an Apprise address such as ``slack://tokenA/tokenB/tokenC``.

    Raises:
        ValueError: it is none, or of a kind that does not leave this machine for a chat service;
            with ``hosted_only``, also where it may name any host.
    """
    import apprise  # noqa: PLC0415 - takes a while, and few commands need it

    scheme = urlsplit(text).scheme.lower()
    refused = scheme not in _HOSTED if hosted_only else scheme in _REFUSED
    if not scheme or refused or apprise.Apprise.instantiate(text) is None:
        raise ValueError("is no address of a chat service; write it as Apprise does, e.g. slack://A/B/C")
    return text


class ChatSender:
    """Says in a chat, in a few lines, what a digest tells."""

    async def send(self, message: Message, *, now: datetime, turn: Turn = AT_ONCE) -> None:
        """Say one message.

        Raises:
            DeliveryFailed: it was not taken. The library does not tell why, so that it may pass.
        """
        import apprise  # noqa: PLC0415 - takes a while, and few commands need it

        del now
        try:
            address = chat_address(message.address)
        except ValueError as error:
            raise DeliveryFailed(f"the chat's address {error}", permanent=True) from error
        chat = apprise.Apprise()
        chat.add(address)
        body = chat_words(message) or message.text
        async with turn:
            if not await asyncio.to_thread(chat.notify, title=message.subject, body=body):
                raise DeliveryFailed("the chat service did not take it", permanent=False)
