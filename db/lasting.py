"""What was erased stays erased: a list beside the home and one outside of it, which no restored backup brings back old.

It says which fields of which entries lost their values, and nothing of what they were. A home that is opened and still
tells one of them was put back to before, and forgets again at once; its sealed segments follow with the next pack.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from app.domain.op import Op
from db.dialect import holds
from db.intake import Intake
from db.journal import entries, read_entries
from db.streams import Streams
from db.tables import EntryRow
from db.turns import reader

FILE = "erased"
MOST_BYTES, MOST_IDS = 64 << 20, 500
Erased = dict[str, dict[str, list[str]]]
"""By stream and number of the entry: names of fields."""


class Lasting:
    """The list of one home, as its files tell it; what they do not tell, or tell wrongly, is not there."""

    def __init__(self, home: Path, device: str, outside: Path | None) -> None:
        self._files = [home / FILE, *([outside / f"{device}.{FILE}"] if outside else [])]

    def told(self) -> Erased:
        """Return what all files tell together."""
        found: Erased = {}
        for file in self._files:
            for stream, numbers in _read(file).items():
                known = found.setdefault(stream, {})
                known |= {seq: sorted({*names, *known.get(seq, ())}) for seq, names in numbers.items()}
        return found

    def keep(self, engine: Engine) -> None:
        """Write down what is erased now, as far as the disks let us; what was told before stays told."""
        found = self.told()
        with reader(engine).connect() as connection:
            for op in erased_entries(connection, Streams(connection)):
                found.setdefault(op.stream, {})[str(op.seq)] = sorted(op.erased)
        for file in self._files if found else ():
            with suppress(OSError):
                _write(file, found)

    def forget_again(self, engine: Engine, now: datetime) -> bool:
        """Erase what this home still tells of the list; return whether there was anything. A disk that takes nothing
        just now changes nothing: the next opening looks again."""
        told = self.told()
        if not told:
            return False
        with suppress(OperationalError), engine.begin() as connection:
            streams = Streams(connection)
            again = _still_told(connection, streams, told)
            if again:
                Intake(connection, streams, now.isoformat()).erase(again)
            return bool(again)
        return False


def erased_entries(connection: Connection, streams: Streams) -> list[Op]:
    """Return the entries of which something is erased."""
    found = read_entries(connection, streams, entries().where(holds(EntryRow.body, b'"e":[')))
    return [op for op in found if op.erased]


def _still_told(connection: Connection, streams: Streams, told: Mapping[str, Mapping[str, list[str]]]) -> list[Op]:
    """Return the entries that still tell something of the list, without it."""
    found = []
    for stream, numbers in told.items():
        wanted = sorted(int(one) for one in numbers if one.isdecimal())
        for first in range(0, len(wanted) if stream in streams.numbers else 0, MOST_IDS):
            some = EntryRow.seq.in_(wanted[first : first + MOST_IDS])
            place = entries().where(EntryRow.stream == streams.numbers[stream], some)
            found += [_without(op, numbers[str(op.seq)]) for op in read_entries(connection, streams, place)]
    return [op for op in found if op is not None]


def _without(op: Op, names: list[str]) -> Op | None:
    """Return an op without the values of these fields; None when it tells none of them."""
    gone = frozenset(names) & op.sets.keys() - op.erased
    return replace(op, sets=op.sets | dict.fromkeys(gone), erased=op.erased | gone) if gone else None


def _read(file: Path) -> Erased:
    try:
        with file.open("rb") as raw:
            found = json.loads(raw.read(MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(found, dict) or not all(isinstance(numbers, dict) for numbers in found.values()):
        return {}
    return {
        stream: {seq: names for seq, names in numbers.items() if isinstance(names, list) and all(map(_is_text, names))}
        for stream, numbers in found.items()
    }


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _write(file: Path, erased: Erased) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(file.name + ".part")
    with part.open("w", encoding="utf-8") as out:
        json.dump(erased, out, ensure_ascii=False)
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)
