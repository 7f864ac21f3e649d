"""What strangers, slow people and mistaken programs get from a relay: a short answer, and nobody else notices."""

import datetime
import http.client
import io
import json
import os
import socket
import ssl
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from random import Random
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import PackSpoilt, StoreAway
from app.domain.errors_of_line import ClockDoubted, LineIntercepted, NotSent, OtherSideBusy, OtherSideFailed
from sync.carriers.line import Http
from sync.carriers.wire import synchronise
from sync.frame import MIB, MOST_JSON, MOST_PIECE, TYPE, Kind, framed, read_body, read_head
from sync.server import relay as relay_module
from sync.server import store as store_module
from sync.server.certificate import relay_pin, relay_trust, write_certificate
from sync.server.relay import OneDesk, Relay
from sync.server.store import Store
from sync.server.web import Limits, Server
from tests.sync.letters import County, Township, letter

ASK = "0123456789abcdef"
SOON = Http(pauses_s=(0.0, 0.0, 0.0))


@pytest.fixture(scope="module")
def serving(tmp_path_factory):
    folder = tmp_path_factory.mktemp("serving")
    county = County(folder)
    limits = Limits(connections=6, idle_s=0.5, head_s=0.5, silence_s=0.5, slowest=50_000)
    with Server(county, folder / "relay", ("127.0.0.1", 0), limits) as server:
        yield server, county, folder


@pytest.fixture
def server(serving):
    return serving[0]


def raw(server, words, more=b""):
    """Say some bytes and return all that comes back before the other side hangs up."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as sock:
        sock.sendall(words)
        got = b""
        while block := sock.recv(65536):
            got += block
    return got


def ask(server, method, target, body=b"", **fields):
    """Ask with a proper program and return the status, and the frame's kind and JSON."""
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        line.request(method, target, body, {"Content-Type": TYPE, **fields})
        response = line.getresponse()
        head = read_head(response)
        return response.status, head.kind, read_body(response, head, 10_000_000)
    finally:
        line.close()


def have(*letters):
    return framed(Kind.HAVE, ASK, json.dumps({"have": list(letters)}).encode())


def test_a_stranger_with_any_http_program_can_ask(server):
    status, kind, body = ask(server, "POST", "/v1/have", have())

    assert (status, kind) == (200, Kind.HAVE)
    assert json.loads(body)["waiting"] == 0


