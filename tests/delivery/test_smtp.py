"""Sending against a real SMTP server on loopback: what is taken, what fails, and for how long."""

from __future__ import annotations

import asyncio
import email
import email.policy
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult

from monitor.delivery.mailer import DeliveryFailed
from monitor.delivery.smtp import SmtpMailer
from monitor.domain.subscription import Message
from tests.delivery.samples import NOW

SENDER = "TIP Monitor <alerts@example.org>"
MESSAGE = Message(
    message_id="<digest.1@example.org>",
    address="reader@example.net",
    subject="Argentina: 17 convictions in 2012, down from 31",
    text="31 -> 17\n",
    html="<p>31 &rarr; 17</p>\n",
)


@dataclass
class Inbox:
    """Answers RCPT and DATA as told, and keeps what it took."""

    to_recipient: str = "250 OK"
    to_content: str = "250 taken"
    taken: list[Any] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd names its hooks so
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.to_content.startswith("250"):
            self.taken.append(envelope)
        return self.to_content


@asynccontextmanager
async def serving(inbox: Inbox, **options: Any) -> AsyncIterator[int]:
    """Serve ``inbox`` on a free port of loopback, and give the port."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(inbox, loop=loop, hostname="mail.test", **options), "127.0.0.1", 0
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await _the_rest_to_end()


async def _the_rest_to_end() -> None:
    """Wait for the servers' side of every connection, which ends after ours."""
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    if rest:
        await asyncio.wait(rest, timeout=5)


