"""Going back to the households: how many said what."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_revisit"
down_revision = "2026_11_26_exchange"


def upgrade() -> None:
    op.create_table(
        "revisit",
        sa.Column("consultation_id", sa.Text(), nullable=False),
        sa.Column("visited_on", sa.Text(), nullable=False),
        sa.Column("action_id", sa.Text(), nullable=True),
        sa.Column("very_satisfied", sa.Integer(), nullable=True),
        sa.Column("satisfied", sa.Integer(), nullable=True),
        sa.Column("fair", sa.Integer(), nullable=True),
        sa.Column("dissatisfied", sa.Integer(), nullable=True),
        sa.Column("unsure", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("standing", sa.Integer(), nullable=False),
        sa.Column("versions", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisit")),
    )
    op.create_index(op.f("ix_revisit_action_id"), "revisit", ["action_id"], unique=False)
    op.create_index(op.f("ix_revisit_consultation_id"), "revisit", ["consultation_id"], unique=False)
