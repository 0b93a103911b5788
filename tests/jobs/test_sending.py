"""Sending: never lost, never twice, and no longer than it makes sense."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from monitor.delivery.mailer import DeliveryFailed
from monitor.domain.subscription import Channel, DeliveryState, Message
from monitor.jobs.recovery import free_leases_of_the_dead
from monitor.jobs.sending import DAEMON, send_deliveries
from monitor.storage.database import Database
from monitor.storage.outbox import deliveries, lease_deliveries, queue_message
from tests.builders import NOW
from tests.fakes import Clock
from tests.jobs.telling import Post

HOUR = timedelta(hours=1)


def queue(database: Database, *addresses: str, channel: Channel = Channel.EMAIL) -> None:
    with database.transaction() as session:
        for address in addresses:
            message = Message(f"<{address}>", address, "subject", "text", "<p>html</p>")
            queue_message(session, message, channel.value, NOW)


def states(database: Database) -> dict[str, tuple[str, int, str | None]]:
    with database.reading() as session:
        return {
            each.message.address: (each.state.value, each.attempts, each.last_error)
            for each in deliveries(session)
        }


async def test_everything_due_is_sent_once_over_several_connections(database: Database, clock: Clock) -> None:
    names = [f"r{n}@example.org" for n in range(250)]
    queue(database, *names)
    post = Post()
    sent = await send_deliveries(database, post, now=clock, connections=3)
    again = await send_deliveries(database, post, now=clock)
    assert (sent.sent, again.sent, post.addresses) == (250, 0, sorted(names))
    assert {state for state, _, _ in states(database).values()} == {"sent"}


async def test_a_passing_failure_is_tried_again_later_and_later(database: Database, clock: Clock) -> None:
    queue(database, "r@example.org")
    post = Post(lambda _: DeliveryFailed("451 later", permanent=False))
    tries = []
    while states(database)["r@example.org"][0] != "failed":
        before = len(post.tried)
        await send_deliveries(database, post, now=clock)
        if len(post.tried) > before:
            tries.append(clock.now - NOW)
        clock.advance(timedelta(minutes=1) if clock.now < NOW + 5 * HOUR else HOUR)
    assert tries[:5] == [timedelta(minutes=m) for m in (0, 1, 6, 36, 216)]
    assert timedelta(days=7) <= tries[-1] < timedelta(days=7, hours=13)
    assert states(database)["r@example.org"] == ("failed", len(tries), "451 later")


async def test_a_permanent_failure_is_given_up_and_a_bad_address_named(
    database: Database, clock: Clock
) -> None:
    queue(database, "gone@example.org", "spam@example.org", "good@example.org")

    def refuse(message: Message) -> DeliveryFailed | None:
        if message.address == "good@example.org":
            return None
        return DeliveryFailed("550", permanent=True, is_address_bad=message.address.startswith("gone"))

    sent = await send_deliveries(database, Post(refuse), now=clock)
    assert sent.bad_addresses == ["gone@example.org"]
    assert sorted(sent.failures) == ["gone@example.org: 550: given up", "spam@example.org: 550: given up"]
    assert states(database)["good@example.org"] == ("sent", 1, None)


async def test_a_server_that_is_down_is_not_asked_for_every_message(database: Database, clock: Clock) -> None:
    queue(database, *(f"r{n}@example.org" for n in range(100)))
    post = Post(lambda _: DeliveryFailed("refused", permanent=False, is_server_down=True))
    await send_deliveries(database, post, now=clock, connections=2)
    assert len(post.tried) < 12
    untried = [attempts for state, attempts, _ in states(database).values() if attempts == 0]
    assert len(untried) == 100 - len(post.tried)
    post.refuse = lambda _: None
    clock.advance(timedelta(minutes=2))
    assert (await send_deliveries(database, post, now=clock)).sent == 100


async def test_a_message_is_not_begun_when_its_lease_might_end_first(
    database: Database, clock: Clock
) -> None:
    queue(database, *(f"r{n}@example.org" for n in range(5)))

    class Slow(Post):
        async def take(self, message: Message) -> None:
            await super().take(message)
            clock.advance(timedelta(minutes=7))

    post = Slow()
    sent = await send_deliveries(database, post, now=clock, connections=1)
    assert (sent.sent, len(set(post.tried)), len(post.tried)) == (5, 5, 5)
    assert {attempts for _, attempts, _ in states(database).values()} == {1}


async def test_what_a_killed_daemon_held_is_sent_by_the_next_one_before_its_lease_ends(
    database: Database, clock: Clock
) -> None:
    queue(database, "a@example.org", "b@example.org")
    with database.transaction() as session:
        lease_deliveries(session, NOW, 1, HOUR, f"{DAEMON}0123456789abcdef")
        lease_deliveries(session, NOW, 1, HOUR, "another sender")
    assert free_leases_of_the_dead(database, now=NOW) == 1
    post = Post()
    await send_deliveries(database, post, now=clock, holder=DAEMON)
    assert post.addresses == ["a@example.org"]
    assert states(database)["b@example.org"][0] == "leased"


async def test_what_was_held_at_four_deaths_waits_until_its_lease_ends(database: Database) -> None:
    queue(database, "a@example.org")
    freed = []
    for _ in range(4):
        with database.transaction() as session:
            lease_deliveries(session, NOW, 1, HOUR, f"{DAEMON}0123456789abcdef")
        freed.append(free_leases_of_the_dead(database, now=NOW))
    assert freed == [1, 1, 1, 0]


async def test_a_message_is_handed_over_only_once_the_one_before_is_recorded(
    database: Database, clock: Clock
) -> None:
    queue(database, *(f"r{n}@example.org" for n in range(30)))
    unrecorded = []

    class Counting(Post):
        async def take(self, message: Message) -> None:
            sent = [address for address, (state, _, _) in states(database).items() if state == "sent"]
            unrecorded.append(len(self.taken) - len(sent))
            await asyncio.sleep(0)
            await super().take(message)

    await send_deliveries(database, Counting(), now=clock, connections=4)
    assert unrecorded == [0] * 30


class Halting(Post):
    """Takes three messages; the fourth is being handed over until ``go_on`` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = asyncio.Event()
        self.go_on = asyncio.Event()

    async def take(self, message: Message) -> None:
        if len(self.taken) == 3:
            self.reached.set()
            await self.go_on.wait()
        await super().take(message)


