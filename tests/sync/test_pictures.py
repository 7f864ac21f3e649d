"""Photographs and scans travel after the words: whole, in pieces, again when lost, and never above the county."""

import os
import shutil
from contextlib import suppress
from hashlib import sha256
from io import BytesIO

import pytest

from app.commands.attachment import FileScans
from app.commands.sitting import CallSitting
from app.domain.attachment import Attachment, Placed, Placing, Scan
from app.domain.errors import AttachmentLost, CarryStopped
from app.domain.errors_of_line import NotSent
from app.domain.sitting import Sitting
from sync.carriers import place_of
from sync.carriers.line import Http
from sync.carriers.wire import synchronise
from sync.exchange import Relay
from sync.pack import read_pack
from sync.piece import PIECE
from sync.porter import Piece
from sync.server.web import Server
from tests.sync.faulty_line import Fault, faulty_line
from tests.sync.fleet import Fleet, Machine, enrolled
from tests.sync.offices import COUNTY
from tests.sync.test_exchange import evening

PHOTO, THUMBNAIL = b"\xff\xd8 a courtyard " * 30_000, b"\xff\xd8 small " * 1_000


@pytest.fixture
def fleet(upper, tmp_path):
    made = Fleet.known(tmp_path / "fleet", upper=upper)
    yield made
    made.close()


def photographed(machine, content=PHOTO, thumbnail=THUMBNAIL, sitting=None):
    """Keep a scan of nobody's yet, or of a meeting, and return the ids of picture and thumbnail."""
    blob, small = machine.desk.blobs.put(content), machine.desk.blobs.put(thumbnail)
    scan = Scan("一页.jpg", None, blob, small, len(content), sha256(content).hexdigest())
    place = Placed(scan, Placing.ASIDE, "")
    if sitting:
        of = machine.home.shelf.get(Sitting, sitting).consultation_id
        place = Placed(scan, Placing.ASIDE, "", of, sitting)
    machine.desk.do(FileScans((place,)))
    return blob, small


def everything_in(machine):
    """Return all bytes of a machine's folder, and of what it has shelved."""
    return b"".join(file.read_bytes() for file in machine.folder.rglob("*") if file.is_file())


def packs(stick):
    """Return what is on the stick, read, in the order of writing."""
    files = sorted(stick.rglob("*.YB"), key=lambda file: file.name)
    return [read_pack(BytesIO(file.read_bytes())) for file in files]


def pieces_in(found):
    """Return the names of the pieces in packs."""
    return [name for pack in found for name, _ in pack.blobs()]


def emptied(stick):
    shutil.rmtree(stick)
    stick.mkdir()


def test_a_photograph_is_at_the_other_laptop_and_the_county_and_nothing_of_it_at_the_province(fleet):
    _, sitting = evening(fleet.a)
    blob, small = photographed(fleet.a, sitting=sitting)
    fleet.rounds(2)

    for machine in (fleet.b, fleet.county):
        assert machine.home.blobs.get(blob) == PHOTO
        assert machine.home.blobs.get(small) == THUMBNAIL
        assert machine.home.shelf.all(Attachment)[0].blob == blob
    assert fleet.province.home.cargo.freights() == []
    assert not list((fleet.province.folder / "blobs").rglob("*"))
    fleet.province.exchange.found(fleet.folder / "stick" / "YUANBA" / "53")
    assert blob.encode() not in everything_in(fleet.province)
    for pack in packs(fleet.stick / "YUANBA" / "53"):
        assert not pieces_in([pack])
        assert not pack.head.blobs


def test_once_everybody_has_it_nothing_is_written_any_more(fleet):
    photographed(fleet.a)
    fleet.rounds(3)

    assert [machine.writes_to(fleet.stick).files for machine in fleet.machines] == [(), (), (), ()]


def test_words_and_thumbnails_lie_before_any_photograph(fleet):
    _, sitting = evening(fleet.a)
    blob, small = photographed(fleet.a, sitting=sitting)
    emptied(fleet.stick)
    fleet.a.writes_to(fleet.stick)

    first, second = packs(fleet.stick)

    assert pieces_in([first]) == [f"{small}/0"]
    assert len(first.head.segs) == 3
    assert sum(size for *_, size in first.head.segs) < 1 << 20
    assert pieces_in([second]) == [f"{blob}/0"]
    assert second.head.segs == ()


