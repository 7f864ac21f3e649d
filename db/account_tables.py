"""The tables of those who sign in, of their stays, and of the log of what they did. They never travel."""

from sqlalchemy.orm import Mapped, mapped_column

from db.tables import Base


class AccountRow(Base):
    """Somebody who may sign in."""

    __tablename__ = "account"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    scope: Mapped[str]
    password: Mapped[str]
    made_at: Mapped[str]
    must_change: Mapped[bool]
    totp: Mapped[str]
    totp_offered: Mapped[str]
    totp_step: Mapped[int]
    failures: Mapped[int]
    lockouts: Mapped[int]
    locked_until: Mapped[str | None]
    is_locked: Mapped[bool]
    removed_at: Mapped[str | None]


class SessionRow(Base):
    """One stay: of its token only the hash is here."""

    __tablename__ = "session"
    token_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(index=True)
    began_at: Mapped[str]
    seen_at: Mapped[str]


class AuditRow(Base):
    """One line of the log. A trigger of the migration refuses to change or delete it."""

    __tablename__ = "audit"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    previous: Mapped[str]
    at: Mapped[str]
    account: Mapped[str]
    act: Mapped[str]
    object: Mapped[str]
    outcome: Mapped[str]
    hash: Mapped[str]
