"""What strangers send fills nobody's disk, and costs nobody a word whom somebody believes later."""

import pytest

from app.commands.people import RegisterPerson
from app.domain.consultation import Consultation
from app.domain.people import Person
from app.ports import ENTERED, RELAYED, UNKNOWN
from sync import enrolment, strangers
from sync.directory import CARD, DEVICE, REQUEST
from sync.exchange import APP
from sync.inbox import WIRE
from sync.pack import PackHead, write_pack
from sync.receipts import RECEIPT
from sync.segment import SegmentHead, seal_segment
from sync.server.counties import ByCounty
from sync.server.sample_exchange import NOBODYS
from sync.statement import add_signature, sign_statement
from sync.suite import suite
from tests.sync.fleet import COUNTY, NOW, PROVINCE, TOWNSHIP, Fleet, Machine, enrolled, province_on_server
from tests.sync.test_exchange import evening
from tests.sync.test_pictures import PHOTO, THUMBNAIL, photographed


@pytest.fixture
def fleet(tmp_path):
    made = Fleet.known(tmp_path / "fleet")
    yield made
    made.close()


@pytest.fixture
def machines(tmp_path, monkeypatch):
    """Open computers by their names."""
    monkeypatch.setattr(enrolment, "COST", 4)
    opened = []

    def opens(name):
        opened.append(Machine(tmp_path / name, name))
        return opened[-1]

    yield opens
    for machine in opened:
        machine.close()


@pytest.fixture
def false(machines, tmp_path):
    """Somebody who plays the county and its townships: the laptop and the stick."""
    stick = tmp_path / "false"
    stick.mkdir()
    county, laptop = machines("假县"), machines("假乡")
    county.work.found(COUNTY, "示例县")
    enrolled(laptop, county, stick)
    return laptop, stick


def asks(machine, name, stick):
    """Let somebody ask to be one of the township's computers, by stick; return the request."""
    asked = machine.work.ask(TOWNSHIP, name)
    machine.writes_to(stick)
    return asked.request


def packed(stranger, file, statements=(), receipts=(), segments=()):
    """Return a file with a pack that a stranger has put together as it liked."""
    sign = stranger.home.seal.sign
    head = PackHead(sign(b"").key, stranger.clock.now().isoformat(), (f"org:{COUNTY}",))
    with file.open("wb") as out:
        write_pack(out, head, statements, receipts, [(one.id, one.head, one.content) for one in segments], (), sign)
    return file


def requests(machine):
    return [said.body.name for said in machine.exchange.directory().said(REQUEST)]


def test_the_oldest_requests_of_strangers_make_room_for_the_newest_and_nothing_else_does(
    fleet, machines, tmp_path, monkeypatch
):
    known = [one for one in fleet.county.home.postbox.statements() if one.kind != REQUEST]
    monkeypatch.setattr(strangers, "MOST_SAID", 3_000)
    for number in range(8):
        stick = tmp_path / f"stick {number}"
        stick.mkdir()
        asks(machines(f"路人{number}"), f"路人{number}", stick)
        fleet.county.takes_from(stick)

    left = [name for name in requests(fleet.county) if name.startswith("路人")]
    assert left == [f"路人{number}" for number in range(8)][-len(left) :]
    assert 2 <= len(left) < 8
    there = fleet.county.home.postbox.statements()
    assert [one for one in known if one not in there] == []


def test_a_province_on_a_database_has_no_more_room_for_strangers_whoever_they_say_they_are_of(
    machines, tmp_path, monkeypatch
):
    fleet = Fleet.known(tmp_path / "fleet", upper=province_on_server)
    counties = ByCounty(fleet.province.exchange, fleet.province.home)
    monkeypatch.setattr(strangers, "MOST_SAID", 3_000)
    for number in range(8):
        stick = tmp_path / f"stick {number}"
        stick.mkdir()
        machine = machines(f"路人{number}")
        machine.work.ask((PROVINCE, COUNTY)[number % 2], f"路人{number}")
        machine.writes_to(stick)
        for file in stick.rglob("*.YB"):
            counties.take(file)

    left = [name for name in requests(fleet.province) if name.startswith("路人")]
    assert 2 <= len(left) < 8
    assert left[-1] == "路人7"
    evening(fleet.a)
    fleet.rounds(2)
    assert fleet.province.home.shelf.count(Consultation) == 1
    fleet.close()


def test_whoever_signs_beside_an_office_or_its_computer_has_no_more_room(fleet, machines, tmp_path, monkeypatch):
    """Every key more makes another file of the same words; one more of each is kept, for it might be the first."""
    monkeypatch.setattr(strangers, "MOST_SAID", 3_000)
    postbox = fleet.county.home.postbox
    known = postbox.statements()
    (card,), (receipt, *_) = fleet.county.exchange.directory().cards(COUNTY), postbox.statements(RECEIPT)
    raw = next(said.raw for said in fleet.county.exchange.directory().said(CARD) if said.body == card)
    for number in range(12):
        sign = suite().signer(bytes([number]) * 32)
        more = [[add_signature(raw, sign)], [add_signature(receipt.raw, sign)]]
        fleet.county.exchange.take_file(packed(machines(f"路人{number}"), tmp_path / f"{number}.yb", *more))

    there = postbox.statements()
    assert [one for one in known if one not in there] == []
    left = [one for one in there if one not in known]
    assert sum(len(one.raw) for one in left) <= 3_000 + len(raw) + len(receipt.raw) + 1_000
    assert len(left) < 12


