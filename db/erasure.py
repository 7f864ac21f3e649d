"""Erasure on this disk: what has to go is forgotten wherever a home keeps words, and the pages are written anew.

An entry keeps its place and its versions and loses the values. Besides, the same words stand in what takes an act back,
in the names of acts, and in notes: half-typed texts, things looked for. What SQLite calls free is not blank, so the
file is written anew at the end.
"""

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, or_, select, text, update

from app.domain.op import Op
from app.ports import ENTERED, OWN
from db.dialect import holds
from db.rows import ignoring, row_of
from db.tables import ChangeSetRow, EntryRow, NoteRow, PackageRow, ReceivedRow, SegmentRow

TITLE = "（已删去）"
"""What stands for the name of an act in which something was written that is gone."""
FEWEST = 2
"""How short words may be and still be looked for elsewhere; a single letter is everywhere."""
_CODES = frozenset(
    {"role", "presence", "mode", "kind", "stage", "group", "post", "measure", "proxy_relation", "digest"}
)
"""Fields whose values say nothing of anybody by themselves, and stand in many places."""
_ID = re.compile(r"[0-9a-f]{16,64}|[0-9]{4}-[0-9]{2}-[0-9]{2}.*")


class Forgetting:
    """What one transaction erases, and what has to be forgotten for it elsewhere in the home."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._words: set[str] = set()
        self._records: set[str] = set()

    def note(self, op: Op, names: Iterable[str]) -> None:
        """Note which words go with these fields of an entry that still tells them."""
        for name in names:
            if op.sets.get(name) is not None:
                self._records.add(op.record_id)
                if name not in _CODES:
                    self._words.update(_texts(op.sets[name]))

    def forget(self) -> None:
        """Forget what was noted."""
        for record_id in sorted(self._records):
            acts = select(EntryRow.set_id).where(EntryRow.record_id == record_id).distinct()
            self._no_way_back(ChangeSetRow.id.in_(acts))
        for word in sorted(self._words):
            self._no_way_back(holds(ChangeSetRow.toggles, word.encode()))
            named = update(ChangeSetRow).where(holds(ChangeSetRow.title, word))
            self._connection.execute(named.values(title=TITLE))
            noted = or_(holds(NoteRow.text, word), holds(NoteRow.name, word))
            self._connection.execute(delete(NoteRow).where(noted))

    def _no_way_back(self, which: Any) -> None:
        """Forget what takes some acts back."""
        gone = update(ChangeSetRow).where(which, ChangeSetRow.toggles.is_not(None))
        self._connection.execute(gone.values(toggles=None, state="kept"))


def _texts(value: object) -> list[str]:
    parts = value if isinstance(value, list | tuple) else [value]
    return [one for one in parts if isinstance(one, str) and len(one) >= FEWEST and not _ID.fullmatch(one)]


def supersede(connection: Connection, pairs: Iterable[tuple[str, str]]) -> int:
    """Put segments that were made anew, and lie here, in the place of those that had to go; return how many went.

    What was read here goes when what comes for it has been read too: else its words would stay, and nobody know. What
    spans other entries comes in the place of nothing, whoever says so.
    """
    route = (SegmentRow.region, SegmentRow.audience, SegmentRow.first, SegmentRow.last, SegmentRow.acts)
    asked = select(SegmentRow.id, SegmentRow.state, *route)
    here = {name: (state, spans) for name, state, *spans in connection.execute(asked)}
    count = 0
    for gone, come in pairs:
        if gone == come or gone not in here or come not in here or here[gone][1] != here[come][1]:
            continue
        if here[gone][0] not in ENTERED or here[come][0] in ENTERED:
            _put_in_place(connection, gone, come)
            here.pop(gone)
            count += 1
    return count


def _put_in_place(connection: Connection, gone: str, come: str) -> None:
    asked = select(SegmentRow.state, SegmentRow.taken_at).where(SegmentRow.id == gone)
    state, taken_at = connection.execute(asked).one()
    connection.execute(delete(SegmentRow).where(SegmentRow.id == gone))
    kept: dict[str, Any] = {"taken_at": taken_at} | ({"state": OWN} if state == OWN else {})
    connection.execute(update(SegmentRow).where(SegmentRow.id == come).values(kept))
    table = ReceivedRow.__table__
    said = connection.execute(select(table).where(ReceivedRow.segment == gone)).mappings().all()
    connection.execute(delete(ReceivedRow).where(ReceivedRow.segment == gone))
    for row in said:
        kept_row = row_of(ReceivedRow.__tablename__, {**row, "segment": come})
        connection.exec_driver_sql(ignoring(ReceivedRow.__tablename__), kept_row)
    listed = func.replace(text("segments"), bindparam("gone_id"), bindparam("come_id"))
    packages = update(PackageRow).where(holds(text("segments"), bindparam("gone_id")))
    connection.execute(packages.values(segments=listed), {"gone_id": gone, "come_id": come})
