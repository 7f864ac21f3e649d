"""Who there is: a township with up to four laptops, its county and its province, enrolled once and copied for each
history."""

import random
import shutil
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path

from app.commands.people import RegisterPerson
from app.commands.sitting import CallSitting
from sync.homes import StageClock
from ui.simulation.machine import Machine, drawn_from
from ui.simulation.oracle import Oracle, Uid
from ui.simulation.world import COUNTY, OTHER_TOWNSHIP, PROVINCE, TOWNSHIP, Player, World

NOW = datetime(2026, 11, 23, 10, 2, 11, tzinfo=timezone(timedelta(hours=8)))
LAPTOPS = {"甲": TOWNSHIP, "乙": TOWNSHIP, "丙": TOWNSHIP, "丁": OTHER_TOWNSHIP}
LATE = "戊"
OFFICES = {"县": COUNTY, "省": PROVINCE}
ORGS = LAPTOPS | {LATE: TOWNSHIP} | OFFICES


def clock() -> StageClock:
    """Return a clock that is right."""
    return StageClock(NOW, timedelta(milliseconds=1))


@dataclass(slots=True)
class County:
    """The template: homes that have been enrolled and have heard of each other, closed, in a folder."""

    folder: Path
    oracle: Oracle = field(default_factory=Oracle)
    own: dict[str, list[Uid]] = field(default_factory=dict)
    ever: dict[str, set[str]] = field(default_factory=dict)

    def copy(self, name: str, to: Path) -> None:
        """Copy one home."""
        shutil.copytree(self.folder / name, to, ignore=shutil.ignore_patterns("lock", "exchange"))


def found_county(folder: Path) -> County:
    """Found the offices, enrol the laptops, carry the statements round, and return the homes closed."""
    chance = random.Random("county")
    with drawn_from(chance):
        machines = {name: Machine(folder / name, name, clock(), chance) for name in (*LAPTOPS, LATE, *OFFICES)}
        county, province = machines["县"], machines["省"]
        county.exchange.enrolment().found(COUNTY, "示例县")
        province.exchange.enrolment().found(PROVINCE, "示例省")
        _join(county, province)
        for name, org in LAPTOPS.items():
            _enrol(machines[name], county, org)
        world = World(folder, chance)
        world.is_checking = False
        for name, machine in machines.items():
            world.players[name] = Player(name, machine, ORGS[name])
        _work_and_carry(world, folder / "stick")
        for machine in machines.values():
            machine.close()
    own = {name: player.own for name, player in world.players.items()}
    return County(folder, world.oracle, own, world.ever)


def _work_and_carry(world: World, stick: Path) -> None:
    """Let the first laptop write a little, and carry a stick around until everybody has it."""
    stick.mkdir()
    desk = world.players["甲"].machine.desk
    for name in ("赵某甲乙", "钱某丙丁", "孙某戊己"):
        world.edit(world.players["甲"], partial(desk.do, RegisterPerson(name, group="一组", phone="13912345678")))
    world.edit(world.players["甲"], partial(desk.do, CallSitting("挡墙协商", issues=("谁出资",), host="王某辛")))
    taken: dict[str, dict[str, str]] = {}
    for name in (*LAPTOPS, "县", "省", "县", *LAPTOPS, "县"):
        world.visit(world.players[name], stick, taken.setdefault(name, {}))
        world.export(world.players[name], stick)


def _enrol(laptop: Machine, county: Machine, org: str) -> None:
    work, office = laptop.exchange.enrolment(), county.exchange.enrolment()
    asked = work.ask(org, f"{laptop.name}笔记本")
    told = office.accept(asked.digits, [asked.request.raw], lambda code: "示例乡")
    work.confirm(told.digits)
    laptop.exchange.enrolment().take([file.raw for file in county.exchange.directory().riders(org)])
    county.exchange.enrolment().take([file.raw for file in laptop.exchange.directory().riders(COUNTY)])


enrol_late = _enrol


def _join(office: Machine, above: Machine) -> None:
    asked = office.exchange.enrolment().ask(PROVINCE, "值班电脑")
    cards = [said.raw for said in office.exchange.directory().said("card")]
    told = above.exchange.enrolment().accept(asked.digits, [asked.request.raw, *cards])
    office.exchange.enrolment().confirm(told.digits)
    office.exchange.enrolment().take([file.raw for file in above.exchange.directory().riders(COUNTY)])
    above.exchange.enrolment().take([file.raw for file in office.exchange.directory().riders(PROVINCE)])
