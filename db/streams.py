"""Streams by number and by name: rows and entries keep the number, everything that travels the name."""

from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects import postgresql

from app.domain.op import Version
from db.dialect import is_server
from db.tables import EntryRow, StreamRow
from db.turns import reader

LocalVersion = list[int]
"""A version as rows keep it: Lamport counter, number of the stream, number of the entry."""
# Said to the driver as it is: every intake asks it, and putting a statement together costs more than its answer.
_STREAMS = "SELECT no, device, incarnation, branch, private_key IS NOT NULL, is_current FROM stream"
_NEWER = f"{_STREAMS} WHERE no > ? OR is_current"
_NUMBER = "SELECT no FROM stream WHERE device = ? AND incarnation = ? AND branch = ?"
STILL_COMING = 64
"""How many numbers may have been given out and not been written down, while greater ones were."""


class Streams:
    """Every stream that this home has heard of."""

    def __init__(self, connection: Connection, known: "Streams | None" = None) -> None:
        """Read them; when some are `known`, only what may have been written down since: they never change, but for
        which is ours."""
        if known is None:
            self.reload(connection)
        else:
            self._read_on(connection, known)

    def reload(self, connection: Connection) -> None:
        """Read them anew, for ours has become another one."""
        found = connection.exec_driver_sql(_STREAMS).all()
        self.names = {row[0]: named(*row[1:4]) for row in found}
        self.numbers = {name: no for no, name in self.names.items()}
        self.own = frozenset(no for no, *_, is_own, _ in found if is_own)
        (self.current,) = (int(no) for no, *_, is_current in found if is_current)

    def _read_on(self, connection: Connection, known: "Streams") -> None:
        last = max(known.names) - STILL_COMING
        found = connection.exec_driver_sql(_NEWER, (last,)).all()
        self.names = known.names | {row[0]: named(*row[1:4]) for row in found}
        self.numbers = known.numbers | {self.names[row[0]]: row[0] for row in found}
        self.own = known.own | {no for no, *_, is_own, _ in found if is_own}
        (self.current,) = (int(no) for no, *_, is_current in found if is_current)

    def number(self, connection: Connection, name: str, key: str = "") -> int:
        """Return the number of a stream, which is written down if it is new; a key that was not known is added."""
        no = self.numbers.get(name)
        if no is None:
            device, incarnation, branch = parted(name)
            row = {"device": device, "incarnation": incarnation, "branch": branch, "is_current": False, "began_at": ""}
            no = _added(connection, row | {"public_key": bytes.fromhex(key)})
            self.names[no] = name
            self.numbers[name] = no
        elif key:
            unknown = update(StreamRow).where(StreamRow.no == no, StreamRow.public_key == b"")
            connection.execute(unknown.values(public_key=bytes.fromhex(key)))
        return no

    def has_branches(self) -> bool:
        """Return whether any stream was found to be forked."""
        return any("~" in name for name in self.numbers)

    def seen(self, connection: Connection) -> dict[str, int]:
        """Return up to which entry of each stream this home has seen everything."""
        ends = connection.execute(select(EntryRow.stream, func.max(EntryRow.seq)).group_by(EntryRow.stream))
        return {self.names[no]: last for no, last in ends}

    def portable(self, version: LocalVersion) -> Version:
        """Return a version as it travels."""
        lamport, stream, seq = version
        return (lamport, self.names[stream], seq)

    def local(self, connection: Connection, version: Version) -> LocalVersion:
        """Return a version as rows keep it."""
        lamport, name, seq = version
        return [lamport, self.numbers.get(name) or self.number(connection, name), seq]


def _added(connection: Connection, row: dict[str, Any]) -> int:
    """Write down a stream. On a server for itself and at once: what speaks of it may lie in another cluster, where it
    is durable a moment before the rest; and who works for another county may be told of it at the same moment."""
    if not is_server(connection):
        added = connection.execute(insert(StreamRow).values(row))
        assert added.inserted_primary_key is not None
        return int(added.inserted_primary_key[0])
    with reader(connection.engine).connect() as other:
        made = postgresql.insert(StreamRow).values(row).on_conflict_do_nothing().returning(StreamRow.no)
        no = other.execute(made).scalar()
        if no is None:
            name = (row["device"], row["incarnation"], row["branch"])
            no = other.exec_driver_sql(_NUMBER, name).scalar_one()
    return int(no)


def named(device: str, incarnation: int, branch: str = "") -> str:
    """Return the name of a stream: `7f3a…/1`, and `7f3a…/1~ab12cd34` for a branch."""
    return f"{device}/{incarnation}{branch}"


def parted(name: str) -> tuple[str, int, str]:
    """Return device, incarnation and branch of a name."""
    device, _, rest = name.partition("/")
    incarnation, tilde, branch = rest.partition("~")
    return device, int(incarnation), tilde + branch
