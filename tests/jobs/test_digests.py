"""What each subscriber is told, when, and never twice: stories over a real store."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlmodel import col

from monitor.domain.change import Change, ChangeKind, ChangeStatus
from monitor.domain.country import Countries, Country
from monitor.domain.subscription import Cadence, Channel, Delivery, Subscription
from monitor.jobs.digests import compile_digests, preview_digest
from monitor.storage.changes import record_changes
from monitor.storage.database import Database
from monitor.storage.outbox import deliveries
from monitor.storage.rows import ReviewRow, SubscriptionRow
from monitor.storage.subscriptions import add_subscription, pause, remove_subscription, resume
from tests.builders import NOW, change, subscription
from tests.checks import record_success
from tests.jobs.telling import PRESENTATION, RENDER

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SLOT = NOW.replace(hour=8)
ANA = subscription("ana@example.org", created_at=NOW - 2 * DAY)


def subscribe(database: Database, *each: Subscription) -> None:
    with database.transaction() as session:
        for one in each:
            add_subscription(session, one)


def publish(database: Database, *found: Change) -> None:
    with database.transaction() as session:
        record_changes(session, list(found))


def told(database: Database) -> list[Delivery]:
    with database.reading() as session:
        return deliveries(session)


def one(name: str, **fields: Any) -> Change:
    values: dict[str, Any] = {"id": name, "headline": f"Argentina: {name}", "created_at": SLOT - HOUR}
    return change(**(values | fields))


def ids(delivery: Delivery) -> list[str]:
    return [each["id"] for each in json.loads(delivery.message.payload)["changes"]]


def test_a_digest_tells_what_was_published_since_the_last_one_and_each_thing_once(database: Database) -> None:
    subscribe(database, ANA)
    publish(database, one("first"), one("not yet", created_at=SLOT + HOUR))
    for minutes in range(3):
        compile_digests(database, RENDER, now=SLOT + timedelta(minutes=minutes))
    publish(database, one("late", created_at=SLOT - 2 * HOUR))
    compile_digests(database, RENDER, now=SLOT + DAY)
    compile_digests(database, RENDER, now=SLOT + DAY + HOUR)
    assert [ids(each) for each in told(database)] == [["first"], ["late", "not yet"]]


def test_missed_runs_are_caught_up_as_one_digest(database: Database) -> None:
    subscribe(database, ANA)
    days = [one(f"day {n}", created_at=SLOT + n * DAY - HOUR) for n in range(7)]
    publish(database, *days)
    compiled = compile_digests(database, RENDER, now=SLOT + 6 * DAY + HOUR)
    assert compiled.digests == 1
    assert [sorted(ids(each)) for each in told(database)] == [[f"day {n}" for n in range(7)]]


def test_readers_who_are_told_the_same_share_one_rendering(database: Database) -> None:
    readers = [replace(ANA, address=f"r{n}@example.org") for n in range(5)]
    subscribe(database, *readers, replace(ANA, address="bolivia@example.org", countries=frozenset({"BOL"})))
    publish(database, one("first"), one("second", country="BOL"))
    compiled = compile_digests(database, RENDER, now=SLOT)
    assert (compiled.digests, compiled.bulletins, compiled.looked_at) == (6, 2, 6)
    for delivery in told(database):
        assert f"Sent to {delivery.message.address}, for the time since" in delivery.message.text


def test_who_was_told_part_of_it_is_told_the_rest_only(database: Database) -> None:
    instant = replace(ANA, address="instant@example.org", cadence=Cadence.INSTANT)
    subscribe(database, instant)
    publish(database, one("first"))
    compile_digests(database, RENDER, now=SLOT - HOUR)
    subscribe(database, replace(instant, address="other@example.org"))
    publish(database, one("second"))
    compile_digests(database, RENDER, now=SLOT)
    by_address: dict[str, list[list[str]]] = {}
    for delivery in told(database):
        by_address.setdefault(delivery.message.address, []).append(ids(delivery))
    assert by_address == {
        "instant@example.org": [["first"], ["second"]],
        "other@example.org": [["first", "second"]],
    }


def test_regions_widen_countries(database: Database) -> None:
    places = Countries([Country("ARG", "Argentina", "WHA"), Country("TUR", "Türkiye", "EUR")])
    render = replace(RENDER, presentation=replace(PRESENTATION, countries=places))
    subscribe(database, replace(ANA, countries=frozenset({"TUR"}), regions=frozenset({"WHA"})))
    publish(database, one("ARG"), one("TUR", country="TUR"), one("BRA", country="BRA"))
    compile_digests(database, render, now=SLOT)
    assert [sorted(ids(each)) for each in told(database)] == [["ARG", "TUR"]]


def test_a_wider_filter_brings_nothing_older(database: Database) -> None:
    subscribe(database, replace(ANA, countries=frozenset({"BOL"})))
    publish(database, one("old"))
    compile_digests(database, RENDER, now=SLOT)
    subscribe(database, ANA)
    publish(database, one("new", created_at=SLOT + HOUR))
    compile_digests(database, RENDER, now=SLOT + DAY)
    assert [ids(each) for each in told(database)] == [["new"]]


def test_what_is_held_is_counted_and_told_once_a_person_approved_it(database: Database) -> None:
    subscribe(database, ANA)
    publish(database, one("held", status=ChangeStatus.HELD), one("sure"))
    compile_digests(database, RENDER, now=SLOT)
    with database.transaction() as session:
        row = ReviewRow(
            change_id="held", decision="approved", reviewer="r", reason="", decided_at=SLOT + 20 * DAY
        )
        session.add(row)
        session.connection().exec_driver_sql("UPDATE change SET status = 'published' WHERE id = 'held'")
    for day in range(1, 22):
        compile_digests(database, RENDER, now=SLOT + day * DAY)
    first, second = told(database)
    assert "1 more change waits for a person" in " ".join(first.message.text.split())
    assert (ids(first), ids(second)) == (["sure"], ["held"])


def test_a_correction_goes_to_exactly_those_who_were_told(database: Database) -> None:
    subscribe(database, ANA, replace(ANA, address="ben@example.org", countries=frozenset({"BOL"})))
    publish(database, one("wrong"))
    compile_digests(database, RENDER, now=SLOT)
    correction = one("right", kind=ChangeKind.CORRECTION, corrects="wrong", created_at=SLOT + HOUR)
    publish(database, correction)
    subscribe(database, replace(ANA, address="new@example.org", created_at=SLOT + HOUR / 2))
    compile_digests(database, RENDER, now=SLOT + DAY)
    assert [(each.message.address, ids(each)) for each in told(database)] == [
        ("ana@example.org", ["wrong"]),
        ("ana@example.org", ["right"]),
    ]


def test_nothing_to_tell_sends_nothing_unless_asked_for(database: Database) -> None:
    asked = replace(ANA, address="asked@example.org", also_empty=True)
    subscribe(database, ANA, asked, replace(asked, address="i@example.org", cadence=Cadence.INSTANT))
    with database.transaction() as session:
        record_success(session, "tip", SLOT)
    compile_digests(database, RENDER, now=SLOT)
    (delivery,) = told(database)
    assert (delivery.message.address, delivery.message.subject) == ("asked@example.org", "Nothing changed")
    text = " ".join(delivery.message.text.split())
    assert "1 source was checked. Not checked when due: news." in text


def test_who_paused_hears_nothing_of_that_time(database: Database) -> None:
    subscribe(database, ANA)
    with database.transaction() as session:
        pause(session, ANA.address, SLOT - 2 * HOUR)
    publish(database, one("missed"))
    compile_digests(database, RENDER, now=SLOT)
    with database.transaction() as session:
        resume(session, ANA.address, SLOT + HOUR)
    publish(database, one("new", created_at=SLOT + 2 * HOUR))
    compile_digests(database, RENDER, now=SLOT + DAY)
    assert [ids(each) for each in told(database)] == [["new"]]


def test_processes_that_compile_at_once_tell_everything_once(database: Database) -> None:
    readers = [replace(ANA, address=f"r{n}@example.org", cadence=Cadence.INSTANT) for n in range(40)]
    subscribe(database, *readers)
    publish(database, one("first"), one("second"))
    with ThreadPoolExecutor(4) as pool:
        runs = [
            pool.submit(compile_digests, database, RENDER, now=SLOT + timedelta(seconds=n)) for n in range(4)
        ]
        assert sum(run.result().digests for run in runs) == 40
    assert sorted(each.message.address for each in told(database)) == sorted(r.address for r in readers)


def test_who_leaves_while_digests_are_compiled_stops_nobody_else(database: Database) -> None:
    subscribe(database, ANA, replace(ANA, address="ben@example.org"))
    publish(database, one("first"))

    class Leaving(type(RENDER)):  # type: ignore[misc]
        """Ends a subscription after its page was read and before it is committed."""

        def personal(self, personal: object) -> object:
            with database.transaction() as session:
                remove_subscription(session, "ben@example.org")
            return RENDER.personal(personal)  # type: ignore[arg-type]

    compile_digests(database, Leaving(PRESENTATION), now=SLOT)
    assert [each.message.address for each in told(database)] == ["ana@example.org"]


def test_a_webhook_gets_json_at_its_own_address(database: Database) -> None:
    hook = replace(ANA, channel=Channel.WEBHOOK, target="https://hooks.example.org/a")
    subscribe(database, hook)
    publish(database, one("first"))
    compile_digests(database, RENDER, now=SLOT)
    (delivery,) = told(database)
    assert (delivery.channel, delivery.message.address) == (Channel.WEBHOOK, "https://hooks.example.org/a")
    payload = json.loads(delivery.message.payload)
    assert (payload["schema"], payload["type"], payload["end"]) == (1, "digest", "2013-06-20T08:00:00Z")
    assert payload["changes"][0]["url"] == "https://tip.example.org/changes/first"


def test_a_preview_shows_what_would_be_told_and_changes_nothing(database: Database) -> None:
    subscribe(database, ANA)
    publish(database, one("first"))
    for _ in range(2):
        found = preview_digest(database, RENDER, ANA.address, now=NOW)
        assert found is not None
        assert [each.id for each in found[0].changes] == ["first"]
    assert preview_digest(database, RENDER, "nobody@example.org", now=NOW) is None
    assert told(database) == []


@pytest.mark.parametrize(
    "stored",
    [{"timezone": "Mars/Olympus"}, {"timezone": "America"}, {"hour": 24}, {"cadence": "hourly"}],
    ids=str,
)
def test_a_subscription_that_cannot_be_read_is_told_to_the_operator_and_the_others_go_on(
    database: Database, stored: dict[str, Any]
) -> None:
    bad = subscription("bad@example.org", created_at=NOW - 2 * DAY)
    subscribe(database, ANA, bad)
    publish(database, one("news"))
    with database.transaction() as session:
        session.execute(
            update(SubscriptionRow).where(col(SubscriptionRow.address) == bad.address).values(**stored)
        )
    compiled = compile_digests(database, RENDER, now=SLOT)
    (line,) = compiled.failures
    assert line.startswith("bad@example.org: the stored subscription 2 cannot be read (")
    assert "subscribers add bad@example.org" in line
    assert [each.message.address for each in told(database)] == [ANA.address]
    assert compile_digests(database, RENDER, now=SLOT + HOUR / 2).failures == []
    assert compile_digests(database, RENDER, now=SLOT + HOUR).failures == [line]


def test_a_subscription_whose_choices_are_no_json_stops_nobody(database: Database) -> None:
    """A hand in the file; SQLite takes any text for JSON."""
    bad = subscription("bad@example.org", created_at=NOW - 2 * DAY)
    subscribe(database, ANA, bad)
    publish(database, one("news"))
    with database.transaction() as session:
        session.execute(text("UPDATE subscription SET kinds = 'tier_changed' WHERE address LIKE 'bad@%'"))
    (line,) = compile_digests(database, RENDER, now=SLOT).failures
    assert "its countries, kinds or regions are no list" in line
    assert [each.message.address for each in told(database)] == [ANA.address]


def test_a_subscription_that_was_mended_is_told_what_it_missed(database: Database) -> None:
    bad = subscription("bad@example.org", created_at=NOW - 2 * DAY)
    subscribe(database, bad)
    publish(database, one("news"))
    with database.transaction() as session:
        session.execute(update(SubscriptionRow).values(timezone="Mars/Olympus"))
    compile_digests(database, RENDER, now=SLOT)
    subscribe(database, bad)
    assert compile_digests(database, RENDER, now=SLOT + HOUR).digests == 1
    assert [ids(each) for each in told(database)] == [["news"]]
