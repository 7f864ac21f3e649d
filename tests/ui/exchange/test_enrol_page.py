"""A laptop becomes a township's by one stick, one call and two numbers, all of it in the window."""

import pytest

import resources
import sync.enrolment as enrolment
from app.domain.place import Places
from app.settings import PLACE
from db.keep import REVISION
from sync.exchange import exchange_of
from sync.homes import SeededDice
from tests.hands import Hands
from tests.ui.exchange.conftest import shown
from tests.world import World
from ui.exchange.behind import Behind
from ui.exchange.enrol_behind import EnrolBehind
from ui.exchange.enrol_page import EnrolPage

PLACES = Places(resources.places("53"))


class Office:
    """A computer with its room and the page 登记 in a window."""

    def __init__(self, qtbot, folder, place, stick) -> None:
        self.world = World(folder)
        home, dice = self.world.home, SeededDice(folder.name)
        parts = (home.postbox, home.shelf, home.seal, self.world.clock, dice, folder, REVISION)
        self.behind = Behind(exchange_of(*parts), home.postbox, home.shelf, PLACES, self.world.clock)
        self.room = self.world.room()
        self.room.choose(PLACE, place)
        self.room.join(None, EnrolBehind(self.behind, home.postbox, PLACES))
        self.qtbot, self.stick = qtbot, stick
        self.page = shown(qtbot, EnrolPage(self.room), self.room)
        self.page.use_folder(stick)

    def settled(self) -> None:
        self.qtbot.waitUntil(lambda: not self.room.tasks.is_busy())

    def press(self, button) -> None:
        button.click()
        self.settled()

    def exchanges(self) -> None:
        """Take in what the stick brings, and write onto it."""
        self.behind.take(self.behind.look(self.stick, lambda _: None, lambda: False), lambda _: None, lambda: False)
        self.behind.write_to(self.stick, lambda _: None, lambda: False)

    def opens(self) -> None:
        """Show the page anew and take the keyboard."""
        self.page.activateWindow()
        self.page.enter()
        self.settled()

    def close(self) -> None:
        self.settled()
        self.room.tasks.finish()
        self.world.close()


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def two(qtbot, tmp_path, stick, monkeypatch):
    """What opens the windows of two places, by their names and codes, and closes them at the end."""
    monkeypatch.setattr(enrolment, "COST", 4)
    made = []

    def opened(**places):
        made.extend(Office(qtbot, tmp_path / name, place, stick) for name, place in places.items())
        return made

    yield opened
    for office in made:
        office.close()


@pytest.fixture
def offices(two):
    return two(县="530102", 乡="530102001")


def asked(county: Office, laptop: Office) -> str:
    """Found the county, let the laptop ask and the stick be taken in; return the digits on the laptop's screen."""
    county.press(county.page.found)
    laptop.press(laptop.page.write)
    county.exchanges()
    county.opens()
    return laptop.page.digits.text()


def test_two_numbers_read_out_and_a_stick_make_a_computer_the_townships(offices):
    county, laptop = offices
    assert county.page.found.text() == "设立五华区"
    assert laptop.page.device.line.text() == "华山街道笔记本"

    digits = asked(county, laptop)
    assert len(digits) == 9
    assert digits[4] == " "
    assert county.page.accepting.about.text() == "华山街道 华山街道笔记本"
    county.page.told.line.setText(digits)
    county.press(county.page.accept)
    laptop.page.heard.line.setText(county.page.answer.text())
    laptop.press(laptop.page.confirm)
    county.exchanges()
    went = []
    laptop.room.went.connect(lambda page, _: went.append(page))
    laptop.press(laptop.page.take)
    laptop.settled()

    assert laptop.room.exchange is not None
    assert laptop.page.where.text() == "已登记：华山街道"
    assert went == ["exchange"]
    assert county.page.standing.waiting == ()


def test_other_digits_enrol_nobody_and_say_so_below_the_field(offices):
    county, laptop = offices
    asked(county, laptop)

    county.page.told.line.setText("1111 2222")
    county.press(county.page.accept)

    assert "对不上" in county.page.told.note.words.text()
    assert not county.page.answer.isVisible()
    assert [one.name for one in county.page.standing.waiting] == ["华山街道笔记本"]


