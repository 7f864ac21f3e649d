"""The book of figures: cells, titles, and which counties were counted."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_place_book"
down_revision = "2026_11_27_revisit"

COUNTS = ("planned", "taken_up", "sittings", "consensuses", "unanimous", "done", "underway", "households", "content")


def upgrade() -> None:
    op.create_table(
        "place_cell",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("county", "township", "month", "category")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.PrimaryKeyConstraint("county", "township", "month", "category", name=op.f("pk_place_cell")),
    )
    op.create_index(op.f("ix_place_cell_month"), "place_cell", ["month"], unique=False)
    titles = ("county", "kind", "record_id", "consultation_id", "township", "title", "spelt")
    op.create_table(
        "place_title",
        *(sa.Column(name, sa.Text(), nullable=False) for name in titles),
        sa.PrimaryKeyConstraint("county", "kind", "record_id", name=op.f("pk_place_title")),
    )
    # Looking for a title walks this index and not the rows: most of these are tasks.
    op.create_index(op.f("ix_place_title_kind_title_spelt"), "place_title", ["kind", "title", "spelt"], unique=False)
    op.create_table(
        "place_count",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("county", "mark", "at", "upto")),
        sa.PrimaryKeyConstraint("county", name=op.f("pk_place_count")),
    )
    # Which counties have to be counted anew is asked every few seconds.
    op.create_index(op.f("ix_segment_region_taken_at"), "segment", ["region", "taken_at"], unique=False)
    op.create_index(op.f("ix_topic_village_code"), "topic", ["village_code"], unique=False)
    op.create_index(op.f("ix_consultation_place_codes"), "consultation", ["place_codes"], unique=False)