@pytest.mark.parametrize(
    "target",
    [
        *("/", "/v1", "/v1/", "/v1/have/", "/v1/have?x=1", "/v1/upload/", "/v1/pack/..%2f..%2fetc%2fpasswd"),
        "/v1/upload/" + "A" * 64,
        f"/v1/pack/{'0' * 64}",
        f"/v1/upload/{'0' * 64}/../x",
        "/../../etc/passwd",
        "//v1/have",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_no_path_but_the_exact_ones_says_anything(server, method, target):
    status, kind, body = ask(server, method, target, have())

    assert (status, kind, json.loads(body)) == (404, Kind.TROUBLE, {"code": "W-NOWHERE"})


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (b"DELETE /v1/have HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET /v1/have HTTP/1.1\r\nHost: a\r\n\r\n", 405),
        (b"POST /v1/have HTTP/1.1\r\nHost: a\r\n\r\n", 411),
        (b"POST /v1/have HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        (b"POST /v1/have HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
        (b"POST /v1/have HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST /v1/have HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", 413),
        (b"POST /v1/pack HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", 413),
        (b"POST /v1/have HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}", 415),
        (b'POST /v1/have HTTP/1.1\r\nContent-Length: 20\r\n\r\n{"have":[],"x":[1,2]}', 400),
        (b"POST /v1/have HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"POST /v1/have HTTP/1.1\r\nX: " + b"a" * 9000 + b"\r\n\r\n", 431),
        (b"POST /v1/have HTTP/1.1\r\n" + b"X: a\r\n" * 2000 + b"\r\n", 431),
        (b"GET /" + b"a" * 400 + b" HTTP/1.1\r\n\r\n", 400),
        (b"GET /" + b"a" * 4000, 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n", 400),
        (b"GET http://elsewhere/v1/have HTTP/1.1\r\n\r\n", 400),
    ],
)
def test_what_is_no_question_gets_a_short_no(server, words, status):
    answer = raw(server, words)

    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert b"yuanba-wire 1 trouble " in answer
    assert len(answer) < 500


def test_a_body_that_was_changed_on_the_way_is_not_believed(server):
    status, kind, body = ask(server, "POST", "/v1/have", have()[:-1] + b"!")

    assert (status, kind, json.loads(body)) == (400, Kind.TROUBLE, {"code": "W-MANGLED"})


@pytest.mark.parametrize(
    ("frame", "status"),
    [
        (framed(Kind.PACK, ASK, b"{}"), 400),
        (have().replace(b"wire 1", b"wire 7"), 505),
        (framed(Kind.HAVE, ASK, b" " * (MOST_JSON + 1)), 413),
    ],
)
def test_a_question_of_another_kind_or_time_is_refused(server, frame, status):
    assert ask(server, "POST", "/v1/have", frame)[0] == status


def test_a_field_that_was_stripped_is_not_missed(server):
    question = have()
    answer = raw(
        server, b"POST /v1/have HTTP/1.0\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(question) + question
    )

    assert answer.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "words",
    [
        b"",
        b"POST /v1/ha",
        b"POST /v1/have HTTP/1.1\r\nHost: a\r\n",
        b"POST /v1/have HTTP/1.1\r\nContent-Length: 500\r\n\r\nyuanba-wire 1 have ",
    ],
)
def test_somebody_slow_is_let_go(server, words):
    begun = time.monotonic()

    raw(server, words)

    assert time.monotonic() - begun < 5


def test_somebody_who_drips_is_let_go(server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as sock:
        sock.sendall(b"POST /v1/pack HTTP/1.1\r\nContent-Length: 900000\r\n\r\nyuanba-wire 1 pack " + b"0" * 16)
        sock.settimeout(0.05)
        begun = time.monotonic()
        while time.monotonic() - begun < 8 and _drips(sock):
            pass

    assert 0.4 < time.monotonic() - begun < 5


def _drips(sock):
    """Send one byte and return whether the other side still listens."""
    try:
        sock.sendall(b"1")
        return sock.recv(1) != b""
    except TimeoutError:
        return True
    except ConnectionError:
        return False


def test_who_holds_all_the_doors_delays_others_and_no_more(serving, tmp_path):
    server, county, _ = serving
    county.begin_anew()
    idle = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(12)]
    township = Township(tmp_path / "t", b"a letter")

    try:
        synchronise(server.url, township, SOON)
    finally:
        for one in idle:
            one.close()

    assert county.journal == township.journal != []


def test_who_comes_when_the_system_has_no_thread_left_is_let_go_and_the_next_is_served(tmp_path, monkeypatch):
    usual, none_left = threading.Thread.start, [True]

    def start(thread):
        if thread._target.__name__ == "_attend" and none_left:
            none_left.pop()
            raise RuntimeError("can't start new thread")
        usual(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    with Server(County(tmp_path), tmp_path / "relay", ("127.0.0.1", 0), Limits(connections=1)) as server:
        assert raw(server, b"") == b""
        assert ask(server, "POST", "/v1/have", have())[0] == 200


def test_many_at_once_are_all_served_and_the_home_is_asked_by_one(serving, tmp_path):
    server, county, _ = serving
    county.begin_anew()
    townships = [Township(tmp_path / str(number), letter(Random(number), 4000)) for number in range(16)]

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda township: synchronise(server.url, township, SOON), townships))

    assert len(county.journal) == 16
    assert len(county.threads) == 1


class Slow(County):
    """A county that thinks for a second about what it has."""

    def __init__(self, folder):
        super().__init__(folder)
        self.asked = 0
        self.may_answer = threading.Event()

    def have(self, asked):
        self.asked += 1
        self.may_answer.wait(20)
        return super().have(asked)


def test_whoever_is_told_to_wait_keeps_its_place_in_the_row(tmp_path):
    county, township = Slow(tmp_path), Township(tmp_path / "township")
    township.write_down(letter(Random(1), 900))

    with Server(county, tmp_path / "relay", ("127.0.0.1", 0), Limits(wait_s=0.1)) as server:
        threading.Timer(1.0, county.may_answer.set).start()
        done = synchronise(server.url, township, SOON)

    assert county.journal == township.journal
    assert county.asked == 1
    assert done.questions > 3


def test_a_piece_may_come_in_any_order_any_number_of_times(server):
    pack = Random(5).randbytes(300_000)
    digest = sha256(pack).hexdigest()

    def put(at, piece):
        return json.loads(ask(server, "PUT", f"/v1/upload/{digest}/{at}", framed(Kind.PIECE, ASK, piece))[2])["there"]

    assert put(100_000, pack[100_000:]) == 0
    assert put(0, pack[:100_000]) == 100_000
    assert put(0, pack[:100_000]) == 100_000
    assert put(50_000, pack[50_000:200_000]) == 200_000
    assert put(300_000, b"beyond") == 200_000
    status, kind, body = ask(server, "POST", f"/v1/pack?upload={digest}", framed(Kind.COMMIT, ASK, b'{"size":300000}'))
    assert (status, kind, json.loads(body)) == (404, Kind.STATE, {"there": 200_000})
    assert json.loads(ask(server, "GET", f"/v1/upload/{digest}?ask={ASK}")[2]) == {"there": 200_000}


def test_a_pack_that_arrived_otherwise_than_it_is_named_is_forgotten(server):
    digest = sha256(b"something else").hexdigest()
    ask(server, "PUT", f"/v1/upload/{digest}/0", framed(Kind.PIECE, ASK, b"x" * 14))

    status, _, body = ask(server, "POST", f"/v1/pack?upload={digest}", framed(Kind.COMMIT, ASK, b'{"size":14}'))

    assert (status, json.loads(body)) == (404, {"there": 0})


def test_no_pack_grows_beyond_what_packs_are(server, monkeypatch):
    monkeypatch.setattr(store_module, "MOST_PACK", 1000)
    digest = "1" * 64

    assert ask(server, "PUT", f"/v1/upload/{digest}/0", framed(Kind.PIECE, ASK, b"x" * 1001))[0] == 413


def relay_holds(store, digest, piece):
    """Let a piece come to a store, as the first one of its pack."""
    frame = io.BytesIO(framed(Kind.PIECE, ASK, piece))
    store.append(digest, 0, store.receive(frame, read_head(frame)))


def test_the_oldest_goes_when_there_is_too_much(tmp_path, monkeypatch):
    monkeypatch.setattr(store_module, "SWEPT_EVERY", 1)
    store = Store(tmp_path, most_files=5)
    for number in range(9):
        relay_holds(store, f"{number:064}", b"piece")
        os.utime(tmp_path / "arriving" / f"{number:064}.part", (number, number))

    assert store.there(f"{8:064}") == 5
    assert store.there(f"{0:064}") == 0
    assert len(list((tmp_path / "arriving").iterdir())) == 5


class Many:
    """A pack half come when the next one begins to come, which is half come when …"""

    def __init__(self, relay, left):
        self.body = framed(Kind.PACK, ASK, bytes(2000))
        self.at, self.relay, self.left, self.inner = 0, relay, left, None

    def read(self, size):
        size = min(size, 1000)
        if self.at > 1000 and self.left and self.inner is None:
            self.inner = Many(self.relay, self.left - 1)
            self.inner.answer = self.relay.answer("POST", "/v1/pack", self.inner)
        self.at += size
        return self.body[self.at - size : self.at]

    def readline(self, size):
        line = self.body[self.at : self.body.index(b"\n", self.at) + 1]
        self.at += len(line)
        return line


def test_what_comes_at_once_takes_no_more_of_the_disk_than_a_relay_may(tmp_path):
    """A thousand strangers who each send a pack of 64 MB slowly would fill any disk, and with it the province's."""
    relay = Relay(OneDesk(County(tmp_path)), tmp_path / "relay")
    relay._store._most_bytes = 5000
    first = Many(relay, 9)
    relay.answer("POST", "/v1/pack", first)
    answers, one = [], first.inner
    while one:
        answers.append((one.answer.status, b"W-DISK" in one.answer.frame))
        one = one.inner

    assert (507, True) in answers
    assert relay._store._coming == 0
    assert not list((tmp_path / "relay" / "arriving").glob("*.in"))
    relay.close()


class Weighed(io.BytesIO):
    """What comes, with the most of it that was taken into memory at once."""

    most = 0

    def read(self, size=-1):
        got = super().read(size)
        self.most = max(self.most, len(got))
        return got


@pytest.mark.parametrize(
    ("method", "target", "kind", "size"),
    [
        ("PUT", f"/v1/upload/{'1' * 64}/0", Kind.PIECE, MOST_PIECE),
        ("POST", "/v1/have", Kind.HAVE, MOST_JSON),
        ("POST", "/v1/pack", Kind.PACK, 2 * MOST_PIECE),
    ],
)
def test_of_what_a_thousand_send_at_once_little_lies_in_memory(tmp_path, method, target, kind, size):
    """Pieces of 4 MB from as many as may call would fill the memory of any server."""
    coming = Weighed(framed(kind, ASK, b'{"have":[]}'.ljust(size)))
    relay = Relay(OneDesk(County(tmp_path)), tmp_path / "relay")

    relay.answer(method, target, coming)
    relay.close()

    assert coming.tell() > size
    assert coming.most <= MIB // 16
    assert not list((tmp_path / "relay" / "arriving").glob("*.in"))


def test_of_what_a_thousand_fetch_at_once_little_lies_in_memory(tmp_path):
    relay, answer = Relay(OneDesk(County(tmp_path)), tmp_path / "relay"), Random(7).randbytes(MOST_PIECE + 5)
    (tmp_path / "answer").write_bytes(answer)
    kept = relay._store.keep_answer("1" * 64, 1, tmp_path / "answer")

    reply = relay.answer("GET", f"/v1/pack/{kept.digest}/3/{MOST_PIECE}?ask={ASK}", io.BytesIO())
    blocks = list(reply.more)
    relay.close()

    assert reply.frame + b"".join(blocks) == framed(Kind.PIECE, ASK, answer[3 : 3 + MOST_PIECE])
    assert reply.more_bytes == MOST_PIECE
    assert max(map(len, blocks)) <= MIB // 16


def test_a_question_that_was_refused_is_not_remembered(tmp_path):
    """A stranger who asks noise, a megabyte of it and never the same, would fill the memory."""
    county = County(tmp_path)

    def refuse(_):
        raise PackSpoilt("noise")

    county.have = refuse
    relay = Relay(OneDesk(county), tmp_path / "relay")

    statuses = {relay.answer("POST", "/v1/have", io.BytesIO(have(str(no)))).status for no in range(5)}
    relay.close()

    assert statuses == {422}
    assert len(relay._asked) == 0


@pytest.fixture
def asked_after(tmp_path, monkeypatch):
    """Return what asks a slow county, each question some seconds after the one before; then it may answer."""
    now, county = [100.0], Slow(tmp_path)
    monkeypatch.setattr(relay_module, "time", SimpleNamespace(monotonic=lambda: now[0]))
    relay = Relay(OneDesk(county), tmp_path / "relay", wait_s=0)

    def ask(*asked):
        county.may_answer.clear()
        for seconds, word in asked:
            now[0] += seconds
            assert relay.answer("POST", "/v1/have", io.BytesIO(have(word))).status == 202
        county.may_answer.set()
        for answer, _ in list(relay._asked.values()):
            answer.result(5)
        return relay, county

    yield ask
    county.may_answer.set()
    relay.close()


def test_the_answer_to_who_was_told_to_wait_and_went_away_is_not_kept(asked_after):
    relay, _ = asked_after((0, "a"), (0, "b"))

    asked_after((21, "c"))

    assert len(relay._asked) == 1


def test_who_comes_back_while_the_row_is_long_still_has_its_place_in_it(asked_after):
    """Asked once more from the end of the row, what makes the row long would make it longer."""
    _, county = asked_after((0, "a"), (25, "b"), (25, "a"), (0, "b"))

    assert county.asked == 2


def test_nothing_remains_on_disk_of_what_was_refused(serving, tmp_path):
    server, county, folder = serving
    county.begin_anew()

    assert ask(server, "POST", "/v1/pack", framed(Kind.PACK, ASK, b"noise"))[0] == 422
    assert ask(server, "POST", "/v1/pack", framed(Kind.PACK, ASK, b"noise")[:-1] + b"?")[0] == 400
    assert not [file for file in (folder / "relay" / "arriving").iterdir() if file.suffix == ".in"]
    assert not (folder / "relay" / "arriving" / f"{sha256(b'noise').hexdigest()}.part").exists()


@pytest.mark.expects_log("the database is away: /v1/have was not done", "the database is away: /v1/pack was not done")
def test_a_database_that_is_away_for_a_moment_is_waited_for_by_who_asks(tmp_path):
    county, township = County(tmp_path), Township(tmp_path / "township", b"a letter")
    away = {"have": 2, "take": 2}

    def at_first_away(word, usual):
        def tried(told):
            if away[word]:
                away[word] -= 1
                raise StoreAway("the database system is starting up")
            return usual(told)

        return tried

    county.have, county.take = at_first_away("have", county.have), at_first_away("take", county.take)
    with Server(county, tmp_path / "relay", ("127.0.0.1", 0)) as server:
        told = synchronise(server.url, township, SOON)

    assert told.taken == 1
    assert county.journal == township.journal
    assert away == {"have": 0, "take": 0}


@pytest.mark.expects_log("the database is away: /v1/pack was not done")
def test_one_that_stays_away_is_told_to_a_person_as_busy(tmp_path):
    county = County(tmp_path)
    county.refusal = StoreAway("the connection is lost")
    township = Township(tmp_path / "township", b"a letter")
    with Server(county, tmp_path / "relay", ("127.0.0.1", 0)) as server, pytest.raises(OtherSideBusy):
        synchronise(server.url, township, SOON)

    assert county.journal == []


def test_a_full_disk_is_told_as_such_and_takes_the_pack_once_there_is_room(tmp_path):
    """The answer was lost when it came at once: whoever asked took the line for cut, and sent it all four times."""
    county, township = County(tmp_path), Township(tmp_path / "township", letter(Random(8), 900_000))
    with Server(county, tmp_path / "relay", ("127.0.0.1", 0)) as server:
        room, server._relay._store._most_bytes = server._relay._store._most_bytes, 5000
        with pytest.raises(OtherSideFailed):
            synchronise(server.url, township, SOON)
        assert county.journal == []
        assert not list((tmp_path / "relay" / "arriving").iterdir())

        server._relay._store._most_bytes = room
        synchronise(server.url, township, SOON)

    assert county.journal == township.journal


def test_closing_lets_what_is_under_way_come_to_its_end(tmp_path):
    county = County(tmp_path)
    server = Server(county, tmp_path / "relay", ("127.0.0.1", 0))
    server.start()
    port = server.port
    township = Township(tmp_path / "township", b"a letter")
    county.is_free.clear()
    idle = socket.create_connection(("127.0.0.1", server.port))

    with ThreadPoolExecutor(1) as pool:
        exchange = pool.submit(synchronise, server.url, township, SOON)
        while not county.threads:
            time.sleep(0.01)
        threading.Timer(0.3, county.is_free.set).start()
        server.close()

    assert exchange.result().taken == 1
    assert county.journal == township.journal
    idle.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def test_a_pinned_key_is_enough_whatever_the_date_says(tmp_path):
    folder = tmp_path / "keys"
    folder.mkdir()
    then = datetime.datetime(1990, 1, 1)
    write_certificate(folder / "relay.pem", then, then + datetime.timedelta(days=1))
    county, township = County(tmp_path), Township(tmp_path / "township", b"a letter")

    with Server(county, tmp_path / "relay", ("127.0.0.1", 0), trust=relay_trust(folder)) as server:
        url = server.url
        done = synchronise(f"{url}#{relay_pin(folder)}", township)
        assert synchronise(url, township, Http(pin=relay_pin(folder))).is_nothing_new
        with pytest.raises(LineIntercepted):
            synchronise(url, township, Http(pin="0" * 64))
        with pytest.raises(LineIntercepted):
            synchronise(url, township, Http(pauses_s=()))
        with pytest.raises(ClockDoubted):
            synchronise(url.replace("127.0.0.1", "localhost"), township, Http(trust=lambda: _trusting(folder)))
        with pytest.raises(NotSent):
            synchronise(url.replace("https", "http"), township, Http(pauses_s=()))

    assert done.taken == 1
    assert county.journal == township.journal


def _trusting(folder):
    context = ssl.create_default_context()
    context.load_verify_locations(folder / "relay.pem")
    return context


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(
    words=st.one_of(
        st.binary(max_size=300),
        st.binary(max_size=300).map(lambda rest: b"POST /v1/have HTTP/1.1\r\nContent-Length: 9\r\n\r\n" + rest),
    )
)
def test_noise_gets_a_no_or_nothing(server, words):
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as sock:
        sock.sendall(words)
        sock.shutdown(socket.SHUT_WR)
        got = b""
        while block := sock.recv(65536):
            got += block

    assert got == b"" or got.startswith(b"HTTP/1.1 4")
