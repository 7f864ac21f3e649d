"""Many rows at once: by the driver's own loop into SQLite, by COPY into PostgreSQL.

They are copied into a table beside, for nothing can be copied past the rules that keep counties apart, and from there
in one statement. Who writes is alone and has looked what is there, so nothing of it can be there already; if it were,
the whole transaction had better fail than leave something out.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Boolean, Connection, Integer, LargeBinary

from db.dialect import NUL, in_its_words, is_server
from db.rows import columns, making, replacing
from db.scope import BESIDE, role, tell
from db.tables import Base

MOST_IDS = 500
FEW = 12
"""Up to how many rows are quicker said one by one."""
_KINDS: dict[type, str] = {Integer: "int8", BigInteger: "int8", Boolean: "bool", LargeBinary: "bytea"}
Row = tuple[Any, ...]


def find(connection: Connection, wanted: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str, str]]:
    """Yield kind, id and versions of the rows that are there of those wanted, by kind and id."""
    if is_server(connection):
        if wanted:
            with _driver(connection) as driver:
                # Not prepared: of tables that were small then, a plan made once would read all for ever.
                yield from driver.execute(_finding_all(tuple(wanted)), list(wanted.values()), prepare=False)
        return
    for kind, ids in wanted.items():
        for first in range(0, len(ids), MOST_IDS):
            some = tuple(ids[first : first + MOST_IDS])
            for record_id, said in connection.exec_driver_sql(_finding(kind, len(some)), some):
                yield kind, record_id, said


@cache
def _finding(kind: str, count: int) -> str:
    return f'SELECT "id", "versions" FROM "{kind}" WHERE "id" IN ({", ".join("?" * count)})'


@cache
def _finding_all(kinds: tuple[str, ...]) -> str:
    one = """SELECT '{0}', "id", "versions" FROM "{0}" WHERE "id" = ANY(%s)"""
    return " UNION ALL ".join(one.format(kind) for kind in kinds)


@contextmanager
def _driver(connection: Connection) -> Iterator[Any]:
    """Yield the driver's own connection, as whom this thread is; what goes wrong is told in SQLAlchemy's words."""
    driver: Any = connection.connection.driver_connection
    errors: Any = connection.dialect.loaded_dbapi
    try:
        tell(connection, driver)
        yield driver
    except errors.Error as error:
        raise in_its_words(connection, error) from error


def put(connection: Connection, table: str, rows: Sequence[Row]) -> None:
    """Make rows of a table, each with all of its columns in their order."""
    if not is_server(connection) or len(rows) <= FEW:
        connection.exec_driver_sql(making(table), list(rows))
    else:
        _copy(connection, table, rows)


def put_anew(connection: Connection, table: str, row: Row, *, is_there: bool = True) -> None:
    """Make a row, or write all of it anew but its key. On a server an older one that may be there goes first, whichever
    county it is kept under: what lies elsewhere (`postgres_fdw`) knows no other way."""
    if is_server(connection):
        key = _key(table)
        if is_there:
            connection.exec_driver_sql(_taking_out(table), tuple(row[place] for place in key))
        connection.exec_driver_sql(making(table), row)
    else:
        connection.exec_driver_sql(replacing(table), row)


def _copy(connection: Connection, table: str, rows: Sequence[Row]) -> None:
    names = ", ".join(f'"{name}"' for name in columns(table))
    beside = f'"{role()}_{table}"'  # each role has its own: none may write in what another made
    if table in _used(connection):
        connection.exec_driver_sql(f"DELETE FROM {beside}")
    elif beside not in _made(connection):
        made = f"CREATE TEMP TABLE IF NOT EXISTS {beside} ON COMMIT DELETE ROWS"
        connection.exec_driver_sql(f'{made} AS SELECT {names} FROM "{table}" WITH NO DATA')
        _made(connection).add(beside)
    _used(connection).add(table)
    said = f"COPY {beside} ({names}) FROM STDIN (FORMAT BINARY)"
    with _driver(connection) as driver, driver.cursor() as cursor, cursor.copy(said) as copy:
        copy.set_types(_types(table))
        for row in _without_nul(rows):
            copy.write_row(row)
    connection.exec_driver_sql(f'INSERT INTO "{table}" ({names}) SELECT {names} FROM {beside}')


def _without_nul(rows: Sequence[Row]) -> Iterator[Row]:
    """Yield rows as PostgreSQL can keep them (`db/dialect.py`); to look through all of them at once costs least."""
    if not any("\0" in "".join(value for value in column if type(value) is str) for column in zip(*rows, strict=True)):
        return iter(rows)
    return (tuple(value.replace("\0", NUL) if isinstance(value, str) else value for value in row) for row in rows)


def _used(connection: Connection) -> set[str]:
    """Return of which tables the ones beside have rows in them: those that were copied in this transaction."""
    told: tuple[object, set[str]] = connection.info.get("beside", (None, set()))
    if told[0] is not connection.get_transaction():
        told = connection.info["beside"] = (connection.get_transaction(), set())
    return told[1]


def _made(connection: Connection) -> set[str]:
    """Return which tables this connection has made beside; one made in a transaction that came to nothing is gone."""
    made: set[str] = connection.info.setdefault(BESIDE, set())
    return made


@cache
def _types(table: str) -> tuple[str, ...]:
    return tuple(_KINDS.get(type(column.type), "text") for column in Base.metadata.tables[table].columns)


@cache
def _key(table: str) -> tuple[int, ...]:
    names = columns(table)
    return tuple(names.index(column.name) for column in Base.metadata.tables[table].primary_key)


@cache
def _taking_out(table: str) -> str:
    names = columns(table)
    return f'DELETE FROM "{table}" WHERE ' + " AND ".join(f'"{names[place]}" = ?' for place in _key(table))
