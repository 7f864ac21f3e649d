"""What the screens of the exchange need from behind: plain facts to show, a few things to have done.

Everything long is given `progress` and `stop`; it runs beside the acts of whoever is at the keys (`Room.errand`) and
may raise any `Trouble`. Whoever stops it gets `CarryStopped` or `SendingStopped` raised, or an answer that says what
was finished until then.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from app.desk import Command
from app.domain.change import ChangeSet
from app.domain.paper_exchange import ExchangeCheck
from sync.reach import Reach


class Sort(StrEnum):
    """What a row is about; decides its icon."""

    SEALED = "sealed"
    SIGN_IN = "sign_in"
    MEETING = "meeting"
    ACTION = "action"
    TOPIC = "topic"
    PEOPLE = "people"
    NOTICE = "notice"
    PLAN = "plan"
    NOTE = "note"
    PICTURE = "picture"
    RECEIPT = "receipt"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that goes or came: 石墙村 签到表, with 27 人 at the right. `meeting` is the title it stands under."""

    title: str
    sort: Sort = Sort.OTHER
    note: str = ""
    meeting: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is to be sent, the rows of one meeting together; `number` is that of the package it will be, 0 unknown;
    `since` the day from which on it has been waiting, None unknown."""

    rows: tuple[Row, ...] = ()
    items: int = 0
    size: int = 0
    number: int = 0
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What came in last, from whom and when; `at` is None when nothing ever came. `contests` wait for a person."""

    sender: str = ""
    at: datetime | None = None
    rows: tuple[Row, ...] = ()
    contests: int = 0


@dataclass(frozen=True, slots=True)
class Package:
    """第 n 包 as it went out.

    `received` tells by level, as its column is headed (县, 州, 省), the day; None while it is on its way.
    """

    number: int
    day: date
    items: int
    carrier: str
    received: Mapping[str, date | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stick:
    """A stick that is plugged in, or a folder that stands in for one; `free` is None when it could not be asked."""

    label: str
    folder: Path
    free: int | None = None
    is_read_only: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """How far a long work is: what is being written or read, how many of how many, how long it will take yet."""

    text: str
    done: int
    of: int
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """What is on the stick now, or went over the wire. `to` is where it is taken in (县里); `of` more were meant;
    `cleared` old packages were taken away from the stick, for all of them has arrived."""

    items: int
    of: int = 0
    number: int = 0
    to: str = ""
    cleared: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """What taking in would do; nothing has been taken. `hold` is the implementation's own.

    `letters` are receipts and what belongs to enrolment, `pictures` pieces of pictures, `kept` what is not for us to
    read and is passed on.
    """

    sender: str
    new: int = 0
    changed: int = 0
    contests: int = 0
    unread: int = 0
    known: int = 0
    gaps: tuple[str, ...] = ()
    hold: object = None
    letters: int = 0
    pictures: int = 0
    kept: int = 0

    def brings_nothing(self) -> bool:
        """Return whether there is nothing to take in."""
        return not (self.new or self.changed or self.contests or self.unread or self.brings_beside())

    def brings_beside(self) -> bool:
        """Return whether there is anything that is no record to be read here."""
        return bool(self.letters or self.pictures or self.kept)


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken in. `changes`, when given, are told to the screens as an act of somebody else; of a large intake
    every screen has to ask anew.
    """

    sender: str
    new: int = 0
    changed: int = 0
    contests: int = 0
    unread: int = 0
    changes: ChangeSet | None = None
    letters: int = 0
    is_large: bool = False
    pictures: int = 0
    kept: int = 0

    def brings_words(self) -> bool:
        """Return whether any record came or changed."""
        return bool(self.new or self.changed or self.contests or self.unread)


@dataclass(frozen=True, slots=True)
class Synced:
    """What went over the wire both ways; None where there was nothing."""

    sent: Sent | None = None
    taken: Taken | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One of the versions: 本机写的, by whom and when. `place` is its short name on the button (本机, 县里).

    `is_removal` says that this side has put the record into the bin.
    """

    title: str
    place: str
    who: str
    unit: str = ""
    at: datetime | None = None
    is_removal: bool = False


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field of the record: what each side has it to be, in the order of the sides, and what it was before.

    `is_text` marks long texts, which are compared sentence by sentence. Fields that nobody disputes stand for context.
    """

    name: str
    label: str
    values: tuple[str, ...]
    is_disputed: bool = True
    original: str = ""
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class ContestView:
    """One record that two sides or more have changed. Ours, or the one that is shown now, stands first.

    `original` is what it was before, in one line. `both` says what keeping both would mean; empty when it cannot be.
    """

    kind: str
    record_id: str
    subject: str
    sort: Sort
    sides: tuple[Side, ...]
    fields: tuple[FieldRow, ...]
    original: str = ""
    both: str = ""

    def is_about_removal(self) -> bool:
        """Return whether one side has removed the record while another has gone on with it: 删除有争议."""
        return any(side.is_removal for side in self.sides)


class How(StrEnum):
    """How a contest is decided."""

    SIDE = "side"
    BOTH = "both"
    JOINED = "joined"


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen: a side, both, or for each disputed field a text joined of two that a person has looked at."""

    how: How
    side: int = 0
    texts: Mapping[str, str] = field(default_factory=dict)


Progress = Callable[[Step], None]
Stop = Callable[[], bool]


class Exchange(Protocol):
    """Everything the screens ask of the exchange. Only `sticks`, `contests`, `begun_here` are called while another is
    at work."""

    def begun_here(self, kind: str, record_id: str) -> bool:
        """Return whether a record was brought into being on this computer."""

    def outgoing(self) -> Outgoing:
        """Return what has not been sent yet, or was sent and is not known to have arrived."""

    def arrivals(self) -> Arrivals:
        """Return what was taken in last."""

    def packages(self) -> list[Package]:
        """Return what went out, the newest first."""

    def reach(self, records: Sequence[str]) -> Reach | None:
        """Return how far all that was written about records has got; None when nobody can say."""

    def gaps(self) -> list[str]:
        """Return what is missing of others by name, a sentence each: 缺第 7 包，桃园村，3月2日."""

    def check(self) -> ExchangeCheck:
        """Return 交换核对单 as things stand: what each level has received, and what is missing."""

    def sticks(self) -> list[Stick]:
        """Return the sticks plugged in now; quick, and called beside everything else."""

    def write_to(self, folder: Path, progress: Progress, stop: Stop) -> Sent:
        """Write what is to be sent; when it returns, all of it can be read there."""

    def look(self, folder: Path, progress: Progress, stop: Stop) -> Preview:
        """Return what could be taken in from there; nothing changes."""

    def take(self, preview: Preview, progress: Progress, stop: Stop) -> Taken:
        """Take in what was looked at, all of it or nothing."""

    def sync(self, address: str, progress: Progress, stop: Stop) -> Synced:
        """Send and fetch over the wire."""

    def contests(self) -> list[ContestView]:
        """Return what waits for a person, the oldest first."""

    def decision(self, view: ContestView, choice: Choice, reason: str) -> Command:
        """Return the command that decides; the screen has the desk do it, so that it is one act that can be undone."""
