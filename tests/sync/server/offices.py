"""A county's server with people who may sign in: a real home, a clock set by hand, cheap passwords."""

from datetime import datetime, timedelta, timezone

from app.domain.place import Places
from db import keep
from db.accounts import SqlRegister
from sync.homes import SeededDice, StageClock
from sync.server.accounts import Accounts

NOW = datetime(2026, 11, 1, 9, 0, tzinfo=timezone(timedelta(hours=8)))
CHEAP = 4
PASSWORD = "水渠 gravel 晒谷 lantern"
PLACES = "\n".join(
    f"{code}\t{name}"
    for code, name in (
        ("53", "示例省"),
        ("5301", "示例州"),
        ("530102", "示例县"),
        ("530102001", "甲乡"),
        ("530102002", "乙乡"),
        ("530103", "邻县"),
        ("530103001", "丙乡"),
    )
)
COUNTY, OWN, SIBLING, OTHER = "530102", "530102001", "530102002", "530103001"


class Office:
    """The accounts of a county's server."""

    def __init__(self, folder, place=COUNTY, cost=CHEAP, home=None, now=NOW):
        self.home = home or keep.open_home(folder, NOW)
        self.clock = StageClock(now)
        self.register = SqlRegister(self.home.engine, self.home.ledger, keep.home_key(self.home.folder))
        self.places = Places(PLACES)
        self.accounts = Accounts(self.register, self.clock, SeededDice("office"), self.places, place, cost)

    def add(self, name, role, scope=COUNTY):
        return self.accounts.add(None, name, role, scope, PASSWORD)[0]

    def enters(self, name, digits="", password=PASSWORD):
        return self.accounts.sign_in(name, password, digits)

    def passes(self, **time):
        self.clock.set(self.clock.moment + timedelta(**time))

    def told(self):
        """Return the log as (account, act, object, outcome)."""
        return [line.deed.texts()[1:] for line in self.register.lines()]

    def close(self):
        self.home.close()
