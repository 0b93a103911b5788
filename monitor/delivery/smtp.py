"""Talks to an SMTP server (RFC 5321): one connection and one transaction per message."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from monitor.delivery.mailer import DeliveryFailed
from monitor.delivery.mime import AddressRefused, mail_address, mime_message, needs_smtputf8, sender_address
from monitor.delivery.plain_text import cut, one_line
from monitor.domain.subscription import Message

_LONGEST_REASON = 300
_STEPS = 4
"""How many steps' time a whole transaction may take: a server that answers every step at the last
moment does not hold a sender for longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Server:
    host: str
    port: int
    username: str | None
    password: str | None
    tls: bool
    starttls: bool | None


class SmtpMailer:
    """Sends over ``smtp_url``, with the server's certificate verified wherever TLS is used.

    ``smtp://user:password@host:587?starttls=1`` insists on STARTTLS, ``starttls=0`` forgoes it, and
    without either it is used where the server offers it, and insisted on where there is a password.
    ``smtps://host:465`` is TLS from the first byte. ``timeout`` is in seconds, for each step.

    Raises:
        ValueError: ``smtp_url`` is of another form (told without the password in it).
        AddressRefused: ``sender`` is not one address.
    """

    def __init__(self, smtp_url: str, *, sender: str, timeout: float = 30) -> None:
        self._server = _server_of(smtp_url)
        self._sender = sender
        self._origin = sender_address(sender)
        self._timeout = timeout

    async def send(self, message: Message, *, now: datetime, unsubscribe_url: str | None = None) -> None:
        """Send one message.

        A refusal (5xx) of the recipient or of the message is permanent. A refusal of ourselves (the
        greeting, the login, the sender) is not: it says nothing of the address.
        """
        try:
            recipient = mail_address(message.address)
            mail = mime_message(message, sender=self._sender, now=now, unsubscribe_url=unsubscribe_url)
        except AddressRefused as error:
            raise DeliveryFailed(str(error), permanent=True) from error
        options = ["SMTPUTF8"] if needs_smtputf8(self._origin, recipient) else []
        connection = self._connection()
        try:
            async with asyncio.timeout(self._timeout * _STEPS):
                await _connect(connection)
                await _transact(
                    connection, self._origin.addr_spec, recipient.addr_spec, mail.as_bytes(), options
                )
                await _part(connection)
        except TimeoutError as error:
            raise DeliveryFailed(f"{self._where} took too long", permanent=False) from error
        except OSError as error:
            reason = f"{self._where} cannot be reached: {_told(error)}"
            raise DeliveryFailed(reason, permanent=False) from error
        finally:
            connection.close()

    @property
    def _where(self) -> str:
        return f"mail server {self._server.host}:{self._server.port}"

    def _connection(self) -> aiosmtplib.SMTP:
        server = self._server
        return aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            # Without a name of ours the library asks the resolver for one, which may block.
            local_hostname=self._origin.domain,
            timeout=self._timeout,
            use_tls=server.tls,
            start_tls=server.starttls,
            validate_certs=True,
        )


async def _connect(connection: aiosmtplib.SMTP) -> None:
    try:
        await connection.connect()
    except (ConnectionError, TimeoutError):
        raise
    except aiosmtplib.SMTPException as error:
        raise DeliveryFailed(f"mail server: {_told(error)}", permanent=False) from error


async def _transact(
    connection: aiosmtplib.SMTP, sender: str, recipient: str, content: bytes, options: list[str]
) -> None:
    try:
        await connection.sendmail(sender, recipient, content, mail_options=options)
    except aiosmtplib.SMTPRecipientsRefused as error:
        refused = error.recipients[0]
        raise DeliveryFailed(_told(refused), permanent=refused.code >= 500) from error
    except aiosmtplib.SMTPDataError as error:
        raise DeliveryFailed(_told(error), permanent=error.code >= 500) from error
    except aiosmtplib.SMTPResponseException as error:
        raise DeliveryFailed(_told(error), permanent=False) from error
    except aiosmtplib.SMTPNotSupported as error:
        reason = "the mail server does not take addresses beyond ASCII (SMTPUTF8)"
        raise DeliveryFailed(reason, permanent=True) from error


async def _part(connection: aiosmtplib.SMTP) -> None:
    """Say goodbye. The message is taken already, so how the server takes leave changes nothing."""
    try:
        await connection.quit()
    except (aiosmtplib.SMTPException, OSError):
        return


def _told(error: Exception) -> str:
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return cut(one_line(f"{error.code} {error.message}"), _LONGEST_REASON)
    return cut(one_line(str(error)) or type(error).__name__, _LONGEST_REASON)


def _server_of(smtp_url: str) -> _Server:
    form = "smtp://[user:password@]host[:port][?starttls=0|1] or smtps://[user:password@]host[:port]"
    try:
        parts = urlsplit(smtp_url)
        port = parts.port
        query = parse_qs(parts.query, strict_parsing=bool(parts.query))
    except ValueError:
        raise ValueError(f"smtp_url must have the form {form}") from None
    choice = query.pop("starttls", [None])[-1]
    if (
        parts.scheme not in ("smtp", "smtps")
        or not parts.hostname
        or query
        or choice not in (None, "0", "1")
        or (choice and parts.scheme == "smtps")
        or parts.path not in ("", "/")
    ):
        raise ValueError(f"smtp_url must have the form {form}")
    tls = parts.scheme == "smtps"
    starttls = {"0": False, "1": True, None: True if parts.username else None}[choice]
    return _Server(
        host=parts.hostname,
        port=port or (465 if tls else 587 if starttls else 25),
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        tls=tls,
        starttls=False if tls else starttls,
    )
