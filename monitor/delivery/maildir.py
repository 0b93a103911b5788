"""Talks to a Maildir: mail as files, for demonstrations and for machines without a mail server."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import tempfile
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

from monitor.delivery.dkim import Dkim
from monitor.delivery.mailer import AT_ONCE, DeliveryFailed, Turn
from monitor.delivery.mime import AddressRefused, mime_bytes, return_path, sender_address
from monitor.delivery.plain_text import one_line
from monitor.domain.subscription import Message


class MaildirMailer:
    """Writes each message into ``directory``, a Maildir that any mail program reads.

    A file is named by its Message-ID, so that a message that is there already, read or unread, is
    not written twice, by this process or another.

    Raises:
        AddressRefused: ``sender`` is not one address.
    """

    def __init__(self, directory: Path, *, sender: str, dkim: Dkim | None = None) -> None:
        sender_address(sender)
        self._directory = directory
        self._sender = sender
        self._dkim = dkim

    @contextlib.asynccontextmanager
    async def carrier(self) -> AsyncIterator[MaildirMailer]:
        """Give the Maildir itself: it holds nothing open."""
        yield self

    async def send(self, message: Message, *, now: datetime, turn: Turn = AT_ONCE) -> None:
        """Write one message; its bytes are on the disk before its name is."""
        try:
            verp = return_path(sender_address(self._sender), message.return_key)
            mail = mime_bytes(message, sender=self._sender, now=now, return_path=verp, dkim=self._dkim)
        except AddressRefused as error:
            raise DeliveryFailed(str(error), permanent=True, is_address_bad=True) from error
        content = mail.replace(b"\r\n", b"\n")
        name = hashlib.sha256(message.message_id.encode()).hexdigest()[:32]
        async with turn:
            try:
                await asyncio.to_thread(self._write, name, content)
            except OSError as error:
                reason = f"{self._directory} cannot be written: {one_line(error.strerror or str(error))}"
                raise DeliveryFailed(reason, permanent=False, is_server_down=True) from error

    def _write(self, name: str, content: bytes) -> None:
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        for part in ("tmp", "new", "cur"):
            (self._directory / part).mkdir(mode=0o700, exist_ok=True)
        if self._holds(name):
            return
        descriptor, draft = tempfile.mkstemp(dir=self._directory / "tmp", prefix=f"{name}.")
        try:
            with open(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            # A link, unlike a rename, fails where another sender came first.
            with contextlib.suppress(FileExistsError):
                os.link(draft, self._directory / "new" / name)
        finally:
            os.unlink(draft)

    def _holds(self, name: str) -> bool:
        # A mail program moves what was seen to "cur" and appends its flags after a colon.
        seen = (entry.name.partition(":")[0] for entry in (self._directory / "cur").iterdir())
        return (self._directory / "new" / name).exists() or name in seen