def test_a_record_does_not_wait_for_its_photograph_and_a_clear_word_says_so(fleet):
    blob, small = photographed(fleet.a)
    evening(fleet.a)
    emptied(fleet.stick)
    fleet.a.writes_to(fleet.stick)
    max(fleet.stick.rglob("*.YB"), key=lambda file: file.name).unlink()

    fleet.county.takes_from(fleet.stick)

    assert fleet.county.home.shelf.all(Attachment)[0].blob == blob
    assert fleet.county.home.blobs.get(small) == THUMBNAIL
    with pytest.raises(AttachmentLost) as told:
        fleet.county.home.blobs.get(blob)
    assert told.value.what == "照片还没收到"
    own = fleet.a.home.blobs
    next((fleet.a.folder / "blobs").rglob(blob)).unlink()
    with pytest.raises(AttachmentLost, match="不见了"):
        own.get(blob)


def test_of_nine_mib_only_the_piece_that_is_missing_goes_again(fleet):
    content = os.urandom(9 << 20)
    blob, _ = photographed(fleet.a, content)
    given(fleet, fleet.county, but=f"{blob}/1")
    assert not fleet.county.home.blobs.has(blob)
    back(fleet)

    written = fleet.a.writes_to(fleet.stick)
    fleet.county.takes_from(fleet.stick)

    assert pieces_in(packs(fleet.stick)) == [f"{blob}/1"]
    assert written.size < 5 << 20
    assert fleet.county.home.blobs.get(blob) == content
    assert not list((fleet.county.folder / "blobs" / "carried").rglob("*.age"))


def given(fleet, machine, but="", spoil=lambda name, sealed: sealed):
    """Let a machine take in what a laptop has for the county, but one piece, or with pieces spoilt."""
    exchange = fleet.a.exchange
    exchange.prepare()
    load = exchange.outbox.load_for(COUNTY).without({but})
    porter = exchange.outbox.porter
    contents = porter.contents
    porter.contents = lambda *told: ((name, spoil(name, sealed)) for name, sealed in contents(*told))
    file = fleet.folder / "given.yb"
    with file.open("wb") as out:
        exchange.outbox.write(load, out, 1)
    del porter.contents
    looked = machine.exchange.look(file)
    taken = machine.exchange.take_file(file)
    assert looked == taken
    return taken


def back(fleet):
    """Carry the county's receipt to the laptop, on an empty stick."""
    emptied(fleet.stick)
    fleet.county.writes_to(fleet.stick)
    fleet.a.takes_from(fleet.stick)
    emptied(fleet.stick)


@pytest.mark.parametrize("how", ["noise", "a bit", "another piece", "the letter of another"])
def test_a_piece_that_is_not_what_its_author_made_is_left_out_and_comes_again(fleet, how):
    evening(fleet.a)
    content = os.urandom(PIECE + 9)
    blob, _ = photographed(fleet.a, content)
    other, _ = photographed(fleet.a, PHOTO, THUMBNAIL + b"2")

    def spoil(name, sealed):
        if name != f"{blob}/1":
            return sealed
        swapped = {"another piece": f"{blob}/0", "the letter of another": f"{other}/0"}
        flipped = sealed[:-20] + bytes([sealed[-20] ^ 1]) + sealed[-19:]
        return {"noise": b"noise", "a bit": flipped}.get(how) or sealed_of(fleet, swapped[how])

    taken = given(fleet, fleet.county, spoil=spoil)

    assert taken.pictures.spoilt == 1
    assert fleet.county.home.shelf.count(Attachment) == 2
    assert not fleet.county.home.blobs.has(blob)
    back(fleet)
    fleet.a.writes_to(fleet.stick)
    assert pieces_in(packs(fleet.stick)) == [f"{blob}/1"]
    fleet.county.takes_from(fleet.stick)
    assert fleet.county.home.blobs.get(blob) == content


def sealed_of(fleet, name):
    """Return a piece of a laptop's picture, sealed."""
    blob, _, number = name.partition("/")
    porter = fleet.a.exchange.outbox.porter
    freight = next(one for one in porter.freights() if one.id == blob)
    return dict(porter.contents([Piece(freight, int(number))], fleet.a.exchange.directory()))[name]


def test_what_is_taken_twice_is_taken_once(fleet):
    photographed(fleet.a)
    fleet.a.writes_to(fleet.stick)
    fleet.county.takes_from(fleet.stick)
    before = sorted((file, file.read_bytes()) for file in (fleet.county.folder / "blobs").rglob("*") if file.is_file())

    assert not any(taken.is_news() for taken in fleet.county.takes_from(fleet.stick))

    after = sorted((file, file.read_bytes()) for file in (fleet.county.folder / "blobs").rglob("*") if file.is_file())
    assert after == before


