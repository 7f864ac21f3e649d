"""A township and a county exchange over a real line that is cut, doubled, mangled or taken over by a portal."""

import json
import os
import socket
import threading
import time
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import NotAPack, NotForUs
from app.domain.errors_of_line import (
    AddressUnclear,
    LineBroken,
    LineDown,
    LineIntercepted,
    NotSent,
    NotTakenThere,
    OtherSideFailed,
    OtherSideNewer,
    SendingStopped,
)
from sync.carriers.line import Address, Http, address_of
from sync.carriers.wire import synchronise
from sync.frame import FIRST_PIECE, Head, Kind, framed
from sync.server.web import Limits, Server
from tests.sync.faulty_line import Fault, faulty_line
from tests.sync.letters import County, Township, letter

CUTS = os.environ.get("YUANBA_CUTS", "75")  # in each direction; "all" for every byte
PORTALS = int(os.environ.get("YUANBA_PORTALS", "150"))
SOON = Http(pauses_s=(0.0, 0.0, 0.0))
ONE_TRY = Http(pauses_s=())
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def around(tmp_path_factory):
    """A county that serves, a township, and a line between them that can misbehave."""
    folder = tmp_path_factory.mktemp("around")
    county = County(folder)
    with (
        Server(county, folder / "relay", ("127.0.0.1", 0)) as server,
        faulty_line(server.port) as line,
    ):
        yield county, Township(folder / "township"), line


@pytest.fixture
def county(around):
    around[0].begin_anew()
    return around[0]


@pytest.fixture
def township(around):
    around[1].begin_anew()
    return around[1]


@pytest.fixture
def line(around):
    around[2].set(Fault())
    return around[2]


def write(side, seed, *sizes):
    random = Random(seed)
    for size in sizes:
        side.write_down(letter(random, size))


def agree(county, township):
    """Return whether both hold the same letters, each written down once."""
    journals = (county.journal, township.journal)
    return set(journals[0]) == set(journals[1]) and all(len(set(one)) == len(one) for one in journals)


def test_a_usual_sync_is_two_questions_and_brings_both_what_they_lack(county, township, line):
    write(township, 1, 900, 300)
    write(county, 2, 700)

    done = synchronise(line.url, township, SOON)

    assert agree(county, township)
    assert len(county.journal) == 3
    assert (done.questions, done.delivered, done.taken, done.resent) == (2, 1, 1, 0)
    assert line.connections == 1


def test_nothing_new_is_one_question_of_less_than_a_kilobyte_and_no_pack(county, township, line):
    write(township, 1, 900)
    synchronise(line.url, township, SOON)
    line.set(Fault())

    done = synchronise(line.url, township, SOON)

    assert done.is_nothing_new
    assert done.questions == 1
    assert line.up + line.down == done.sent + done.received <= 1000


def test_what_only_waits_is_fetched(county, township, line):
    write(county, 2, 700, 80_000)

    done = synchronise(line.url, township, SOON)

    assert agree(county, township)
    assert (done.questions, done.taken) == (2, 1)


def test_large_packs_go_and_come_in_pieces(county, township, line):
    write(township, 1, 3 * MIB)
    write(county, 2, 2 * MIB)
    told: list[tuple[int, int]] = []

    done = synchronise(line.url, township, SOON, lambda moved, whole: told.append((moved, whole)))

    assert agree(county, township)
    assert done.resent == 0
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1] > 5 * MIB


