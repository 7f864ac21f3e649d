"""Whoever holds connections of the pages keeps nobody out for long, and nobody's hanging up is an error of ours."""

import http.client
import socket
import time
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from sync.server import serving
from sync.server.impatient import Impatient, Patience
from sync.server.pages import guard
from sync.server.serving import Pages
from tests.sync.server.pages.county_office import CountyOffice

HEAD = b"GET / HTTP/1.1\r\nHost: a\r\n"
FORM = (
    b"POST /office/sign-in HTTP/1.1\r\nHost: a\r\nContent-Type: %s\r\nContent-Length: 900\r\n\r\nname="
    % guard.FORM.encode()
)
MOST = 12


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    made = CountyOffice(tmp_path_factory.mktemp("county"))
    yield made
    made.close()


def connected(url):
    return socket.create_connection((urlsplit(url).hostname, urlsplit(url).port), timeout=10)


def status(url):
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status
    finally:
        connection.close()


async def endless(scope, receive, send):
    """Answer more than any connection holds, to whoever takes it."""
    if scope["path"] == "/health":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(400):
        await send({"type": "http.response.body", "body": bytes(100_000), "more_body": True})
    await send({"type": "http.response.body", "body": b""})


@pytest.mark.parametrize("words", [b"", HEAD, FORM, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"])
def test_who_holds_every_connection_of_the_pages_is_let_go(monkeypatch, words):
    monkeypatch.setattr(serving, "MOST_AT_ONCE", MOST)
    monkeypatch.setattr(Impatient, "patience", Patience(1.0, 1.0, 1.0, 0.1))
    with ExitStack() as held, Pages(endless, ("127.0.0.1", 0)) as pages:
        for _ in range(MOST - 1):
            held.enter_context(connected(pages.url)).sendall(words)
            time.sleep(0.05)  # those who come all at once are turned away all at once
        until = time.monotonic() + 30
        while status(pages.url) != 200 and time.monotonic() < until:
            time.sleep(0.2)

        assert status(pages.url) == 200


def test_who_takes_an_answer_slowly_and_asks_again_is_waited_for(monkeypatch):
    monkeypatch.setattr(Impatient, "patience", Patience(1.0, 1.0, 1.0, 0.1))
    with Pages(endless, ("127.0.0.1", 0)) as pages, connected(pages.url) as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64_000)
        slow.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        begun, size = time.monotonic(), 0
        while some := slow.recv(1_000_000):
            size += len(some)
            if time.monotonic() - begun < 3:
                time.sleep(0.05)

    assert size > 400 * 100_000


def test_a_connection_that_is_used_all_the_time_is_kept(monkeypatch):
    monkeypatch.setattr(Impatient, "patience", Patience(1.0, 1.0, 1.0, 0.05))
    with Pages(endless, ("127.0.0.1", 0)) as pages:
        connection = http.client.HTTPConnection(urlsplit(pages.url).netloc, timeout=10)
        connection.auto_open = 0
        connection.connect()
        until = time.monotonic() + 4
        while time.monotonic() < until:
            for _ in range(2):
                connection.request("GET", "/health")
                assert connection.getresponse().read() == b""
            time.sleep(0.1)
        connection.close()


def test_who_hangs_up_within_a_form_leaves_no_error_in_the_log(county, caplog):
    with connected(county.url) as left:
        left.sendall(FORM)
        time.sleep(0.3)
    assert status(county.url) == 200
    time.sleep(0.3)

    assert [one.levelname for one in caplog.records if one.levelname == "ERROR"] == []
