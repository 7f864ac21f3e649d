"""The signs of a county's titles; every county is counted anew, which fills them in."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_title_grams"
down_revision = "2026_11_27_accounts"


def upgrade() -> None:
    op.create_table(
        "place_grams",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("county", "grams")),
        sa.PrimaryKeyConstraint("county", name=op.f("pk_place_grams")),
    )
    op.execute("UPDATE place_count SET mark = ''")
