"""Chats: which services may be named, and what becomes of a message there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.delivery.chat import ChatSender, chat_address
from monitor.delivery.mailer import DeliveryFailed
from tests.delivery.samples import NOW
from tests.delivery.test_smtp import MESSAGE


@pytest.mark.parametrize("address", ["discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV", "ntfy://host/topic"])
def test_a_chat_service_is_an_address(address: str) -> None:
    assert chat_address(address) == address


@pytest.mark.parametrize(
    "address", ["", "slack", "nothing://a", "json://10.0.0.1/", "mailto://a:b@c.d", "syslog://", "dbus://"]
)
def test_what_is_no_chat_service_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="is no address of a chat service"):
        chat_address(address)


def test_on_a_page_only_services_with_an_address_of_their_own_may_be_named() -> None:
    chat_address("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV", hosted_only=True)
    with pytest.raises(ValueError, match="is no address of a chat service"):
        chat_address("ntfy://10.0.0.1/topic", hosted_only=True)


async def test_an_address_that_is_none_is_given_up() -> None:
    with pytest.raises(DeliveryFailed, match="the chat's address is no address") as caught:
        await ChatSender().send(replace(MESSAGE, address="json://10.0.0.1"), now=NOW)
    assert caught.value.permanent


async def test_a_service_that_does_not_answer_is_tried_again() -> None:
    with pytest.raises(DeliveryFailed, match="did not take it") as caught:
        await ChatSender().send(replace(MESSAGE, address="ntfy://127.0.0.1:1/topic"), now=NOW)
    assert not caught.value.permanent