async def test_the_message_being_handed_over_at_the_end_is_recorded_and_the_rest_is_free(
    database: Database, clock: Clock
) -> None:
    queue(database, *(f"r{n}@example.org" for n in range(20)))
    post = Halting()
    sending = asyncio.create_task(send_deliveries(database, post, now=clock, connections=4))
    await post.reached.wait()
    sending.cancel()
    post.go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await sending
    sent = [address for address, (state, _, _) in states(database).items() if state == "sent"]
    assert (len(sent), sorted(sent)) == (4, post.addresses)
    assert {attempts for state, attempts, _ in states(database).values() if state != "sent"} == {0}
    assert (await send_deliveries(database, post, now=clock)).sent == 16


async def test_a_server_that_does_not_answer_at_the_end_leaves_one_message_in_doubt(
    database: Database, clock: Clock
) -> None:
    queue(database, *(f"r{n}@example.org" for n in range(20)))
    post = Halting()
    sending = asyncio.create_task(
        send_deliveries(database, post, now=clock, connections=4, grace_seconds=0.01)
    )
    await post.reached.wait()
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    with database.transaction() as session:
        free = lease_deliveries(session, clock.now, 50, HOUR)
    # It may have been taken: it waits for its lease to end, and goes out then.
    assert len(free) == 16


async def test_nothing_more_is_handed_over_once_an_acceptance_cannot_be_recorded(
    database: Database, clock: Clock
) -> None:
    queue(database, *(f"r{n}@example.org" for n in range(20)))
    with database.transaction() as session:
        session.connection().exec_driver_sql(
            "CREATE TRIGGER full BEFORE UPDATE ON delivery WHEN new.state = 'sent' "
            "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
    post = Post()
    with pytest.raises(IntegrityError):
        await send_deliveries(database, post, now=clock, connections=4)
    assert len(post.taken) == 1


async def test_a_server_that_does_not_say_whether_it_took_a_message_is_not_given_others(
    database: Database, clock: Clock
) -> None:
    queue(database, *(f"r{n}@example.org" for n in range(20)))
    post = Post(lambda _: DeliveryFailed("no word", permanent=False, is_server_down=True, is_unanswered=True))
    await send_deliveries(database, post, now=clock, connections=4)
    assert len(post.tried) == 1
    assert sorted({attempts for _, attempts, _ in states(database).values()}) == [0, 1]


async def test_a_webhook_that_does_not_answer_holds_up_no_mail_and_no_other_webhook(
    database: Database, clock: Clock
) -> None:
    queue(database, "https://slow.example.org/", "https://quick.example.org/", channel=Channel.WEBHOOK)
    queue(database, "r@example.org")
    post, mailed = Post(), asyncio.Event()

    class Hooks(Post):
        async def take(self, message: Message) -> None:
            if "slow" in message.address:
                await mailed.wait()
            await super().take(message)
            if "quick" in message.address:
                mailed.set()

    sent = await send_deliveries(database, post, now=clock, others={Channel.WEBHOOK: Hooks()})
    assert (sent.sent, post.addresses) == (3, ["r@example.org"])


async def test_webhooks_that_do_not_answer_end_no_later_than_one_of_them_after_the_mail(
    database: Database, clock: Clock
) -> None:
    queue(database, *(f"https://h{n}.example.org/" for n in range(40)), channel=Channel.WEBHOOK)
    queue(database, "r@example.org")

    class Silent(Post):
        async def take(self, message: Message) -> None:
            await asyncio.sleep(0.01)
            raise DeliveryFailed("no answer", permanent=False)

    post, silent = Post(), Silent()
    await send_deliveries(
        database, post, now=clock, others={Channel.WEBHOOK: silent}, connections=2, beside_seconds=0.0
    )
    assert post.addresses == ["r@example.org"]
    untried = [
        a for a, (state, attempts, _) in states(database).items() if (state, attempts) == ("queued", 0)
    ]
    assert len(untried) == 40 - len(silent.tried) > 0


async def test_each_channel_has_its_own_sender(database: Database, clock: Clock) -> None:
    queue(database, "r@example.org")
    queue(database, "https://hooks.example.org/secret", channel=Channel.WEBHOOK)
    queue(database, "slack://a/b/c", channel=Channel.CHAT)
    post, hooks = Post(), Post()
    sent = await send_deliveries(database, post, now=clock, others={Channel.WEBHOOK: hooks})
    assert (post.addresses, hooks.addresses) == (["r@example.org"], ["https://hooks.example.org/secret"])
    assert sent.failures == ["chat: no chat is set up here: tried again after 2013-06-20 12:01 UTC"]


async def test_a_suppressed_delivery_is_not_sent(database: Database, clock: Clock) -> None:
    queue(database, "r@example.org")
    with database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE delivery SET state = 'failed', due_at = NULL")
    assert (await send_deliveries(database, Post(), now=clock)).sent == 0
    assert states(database)["r@example.org"][0] == DeliveryState.FAILED.value
