"""What comes back, what is stuck, and the daily proof that the path works."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from monitor.delivery.return_box import MaildirBox
from monitor.domain.subscription import DeliveryState, Message
from monitor.jobs.canary import CanaryReport, send_canary
from monitor.jobs.recovery import recover
from monitor.jobs.returns import Returns, read_returns, suppress_bad_addresses
from monitor.jobs.sending import send_deliveries
from monitor.jobs.tending import Tending
from monitor.storage.database import Database
from monitor.storage.digests import due_subscriptions
from monitor.storage.outbox import Backlog, deliveries, lease_deliveries, queue_message
from monitor.storage.subscriptions import add_subscription, subscription, subscriptions
from monitor.storage.suppressions import SuppressionReason, suppression
from tests.builders import NOW
from tests.builders import subscription as subscribed
from tests.delivery.returned_samples import KEY, complaint, report
from tests.fakes import Clock
from tests.jobs.telling import PRESENTATION, Post

SIGNER = PRESENTATION.signer
ADDRESS = "reader@example.net"
DAY = timedelta(days=1)


def told(database: Database) -> None:
    message = Message("<1@example.org>", ADDRESS, "s", "t", "<p>h</p>", return_key=KEY)
    with database.transaction() as session:
        add_subscription(session, subscribed(ADDRESS))
        queue_message(session, message, "email", NOW)


def received(directory: Path, *mails: bytes) -> MaildirBox:
    (directory / "new").mkdir(parents=True, exist_ok=True)
    for n, mail in enumerate(mails):
        (directory / "new" / f"{n}").write_bytes(mail)
    return MaildirBox(directory)


def reason(database: Database) -> SuppressionReason | None:
    with database.reading() as session:
        return suppression(session, SIGNER.address_hash(ADDRESS))


def test_a_hard_bounce_suppresses_the_address(database: Database, tmp_path: Path) -> None:
    told(database)
    box = received(tmp_path, report())
    assert read_returns(database, box, SIGNER, now=NOW) == Returns(hard=1)
    assert read_returns(database, box, SIGNER, now=NOW) == Returns()
    assert reason(database) is SuppressionReason.BOUNCED
    with database.reading() as session:
        (delivery,) = deliveries(session)
        assert delivery.state is DeliveryState.FAILED
        assert due_subscriptions(session, NOW + DAY, "mark", limit=9).readable == ()


def test_the_same_report_twice_counts_once(database: Database, tmp_path: Path) -> None:
    told(database)
    box = received(tmp_path, *[report("4.4.7")] * 9)
    assert read_returns(database, box, SIGNER, now=NOW) == Returns(soft=1)
    assert reason(database) is None


def test_five_soft_bounces_are_as_good_as_a_hard_one(database: Database, tmp_path: Path) -> None:
    told(database)
    mails = [report("4.4.7").replace(b"no such user", f"try {n}".encode()) for n in range(5)]
    assert read_returns(database, received(tmp_path, *mails), SIGNER, now=NOW) == Returns(soft=5)
    assert reason(database) is SuppressionReason.BOUNCED


def test_a_complaint_suppresses_at_once(database: Database, tmp_path: Path) -> None:
    told(database)
    assert read_returns(database, received(tmp_path, complaint()), SIGNER, now=NOW) == Returns(complaints=1)
    assert reason(database) is SuppressionReason.COMPLAINT


def test_a_mail_that_asks_to_leave_ends_the_subscription(database: Database, tmp_path: Path) -> None:
    told(database)
    box = received(tmp_path, f"Subject: unsubscribe {KEY}\r\n\r\n".encode())
    assert read_returns(database, box, SIGNER, now=NOW) == Returns(left=1)
    with database.reading() as session:
        assert subscriptions(session) == []


def test_a_made_up_key_and_other_mail_do_nothing(database: Database, tmp_path: Path) -> None:
    told(database)
    box = received(tmp_path, report(to=f"alerts+b-{'f' * 20}@example.org"), b"Subject: hello\r\n\r\n")
    assert read_returns(database, box, SIGNER, now=NOW) == Returns(unknown=2)
    assert reason(database) is None


def test_an_address_that_a_server_refused_is_suppressed_too(database: Database) -> None:
    told(database)
    suppress_bad_addresses(database, [ADDRESS], SIGNER, now=NOW)
    assert reason(database) is SuppressionReason.BOUNCED


async def test_the_canary_flies_once_a_day_and_its_arrival_is_the_proof(
    database: Database, clock: Clock
) -> None:
    first = [send_canary(database, PRESENTATION, "ops@example.org", now=clock()) for _ in range(3)]
    assert first == [CanaryReport(None, is_late=False)] * 3
    post = Post()
    await send_deliveries(database, post, now=clock)
    assert [message.message_id for message in post.taken] == ["<canary.20130620@example.org>"]
    clock.advance(DAY)
    assert send_canary(database, PRESENTATION, "ops@example.org", now=clock()) == CanaryReport(
        NOW, is_late=False
    )
    clock.advance(timedelta(hours=3))
    assert send_canary(database, PRESENTATION, "ops@example.org", now=clock()) == CanaryReport(
        NOW, is_late=True
    )


def test_what_a_dead_sender_held_is_free_again(database: Database) -> None:
    told(database)
    with database.transaction() as session:
        lease_deliveries(session, NOW, 1, timedelta(minutes=15), "dead")
    assert recover(database, now=NOW + timedelta(minutes=40)).requeued == 0
    found = recover(database, now=NOW + timedelta(minutes=50))
    assert (found.requeued, found.backlog) == (1, Backlog(1, NOW, 0))


def test_a_subscription_that_nothing_would_look_at_is_scheduled_again(database: Database) -> None:
    with database.transaction() as session:
        for name in ("lost", "far", "fine"):
            add_subscription(session, subscribed(f"{name}@example.org"))
        run = session.connection().exec_driver_sql
        run("UPDATE subscription SET due_at = NULL WHERE address LIKE 'lost%'")
        run("UPDATE subscription SET due_at = '2030-01-01 00:00:00' WHERE address LIKE 'far%'")
    assert recover(database, now=NOW).rescheduled == 2
    assert recover(database, now=NOW).rescheduled == 0


def test_who_never_confirmed_is_forgotten(database: Database) -> None:
    with database.transaction() as session:
        add_subscription(session, replace(subscribed(ADDRESS), confirmed_at=None))
    assert recover(database, now=NOW).forgotten == 1
    with database.reading() as session:
        assert subscription(session, ADDRESS) is None


def test_a_box_that_cannot_be_read_stops_nothing_else(database: Database, tmp_path: Path) -> None:
    (tmp_path / "new").write_text("", encoding="utf-8")
    tended = Tending(PRESENTATION, MaildirBox(tmp_path), "ops@example.org").run(database, now=NOW)
    assert tended.canary == CanaryReport(None, is_late=False)
    assert tended.failure is not None
    assert tended.failure.endswith("Not a directory; check mail.return_box")
    assert Tending(PRESENTATION).run(database, now=NOW).canary is None
