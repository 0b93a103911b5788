"""Talks to an SMTP server (RFC 5321): one connection for many messages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from monitor.delivery.dkim import Dkim
from monitor.delivery.mailer import AT_ONCE, DeliveryFailed, Turn
from monitor.delivery.mime import (
    AddressRefused,
    mail_address,
    mime_bytes,
    needs_smtputf8,
    return_path,
    sender_address,
)
from monitor.delivery.plain_text import cut, one_line
from monitor.delivery.refusals import is_of_mailbox, is_of_sender
from monitor.domain.subscription import Message

_LONGEST_REASON = 300
_STEPS = 4
_STEPS_OF_END = 20
_CLOSING = 421
"""RFC 5321, section 3.8: the server ends the dialogue, and whatever it was asked is not done."""


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
    ``return_path`` is where bounces go, with a key for each message; without it, ``sender``.

    Raises:
        ValueError: ``smtp_url`` is of another form (told without the password in it).
        AddressRefused: ``sender`` or ``return_path`` is not one address.
    """

    def __init__(
        self,
        smtp_url: str,
        *,
        sender: str,
        timeout: float = 30,
        return_path: str | None = None,
        dkim: Dkim | None = None,
    ) -> None:
        self._server = _server_of(smtp_url)
        self._sender = sender
        self._origin = sender_address(sender)
        self._returns = mail_address(return_path) if return_path else self._origin
        self._timeout = timeout
        self._dkim = dkim

    async def send(self, message: Message, *, now: datetime, turn: Turn = AT_ONCE) -> None:
        """Send one message over a connection of its own."""
        async with self.carrier() as carrier:
            await carrier.send(message, now=now, turn=turn)

    @asynccontextmanager
    async def carrier(self) -> AsyncIterator[_Connection]:
        """Give one connection for many messages; it is opened at the first, and again when it was lost."""
        connection = _Connection(self)
        try:
            yield connection
        finally:
            await connection.part()

    @property
    def where(self) -> str:
        return f"mail server {self._server.host}:{self._server.port}"

    @property
    def longest(self) -> float:
        """Seconds that one message may take: a server that answers every step at the last moment
        does not hold a sender for longer."""
        return self._timeout * _STEPS

    @property
    def longest_end(self) -> float:
        """Seconds to wait for the word whether a message was taken: the ten minutes of RFC 5321,
        section 4.5.3.2.6, with the usual ``timeout``, since giving up earlier makes repeats."""
        return self._timeout * _STEPS_OF_END

    async def written(self, message: Message, now: datetime) -> _Written:
        """Return ``message`` as it goes over the wire.

        Raises:
            DeliveryFailed: its address is none.
        """
        try:
            recipient = mail_address(message.address)
            if self._dkim is None:
                content = mime_bytes(message, sender=self._sender, now=now)
            else:
                # Signing takes milliseconds of computing.
                content = await asyncio.to_thread(
                    mime_bytes, message, sender=self._sender, now=now, dkim=self._dkim
                )
        except AddressRefused as error:
            raise DeliveryFailed(str(error), permanent=True, is_address_bad=True) from error
        return _Written(
            sender=return_path(self._returns, message.return_key),
            recipient=recipient.addr_spec,
            content=content.replace(b"\r\n.", b"\r\n.."),
            options=["SMTPUTF8"] if needs_smtputf8(self._origin, self._returns, recipient) else [],
        )

    def connection(self) -> aiosmtplib.SMTP:
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


@dataclass(frozen=True, slots=True)
class _Written:
    sender: str
    recipient: str
    content: bytes
    options: list[str]

    @property
    def encoding(self) -> str:
        return "utf-8" if self.options else "ascii"


