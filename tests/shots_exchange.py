"""The pictures of 同步, 两边都改过 and 登记: two real homes that have met over a folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import resources
from app.commands.action import AmendAction
from app.commands.topic import RaiseTopic
from app.desk import Desk
from app.domain.action import Action
from app.domain.place import Places
from app.settings import ME, PLACE, PRACTICE
from db.keep import REVISION, Home, open_home
from sync.carriers import place_of
from sync.exchange import Exchange, exchange_of
from sync.homes import SeededDice, StageClock

COUNTY_NAME, LAPTOP_NAME = "县政协办", "桃园村笔记本"
OURS = (date(2026, 5, 10), "清明前后下雨，砂场 4 月 20 日才开工")
THEIRS = (date(2026, 4, 25), "汛期前必须完工")


class Computer:
    """One computer: its home, its desk, what carries for it."""

    def __init__(self, home: Home, clock: StageClock, who: str) -> None:
        self.home = home
        self.desk = Desk(home.shelf, home.ledger, clock, SeededDice(who), who, blobs=home.blobs, seal=home.seal)
        parts = (home.postbox, home.shelf, home.seal, clock, SeededDice(f"{who} 2"), home.folder, REVISION, home.cargo)
        self.exchange: Exchange = exchange_of(*parts)

    def exchanges(self, stick: Path) -> None:
        """Take in what lies there, and write what there is."""
        for found in self.exchange.found(stick):
            self.exchange.take_file(self.exchange.fetched(found))
        self.exchange.export(place_of(stick))

    def amend(self, task: str, due: date, note: str) -> None:
        """Give a task another day, for a reason."""
        action = self.home.shelf.get(Action, task)
        self.desk.do(AmendAction(replace(action, due_on=due, note=note)))


def meet(home: Home, now: datetime, folder: Path) -> Path:
    """Enrol a rehearsed home, let it send its evenings, and let the county change what it has changed too.

    Return the stick on which the county's answer lies.
    """
    clock, stick = StageClock(now), folder / "示例U盘"
    stick.mkdir()
    laptop = Computer(home, clock, home.ledger.jotted(ME.name).get(ME.name, "示例干部"))
    org = home.ledger.jotted(PLACE.name)[PLACE.name][:9]
    with _county(folder / "county", clock) as county:
        county.exchange.enrolment().found(org[:6], COUNTY_NAME)
        enrol(laptop, county, org, stick)
        task = next(one for one in home.shelf.all(Action) if one.is_open() and one.unit_id)
        laptop.amend(task.id, *OURS)
        county.amend(task.id, *THEIRS)
        laptop.exchanges(stick)
        county.exchanges(stick)
        laptop.exchanges(stick)
    for title in ("采购农资", "渠道清淤"):
        laptop.desk.do(RaiseTopic(title))
    laptop.desk.do(AmendAction(replace(home.shelf.all(Action)[-1], supervisor="村监委")))
    home.ledger.jot({PRACTICE.name: None})
    return stick


@contextmanager
def _county(folder: Path, clock: StageClock) -> Iterator[Computer]:
    home = open_home(folder, clock.now())
    yield Computer(home, clock, "示例科员")
    home.close()


def enrol(laptop: Computer, county: Computer, org: str, stick: Path) -> None:
    """Enrol by stick and telephone, and carry everything to the county."""
    asked = laptop.exchange.enrolment().ask(org, LAPTOP_NAME)
    laptop.exchange.export(place_of(stick))
    county.exchanges(stick)
    name = Places(resources.places("53")).place(org).display_name
    told = county.exchange.enrolment().accept(asked.digits, (), lambda _: name)
    laptop.exchange.enrolment().confirm(told.digits)
    county.exchanges(stick)
    for _ in range(2):
        laptop.exchanges(stick)
        county.exchanges(stick)
