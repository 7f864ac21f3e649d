"""找: what is written is found by characters and initials; what one villager said is not."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from app.commands.people import RegisterPerson
from app.commands.sitting import CallSitting
from app.commands.statement import RecordStatement
from app.commands.topic import RaiseTopic
from app.desk import Desk
from app.domain.change import ChangeSet, created
from app.domain.consultation import Consultation
from app.domain.issue import Issue
from app.domain.people import Person
from app.domain.sitting import Sitting
from app.domain.statement import Statement
from app.domain.topic import Topic
from app.ports import Contains
from app.queries.people import register
from app.queries.search import SEEN, excerpt, finder
from db.keep import Home, open_home

NOW = datetime(2026, 3, 30, 10, 42, tzinfo=timezone(timedelta(hours=8)))


class Clock:
    """10:42 on 30 March, for ever."""

    def now(self) -> datetime:
        return NOW


class Dice:
    """Random bits, the same in every run."""

    def __init__(self) -> None:
        self._random = random.Random(20260330)

    def bits(self, count: int) -> int:
        return self._random.getrandbits(count)


@pytest.fixture
def home(tmp_path) -> Iterator[Home]:
    opened = open_home(tmp_path / "home", NOW)
    yield opened
    opened.close()


@pytest.fixture
def desk(home) -> Desk:
    return Desk(home.shelf, home.ledger, Clock(), Dice(), "孙某丑")


@pytest.fixture
def evening(desk) -> str:
    """A meeting about the Qingming feast, with two things said; the id of its sitting."""
    person = made(desk.do(RegisterPerson("冯某壬")), Person)
    desk.do(RaiseTopic("“清明客”陈规旧俗，送礼攀比怎么刹住"))
    sitting = made(desk.do(CallSitting("官田村破除“清明客”院坝协商会", issues=("清明客办不办", "挡墙谁来修"))), Sitting)
    desk.do(RecordStatement(sitting, "办清明客比过年还费钱，一家办三天", speaker_id=person))
    desk.do(RecordStatement(sitting, "冯某壬家去年没办，也没人说他", speaker_id=person))
    return sitting


def made(changes: ChangeSet, kind) -> str:
    return next(record_id for name, record_id, _ in changes.by_record() if name == kind.KIND)


def kinds(found) -> list[str]:
    return [finding.record.KIND for finding in found]


@pytest.mark.parametrize("query", ["qmk", "qingmingke", "清明客", "qingmk"])
def test_topic_meeting_and_issue_are_found_by_initials_pinyin_and_characters(desk, evening, query):
    found = desk.ask(finder).titles(query)

    assert kinds(found) == ["topic", "consultation", "issue"]
    assert {finding.matched() for finding in found} == {"清明客"}
    assert found[1].sitting.id == evening


@pytest.mark.parametrize("query", ["清明客", "qmk", "比过年"])
def test_what_was_said_is_found_with_its_meeting(desk, evening, query):
    found = desk.ask(finder).statements(query)

    assert [finding.words for finding in found] == ["办清明客比过年还费钱，一家办三天"]
    assert found[0].consultation.title == "官田村破除“清明客”院坝协商会"


def test_two_letters_are_too_few_to_go_through_all_that_was_said(desk, evening):
    assert desk.ask(finder).statements("qm") == []


@pytest.mark.parametrize("query", ["", "   ", "没有这回事", "xyzxyz", "%", "_", "！"])
def test_what_nobody_wrote_is_not_found(desk, evening, query):
    books = desk.ask(finder)

    assert books.titles(query) + books.statements(query) == []


def test_a_percent_sign_in_what_was_said_stands_for_itself(desk, evening):
    desk.do(RecordStatement(evening, "村里出 50%，户里出 50％"))
    shelf = desk.ask(lambda shelf: shelf)

    assert shelf.count(Statement, Contains("text", "50%")) == 1
    assert shelf.count(Statement, Contains("text", "0%，户")) == 1
    assert shelf.count(Statement, Contains("text", "5_%")) == 0


def test_the_speaker_is_no_way_to_what_was_said(desk, evening):
    """Every record of a finding but the register's own: none is reached through who spoke."""
    books = desk.ask(finder)

    said = books.statements("冯某壬") + books.statements("fmr")

    assert {finding.record.text for finding in said} == {"冯某壬家去年没办，也没人说他"}
    assert all(finding.matched() == "冯某壬" for finding in said)
    assert desk.ask(register).is_name("冯某壬")
    assert not desk.ask(register).is_name("冯某")


