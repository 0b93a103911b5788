"""The signed link of the double opt-in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.delivery.tokens import CONFIRMATION_LIFETIME, TokenRefused, address_of, confirmation_token
from tests.delivery.samples import NOW

TOKEN = confirmation_token("zoë@example.net", "secret", now=NOW)


def test_a_token_gives_its_address_back_until_the_last_moment() -> None:
    assert address_of(TOKEN, "secret", now=NOW + CONFIRMATION_LIFETIME) == "zoë@example.net"


def test_a_token_expires() -> None:
    with pytest.raises(TokenRefused) as caught:
        address_of(TOKEN, "secret", now=NOW + CONFIRMATION_LIFETIME + timedelta(seconds=1))
    assert caught.value.expired


@pytest.mark.parametrize(
    "token", ["", ".", "nonsense", TOKEN[:-1], "x" + TOKEN, TOKEN.replace(".", ""), "\ud800", "é" * 10_000]
)
def test_a_token_that_is_not_ours_is_refused(token: str) -> None:
    with pytest.raises(TokenRefused) as caught:
        address_of(token, "secret", now=NOW)
    assert not caught.value.expired


def test_a_token_of_another_secret_is_refused() -> None:
    with pytest.raises(TokenRefused):
        address_of(TOKEN, "another secret", now=NOW)


def test_a_token_fits_a_query_string() -> None:
    assert set(TOKEN) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


def test_an_empty_secret_signs_nothing() -> None:
    with pytest.raises(ValueError, match="empty secret"):
        confirmation_token("a@example.net", "", now=NOW)
