"""A fleet that exchanges: laptops of a township, its county, its province; real homes, a folder as stick."""

import atexit
import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from unittest.mock import patch

from app.desk import Desk
from app.queries.audience import split_of
from db import keep
from db.province import Store
from sync import enrolment
from sync.carriers import place_of
from sync.exchange import Exchange
from sync.homes import SeededDice
from tests.postgres import copied, open_fresh
from tests.sync.offices import COUNTY, PROVINCE, TOWNSHIP

NOW = datetime(2026, 11, 23, 10, 2, 11, tzinfo=timezone(timedelta(hours=8)))


Opening = Callable[[Path, datetime], keep.Home | Store]


def province_on_server(folder: Path, now: datetime) -> keep.Home | Store:
    """Open a county's home from its file, a province's from its PostgreSQL."""
    return (open_fresh if folder.name == "省" else keep.open_home)(folder, now)


class Clock:
    """A clock of one machine."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at


class Machine:
    """One computer with its home, its desk and its exchange."""

    def __init__(self, folder: Path, name: str, opened: int = 0, opening: Opening = keep.open_home) -> None:
        self.folder, self.name, self._opening = folder, name, opening
        self.clock = Clock()
        self.opened = opened
        self.open()

    def open(self) -> None:
        self.home = self._opening(self.folder, self.clock.now())
        self.opened += 1  # a machine that was opened again throws other dice
        home, dice = self.home, SeededDice(f"{self.name} {self.opened}")
        self.desk = Desk(
            home.shelf, home.ledger, self.clock, dice, f"{self.name}干部", blobs=home.blobs, seal=home.seal
        )
        split = split_of(home.shelf, home.postbox.ops)
        told = {"schema": keep.REVISION, "app": "0.1.0", "cargo": home.cargo}
        self.exchange = Exchange(home.postbox, home.seal, self.clock, dice, split, self.folder / "exchange", **told)

    def close(self) -> None:
        self.home.close()

    @property
    def work(self):
        return self.exchange.enrolment()

    def writes_to(self, stick: Path):
        return self.exchange.export(place_of(stick))

    def takes_from(self, stick: Path):
        taken = []
        for found in self.exchange.found(stick):
            file = self.exchange.fetched(found)
            taken.append(self.exchange.take_file(file))
        return taken

    def digest(self) -> str:
        return keep.digest(self.home.engine)


def enrolled(laptop: Machine, county: Machine, stick: Path, org: str = TOWNSHIP) -> None:
    """Enrol a laptop by stick and telephone."""
    asked = laptop.work.ask(org, f"{laptop.name}笔记本")
    laptop.writes_to(stick)
    county.takes_from(stick)
    told = county.work.accept(asked.digits)
    laptop.work.confirm(told.digits)
    county.writes_to(stick)
    laptop.takes_from(stick)


class Fleet:
    """Two laptops of one township, the county, the province; `upper` opens what the latter two have."""

    def __init__(self, folder: Path, upper: Opening = keep.open_home) -> None:
        self.folder = folder
        self.stick = folder / "stick"
        self.stick.mkdir()
        self._open(upper, 0)
        self.county.work.found(COUNTY, "示例县")
        self.province.work.found(PROVINCE, "示例省")
        self.join()
        for laptop in (self.a, self.b):
            enrolled(laptop, self.county, self.stick)
        self.rounds(2)

    def _open(self, upper: Opening, opened: int) -> None:
        lower, folder = keep.open_home, self.folder
        self.a, self.b = (Machine(folder / name, name, opened, lower) for name in ("甲", "乙"))
        self.county, self.province = (Machine(folder / name, name, opened, upper) for name in ("县", "省"))

    @classmethod
    def known(cls, folder: Path, days: int = 1, upper: Opening = keep.open_home) -> "Fleet":
        """Return a fleet in this folder in which everybody knows everybody, some days later, with an empty stick; to
        enrol one takes seconds."""
        made = cls._copied(_enrolled_once(upper), folder, days, upper, 1)
        shutil.rmtree(made.stick)
        made.stick.mkdir()
        return made

    @classmethod
    def lived(cls, folder: Path, life: Callable[["Fleet"], None], upper: Opening = keep.open_home) -> "Fleet":
        """Return a fleet in this folder that has known each other and had this life, a day later; the stick is as it
        was left. The life is lived once."""
        return cls._copied(_lived_once(life, upper), folder, 2, upper, 2)

    @classmethod
    def _copied(cls, other: Path, folder: Path, days: int, upper: Opening, opened: int) -> "Fleet":
        made = cls.__new__(cls)
        made.folder, made.stick = Path(shutil.copytree(other, folder)), folder / "stick"
        for name in ("县", "省"):
            copied(folder / name)
        made._open(upper, opened)
        for machine in made.machines:
            machine.clock.at += timedelta(days=days)
        return made

    def join(self) -> None:
        """Put the county under the province."""
        office, above = self.county, self.province
        asked = office.work.ask(PROVINCE, "值班电脑")
        cards = [said.raw for said in office.exchange.directory().said("card")]
        told = above.work.accept(asked.digits, [asked.request.raw, *cards])
        office.work.confirm(told.digits)
        office.work.take([file.raw for file in above.exchange.directory().riders(COUNTY)])
        above.work.take([file.raw for file in office.exchange.directory().riders(PROVINCE)])

    @property
    def machines(self) -> tuple[Machine, ...]:
        return (self.a, self.b, self.county, self.province)

    def rounds(self, count: int = 1) -> None:
        """Carry the stick around so many times: laptops, county, province, county, laptops."""
        for _ in range(count):
            for machine in (self.a, self.b, self.county, self.province, self.county, self.a, self.b):
                machine.takes_from(self.stick)
                machine.writes_to(self.stick)

    def close(self) -> None:
        for machine in self.machines:
            machine.close()


@cache
def _lived_once(life: Callable[[Fleet], None], upper: Opening) -> Path:
    """Return the folder of a fleet that had this life and was closed, to be copied."""
    folder = _passing_folder() / "fleet"
    fleet = Fleet.known(folder, upper=upper)
    life(fleet)
    fleet.close()
    return folder


def _passing_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="yuanba-fleet-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _enrolled_once(upper: Opening) -> Path:
    """Return the folder of a fleet that was enrolled and closed, to be copied."""
    folder = _passing_folder()
    with patch.object(enrolment, "COST", 4):
        Fleet(folder, upper).close()
    return folder
