"""What differs between SQLite on a laptop and PostgreSQL in a province; all other statements are said alike to both.

Statements that go to the driver as they are have SQLite's signs; `said` turns each into PostgreSQL's once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Boolean, Connection, Engine, Integer, Text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

from app.domain.errors import NotSaved, StoreAway

POSTGRESQL = "postgresql"
# Counters go up to 2**53, and text is sorted by its bytes: so SQLite does by itself.
WHOLE = Integer().with_variant(BigInteger(), POSTGRESQL)
WORDS = Text().with_variant(Text(collation="C"), POSTGRESQL)
NUL = "␀"
"""What is kept for the sign that PostgreSQL cannot keep, in what is shown; the journal has every sign."""
GREATEST = "\U0010ffff"
"""The greatest sign: what begins with a prefix sorts from it up to the prefix with this sign."""

_AWAY = ("08", "57P0", "53300")
"""What PostgreSQL calls a connection that is lost, a server that stops or starts, and one that has no more to give."""


def is_server(where: Engine | Connection) -> bool:
    """Return whether this is PostgreSQL."""
    return where.dialect.name == POSTGRESQL


@cache
def said(statement: str) -> str:
    """Return a statement as PostgreSQL's driver takes it: its places for values, and letters found in either case."""
    return statement.replace("%", "%%").replace("?", "%s").replace(" LIKE ", " ILIKE ")


def prepared(connection: Any) -> None:
    """Let a driver's connection to PostgreSQL write the one sign that no text there can have: NUL becomes ␀.

    And let the server look for a few rows of many by their keys, rather than read all of a table that it has not yet
    counted: a page read out of order costs hardly more than the next one where no disk turns.
    """
    from psycopg.types.string import StrDumperUnknown

    class Words(StrDumperUnknown):
        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace("\0", NUL) if "\0" in obj else obj)

    connection.adapters.register_dumper(str, Words)
    connection.execute("SET random_page_cost = 1.1")
    connection.commit()


def in_its_words(connection: Connection, error: Exception) -> BaseException:
    """Return what the driver said in SQLAlchemy's words."""
    errors: Any = connection.dialect.loaded_dbapi
    return DBAPIError.instance(None, None, error, errors.Error)


@contextmanager
def unsaved() -> Iterator[None]:
    """Tell of a store that would not take something, or is away, as of a disk; nothing is half written then.

    Raises:
        StoreAway: The database does not answer, or has no connection left.
        NotSaved: Anything else of that kind.
    """
    try:
        with there():
            yield
    except OperationalError as error:
        raise NotSaved(str(error.orig)) from error


@contextmanager
def there() -> Iterator[None]:
    """Tell of a database that is away as such; of anything else it cannot do, as it does itself.

    Raises:
        StoreAway: It does not answer, or has no connection left.
    """
    try:
        yield
    except DBAPIError as error:
        if not _is_away(error):
            raise
        raise StoreAway(str(error.orig)) from error


def _is_away(error: DBAPIError) -> bool:
    """Return whether it was not for what was asked, so that the same may be asked again once the database is back."""
    state = getattr(error.orig, "sqlstate", "")  # SQLite has none; None is a connection that never came to be
    is_unheard = isinstance(error, OperationalError) and (state is None or state.startswith(_AWAY))
    return error.connection_invalidated or is_unheard


class holds(FunctionElement[bool]):  # noqa: N801  it reads as the functions of SQL do
    """Whether the first, text or bytes, has the second in it."""

    type = Boolean()
    inherit_cache = True


@compiles(holds)
def _holds(element: holds, compiler: Any, **more: Any) -> str:
    whole, part = element.clauses
    return f"(instr({compiler.process(whole, **more)}, {compiler.process(part, **more)}) > 0)"


@compiles(holds, POSTGRESQL)
def _holds_there(element: holds, compiler: Any, **more: Any) -> str:
    whole, part = element.clauses
    return f"(position({compiler.process(part, **more)} in {compiler.process(whole, **more)}) > 0)"
