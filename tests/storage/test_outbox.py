"""Deliveries: never lost, never twice, and on lease to one sender at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import col

from monitor.domain.subscription import Delivery, DeliveryState
from monitor.storage.database import Database
from monitor.storage.outbox import (
    Backlog,
    backlog,
    deliveries,
    delivery_by_message_id,
    delivery_by_return_key,
    lease_deliveries,
    mark_failed,
    mark_sent,
    queue_message,
    release_deliveries,
    requeue_lost,
    requeue_stuck,
)
from monitor.storage.rows import DeliveryRow
from monitor.storage.subscriptions import add_subscription, remove_subscription
from tests.storage.builders import HOUR, NOW, make_message, make_subscription

LEASE = timedelta(minutes=5)
READER = make_subscription()


def queued(database: Database, number: int = 1) -> None:
    with database.transaction() as session:
        for n in range(number):
            queue_message(session, make_message(f"<{n}@example.org>"), "email", NOW)


def lease(database: Database, now: datetime = NOW, limit: int = 10) -> list[Delivery]:
    with database.transaction() as session:
        return lease_deliveries(session, now, limit, LEASE)


def test_a_message_is_queued_once(database: Database) -> None:
    with database.transaction() as session:
        delivery = queue_message(session, make_message(), "email", NOW)
        assert delivery is not None
        assert queue_message(session, make_message(), "email", NOW + HOUR) is None
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
            queue_message(session, make_message(f"<{name}@example.org>"), "email", NOW + wait * HOUR)
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
        held = queue_message(session, make_message(), "email", NOW)
        remove_subscription(session, READER.address)
        assert held is not None
        other = queue_message(session, make_message("<2@example.org>", "other@example.org"), "email", NOW)
        mark_sent(session, held, NOW)
        assert [(one.id, one.state) for one in deliveries(session)] == [(other, DeliveryState.QUEUED)]


def test_times_come_back_in_utc_whatever_zone_they_were_given_in(database: Database) -> None:
    madrid = datetime.fromisoformat("2026-06-30T10:00:00.000001+02:00")
    with database.transaction() as session:
        queue_message(session, make_message(), "email", madrid)
    with database.reading() as session:
        (delivery,) = deliveries(session)
    assert delivery.queued_at.isoformat() == "2026-06-30T08:00:00.000001+00:00"


def test_who_lost_a_lease_neither_puts_back_nor_gives_up_what_another_holds(database: Database) -> None:
    queued(database)
    with database.transaction() as session:
        (late,) = lease_deliveries(session, NOW, 1, LEASE, "first")
        (held,) = lease_deliveries(session, NOW + LEASE, 1, LEASE, "second")
        for retry_at in (NOW, None):
            mark_failed(session, late.id, NOW + LEASE, "too late", retry_at, "first")
        release_deliveries(session, [late.id], "first", NOW)
        assert deliveries(session) == [held]
        release_deliveries(session, [held.id], "second", NOW)
        assert deliveries(session) == [replace(held, state=DeliveryState.QUEUED, attempts=1)]


def test_what_is_stuck_or_waits_for_nothing_is_queued_again(database: Database) -> None:
    queued(database, 3)
    with database.transaction() as session:
        stuck, lost, _ = lease_deliveries(session, NOW, 3, LEASE, "gone")
        session.execute(update(DeliveryRow).where(col(DeliveryRow.id) == lost.id).values(due_at=None))
        mark_sent(session, 3, NOW)
        assert requeue_stuck(session, NOW + 2 * LEASE, NOW) == 1
        assert requeue_lost(session, NOW) == 1
        waiting = deliveries(session, state=DeliveryState.QUEUED)
        assert [one.id for one in waiting] == [stuck.id, lost.id]
        assert backlog(session, NOW, NOW - HOUR) == Backlog(2, NOW, 0)


def test_a_delivery_is_found_by_its_message_id_and_by_its_return_key(database: Database) -> None:
    with database.transaction() as session:
        queue_message(session, replace(make_message(), return_key="a" * 20), "email", NOW)
        found = delivery_by_return_key(session, "a" * 20)
        assert found == delivery_by_message_id(session, "<1@example.org>")
        assert found is not None
        assert delivery_by_return_key(session, "b" * 20) is None
