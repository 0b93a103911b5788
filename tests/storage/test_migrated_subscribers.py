"""Subscribers and what was queued for them come through the step that gave them channels and bulletins."""

from __future__ import annotations

from datetime import timedelta

from alembic import command
from sqlalchemy import text

from monitor.domain.subscription import Channel, DeliveryState
from monitor.storage.database import Database
from monitor.storage.digests import due_subscriptions, last_digest_end, one_due
from monitor.storage.outbox import deliveries, lease_deliveries
from monitor.storage.schema import configuration, migrate
from tests.storage.builders import HOUR, NOW

_BEFORE = "0002"
_ROWS = (
    """INSERT INTO subscription (id, address_key, address, countries, kinds, cadence, timezone, hour,
       created_at, confirmed_at, threshold)
       VALUES (1, 'r1@example.org', 'R1@example.org', '[]', '[]', 'daily', 'UTC', 8, :made, :made, 'any'),
              (2, 'r2@example.org', 'R2@example.org', '[]', '[]', 'daily', 'UTC', 8, :made, NULL, 'any')""",
    """INSERT INTO digest (id, subscription_id, starts_at, ends_at, created_at)
       VALUES (1, 1, :made, :told, :told)""",
    """INSERT INTO delivery (id, digest_id, subscription_id, channel, message_id, address, subject, text,
       html, state, attempts, queued_at, due_at)
       VALUES (1, 1, 1, 'email', '<1@example.org>', 'R1@example.org', 's', 't', '<p>h</p>', 'queued', 0,
       :told, :told)""",
)


def test_subscribers_digests_and_deliveries_of_an_older_version_are_kept(empty_database: Database) -> None:
    with empty_database.migrating() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, _BEFORE)
        moments = {"made": NOW - timedelta(days=9), "told": NOW - timedelta(days=1)}
        for statement in _ROWS:
            connection.execute(text(statement), moments)
    migrate(empty_database)
    with empty_database.transaction() as session:
        (due,) = due_subscriptions(session, NOW, "mark", limit=9).readable
        assert (due.subscription.address, due.subscription.channel) == ("R1@example.org", Channel.EMAIL)
        assert due.covered_until == last_digest_end(session, "r1@example.org") == NOW - timedelta(days=1)
        unconfirmed = one_due(session, "r2@example.org")
        assert unconfirmed is not None
        assert unconfirmed.covered_until == NOW - timedelta(days=9)
        (leased,) = lease_deliveries(session, NOW, 9, HOUR, "token")
        assert (leased.message.text, leased.state) == ("t", DeliveryState.LEASED)
        assert [each.id for each in deliveries(session)] == [1]
