"""The signed link of the double opt-in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.delivery.tokens import (
    CONFIRMATION_LIFETIME,
    PREFERENCES_LIFETIME,
    Purpose,
    Signer,
    TokenRefused,
    address_of,
    confirmation_token,
)
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


def test_a_link_of_one_purpose_opens_nothing_of_another() -> None:
    signer = Signer("secret")
    for made in Purpose:
        token = signer.token(made, "a@example.net", now=NOW)
        for asked in set(Purpose) - {made}:
            with pytest.raises(TokenRefused):
                signer.address_of(asked, token, now=NOW)


def test_a_link_to_leave_never_grows_old_and_one_to_preferences_does() -> None:
    signer, late = Signer("secret"), NOW + 10 * PREFERENCES_LIFETIME
    leave = signer.token(Purpose.LEAVE, "a@example.net", now=NOW)
    preferences = signer.token(Purpose.PREFERENCES, "a@example.net", now=NOW)
    assert signer.address_of(Purpose.LEAVE, leave, now=late) == "a@example.net"
    with pytest.raises(TokenRefused):
        signer.address_of(Purpose.PREFERENCES, preferences, now=late)


def test_keys_and_hashes_differ_by_what_they_are_for_and_by_the_secret() -> None:
    one, other = Signer("secret"), Signer("another")
    digests = [
        made(text)
        for signer in (one, other)
        for made in (signer.return_key, signer.address_hash, signer.webhook_secret)
        for text in ("a@example.net", "b@example.net")
    ]
    assert len({digest[:20] for digest in digests}) == len(digests) == 12
    assert one.address_hash(" A@example.net") == one.address_hash("a@example.net")


def test_a_secret_is_changed_without_breaking_links_already_sent() -> None:
    old, both, new = Signer("old"), Signer("new, old"), Signer("new")
    sent_before = old.token(Purpose.LEAVE, "zoë@example.net", now=NOW)
    sent_now = both.token(Purpose.LEAVE, "zoë@example.net", now=NOW)
    assert both.address_of(Purpose.LEAVE, sent_before, now=NOW) == "zoë@example.net"
    assert new.address_of(Purpose.LEAVE, sent_now, now=NOW) == "zoë@example.net"
    with pytest.raises(TokenRefused):
        new.address_of(Purpose.LEAVE, sent_before, now=NOW)


def test_what_others_hold_stays_the_same_while_a_secret_is_changed() -> None:
    old, both = Signer("old"), Signer("new,old")
    assert both.webhook_secret("https://a.example/") == old.webhook_secret("https://a.example/")
    assert both.address_hash("zoë@example.net") == old.address_hash("zoë@example.net")