def _points(size):
    step = 1 if CUTS == "all" else max(1, size // int(CUTS))
    return range(0, size, step)


def test_a_line_cut_at_any_byte_loses_and_doubles_nothing(county, township, line):
    def begin():
        county.begin_anew()
        township.begin_anew()
        write(township, 1, 1200, 40)
        write(county, 2, 900)

    begin()
    synchronise(line.url, township, SOON)
    clean = (line.up, line.down)

    for way, size in zip(("cut_up", "cut_down"), clean, strict=True):
        for at in _points(size):
            begin()
            line.set(Fault(**{way: at}))
            with pytest.raises(NotSent):
                synchronise(line.url, township, ONE_TRY)
            synchronise(line.url, township, ONE_TRY)
            assert agree(county, township), (way, at)
            assert len(county.journal) == 3

            begin()
            line.set(Fault(**{way: at}))
            synchronise(line.url, township, SOON)
            assert agree(county, township), (way, at)
            assert len(county.journal) == 3


@pytest.mark.parametrize("seed", range(8))
def test_a_cut_anywhere_repeats_at_most_one_piece(county, township, line, seed, monkeypatch):
    monkeypatch.setattr("sync.carriers.wire.MOST_PIECE", FIRST_PIECE)
    write(township, 1, 2 * MIB)
    write(county, 2, MIB)
    random = Random(seed)
    sizes = {"cut_up": 2 * MIB, "cut_down": MIB}
    way = random.choice(list(sizes))
    line.set(Fault(**{way: random.randrange(sizes[way])}))

    with pytest.raises(NotSent):
        synchronise(line.url, township, ONE_TRY)
    synchronise(line.url, township, ONE_TRY)

    assert agree(county, township)
    assert line.up <= 2 * MIB + FIRST_PIECE + 8000
    assert line.down <= MIB + FIRST_PIECE + 8000


def test_a_line_that_is_cut_every_half_megabyte_still_carries_five(county, township, line):
    write(township, 1, 5 * MIB)
    line.set(Fault(every=MIB // 2))

    done = synchronise(line.url, township, SOON)

    assert agree(county, township)
    assert done.resent <= 0.25 * 5 * MIB
    assert county.takes == 1


def test_a_line_too_poor_for_the_least_piece_is_told_as_cut(county, township, line):
    write(township, 1, 2 * MIB)
    line.set(Fault(every=30_000))

    with pytest.raises(LineBroken) as told:
        synchronise(line.url, township, SOON)

    assert "不用再传" in told.value.kept


def test_questions_that_arrive_twice_do_nothing_twice(county, township, line):
    write(township, 1, 900, 2 * MIB)
    write(county, 2, 2 * MIB)
    line.set(Fault(is_doubled=True))

    synchronise(line.url, township, SOON)

    assert agree(county, township)


@pytest.mark.parametrize("size", [500, 2 * MIB])
@pytest.mark.parametrize("lost", [1, 2, 3])
def test_an_answer_that_is_lost_is_asked_for_again(county, township, line, size, lost):
    write(township, 1, size)
    write(county, 2, size)
    line.set(Fault(swallowed=lost))

    synchronise(line.url, township, SOON)

    assert agree(county, township)


@pytest.mark.parametrize("way", ["flip_up", "flip_down"])
def test_a_changed_bit_is_never_believed(county, township, line, way):
    write(township, 1, 900)
    write(county, 2, 900)
    synchronise(line.url, township, SOON)
    size = line.up if way == "flip_up" else line.down

    for at in range(0, size, max(1, size // 60)):
        county.begin_anew()
        township.begin_anew()
        write(township, 1, 900)
        write(county, 2, 900)
        line.set(Fault(**{way: at}))
        try:
            synchronise(line.url, township, Http(silence_s=0.3, pauses_s=(0.0,)))
        except NotSent:
            synchronise(line.url, township, SOON)
        assert agree(county, township), at
        assert len(county.journal) == 2


@pytest.mark.parametrize("size", [900, 2 * MIB])
def test_a_package_that_takes_long_to_be_taken_in_is_waited_for(county, township, tmp_path, size):
    write(township, 1, size)
    county.is_free.clear()
    threading.Timer(1.0, county.is_free.set).start()

    with Server(county, tmp_path / "relay", ("127.0.0.1", 0), Limits(wait_s=0.2)) as server:
        done = synchronise(server.url, township, SOON)

    assert agree(county, township)
    assert county.takes == 1
    assert done.questions > 3


@pytest.mark.parametrize("size", [500, 2 * MIB])
def test_a_refusal_is_told_in_the_words_of_the_other_side(county, township, line, size):
    write(township, 1, size)
    county.refusal = NotForUs()

    with pytest.raises(NotTakenThere) as told:
        synchronise(line.url, township, SOON)

    assert told.value.what == f"对面没有收：{NotForUs().what}"
    assert (told.value.there, told.value.advice) == (NotForUs.code, NotForUs().advice)
    assert not list(township.folder.parent.glob("unsent*"))
    county.refusal = None
    synchronise(line.url, township, SOON)
    assert agree(county, township)


@pytest.mark.expects_log("could not be answered")
@pytest.mark.parametrize("size", [500, 2 * MIB])
def test_a_mistake_over_there_keeps_the_package_here_and_what_went_over_there(county, township, line, size):
    write(township, 1, size)
    county.refusal = RuntimeError("our own")
    with pytest.raises(OtherSideFailed):
        synchronise(line.url, township, SOON)
    county.refusal = None
    line.set(Fault())

    synchronise(line.url, township, SOON)

    assert agree(county, township)
    assert line.up < 5000


PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 33\r\n\r\n<html>please log in here</html>\r\n"


def _page(status, fields, body):
    lines = [f"HTTP/1.1 {status} Something", *fields, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode("latin-1", "replace") + body


@pytest.mark.parametrize(
    "page",
    [
        PAGE,
        _page(302, ["Location: http://portal.example/login"], b""),
        _page(407, ["Proxy-Authenticate: Basic"], b"<h1>Proxy</h1>"),
        _page(502, [], b"<h1>Bad Gateway</h1>"),
        _page(504, [], b""),
        _page(200, ["Content-Type: application/vnd.yuanba.wire"], b'{"have":[],"waiting":1}'),
        _page(200, ["Content-Encoding: gzip"], b"\x1f\x8b\x08\x00rest"),
        _page(200, [], framed(Kind.HAVE, "0" * 16, b'{"have":[],"waiting":1}')),
        _page(200, [], framed(Kind.HAVE, "0123456789abcdef", b'{"have":[],"waiting":1}')),
        _page(200, [], framed(Kind.HAVE, "0" * 16, b"{}").replace(b"{}", b"[]")),
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"<html>no status line</html>",
    ],
)
def test_a_page_of_somebody_else_is_named_and_never_read_as_an_answer(township, line, page):
    write(township, 1, 900)
    line.set(Fault(page=page))

    with pytest.raises(LineIntercepted) as told:
        synchronise(line.url, township, SOON)

    assert told.value.what == "网络被拦截"
    assert "U盘" in told.value.advice
    assert township.answers == 0


FRAMES = st.builds(
    framed, st.sampled_from(list(Kind)), st.text("0123456789abcdef", min_size=16, max_size=16), st.binary()
)
BODIES = st.one_of(
    st.binary(max_size=3000),
    st.text(max_size=500).map(lambda text: f"<!DOCTYPE html><html><body>{text}</body></html>".encode()),
    st.recursive(
        st.none() | st.integers() | st.text(), lambda part: st.lists(part) | st.dictionaries(st.text(), part)
    ).map(lambda value: json.dumps(value).encode()),
    FRAMES,
    st.builds(lambda frame, cut: frame[:cut], FRAMES, st.integers(0, 200)),
    st.builds(lambda frame, rest: frame[:12] + rest, FRAMES, st.binary(max_size=200)),
)


@settings(max_examples=PORTALS, suppress_health_check=list(HealthCheck))
@given(
    body=BODIES,
    status=st.sampled_from([200, 202, 204, 301, 302, 400, 401, 403, 404, 407, 422, 500, 502, 503, 511]),
    type_=st.sampled_from(["text/html", "application/json", "application/vnd.yuanba.wire", ""]),
)
def test_no_page_whatever_it_says_is_taken_for_an_answer(around, body, status, type_):
    _, township, line = around
    line.set(Fault(page=_page(status, [f"Content-Type: {type_}"] if type_ else [], body)))
    before = (township.answers, list(township.journal))

    with pytest.raises(NotSent):
        synchronise(line.url, township, ONE_TRY)

    assert (township.answers, township.journal) == before


def test_a_page_that_does_not_end_is_not_waited_for(township, line):
    line.set(Fault(page=b"HTTP/1.1 200 OK\r\nContent-Length: 900000000\r\n\r\n<html> and more is still to come"))

    with pytest.raises(LineIntercepted):
        synchronise(line.url, township, ONE_TRY)


def test_a_newer_relay_says_so(township, line):
    frame = framed(Kind.HAVE, "0" * 16, b"{}").replace(b"yuanba-wire 1", b"yuanba-wire 2")
    line.set(Fault(page=_page(200, [], frame)))

    with pytest.raises(OtherSideNewer):
        synchronise(line.url, township, SOON)


def test_silence_ends_after_the_time_it_is_given(township, line):
    line.set(Fault(is_mute=True))
    begun = time.monotonic()

    with pytest.raises(LineDown):
        synchronise(line.url, township, Http(silence_s=0.5, pauses_s=()))

    assert time.monotonic() - begun < 3
    line.set(Fault())


def test_nobody_there_is_told_as_such(township):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    with pytest.raises(LineDown):
        synchronise(f"http://127.0.0.1:{port}", township, SOON)


@pytest.mark.parametrize("fault", [Fault(is_mute=True), Fault(bytes_a_second=20_000)], ids=["mute", "slow"])
def test_a_stop_is_heard_within_a_second(county, township, line, fault):
    write(township, 1, 2 * MIB)
    line.set(fault)
    stopped = threading.Event()
    moments: list[float] = []

    def stop():
        moments.append(time.monotonic())
        stopped.set()

    threading.Timer(0.4, stop).start()
    with pytest.raises(SendingStopped):
        synchronise(line.url, township, SOON, stop=stopped.is_set)

    assert time.monotonic() - moments[0] < 1.0
    line.set(Fault())


def test_a_slow_line_far_away_carries_a_busy_week_without_complaint(county, township, line):
    write(township, 1, 15_000)
    line.set(Fault(bytes_a_second=32_000, latency_s=0.05))  # a tenth of a week, ten times nearer

    done = synchronise(line.url, township, SOON)

    assert agree(county, township)
    assert (done.questions, done.resent) == (2, 0)


def test_an_answer_that_is_no_pack_is_refused_and_forgotten(county, township, line, monkeypatch):
    write(county, 2, 300)
    monkeypatch.setattr(county, "pack", lambda file, letters: file.write_bytes(b"noise") and file)

    with pytest.raises(NotAPack):
        synchronise(line.url, township, SOON)

    assert list(township.folder.iterdir()) == []
    assert township.journal == []


def test_an_answer_fetched_and_not_yet_taken_is_taken_first(county, township, line):
    write(county, 2, 300)
    county.pack(township.folder / f"{'0' * 64}.yb", county.lacking_to([]))

    done = synchronise(line.url, township, SOON)

    assert agree(county, township)
    assert (done.questions, done.taken) == (1, 1)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("http://192.168.1.10:8420", Address(False, "192.168.1.10", 8420)),
        ("192.168.1.10", Address(False, "192.168.1.10", 8420)),
        (" https://sync.county.example/ ", Address(True, "sync.county.example", 443)),
        (f"https://10.1.2.3:8420#{'5a' * 32}", Address(True, "10.1.2.3", 8420, "5a" * 32)),
        ("http://[::1]:9000", Address(False, "::1", 9000)),
    ],
)
def test_an_address_is_read_as_people_type_it(typed, meant):
    assert address_of(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ftp://county",
        "http://",
        "http://a:99999",
        "http://a/b",
        "http://u@a",
        "县里",
        "http://a\r\nX: y",
        "https://a#5a",
    ],
)
def test_what_is_no_address_is_said_so(typed):
    with pytest.raises(AddressUnclear):
        address_of(typed)


def test_a_frame_is_one_line_and_what_follows():
    frame = framed(Kind.HAVE, "0123456789abcdef", b"{}")

    assert frame == (
        b"yuanba-wire 1 have 0123456789abcdef 2 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\n{}"
    )
    assert Head(Kind.HAVE, "0123456789abcdef", 2, frame[38:102].decode()).line() + b"{}" == frame
