"""Subscribers and their mail: never lost, never twice, and on lease to one sender at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.domain.change import ChangeKind, ChangeStatus
from monitor.domain.subscription import Cadence, Delivery, DeliveryState
from monitor.storage.changes import record_changes
from monitor.storage.database import Database, StorageError
from monitor.storage.outbox import (
    deliveries,
    last_digest_end,
    lease_deliveries,
    mark_failed,
    mark_sent,
    queue_message,
    record_digest,
    undigested_changes,
)
from monitor.storage.subscriptions import (
    add_subscription,
    confirm,
    remove_subscription,
    subscription,
    subscriptions,
)
from tests.storage.builders import (
    HOUR,
    NOW,
    make_change,
    make_digest,
    make_message,
    make_subscription,
)

LEASE = timedelta(minutes=5)
READER = make_subscription()


def queued(database: Database, number: int = 1) -> None:
    with database.transaction() as session:
        for n in range(number):
            queue_message(session, make_message(f"<{n}@example.org>"), "mail", NOW)


def lease(database: Database, now: datetime = NOW, limit: int = 10) -> list[Delivery]:
    with database.transaction() as session:
        return lease_deliveries(session, now, limit, LEASE)


def test_a_subscription_comes_back_with_every_field(database: Database) -> None:
    full = make_subscription(
        "Müller+tip@Example.org",
        countries=frozenset({"ARG", "BOL"}),
        kinds=frozenset({ChangeKind.TIER_CHANGED}),
        cadence=Cadence.WEEKLY,
        timezone="Europe/Madrid",
        hour=7,
        confirmed_at=NOW,
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
        (change,) = record_changes(session, [make_change()])
        record_digest(session, make_digest(READER, change), make_message(), "mail", NOW)
        queue_message(session, make_message("<2@example.org>", READER.address), "mail", NOW)
        queue_message(session, make_message("<3@example.org>", "stays@example.org"), "mail", NOW)
        assert remove_subscription(session, " READER@example.org")
        assert not remove_subscription(session, READER.address)
        assert [one.message.address for one in deliveries(session)] == ["stays@example.org"]


def test_a_digest_gets_what_is_wanted_published_and_untold(database: Database) -> None:
    wanted = make_subscription(countries=frozenset({"ARG"}), kinds=frozenset({ChangeKind.FIGURE_CHANGED}))
    with database.transaction() as session:
        add_subscription(session, wanted)
        record_changes(
            session,
            [
                make_change("later", created_at=NOW + HOUR),
                make_change("at the end", created_at=NOW),
                make_change("of no country", created_at=NOW, country=None),
                make_change("between", created_at=NOW - HOUR / 2),
                make_change("when subscribed", created_at=NOW - HOUR),
                make_change("before", created_at=NOW - 2 * HOUR),
                make_change("other country", country="BRA"),
                make_change("other kind", kind=ChangeKind.TIER_CHANGED),
                make_change("held", status=ChangeStatus.HELD),
                make_change("history", status=ChangeStatus.HISTORY),
            ],
        )
        found = undigested_changes(session, wanted, NOW)
        assert [one.id for one in found] == ["between", "at the end", "of no country"]
        record_digest(session, make_digest(wanted, found[0]), make_message(), "mail", NOW)
        assert undigested_changes(session, wanted, NOW) == found[1:]


def test_a_change_that_became_visible_late_is_told_in_the_next_digest(database: Database) -> None:
    """A transaction that commits after the digest of its time still reaches the subscriber."""
    late = make_change("late", created_at=NOW - timedelta(seconds=1))
    with database.transaction() as session:
        add_subscription(session, READER)
        (told,) = record_changes(session, [make_change("told", created_at=NOW - timedelta(seconds=2))])
        record_digest(session, make_digest(READER, told), make_message(), "mail", NOW)
        record_changes(session, [late])
        assert undigested_changes(session, READER, NOW + HOUR) == [late]


def test_the_same_run_again_records_nothing(database: Database) -> None:
    with database.transaction() as session:
        add_subscription(session, READER)
        first, second = record_changes(session, [make_change("c1"), make_change("c2")])
        assert last_digest_end(session, READER.address) is None
        delivery = record_digest(session, make_digest(READER, first), make_message(), "mail", NOW)
        other = make_message("<2@example.org>")
        same_period = make_digest(READER, second)
        same_change = make_digest(READER, second, first, end=NOW + HOUR)
        assert record_digest(session, same_period, other, "mail", NOW) is None
        assert record_digest(session, same_change, other, "mail", NOW) is None
        assert [one.id for one in deliveries(session)] == [delivery]
        assert last_digest_end(session, READER.address) == NOW
        assert undigested_changes(session, READER, NOW) == [second]


def test_two_runs_at_once_tell_a_change_once(database: Database) -> None:
    with database.transaction() as session:
        add_subscription(session, READER)
        record_changes(session, [make_change(f"c{n}") for n in range(5)])

    def run(number: int) -> int | None:
        with database.transaction() as session:
            found = undigested_changes(session, READER, NOW)
            digest = make_digest(READER, *found, end=NOW + number * HOUR)
            if not found:
                return None
            return record_digest(session, digest, make_message(f"<{number}@example.org>"), "mail", NOW)

    with ThreadPoolExecutor(4) as pool:
        recorded = [delivery for delivery in pool.map(run, range(8)) if delivery is not None]
    with database.reading() as session:
        assert [one.id for one in deliveries(session)] == recorded
    assert len(recorded) == 1


def test_no_digest_for_who_has_left(database: Database) -> None:
    with (
        database.transaction() as session,
        pytest.raises(StorageError, match=r"^reader@example.org: not subscribed; add it with"),
    ):
        record_digest(session, make_digest(READER), make_message(), "mail", NOW)


def test_a_message_is_queued_once(database: Database) -> None:
    with database.transaction() as session:
        delivery = queue_message(session, make_message(), "mail", NOW)
        assert delivery is not None
        assert queue_message(session, make_message(), "mail", NOW + HOUR) is None
        assert last_digest_end(session, "reader@example.org") is None
        assert deliveries(session) == [Delivery(delivery, make_message(), DeliveryState.QUEUED, 0, NOW)]


def test_a_lease_keeps_others_away_until_it_ends(database: Database) -> None:
    queued(database)
    (leased,) = lease(database)
    assert (leased.state, leased.attempts) == (DeliveryState.LEASED, 1)
    assert lease(database, NOW + LEASE - timedelta(seconds=1)) == []
    assert lease(database, NOW + LEASE) == [replace(leased, attempts=2)]


def test_what_was_sent_is_never_leased_again(database: Database) -> None:
    queued(database)
    (leased,) = lease(database)
    with database.transaction() as session:
        mark_sent(session, leased.id, NOW + LEASE)
        mark_sent(session, leased.id, NOW + 2 * LEASE)
        mark_failed(session, leased.id, NOW + 2 * LEASE, "a sender whose lease ran out", NOW)
        sent = deliveries(session, state=DeliveryState.SENT)
    assert sent == [replace(leased, state=DeliveryState.SENT, sent_at=NOW + LEASE)]
    assert lease(database, NOW + 24 * HOUR) == []


def test_a_passing_failure_is_tried_again_when_it_is_time(database: Database) -> None:
    queued(database)
    (leased,) = lease(database)
    with database.transaction() as session:
        mark_failed(session, leased.id, NOW, "451 try again later", NOW + HOUR)
        waiting = deliveries(session, state=DeliveryState.QUEUED)
    assert waiting == [replace(leased, state=DeliveryState.QUEUED, last_error="451 try again later")]
    assert lease(database, NOW + LEASE) == []
    assert [one.attempts for one in lease(database, NOW + HOUR)] == [2]


def test_a_permanent_failure_is_the_end(database: Database) -> None:
    queued(database)
    (leased,) = lease(database)
    with database.transaction() as session:
        mark_failed(session, leased.id, NOW, "550 no such user", None)
        assert deliveries(session) == [
            replace(leased, state=DeliveryState.FAILED, last_error="550 no such user")
        ]
    assert lease(database, NOW + 24 * HOUR) == []


def test_who_is_due_first_is_sent_first(database: Database) -> None:
    with database.transaction() as session:
        for name, wait in (("c", 2), ("a", 0), ("b", 1), ("d", 3)):
            queue_message(session, make_message(f"<{name}@example.org>"), "mail", NOW + wait * HOUR)
    first = lease(database, NOW + 2 * HOUR, limit=2)
    assert [one.message.message_id for one in first] == ["<a@example.org>", "<b@example.org>"]
    assert [one.message.message_id for one in lease(database, NOW + 2 * HOUR + LEASE / 2)] == [
        "<c@example.org>"
    ]


def test_many_senders_share_the_queue_without_sharing_a_message(database: Database) -> None:
    queued(database, 60)

    def take_all(_: int) -> list[int]:
        taken: list[int] = []
        while batch := lease(database, limit=4):
            taken.extend(one.id for one in batch)
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [number for numbers in pool.map(take_all, range(4)) for number in numbers]
    assert len(taken) == len(set(taken)) == 60


def test_an_id_that_a_sender_holds_never_means_another_message(database: Database) -> None:
    with database.transaction() as session:
        add_subscription(session, READER)
        held = queue_message(session, make_message(), "mail", NOW)
        remove_subscription(session, READER.address)
        assert held is not None
        other = queue_message(session, make_message("<2@example.org>", "other@example.org"), "mail", NOW)
        mark_sent(session, held, NOW)
        assert [(one.id, one.state) for one in deliveries(session)] == [(other, DeliveryState.QUEUED)]


def test_times_come_back_in_utc_whatever_zone_they_were_given_in(database: Database) -> None:
    madrid = datetime.fromisoformat("2026-06-30T10:00:00.000001+02:00")
    with database.transaction() as session:
        queue_message(session, make_message(), "mail", madrid)
    with database.reading() as session:
        (delivery,) = deliveries(session)
    assert delivery.queued_at.isoformat() == "2026-06-30T08:00:00.000001+00:00"
