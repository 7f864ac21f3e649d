"""应本人要求删去 on the sheet of a person: a look first, then gone, then how far it has come."""

import os

import pytest

from app.commands.attendance import CheckIn
from app.commands.statement import RecordStatement
from app.domain.erasure import Reason
from app.domain.errors import NotSaved
from app.domain.people import Role
from app.domain.place import Level
from app.domain.statement import Statement
from db.keep import REVISION
from sync.erasing import Replica
from sync.exchange import exchange_of
from sync.homes import SeededDice
from ui.erasing import ErasureDesk, Progress, told
from ui.people.people_page import PeoplePage

PICTURES = os.environ.get("YUANBA_PICTURES", "")
NAME = "郑某庚"


@pytest.fixture
def page(qtbot, world, room):
    """The register on somebody who has come to a meeting and spoken."""
    home = world.home
    who = world.villager(NAME, Role.VILLAGER, phone="13800003217")
    world.villager("赵某甲")
    sitting = world.sitting("谁出资", invited=(who,))
    world.desk.do(CheckIn(sitting, who))
    world.desk.do(RecordStatement(sitting, "两家各出一半。", speaker_id=who))
    ports = (home.postbox, home.shelf, home.seal, world.clock, SeededDice("exchange"))
    room.let_erase(lambda desk: ErasureDesk(desk, exchange_of(*ports, home.folder, REVISION, home.cargo), home.postbox))
    room.renew()
    shown = PeoplePage(room)
    qtbot.addWidget(shown)
    shown.resize(1198, 694)
    with qtbot.waitActive(shown):
        shown.show()
        shown.activateWindow()
    qtbot.waitUntil(lambda: NAME in [one.name for one in room.register.people.values()])
    shown.enter(who)
    return shown


def asked(qtbot, page):
    page.detail.ask_erase.click()
    qtbot.waitUntil(lambda: not page.room.tasks.is_busy())
    return page.detail.erasing


def test_a_look_says_what_goes_and_what_stays_and_changes_nothing(qtbot, page, world):
    before = world.home.ledger.stream(), len(world.desk.deeds())

    card = asked(qtbot, page)

    assert card.isVisible()
    assert card.title.text() == f"删去 {NAME} 的内容"
    assert card.goes.text().splitlines() == [
        "· 名册上的姓名、组、职务、单位、电话、备注",
        "· 签到 1 次：人数照算，代签的名字删掉",
        "· 发言 1 条",
    ]
    assert card.stays.text() == "· 印出去的纸、U 盘里的旧包、另存的备份：要人去收"
    assert card.where.text() == "只在这台电脑里，马上删"
    assert card.leave.hasFocus()
    assert not any(field.isVisible() for field in page.detail.fields.values())
    assert (world.home.ledger.stream(), len(world.desk.deeds())) == before
    card.leave.click()
    assert not card.isVisible()
    assert page.detail.fields["phone"].isVisible()
    assert page.detail.ask_erase.hasFocus()


def test_erased_the_sheet_and_the_meeting_tell_no_name_and_undo_brings_nothing_back(qtbot, page, world):
    card = asked(qtbot, page)

    card.erase.click()
    qtbot.waitUntil(lambda: page.detail.name.text() == "（已删去）")
    qtbot.waitUntil(lambda: not page.room.tasks.is_busy())

    assert [one.text for one in world.desk.ask(lambda shelf: shelf.all(Statement))] == ["（已删去）"]
    assert page.detail.erased.far.text() == "只在这台电脑里，已经删了"
    assert not page.detail.ask_erase.isVisible()
    assert NAME not in "".join(deed.title for deed in world.desk.deeds())
    assert page.room.register.find_people("zmg") == []


def test_a_disk_that_says_no_is_told_in_the_card_and_the_words_stay(qtbot, page, monkeypatch):
    card = asked(qtbot, page)

    def no(*_):
        raise NotSaved("full")

    monkeypatch.setattr(page.room.eraser, "erase", no)
    card.erase.click()
    qtbot.waitUntil(card.wrong.isVisible)

    assert card.wrong.text() == NotSaved("full").sentence()
    assert page.detail.name.text() == NAME


def test_without_an_exchange_nobody_is_asked(qtbot, room, world):
    from ui.people.person_detail import PersonDetail

    who = world.villager(NAME)
    room.register.renew(world.room().register)
    sheet = PersonDetail(room)
    qtbot.addWidget(sheet)
    sheet.show_person(room.register.people[who])

    assert not sheet.ask_erase.isVisibleTo(sheet)


def replica(name, level=Level.TOWNSHIP, **more) -> Replica:
    return Replica(name, name, level, **({"is_done": True} | more))


@pytest.mark.parametrize(
    ("replicas", "words"),
    [
        ([replica("本机")], "1 处已删"),
        (
            [replica("本机"), replica("乙"), replica("县", Level.COUNTY), replica("王村笔记本", is_done=False)],
            "3 处已删，1 处待同步（王村笔记本）",
        ),
        ([replica("本机"), replica("丢的", is_done=False, is_lost=True)], "1 处已删，1 台已报丢失的删不到"),
    ],
)
def test_it_is_told_how_many_have_done_it(replicas, words):
    assert told(Progress("2026-11-25T10:00:00+08:00", Reason.REQUEST, tuple(replicas))) == words
