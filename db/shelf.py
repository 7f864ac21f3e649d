"""The shelf: every record that stands, read back as the dataclass it was written from."""

from functools import cache
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Engine,
    Integer,
    Select,
    TextualSelect,
    bindparam,
    func,
    literal_column,
    select,
    text,
)

from app.domain.errors import Missing
from app.domain.record import Plain, R, Record, field_names, from_values
from app.ports import Among, Before, Condition, Contains, Is
from db.tables import TABLES

READS = "yuanba_reads"
Shape = tuple[type[Condition], str, bool]


def reader(engine: Engine) -> Engine:
    """Return the engine for reading only: its connections open no transaction and take no lock."""
    return engine.execution_options(**{READS: True})


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
        with self._engine.connect() as connection:
            row = connection.execute(_keeping(kind), {"p0": record_id}).first()
        return from_values(kind, row) if row else None

    def all(self, kind: type[R], *where: Condition, order: str = "", limit: int = 0) -> list[R]:
        """Return the records that meet every condition."""
        statement = _listing(kind, _shapes(where), order)
        with self._engine.connect() as connection:
            rows = connection.execute(statement, {"most": limit or -1, **_values(where)}).all()
        return [from_values(kind, row) for row in rows]

    def count(self, kind: type[R], *where: Condition) -> int:
        """Return how many records meet every condition."""
        with self._engine.connect() as connection:
            return int(connection.execute(_counting(kind, _shapes(where)), _values(where)).scalar_one())

    def tally(self, kind: type[R], field: str, *where: Condition) -> dict[Plain, int]:
        """Return how many records meet every condition, by each value of a field."""
        with self._engine.connect() as connection:
            rows = connection.execute(_tallying(kind, field, _shapes(where)), _values(where)).all()
        return {value: int(count) for value, count in rows}


def _shapes(where: tuple[Condition, ...]) -> tuple[Shape, ...]:
    """Return what of the conditions makes the statement, without the values."""
    return tuple((type(part), part.field, isinstance(part, Is) and part.value is None) for part in where)


def _values(where: tuple[Condition, ...]) -> dict[str, Any]:
    return {f"p{no}": _value(part) for no, part in enumerate(where)}


def _value(part: Condition) -> Any:
    if isinstance(part, Contains):
        return f"%{part.value.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
    return part.values if isinstance(part, Among) else part.value


@cache  # Building a statement costs ten times what running it does; there are a few dozen shapes in all.
def _listing(kind: type[Record], shapes: tuple[Shape, ...], order: str) -> Select[Any]:
    columns = TABLES[kind.KIND].c
    column = columns[order.removeprefix("-") or "id"]
    statement = _met(select(*(columns[name] for name in field_names(kind))), kind, shapes)
    ordered = statement.order_by(column.desc() if order.startswith("-") else column.asc(), columns.id)
    return ordered.limit(bindparam("most"))


@cache
def _keeping(kind: type[Record]) -> Select[Any]:
    columns = TABLES[kind.KIND].c
    return select(*(columns[name] for name in field_names(kind))).where(columns.id == bindparam("p0"))


@cache
def _counting(kind: type[Record], shapes: tuple[Shape, ...]) -> Select[Any]:
    return _met(select(func.count()).select_from(TABLES[kind.KIND]), kind, shapes)


@cache
def _tallying(kind: type[Record], field: str, shapes: tuple[Shape, ...]) -> Select[Any] | TextualSelect:
    column = TABLES[kind.KIND].c[field]
    if not shapes:  # by hand: to make and compile the statement takes longer than to run it once
        words = f'SELECT "{column.name}", count(*) FROM "{kind.KIND}" WHERE standing = 1 GROUP BY "{column.name}"'
        return text(words).columns(column, literal_column("count(*)", Integer))
    return _met(select(column, func.count()).group_by(column), kind, shapes)


def _met(statement: Select[Any], kind: type[Record], shapes: tuple[Shape, ...]) -> Select[Any]:
    columns = TABLES[kind.KIND].c
    clauses = (_clause(columns[name], how, is_null, f"p{no}") for no, (how, name, is_null) in enumerate(shapes))
    return statement.where(columns.standing == 1, *clauses)


def _clause(column: Any, how: type[Condition], is_null: bool, name: str) -> ColumnElement[bool]:
    clause: Any
    if how is Is:
        clause = column.is_(None) if is_null else column == bindparam(name)
    elif how is Among:
        clause = column.in_(bindparam(name, expanding=True))
    elif how is Contains:
        clause = column.like(bindparam(name), escape="!")
    else:
        clause = column < bindparam(name) if how is Before else column >= bindparam(name)
    return cast(ColumnElement[bool], clause)
