"""Shared bulletins, channels, pauses, suppressions, leases with tokens, and return paths."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "suppression",
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name="pk_suppression"),
    )
    op.create_table(
        "bulletin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bulletin"),
        sa.UniqueConstraint("key", name="uq_bulletin_key"),
    )
    op.create_table(
        "bulletin_change",
        sa.Column("bulletin_id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bulletin_id"],
            ["bulletin.id"],
            name="fk_bulletin_change_bulletin_id_bulletin",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name="fk_bulletin_change_change_id_change"),
        sa.PrimaryKeyConstraint("bulletin_id", "change_id", name="pk_bulletin_change"),
    )
    with op.batch_alter_table("digest") as digest:
        digest.add_column(sa.Column("bulletin_id", sa.Integer(), nullable=True))
        digest.create_foreign_key("fk_digest_bulletin_id_bulletin", "bulletin", ["bulletin_id"], ["id"])
        digest.create_index("ix_digest_bulletin_id", ["bulletin_id"])
    with op.batch_alter_table("delivery", table_kwargs={"sqlite_autoincrement": True}) as delivery:
        delivery.add_column(sa.Column("bulletin_id", sa.Integer(), nullable=True))
        delivery.add_column(sa.Column("unsubscribe_url", sa.Text(), nullable=True))
        delivery.add_column(sa.Column("return_key", sa.String(length=32), nullable=True))
        delivery.add_column(sa.Column("lease_token", sa.String(length=32), nullable=True))
        delivery.create_foreign_key("fk_delivery_bulletin_id_bulletin", "bulletin", ["bulletin_id"], ["id"])
        delivery.create_unique_constraint("uq_delivery_return_key", ["return_key"])
        delivery.create_index("ix_delivery_bulletin_id", ["bulletin_id"])
    _widen_subscriptions()


def _widen_subscriptions() -> None:
    with op.batch_alter_table("subscription") as subscription:
        for column in (
            sa.Column("regions", sa.JSON(), nullable=True),
            sa.Column("channel", sa.String(), nullable=True),
            sa.Column("target", sa.Text(), nullable=True),
            sa.Column("also_empty", sa.Boolean(), nullable=True),
            sa.Column("paused_at", _MOMENT, nullable=True),
            sa.Column("suppressed_at", _MOMENT, nullable=True),
            sa.Column("told_from", _MOMENT, nullable=True),
            sa.Column("covered_until", _MOMENT, nullable=True),
            sa.Column("due_at", _MOMENT, nullable=True),
            sa.Column("group_key", sa.String(length=64), nullable=True),
            sa.Column("published_mark", sa.String(), nullable=True),
            sa.Column("soft_bounces", sa.Integer(), nullable=True),
            sa.Column("bounced_at", _MOMENT, nullable=True),
        ):
            subscription.add_column(column)
    # Due at once: the first round after this step finds out when they are due, and their group.
    op.execute(
        "UPDATE subscription SET regions = '[]', channel = 'email', also_empty = false, soft_bounces = 0,"
        " told_from = created_at, group_key = '',"
        " covered_until = COALESCE((SELECT MAX(ends_at) FROM digest"
        " WHERE digest.subscription_id = subscription.id), created_at),"
        " due_at = CASE WHEN confirmed_at IS NULL THEN NULL ELSE created_at END"
    )
    with op.batch_alter_table("subscription") as subscription:
        for name, kind in (
            ("regions", sa.JSON()),
            ("channel", sa.String()),
            ("also_empty", sa.Boolean()),
            ("told_from", _MOMENT),
            ("covered_until", _MOMENT),
            ("group_key", sa.String(length=64)),
            ("soft_bounces", sa.Integer()),
        ):
            subscription.alter_column(name, existing_type=kind, nullable=False)
        subscription.create_index("ix_subscription_due", ["group_key", "id", "due_at"])
