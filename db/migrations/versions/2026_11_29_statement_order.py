"""Statements are found by the order in which they came, and by whom they speak of: a province has many thousands."""

from alembic import op

revision = "2026_11_29_statement_order"
down_revision = "2026_11_28_title_grams"


def upgrade() -> None:
    op.drop_index(op.f("ix_statement_file_kind"), table_name="statement_file")
    op.create_index(op.f("ix_statement_file_no"), "statement_file", ["no"])
    op.create_index(op.f("ix_statement_file_subject_kind"), "statement_file", ["subject", "kind"])
