"""交换核对单: what arrived is told with digits that both sides can compare, what did not is named; nobody else is."""

from datetime import timedelta

import pytest

import resources
from app.commands.people import RegisterPerson
from app.commands.topic import RaiseTopic
from app.domain.place import Places
from app.printing import draw, missing_characters
from app.printing.fonts import Fonts
from sync import receipts
from sync.custody import ALL, ON_ITS_WAY, digits_of
from tests.sync.fleet import Fleet
from ui.exchange.behind import Behind

PLACES = Places(resources.places("53"))


@pytest.fixture
def fleet(upper, tmp_path):
    made = Fleet.known(tmp_path / "fleet", upper=upper)
    yield made
    made.close()


def sheet(machine):
    behind = Behind(machine.exchange, machine.home.postbox, machine.home.shelf, PLACES, machine.clock)
    return behind.check()


def written(fleet):
    fleet.a.desk.do(RegisterPerson("赵某甲", group="二组", phone="13800000000"))
    fleet.a.desk.do(RaiseTopic("挡墙谁来修"))


def test_once_every_receipt_is_back_the_sheet_says_that_nothing_was_lost(fleet):
    written(fleet)
    fleet.rounds(2)

    told = sheet(fleet.a)

    assert told.missing == ()
    assert told.verdict.endswith("示例县全部收到，一条没丢。")
    assert told.levels == ("县", "省")
    assert told.computers[0].reached == (ALL, ALL)
    assert told.packages[0].arrived[0] != ON_ITS_WAY


@pytest.mark.parametrize("at", ["x", "2026-11-23T10:00:00", "9999-12-31T23:59:59+00:00"])
def test_a_receipt_of_no_moment_leaves_the_sheet_of_everybody_else_as_it_is(fleet, at, monkeypatch):
    written(fleet)
    fleet.a.writes_to(fleet.stick)
    fleet.county.takes_from(fleet.stick)
    fleet.county.writes_to(fleet.stick)
    fleet.b.takes_from(fleet.stick)
    sealing = receipts.sign_statement
    monkeypatch.setattr(receipts, "sign_statement", lambda kind, body, sign: sealing(kind, body | {"at": at}, sign))
    fleet.b.writes_to(fleet.stick)
    monkeypatch.undo()
    fleet.rounds(1)

    assert at in {one.at for one in fleet.county.home.postbox.held()}
    assert sheet(fleet.county).computers
    assert sheet(fleet.a).computers


def test_both_sides_print_the_same_digits_for_the_same_computer(fleet):
    written(fleet)
    fleet.b.desk.do(RaiseTopic("路灯不亮"))
    fleet.rounds(2)

    ours = {line.computer: line.digits for line in sheet(fleet.a).computers}
    theirs = {line.computer: line.digits for line in sheet(fleet.county).computers}

    assert ours["甲笔记本"] == theirs["甲笔记本"]
    assert ours["甲笔记本"] != ours["乙笔记本"]
    assert len(ours["甲笔记本"].replace(" ", "")) == 8


def test_what_was_not_sent_and_what_is_on_its_way_is_named_and_said_to_be_here(fleet):
    fleet.rounds(1)
    written(fleet)
    fleet.a.writes_to(fleet.stick)
    fleet.a.desk.do(RaiseTopic("路灯不亮"))

    told = sheet(fleet.a)

    assert "一条没丢" not in told.verdict
    assert told.missing[0] == "本机还有1条没有送出去。"
    assert told.missing[1].startswith("2条还没有示例县的回执")
    assert told.computers[0].reached[0] != ALL
    assert told.packages[0].arrived[0] == ON_ITS_WAY


def test_a_clock_that_is_wrong_is_named_and_orders_nothing(fleet):
    fleet.county.clock.at -= timedelta(days=400)
    written(fleet)
    fleet.rounds(2)

    notes = "".join(sheet(fleet.a).notes)

    assert "示例县的钟比本机慢至少4" in notes
    assert "先后不看钟" in notes


def test_no_villager_stands_on_it_and_every_sign_can_be_printed(fleet):
    written(fleet)
    fleet.rounds(2)
    told, fonts = sheet(fleet.a), Fonts()

    assert "赵某甲" not in repr(told)
    assert missing_characters(told, fonts) == ()
    assert draw(told, fonts) == draw(told, fonts)


def test_nothing_is_shown_as_the_digits_of_nothing():
    assert digits_of([]) == ""
