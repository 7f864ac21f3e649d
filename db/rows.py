"""Rows as the driver takes them: tuples under statements made once.

SQLAlchemy's own binding costs more than SQLite's writing does, and putting a statement together several times that.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec

from db.tables import TABLES, Base

_JSON = msgspec.json.Encoder()
_LISTS = frozenset((list, tuple))


def bound(value: Any) -> Any:
    """Return a plain value as the driver takes it."""
    return _JSON.encode(value).decode() if isinstance(value, list | tuple) else value


def filled(kind: str, column: str, value: Any) -> Any:
    """Return a value as the driver takes it; what a narrower audience keeps to itself is blank, not missing."""
    return _blank(kind, column) if value is None else bound(value)


@cache
def _blank(kind: str, name: str) -> Any:
    column = Base.metadata.tables[kind].columns[name]
    if column.nullable:
        return None
    return {int: 0, bool: False}.get(column.type.python_type, "")


@cache
def _shape(table: str) -> tuple[tuple[str, Any], ...]:
    return tuple((name, _blank(table, name)) for name in columns(table))


def row_of(kind: str, values: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return a whole row as the driver takes it, each column as `filled` fills it."""
    get = values.get
    row = [blank if (value := get(name)) is None else value for name, blank in _shape(kind)]
    if _LISTS.isdisjoint(map(type, row)):
        return tuple(row)
    return tuple(map(bound, row))


@cache
def field_set(kind: str) -> frozenset[str]:
    """Return the names of what a row of this kind can hold."""
    return frozenset(TABLES[kind].c.keys())


@cache
def columns(table: str) -> tuple[str, ...]:
    """Return the names of a table's columns."""
    return tuple(column.name for column in Base.metadata.tables[table].columns)


@cache
def making(table: str) -> str:
    """Return the statement that makes a row."""
    names = ", ".join(f'"{name}"' for name in columns(table))
    return f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(columns(table)))})'


@cache
def ignoring(table: str) -> str:
    """Return the statement that makes a row, or leaves one that is there as it is."""
    return f"{making(table)} ON CONFLICT DO NOTHING"


@cache
def replacing(table: str) -> str:
    """Return the statement that makes a row, or writes all of it anew but its key."""
    key = [column.name for column in Base.metadata.tables[table].primary_key]
    told = ", ".join(f'"{name}" = excluded."{name}"' for name in columns(table) if name not in key)
    return f"{making(table)} ON CONFLICT ({', '.join(key)}) DO UPDATE SET {told}"


@cache
def turning(kind: str, fields: tuple[str, ...]) -> str:
    """Return the statement that sets fields and versions of a row."""
    set_to = ", ".join(f'"{TABLES[kind].c[name].name}" = ?' for name in fields)
    return f'UPDATE "{kind}" SET {set_to}, "versions" = ? WHERE "id" = ?'
