"""Laptops and offices with real homes, and the stick between them: what one hands out the other takes."""

from datetime import datetime, timedelta, timezone

from db import keep
from sync.directory import Directory
from sync.enrolment import Enrolment

NOW = datetime(2026, 11, 23, 10, 2, 11, tzinfo=timezone(timedelta(hours=8)))
TOWNSHIP, OTHER_TOWNSHIP, COUNTY, PREFECTURE, PROVINCE = "530102001", "530102002", "530102", "5301", "53"


class Desk:
    """One computer and whoever sits at it."""

    def __init__(self, folder):
        self.home = keep.open_home(folder, NOW)
        self.postbox = self.home.postbox
        self.now = NOW
        self.device = self.postbox.stream().partition("/")[0]

    @property
    def work(self):
        return Enrolment(self.postbox, self.home.seal, self.now)

    @property
    def directory(self):
        return Directory.of(self.postbox)

    def hands_out(self, to):
        """Return the statements that ride on the stick to an organisation."""
        return [file.raw for file in self.directory.riders(to)]

    def secrets(self, use):
        """Return the keys for opening that lie here, by organisation."""
        return {(one.org, one.public) for one in self.postbox.identities() if one.use == use}


def enrol(laptop, office, org=TOWNSHIP, name="桃园村笔记本"):
    """Let a laptop be enrolled in one telephone call, and return what the office said."""
    asked = laptop.work.ask(org, name)
    told = office.work.accept(asked.digits, [asked.request.raw], lambda code: "示例乡")
    laptop.work.confirm(told.digits)
    laptop.work.take(office.hands_out(org))
    office.work.take(laptop.hands_out(office.directory.own()))
    return told


def join(office, above):
    """Let an office be joined to the one above it."""
    own, to = office.directory.own(), above.directory.own()
    asked = office.work.ask(to, "值班电脑")
    cards = [said.raw for said in office.directory.said("card")]
    told = above.work.accept(asked.digits, [asked.request.raw, *cards])
    office.work.confirm(told.digits)
    office.work.take(above.hands_out(own))
    above.work.take(office.hands_out(to))
