"""What was agreed, in the second language of the village."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_second_text"
down_revision = "2026_11_25_papers"


def upgrade() -> None:
    op.add_column("consensus", sa.Column("second_text", sa.Text(), nullable=True))
