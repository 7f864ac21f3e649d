"""删去: put blanks where words about somebody stood, before the words themselves go from every copy."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

from app.domain.attachment import Attachment
from app.domain.change import Change, ChangeSet, changed, laid_down
from app.domain.erasure import KINDS, WORDS_OF, Reason, blank_of, is_word
from app.domain.record import Record
from app.ports import Moment, Shelf

_TITLES = {Reason.REQUEST: "应本人要求删去", Reason.RETENTION: "保管期满删去"}


@dataclass(frozen=True, slots=True)
class EraseWords:
    """Put blanks into these records: (kind, record id). `contested` are the fields that two sides had changed, for
    which this decides. The name of the act tells nobody's name."""

    keys: tuple[tuple[str, str], ...]
    reason: Reason = Reason.REQUEST
    contested: frozenset[tuple[str, str, str]] = frozenset()

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the blanks; what was laid down stays as it is, for nobody sees it any more."""
        parts = tuple(change for key in self.keys for change in _blanks(shelf, *key))
        touched = {(change.kind, change.record_id, change.field) for change in parts}
        return ChangeSet(_TITLES[self.reason], parts, decides=self.contested & touched)


def _blanks(shelf: Shelf, kind: str, record_id: str) -> Iterator[Change]:
    record = shelf.kept(KINDS[kind], record_id)
    if record is None or not record.standing:
        return
    if isinstance(record, Attachment):
        yield from laid_down(record)
    else:
        yield from changed(record, _blanked(record, WORDS_OF[kind]))


def _blanked(record: Record, names: Iterable[str]) -> Record:
    values = {name: getattr(record, name) for name in names}
    blanks = {name: blank_of(name, value) for name, value in values.items() if is_word(value)}
    return cast(Record, replace(cast(Any, record), **blanks))
