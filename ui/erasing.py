"""应本人要求删去: one person's words, or one record's, blanked here and erased from every copy that can be reached."""

from dataclasses import dataclass

from app.commands.erasure import EraseWords
from app.desk import Desk
from app.domain.erasure import Reason
from app.domain.errors import ErasureForbidden
from app.ports import Postbox
from app.queries.erasure import ErasurePlan, entries_of, erasure_of_person, erasure_of_record
from sync.erasing import Found, Replica
from sync.exchange import Exchange
from ui.words import tr

NAMED = 3
SHORTEST = 2
"""How long a name must be to be looked for in texts."""


@dataclass(frozen=True, slots=True)
class Look:
    """What erasing would do: which records, how many entries, where copies are."""

    plan: ErasurePlan
    found: Found

    def is_nothing(self) -> bool:
        """Return whether there is nothing to erase (any more)."""
        return not self.found.entries


@dataclass(frozen=True, slots=True)
class Progress:
    """How far erasing has come: when it was asked for, and each computer that has, or had, the words."""

    at: str
    reason: str
    replicas: tuple[Replica, ...]

    def done(self) -> int:
        """Return how many computers have erased the words."""
        return sum(one.is_done for one in self.replicas)

    def waiting(self) -> tuple[Replica, ...]:
        """Return the computers that have not said so yet, those that were lost left out."""
        return tuple(one for one in self.replicas if not one.is_done and not one.is_lost)

    def lost(self) -> int:
        """Return how many lost computers nobody can reach."""
        return sum(one.is_lost and not one.is_done for one in self.replicas)


class ErasureDesk:
    """Erases from one open home."""

    def __init__(self, desk: Desk, exchange: Exchange, postbox: Postbox) -> None:
        self._desk = desk
        self._exchange = exchange
        self._postbox = postbox

    def plan_of(self, kind: str, record_id: str) -> ErasurePlan:
        """Return what erasing somebody, or one record, comes to."""
        if kind != "person":
            return self._desk.ask(erasure_of_record, kind, record_id)
        people = self._desk.ask(entries_of, record_id)
        naming = self._postbox.naming(one.id for one in people)
        names = {one.name for one in people if len(one.name) >= SHORTEST}
        return self._desk.ask(erasure_of_person, people, naming, self._postbox.naming(sorted(names)))

    def look(self, kind: str, record_id: str) -> Look:
        """Return what erasing would do; nothing changes."""
        plan = self.plan_of(kind, record_id)
        return Look(plan, self._exchange.eraser().look(plan.fields()))

    def erase(self, kind: str, record_id: str, reason: Reason = Reason.REQUEST) -> Look:
        """Erase the words here and say so for everybody; return what was done.

        Raises:
            ErasureForbidden: All of it was sealed, or there is nothing.
            NotSaved: The disk would not take it; doing it again goes on.
        """
        look = self.look(kind, record_id)
        if look.is_nothing():
            raise ErasureForbidden(look.plan.sealed if not look.plan.targets else ())
        contested = frozenset((*self._postbox.contests(), *self._postbox.contests(is_by_rule=True)))
        self._desk.do(EraseWords(look.plan.targets, reason, contested))
        self._exchange.prepare()
        self._exchange.eraser().erase(look.plan.fields(), reason, look.plan.blobs)
        self._exchange.sweep()
        return look

    def progress(self, kind: str, record_id: str) -> Progress | None:
        """Return how far erasing somebody, or one record, has come; None when nobody has asked for it."""
        plan, eraser = self.plan_of(kind, record_id), self._exchange.eraser()
        said = eraser.said_of(plan.targets or ((kind, record_id),))
        if not said:
            return None
        last = said[-1].body
        return Progress(last.at, last.reason, eraser.replicas(said, eraser.is_open(said)))


def told(progress: Progress) -> str:
    """Return how far it has come, in the clerk's words: 3 处已删，1 处待同步（王村笔记本）."""
    words = tr("{count} 处已删", count=progress.done())
    waiting = progress.waiting()
    if waiting:
        names = "、".join(one.name for one in waiting[:NAMED])
        words += tr("，{count} 处待同步（{names}）", count=len(waiting), names=names)
    if progress.lost():
        words += tr("，{count} 台已报丢失的删不到", count=progress.lost())
    return words