def test_a_lost_stick_costs_nothing_but_the_way(fleet):
    blob, _ = photographed(fleet.a)
    fleet.a.writes_to(fleet.stick)
    emptied(fleet.stick)

    fleet.rounds(1)

    assert fleet.county.home.blobs.get(blob) == PHOTO
    assert fleet.b.home.blobs.get(blob) == PHOTO


def test_a_stick_pulled_between_two_packs_goes_on_where_it_was(fleet):
    evening(fleet.a)
    many = [photographed(fleet.a, os.urandom(6 << 20), os.urandom(20_000))[0] for _ in range(12)]
    emptied(fleet.stick)

    def stop():
        return len(list(fleet.stick.rglob("*.YB"))) == 2

    with pytest.raises(CarryStopped):
        fleet.a.exchange.export(place_of(fleet.stick), stop=stop)
    there = set(pieces_in(packs(fleet.stick)))
    before = sorted(fleet.stick.rglob("*.YB"))

    fleet.a.writes_to(fleet.stick)

    again = [name for pack in packs(fleet.stick)[len(before) :] for name in pieces_in([pack])]
    assert there
    assert there.isdisjoint(again)
    for pack in packs(fleet.stick):
        assert sum(size for _, size in sizes(pack)) < 64 << 20
    fleet.county.takes_from(fleet.stick)
    assert all(fleet.county.home.blobs.has(blob) for blob in many)


def sizes(pack):
    return [(name, len(sealed)) for name, sealed in pack.blobs()]


def test_a_closed_session_s_photograph_passes_the_county_unread_and_unchanged(fleet):
    called = fleet.a.desk.do(CallSitting("家里的事", issues=("谁照看老人",), closed_session=True))
    sitting = next(change.record_id for change in called.changes if change.kind == "sitting")
    content = os.urandom(PIECE + 1)
    blob, _ = photographed(fleet.a, content, sitting=sitting)
    fleet.a.writes_to(fleet.stick)
    made = {name: sealed for pack in packs(fleet.stick) for name, sealed in pack.blobs()}
    fleet.county.takes_from(fleet.stick)
    emptied(fleet.stick)
    fleet.county.writes_to(fleet.stick)

    assert {name: sealed for pack in packs(fleet.stick) for name, sealed in pack.blobs()} == made
    fleet.b.takes_from(fleet.stick)

    assert fleet.b.home.blobs.get(blob) == content
    assert not fleet.county.home.blobs.has(blob)
    fleet.rounds(2)
    assert [machine.writes_to(fleet.stick).files for machine in fleet.machines] == [(), (), (), ()]


def test_over_the_wire_the_words_come_first_and_a_cut_repeats_one_piece_at_most(fleet, tmp_path):
    evening(fleet.a)
    content = os.urandom(9 << 20)
    blob, _ = photographed(fleet.a, content)
    with (
        Server(Relay(fleet.county.exchange), tmp_path / "relay", ("127.0.0.1", 0)) as server,
        faulty_line(server.port) as line,
    ):
        line.set(Fault(cut_up=6 << 20))
        with suppress(NotSent):
            synchronise(line.url, fleet.a.exchange, Http(pauses_s=()))
        assert fleet.county.home.shelf.count(Attachment) == 1
        fleet.a.close()
        fleet.a.open()
        line.set(Fault())
        done = synchronise(line.url, fleet.a.exchange, Http(pauses_s=()))

    assert fleet.county.home.blobs.get(blob) == content
    assert done.sent < 9.5 * (1 << 20)


def test_a_picture_that_had_to_wait_for_new_keys_goes_onto_the_same_stick_afterwards(fleet):
    third = Machine(fleet.folder / "丙", "丙")
    enrolled(third, fleet.county, fleet.stick)
    blob, _ = photographed(fleet.b, content=os.urandom(60_000))
    fleet.b.writes_to(fleet.stick)
    fleet.county.takes_from(fleet.stick)
    fleet.county.work.lose("甲笔记本", "丢了")
    fleet.county.writes_to(fleet.stick)  # nothing can be sealed to the township before it has made new keys

    for machine in (fleet.b, third, fleet.county, fleet.b, third, fleet.county, third):
        machine.takes_from(fleet.stick)
        machine.writes_to(fleet.stick)

    assert third.home.blobs.get(blob) == fleet.b.home.blobs.get(blob)
    third.close()
