"""Data set L: one county's laptop after five years, made once and copied for each benchmark.

20,000 persons, 1,500 consultations, 60,000 statements, 15,000 actions; among them one sitting in progress with 500
participants and 500 statements, and the standard meeting (60 people, 12 issues, 18 actions). All names are made up.
"""

import hashlib
import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

import resources
from app.domain.action import Action, ActionStage, Contribution, ContributionKind
from app.domain.attendance import Attendance, Presence
from app.domain.change import Change, ChangeSet, created
from app.domain.consensus import Consensus, Reservation
from app.domain.consultation import Consultation, ConsultationStage
from app.domain.ids import Mint
from app.domain.issue import Issue
from app.domain.people import Household, Person, Role
from app.domain.record import Record
from app.domain.sitting import Sitting, SittingStage
from app.domain.statement import KINDS, Statement
from app.domain.topic import LIFE, Topic
from app.domain.unit import Unit
from db.keep import REVISION, Home, open_home
from sync.homes import SeededDice
from tests.speed.workload import inserts

HERE = timezone(timedelta(hours=8))
BUILD = Path(__file__).resolve().parents[2] / "build" / "speed"
EVENING = datetime(2026, 3, 30, 20, 10, tzinfo=HERE)
SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏"
    "陶姜谢邹喻柏水窦章云苏潘葛范彭郎鲁韦昌马苗凤花方俞任袁柳"
)
GIVEN = (
    "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄宇宙洪荒日月盈昃列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜"
    "金生丽水玉出昆冈剑号巨阙珠称夜光果珍李柰菜重芥姜海咸河淡鳞潜羽翔龙师火帝鸟官人皇始制文字乃服衣裳推位让国有虞陶唐"
)
UNITS = ("村委会", "水利站", "自然资源所", "农业农村局", "住建局", "交通运输局", "民政所", "司法所", "派出所", "林草局")
ROLES = (Role.VILLAGER,) * 7 + (Role.VILLAGE_CADRE, Role.CPPCC_MEMBER, Role.LINE_DEPT)


@dataclass(frozen=True, slots=True)
class Size:
    """How much a county has done. Each sitting has 4 issues and `came` people."""

    persons: int = 20_000
    sittings: int = 1_498
    statements: int = 59_000
    actions: int = 14_970
    topics: int = 2_000
    came: int = 28
    big: int = 500


L = Size()
TINY = Size(persons=200, sittings=4, statements=20, actions=8, topics=6, came=5, big=30)


@dataclass(slots=True)
class County:
    """What the benchmarks need to know of the home: who lives there and the two sittings they look at."""

    big: str = ""
    standard: str = ""
    village: str = ""
    persons: list[Person] = field(default_factory=list)


