"""Reviews and corrections, how much a change matters and what it corrects, thresholds, shipped data."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(), nullable=True),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("original", sa.JSON(), nullable=True),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", _MOMENT, nullable=False),
        sa.Column("retired_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_correction"),
    )
    op.create_index("ix_correction_country_edition", "correction", ["country", "edition"])
    op.create_table(
        "shipped_data",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_shipped_data"),
    )
    with op.batch_alter_table("change") as change:
        change.add_column(sa.Column("significance", sa.Float(), nullable=True))
        change.add_column(sa.Column("corrects", sa.String(), nullable=True))
        change.create_index("ix_change_status_created_at", ["status", "created_at", "sequence"])
        change.create_index("ix_change_corrects", ["corrects"])
        change.create_index("ix_change_edition_country", ["edition", "country"])
    op.execute("UPDATE change SET significance = 0")
    with op.batch_alter_table("change") as change:
        change.alter_column("significance", existing_type=sa.Float(), nullable=False)
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name="fk_review_change_id_change"),
        sa.PrimaryKeyConstraint("id", name="pk_review"),
    )
    op.create_index("ix_review_change_id", "review", ["change_id"])
    with op.batch_alter_table("subscription") as subscription:
        subscription.add_column(sa.Column("threshold", sa.String(), nullable=True))
    op.execute("UPDATE subscription SET threshold = 'any'")
    with op.batch_alter_table("subscription") as subscription:
        subscription.alter_column("threshold", existing_type=sa.String(), nullable=False)
