"""Whose rows one works with in a store that many counties share: those of one county, of one prefecture, or all.

Every row carries the county of whoever wrote it (`db/settling.py`). Within a scope PostgreSQL shows a county's rows and
those that the offices above it wrote, and takes no others; a home of one's own has no scopes and sees everything.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection

from db.dialect import is_server
from db.tables import TABLES

KEPT_APART = (
    *TABLES,
    *("entry", "sealing", "segment", "received", "freight", "contest", "waiting", "withheld", "guard"),
    "statement_file",
)
"""Tables whose rows belong to a county."""
ALL, DIRECTORY, OWNER = "", "00", "owner"
"""Everything; nothing but what the office itself wrote; and whoever makes the tables grow."""
COUNTY, PREFECTURE = 6, 4
ROLES = {COUNTY: "yuanba_county", PREFECTURE: "yuanba_prefecture", len(ALL): "yuanba_province"}
SCOPE_SETTING, COUNTY_SETTING = "yuanba.scope", "yuanba.county"
_SCOPE: ContextVar[str] = ContextVar("scope", default=ALL)
_TOLD = "scope told"
BESIDE = "tables beside"
"""Under what a connection is known to have made its tables beside (`db/bulk.py`)."""
_TELL = f"SELECT set_config('role', %s, false), set_config('{SCOPE_SETTING}', %s, false), " + (
    f"set_config('{COUNTY_SETTING}', %s, false)"
)
_CHANGES = re.compile(rf'(?:UPDATE|DELETE FROM) "?(?:{"|".join(KEPT_APART)})"? ')
_AT = f"SELECT set_config('{COUNTY_SETTING}', ?, true)"


def scope() -> str:
    """Return the code of the place whose rows this thread works with; '' for all of them."""
    return _SCOPE.get()


@contextmanager
def within(place: str) -> Iterator[None]:
    """Work with the rows of one county or prefecture, and with those of the offices above it, until the end of the
    block."""
    before = _SCOPE.set(place)
    try:
        yield
    finally:
        _SCOPE.reset(before)


def role() -> str:
    """Return as whom a server is asked within the scope of this thread."""
    return ROLES.get(len(scope()), ROLES[COUNTY])


def county_of(region: str) -> str:
    """Return under which county a row is kept that somebody of this region wrote; an office above has its own code."""
    return region[:COUNTY]


def kept_under(place: str) -> str:
    """Return under which county rows are kept that are made within a scope."""
    return ALL if place == DIRECTORY else place


def at(connection: Connection, county: str) -> None:
    """Keep rows that are made from now on under this county, until the transaction ends."""
    if is_server(connection):
        connection.exec_driver_sql(_AT, (county,))


def at_that_of(connection: Connection, lies_in: str, key: str) -> None:
    """Keep rows that are made from now on under the county of what has this key, as a question tells it; within one
    county that is known."""
    if is_server(connection) and len(scope()) != COUNTY:
        at(connection, connection.exec_driver_sql(lies_in, (key,)).scalar() or scope())


def tell(connection: Connection, cursor: Any) -> None:
    """Let a connection work within the scope of this thread, if it was not told before."""
    place = scope()
    if connection.info.get(_TOLD) == place:
        return
    if place == OWNER:
        cursor.execute(_TELL, ("none", "", ""))
    else:
        cursor.execute(_TELL, (role(), place, kept_under(place)))
    connection.info[_TOLD] = place


def narrowed(statement: str) -> str:
    """Return a statement that changes rows, with the county said in it: which of many places it goes to is known then
    before it is begun, and no other is asked."""
    place = scope()
    if len(place) != COUNTY or not _CHANGES.match(statement):
        return statement
    among = ", ".join(f"'{code}'" for code in (place, place[:4], place[:2], ""))
    return f"{statement} {'AND' if ' WHERE ' in statement else 'WHERE'} county IN ({among})"


def untold(info: dict[Any, Any]) -> None:
    """Take down that a connection has forgotten its scope: what was told it within a transaction went with it, as did
    the tables that were made beside."""
    info.pop(_TOLD, None)
    info.pop(BESIDE, None)