class Builder:
    """Fills a home; what it writes depends on the size alone."""

    def __init__(self, home: Home, size: Size) -> None:
        self._home, self._size = home, size
        self._random = random.Random("county")
        self._dice, self._mints = SeededDice("county"), Mint()
        self._at = EVENING - timedelta(days=5 * 365)
        self._bodies = [str(record["body"]) for record in inserts("W1")]
        self._said = 0
        self._units: list[Unit] = []
        self.county = County()

    def build(self) -> County:
        """Write everything and return where to look."""
        villages = self._villages()
        self.county.village = villages[0]
        self._units = [Unit(self._mint(), f"{word}{no or ''}", villages[0][:6]) for no in range(6) for word in UNITS]
        self._write("单位", self._units)
        self._write_people(villages)
        size = self._size
        for no in range(size.sittings):
            self._at += timedelta(days=5 * 365 - 20) / size.sittings
            said, tasks = (_share(total, size.sittings, no) for total in (size.statements, size.actions))
            self._write("协商", self._sitting(villages[no % len(villages)], size.came, 4, said, tasks))
        self._write("议题", [self._topic(villages) for _ in range(size.topics)])
        self._write_tonight()
        self._home.ledger.jot({"here/place": villages[0], "me/name": "示例干部"})
        return self.county

    def _villages(self) -> list[str]:
        """Return the villages of one real county."""
        codes = [line.split("\t")[0] for line in resources.places("53").splitlines()]
        return [code for code in codes if len(code) == 12 and code.startswith("532622")]

    def _write_people(self, villages: list[str]) -> None:
        for first in range(0, self._size.persons, 2_000):
            people: list[Person] = []
            records: list[Record] = []
            for no in range(first, min(first + 2_000, self._size.persons)):
                village = villages[no * len(villages) // self._size.persons]
                if no % 4 == 0:
                    household = Household(self._mint(), village, f"{no % 9 + 1}组", self._name())
                    records.append(household)
                people.append(self._person(village, household))
            self._write("名册", [*records, *people])
            self.county.persons += people

    def _person(self, village: str, household: Household) -> Person:
        role = self._random.choice(ROLES)
        unit = self._random.choice(self._units).id if role == Role.LINE_DEPT else None
        phone = f"139{self._random.randrange(10**8):08}" if self._random.random() < 0.3 else ""
        return Person(
            self._mint(),
            self._name(),
            village,
            household.group,
            role,
            unit_id=unit,
            household_id=household.id,
            phone=phone,
        )

    def _name(self) -> str:
        given = "".join(self._random.choices(GIVEN, k=self._random.choice((1, 2, 2, 2))))
        return self._random.choice(SURNAMES) + given

    def _topic(self, villages: list[str]) -> Topic:
        village, stage = self._random.choice(villages), self._random.choice(LIFE)
        raised_on = self._at.date() - timedelta(days=self._random.randrange(900))
        return Topic(self._mint(), self._text(14), village, self._name(), raised_on, summary=self._text(), stage=stage)

    def _write_tonight(self) -> None:
        """Write the two sittings that are looked at; the big one was opened last, so the home page resumes it."""
        village = self.county.village
        self._at = EVENING - timedelta(hours=2)
        standard = self._sitting(village, min(60, self._size.persons), 12, 90, 18, is_over=False)
        self._at = EVENING - timedelta(hours=1)
        big = self._size.big
        crowd = self._sitting(village, big, 12, big, 30, is_over=False, away=big // 8)
        self._write("今晚", [*standard, *crowd])
        self.county.standard, self.county.big = (
            next(record.id for record in sitting if isinstance(record, Sitting)) for sitting in (standard, crowd)
        )

    def _sitting(
        self, village: str, came: int, issues: int, said: int, tasks: int, is_over: bool = True, away: int = 0
    ) -> list[Record]:
        """Return a consultation with its one sitting and all that belongs to it."""
        title, begun = f"{self._text(8)}院坝协商", self._at
        stage = ConsultationStage.FOLLOWING_UP if is_over else ConsultationStage.IN_SESSION
        consultation = Consultation(self._mint(), title, place_codes=(village,), stage=stage)
        points = [(no, self._mint(), self._text(9)) for no in range(1, issues + 1)]
        sitting = Sitting(
            self._mint(),
            consultation.id,
            venue="李某丁家院坝",
            starts_at=begun,
            host="王某辛",
            recorder="示例干部",
            stage=SittingStage.CLOSE if is_over else SittingStage.DISCUSS,
            opened_at=begun,
            ended_at=begun + timedelta(hours=2) if is_over else None,
            current_issue_id=points[0][1],
        )
        guests = self._guests(sitting.id, begun, came, away)
        listed = [Issue(issue_id, sitting.id, no, words) for no, issue_id, words in points]
        agreed = [self._consensus(sitting.id, issue, came, begun) for issue in listed]
        statements = [self._statement(sitting.id, no, guests, listed, begun) for no in range(1, said + 1)]
        actions = [self._action(sitting, no, agreed, guests) for no in range(1, tasks + 1)]
        shares = [self._share_of(action, guests) for action in actions[::3]]
        kept = [Reservation(self._mint(), agreed[0].id, self._text(20), guests[0].person_id)]
        return [consultation, sitting, *guests, *listed, *agreed, *kept, *statements, *actions, *shares]

    def _guests(self, sitting_id: str, begun: datetime, came: int, away: int) -> list[Attendance]:
        first = self._random.randrange(max(1, len(self.county.persons) - came))
        guests = []
        for no, person in enumerate(self.county.persons[first : first + came]):
            is_here = no < came - away
            presence = Presence.PRESENT if is_here else Presence.EXPECTED
            arrived = begun + timedelta(seconds=no) if is_here else None
            guests.append(Attendance(self._mint(), sitting_id, person.id, person.role, presence, arrived_at=arrived))
        return guests

    def _consensus(self, sitting_id: str, issue: Issue, came: int, begun: datetime) -> Consensus:
        settled = begun + timedelta(minutes=50 + issue.number)
        return Consensus(
            self._mint(),
            sitting_id,
            issue.id,
            self._text(),
            agree=came - 1,
            against=1,
            present=came,
            expected=came,
            settled_at=settled,
        )

    def _statement(
        self, sitting_id: str, no: int, guests: list[Attendance], issues: list[Issue], begun: datetime
    ) -> Statement:
        kind, said_at = self._random.choice(KINDS), begun + timedelta(seconds=5 * no)
        speaker, issue = self._random.choice(guests).person_id, self._random.choice(issues).id
        return Statement(self._mint(), sitting_id, no, self._text(), kind, speaker, issue, said_at)

    def _action(self, sitting: Sitting, no: int, agreed: list[Consensus], guests: list[Attendance]) -> Action:
        due_on = self._at.date() + timedelta(days=self._random.randrange(5, 90))
        is_done = due_on < EVENING.date() - timedelta(days=30)
        return Action(
            self._mint(),
            sitting.id,
            sitting.consultation_id,
            no,
            self._text(24),
            agreed[no % len(agreed)].id,
            self._random.choice(self._units).id,
            self._random.choice(guests).person_id,
            due_on=due_on,
            stage=ActionStage.DONE if is_done else ActionStage.IN_PROGRESS,
            done_on=due_on if is_done else None,
        )

    def _share_of(self, action: Action, guests: list[Attendance]) -> Contribution:
        return Contribution(
            self._mint(), action.id, "村集体", ContributionKind.MONEY, "3000", "元", guests[0].person_id
        )

    def _text(self, count: int = 66) -> str:
        """Return words with the entropy of the workload's, different each time."""
        self._said += 1
        body = self._bodies[self._said % len(self._bodies)]
        cut = self._said // len(self._bodies) % len(body)
        return (body[cut:] + body[:cut])[:count].strip("，。")

    def _mint(self) -> str:
        return self._mints.strike(self._at, self._dice.bits(62))

    def _write(self, title: str, records: Sequence[Record]) -> None:
        """Write records as one act that is not for undoing."""
        parts: list[Change] = [change for record in records for change in created(record)]
        lasting = frozenset(record.KIND for record in records)
        self._home.ledger.write(ChangeSet(title, tuple(parts), self._mint(), lasting), "示例干部", self._at)


def _share(total: int, parts: int, no: int) -> int:
    return total * (no + 1) // parts - total * no // parts


def build(folder: Path, size: Size) -> County:
    """Fill a new home in the folder."""
    home = open_home(folder, EVENING)
    try:
        return Builder(home, size).build()
    finally:
        home.close()


def _kept(size: Size) -> Path:
    """Return where the home of this size is kept; another builder or another schema makes another one."""
    told = f"{size}{REVISION}".encode() + Path(__file__).read_bytes()
    return BUILD / f"county-{hashlib.sha256(told).hexdigest()[:12]}"


def _made(size: Size) -> Path:
    folder = _kept(size)
    if not folder.exists():
        BUILD.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(dir=BUILD))
        county = build(making / "home", size)
        (making / "marks").write_text(f"{county.big}\n{county.standard}\n{county.village}\n", encoding="utf-8")
        with suppress(OSError):  # another process has made the same one meanwhile
            making.rename(folder)
    return folder


@dataclass(frozen=True, slots=True)
class Copy:
    """A county home of one's own to work in, and the sittings to look at."""

    folder: Path
    big: str
    standard: str
    village: str


@contextmanager
def room() -> Iterator[Path]:
    """Lend an empty folder on the disk that the counties are on; it is gone afterwards."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="run-") as own:
        yield Path(own)


@contextmanager
def county(size: Size = L) -> Iterator[Copy]:
    """Lend a fresh copy of the county; it is gone afterwards."""
    kept = _made(size)
    big, standard, village = (kept / "marks").read_text("utf-8").split()
    with room() as own:
        folder = own / "home"
        shutil.copytree(kept / "home", folder)
        _wait_for_disk(folder)
        yield Copy(folder, big, standard, village)


def _wait_for_disk(folder: Path) -> None:
    """Let the copy reach the disk first, so that its pages are not in the way of what is measured."""
    sync: Callable[[], None] | None = getattr(os, "sync", None)
    if sync is not None:
        sync()
