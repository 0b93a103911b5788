"""The box where mail comes back: each mail read once, and a box that cannot be read told in a line."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from monitor.delivery.return_box import BoxUnavailable, ImapBox, MaildirBox


def test_a_mail_in_a_maildir_is_given_until_it_is_marked(tmp_path: Path) -> None:
    box = MaildirBox(tmp_path)
    assert list(box.unread(9)) == []
    (tmp_path / "new").mkdir()
    for name in ("b", "a", "c"):
        (tmp_path / "new" / name).write_bytes(name.encode())
    first, second = box.unread(2)
    assert [(each.key, each.content) for each in (first, second)] == [("a", b"a"), ("b", b"b")]
    box.mark_read(first)
    box.mark_read(first)
    assert [each.key for each in box.unread(9)] == ["b", "c"]
    assert [path.name for path in (tmp_path / "cur").iterdir()] == ["a:2,S"]


def test_a_maildir_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "new").write_text("a file where a directory should be", encoding="utf-8")
    with pytest.raises(BoxUnavailable, match=r"Not a directory; check mail\.return_box"):
        list(MaildirBox(tmp_path).unread(9))


class Imap(socketserver.StreamRequestHandler):
    """As much of an IMAP server (RFC 3501) as the box speaks to."""

    mails: dict[str, bytes]
    seen: set[str]
    password = "secret"

    def handle(self) -> None:
        self.wfile.write(b"* OK ready\r\n")
        while line := self.rfile.readline():
            tag, command, *rest = line.decode().strip().split(" ", 4)
            self._answer(tag, command.upper(), rest)

    def _answer(self, tag: str, command: str, rest: list[str]) -> None:
        status = "OK"
        if command == "CAPABILITY":
            self.wfile.write(b"* CAPABILITY IMAP4REV1\r\n")
        elif command == "LOGIN" and rest[1].strip('"') != self.password:
            status = "NO"
        elif command == "SELECT":
            status = "OK" if rest[0] == '"INBOX"' else "NO"
        elif command == "UID" and rest[0] == "SEARCH":
            unseen = " ".join(sorted(self.mails.keys() - self.seen))
            self.wfile.write(f"* SEARCH {unseen}\r\n".encode())
        elif command == "UID" and rest[0] == "FETCH":
            content = self.mails[rest[1]]
            self.wfile.write(f"* 1 FETCH (UID {rest[1]} BODY[]<0> {{{len(content)}}}\r\n".encode())
            self.wfile.write(content + b")\r\n")
        elif command == "UID" and rest[0] == "STORE":
            self.seen.add(rest[1])
        self.wfile.write(f"{tag} {status} done\r\n".encode())


@contextmanager
def serving(mails: dict[str, bytes]) -> Iterator[int]:
    handler = type("Handler", (Imap,), {"mails": mails, "seen": set()})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_a_mail_of_an_imap_folder_is_given_until_it_is_marked() -> None:
    with serving({"1": b"To: a\r\n\r\none", "2": b"To: b\r\n\r\ntwo"}) as port:
        box = ImapBox(f"imap://us%40er:secret@127.0.0.1:{port}")
        first, second = box.unread(9)
        assert (first.content, second.content) == (b"To: a\r\n\r\none", b"To: b\r\n\r\ntwo")
        box.mark_read(first)
        assert [each.key for each in box.unread(9)] == ["2"]


@pytest.mark.parametrize("place", ["user:wrong@127.0.0.1:{}", "user:secret@127.0.0.1:{}/Gone"])
def test_an_imap_folder_that_cannot_be_opened_is_told_without_the_password(place: str) -> None:
    with serving({}) as port:
        box = ImapBox(f"imap://{place.format(port)}")
        with pytest.raises(BoxUnavailable, match=r"^127\.0\.0\.1:\d+: .*; check mail\.return_box$") as caught:
            list(box.unread(9))
    assert "wrong" not in str(caught.value)


def test_a_server_that_is_down_is_told() -> None:
    with serving({}) as port:
        pass
    with pytest.raises(BoxUnavailable, match="check mail"):
        list(ImapBox(f"imap://user:secret@127.0.0.1:{port}").unread(9))


@pytest.mark.parametrize(
    "url", ["imaps://host/INBOX", "http://user:secret@host", "imaps://user:secret@host:port"]
)
def test_an_address_of_another_form_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ValueError, match="must have the form") as caught:
        ImapBox(url)
    assert "secret" not in str(caught.value)
