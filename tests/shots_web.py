"""The pictures of the pages of a province: the sample province in the system's browser."""

import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app.desk import Desk
from app.domain.place import NOWHERE, Places
from app.queries.consultation_open import meetings_in
from app.queries.place_book import bring_up_to_date
from db.accounts import SqlRegister
from db.keep import REVISION, Home, home_key, open_home
from db.place_book import SqlBook
from sync.exchange import Exchange, exchange_of
from sync.homes import SeededDice, StageClock
from sync.server.accounts import Accounts
from sync.server.office import Office
from sync.server.pages.doors import OFFICE
from sync.server.pages.room import Room
from sync.server.pages.site import ENDPOINTS, site
from sync.server.sample import LAST_EVENING, settled
from sync.server.sample_exchange import enrolled
from sync.server.serving import Pages

PICTURES = Path(__file__).resolve().parents[1] / "resources" / "help" / "pictures"
LAPTOP, TELEPHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 800}
TOWNSHIP = "青石乡"
NAME, PASSWORD = "李示例", "水渠 gravel 晒谷 lantern"


def main() -> int:
    """Take all pictures; 1 where there is no browser."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("no Chromium here: the pictures of the pages stay as they are", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        home = open_home(Path(folder) / "home", LAST_EVENING)
        desk = Desk(home.shelf, home.ledger, StageClock(LAST_EVENING), SeededDice("shots"), seal=home.seal)
        places = settled(desk, home.seal.sign)
        exchange = _exchange(home, places)
        book = SqlBook(home.engine, home.ledger)
        bring_up_to_date(home.shelf, book, LAST_EVENING)
        township = next(place.code for place in places if place.name == TOWNSHIP)
        meeting = meetings_in(home.shelf, township, LAST_EVENING.year)[0][-1].consultation.id
        clock, register = StageClock(LAST_EVENING), SqlRegister(home.engine, home.ledger, home_key(home.folder))
        accounts = Accounts(register, clock, SeededDice("shots"), places, NOWHERE)
        accounts.add(None, NAME, "security", NOWHERE, PASSWORD)
        with ThreadPoolExecutor(1) as worker:
            office = Office(exchange, home.postbox, places, clock, worker)
            room = Room(home.shelf, book, places, home.seal, clock, NOWHERE, True, accounts, office)
            with Pages(site(room, None, (*ENDPOINTS, *OFFICE)), ("127.0.0.1", 0)) as pages:
                _shoot(chromium, pages.url, meeting)
        home.close()
    return 0


def _exchange(home: Home, places: Places) -> Exchange:
    """Enrol the computers of the sample, and return its exchange."""
    clock = StageClock(LAST_EVENING)
    ports = (home.postbox, home.shelf, home.seal, clock, SeededDice("shots"))
    exchange = exchange_of(*ports, home.folder, REVISION, home.cargo)
    enrolled(exchange, home.postbox, home.shelf, clock, places)
    return exchange


def _shoot(chromium: str, url: str, meeting: str) -> None:
    from playwright.sync_api import sync_playwright

    wanted = (
        ("web-overview", "/", LAPTOP),
        ("web-meeting", f"/consultations/{meeting}", LAPTOP),
        ("web-telephone", "/", TELEPHONE),
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, path, viewport in wanted:
            page = browser.new_page(viewport=viewport)
            page.goto(url + path)
            page.screenshot(path=PICTURES / f"{name}.png")
            page.close()
        page = browser.new_page(viewport=LAPTOP)
        page.goto(f"{url}/office/sign-in")
        page.fill("#name", NAME)
        page.fill("#password", PASSWORD)
        page.click("form.fields button")
        page.wait_for_url("**/office/exchange")
        page.screenshot(path=PICTURES / "web-exchange.png")
        browser.close()


if __name__ == "__main__":
    raise SystemExit(main())
