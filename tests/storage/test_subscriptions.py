"""Who is told of what, who is told nothing for a while, and who never again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlmodel import col, update

from monitor.domain.change import ChangeKind
from monitor.domain.subscription import Cadence, Channel
from monitor.domain.threshold import Threshold
from monitor.storage.database import Database
from monitor.storage.digests import due_subscriptions
from monitor.storage.outbox import deliveries, lease_deliveries, queue_message
from monitor.storage.rows import SubscriptionRow
from monitor.storage.subscriptions import (
    Unreadable,
    add_subscription,
    confirm,
    pause,
    remove_subscription,
    remove_unconfirmed,
    resume,
    subscription,
    subscriptions,
)
from monitor.storage.suppressions import (
    SuppressionReason,
    count_soft_bounce,
    lift_suppression,
    suppress,
    suppression,
)
from tests.storage.builders import HOUR, NOW, make_message, make_subscription

READER = make_subscription()
DAY = timedelta(days=1)
HASH = "0" * 64


def due(database: Database) -> list[str]:
    with database.reading() as session:
        return [
            each.subscription.address for each in due_subscriptions(session, NOW, "mark", limit=10).readable
        ]


def test_a_subscription_comes_back_with_every_field(database: Database) -> None:
    full = make_subscription(
        "Müller+tip@Example.org",
        countries=frozenset({"ARG", "BOL"}),
        kinds=frozenset({ChangeKind.TIER_CHANGED}),
        cadence=Cadence.WEEKLY,
        timezone="Europe/Madrid",
        hour=7,
        confirmed_at=NOW,
        regions=frozenset({"WHA"}),
        channel=Channel.WEBHOOK,
        target="https://hooks.example.org/tip",
        also_empty=True,
        threshold=Threshold.parse("percent:25"),
    )
    with database.transaction() as session:
        assert add_subscription(session, full)
        assert add_subscription(session, READER)
        assert subscription(session, "müller+TIP@example.org ") == full
        assert subscription(session, "other@example.org") is None
        assert subscriptions(session) == [full, READER]
        assert subscriptions(session, confirmed_only=True) == [full]


def test_subscribing_again_changes_the_filter_and_never_unconfirms(database: Database) -> None:
    again = make_subscription("READER@example.org", countries=frozenset({"BRA"}), created_at=NOW)
    with database.transaction() as session:
        add_subscription(session, READER)
        assert confirm(session, READER.address, NOW)
        assert not add_subscription(session, again)
        assert confirm(session, READER.address, NOW + HOUR)
        assert subscriptions(session) == [replace(READER, countries=frozenset({"BRA"}), confirmed_at=NOW)]
        assert not confirm(session, "nobody@example.org", NOW)


def test_who_leaves_takes_everything_along(database: Database) -> None:
    with database.transaction() as session:
        add_subscription(session, READER)
        add_subscription(session, make_subscription("stays@example.org"))
        queue_message(session, make_message("<2@example.org>", READER.address), "email", NOW)
        queue_message(session, make_message("<3@example.org>", "stays@example.org"), "email", NOW)
        assert remove_subscription(session, " READER@example.org")
        assert not remove_subscription(session, READER.address)
        assert [one.message.address for one in deliveries(session)] == ["stays@example.org"]


def test_only_who_confirmed_is_looked_at(database: Database) -> None:
    with database.transaction() as session:
        add_subscription(session, READER)
    assert due(database) == []
    with database.transaction() as session:
        confirm(session, READER.address, NOW)
    assert due(database) == [READER.address]


def test_who_pauses_is_told_nothing_and_afterwards_only_what_comes_then(database: Database) -> None:
    with database.transaction() as session:
        add_subscription(session, replace(READER, confirmed_at=NOW))
        assert pause(session, READER.address, NOW)
        assert not pause(session, "nobody@example.org", NOW)
    assert due(database) == []
    with database.transaction() as session:
        assert resume(session, READER.address, NOW - HOUR / 2)
        assert not resume(session, "nobody@example.org", NOW)
        found = subscription(session, READER.address)
        assert found is not None
        assert (found.paused_at, found.told_from) == (None, NOW - HOUR / 2)
    assert due(database) == [READER.address]


def test_what_nobody_confirmed_in_time_is_deleted(database: Database) -> None:
    with database.transaction() as session:
        add_subscription(session, READER)
        add_subscription(session, make_subscription("new@example.org", created_at=NOW))
        add_subscription(session, make_subscription("sure@example.org", confirmed_at=NOW))
        assert remove_unconfirmed(session, NOW) == 1
        assert [each.address for each in subscriptions(session)] == ["new@example.org", "sure@example.org"]


def test_a_suppressed_address_gets_nothing_more_until_that_is_lifted(database: Database) -> None:
    with database.transaction() as session:
        add_subscription(session, replace(READER, confirmed_at=NOW))
        queue_message(session, make_message(), "email", NOW)
        suppress(session, READER.address, HASH, SuppressionReason.COMPLAINT, NOW)
        suppress(session, READER.address, HASH, SuppressionReason.ERASED, NOW)
        assert suppression(session, HASH) is SuppressionReason.COMPLAINT
        assert lease_deliveries(session, NOW + DAY, 9, HOUR) == []
        assert [one.last_error for one in deliveries(session)] == ["the address is suppressed: complaint"]
    assert due(database) == []
    with database.transaction() as session:
        lift_suppression(session, READER.address, HASH)
        assert suppression(session, HASH) is None
    assert due(database) == [READER.address]


def test_an_address_that_bounces_rests_longer_each_time_and_then_for_good(database: Database) -> None:
    with database.transaction() as session:
        add_subscription(session, replace(READER, confirmed_at=NOW))
        queue_message(session, make_message(), "email", NOW)
        rests = [count_soft_bounce(session, READER.address, NOW) for _ in range(5)]
        assert rests == [DAY, 2 * DAY, 4 * DAY, 8 * DAY, None]
        assert lease_deliveries(session, NOW + 7 * DAY, 9, HOUR) == []
        assert count_soft_bounce(session, READER.address, NOW + 31 * DAY) == DAY
        assert count_soft_bounce(session, "nobody@example.org", NOW) == timedelta()


def test_a_subscription_that_cannot_be_read_is_named_with_its_number(database: Database) -> None:
    with database.transaction() as session:
        for name in ("ana", "bo"):
            add_subscription(session, make_subscription(f"{name}@example.org"))
        session.execute(
            update(SubscriptionRow).where(col(SubscriptionRow.id) == 2).values(timezone="Mars/One")
        )
    unreadable: list[Unreadable] = []
    with database.reading() as session:
        found = subscriptions(session, unreadable=unreadable)
    assert [each.address for each in found] == ["ana@example.org"]
    assert [(each.id, each.address) for each in unreadable] == [(2, "bo@example.org")]
    assert unreadable[0].reason.startswith("bo@example.org: the stored subscription 2 cannot be read (")
    assert "set it anew with `tip-monitor subscribers add bo@example.org" in unreadable[0].reason
