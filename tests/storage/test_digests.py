"""What subscribers were told: each change once to each, however many runs there are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from monitor.domain.change import ChangeStatus
from monitor.domain.subscription import Bulletin, Cadence, Message
from monitor.storage.changes import record_changes
from monitor.storage.database import Database, Session
from monitor.storage.digests import (
    Covered,
    DueSubscription,
    QueuedDigest,
    candidate_changes,
    due_subscriptions,
    held_changes,
    keep_bulletin,
    last_digest_end,
    mark_covered,
    published_mark,
    record_digests,
    told_changes,
)
from monitor.storage.outbox import deliveries
from monitor.storage.rows import BulletinRow, ReviewRow
from monitor.storage.subscriptions import add_subscription, pause
from tests.storage.builders import HOUR, NOW, make_change, make_subscription

READER = make_subscription(confirmed_at=NOW)
BULLETIN = Bulletin("One change", "shared\n", "<p>shared</p>\n", "{}", ("c1",))


def subscribed(database: Database, *addresses: str, **fields: object) -> tuple[DueSubscription, ...]:
    with database.transaction() as session:
        for address in addresses:
            add_subscription(session, make_subscription(address, confirmed_at=NOW, **fields))
        return due_subscriptions(session, NOW, "mark", limit=100).readable


def queued(due: DueSubscription, end: timedelta = timedelta()) -> QueuedDigest:
    message_id = f"<{due.id}.{end.total_seconds()}@example.org>"
    own = Message(message_id, due.subscription.address, "", "own\n", "<p>own</p>\n")
    return QueuedDigest(due.id, "email", NOW - HOUR, NOW + end, own)


def test_a_delivery_joins_what_is_shared_and_what_is_the_readers_own(database: Database) -> None:
    found = subscribed(database, "ana@example.org", "ben@example.org")
    with database.transaction() as session:
        record_changes(session, [make_change("c1")])
        bulletin = keep_bulletin(session, BULLETIN, NOW)
        assert keep_bulletin(session, BULLETIN, NOW) == bulletin
        assert record_digests(session, bulletin, [queued(each) for each in found], NOW) == 2
        assert len(session.exec(select(BulletinRow)).all()) == 1
        assert [one.message for one in deliveries(session)] == [
            Message(
                f"<{each.id}.0.0@example.org>",
                each.subscription.address,
                "One change",
                "shared\nown\n",
                "<p>shared</p>\n<p>own</p>\n",
                payload="{}",
                shared=(7, 14),
            )
            for each in found
        ]
        assert told_changes(session, [each.id for each in found], ["c1", "c2"]) == {
            each.id: {"c1"} for each in found
        }
        assert last_digest_end(session, "ana@example.org") == NOW


def test_the_same_run_again_records_nothing(database: Database) -> None:
    (reader,) = subscribed(database, READER.address)
    with database.transaction() as session:
        record_changes(session, [make_change("c1")])
        bulletin = keep_bulletin(session, BULLETIN, NOW)
        assert record_digests(session, bulletin, [queued(reader)], NOW) == 1
        assert record_digests(session, bulletin, [queued(reader)], NOW) == 0
        assert len(deliveries(session)) == 1


def test_a_change_told_before_cannot_be_told_again_in_another_period(database: Database) -> None:
    (reader,) = subscribed(database, READER.address)
    with database.transaction() as session:
        record_changes(session, [make_change("c1")])
        bulletin = keep_bulletin(session, BULLETIN, NOW)
        record_digests(session, bulletin, [queued(reader)], NOW)
    with pytest.raises(IntegrityError), database.transaction() as session:
        record_digests(session, bulletin, [queued(reader, HOUR)], NOW)
    with database.reading() as session:
        assert len(deliveries(session)) == 1


def test_no_digest_for_who_has_left(database: Database) -> None:
    (reader,) = subscribed(database, READER.address)
    gone = DueSubscription(reader.id + 1, reader.subscription, NOW, "")
    with pytest.raises(IntegrityError), database.transaction() as session:
        record_digests(session, keep_bulletin(session, BULLETIN, NOW), [queued(gone)], NOW)


def _reviewed(session: Session, change: str) -> None:
    session.add(ReviewRow(change_id=change, decision="approved", reviewer="r", reason="", decided_at=NOW))
    session.flush()


def test_what_was_held_is_news_from_when_a_person_approved_it(database: Database) -> None:
    old = NOW - 30 * 24 * HOUR
    with database.transaction() as session:
        record_changes(
            session,
            [
                make_change("later", created_at=NOW + HOUR),
                make_change("now", created_at=NOW),
                make_change("old", created_at=old),
                make_change("approved", created_at=old),
                make_change("held", status=ChangeStatus.HELD),
                make_change("history", status=ChangeStatus.HISTORY),
            ],
        )
        _reviewed(session, "approved")
        found = candidate_changes(session, NOW - HOUR, NOW)
        assert [(each.change.id, each.published_at) for each in found] == [("approved", NOW), ("now", NOW)]
        assert [each.id for each in held_changes(session)] == ["held"]


def test_subscriptions_come_in_pages_by_group(database: Database) -> None:
    subscribed(database, "a@example.org", "b@example.org")
    subscribed(database, "c@example.org", "d@example.org", countries=frozenset({"ARG"}))
    with database.reading() as session:
        pages = []
        after = ("", 0)
        while (page := due_subscriptions(session, NOW, "mark", after=after, limit=3)).last is not None:
            pages.append([each.subscription.address for each in page.readable])
            after = page.last
    assert sorted(address for page in pages for address in page) == [f"{name}@example.org" for name in "abcd"]
    assert {*pages[0][:2]} in ({"a@example.org", "b@example.org"}, {"c@example.org", "d@example.org"})


def test_an_instant_subscription_is_looked_at_when_something_else_is_published(database: Database) -> None:
    (reader,) = subscribed(database, READER.address, cadence=Cadence.INSTANT)
    with database.transaction() as session:
        mark = published_mark(session)
        mark_covered(session, [Covered(reader.id, NOW, NOW)], mark, NOW)
        assert due_subscriptions(session, NOW, mark, limit=9).readable == ()
        record_changes(session, [make_change("c1")])
        (again,) = due_subscriptions(session, NOW, published_mark(session), limit=9).readable
        assert (again.id, again.covered_until) == (reader.id, NOW)


def test_who_pauses_while_digests_are_compiled_stays_paused(database: Database) -> None:
    (reader,) = subscribed(database, READER.address)
    with database.transaction() as session:
        pause(session, READER.address, NOW)
        mark_covered(session, [Covered(reader.id, NOW, NOW)], "mark", NOW)
        assert due_subscriptions(session, NOW + 99 * HOUR, "other", limit=9).readable == ()
