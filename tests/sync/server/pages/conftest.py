"""示例省 behind a real server on loopback, and a real Chromium to read it."""

import http.client
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from urllib.parse import quote, urlsplit

import pytest

from app.desk import Desk
from app.queries.place_book import bring_up_to_date
from db import keep
from db.place_book import SqlBook
from sync.homes import SeededDice, StageClock
from sync.server.pages.room import Room
from sync.server.pages.site import site
from sync.server.sample import LAST_EVENING, settled
from sync.server.serving import Pages

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
NOW = datetime(2026, 11, 1, 9, 0, tzinfo=timezone(timedelta(hours=8)))


@dataclass(frozen=True)
class Answer:
    """What came back for one question."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    def json(self):
        return json.loads(self.body)


@dataclass
class Served:
    """Pages at an address, and the home behind them."""

    url: str
    home: keep.Home
    room: Room

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def ask(self, method: str, path: str, **headers: str) -> Answer:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, quote(path, safe="/?&=%:-_.{}"), headers=named)
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    """The home of the sample province, filled once."""
    folder = tmp_path_factory.mktemp("province") / "home"
    home = keep.open_home(folder, LAST_EVENING)
    desk = Desk(home.shelf, home.ledger, StageClock(LAST_EVENING), SeededDice("province"), seal=home.seal)
    places = settled(desk, home.seal.sign)
    book = SqlBook(home.engine, home.ledger)
    bring_up_to_date(home.shelf, book, LAST_EVENING)
    yield home, book, places
    home.close()


@pytest.fixture(scope="session")
def province(sample) -> Iterator[Served]:
    home, book, places = sample
    room = Room(home.shelf, book, places, home.seal, StageClock(NOW), "99", True)
    with Pages(site(room), ("127.0.0.1", 0)) as pages:
        yield Served(pages.url, home, room)


@pytest.fixture(scope="session")
def county(sample) -> Iterator[Served]:
    """The same home seen from 示例县: nothing above or beside it exists."""
    home, book, places = sample
    room = Room(home.shelf, book, places, home.seal, StageClock(NOW), "990521")
    with Pages(site(room), ("127.0.0.1", 0)) as pages:
        yield Served(pages.url, home, room)


@pytest.fixture(scope="session")
def chromium():
    """The system's browser; the tests that need eyes skip where there is none."""
    if not CHROMIUM:
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed; ./run installs it for the tests")
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        quiet = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=quiet)
        yield browser
        browser.close()
