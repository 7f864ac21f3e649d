"""The page of one act: the rows that it starts from, rows to make and to change, entries; laid out, then printed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, bindparam, select

from app.domain.attendance import Attendance
from app.domain.change import STANDING, Change, ChangeSet
from app.domain.consensus import Consensus
from app.domain.errors import ChangedElsewhere, Missing
from app.domain.record import Plain
from db.bulk import MOST_IDS
from db.rows import bound, columns, making, turning
from db.tables import TABLES, EntryRow

ONE_OF = frozenset({Attendance.KIND, Consensus.KIND})
"""Kinds whose ids are told by what they are about, so that somebody else may have made the same record."""
Version = list[int]
Key = tuple[str, str]
_JSON = msgspec.json.Encoder()
_VERSIONS = msgspec.json.Decoder(dict[str, Version])


@dataclass(slots=True)
class Page:
    """What one act puts down: the rows that were there, rows to make, rows to change, entries."""

    there: dict[Key, RowMapping]
    made: dict[Key, dict[str, Plain]] = field(default_factory=dict)
    turned: dict[Key, dict[str, Plain]] = field(default_factory=dict)
    versions: dict[Key, dict[str, Version]] = field(default_factory=dict)
    entries: list[tuple[object, ...]] = field(default_factory=list)


def laid_down_once(there: Mapping[Key, RowMapping]) -> frozenset[Key]:
    """Return the records that somebody has laid down before: what a change of them means, all of their ops tell."""
    return frozenset(key for key, row in there.items() if STANDING in _VERSIONS.decode(row["versions"]))


def met_already(connection: Connection, changes: ChangeSet) -> frozenset[Key]:
    """Return the records that an act makes though they are here: somebody's attendance, say, that has just come from
    the other desk. Neither author had seen the other, and so the entry says."""
    ids = [record_id for kind, record_id, parts in changes.by_record() if kind in ONE_OF and is_creation(parts)]
    if not ids:
        return frozenset()
    found = {kind: connection.execute(_reading(kind), {"ids": ids}).mappings() for kind in sorted(ONE_OF)}
    return frozenset((kind, row["id"]) for kind, rows in found.items() for row in rows)


def version_of(versions: dict[str, Version], name: str) -> Version:
    """Return the version of a field: its own, or that of the record."""
    return versions.get(name) or versions[""]


def other_sides(changes: ChangeSet, key: Key) -> list[dict[str, Plain]]:
    """Return what the sides of a contest had said that is opened again, but for the one that is shown."""
    sides: list[dict[str, Plain]] = []
    for kind, record_id, name, values in changes.reopens:
        if (kind, record_id) == key:
            sides += [{} for _ in range(len(values) - 1 - len(sides))]
            for side, value in zip(sides, values[:-1], strict=False):
                side[name] = value
    return sides


def is_creation(parts: tuple[Change, ...]) -> bool:
    """Return whether these changes of a record make it."""
    for part in reversed(parts):  # a creation names its standing last
        if part.field == STANDING:
            return part.old is None
    return False


def rows_of(connection: Connection, changes: ChangeSet) -> dict[Key, RowMapping]:
    """Return the rows that the changes start from, many of a kind at a time."""
    wanted: dict[str, list[str]] = {}
    for kind, record_id, parts in changes.by_record():
        if not is_creation(parts):
            wanted.setdefault(kind, []).append(record_id)
    rows: dict[Key, RowMapping] = {}
    for kind, ids in wanted.items():
        for first in range(0, len(ids), MOST_IDS):
            found = connection.execute(_reading(kind), {"ids": ids[first : first + MOST_IDS]}).mappings()
            rows |= {(kind, row["id"]): row for row in found}
    return rows


def row_in(rows: dict[Key, RowMapping], kind: str, record_id: str) -> RowMapping:
    """Return one of the rows.

    Raises:
        Missing: There is none of this record.
    """
    row = rows.get((kind, record_id))
    if row is None:
        raise Missing(kind, record_id)
    return row


def agreed(row: RowMapping, key: Key, parts: tuple[Change, ...]) -> dict[str, Version]:
    """Return a row's versions, after checking that each change starts from what is there.

    Raises:
        ChangedElsewhere: One of them does not.
    """
    for part in parts:
        if row[part.field] != part.old:
            raise ChangedElsewhere(f"{key[0]} {part.field}")
    return _VERSIONS.decode(row["versions"])


@cache
def _reading(kind: str) -> Any:
    table = TABLES[kind]
    return select(table).where(table.c.id.in_(bindparam("ids", expanding=True)))


# Rows go to the driver as tuples: SQLAlchemy's own binding costs more than SQLite's writing does.
def print_page(connection: Connection, page: Page) -> None:
    """Send the page to the tables, many rows of a kind at a time."""
    rows: dict[str, list[tuple[object, ...]]] = {}
    for (kind, record_id), values in page.made.items():
        whole = values | {"id": record_id, "versions": _JSON.encode(page.versions[(kind, record_id)]).decode()}
        made = tuple([bound(whole.get(name)) for name in columns(kind)])
        rows.setdefault(making(kind), []).append(made)
    for (kind, record_id), values in page.turned.items():
        versions = _JSON.encode(page.versions[(kind, record_id)]).decode()
        changed = (*map(bound, values.values()), versions, record_id)
        rows.setdefault(turning(kind, tuple(values)), []).append(changed)
    if page.entries:
        rows[making(EntryRow.__tablename__)] = page.entries
    for statement, many in rows.items():
        connection.exec_driver_sql(statement, many)
