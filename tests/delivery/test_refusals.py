"""Of whom a refusal speaks: nobody is suppressed for a fault of ours."""

from __future__ import annotations

import pytest

from monitor.delivery.refusals import is_of_mailbox, is_of_sender


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (550, "5.1.1 no such user"),
        (550, "5.1.10 not found"),
        (550, "5.1.1 <r@example.net>: unknown in the relay's table of recipients"),
        (550, "no such user here"),
        (553, "mailbox name not allowed"),
        (551, "user not local"),
    ],
)
def test_a_word_on_the_mailbox(reply: int, said: str) -> None:
    assert is_of_mailbox(reply, said)
    assert not is_of_sender(reply, said)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (550, "5.1.8 <alerts@example.org>: the domain is not found"),
        (553, "5.1.7 bad reverse path"),
        (550, "relay not permitted"),
        (554, "5.7.1 <r@example.net>: Relay access denied"),
        (550, "Sender verify failed"),
        (530, "5.7.0 log in first"),
    ],
)
def test_a_word_on_who_sends(reply: int, said: str) -> None:
    assert is_of_sender(reply, said)
    assert not is_of_mailbox(reply, said)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (550, "5.7.1 refused as it reads"),
        (550, "your host is blocked, see https://lists.example/"),
        (550, "rejected: listed in a DNSBL"),
        (552, "5.2.2 over quota"),
        (452, "4.2.2 over quota"),
        (554, "no"),
    ],
)
def test_a_word_on_this_message_or_our_reputation(reply: int, said: str) -> None:
    assert not is_of_mailbox(reply, said)
    assert not is_of_sender(reply, said)
