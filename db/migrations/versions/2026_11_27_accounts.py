"""Accounts, their stays, and the log of what they did, which nobody changes."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_accounts"
down_revision = "2026_11_27_place_book"

ACCOUNT = ("id", "name", "role", "scope", "password", "made_at")
LINE = ("previous", "at", "account", "act", "object", "outcome", "hash")
STAYS = "the audit log is only ever added to"


def upgrade() -> None:
    op.create_table(
        "account",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ACCOUNT),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("totp", "totp_offered")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("totp_step", "failures", "lockouts")),
        sa.Column("locked_until", sa.Text(), nullable=True),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.Column("removed_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
    )
    op.create_table(
        "session",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("token_hash", "account_id", "began_at", "seen_at")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_account_id"), "session", ["account_id"], unique=False)
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in LINE),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit")),
    )
    _guard_log(op.get_bind().dialect.name)


def _guard_log(dialect: str) -> None:
    """Let the store itself refuse to change the log. On PostgreSQL the server's own role should besides be granted
    INSERT and SELECT alone, by whoever owns the table."""
    if dialect == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON audit"
                f" BEGIN SELECT RAISE(ABORT, '{STAYS}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{STAYS}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_stays()"
    )
