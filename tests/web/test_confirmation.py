"""The link of the opt-in mail asks, and only its button confirms."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from monitor.delivery.tokens import confirmation_token
from monitor.domain.subscription import Subscription
from monitor.storage.database import Database
from monitor.storage.subscriptions import add_subscription, subscription
from tests.web.reading import attributes, texts
from tests.web.samples import NOW, SECRET

ADDRESS = "reader@example.net"


@pytest.fixture(autouse=True)
def subscribed(database: Database) -> None:
    with database.transaction() as session:
        add_subscription(session, Subscription(address=ADDRESS, created_at=NOW))


def link(address: str = ADDRESS, age: timedelta = timedelta()) -> str:
    return f"/subscribe/confirm?token={confirmation_token(address, SECRET, now=NOW - age)}"


def is_confirmed(database: Database) -> bool:
    with database.reading() as session:
        found = subscription(session, ADDRESS)
    assert found is not None
    return found.confirmed_at is not None


async def test_opening_the_link_asks_and_confirms_nothing(
    client: httpx.AsyncClient, database: Database
) -> None:
    shown = await client.get(link())

    assert texts(shown.text, ".lede") == [
        f"Changes of the Trafficking in Persons Report will be sent to {ADDRESS}."
    ]
    assert attributes(shown.text, "main form", "action") == [link()]
    assert shown.headers["Cache-Control"] == "no-store"
    assert not is_confirmed(database)


async def test_the_button_confirms(client: httpx.AsyncClient, database: Database) -> None:
    shown = await client.post(link())

    assert texts(shown.text, "h1, .lede") == [
        "Your subscription is confirmed",
        f"Changes that fit your choice will be sent to {ADDRESS}.",
    ]
    assert is_confirmed(database)


async def test_pressing_twice_or_opening_the_link_again_does_no_harm(client: httpx.AsyncClient) -> None:
    first, second, third = await client.post(link()), await client.post(link()), await client.get(link())

    assert first.text == second.text == third.text


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/subscribe/confirm", 400, "The link is not one of ours or lost a part on its way."),
        ("/subscribe/confirm?token=abc.def", 400, "The link is not one of ours or lost a part on its way."),
        (link(age=timedelta(days=4)), 400, "The link is too old; subscribe again to get a new one."),
        (
            link("gone@example.net"),
            410,
            "This address is not subscribed any more. Subscribe again to get a new link.",
        ),
    ],
    ids=["no token", "foreign token", "old token", "unsubscribed"],
)
async def test_a_link_that_does_not_hold_is_refused_in_words(
    client: httpx.AsyncClient, database: Database, method: str, address: str, status: int, words: str
) -> None:
    shown = await client.request(method, address)

    assert (shown.status_code, texts(shown.text, ".lede")) == (status, [words])
    assert not is_confirmed(database)


async def test_an_endless_token_is_refused(client: httpx.AsyncClient) -> None:
    shown = await client.get("/subscribe/confirm", params={"token": "x" * 5000})

    assert shown.status_code == 400
