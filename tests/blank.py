"""Tables of a new home, laid out once: what the migrations leave behind is written down and put into the next one.

A process that opens hundreds of new homes would else go through all migrations in each of them. Homes that are not
new, homes of processes of their own and stores on a server grow as always.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

from sqlalchemy import Connection, Engine

from db import keep
from db.dialect import is_server

Growing = Callable[[Engine], None]
_MADE = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid"


@contextmanager
def laid_out_once() -> Iterator[Growing]:
    """Let new homes have the tables of the first one; yield how they grow without that."""
    grows = keep._upgrade
    written: dict[str, list[str]] = {}

    def laid_out(engine: Engine) -> None:
        if is_server(engine) or not _is_blank(engine):
            grows(engine)
        elif keep.REVISION in written:
            with engine.begin() as connection:
                for line in written[keep.REVISION]:
                    connection.exec_driver_sql(line)
        else:
            grows(engine)
            with keep.reader(engine).connect() as connection:
                written[keep.REVISION] = list(_lines(connection))

    with patch.object(keep, "_upgrade", laid_out):
        yield grows


def _is_blank(engine: Engine) -> bool:
    with keep.reader(engine).connect() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar() == 0


def _lines(connection: Connection) -> Iterator[str]:
    """Return what makes these tables and their one row, which tells the revision."""
    yield from connection.exec_driver_sql(_MADE).scalars()
    names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
    full = [name for name in names if connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar()]
    assert full == ["alembic_version"], f"a new home has more than its tables: {full}"
    yield f"INSERT INTO alembic_version VALUES ('{keep.REVISION}')"
