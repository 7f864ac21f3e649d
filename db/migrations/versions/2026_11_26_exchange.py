"""The exchange: acts of sealing, segments, receipts, statements, identities, packages, contests, rulings."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_26_exchange"
down_revision = "2026_11_25_second_text"


def upgrade() -> None:  # long: a list of tables
    op.create_table(
        "arrival",
        sa.Column("no", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("told", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_arrival")),
    )
    op.create_table(
        "contest",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("is_by_rule", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "record_id", "field", name=op.f("pk_contest")),
    )
    op.create_table(
        "freight",
        sa.Column("no", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("among", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("have", sa.Text(), nullable=False),
        sa.Column("letter", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_freight")),
        sa.UniqueConstraint("id", name=op.f("uq_freight_id")),
    )
    op.create_table(
        "guard",
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("edition_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("record_id", "edition_id", name=op.f("pk_guard")),
    )
    op.create_table(
        "identity",
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("use", sa.Text(), nullable=False),
        sa.Column("public", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_identity")),
    )
    op.create_table(
        "package",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("to_org", sa.Text(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("segments", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_package")),
    )
    op.create_table(
        "received",
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("custody", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("segment", "org", name=op.f("pk_received")),
    )
    op.create_table(
        "statement_file",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_file")),
    )
    op.create_index(op.f("ix_statement_file_kind"), "statement_file", ["kind"], unique=False)
    op.create_table(
        "waiting",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "record_id", name=op.f("pk_waiting")),
    )
    op.create_table(
        "withheld",
        sa.Column("stream", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("stream", "seq", name=op.f("pk_withheld")),
    )
    op.create_index(op.f("ix_withheld_record_id"), "withheld", ["record_id"], unique=False)
    op.create_table(
        "ruling",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("chosen", sa.Text(), nullable=True),
        sa.Column("others", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.Text(), nullable=True),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("standing", sa.Integer(), nullable=False),
        sa.Column("versions", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ruling")),
    )
    op.create_index(op.f("ix_ruling_record_id"), "ruling", ["record_id"], unique=False)
    op.create_table(
        "sealing",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("stream", sa.Integer(), nullable=False),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("last", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["stream"], ["stream.no"], name=op.f("fk_sealing_stream_stream")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealing")),
    )
    op.create_index(op.f("ix_sealing_stream"), "sealing", ["stream"], unique=False)
    op.create_table(
        "segment",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("stream", sa.Integer(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("acts", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("plain_digest", sa.Text(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["stream"], ["stream.no"], name=op.f("fk_segment_stream_stream")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
    )
    op.create_index(op.f("ix_segment_state"), "segment", ["state"], unique=False)
    op.create_index(op.f("ix_segment_stream_audience_last"), "segment", ["stream", "audience", "last"], unique=False)
    op.add_column("person", sa.Column("merged_into", sa.Text(), nullable=True))
    op.create_index(op.f("ix_person_merged_into"), "person", ["merged_into"], unique=False)
    op.add_column("stream", sa.Column("branch", sa.Text(), server_default="", nullable=False))
