"""The shelf: every record that stands, read back as the dataclass it was written from."""

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any

import msgspec
from sqlalchemy import Boolean, Engine

from app.domain.errors import Missing
from app.domain.record import Plain, R, Record, field_names, from_values
from app.ports import Among, Before, Condition, Contains, Is
from db.dialect import in_its_words, is_server, said
from db.rows import bound
from db.scope import tell
from db.tables import TABLES, Texts
from db.turns import asking, reader, turn_with

Shape = tuple[type[Condition], str, int]


def ask(engine: Engine, statement: str, values: Sequence[Any] = ()) -> list[Any]:
    """Return the rows that answer a question said to the driver as it is, in a quarter of SQLAlchemy's time; what goes
    wrong is told in its words."""
    with asking(engine) as connection:
        driver: Any = connection.connection.driver_connection
        try:
            if is_server(engine):
                tell(connection, driver)
                rows: list[Any] = driver.execute(said(statement), tuple(values)).fetchall()
            else:
                rows = driver.execute(statement, values).fetchall()
        except Exception as error:  # of the driver's own kinds, of which this floor knows one at most
            if turn_with(engine):  # a transaction in which something went wrong answers nothing any more
                raise in_its_words(connection, error) from error
            return list(connection.exec_driver_sql(statement, tuple(values)))
        return rows


class SqlShelf:
    """A shelf over one home."""

    def __init__(self, engine: Engine) -> None:
        self._engine = reader(engine)

    def get(self, kind: type[R], record_id: str) -> R:
        """Return one record; raise Missing if there is none."""
        record = self.find(kind, record_id)
        if record is None:
            raise Missing(kind.KIND, record_id)
        return record

    def find(self, kind: type[R], record_id: str | None) -> R | None:
        """Return one record, or None."""
        if record_id is None:
            return None
        found = self.all(kind, Is("id", record_id), limit=1)
        return found[0] if found else None

    def kept(self, kind: type[R], record_id: str) -> R | None:
        """Return one record, standing or not, or None."""
        rows = ask(self._engine, f"{_reading(kind)} WHERE id = ?", (record_id,))
        return _record(kind, rows[0]) if rows else None

    def all(self, kind: type[R], *where: Condition, order: str = "", limit: int = 0) -> list[R]:
        """Return the records that meet every condition."""
        statement = _listing(kind, _shapes(where), order, limit > 0)
        rows = ask(self._engine, statement, (*_values(where), limit) if limit > 0 else _values(where))
        return [_record(kind, row) for row in rows]

    def count(self, kind: type[R], *where: Condition) -> int:
        """Return how many records meet every condition."""
        return int(ask(self._engine, _counting(kind, _shapes(where)), _values(where))[0][0])

    def tally(self, kind: type[R], field: str, *where: Condition) -> dict[Plain, int]:
        """Return how many records meet every condition, by each value of a field."""
        rows = ask(self._engine, _tallying(kind, field, _shapes(where)), _values(where))
        read = _TURNED.get(type(TABLES[kind.KIND].c[field].type))
        return {value if read is None or value is None else read(value): count for value, count in rows}


def _record(kind: type[R], row: Sequence[Any]) -> R:
    places = _places_of_texts(kind)
    if not places:
        return from_values(kind, row)
    values = list(row)
    for place in places:
        values[place] = None if values[place] is None else _texts(values[place])
    return from_values(kind, values)


def _texts(told: str) -> tuple[str, ...]:
    return tuple(msgspec.json.decode(told, type=list[str]))


_TURNED: dict[type, Callable[[Any], Any]] = {Texts: _texts, Boolean: bool}
"""How a value is read that is kept otherwise."""


@cache
def _places_of_texts(kind: type[Record]) -> tuple[int, ...]:
    columns = TABLES[kind.KIND].c
    return tuple(place for place, name in enumerate(field_names(kind)) if isinstance(columns[name].type, Texts))


def _shapes(where: tuple[Condition, ...]) -> tuple[Shape, ...]:
    """Return what of the conditions makes the statement, without the values: of each how many there are."""
    return tuple((type(part), part.field, len(_said(part))) for part in where)


def _values(where: tuple[Condition, ...]) -> tuple[Any, ...]:
    return tuple(bound(value) for part in where for value in _said(part))


def _said(part: Condition) -> Sequence[Any]:
    if isinstance(part, Contains):
        return (f"%{part.value.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%",)
    if isinstance(part, Among):
        return part.values
    return () if isinstance(part, Is) and part.value is None else (part.value,)


# Said to the driver as they are: to make and compile a statement takes ten times as long as to run it.
def _column(kind: type[Record], name: str) -> str:
    return f'"{TABLES[kind.KIND].c[name].name}"'


@cache
def _reading(kind: type[Record]) -> str:
    return f'SELECT {", ".join(_column(kind, name) for name in field_names(kind))} FROM "{kind.KIND}"'


@lru_cache(2048)
def _listing(kind: type[Record], shapes: tuple[Shape, ...], order: str, has_limit: bool) -> str:
    by = _column(kind, order.removeprefix("-") or "id")
    way = "DESC NULLS LAST" if order.startswith("-") else "ASC NULLS FIRST"
    most = " LIMIT ?" if has_limit else ""
    ordered = f"{by} {way}, id" if order else "id"
    return f"{_reading(kind)} WHERE {_met(kind, shapes)} ORDER BY {ordered}{most}"


@lru_cache(2048)
def _counting(kind: type[Record], shapes: tuple[Shape, ...]) -> str:
    return f'SELECT count(*) FROM "{kind.KIND}" WHERE {_met(kind, shapes)}'


@lru_cache(2048)
def _tallying(kind: type[Record], field: str, shapes: tuple[Shape, ...]) -> str:
    name = _column(kind, field)
    return f'SELECT {name}, count(*) FROM "{kind.KIND}" WHERE {_met(kind, shapes)} GROUP BY {name}'


def _met(kind: type[Record], shapes: tuple[Shape, ...]) -> str:
    clauses = (_clause(_column(kind, name), how, count) for how, name, count in shapes)
    return " AND ".join(("standing = 1", *clauses))


def _clause(column: str, how: type[Condition], count: int) -> str:
    if how is Is:
        return f"{column} = ?" if count else f"{column} IS NULL"
    if how is Among:
        return f"{column} IN ({', '.join('?' * count) or 'NULL'})"
    if how is Contains:
        return f"{column} LIKE ? ESCAPE '!'"
    return f"{column} < ?" if how is Before else f"{column} >= ?"
