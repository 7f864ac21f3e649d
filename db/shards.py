"""Counties in other PostgreSQL clusters: a province that has outgrown one machine, and stays one database to all.

The tables whose rows belong to a county are parted by it. What has no place of its own lies here; a county that was
moved lies in a cluster elsewhere, behind `postgres_fdw`, and whoever works for it asks that cluster alone. Moving is
one transaction, during which everybody else waits to write. Where rows were is emptied once it is done: a power cut
may leave rows that nobody asks for any more, and never takes any.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError

from app.domain.errors import Trouble
from db import scope
from db.dialect import POSTGRESQL
from db.ground import alone
from db.province import DatabaseAway
from db.scope import ALL, KEPT_APART, OWNER
from db.settling import do, let_roles_in, rule

HERE, LEFT = "here_", "left_"
"""How tables are called in which everything lies that has no place of its own; and what a county has left."""
AT_ONCE = 500
"""How many rows go to another cluster in one statement."""
_IS_PARTED = "SELECT relkind = 'p' FROM pg_class WHERE oid = to_regclass('entry')"
_IS_AWAY = "SELECT count(*) FROM pg_foreign_table WHERE ftrelid = to_regclass(:table)"
_COLUMNS = """SELECT quote_ident(attname), format_type(atttypid, atttypmod)
 || CASE WHEN attcollation <> 0 THEN ' COLLATE "C"' ELSE '' END || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END
 FROM pg_attribute WHERE attrelid = to_regclass(:table) AND attnum > 0 AND NOT attisdropped ORDER BY attnum"""
_INDEXES = "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = to_regclass(:table)"
_NAMED = re.compile(r" INDEX \S+ ON \S+ ")
_AWAY = """SELECT substr(c.relname, length('entry_') + 1), s.srvname FROM pg_foreign_table f
 JOIN pg_foreign_server s ON s.oid = f.ftserver JOIN pg_class c ON c.oid = f.ftrelid WHERE c.relname LIKE 'entry\\_%'"""
_LEFT = f"SELECT relname FROM pg_class WHERE relkind = 'f' AND relname LIKE '{LEFT.replace('_', chr(92) + '_')}%'"


class LeftBehind(Trouble):
    """A county has moved, but what it left cannot be emptied: the cluster it lay in is away."""

    code = "E-333"

    def __init__(self, county: str, why: str) -> None:
        told = f"（{why.strip().splitlines()[0]}）" if why.strip() else ""
        super().__init__(
            f"{county} 已经搬好了，原来那个集群里的旧行还没有清掉{told}",
            "数据一行不少，都在新的地方，服务照常",
            "原来那个集群开起来以后，把同一条命令再写一遍：不会再搬，只清旧行",
        )


class MoveUnclear(Trouble):
    """The connection was lost while a move was being committed: it may have come about, or not."""

    code = "E-337"

    def __init__(self, county: str) -> None:
        super().__init__(
            f"提交的时候和数据库断开了，{county} 搬没搬成，现在还不知道",
            "数据一行不少：不是还在原来的地方，就是都在新的地方",
            "等数据库开着，把同一条命令再写一遍：搬成了就只清旧行，没搬成就再搬",
        )


def part(engine: Engine) -> None:
    """Part the tables by county, so that counties can lie elsewhere; what is parted already is left as it is.

    Raises:
        DatabaseAway: The database is.
    """
    with _there(), _alone(engine) as connection:
        if connection.execute(text(_IS_PARTED)).scalar():
            return
        do(connection, "CREATE EXTENSION IF NOT EXISTS postgres_fdw")
        for table in KEPT_APART:
            do(connection, f'ALTER TABLE "{table}" RENAME TO "{HERE}{table}"')
            made = f'(LIKE "{HERE}{table}" INCLUDING DEFAULTS)'
            do(connection, f'CREATE TABLE "{table}" {made} PARTITION BY LIST (county)')
            do(connection, f'ALTER TABLE "{table}" ATTACH PARTITION "{HERE}{table}" DEFAULT')
            rule(connection, table)
        let_roles_in(connection)


def move(engine: Engine, county: str, to: str = "") -> int:
    """Move a county to the cluster at an address, or back here with none, and empty what was left; return how many rows
    went, 0 when it lies there already.

    Raises:
        DatabaseAway: The other cluster is away, or has no room. Nothing has moved.
        MoveUnclear: Nobody knows whether it has. Whoever asks for the same once more finds out.
        LeftBehind: It has moved, and rows that nobody asks for any more are where it was.
    """
    with _there(), _committed(engine, county) as connection:
        place = make_url(to) if to else None
        server = _server(connection, place) if place else ""
        is_there = _away(connection).get(county, "") == server
        if place and not is_there:
            _make_room(connection, county, place)
        rows = 0 if is_there else sum(_move(connection, table, county, server) for table in KEPT_APART)
    try:
        sweep(engine)
    except DBAPIError as error:
        raise LeftBehind(county, str(error.orig)) from error
    return rows


def sweep(engine: Engine) -> None:
    """Empty what counties have left in other clusters, wherever one answers.

    Raises:
        DBAPIError: Some cluster does not.
    """
    with scope.within(OWNER):
        with engine.connect() as connection:
            left = connection.execute(text(_LEFT)).scalars().all()
        away = None
        for table in left:
            try:
                with engine.begin() as connection:
                    do(connection, f'TRUNCATE "{table}"')
                    do(connection, f'DROP FOREIGN TABLE "{table}"')
            except DBAPIError as error:
                away = error
    if away:
        raise away


def away(engine: Engine) -> dict[str, str]:
    """Return which counties lie elsewhere, each with the name of the cluster here.

    Raises:
        DatabaseAway: The database is.
    """
    with _there(), scope.within(OWNER), engine.connect() as connection:
        return _away(connection)


def _away(connection: Connection) -> dict[str, str]:
    return {row[0]: row[1] for row in connection.execute(text(_AWAY))}


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """Open a transaction of the tables' owner, while nobody else writes."""
    with scope.within(OWNER), engine.begin() as connection:
        alone(connection, ALL)
        yield connection


