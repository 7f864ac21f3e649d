"""The pen of a ledger: where its own stream stands."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from db.opened import MOST_LAMPORT
from db.tables import EntryRow, StreamRow


@dataclass(slots=True)
class Pen:
    """Where the current stream stands: the last number and the last Lamport counter used."""

    stream: int
    seq: int
    lamport: int

    def next(self) -> tuple[int, int, int]:
        """Go on to the next entry and return its stream, its number and its counter."""
        self.seq += 1
        self.lamport += 1
        return self.stream, self.seq, self.lamport


def pen_of(connection: Connection, stream: int) -> Pen:
    """Return where a stream stands."""
    seq = connection.execute(select(func.max(EntryRow.seq)).where(EntryRow.stream == stream)).scalar() or 0
    # The counter rises along each stream, so the last entry of each tells; a scan would take longer every year.
    last_one = select(EntryRow.lamport).where(EntryRow.stream == StreamRow.no).order_by(EntryRow.seq.desc()).limit(1)
    ends = connection.execute(select(last_one.scalar_subquery()).select_from(StreamRow)).scalars()
    return Pen(stream, seq, max((end for end in ends if end is not None and end <= MOST_LAMPORT), default=0))
