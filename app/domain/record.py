"""What every record shares: a kind, an id, a standing, and fields that travel as plain values.

A record is a frozen dataclass. Its fields hold text, whole numbers, truth values, days, moments, stages
(`StrEnum`) or tuples of text, so that each has one plain form: what JSON can carry, without floats.
"""

from collections.abc import Callable, Iterable
from dataclasses import MISSING, fields, replace
from datetime import MAXYEAR, MINYEAR, date, datetime
from enum import StrEnum
from functools import cache
from operator import attrgetter
from types import UnionType
from typing import Any, ClassVar, Protocol, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Plain = str | int | bool | tuple[str, ...] | None


class Record(Protocol):
    """Anything the ledger keeps."""

    KIND: ClassVar[str]

    @property
    def id(self) -> str:
        """Return the id minted when it was created; it never changes."""

    @property
    def standing(self) -> int:
        """Return 1 while the record counts, 0 once it is laid down."""


R = TypeVar("R", bound=Record)


def plain(value: object) -> Plain:
    """Return the plain form of a field's value."""
    if type(value) is str or type(value) is int:
        return value
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return tuple(str(part) for part in value)
    return cast(Plain, value)


def field_names(kind: type[Record]) -> tuple[str, ...]:
    """Return the names of a record's fields, in their order, `id` and `standing` among them."""
    return _field_names(kind)


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def plain_fields(record: Record) -> dict[str, Plain]:
    """Return every field of a record but its id, in plain form."""
    names, read, to_turn = _writer(type(record))
    values = list(read(record))
    for place in to_turn:
        values[place] = plain(values[place])
    return dict(zip(names, values, strict=True))


@cache
def _writer(kind: type) -> tuple[tuple[str, ...], Callable[[object], tuple[Any, ...]], tuple[int, ...]]:
    """Return the names of the fields but the id, what reads them all at once, and the places of those not plain."""
    names = tuple(name for name in _field_names(kind) if name != "id")
    hints = get_type_hints(kind)
    to_turn = tuple(place for place, name in enumerate(names) if hints[name] not in (str, int, bool))
    return names, cast(Callable[[object], tuple[Any, ...]], attrgetter(*names)), to_turn


def from_plain(kind: type[R], row: dict[str, Any]) -> R:
    """Return the record that a row of plain values tells of; fields it lacks, or has as None, take their default."""
    readers = _readers(kind)
    told = {name: value for name, value in row.items() if value is not None}
    return kind(**{name: (readers[name](value) if name in readers else value) for name, value in told.items()})


def from_values(kind: type[R], values: Iterable[Any]) -> R:
    """Return the record that plain values tell of, one for each field in the order of the fields; None as above."""
    told = zip(values, _blanks(kind), strict=True)
    return kind(*[blank if value is None else (read(value) if read else value) for value, (blank, read) in told])


@cache
def _blanks(kind: type[Record]) -> tuple[tuple[Any, Any], ...]:
    """Return for each field what stands for None, and how its plain value is read (None: as it is)."""
    readers = _readers(kind)
    blanks = ((field.name, field.default) for field in fields(cast(Any, kind)))
    return tuple((None if blank is MISSING else blank, readers.get(name)) for name, blank in blanks)


def with_plain(record: R, values: dict[str, Any]) -> R:
    """Return the record with some fields replaced by plain values."""
    readers = _readers(type(record))
    read = {name: (readers[name](value) if name in readers else value) for name, value in values.items()}
    return cast(R, replace(cast(Any, record), **read))


@cache
def _readers(kind: type) -> dict[str, Any]:
    """Return a reader for each field whose plain form is not already its value."""
    hints = get_type_hints(kind)
    found = {field.name: _reader(hints[field.name]) for field in fields(cast(Any, kind))}
    return {name: reader for name, reader in found.items() if reader is not None}


def _reader(hint: Any) -> Any:
    options = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    optional = type(None) in options
    for option in options:
        reader = _plain_reader(option)
        if reader is not None:
            return (lambda value, read=reader: None if value is None else read(value)) if optional else reader
    return None


def _plain_reader(hint: Any) -> Any:
    if get_origin(hint) is tuple:
        return tuple
    if hint is datetime:
        return datetime.fromisoformat
    if hint is date:
        return date.fromisoformat
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint
    if hint is bool:
        return bool
    return None


def fits(kind: type[Record] | None, values: dict[str, Any]) -> bool:
    """Return whether plain values from elsewhere can stand in a record; fields that are not known here always can."""
    if kind is None:
        return True
    checks = _checks(kind)
    for name, value in values.items():
        check = checks.get(name)
        if check is None or value is None or type(value) is check:
            continue
        if isinstance(check, type) or not check(value):
            return False
    return True


@cache
def _checks(kind: type) -> dict[str, type | Callable[[Any], bool]]:
    hints = get_type_hints(kind)
    return {field.name: _check(hints[field.name]) for field in fields(cast(Any, kind))}


def _check(hint: Any) -> type | Callable[[Any], bool]:
    """Return of what type a value has to be, or what tells whether it can be read."""
    options = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    wanted = next(option for option in options if option is not type(None))
    if get_origin(wanted) is tuple:
        return lambda value: isinstance(value, list | tuple) and all(type(part) is str for part in value)
    if wanted in (str, int, bool):
        return cast(type, wanted)
    return lambda value: type(value) is str and _can_be_read(wanted, value)


def _can_be_read(wanted: Any, value: str) -> bool:
    try:
        read = (wanted.fromisoformat if wanted in (datetime, date) else wanted)(value)
    except ValueError:
        return False
    return not isinstance(read, date) or is_amid(read)


def is_amid(day: date) -> bool:
    """Return whether a day, or a moment, is not so near the end of all days that a day more or less is none."""
    return MINYEAR < day.year < MAXYEAR