def test_what_a_stranger_says_it_holds_rides_in_nobodys_pack(fleet, machines, tmp_path):
    stranger = machines("路人")
    body = {"org": COUNTY, "device": stranger.exchange.device(), "no": 1, "at": NOW.isoformat(), "have": {}}
    receipt = sign_statement(RECEIPT, body | {"applied": {}}, stranger.home.seal.sign)

    fleet.county.exchange.take_file(packed(stranger, tmp_path / "receipt.yb", receipts=[receipt]))

    loads = fleet.county.exchange.outbox.loads()
    assert {load.to for load in loads} == {PROVINCE, TOWNSHIP}
    assert receipt not in [one.raw for load in loads for one in load.receipts]


def test_strangers_who_call_push_nobody_out_of_the_list_of_those_who_were_heard(fleet, machines, tmp_path):
    before = fleet.county.home.postbox.arrivals(100)
    stranger = machines("路人")
    for number in range(3):
        request = stranger.work.ask(TOWNSHIP, f"路人{number}").request
        pack = packed(stranger, tmp_path / f"{number}.yb", statements=[request.raw])
        assert fleet.county.exchange.take_file(pack, WIRE).statements == 1

    assert fleet.county.home.postbox.arrivals(100) == before


def test_whose_request_had_to_go_asks_again_with_the_same_digits_and_is_enrolled(
    fleet, machines, tmp_path, monkeypatch
):
    stick, other = tmp_path / "stick", tmp_path / "other"
    stick.mkdir()
    other.mkdir()
    mine = machines("丙")
    asks(mine, "丙笔记本", stick)
    fleet.county.takes_from(stick)
    monkeypatch.setattr(strangers, "MOST_SAID", 1_500)
    for number in range(4):
        asks(machines(f"路人{number}"), f"路人{number}", other)
    fleet.county.takes_from(other)
    assert "丙笔记本" not in requests(fleet.county)

    enrolled(mine, fleet.county, stick)

    assert mine.exchange.directory().own() == TOWNSHIP


def test_words_of_computers_that_nobody_certified_are_kept_as_far_as_there_is_room(fleet, false, monkeypatch):
    false_laptop, stick = false
    for number in range(6):
        false_laptop.desk.do(RegisterPerson(f"钱某{number}"))
        false_laptop.writes_to(stick)

    def strange():
        ours = {fleet.a.exchange.directory().device_id, fleet.b.exchange.directory().device_id}
        return [one for one in fleet.county.home.postbox.parcels() if one.device not in ours]

    monkeypatch.setattr(strangers, "MOST_SENT", 3_000)
    fleet.county.takes_from(stick)

    assert 0 < sum(one.size for one in strange()) <= 3_000
    assert {one.state for one in strange()} <= {RELAYED, UNKNOWN}
    fleet.a.desk.do(RegisterPerson("赵某甲"))
    fleet.rounds()
    assert [one.name for one in fleet.county.home.shelf.all(Person)] == ["赵某甲"]


def test_nobody_has_room_for_saying_that_it_is_of_a_computer_of_ours(fleet, machines, tmp_path):
    """It would be said to be held, too, and who hears that takes itself for a copy of itself."""
    device = fleet.a.exchange.directory().device_id
    stranger, postbox = machines("路人"), fleet.county.home.postbox
    before = postbox.parcels()
    head = SegmentHead(device, 1, 1, 9, ("a" * 32,), None, None, f"{TOWNSHIP}:T", (), APP, APP)
    segment = seal_segment(head, (), stranger.home.seal.sign, (NOBODYS,), is_ours=True)

    fleet.county.exchange.take_file(packed(stranger, tmp_path / "false.yb", segments=[segment]))

    assert postbox.parcels() == before
    fleet.a.desk.do(RegisterPerson("赵某甲"))
    fleet.rounds()
    assert [one.name for one in fleet.county.home.shelf.all(Person)] == ["赵某甲"]


def test_pictures_of_computers_that_nobody_certified_are_kept_as_far_as_there_is_room(fleet, false, monkeypatch):
    false_laptop, stick = false
    photographed(false_laptop)
    false_laptop.writes_to(stick)
    photographed(fleet.a)
    monkeypatch.setattr(strangers, "MOST_SENT", 20_000)

    fleet.county.takes_from(stick)
    fleet.rounds()

    ours = fleet.a.exchange.directory().device_id
    freights = fleet.county.home.cargo.freights()
    assert [(one.size, one.state) for one in freights if one.device != ours] == [(len(THUMBNAIL), RELAYED)]
    assert sorted(one.size for one in freights if one.device == ours) == sorted(map(len, (PHOTO, THUMBNAIL)))


@pytest.mark.parametrize("room", [0, 64 << 20])
def test_what_there_was_no_room_for_comes_again_once_its_author_is_believed(fleet, monkeypatch, room):
    """The province has been put back to before it knew the laptops, and the county thinks that it does."""
    monkeypatch.setattr(strangers, "MOST_SENT", room)
    postbox, own = fleet.province.home.postbox, fleet.province.exchange.directory().device_id
    before = len(postbox.parcels())
    postbox.forget_statements([one.id for one in postbox.statements(DEVICE) if one.subject != own])
    evening(fleet.a)
    fleet.a.writes_to(fleet.stick)
    fleet.county.takes_from(fleet.stick)
    fleet.county.writes_to(fleet.stick)
    fleet.province.takes_from(fleet.stick)
    assert (len(postbox.parcels()) == before) is (room == 0)
    assert fleet.province.home.shelf.count(Consultation) == 0

    fleet.rounds(2)

    assert fleet.province.home.shelf.count(Consultation) == 1
    assert all(one.state in ENTERED for one in postbox.parcels())
