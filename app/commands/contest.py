"""Settling what two sides had both changed: one act, with who, when and why, that can be taken back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.action import Action, Progress
from app.domain.change import STANDING, Change, ChangeSet, created
from app.domain.errors import ContestMoved
from app.domain.merge import Contest
from app.domain.op import Version
from app.domain.people import refuse_forbidden_numbers
from app.domain.record import Plain
from app.domain.ruling import Ruling, version_words
from app.ports import Moment, Shelf

ContestsOf = Callable[[str, str], Sequence[Contest]]
"""Returns what of a record waits for a person at this moment."""


@dataclass(frozen=True, slots=True)
class DecideContest:
    """Settle the contested fields of one record.

    `values` tells for each contested field what it is to be, `seen` the versions of all sides that were looked at,
    `chosen` those that were taken. `progress` are lines to be written about a task, where both are kept so.
    """

    kind: str
    record_id: str
    values: Mapping[str, Plain]
    contests_of: ContestsOf
    seen: frozenset[Version]
    chosen: frozenset[Version] = frozenset()
    reason: str = ""
    progress: tuple[str, ...] = ()
    title: str = "定两边都改过的"

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the chosen values, and the ruling.

        Raises:
            ContestMoved: The sides are others than those that were looked at.
        """
        refuse_forbidden_numbers(self.reason)
        contests = {one.field: one for one in self.contests_of(self.kind, self.record_id)}
        sides = {side.version for contest in contests.values() for side in contest.sides}
        if not sides or contests.keys() != self.values.keys() or sides != self.seen:
            raise ContestMoved
        parts = [self._change(contests[name], name) for name in sorted(self.values, key=_standing_last)]
        lines = [part for line in self._lines(shelf, moment) for part in created(line)]
        ruling = created(self._ruling(moment))
        decides = frozenset((self.kind, self.record_id, name) for name in self.values)
        return ChangeSet(self.title, (*parts, *lines, *ruling), decides=decides, seen=self.seen)

    def _change(self, contest: Contest, name: str) -> Change:
        return Change(self.kind, self.record_id, name, contest.sides[0].value, self.values[name])

    def _lines(self, shelf: Shelf, moment: Moment) -> list[Progress]:
        if self.kind != Action.KIND or not self.progress:
            return []
        task = shelf.get(Action, self.record_id)
        return [Progress(moment.mint(), task.id, text, moment.now, task.stage, moment.who) for text in self.progress]

    def _ruling(self, moment: Moment) -> Ruling:
        chosen, others = (tuple(map(version_words, sorted(one))) for one in (self.chosen, self.seen - self.chosen))
        what = (self.kind, self.record_id, tuple(sorted(self.values)), chosen, others)
        return Ruling(moment.mint(), *what, self.reason.strip(), moment.now, moment.who)


def _standing_last(name: str) -> tuple[bool, str]:
    return name == STANDING, name
