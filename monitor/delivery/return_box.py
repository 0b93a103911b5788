"""Talks to the box where mail comes back: a Maildir, or a folder of an IMAP server."""

from __future__ import annotations

import contextlib
import imaplib
import os
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from monitor.delivery.plain_text import cut, one_line

_LARGEST = 1_000_000
_TIMEOUT_SECONDS = 30
_FORM = "imaps://USER:PASSWORD@HOST/FOLDER"


class BoxUnavailable(Exception):  # noqa: N818 - named as the event it tells of
    """The box cannot be read. The message is one line, without the password."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail in the box, cut at a million bytes; ``key`` names it there."""

    key: str
    content: bytes = field(repr=False)


class ReturnBox(Protocol):
    """Gives what is new in it, and forgets that it is new."""

    def unread(self, limit: int) -> Iterator[Letter]:
        """Give up to ``limit`` mails that were not read before.

        Raises:
            BoxUnavailable: the box cannot be read.
        """
        ...

    def mark_read(self, letter: Letter) -> None:
        """Note that ``letter`` was read.

        Raises:
            BoxUnavailable: the box cannot be written.
        """
        ...


class MaildirBox:
    """A Maildir; a mail that was read moves from ``new`` to ``cur``, as a mail program does it."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def unread(self, limit: int) -> Iterator[Letter]:
        """Give the mails in ``new``; a box that does not exist yet is empty."""
        try:
            names = sorted(entry.name for entry in os.scandir(self._directory / "new") if entry.is_file())
        except FileNotFoundError:
            return
        except OSError as error:
            raise self._unavailable(error) from error
        for name in names[:limit]:
            try:
                with (self._directory / "new" / name).open("rb") as file:
                    yield Letter(name, file.read(_LARGEST))
            except FileNotFoundError:
                continue  # another reader came first
            except OSError as error:
                raise self._unavailable(error) from error

    def mark_read(self, letter: Letter) -> None:
        """Move the mail to ``cur``."""
        try:
            (self._directory / "cur").mkdir(exist_ok=True)
            with contextlib.suppress(FileNotFoundError):
                (self._directory / "new" / letter.key).rename(self._directory / "cur" / f"{letter.key}:2,S")
        except OSError as error:
            raise self._unavailable(error) from error

    def _unavailable(self, error: OSError) -> BoxUnavailable:
        return BoxUnavailable(f"{self._directory}: {error.strerror}; check mail.return_box")


class ImapBox:
    """A folder of an IMAP server, over TLS; a mail that was read is flagged as seen.

    ``imap://`` without TLS is for a server on this machine.

    Raises:
        ValueError: ``url`` is of another form (told without the password in it).
    """

    def __init__(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise ValueError(f"mail.return_box must have the form {_FORM}") from None
        if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
            raise ValueError(f"mail.return_box must have the form {_FORM}")
        self._is_tls = parts.scheme == "imaps"
        self._host = parts.hostname
        self._port = port or (993 if self._is_tls else 143)
        self._user, self._password = unquote(parts.username), unquote(parts.password or "")
        self._folder = unquote(parts.path.strip("/")) or "INBOX"

    def unread(self, limit: int) -> Iterator[Letter]:
        """Give the mails that are not flagged as seen."""
        with self._opened() as server:
            _, found = server.uid("SEARCH", "UNSEEN")
            for key in (found[0] or b"").split()[:limit]:
                _, parts = server.uid("FETCH", key.decode(), f"(BODY.PEEK[]<0.{_LARGEST}>)")
                content = next((part[1] for part in parts if isinstance(part, tuple)), b"")
                yield Letter(key.decode(), content)

    def mark_read(self, letter: Letter) -> None:
        """Flag the mail as seen."""
        with self._opened() as server:
            server.uid("STORE", letter.key, "+FLAGS.SILENT", r"(\Seen)")

    @contextlib.contextmanager
    def _opened(self) -> Iterator[imaplib.IMAP4]:
        try:
            server = self._connect()
            try:
                server.login(self._user, self._password)
                folder = self._folder.replace("\\", "\\\\").replace('"', '\\"')
                status, answer = server.select(f'"{folder}"')
                if status != "OK":
                    raise imaplib.IMAP4.error(str(answer))
                yield server
            finally:
                with contextlib.suppress(imaplib.IMAP4.error, OSError):
                    server.logout()
        except (imaplib.IMAP4.error, OSError) as error:
            words = cut(one_line(str(error)), 200)
            raise BoxUnavailable(f"{self._host}:{self._port}: {words}; check mail.return_box") from error

    def _connect(self) -> imaplib.IMAP4:
        if not self._is_tls:
            return imaplib.IMAP4(self._host, self._port, timeout=_TIMEOUT_SECONDS)
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(self._host, self._port, ssl_context=context, timeout=_TIMEOUT_SECONDS)
