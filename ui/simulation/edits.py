"""What people write in a simulated county: much of it about the same few records, so that it meets."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

import resources
from app.commands.action import AssignAction
from app.commands.consensus import DraftConsensus
from app.commands.edition import OpenCorrection, SealSitting
from app.commands.people import AmendPerson, RegisterPerson
from app.commands.sitting import AmendSitting, CallSitting, CloseSitting, OpenSitting
from app.commands.statement import AmendStatement, RecordStatement, RemoveStatement
from app.desk import Command, Desk
from app.domain.change import STANDING, Change, ChangeSet, changed, laid_down
from app.domain.consultation import Consultation
from app.domain.issue import Issue
from app.domain.op import Op
from app.domain.people import Person
from app.domain.place import Places
from app.domain.practice import read_practices
from app.domain.record import Plain, R, with_plain
from app.domain.sitting import Sitting
from app.domain.statement import Statement
from app.ports import Moment, Shelf
from app.queries.edition import content_of
from sync.homes import StageClock
from ui.office_work import GIVEN, SAID, SURNAMES, Recorder
from ui.simulation.machine import Machine
from ui.simulation.world import Player, World

PRACTICES = read_practices(resources.practices())
PLACES = Places("")
FEW = 4


@dataclass(frozen=True, slots=True)
class Written:
    """A command that says itself what changes."""

    title: str
    parts: tuple[Change, ...]
    decides: frozenset[tuple[str, str, str]] = frozenset()

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return it."""
        return ChangeSet(self.title, self.parts, decides=self.decides)


