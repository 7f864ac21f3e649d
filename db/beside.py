"""Writing beside the ledger: the office's own tables, which nobody who writes for a place ever touches.

In a file one writes after the other whatever it is about. On a server an account, a line of the log or a count waits
for others of its own kind alone, and no county waits for it (`db/ground.py` has the locks of places).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from db.dialect import is_server, unsaved
from db.ledger import SqlLedger

FIGURES, REGISTER = 0x7963, 0x7964
"""The kinds: figures are locked county by county; accounts, stays and the log, which is one chain, all together."""
_ALONE = "SELECT pg_advisory_xact_lock(?, ?)"


@contextmanager
def beside(engine: Engine, ledger: SqlLedger, kind: int, which: int = 0) -> Iterator[Connection]:
    """Open one durable transaction in which nobody else writes what is of this kind and number, in whatever process.

    Raises:
        NotSaved: The store would not take it. Nothing is half written.
    """
    if not is_server(engine):
        with ledger.transaction() as connection:
            yield connection
        return
    try:
        with unsaved(), engine.begin() as connection:
            connection.exec_driver_sql(_ALONE, (kind, which))
            yield connection
    finally:
        ledger.look()