@asynccontextmanager
async def speaking(
    dialogue: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[int]:
    """Serve a dialogue that no well-behaved server would hold, and give its port."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await dialogue(reader, writer)
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await _the_rest_to_end()


async def failure(mailer: SmtpMailer, message: Message = MESSAGE) -> tuple[bool, str]:
    with pytest.raises(DeliveryFailed) as caught:
        await mailer.send(message, now=NOW)
    return caught.value.permanent, caught.value.reason


async def test_an_accepted_message_arrives_whole() -> None:
    inbox = Inbox()
    async with serving(inbox) as port:
        await SmtpMailer(f"smtp://127.0.0.1:{port}", sender=SENDER).send(MESSAGE, now=NOW)
    [envelope] = inbox.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("alerts@example.org", ["reader@example.net"])
    received = email.message_from_bytes(envelope.content, policy=email.policy.default)
    assert received["Message-ID"] == MESSAGE.message_id
    assert received["Subject"] == MESSAGE.subject
    parts = [part.get_content().replace("\r\n", "\n") for part in received.iter_parts()]
    assert parts == [MESSAGE.text, MESSAGE.html]


async def test_a_message_cannot_be_taken_before_its_turn() -> None:
    inbox, all_sent = Inbox(), asyncio.Event()

    @asynccontextmanager
    async def never() -> AsyncIterator[None]:
        all_sent.set()
        raise KeyError("the turn does not come")
        yield

    async with serving(inbox) as port:
        mailer = SmtpMailer(f"smtp://127.0.0.1:{port}", sender=SENDER)
        with pytest.raises(KeyError):
            await mailer.send(MESSAGE, now=NOW, turn=never())
        assert all_sent.is_set()
        await mailer.send(MESSAGE, now=NOW)
    assert len(inbox.taken) == 1


async def test_lines_that_begin_with_a_dot_end_no_message() -> None:
    inbox = Inbox()
    message = replace(MESSAGE, text=".\n..\n.first\r.\rlast\r\n.\r\nend\n", html="<p>\n.\n.x</p>\n")
    async with serving(inbox) as port:
        await SmtpMailer(f"smtp://127.0.0.1:{port}", sender=SENDER).send(message, now=NOW)
    received = email.message_from_bytes(inbox.taken[0].content, policy=email.policy.default)
    parts = [part.get_content().splitlines() for part in received.iter_parts()]
    assert parts == [[".", "..", ".first", ".", "last", ".", "end"], ["<p>", ".", ".x</p>"]]
    assert b"\r" not in inbox.taken[0].content.replace(b"\r\n", b"")


async def test_a_server_that_does_not_say_whether_it_took_a_message_leaves_it_in_doubt() -> None:
    async def take_and_be_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.test\r\n")
        for answer in (b"250 mail.test\r\n", b"250 OK\r\n", b"250 OK\r\n", b"354 go on\r\n"):
            await reader.readline()
            writer.write(answer)
        await reader.read()

    async with speaking(take_and_be_silent) as port:
        mailer = SmtpMailer(f"smtp://127.0.0.1:{port}", sender=SENDER, timeout=0.02)
        with pytest.raises(DeliveryFailed) as caught:
            await mailer.send(MESSAGE, now=NOW)
    assert (caught.value.permanent, caught.value.is_unanswered) == (False, True)


async def test_a_refused_recipient_is_a_permanent_failure() -> None:
    async with serving(Inbox(to_recipient="550 5.1.1 no such user")) as port:
        assert await failure(SmtpMailer(f"smtp://127.0.0.1:{port}", sender=SENDER)) == (
            True,
            "550 5.1.1 no such user",
        )


async def test_a_relay_that_does_not_let_us_in_says_nothing_of_the_recipient() -> None:
    answer = "550 relay not permitted"
    async with serving(Inbox(to_recipient=answer)) as port:
        mailer = SmtpMailer(f"smtp://127.0.0.1:{port}", sender=SENDER)
        with pytest.raises(DeliveryFailed) as caught:
            await mailer.send(MESSAGE, now=NOW)
    assert (caught.value.permanent, caught.value.is_address_bad) == (False, False)
    assert caught.value.is_server_down


async def test_greylisting_is_a_transient_failure() -> None:
    async with serving(Inbox(to_recipient="451 4.7.1 try again later")) as port:
        assert await failure(SmtpMailer(f"smtp://127.0.0.1:{port}", sender=SENDER)) == (
            False,
            "451 4.7.1 try again later",
        )


@pytest.mark.parametrize(("answer", "permanent"), [("554 5.7.1 refused", True), ("452 4.3.1 full", False)])
async def test_a_refusal_of_the_content_is_told_apart_by_its_code(answer: str, permanent: bool) -> None:
    async with serving(Inbox(to_content=answer)) as port:
        assert await failure(SmtpMailer(f"smtp://127.0.0.1:{port}", sender=SENDER)) == (permanent, answer)


async def test_control_characters_in_an_answer_do_not_reach_the_reason() -> None:
    async with serving(Inbox(to_recipient="550 gone\x1b[31m away")) as port:
        assert await failure(SmtpMailer(f"smtp://127.0.0.1:{port}", sender=SENDER)) == (
            True,
            "550 gone [31m away",
        )


async def test_a_server_that_is_down_is_a_transient_failure() -> None:
    async with speaking(lambda reader, writer: asyncio.sleep(0)) as port:
        pass
    permanent, reason = await failure(SmtpMailer(f"smtp://127.0.0.1:{port}", sender=SENDER))
    assert not permanent
    assert reason.startswith(f"mail server 127.0.0.1:{port} cannot be reached: ")


async def test_a_dropped_connection_is_a_transient_failure() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.test\r\n")
        await reader.readline()
        writer.write(b"250 mail.test\r\n")
        await reader.readline()

    async with speaking(hang_up) as port:
        permanent, reason = await failure(SmtpMailer(f"smtp://127.0.0.1:{port}", sender=SENDER))
    assert not permanent
    assert reason.startswith(f"mail server 127.0.0.1:{port} cannot be reached: ")


async def test_a_server_that_says_nothing_is_left_after_the_timeout() -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with speaking(say_nothing) as port:
        mailer = SmtpMailer(f"smtp://127.0.0.1:{port}", sender=SENDER, timeout=0.05)
        assert await failure(mailer) == (False, f"mail server 127.0.0.1:{port} took too long")


async def test_a_server_that_refuses_us_is_a_transient_failure() -> None:
    """Its 5xx is about this sender, so no address may be given up for it."""

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"554 5.7.1 you are on a list\r\n")

    async with speaking(refuse) as port:
        permanent, reason = await failure(SmtpMailer(f"smtp://127.0.0.1:{port}", sender=SENDER))
    assert not permanent
    assert "554 5.7.1 you are on a list" in reason


async def test_a_message_that_was_taken_is_sent_even_if_the_goodbye_fails() -> None:
    async def take_and_drop(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.test\r\n")
        for answer in (b"250 mail.test\r\n", b"250 OK\r\n", b"250 OK\r\n", b"354 go on\r\n"):
            await reader.readline()
            writer.write(answer)
        await reader.readuntil(b"\r\n.\r\n")
        writer.write(b"250 taken\r\n")

    async with speaking(take_and_drop) as port:
        await SmtpMailer(f"smtp://127.0.0.1:{port}", sender=SENDER).send(MESSAGE, now=NOW)


async def test_an_internationalised_address_goes_to_a_server_that_takes_it() -> None:
    inbox = Inbox()
    async with serving(inbox, enable_SMTPUTF8=True) as port:
        await SmtpMailer(f"smtp://127.0.0.1:{port}", sender=SENDER).send(
            replace(MESSAGE, address="zoë@exämple.net"), now=NOW
        )
    [envelope] = inbox.taken
    assert envelope.rcpt_tos == ["zoë@xn--exmple-cua.net"]
    received = email.message_from_bytes(envelope.content, policy=email.policy.SMTPUTF8)
    assert received["To"] == "zoë@xn--exmple-cua.net"


async def test_an_internationalised_address_fails_for_good_where_the_server_cannot_take_it() -> None:
    async with serving(Inbox(), enable_SMTPUTF8=False) as port:
        mailer = SmtpMailer(f"smtp://127.0.0.1:{port}", sender=SENDER)
        assert await failure(mailer, replace(MESSAGE, address="zoë@example.net")) == (
            True,
            "the mail server does not take addresses beyond ASCII (SMTPUTF8)",
        )


async def test_an_internationalised_domain_needs_no_extension() -> None:
    inbox = Inbox()
    async with serving(inbox, enable_SMTPUTF8=False) as port:
        await SmtpMailer(f"smtp://127.0.0.1:{port}", sender=SENDER).send(
            replace(MESSAGE, address="reader@exämple.net"), now=NOW
        )
    assert inbox.taken[0].rcpt_tos == ["reader@xn--exmple-cua.net"]


async def test_an_address_that_smuggles_a_command_fails_before_anything_is_sent() -> None:
    inbox = Inbox()
    async with serving(inbox) as port:
        mailer = SmtpMailer(f"smtp://127.0.0.1:{port}", sender=SENDER)
        permanent, _ = await failure(
            mailer, replace(MESSAGE, address="a@example.net\r\nRCPT TO:<b@example.net>")
        )
    assert (permanent, inbox.taken) == (True, [])


def _tls(tmp_path: Path) -> tuple[ssl.SSLContext, Path]:
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    return context, tmp_path / "authority.pem"


async def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    context, _ = _tls(tmp_path)
    inbox = Inbox()
    async with serving(inbox, tls_context=context) as port:
        permanent, reason = await failure(SmtpMailer(f"smtp://127.0.0.1:{port}?starttls=1", sender=SENDER))
    assert (permanent, inbox.taken) == (False, [])
    assert "certificate verify failed" in reason


async def test_starttls_with_a_login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, authority = _tls(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    logins: list[tuple[bytes, bytes]] = []

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        logins.append((data.login, data.password))
        return AuthResult(success=True)

    inbox = Inbox()
    options = {"tls_context": context, "authenticator": authenticate, "auth_required": True}
    async with serving(inbox, **options) as port:
        mailer = SmtpMailer(f"smtp://us%40er:p%3Ass@127.0.0.1:{port}", sender=SENDER)
        await mailer.send(MESSAGE, now=NOW)
    assert logins == [(b"us@er", b"p:ss")]
    assert len(inbox.taken) == 1


async def test_a_password_is_not_sent_in_the_clear_unless_told_so() -> None:
    logins: list[bytes] = []

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        logins.append(data.password)
        return AuthResult(success=False, handled=False)

    options = {"authenticator": authenticate, "auth_require_tls": False}
    async with serving(Inbox(), **options) as port:
        permanent, _ = await failure(SmtpMailer(f"smtp://user:secret@127.0.0.1:{port}", sender=SENDER))
        assert (permanent, logins) == (False, [])
        permanent, reason = await failure(
            SmtpMailer(f"smtp://user:secret@127.0.0.1:{port}?starttls=0", sender=SENDER)
        )
    assert permanent is False
    assert reason.startswith("mail server: 535 ")
    assert set(logins) == {b"secret"}


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:25",
        "http://mail.example.org",
        "smtp://",
        "smtp://user:secret@host:port",
        "smtp://user:secret@host?starttls=yes",
        "smtps://user:secret@host?starttls=0",
        "smtp://user:secret@host?tls=1",
        "smtp://user:secret@host/inbox",
    ],
)
def test_a_bad_smtp_url_is_refused_without_telling_its_password(url: str) -> None:
    with pytest.raises(ValueError, match=r"^smtp_url must have the form") as caught:
        SmtpMailer(url, sender=SENDER)
    assert "secret" not in str(caught.value)