def test_what_is_written_and_taken_back_is_found_and_gone(desk, evening):
    books = desk.ask(finder)
    books.statements("qmk")

    for changes in (desk.do(RecordStatement(evening, "核桃树归谁先量一量")), desk.do(RaiseTopic("核桃树砍不砍"))):
        books.take(changes)
    written = kinds(books.titles("hts") + books.statements("hts"))
    for _ in range(2):
        books.take(desk.undo())
    gone = books.titles("hts") + books.statements("hts") + books.statements("核桃树")

    assert written == ["topic", "statement"]
    assert gone == []


def test_a_long_speech_shows_the_part_that_matched():
    text = "一" * 60 + "核桃树" + "二" * 20

    words, places = excerpt(text, (60, 61, 62))

    assert "".join(words[at] for at in places) == "核桃树"
    assert len(words) < len(text)
    assert places[0] < SEEN


SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "某甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
WORDS = (
    "挡墙",
    "垃圾",
    "清理",
    "河道",
    "路灯",
    "水管",
    "核桃",
    "彩礼",
    "酒席",
    "太阳能",
    "确权",
    "界线",
    "修缮",
    "公约",
)


@pytest.fixture(scope="session")
def county(tmp_path_factory) -> Iterator[Desk]:
    """A county of 20,000 people, 1,500 meetings with 1,500 topics, 60,000 statements."""
    opened = open_home(tmp_path_factory.mktemp("county") / "home", NOW)
    chance = random.Random(7)
    for records in (_people(chance), _meetings(chance), _said(chance)):
        parts = tuple(change for record in records for change in created(record))
        opened.ledger.write(ChangeSet("装县", parts, f"set-{len(parts)}"), "", NOW)
    yield Desk(opened.shelf, opened.ledger, Clock(), Dice())
    opened.close()


def _people(chance: random.Random):
    for at in range(20_000):
        name = chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=2))
        yield Person(f"p{at:06}", name, "530502205205", f"{at % 9 + 1}组", phone=f"1380000{at % 10_000:04}")


def _meetings(chance: random.Random):
    for at in range(1_500):
        title = "".join(chance.choices(WORDS, k=4)) + "怎么办"
        yield Topic(f"t{at:06}", title)
        yield Consultation(f"c{at:06}", title + "院坝协商会", f"t{at:06}")
        yield Sitting(f"s{at:06}", f"c{at:06}", starts_at=NOW)


def _said(chance: random.Random):
    for at in range(60_000):
        text = "，".join("".join(chance.choices(WORDS, k=3)) for _ in range(3))
        yield Statement(f"z{at:06}", f"s{at // 40:06}", at % 40 + 1, text, speaker_id=f"p{at % 20_000:06}")


@pytest.mark.slow
@pytest.mark.parametrize("query", ["z", "zmj", "dq", "hdlj", "挡墙", "挡墙垃圾"])
def test_a_county_is_searched_and_every_title_found_has_what_was_typed(county, query):
    books = county.ask(finder)

    found = books.titles(query)

    assert all(one.positions for one in found)
    assert books.titles("天上没有的字") == books.statements("天上没有的字") == []


def test_an_issue_is_found_under_the_number_it_has_on_its_desk(desk, home):
    desk.do(CallSitting("石墙协商", issues=("地界怎么认",)))
    first = home.shelf.all(Issue)[0]
    second = replace(first, id="f" * 32, title="水往哪排")
    home.ledger.write(ChangeSet("另一台电脑列的焦点", created(second), id="e" * 32), "另一位干部", NOW)

    found = finder(home.shelf).titles("水往哪排")

    assert [one.record.number for one in found if isinstance(one.record, Issue)] == [2]