@contextmanager
def _committed(engine: Engine, county: str) -> Iterator[Connection]:
    """Open that transaction to move a county in.

    Raises:
        MoveUnclear: Everything was done but for the commit, of which nothing was heard.
    """
    is_done = False
    try:
        with _alone(engine) as connection:
            yield connection
            is_done = True
    except DBAPIError as error:
        if is_done and error.connection_invalidated:
            raise MoveUnclear(county) from error
        raise


@contextmanager
def _there() -> Iterator[None]:
    """Tell of a database that is away, or of an address that is none."""
    try:
        yield
    except ArgumentError as error:
        raise DatabaseAway from error
    except DBAPIError as error:
        raise DatabaseAway(str(error.orig)) from error


def _move(connection: Connection, table: str, county: str, server: str) -> int:
    """Bring the rows of a county into a table of that server, or into the one here; return how many there are."""
    lies, left, columns = f"{table}_{county}", f"{LEFT}{table}_{county}", _columns(connection, table)
    was_away = bool(connection.execute(text(_IS_AWAY), {"table": f'"{lies}"'}).scalar())
    if was_away:
        do(connection, f'ALTER TABLE "{table}" DETACH PARTITION "{lies}"')
        do(connection, f'ALTER FOREIGN TABLE "{lies}" RENAME TO "{left}"')
    source, target = left if was_away else f"{HERE}{table}", lies if server else f"{HERE}{table}"
    if server:
        told = ", ".join(f"{name} {kind}" for name, kind in columns)
        do(
            connection,
            f'CREATE FOREIGN TABLE "{lies}" ({told}) SERVER "{server}" '
            f"OPTIONS (table_name '{lies}', batch_size '{AT_ONCE}')",
        )
    names = ", ".join(name for name, _ in columns)
    copied = text(f'INSERT INTO "{target}" ({names}) SELECT {names} FROM "{source}" WHERE county = :county')
    count = connection.execute(copied, {"county": county}).rowcount
    if not was_away:
        connection.execute(text(f'DELETE FROM "{source}" WHERE county = :county'), {"county": county})
    if server:
        do(connection, f'ALTER TABLE "{table}" ATTACH PARTITION "{lies}" FOR VALUES IN (\'{county}\')')
    return int(count)


def _make_room(connection: Connection, county: str, place: URL) -> None:
    """Make the tables of a county in another cluster, empty, with the same keys."""
    there = create_engine(place.set(drivername=f"{POSTGRESQL}+psycopg"))
    try:
        with there.begin() as other:
            for table in KEPT_APART:
                lies = f"{table}_{county}"
                told = ", ".join(f"{name} {kind}" for name, kind in _columns(connection, table))
                do(other, f'DROP TABLE IF EXISTS "{lies}"')
                do(other, f'CREATE TABLE "{lies}" ({told})')
                for index in connection.execute(text(_INDEXES), {"table": f'"{HERE}{table}"'}).scalars():
                    do(other, _NAMED.sub(f' INDEX ON "{lies}" ', index, count=1))
    finally:
        there.dispose()


def _server(connection: Connection, place: URL) -> str:
    """Return the name here of the cluster at an address, which is written down if it is new."""
    host = str(place.query.get("host", place.host or "localhost"))
    told = {"host": host, "port": str(place.port or 5432), "dbname": place.database or ""}
    name = "at_" + re.sub(r"[^0-9A-Za-z]+", "_", "_".join(told.values())).strip("_").lower()[-50:]
    known = text("SELECT count(*) FROM pg_foreign_server WHERE srvname = :name")
    if not connection.execute(known, {"name": name}).scalar():
        said = ", ".join(f"{key} {_quoted(value)}" for key, value in told.items())
        do(connection, f'CREATE SERVER "{name}" FOREIGN DATA WRAPPER postgres_fdw OPTIONS ({said})')
        user = f"user {_quoted(place.username or '')}"
        word = f"password {_quoted(place.password)}" if place.password else "password_required 'false'"
        do(connection, f'CREATE USER MAPPING FOR PUBLIC SERVER "{name}" OPTIONS ({user}, {word})')
    return name


def _columns(connection: Connection, table: str) -> list[tuple[str, str]]:
    found = connection.execute(text(_COLUMNS), {"table": f'"{table}"'}).all()
    return [(name, kind) for name, kind in found]


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