class _Connection:
    """One connection, with one transaction after the other."""

    def __init__(self, mailer: SmtpMailer) -> None:
        self._mailer = mailer
        self._open: aiosmtplib.SMTP | None = None

    async def send(self, message: Message, *, now: datetime, turn: Turn = AT_ONCE) -> None:
        """Send one message; all but the line that ends it goes over before its turn comes.

        A server may take a message only once it has that line (RFC 5321, section 4.1.1.4). A refusal
        (5xx) of the recipient or of the message is permanent. A refusal of ourselves (the greeting,
        the login, the sender, relaying) is not: it says nothing of the address.
        """
        mail = await self._mailer.written(message, now)
        try:
            async with asyncio.timeout(self._mailer.longest):
                await self._begin(mail)
                connection = await self._load(mail)
            async with turn:
                await self._end(connection)
        except TimeoutError as error:
            self._drop()
            raise DeliveryFailed(
                f"{self._mailer.where} took too long", permanent=False, is_server_down=True
            ) from error
        except OSError as error:
            self._drop()
            reason = f"{self._mailer.where} cannot be reached: {_told(error)}"
            raise DeliveryFailed(reason, permanent=False, is_server_down=True) from error
        except DeliveryFailed as failure:
            if failure.is_server_down:
                self._drop()
            await self._reset()
            raise
        except BaseException:
            # Whatever state the dialogue is in, the next message begins a new one.
            self._drop()
            raise

    async def part(self) -> None:
        """Say goodbye. What was taken is taken, so how the server takes leave changes nothing."""
        if self._open is not None:
            with suppress(aiosmtplib.SMTPException, OSError):
                await self._open.quit()
        self._drop()

    async def _begin(self, mail: _Written) -> None:
        """Name the sender, on a new connection where the old one was closed while it waited."""
        if self._open is not None:
            try:
                await self._open.mail(mail.sender, options=mail.options, encoding=mail.encoding)
            except (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPResponseException, OSError):
                self._drop()
            else:
                return
        self._open = self._mailer.connection()
        await _connect(self._open)
        try:
            if mail.options and self._open.is_ehlo_or_helo_needed:
                await self._open.ehlo()
            if mail.options and not self._open.supports_extension("smtputf8"):
                reason = "the mail server does not take addresses beyond ASCII (SMTPUTF8)"
                raise DeliveryFailed(reason, permanent=True)
            await self._open.mail(mail.sender, options=mail.options, encoding=mail.encoding)
        except aiosmtplib.SMTPResponseException as error:
            raise DeliveryFailed(
                _told(error), permanent=False, is_server_down=error.code == _CLOSING
            ) from error

    async def _load(self, mail: _Written) -> aiosmtplib.SMTP:
        """Name the recipient and hand over the content, without the line that ends it."""
        connection = self._open
        if connection is None or connection.protocol is None:
            raise aiosmtplib.SMTPServerDisconnected("connection lost")
        try:
            await connection.rcpt(mail.recipient, encoding=mail.encoding)
        except aiosmtplib.SMTPResponseException as error:
            is_ours = is_of_sender(error.code, error.message)
            raise DeliveryFailed(
                _told(error),
                permanent=error.code >= 500 and not is_ours,
                is_address_bad=is_of_mailbox(error.code, error.message),
                is_server_down=is_ours,
            ) from error
        _insist(await connection.execute_command(b"DATA"), aiosmtplib.SMTPStatus.start_input)
        connection.protocol.write(mail.content)
        return connection

    async def _end(self, connection: aiosmtplib.SMTP) -> None:
        try:
            answer = await connection.execute_command(b".", timeout=self._mailer.longest_end)
        except TimeoutError as error:
            self._drop()
            reason = f"{self._mailer.where} did not say whether it took the message"
            raise DeliveryFailed(reason, permanent=False, is_server_down=True, is_unanswered=True) from error
        _insist(answer, aiosmtplib.SMTPStatus.completed)

    async def _reset(self) -> None:
        """End a transaction half-way, so that the connection serves the next message."""
        if self._open is not None:
            try:
                await self._open.rset()
            except (aiosmtplib.SMTPException, OSError, TimeoutError):
                self._drop()

    def _drop(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None


def _insist(answer: aiosmtplib.SMTPResponse, expected: aiosmtplib.SMTPStatus) -> None:
    if answer.code != expected:
        error = aiosmtplib.SMTPDataError(answer.code, answer.message)
        raise DeliveryFailed(
            _told(error), permanent=error.code >= 500, is_server_down=error.code == _CLOSING
        ) from error


async def _connect(connection: aiosmtplib.SMTP) -> None:
    try:
        await connection.connect()
    except (ConnectionError, TimeoutError):
        raise
    except aiosmtplib.SMTPException as error:
        raise DeliveryFailed(f"mail server: {_told(error)}", permanent=False, is_server_down=True) from error


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
