"""The computers of 示例省: what a newcomer finds in its office, and that nothing of it goes to anybody."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from app.desk import Desk
from app.domain.errors import Refused
from app.domain.place import NOWHERE
from db import keep
from sync.carriers import place_of
from sync.exchange import Relay, exchange_of
from sync.homes import SeededDice, StageClock, SystemDice
from sync.server import main as server
from sync.server.office import Office
from sync.server.sample import LAST_EVENING, SampleProvince, settled
from sync.server.sample_exchange import enrolled
from tests.postgres import open_fresh
from tests.sync.server.offices import PASSWORD
from tests.sync.server.pages.county_office import Browser

MANUAL = Path(__file__).resolve().parents[3] / "sync" / "SERVER.md"
FEW = partial(SampleProvince, years=((2026, 90),))
"""The sample with fewer topics, which is made in a moment."""


class Sample:
    """The sample in a home of its own."""

    def __init__(self, folder, opening=keep.open_home):
        self.home, self.clock = opening(folder, LAST_EVENING), StageClock(LAST_EVENING)
        ports = (self.home.shelf, self.home.ledger, self.clock, SeededDice("sample"))
        self.places = settled(Desk(*ports, seal=self.home.seal), self.home.seal.sign, FEW())
        told = (self.home.postbox, self.home.shelf, self.home.seal, self.clock, SystemDice(), folder)
        self.exchange = exchange_of(*told, keep.REVISION, self.home.cargo)

    def is_enrolled(self):
        enrolled(self.exchange, self.home.postbox, self.home.shelf, self.clock, self.places)
        return self

    def ask(self, what):
        with ThreadPoolExecutor(1) as worker:
            clock = StageClock(LAST_EVENING)
            return what(Office(self.exchange, self.home.postbox, self.places, clock, worker))

    def state(self, place=NOWHERE):
        return self.ask(lambda office: office.state(place))


@pytest.fixture
def sample(tmp_path):
    made = Sample(tmp_path / "sample").is_enrolled()
    yield made
    made.home.close()


@pytest.mark.parametrize("opening", [keep.open_home, open_fresh], ids=["file", "PostgreSQL"])
def test_most_computers_came_in_the_last_days_and_each_trouble_there_is_can_be_seen_in_one_county(tmp_path, opening):
    sample = Sample(tmp_path / "sample", opening).is_enrolled()
    found, county = sample.state(), {one.name: one for one in sample.state("990521").computers()}
    lately = [one for one in found.computers() if one.days is not None and one.days < 7]
    sample.home.close()

    assert len(lately) > len(found.computers()) * 3 / 4
    assert "龙营县值班电脑" in [one.name for one in found.computers() if one.is_silent]
    assert [one.name for one in found.waiting] == ["省里二号电脑"]
    assert found.unknown_count > 1_000
    assert {name: (one.is_silent, one.has_gap, one.is_forked, one.is_lost) for name, one in county.items()} == {
        "示例县值班电脑": (False, False, False, False),
        "城关镇笔记本": (False, False, False, False),
        "青石乡笔记本": (False, False, False, False),
        "石桥镇笔记本": (False, True, False, False),
        "茶山乡笔记本": (False, False, True, False),
        "江边乡笔记本": (False, False, False, True),
        "江边乡二号笔记本": (False, False, False, False),
        "枫林乡笔记本": (True, False, False, False),
    }


def test_the_computers_of_the_sample_are_the_same_each_time_also_when_making_them_was_cut_off(sample, tmp_path):
    again, taken = Sample(tmp_path / "again"), []
    take = again.exchange.take_file

    def cut_off(*pack):
        take(*pack)
        taken.append(pack)
        if len(taken) == 5:
            raise KeyboardInterrupt

    again.exchange.take_file = cut_off
    with pytest.raises(KeyboardInterrupt):
        again.is_enrolled()
    again.exchange.take_file = take
    begun = len(again.state().computers())
    again.is_enrolled()

    assert begun < len(again.state().computers())
    assert again.state() == sample.state()
    again.home.close()


def test_nothing_of_the_sample_goes_onto_a_stick_or_to_whoever_calls(sample, tmp_path):
    (tmp_path / "stick").mkdir()

    with pytest.raises(Refused, match="不跟任何人交换"):
        sample.exchange.export(place_of(tmp_path / "stick"))
    with pytest.raises(Refused, match="不跟任何人交换"):
        sample.exchange.have()
    with pytest.raises(Refused, match="不跟任何人交换"):
        Relay(sample.exchange).have(b"{}")

    assert list((tmp_path / "stick").rglob("*.yb")) == []


def test_a_sample_that_is_served_as_if_it_were_real_has_no_door_for_packs_either(tmp_path, monkeypatch):
    monkeypatch.setattr(server, "_wait_for_signals", lambda: None)  # they are those of the tests
    Sample(tmp_path / "sample").is_enrolled().home.close()
    told = ("--home", str(tmp_path / "sample"), "--place", "53", "--port", "0", "--relay-port", "0")

    with server._served(server._parser().parse_args(told)) as (_, said):
        assert not [one for one in said if one.startswith("交换")]


def test_the_computer_that_waits_is_taken_in_by_the_digits_that_the_manual_tells(sample):
    digits = re.search(r"(\d{4} \d{4})", MANUAL.read_text("utf-8")).group(1)

    accepted, _ = sample.ask(lambda office: office.accept(NOWHERE, digits, "somebody", lambda _: ()))

    assert accepted.name == "省里二号电脑"
    assert sample.state().waiting == ()
    (own,) = (unit for unit in sample.state().listed(1, NOWHERE) if unit.code == NOWHERE)
    assert own.is_ours
    assert not own.computers[0].is_silent


def test_a_newcomer_makes_an_account_in_the_sample_and_sees_its_computers(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(server, "_wait_for_signals", lambda: None)  # they are those of the tests
    monkeypatch.setattr(server, "settled", partial(settled, sample=FEW()))
    sample = ("--sample", "--home", str(tmp_path / "sample"))
    told = server._parser().parse_args([*sample, "--port", "0"])
    with server._served(told) as (_, said):
        advice = next(one for one in said if "还没有账号" in one)
    words = re.search(r"server (account add .*) 您的名字", advice).group(1).split()
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert server.main([*words, "李示例"]) == 0
    with server._served(told) as (_, said):
        browser = Browser(re.search(r"网页：(\S+)", said[0]).group(1))
        browser.sign_in("李示例")
        page = browser.get("/office/exchange").text

    assert not any("还没有账号" in one for one in said)
    assert "石桥镇笔记本" in page
    assert "1 台电脑等着登记" in page
