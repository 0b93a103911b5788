"""Mail as files."""

from __future__ import annotations

import asyncio
import mailbox
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.delivery.maildir import MaildirMailer
from monitor.delivery.mailer import DeliveryFailed
from tests.delivery.samples import NOW
from tests.delivery.test_smtp import MESSAGE, SENDER


async def test_a_message_is_written_where_a_mail_program_finds_it(tmp_path: Path) -> None:
    await MaildirMailer(tmp_path / "var" / "mail", sender=SENDER).send(MESSAGE, now=NOW)
    [mail] = mailbox.Maildir(tmp_path / "var" / "mail", create=False)
    assert (mail["To"], mail["Subject"], mail["Message-ID"]) == (
        MESSAGE.address,
        MESSAGE.subject,
        MESSAGE.message_id,
    )
    assert list((tmp_path / "var" / "mail" / "tmp").iterdir()) == []
    written = [tmp_path / "var" / "mail", *(tmp_path / "var" / "mail").rglob("*")]
    assert [path for path in written if path.stat().st_mode & 0o077] == []


async def test_a_message_is_written_once_however_often_it_is_sent(tmp_path: Path) -> None:
    mailer = MaildirMailer(tmp_path, sender=SENDER)
    await asyncio.gather(*(mailer.send(MESSAGE, now=NOW) for _ in range(8)))
    await MaildirMailer(tmp_path, sender=SENDER).send(MESSAGE, now=NOW)
    assert len(mailbox.Maildir(tmp_path)) == 1


async def test_a_message_that_was_read_and_moved_is_not_written_again(tmp_path: Path) -> None:
    mailer = MaildirMailer(tmp_path, sender=SENDER)
    await mailer.send(MESSAGE, now=NOW)
    [unread] = (tmp_path / "new").iterdir()
    unread.rename(tmp_path / "cur" / f"{unread.name}:2,S")
    await mailer.send(MESSAGE, now=NOW)
    assert list((tmp_path / "new").iterdir()) == []


async def test_two_messages_are_two_files(tmp_path: Path) -> None:
    mailer = MaildirMailer(tmp_path, sender=SENDER)
    await mailer.send(MESSAGE, now=NOW)
    await mailer.send(replace(MESSAGE, message_id="<digest.2@example.org>"), now=NOW)
    assert len(mailbox.Maildir(tmp_path)) == 2


async def test_a_place_that_cannot_be_written_is_a_transient_failure(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file where a directory should be", encoding="utf-8")
    with pytest.raises(DeliveryFailed, match="cannot be written") as caught:
        await MaildirMailer(tmp_path / "mail", sender=SENDER).send(MESSAGE, now=NOW)
    assert not caught.value.permanent


async def test_an_address_that_is_none_is_a_permanent_failure(tmp_path: Path) -> None:
    with pytest.raises(DeliveryFailed, match="not of the form") as caught:
        await MaildirMailer(tmp_path, sender=SENDER).send(replace(MESSAGE, address="nobody"), now=NOW)
    assert caught.value.permanent
