"""The world tests stand in: a real encrypted home, a desk, a clock set by hand, a village with its people."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path

import resources
from app.commands.people import RegisterPerson
from app.commands.sitting import CallSitting, OpenSitting
from app.desk import Desk
from app.domain.change import ChangeSet
from app.domain.people import Role
from app.domain.place import Places
from app.domain.practice import Practice, read_practices
from app.queries.people import register
from db.keep import Home, open_home
from db.province import Store
from sync.homes import SeededDice
from ui.room import Room

BEIJING = timezone(timedelta(hours=8))
MORNING = datetime(2026, 3, 30, 10, 0, tzinfo=BEIJING)
NAMES = [
    "赵某甲",
    "钱某乙",
    "孙某丙",
    "李某丁",
    "周某戊",
    "吴某己",
    "郑某庚",
    "王某辛",
    "冯某壬",
    "陈某癸",
    "何某子",
    "吕某丑",
    "施某寅",
    "张某卯",
    "孔某辰",
]


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    at: datetime = MORNING

    def now(self) -> datetime:
        return self.at

    def passes(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class World:
    """One laptop with its home open."""

    folder: Path
    clock: Clock = field(default_factory=Clock)
    opening: Callable[[Path, datetime], Home | Store] = open_home

    def __post_init__(self) -> None:
        self.home = self.opening(self.folder, self.clock.now())
        self.desk = Desk(
            self.home.shelf,
            self.home.ledger,
            self.clock,
            SeededDice("world"),
            "示例干部",
            blobs=self.home.blobs,
            seal=self.home.seal,
        )

    def made(self, changes: ChangeSet, kind: str) -> str:
        """Return the id of the first record of a kind that an act touched."""
        return next(change.record_id for change in changes.changes if change.kind == kind)

    def villager(self, name: str, role: Role = Role.VILLAGER, group: str = "二组", **more: str) -> str:
        """Put somebody on the register and return the id."""
        return self.made(self.desk.do(RegisterPerson(name, group=group, role=role, **more)), "person")

    def villagers(self, count: int = len(NAMES)) -> list[str]:
        """Put so many people on the register."""
        return [self.villager(name) for name in NAMES[:count]]

    def sitting(self, *issues: str, invited: tuple[str, ...] = (), is_open: bool = True, **more: object) -> str:
        """Call a meeting and return the sitting's id."""
        frame = {"venue": "李某丁家院坝", "host": "王某辛", "recorder": "示例干部"} | more
        called = self.desk.do(CallSitting("石墙村 15 米挡墙院坝协商", issues=issues, invited=invited, **frame))
        sitting_id = self.made(called, "sitting")
        if is_open:
            self.desk.do(OpenSitting(sitting_id))
        return sitting_id

    def room(self) -> Room:
        """Return a room on this home, as a window would have it."""
        return Room(self.desk, self.desk.ask(register), _places(), _practices(), self.clock, self.desk.jotted())

    def reopened(self) -> "World":
        """Return the same home as after a crash: nothing was said goodbye to."""
        self.home.engine.dispose()
        self.home.lock.close()
        return World(self.folder, self.clock)

    def close(self) -> None:
        """Let go of the home."""
        self.home.close()


@cache
def _places() -> Places:
    return Places(resources.places("53"))


@cache
def _practices() -> dict[str, Practice]:
    return read_practices(resources.practices())
