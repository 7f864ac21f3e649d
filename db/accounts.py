"""Accounts, stays and the log in the store: what belongs together is written in one durable transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Select, delete, insert, select, update

from app.domain.account import Account, Role, Stay
from app.domain.audit import BEGINNING, Deed, Line, bound
from db.account_tables import AccountRow, AuditRow, SessionRow
from db.beside import REGISTER, beside
from db.dialect import is_server
from db.ledger import SqlLedger
from db.sealed_text import TextSeal
from db.turns import reader

_PLAIN: tuple[str, ...] = ("id", "name", "scope", "password", "must_change", "totp_step")
_PLAIN += ("failures", "lockouts", "is_locked")
_SECRET = ("totp", "totp_offered")
"""What is kept sealed; kept before it was, it is sealed when the account is kept the next time."""
_TIMES = ("made_at", "locked_until", "removed_at")
_LINE = (AuditRow.number, AuditRow.previous, AuditRow.at, AuditRow.account, AuditRow.act, AuditRow.object)
_LINES = select(*_LINE, AuditRow.outcome, AuditRow.hash)
BLOCK = 1_000


class SqlPen:
    """Writes within one transaction; what it reads, nobody else changes until the end of it."""

    def __init__(self, connection: Connection, seal: TextSeal) -> None:
        self._connection, self._seal = connection, seal

    def account(self, account_id: str) -> Account | None:
        """Return an account, removed ones too."""
        return _first(self._connection, self._seal, select(AccountRow.__table__).where(AccountRow.id == account_id))

    def named(self, name: str) -> Account | None:
        """Return the account of a name, removed ones too: names are never given twice."""
        return _first(self._connection, self._seal, select(AccountRow.__table__).where(AccountRow.name == name))

    def accounts(self) -> list[Account]:
        """Return all accounts by name, removed ones too."""
        return _all(self._connection, self._seal)

    def keep(self, account: Account) -> None:
        """Keep an account as it now is."""
        row = _row(account, self._seal)
        changed = self._connection.execute(update(AccountRow).where(AccountRow.id == account.id).values(row))
        if not changed.rowcount:
            self._connection.execute(insert(AccountRow).values(row))

    def keep_stay(self, stay: Stay) -> None:
        """Keep a new stay."""
        times = {"began_at": stay.began_at.isoformat(), "seen_at": stay.seen_at.isoformat()}
        row = {"token_hash": stay.token_hash, "account_id": stay.account_id} | times
        self._connection.execute(insert(SessionRow).values(row))

    def see_stay(self, stay: Stay) -> None:
        """Take down when a stay was used last; one that has ended meanwhile stays ended."""
        its_own = SessionRow.token_hash == stay.token_hash
        self._connection.execute(update(SessionRow).where(its_own).values(seen_at=stay.seen_at.isoformat()))

    def end_stay(self, token_hash: str) -> None:
        """Forget one stay."""
        self._connection.execute(delete(SessionRow).where(SessionRow.token_hash == token_hash))

    def end_stays(self, account_id: str, but: str = "") -> None:
        """Forget every stay of an account but one."""
        others = (SessionRow.account_id == account_id, SessionRow.token_hash != but)
        self._connection.execute(delete(SessionRow).where(*others))

    def log(self, deed: Deed) -> Line:
        """Add a line to the log."""
        if is_server(self._connection):  # a server of an older program waits for other locks than ours
            self._connection.exec_driver_sql("LOCK TABLE audit IN EXCLUSIVE MODE")
        newest = select(AuditRow.number, AuditRow.hash).order_by(AuditRow.number.desc()).limit(1)
        last = self._connection.execute(newest).first()
        line = bound(last.hash, last.number + 1, deed) if last else bound(BEGINNING, 1, deed)
        self._connection.execute(insert(AuditRow).values(_line_row(line)))
        return line


class SqlRegister:
    """The accounts of one store."""

    def __init__(self, engine: Engine, ledger: SqlLedger, home_key: bytes) -> None:
        self._engine, self._reader, self._ledger = engine, reader(engine), ledger
        self._seal = TextSeal(home_key, "second factor")

    @contextmanager
    def writing(self) -> Iterator[SqlPen]:
        """Open one durable transaction.

        Raises:
            NotSaved: The disk would not take it. Nothing is half written.
        """
        with beside(self._engine, self._ledger, REGISTER) as connection:
            yield SqlPen(connection, self._seal)

    def account(self, account_id: str) -> Account | None:
        """Return an account, removed ones too."""
        with self._reader.connect() as connection:
            return _first(connection, self._seal, select(AccountRow.__table__).where(AccountRow.id == account_id))

    def named(self, name: str) -> Account | None:
        """Return the account of a name, removed ones too."""
        with self._reader.connect() as connection:
            return _first(connection, self._seal, select(AccountRow.__table__).where(AccountRow.name == name))

    def accounts(self) -> list[Account]:
        """Return all accounts by name, removed ones too."""
        with self._reader.connect() as connection:
            return _all(connection, self._seal)

    def stay(self, token_hash: str) -> Stay | None:
        """Return the stay of a token."""
        with self._reader.connect() as connection:
            found = connection.execute(select(SessionRow.__table__).where(SessionRow.token_hash == token_hash)).first()
        times = (datetime.fromisoformat(found.began_at), datetime.fromisoformat(found.seen_at)) if found else None
        return Stay(found.token_hash, found.account_id, *times) if found and times else None

    def lines(self, after: int = 0) -> Iterator[Line]:
        """Yield the lines of the log after a number, the oldest first, read in blocks."""
        while True:
            asked = _LINES.where(AuditRow.number > after).order_by(AuditRow.number).limit(BLOCK)
            with self._reader.connect() as connection:
                block = [_line(*row) for row in connection.execute(asked)]
            if not block:
                return
            yield from block
            after = block[-1].number

    def newest(self, limit: int, before: int = 0) -> list[Line]:
        """Return the newest lines of the log, of those before a number if one is given."""
        asked = _LINES.order_by(AuditRow.number.desc()).limit(limit)
        with self._reader.connect() as connection:
            return [
                _line(*row) for row in connection.execute(asked.where(AuditRow.number < before) if before else asked)
            ]


def _first(connection: Connection, seal: TextSeal, asked: Select[Any]) -> Account | None:
    row = connection.execute(asked).mappings().first()
    return _account(dict(row), seal) if row else None


def _all(connection: Connection, seal: TextSeal) -> list[Account]:
    rows = connection.execute(select(AccountRow.__table__).order_by(AccountRow.name)).mappings()
    return [_account(dict(row), seal) for row in rows]


def _account(row: dict[str, Any], seal: TextSeal) -> Account:
    told: dict[str, Any] = {name: row[name] for name in _PLAIN}
    told |= {name: seal.open(row[name], row["id"]) for name in _SECRET}
    told |= {name: _moment(row[name]) for name in _TIMES}
    return Account(role=Role(row["role"]), **told)


def _row(account: Account, seal: TextSeal) -> dict[str, Any]:
    told: dict[str, Any] = {name: getattr(account, name) for name in _PLAIN} | {"role": account.role.value}
    told |= {name: seal.seal(getattr(account, name), account.id) for name in _SECRET}
    return told | {name: _text(getattr(account, name)) for name in _TIMES}


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _line(number: int, previous: str, at: str, account: str, act: str, about: str, outcome: str, its_hash: str) -> Line:
    return Line(number, previous, Deed(at, account, act, about, outcome), its_hash)


def _line_row(line: Line) -> dict[str, Any]:
    names = ("at", "account", "act", "object", "outcome")
    told = {name: getattr(line.deed, name) for name in names}
    return {"number": line.number, "previous": line.previous, "hash": line.hash} | told
