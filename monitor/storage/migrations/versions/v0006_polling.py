"""When sources are due, how long they fail and where they moved; items of feeds; pages of a backfill."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0003"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("source") as source:
        source.add_column(sa.Column("dead_after_seconds", sa.Integer(), nullable=True))
        source.add_column(sa.Column("interval_seconds", sa.Integer(), nullable=True))
        source.add_column(sa.Column("next_due_at", _MOMENT, nullable=True))
        source.add_column(sa.Column("last_new_at", _MOMENT, nullable=True))
        source.add_column(sa.Column("usual_gap_seconds", sa.Integer(), nullable=True))
        source.add_column(sa.Column("failing_since", _MOMENT, nullable=True))
        source.add_column(sa.Column("told_dead_at", _MOMENT, nullable=True))
        source.add_column(sa.Column("moved_to", sa.Text(), nullable=True))
    op.execute("UPDATE source SET dead_after_seconds = 86400")
    with op.batch_alter_table("source") as source:
        source.alter_column("dead_after_seconds", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("page") as page:
        page.add_column(sa.Column("fresh_until", _MOMENT, nullable=True))
    op.create_table(
        "fetched_page",
        sa.Column("url_key", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("final_url", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("snapshot_sha256", sa.String(length=64), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("fetched_at", _MOMENT, nullable=False),
        sa.CheckConstraint(
            "(snapshot_sha256 IS NULL) = (failure IS NOT NULL)", name="ck_fetched_page_outcome"
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_sha256"], ["snapshot.sha256"], name="fk_fetched_page_snapshot_sha256_snapshot"
        ),
        sa.PrimaryKeyConstraint("url_key", name="pk_fetched_page"),
    )
    op.create_index("ix_fetched_page_snapshot_sha256", "fetched_page", ["snapshot_sha256"])
    op.create_table(
        "feed_item",
        sa.Column("item_key", sa.String(length=64), nullable=False),
        sa.Column("source_key", sa.String(), nullable=False),
        sa.Column("guid_key", sa.String(length=64), nullable=True),
        sa.Column("link_key", sa.String(length=64), nullable=True),
        sa.Column("content_key", sa.String(length=64), nullable=True),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("item_key", name="pk_feed_item"),
    )
    for column in ("guid_key", "link_key", "content_key"):
        op.create_index(f"ix_feed_item_{column}", "feed_item", [column])
