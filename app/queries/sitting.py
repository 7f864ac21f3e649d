"""One sitting, whole: everything the live desk shows, read once and kept up to date by each act's changes."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from app.domain.action import Action, Contribution, share_missing
from app.domain.attendance import Attendance, Presence
from app.domain.change import ChangeSet, applied, tells_whole
from app.domain.consensus import COUNTED, SETTLING, Consensus, Method, Reservation
from app.domain.consultation import Consultation
from app.domain.issue import Issue
from app.domain.people import Bench, Person, bench_of
from app.domain.record import R, Record
from app.domain.sitting import QuorumBase, QuorumRule, Sitting
from app.domain.statement import Statement, StatementKind
from app.domain.unit import Unit
from app.ports import Among, Is, Shelf
from app.queries.attendance_tied import one_each
from app.queries.people import Register

KINDS: dict[str, type[Record]] = {
    kind.KIND: kind
    for kind in (
        *(Consultation, Sitting, Attendance, Issue),
        *(Statement, Consensus, Reservation, Action, Contribution),
    )
}


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many are here, of how many, and how many it takes; `need` 0 when the practice asks for none."""

    here: int
    base: int
    need: int
    rule: QuorumRule
    by: QuorumBase

    def is_met(self) -> bool:
        """Return whether enough have come."""
        return self.here >= self.need

    def missing(self) -> int:
        """Return how many more it takes."""
        return max(0, self.need - self.here)


