"""An entry is found by its number and by its record, never by its act alone; and in a province, which takes in hundreds
of entries at once, nothing is asked of the database for each of them that the ledger knows: its stream is there.

How often something was written for a county is counted, so that whoever has read it need not read it again.
"""

import sqlalchemy as sa
from alembic import op

from db.dialect import POSTGRESQL

revision = "2026_11_30_turn"
down_revision = "2026_11_29_statement_order"

# Where the counties were parted it stands at the part that lies here (`db/shards.py`).
_DROP = """DO $$ DECLARE found record; BEGIN
 FOR found IN SELECT conrelid::regclass AS place FROM pg_constraint WHERE conname = 'fk_entry_stream_stream'
  AND connamespace = to_regnamespace(current_schema())
 LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT fk_entry_stream_stream', found.place); END LOOP; END $$"""


def upgrade() -> None:
    op.drop_index(op.f("ix_entry_set_id"), table_name="entry")
    if op.get_bind().dialect.name == POSTGRESQL:
        op.execute(_DROP)
    op.create_table(
        "turn",
        sa.Column("county", sa.Text(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("county", name=op.f("pk_turn")),
    )
