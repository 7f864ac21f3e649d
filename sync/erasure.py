"""Erasure: a segment is made anew without what had to go, and everybody puts it in the place of the first one.

Head, ops, numbers and versions stay what they were, so that nothing forks and every chain goes on; only the values are
absent, and their names stand in `e`. Who makes it anew signs it, and says in a statement which segment comes for which.
See `FORMAT.md` 9.
"""

import json
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
from msgspec import structs

from app.domain.errors import NotSaved
from app.domain.op import Op
from sync.directory import Directory, Said
from sync.pack import FIRST
from sync.segment import LineWriter, Sealed, Segment, seal_segment
from sync.statement import MOST_BYTES
from sync.suite import Sign

MOST_PAIRS = MOST_BYTES // 256
"""How many segments one statement speaks of, which must stay below the size of statements."""
KEPT = (".part", ".yb", ".json")
"""Packs half arrived, answers, and which answer a pack got (`sync/server/store.py`)."""
SWEEP = "exchange/sweep"
"""The note that something was erased, and what is left of it in free pages and old copies has to be swept away."""
HALF = ".half"
"""How the name of an answer ends while it is being written."""
_SEGMENT = re.compile(rb'(?:seg/|")([0-9a-f]{64})(?:\.age\0|")')
"""A segment as a pack names it: its own entry, or what the header says that a snapshot stands for."""
NONE: frozenset[str] = frozenset()
KEYS = frozenset("nltuakisbcvhxe")
"""The keys of the line of an op that this version knows."""
Fields = Mapping[int, frozenset[str]]
"""Which fields are to go, by the number of the op."""


class _Anybodys:
    """Holds whoever made a segment anew."""

    def __contains__(self, reissue: object) -> bool:
        return True


ANYBODYS: Container[tuple[str, str, str]] = _Anybodys()
"""What lies here was vouched for when it was taken in, whatever has become of who made it anew."""


class Erasures:
    """What has been said of erasing, by whoever may say so."""

    def __init__(self, said: Iterable[Said]) -> None:
        self.said = tuple(said)
        self.pairs: dict[str, set[str]] = {}
        """What comes, and in the place of which segments."""
        self.reissues: set[tuple[str, str, str]] = set()
        self.blobs: set[str] = set()
        for one in self.said:
            self.blobs.update(one.body.blobs)
            for gone, come in one.body.pairs:
                if gone != come:  # nothing comes in its own place
                    self.pairs.setdefault(come, set()).add(gone)
                    self.reissues.add((gone, come, one.body.device))
        self.gone = frozenset().union(*self.pairs.values())

    @classmethod
    def of(cls, directory: Directory) -> "Erasures":
        """Return what a home may believe."""
        return cls(directory.erasures)

    def applied(self, lying: Iterable[str], pictures: Iterable[str] = ()) -> list[str]:
        """Return the ids of the statements of which nothing that had to go lies here any more."""
        here = {*lying, *pictures}
        return sorted(one.id for one in self.said if here.isdisjoint(_gone(one)))

    def coming(self, known: Iterable[str], short: int) -> frozenset[str]:
        """Return the segments made anew by statements of which somebody has not said that they are applied; `known`
        are the first digits of those that are."""
        done = frozenset(known)
        return frozenset(come for one in self.said if one.id[:short] not in done for _, come in one.body.pairs)


def _gone(said: Said) -> set[str]:
    return {*(gone for gone, _ in said.body.pairs), *said.body.blobs}


def forget_copies(folder: Path, gone: frozenset[str], own: Path, but: Container[Path] = ()) -> None:
    """Throw away what lies in a folder of packs on their way that holds one of these segments, or is no whole pack: it
    can be made or fetched again. What is half written elsewhere than in our `own` folder is left to whoever is at it,
    and so is what is named by `but`.

    Raises:
        NotSaved: The disk would not let go of one.
    """
    for file in sorted(folder.rglob("*")):
        is_others = file.suffix == HALF and file.parent != own
        if file not in but and not is_others and file.is_file():
            forget_copy(file, gone, is_whole_only=True)


def forget_kept(folder: Path) -> None:
    """Throw away what a relay keeps of packs on their way, whatever is in them: all of it is only sent again.

    Raises:
        NotSaved: The disk would not let go of one.
    """
    try:
        for file in folder.glob("*/*"):
            if file.suffix in KEPT:
                file.unlink(missing_ok=True)
    except OSError as error:
        raise NotSaved(str(error)) from error


def forget_copy(file: Path, gone: frozenset[str], *, is_whole_only: bool = False) -> None:
    """Throw a copy of a pack away if it holds one of these segments, or (with `is_whole_only`) begins as no pack does.

    Raises:
        NotSaved: The disk would not let go of it.
    """
    try:
        content = file.read_bytes()
        is_pack = content.startswith(FIRST.encode("ascii"))
        if (is_whole_only and not is_pack) or any(one.decode() in gone for one in _SEGMENT.findall(content)):
            file.unlink(missing_ok=True)
    except FileNotFoundError:
        return  # another desk has sent it meanwhile
    except OSError as error:
        raise NotSaved(str(error)) from error


def made_anew(
    segment_id: str, opened: Segment, fields: Fields, by: str, sign: Sign, recipients: Sequence[str]
) -> Sealed:
    """Return a segment made anew without the values of these fields.

    Raises:
        PackTooLarge: Too much would have to be said (it is never larger than the first, but for its new readers).
    """
    head = opened.head
    first, was = head.replaces or segment_id, head.was or opened.plain_digest
    writer = LineWriter()
    lines = [
        _line(writer, without(op, fields.get(op.seq, NONE)), line)
        for op, line in zip(opened.ops, opened.lines, strict=True)
    ]
    return seal_segment(replace(head, replaces=first, by=by, was=was), lines, sign, recipients)


def without(op: Op, names: frozenset[str]) -> Op:
    """Return an op without the values of these fields."""
    gone = names & op.sets.keys()
    return structs.replace(op, sets=op.sets | dict.fromkeys(gone), erased=op.erased | gone) if gone else op


def _line(writer: LineWriter, op: Op, line: bytes) -> bytes:
    """Return the line of an op, with what a newer version said in it and we do not know."""
    made, more = writer.line(op), _unknown(line)
    return msgspec.json.encode(msgspec.json.decode(made) | more) if more else made


def _unknown(line: bytes) -> dict[str, Any]:
    return {key: value for key, value in msgspec.json.decode(line).items() if key not in KEYS}


def agree(one: Segment, other: Segment) -> bool:
    """Return whether two segments, one or both made anew, say the same but for what either has erased."""
    return (
        _told(one) == _told(other)
        and len(one.ops) == len(other.ops)
        and all(map(_say_the_same, one.ops, other.ops))
        and all(_unknown(line) == _unknown(anew) for line, anew in zip(one.lines, other.lines, strict=True))
    )


def _told(segment: Segment) -> tuple[object, ...]:
    head = replace(segment.head, to=(), replaces="", by="", was="")
    return head, segment.head.was or segment.plain_digest


def _say_the_same(one: Op, other: Op) -> bool:
    gone = one.erased | other.erased
    return one.sets.keys() == other.sets.keys() and _rest(one, gone) == _rest(other, gone)


def _rest(op: Op, gone: frozenset[str]) -> tuple[Op, str]:
    sets = {name: value for name, value in op.sets.items() if name not in gone}
    told = json.dumps(sets, sort_keys=True)  # True and 1 are not the same here
    return structs.replace(op, sets={}, erased=NONE), told