def test_the_keyboard_stands_where_the_next_thing_is_typed(offices):
    county, laptop = offices
    laptop.opens()
    assert laptop.page.device.line.hasFocus()
    county.press(county.page.found)

    Hands(laptop.page).press("↵")
    laptop.settled()

    assert laptop.page.heard.hasFocus() or laptop.page.heard.line.hasFocus()
    assert "念过去" in laptop.page.read_out.text()


def test_without_a_place_it_asks_for_one(qtbot, tmp_path, stick):
    office = Office(qtbot, tmp_path / "new", "", stick)

    assert office.page.nowhere.isVisible()
    assert office.page.nowhere.title.text() == "先选在哪里工作"
    office.close()


def enrolled(county: Office, laptop: Office) -> None:
    """Let the laptop become the township's."""
    county.page.told.line.setText(asked(county, laptop))
    county.press(county.page.accept)
    laptop.page.heard.line.setText(county.page.answer.text())
    laptop.press(laptop.page.confirm)
    county.exchanges()
    laptop.press(laptop.page.take)
    county.exchanges()
    county.opens()


def test_an_office_says_twice_which_computer_was_lost_and_then_it_is(offices):
    county, laptop = offices
    enrolled(county, laptop)
    assert county.page.title.text() == "登记别的电脑"
    hands, card = Hands(county.page), county.page.lost
    card.which.setFocus()

    hands.press("hsjdbjb↵")
    hands.say("落在班车上")
    hands.press("↵↵")
    assert card.report.text() == "确定报失，收不回来"
    assert county.page.standing.computers[0].is_lost is False
    hands.press("↵")
    county.settled()

    assert county.page.standing.computers[0].is_lost
    assert card.known.text() == "已经报失的：华山街道 华山街道笔记本"
    assert card.computers == {}
    assert county.behind.carrier.directory().revoked_upto(laptop.behind.carrier.device()) is not None


def test_without_a_computer_chosen_nothing_is_reported(offices):
    county, laptop = offices
    enrolled(county, laptop)

    county.press(county.page.lost.report)

    assert "先选是哪一台" in county.page.lost.which.note.words.text()
    assert not county.page.standing.computers[0].is_lost


def test_a_township_has_nobody_to_report(offices):
    _, laptop = offices

    assert not laptop.page.lost.isVisible()


def joined(county: Office, province: Office, *, typed_first: bool = False) -> None:
    """Let the county ask the province by stick and telephone, and take its answer in."""
    province.press(province.page.found)
    county.press(county.page.found)
    county.press(county.page.write)
    province.exchanges()
    province.opens()
    province.page.told.line.setText(county.page.digits.text())
    province.press(province.page.accept)
    if typed_first:
        county.page.heard.line.setText(province.page.answer.text())
        county.press(county.page.confirm)
    province.exchanges()
    county.press(county.page.take)
    if not typed_first:
        county.page.heard.line.setText(province.page.answer.text())
        county.press(county.page.confirm)


@pytest.fixture
def above(two):
    """A county and a province, of which nobody knows the other."""
    return two(县="530102", 省="53")


@pytest.mark.parametrize("typed_first", [True, False])
def test_a_county_joins_its_province_in_the_window_by_one_stick_and_two_numbers(above, typed_first):
    county, province = above
    county.opens()
    assert not county.page.asking.isVisible()

    joined(county, province, typed_first=typed_first)
    county.opens()

    assert county.page.where.text() == "已登记：五华区，接到云南省"
    assert "53" in county.behind.carrier.directory().pins
    assert "530102" in province.behind.carrier.directory().sign_keys
    assert not county.page.asking.isVisible()
    assert not county.page.hearing.isVisible()
    assert county.page.accepting.isVisible()


def test_a_county_chooses_under_whom_it_stands(above):
    county, _ = above
    county.press(county.page.found)

    assert county.page.asking.title.text() == "接到上级"
    assert [button.text() for button in county.page.up._buttons.values()] == ["昆明市", "云南省"]
    county.opens()
    county.page.up._buttons["5301"].click()
    county.press(county.page.write)

    assert "昆明市" in county.page.read_out.text()
    assert county.page.heard.line.hasFocus()
