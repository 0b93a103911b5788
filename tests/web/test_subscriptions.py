"""Signing up, changing what is sent, and leaving: without password, and without telling on anyone."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from monitor.delivery.mail_templates import load_mail_templates
from monitor.delivery.presentation import Presentation
from monitor.delivery.tokens import Purpose, Signer
from monitor.domain.subscription import Channel, Subscription
from monitor.settings.files import shipped
from monitor.storage.database import Database
from monitor.storage.outbox import deliveries
from monitor.storage.subscriptions import add_subscription, subscription, subscriptions
from monitor.storage.suppressions import SuppressionReason, suppress, suppression
from monitor.web.app import create_app
from tests.web.conftest import client_of
from tests.web.reading import attributes, texts
from tests.web.samples import COUNTRIES, NOW, PUBLIC_URL, SECRET, TEMPLATES

ADDRESS = "reader@example.net"
SIGNER = Signer(SECRET)


@pytest.fixture
async def client(database: Database, woken: list[str]) -> AsyncIterator[httpx.AsyncClient]:
    async def wake() -> None:
        woken.append("woken")

    presentation = Presentation(
        templates=load_mail_templates(shipped("templates") / "email"),
        countries=COUNTRIES,
        public_url=PUBLIC_URL,
        sender="TIP Monitor <alerts@example.org>",
        signer=SIGNER,
    )
    app = create_app(
        database=database,
        countries=COUNTRIES,
        public_url=PUBLIC_URL,
        templates=TEMPLATES,
        secret=SECRET,
        presentation=presentation,
        wake=wake,
        clock=lambda: NOW,
    )
    async with client_of(app) as client:
        yield client


@pytest.fixture
def woken() -> list[str]:
    """One entry for each time that the sender was woken."""
    return []


@pytest.fixture
def subscribed(database: Database) -> None:
    with database.transaction() as session:
        add_subscription(session, Subscription(address=ADDRESS, created_at=NOW, confirmed_at=NOW))


def link(purpose: Purpose, path: str, address: str = ADDRESS) -> str:
    return f"{path}?token={SIGNER.token(purpose, address, now=NOW)}"


def preferences(address: str = ADDRESS) -> str:
    return link(Purpose.PREFERENCES, "/subscribe/preferences", address)


def found(database: Database, address: str = ADDRESS) -> Subscription | None:
    with database.reading() as session:
        return subscription(session, address)


def queued(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        return [(each.message.address, each.message.subject) for each in deliveries(session)]


async def test_the_form_asks_for_an_address_and_what_to_tell(client: httpx.AsyncClient) -> None:
    shown = await client.get("/subscribe")
    assert shown.status_code == 200
    assert attributes(shown.text, "main form", "action") == ["/subscribe"]
    names = set(attributes(shown.text, "main form [name]", "name"))
    assert names == {"address", "countries", "regions", "kinds", "cadence", "hour", "timezone"}


async def test_a_sign_up_waits_for_confirmation(client: httpx.AsyncClient, database: Database) -> None:
    body = "address=New%40Ex%C3%A4mple.net&countries=ARG&countries=BOL&regions=WHA&cadence=weekly&hour=6"
    shown = await client.post("/subscribe", content=body)
    assert (shown.status_code, texts(shown.text, "h1")) == (200, ["Look into your mail"])
    new = found(database, "New@xn--exmple-cua.net")
    assert new is not None
    assert (new.confirmed_at, sorted(new.countries), sorted(new.regions)) == (None, ["ARG", "BOL"], ["WHA"])
    assert queued(database) == [("New@xn--exmple-cua.net", "Confirm your TIP Monitor subscription")]


async def test_the_sender_is_woken_whoever_asks_and_not_where_the_form_is_refused(
    client: httpx.AsyncClient, database: Database, subscribed: None, woken: list[str]
) -> None:
    with database.transaction() as session:
        hashed = SIGNER.address_hash("gone@example.net")
        suppress(session, "gone@example.net", hashed, SuppressionReason.ERASED, NOW)
    for number, address in enumerate(("new@example.net", ADDRESS, "gone@example.net"), start=1):
        await client.post("/subscribe", content=f"address={address}")
        assert len(woken) == number
    assert (await client.post("/subscribe", content="address=nobody")).status_code == 400
    assert len(woken) == 3


async def test_the_answer_does_not_tell_who_is_subscribed(
    client: httpx.AsyncClient, database: Database, subscribed: None
) -> None:
    with database.transaction() as session:
        suppress(
            session,
            "gone@example.net",
            SIGNER.address_hash("gone@example.net"),
            SuppressionReason.ERASED,
            NOW,
        )
    answers = [
        await client.post("/subscribe", content=f"address={address}&cadence=instant")
        for address in ("new@example.net", ADDRESS, "gone@example.net")
    ]
    assert len({(answer.status_code, answer.text) for answer in answers}) == 1
    assert queued(database) == [
        ("new@example.net", "Confirm your TIP Monitor subscription"),
        (ADDRESS, "Your TIP Monitor subscription"),
    ]
    unchanged = found(database)
    assert unchanged is not None
    assert unchanged.cadence == "daily"


async def test_an_address_gets_one_mail_a_day_however_often_it_is_entered(
    client: httpx.AsyncClient, database: Database
) -> None:
    for _ in range(6):
        await client.post("/subscribe", content="address=victim@example.net")
    assert len(queued(database)) == 1


async def test_a_client_that_asks_too_often_is_refused_for_every_address(client: httpx.AsyncClient) -> None:
    statuses = [
        (await client.post("/subscribe", content=f"address=a{n}@example.net")).status_code for n in range(12)
    ]
    assert statuses == [200] * 10 + [429] * 2


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "is not of the form name@domain"),
        ("address=a%40example.net%0d%0aBcc%3a+b%40example.net", "holds characters that are not allowed"),
        ("address=a%40example.net&timezone=Mars%2fOlympus", "is no IANA time zone"),
        ("address=a%40example.net&hour=25", "is no hour"),
        ("address=a%40example.net&countries=XXX", "is no country of the report"),
        ("address=a%40example.net&kinds=%3Cscript%3E", "is no kind of change"),
    ],
)
async def test_a_wrong_value_is_told_in_words(
    client: httpx.AsyncClient, database: Database, body: str, words: str
) -> None:
    shown = await client.post("/subscribe", content=body)
    assert shown.status_code == 400
    assert words in texts(shown.text, ".notice")[0]
    assert queued(database) == []


async def test_a_form_without_end_is_refused(client: httpx.AsyncClient) -> None:
    assert (await client.post("/subscribe", content="a" * 30_000)).status_code == 413
    assert (await client.post("/subscribe", content="a=1&" * 500)).status_code == 400
    assert (await client.post("/subscribe", content=b"\xff\xfe")).status_code == 400


async def test_the_signed_link_opens_and_changes_preferences(
    client: httpx.AsyncClient, database: Database, subscribed: None
) -> None:
    shown = await client.get(preferences())
    assert texts(shown.text, ".lede") == [f"What is sent to {ADDRESS}."]
    body = "cadence=instant&threshold=percent%3A25&regions=WHA&also_empty=yes&hour=7"
    body += "&timezone=Europe/Madrid&do=save"
    saved = await client.post(preferences(), content=body)
    assert texts(saved.text, ".notice") == ["Saved."]
    changed = found(database)
    assert changed is not None
    assert (changed.cadence.value, str(changed.threshold), sorted(changed.regions)) == (
        "instant",
        "percent:25",
        ["WHA"],
    )
    assert (changed.hour, changed.timezone, changed.also_empty) == (7, "Europe/Madrid", True)
    assert changed.confirmed_at == NOW


async def test_a_webhook_is_chosen_behind_the_link_and_gets_its_secret(
    client: httpx.AsyncClient, database: Database, subscribed: None
) -> None:
    body = "channel=webhook&target=https%3A%2F%2Fhooks.example.org%2Fa"
    saved = await client.post(preferences(), content=body)
    secret = SIGNER.webhook_secret("https://hooks.example.org/a")
    assert texts(saved.text, ".notice") == [f"Saved. The webhook's secret is {secret}"]
    for refused in (
        "channel=webhook&target=file%3A%2F%2F%2Fetc",
        "channel=chat&target=matrix%3A%2F%2F10.0.0.1%2Fr",
    ):
        answer = await client.post(preferences(), content=refused)
        assert answer.status_code == 400
    changed = found(database)
    assert changed is not None
    assert changed.channel is Channel.WEBHOOK


async def test_pausing_resuming_and_erasing(
    client: httpx.AsyncClient, database: Database, subscribed: None
) -> None:
    await client.post(preferences(), content="do=pause")
    paused = found(database)
    assert paused is not None
    assert paused.paused_at == NOW
    assert texts((await client.get(preferences())).text, ".lede") == [
        f"What is sent to {ADDRESS}. It is paused."
    ]
    await client.post(preferences(), content="do=resume")
    resumed = found(database)
    assert resumed is not None
    assert resumed.paused_at is None
    await client.post("/subscribe", content=f"address={ADDRESS}")
    erased = await client.post(preferences(), content="do=erase")
    assert texts(erased.text, "h1") == ["Erased"]
    with database.reading() as session:
        assert subscriptions(session) == []
        assert deliveries(session) == []
        assert suppression(session, SIGNER.address_hash(ADDRESS)) is SuppressionReason.ERASED
    assert (await client.get(preferences())).status_code == 410


async def test_opening_the_link_to_leave_ends_nothing(
    client: httpx.AsyncClient, database: Database, subscribed: None
) -> None:
    shown = await client.get(link(Purpose.LEAVE, "/unsubscribe"))
    assert texts(shown.text, "main button") == ["Unsubscribe"]
    assert found(database) is not None


async def test_one_click_ends_the_subscription_without_cookie_or_redirect(
    client: httpx.AsyncClient, database: Database, subscribed: None
) -> None:
    for _ in range(2):
        answer = await client.post(
            link(Purpose.LEAVE, "/unsubscribe"),
            content="List-Unsubscribe=One-Click",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert (answer.status_code, answer.headers.get("Set-Cookie")) == (200, None)
        assert found(database) is None


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "address",
    [
        "/unsubscribe",
        "/unsubscribe?token=abc.def",
        link(Purpose.PREFERENCES, "/unsubscribe"),
        link(Purpose.LEAVE, "/subscribe/preferences"),
        "/subscribe/preferences?token=",
    ],
)
async def test_a_link_of_another_purpose_or_none_is_refused(
    client: httpx.AsyncClient, database: Database, subscribed: None, method: str, address: str
) -> None:
    assert (await client.request(method, address)).status_code == 400
    assert found(database) is not None
