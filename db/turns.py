"""How a thread asks and writes: by a connection of its own for each question and each act, or all of it in one turn.

On a server a turn is one transaction: what an exchange asks, takes in, keeps and says for a place costs one commit, and
all of it is durable at the end, or nothing is.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from app.domain.errors import NotSaved
from db.dialect import is_server

READS = "yuanba_reads"


def reader(engine: Engine) -> Engine:
    """Return the engine for reading only: its connections open no transaction and take no lock."""
    if is_server(engine):
        return engine.execution_options(isolation_level="AUTOCOMMIT")
    return engine.execution_options(**{READS: True})


@dataclass(slots=True)
class Turn:
    """One transaction, in which a thread asks and writes all that it asks and writes within a block. `since` is another
    number when anything has been committed between two turns."""

    connection: Connection
    since: int
    has_written: bool = False
    is_spoilt: bool = False


_TURN: ContextVar[Turn | None] = ContextVar("turn", default=None)


@contextmanager
def in_turn(engine: Engine, since: Callable[[Connection], int]) -> Iterator[Turn]:
    """Do all that this thread does with a server until the end of the block in one transaction: it costs less than most
    answers do, and what is written is durable at the end, all of it or nothing. `since` may make ready first.

    Raises:
        NotSaved: Something could not be written, though whoever wrote it went on.
    """
    with engine.connect() as connection, connection.begin():
        turn = Turn(connection, since(connection))
        before = _TURN.set(turn)
        try:
            yield turn
        finally:
            _TURN.reset(before)
        if turn.is_spoilt:
            raise NotSaved("a part of it was not written")


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