@dataclass(slots=True)
class LiveSitting:
    """A sitting with all that belongs to it, by id. `take` brings it up to date; nothing is read again.

    Names come from the `register`, which is kept up to date beside it, and before it, by the same acts.
    """

    sitting_id: str
    register: Register
    records: dict[str, dict[str, Any]] = field(default_factory=lambda: {kind: {} for kind in KINDS})

    def take(self, changes: ChangeSet) -> frozenset[str]:
        """Apply an act and return the kinds of ours that it touched; acts on other sittings leave us as we are."""
        touched = set()
        for kind, record_id, parts in changes.by_record():
            held = self.records.get(kind)
            if held is None:
                continue
            if record_id not in held and not tells_whole(KINDS[kind], parts):
                continue
            record = applied(KINDS[kind], held.get(record_id), record_id, parts)
            if self._is_ours(record):
                held[record_id] = record
                touched.add(kind)
        return frozenset(touched)

    def _is_ours(self, record: Any) -> bool:
        owner = getattr(record, "sitting_id", self.sitting_id)
        return bool(owner == self.sitting_id) and (record.KIND != Sitting.KIND or record.id == self.sitting_id)

    def _standing(self, kind: type[R]) -> list[R]:
        return [record for record in self.records[kind.KIND].values() if record.standing == 1]

    @property
    def sitting(self) -> Sitting:
        """Return the sitting itself."""
        sitting: Sitting = self.records[Sitting.KIND][self.sitting_id]
        return sitting

    @property
    def consultation(self) -> Consultation:
        """Return the consultation it belongs to."""
        consultation: Consultation = self.records[Consultation.KIND][self.sitting.consultation_id]
        return consultation

    def person(self, person_id: str | None) -> Person | None:
        """Return somebody known here, standing or not, so that a name once spoken never vanishes."""
        return self.register.one(person_id)

    def unit(self, unit_id: str | None) -> Unit | None:
        """Return a unit."""
        return self.register.units.get(unit_id or "")

    def host(self) -> str:
        """Return the host's name."""
        person = self.person(self.sitting.host_id)
        return person.name if person else self.sitting.host

    def attendances(self) -> list[Attendance]:
        """Return all attendances, one a person, in the order of the register: the same at every desk."""
        return one_each(self._standing(Attendance), self.register.one_id)

    def attendance_of(self, person_id: str) -> Attendance | None:
        """Return somebody's attendance, or None if they are neither expected nor here."""
        return next((a for a in self.attendances() if a.person_id == self.register.one_id(person_id)), None)

    def here(self) -> list[Attendance]:
        """Return those in the yard now, the latest arrival first."""
        present = [a for a in self.attendances() if a.is_here()]
        return sorted(
            present, key=lambda a: (a.arrived_at is not None and a.arrived_at.timestamp(), a.person_id), reverse=True
        )

    def awaited(self) -> list[Attendance]:
        """Return those expected who have not come."""
        return [a for a in self.attendances() if a.presence == Presence.EXPECTED]

    def came(self) -> list[Attendance]:
        """Return all who came, also those who left, in the order of arrival: the sign-in sheet's order."""
        there = [a for a in self.attendances() if a.has_come()]
        return sorted(there, key=lambda a: (a.arrived_at.timestamp() if a.arrived_at else 0.0, a.person_id))

    def silent(self) -> list[Attendance]:
        """Return those in the yard who have not spoken, in the order of arrival."""
        spoke = {self.register.one_id(statement.speaker_id or "") for statement in self.statements()}
        return [a for a in reversed(self.here()) if a.person_id not in spoke]

    def benches(self) -> dict[Bench, int]:
        """Return how many of each bench are here; those of none only when there are any."""
        count = Counter(bench_of(a.role) for a in self.here())
        return {bench: count[bench] for bench in Bench if bench != Bench.OTHERS or count[bench]}

    def expected(self) -> int:
        """Return how many are expected: the base number if one was set, else those invited."""
        return self.sitting.expected or sum(a.invited for a in self.attendances())

    def quorum(self) -> Quorum:
        """Return the quorum as it stands, by persons or by households."""
        sitting = self.sitting
        if sitting.quorum_base == QuorumBase.HOUSEHOLDS:
            base, here = self.households()
        else:
            base, here = self.expected(), len(self.here())
        return Quorum(here, base, sitting.need(base), sitting.quorum_rule, sitting.quorum_base)

    def households(self) -> tuple[int, int]:
        """Return how many households are expected and how many have somebody here."""
        invited = self._households(a for a in self.attendances() if a.invited)
        return self.sitting.expected_households or invited, self._households(self.here())

    def _households(self, attendances: Iterable[Attendance]) -> int:
        people = (self.person(a.person_id) for a in attendances)
        return len({person.household_id for person in people if person and person.household_id})

    def voters(self, method: Method = Method.SHOW_OF_HANDS) -> int:
        """Return how many votes are in the yard now: those who count, or their households."""
        counting = [a for a in self.here() if a.counts]
        return self._households(counting) if method == Method.HOUSEHOLD_VOTE else len(counting)

    def issues(self) -> list[Issue]:
        """Return the issues by number."""
        return numbered(self._standing(Issue))

    def current_issue(self) -> Issue | None:
        """Return the issue under discussion."""
        wanted = self.sitting.current_issue_id
        return next((issue for issue in self.issues() if issue.id == wanted), None)

    def statements(self) -> list[Statement]:
        """Return the statements by number."""
        return numbered(self._standing(Statement))

    def statements_of(self, issue_id: str) -> Counter[StatementKind]:
        """Return how many statements of each kind were made to an issue."""
        return Counter(s.kind for s in self._standing(Statement) if s.issue_id == issue_id)

    def consensus_of(self, issue_id: str) -> Consensus | None:
        """Return the consensus on an issue, settled or still a draft."""
        return next((c for c in self._standing(Consensus) if c.issue_id == issue_id), None)

    def settled(self) -> list[tuple[Issue, Consensus]]:
        """Return the issues that are settled with their consensus, by number."""
        pairs = ((issue, self.consensus_of(issue.id)) for issue in self.issues())
        return [(issue, consensus) for issue, consensus in pairs if consensus and consensus.is_settled()]

    def reservations_of(self, consensus_id: str) -> list[Reservation]:
        """Return the reservations kept beside a consensus, in the order they were made."""
        kept = (r for r in self.records[Reservation.KIND].values() if r.consensus_id == consensus_id)
        return sorted(kept, key=lambda reservation: reservation.id)

    def actions(self) -> list[Action]:
        """Return the tasks by number."""
        return numbered(self._standing(Action))

    def actions_of(self, consensus_id: str | None) -> list[Action]:
        """Return the tasks under a consensus (None: those under none)."""
        return [action for action in self.actions() if action.consensus_id == consensus_id]

    def contributions_of(self, action_id: str) -> list[Contribution]:
        """Return what is brought to a task."""
        brought = (c for c in self._standing(Contribution) if c.action_id == action_id)
        return sorted(brought, key=lambda contribution: contribution.id)

    def share_missing(self, action_id: str) -> Decimal:
        """Return how many per cent a task's shares lack to 100."""
        return share_missing(tuple(self.contributions_of(action_id)))

    def elapsed_s(self, now: datetime) -> int:
        """Return how many seconds the meeting has lasted; 0 before it began."""
        sitting = self.sitting
        if sitting.opened_at is None:
            return 0
        return max(0, int(((sitting.ended_at or now) - sitting.opened_at).total_seconds()))

    def gaps(self) -> list["Gap"]:
        """Return what the papers still lack, in the order of the closing assistant."""
        return [*_frame_gaps(self), *_issue_gaps(self), *_action_gaps(self)]


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing the papers lack. `what` says which field fills it; `required` ones stand before printing."""

    what: str
    record_id: str
    sentence: str
    hint: str = ""
    required: bool = True


def _frame_gaps(live: LiveSitting) -> Iterable[Gap]:
    sitting = live.sitting
    if not live.consultation.place_codes:
        yield Gap("place", sitting.id, "哪个村的会没写", "打村名首字母")
    wanted = {"venue": ("地点没写", sitting.venue), "host": ("主持人没写", sitting.host or sitting.host_id)}
    wanted["recorder"] = ("记录人没写", sitting.recorder)
    for name, (sentence, value) in wanted.items():
        if not value:
            yield Gap(name, sitting.id, sentence)
    if not live.came():
        yield Gap("attendance", sitting.id, "还没有人签到", "按 F2 回去签到，或印空白签到表")


def _issue_gaps(live: LiveSitting) -> Iterable[Gap]:
    for issue in live.issues():
        consensus = live.consensus_of(issue.id)
        if consensus is None or not consensus.is_settled():
            yield Gap("consensus", issue.id, f"焦点 {issue.number}“{issue.title}”还没有结论", "没谈成也照实写：未达成")
        elif _lacks_reason(live, consensus):
            yield Gap("reservation", consensus.id, f"焦点 {issue.number} 有人反对或弃权，没记理由", "没有就空着", False)


def _lacks_reason(live: LiveSitting, consensus: Consensus) -> bool:
    dissent = consensus.method in COUNTED and consensus.result in SETTLING and consensus.against + consensus.abstain > 0
    return dissent and not live.reservations_of(consensus.id)


def _action_gaps(live: LiveSitting) -> Iterable[Gap]:
    for action in live.actions():
        if action.unit_id is None:
            yield Gap("unit", action.id, f"任务 {action.number}“{action.text}”没有责任单位", "打首字母选单位")
        if action.due_on is None:
            yield Gap(
                "due",
                action.id,
                f"任务 {action.number}“{action.text}”没有期限",
                "打 420 就是 4月20日，打 +20 就是二十天后",
            )
        if live.share_missing(action.id):
            yield Gap(
                "share", action.id, f"任务 {action.number} 分担还差 {live.share_missing(action.id)} %", "合计要到 100 %"
            )


N = TypeVar("N", Issue, Statement, Action)


def numbered(records: Iterable[N]) -> list[N]:
    """Return records in the order of their numbers; where two laptops gave the same one, the next goes on counting.

    Only what is shown and printed is counted anew, the same on every laptop: nothing is written for it, and a number
    that nobody else has stays what people know it by unless those before it have reached it.
    """
    counted: list[N] = []
    for record in sorted(records, key=lambda one: (one.number, one.id)):
        least = counted[-1].number + 1 if counted else record.number
        counted.append(record if record.number >= least else replace(record, number=least))
    return counted


def live_sitting(shelf: Shelf, sitting_id: str, register: Register) -> LiveSitting:
    """Return a sitting whole; the register stays beside it."""
    live = LiveSitting(sitting_id, register)
    sitting = shelf.get(Sitting, sitting_id)
    live.records[Sitting.KIND][sitting_id] = sitting
    consultation = shelf.get(Consultation, sitting.consultation_id)
    live.records[Consultation.KIND][consultation.id] = consultation
    ours = Is("sitting_id", sitting_id)
    for kind in (Attendance, Issue, Statement, Consensus, Action):
        _hold(live, shelf.all(kind, ours))
    _hold(live, shelf.all(Reservation, Among("consensus_id", tuple(live.records[Consensus.KIND]))))
    _hold(live, shelf.all(Contribution, Among("action_id", tuple(live.records[Action.KIND]))))
    return live


def _hold(live: LiveSitting, records: Iterable[Record]) -> None:
    for record in records:
        live.records[record.KIND][record.id] = record


def sitting_of(shelf: Shelf, consultation_id: str) -> Sitting | None:
    """Return the latest sitting of a consultation."""
    found = shelf.all(Sitting, Is("consultation_id", consultation_id), order="-ordinal", limit=1)
    return found[0] if found else None