class Hand:
    """Somebody at one computer, who writes what a seed says."""

    def __init__(self, world: World, player: Player, chance: random.Random) -> None:
        self._world, self._player, self._chance = world, player, chance
        self._desk: Desk = player.machine.desk
        clock: StageClock = player.machine.clock
        self._recorder = Recorder(self._desk, clock, str(chance.random()))

    def write(self) -> bool:
        """Do one thing; return whether it was done."""
        ways: list[tuple[Callable[[], Command | None], int]] = [
            (self._register, 3),
            (self._amend_person, 8),
            (self._retitle, 4),
            (self._move, 2),
            (self._call, 1),
            (self._open, 2),
            (self._say, 5),
            (self._mend, 6),
            (self._unsay, 1),
            (self._lay_down, 2),
            (self._draft, 2),
            (self._assign, 1),
            (self._close, 2),
            (self._seal, 3),
            (self._correct, 1),
            (self._decide, 5),
        ]
        draw = self._chance.random()
        if draw < 0.06:
            return self._world.edit(self._player, self._desk.undo)
        if draw < 0.10:
            return self._world.edit(self._player, self._desk.redo)
        if draw < 0.25:
            return self._world.edit(self._player, lambda: self._recorder._one())
        command = self._chance.choices([way for way, _ in ways], [weight for _, weight in ways])[0]()
        return command is not None and self._world.edit(self._player, lambda: self._desk.do(command))

    def write_newer(self) -> None:
        """Write as a newer version would: a kind nobody knows, or a field nobody knows."""
        machine, chance = self._player.machine, self._chance
        person = self._some(Person)
        act = f"{chance.getrandbits(128):032x}"
        wall = machine.clock.now().isoformat()
        if person is None or chance.random() < 0.5:
            sets: dict[str, Plain] = {"height": chance.randrange(90), STANDING: 1}
            key = ("drone_flight", f"{chance.getrandbits(128):032x}")
            op = Op("", 0, 0, *key, dict(sets), None, act, "新版", wall)
        else:
            sets, key = {"clan": chance.choice(("老屋", "新屋", "下坝"))}, (Person.KIND, person.id)
            base = {"clan": self._shown(machine, key, "clan")}
            op = Op("", 0, 0, *key, dict(sets), base, act, "新版", wall)
        # Nobody can be shown it here, so it is written over everything of it that lies here.
        parts = tuple(Change(*key, name, None, value) for name, value in sets.items())
        self._world.edit_newer(self._player, op, ChangeSet("新版", parts, act))

    @staticmethod
    def _shown(machine: Machine, key: tuple[str, str], name: str) -> tuple[tuple[int, str, int], ...]:
        ops = machine.box.ops(*key)
        setting = [op for op in ops if name in op.sets] or [op for op in ops if op.base is None]
        return tuple(sorted({op.version for op in setting}))

    def _some(self, kind: type[R]) -> R | None:
        found = self._desk.ask(lambda shelf: shelf.all(kind, order="id", limit=FEW))
        return self._chance.choice(found) if found else None

    def _name(self) -> str:
        return f"{self._chance.choice(SURNAMES)}某{self._chance.choice(GIVEN)}{self._chance.choice(GIVEN)}"

    def _register(self) -> Command:
        phone = f"13{self._chance.randrange(10**9):09}"
        return RegisterPerson(self._name(), group="二组", phone=phone)

    def _amend_person(self) -> Command | None:
        person = self._some(Person)
        if person is None:
            return None
        name, values = self._chance.choice(
            (
                ("group", ("一组", "二组", "三组")),
                ("post", ("护林员", "水管员")),
                ("note", ("低保", "外出")),
                ("phone", ("13800000001", "13800000002")),
            )
        )
        return AmendPerson(with_plain(person, {name: self._chance.choice(values)}))

    def _retitle(self) -> Command | None:
        found = self._some(Consultation)
        if found is None:
            return None
        parts = changed(found, replace(found, title=f"{self._chance.choice(('挡墙', '水沟', '路灯'))}协商"))
        return Written("改标题", parts)

    def _move(self) -> Command | None:
        sitting = self._some(Sitting)
        return (
            AmendSitting(sitting.id, venue=self._chance.choice(("文化广场", f"{self._name()}家院坝")))
            if sitting
            else None
        )

    def _call(self) -> Command:
        return CallSitting("机耕路协商", issues=("谁出资",), venue=f"{self._name()}家院坝", host=self._name())

    def _open(self) -> Command | None:
        sitting = self._some(Sitting)
        return OpenSitting(sitting.id) if sitting else None

    def _say(self) -> Command | None:
        sitting, person = self._some(Sitting), self._some(Person)
        return (
            RecordStatement(sitting.id, self._chance.choice(SAID), person.id if person else None) if sitting else None
        )

    def _mend(self) -> Command | None:
        statement = self._some(Statement)
        return AmendStatement(replace(statement, text=self._chance.choice(SAID))) if statement else None

    def _unsay(self) -> Command | None:
        statement = self._some(Statement)
        return RemoveStatement(statement.id) if statement else None

    def _lay_down(self) -> Command | None:
        person = self._some(Person)
        return Written("移出名册", laid_down(person)) if person else None

    def _draft(self) -> Command | None:
        issue = self._some(Issue)
        return DraftConsensus(issue.id, self._chance.choice(SAID)) if issue else None

    def _assign(self) -> Command | None:
        sitting = self._some(Sitting)
        return AssignAction(sitting.id, "买水泥", unit_name="村委会") if sitting else None

    def _close(self) -> Command | None:
        sitting = self._some(Sitting)
        return CloseSitting(sitting.id) if sitting else None

    def _seal(self) -> Command | None:
        found = self._desk.ask(lambda shelf: [one for one in shelf.all(Sitting, limit=FEW) if one.ended_at])
        if not found:
            return None
        sitting = self._chance.choice(found)
        consultation = self._desk.ask(lambda shelf: shelf.find(Consultation, sitting.consultation_id))
        if consultation is None:
            return None
        return SealSitting(sitting.id, content_of(PLACES, PRACTICES[consultation.practice], sitting.id))

    def _correct(self) -> Command | None:
        sitting = self._some(Sitting)
        return OpenCorrection(sitting.id, "写错一个数") if sitting else None

    def _decide(self) -> Command | None:
        """Choose between the sides of something that two have changed."""
        machine = self._player.machine
        contests = machine.box.contests()
        if not contests:
            return None
        kind, record_id, name = self._chance.choice(contests)
        row = machine.record(kind, record_id)
        sides = machine.sides((kind, record_id)).get(name, [])
        if row is None or not sides:
            return None
        shown, chosen = row[name], self._chance.choice(sides)
        part = Change(kind, record_id, name, shown, chosen)
        return Written("定下", (part,), frozenset({(kind, record_id, name)}))
