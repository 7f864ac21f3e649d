"""How a thread asks and writes: by a connection of its own for each question and each act, or all of it in one turn.

On a server a turn is one transaction: what an exchange asks, takes in, keeps and says for a place costs one commit, and
all of it is durable at the end, or nothing is.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count
from typing import Any, Protocol

from sqlalchemy import Connection, Engine

from app.domain.errors import NotSaved
from db.dialect import is_server

READS = "yuanba_reads"
MOST_LINES = 256
FAILED = 3
"""How libpq calls a transaction of which nothing can come any more (PQTRANS_INERROR): its COMMIT says nothing of it."""
_NUMBERS = count(1)
Counts = dict[str, int]
"""How often something was written, by the place for which it was."""


def reader(engine: Engine) -> Engine:
    """Return the engine for reading only: its connections open no transaction and take no lock."""
    if is_server(engine):
        return engine.execution_options(isolation_level="AUTOCOMMIT")
    return engine.execution_options(**{READS: True})


class Lines:
    """Since when nobody but us has written what is kept for a county: as long as the server counts what we have counted
    there and in the offices above (`db/ground.py`), what was read of it once is still so."""

    def __init__(self) -> None:
        self._since: OrderedDict[str, tuple[Counts, int]] = OrderedDict()
        self._numbers = count(1)

    def since(self, place: str, counts: Counts) -> int:
        """Return a number that is another one if anybody else has written."""
        known, since = self._since.get(place, ({}, 0))
        return since if since and known == counts else next(self._numbers)

    def hold(self, place: str, counts: Counts, since: int) -> None:
        """Take down how it is counted at the end of a turn of ours."""
        self._since[place] = (counts, since)
        self._since.move_to_end(place)
        while len(self._since) > MOST_LINES:
            self._since.popitem(last=False)

    def drop(self, place: str) -> None:
        """Take down that a turn of ours has come to nothing: what was read in it was never so."""
        self._since.pop(place, None)


class Beginning(Protocol):
    """How a turn begins and ends."""

    def begin(self, connection: Connection) -> int:
        """Wait for the turn, in a transaction; return since when nobody else has written."""

    def end(self, turn: "Turn") -> None:
        """Take down that all that was written is durable."""


class Turn:
    """A transaction in which a thread asks and writes all that it asks and writes within a block: the how manieth it is
    (`number`), and since when nobody but us has written what is kept for its place."""

    def __init__(self, connection: Connection, beginning: Beginning) -> None:
        self.connection = connection
        self._beginning = beginning
        self._begin()

    def _begin(self) -> None:
        self.number = next(_NUMBERS)
        self.has_written = self.is_spoilt = False
        self.connection.begin()
        self.since = self._beginning.begin(self.connection)

    def commit(self) -> None:
        """Make durable what was written.

        Raises:
            NotSaved: Something could not be written or read, though whoever asked for it went on.
        """
        driver: Any = self.connection.connection.driver_connection
        if self.is_spoilt or driver.info.transaction_status == FAILED:
            raise NotSaved("a part of it was not written")
        self.connection.commit()
        self._beginning.end(self)

    def go_on(self) -> None:
        """Make durable what was written so far, and wait for one's turn again: what comes after may fail for itself.

        Raises:
            NotSaved: As above.
        """
        self.commit()
        self._begin()


_TURN: ContextVar[Turn | None] = ContextVar("turn", default=None)


@contextmanager
def in_turn(engine: Engine, beginning: Beginning) -> Iterator[Turn]:
    """Do all that this thread does with a server until the end of the block in one transaction: it costs less than most
    answers do, and what is written is durable at the end, all of it or nothing.

    Raises:
        NotSaved: Something could not be written, though whoever wrote it went on.
    """
    with engine.connect() as connection:
        turn = Turn(connection, beginning)
        before = _TURN.set(turn)
        try:
            yield turn
        finally:
            _TURN.reset(before)
        turn.commit()


def turn_with(engine: Engine) -> Turn | None:
    """Return the turn that this thread has with a server; None when it has none."""
    turn = _TURN.get()
    return turn if turn and turn.connection.engine.pool is engine.pool else None


@contextmanager
def asking(engine: Engine) -> Iterator[Connection]:
    """Open a connection to ask by, or use that of this thread's turn."""
    turn = turn_with(engine)
    if turn:
        yield turn.connection
        return
    with engine.connect() as connection:
        yield connection


@contextmanager
def writing(turn: Turn, begin: Callable[[Connection], None]) -> Iterator[Connection]:
    """Write in the transaction of a turn, which has to `begin` once; what fails in between spoils the turn, whoever
    goes on after it."""
    try:
        if not turn.has_written:
            begin(turn.connection)
            turn.has_written = True
        yield turn.connection
    except BaseException:
        turn.is_spoilt = True
        raise
