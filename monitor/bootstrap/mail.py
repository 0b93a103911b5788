"""What carries messages out, signs them, and takes them back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from monitor.bootstrap.data_dir import make_data_dir, signing_secret
from monitor.delivery.chat import ChatSender
from monitor.delivery.dkim import Dkim
from monitor.delivery.maildir import MaildirMailer
from monitor.delivery.mailer import Carrier, Mailer
from monitor.delivery.mime import mime_bytes, sender_address
from monitor.delivery.return_box import ImapBox, MaildirBox, ReturnBox
from monitor.delivery.smtp import SmtpMailer
from monitor.delivery.tokens import Signer
from monitor.delivery.webhook import WebhookSender
from monitor.domain.subscription import Channel, Message
from monitor.fetching.guard import AddressRefused, guarded_client
from monitor.settings.configuration import Configuration, ConfigurationError


def mailer(configuration: Configuration) -> Mailer:
    """Wire SMTP where it is configured, else the Maildir ``data_dir/mail``."""
    mail = configuration.mail
    try:
        dkim = dkim_key(configuration)
        if mail.smtp_url:
            return SmtpMailer(
                mail.smtp_url, sender=mail.sender, return_path=mail.return_path or None, dkim=dkim
            )
        make_data_dir(configuration.data_dir)
        return MaildirMailer(configuration.data_dir / "mail", sender=mail.sender, dkim=dkim)
    except ValueError as error:
        raise ConfigurationError(f"mail: {error}") from None


def raw_message(configuration: Configuration, message: Message, *, now: datetime) -> bytes:
    """Return ``message`` as it would go over the wire.

    Raises:
        ConfigurationError: the mail settings cannot be used.
    """
    try:
        return mime_bytes(message, sender=configuration.mail.sender, now=now, dkim=dkim_key(configuration))
    except ValueError as error:
        raise ConfigurationError(f"mail: {error}") from None


@asynccontextmanager
async def other_channels(configuration: Configuration) -> AsyncIterator[dict[Channel, Carrier]]:
    """Wire the senders of the channels that are no mail; webhooks reach public addresses only."""
    signer = Signer(signing_secret(configuration))
    allowed = configuration.fetch.allow_addresses
    async with guarded_client(allowed) as client:
        yield {
            Channel.WEBHOOK: WebhookSender(
                client, secret_of=signer.webhook_secret, refusals=(AddressRefused,)
            ),
            Channel.CHAT: ChatSender(),
        }


def return_box(configuration: Configuration) -> ReturnBox | None:
    """Wire where mail comes back, where that is configured."""
    box = configuration.mail.return_box
    if not box:
        return None
    if "://" not in box:
        return MaildirBox(Path(box))
    try:
        return ImapBox(box)
    except ValueError as error:
        raise ConfigurationError(str(error)) from None


def canary_address(configuration: Configuration) -> str | None:
    """Return who gets the daily proof; nobody where mail only goes into a Maildir, unless asked for."""
    if configuration.mail.canary:
        return configuration.mail.canary
    return sender_address(configuration.mail.sender).addr_spec if configuration.mail.smtp_url else None


def dkim_key(configuration: Configuration) -> Dkim | None:
    """Wire the key that signs mail, where there is one."""
    mail = configuration.mail
    if not mail.dkim_key:
        return None
    try:
        key = Path(mail.dkim_key).read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"mail.dkim_key: {mail.dkim_key}: {error.strerror}: name the file of the private key"
        ) from None
    return Dkim(domain=mail.dkim_domain, selector=mail.dkim_selector, private_key=key)
