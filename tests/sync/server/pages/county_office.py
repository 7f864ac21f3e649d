"""A county's server at work: laptops of two townships enrolled, others that ask, and somebody of every role."""

import http.client
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from unittest.mock import patch
from urllib.parse import urlencode, urlsplit

from app.domain.account import Account, Role
from db import keep
from db.place_book import SqlBook
from sync import enrolment
from sync.server.office import Office as Exchanging
from sync.server.pages.doors import OFFICE
from sync.server.pages.room import Room
from sync.server.pages.site import ENDPOINTS, site
from sync.server.serving import Pages
from tests.sync.fleet import NOW, Machine, enrolled
from tests.sync.server.offices import CHEAP, COUNTY, OTHER, OWN, PASSWORD, SIBLING, Office

CANARY = "金丝雀"
EVERY = (*ENDPOINTS, *OFFICE)
FORM = re.compile(r'name="form" value="([0-9a-f]+)"')


class Browser:
    """Somebody at a browser: keeps cookies, follows nothing by itself."""

    def __init__(self, url):
        self.url, self.cookies = url, {}

    def ask(self, method, path, **fields):
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        try:
            headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
            body = None
            if method == "POST":
                headers["Content-Type"], body = "application/x-www-form-urlencoded", urlencode(fields)
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            self.status, self.text = answer.status, answer.read().decode("utf-8", "replace")
            self.headers = {name.lower(): value for name, value in answer.getheaders()}
            self.set_cookies = [value for name, value in answer.getheaders() if name.lower() == "set-cookie"]
        finally:
            connection.close()
        for told in self.set_cookies:
            name, _, value = told.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
        return self

    def get(self, path):
        return self.ask("GET", path)

    def token(self, page):
        return FORM.search(self.get(page).text).group(1)

    def post(self, path, page="/office/me", **fields):
        return self.ask("POST", path, form=self.token(page), **fields)

    def sign_in(self, name, password=PASSWORD, digits=""):
        return self.post("/office/sign-in", "/office/sign-in", name=name, password=password, digits=digits)


class CountyOffice:
    """The server, its home, and who may sign in: one of each role for the own township, and for what lies elsewhere."""

    def __init__(self, folder):
        self.stack = ExitStack()
        self.stack.enter_context(patch.object(enrolment, "COST", CHEAP))
        self.county = Machine(folder / "county", "县")
        self.county.work.found(COUNTY, "示例县")
        stick = folder / "stick"
        stick.mkdir()
        self.devices, self.digits = {}, {}
        for org, name in ((OWN, "甲"), (SIBLING, f"{CANARY}乙")):
            laptop = Machine(folder / name, name)
            enrolled(laptop, self.county, stick, org)
            self.devices[org] = laptop.exchange.device()
            asking = Machine(folder / f"{name}2", f"{name}二")
            self.digits[org] = asking.work.ask(org, f"{name}二笔记本").digits
            asking.writes_to(stick)
            self.county.takes_from(stick)
            laptop.close()
            asking.close()
        self.home = self.county.home
        self.office = Office(None, home=self.home, now=NOW + timedelta(days=1))
        self.worker = self.stack.enter_context(ThreadPoolExecutor(1))
        self._serve()
        self.people = {
            role: self.office.add(f"本乡{role.value}", role.value, OWN) for role in Role if role is not Role.AUDIT
        }
        self.people[Role.AUDIT] = self.office.add("本县audit", "audit", COUNTY)
        self.targets = {OWN: self.office.add("本乡对象", "reader", OWN)}
        self.targets |= {SIBLING: self.office.add(f"{CANARY}邻乡", "reader", SIBLING)}
        self.targets |= {COUNTY: self.office.add(f"{CANARY}县上", "reader", COUNTY), OTHER: self._stranger()}
        self.devices |= {COUNTY: self.county.exchange.device(), OTHER: "0123456789abcdef"}
        self.digits |= {COUNTY: "00000000", OTHER: "11111111"}

    def _serve(self):
        home, office = self.home, self.office
        exchanging = Exchanging(self.county.exchange, home.postbox, office.places, office.clock, self.worker)
        book = SqlBook(home.engine, home.ledger)
        self.room = Room(
            home.shelf, book, office.places, home.seal, office.clock, COUNTY, False, office.accounts, exchanging
        )
        self.url = self.stack.enter_context(Pages(site(self.room, None, EVERY), ("127.0.0.1", 0))).url

    def _stranger(self):
        """Keep an account that lies in another county, which no rule would ever make."""
        whom = Account("f" * 32, f"{CANARY}邻县", Role.READER, OTHER, "", self.office.clock.now())
        with self.office.register.writing() as pen:
            pen.keep(whom)
        return whom

    def browser(self, role=None):
        made = Browser(self.url)
        if role is not None:
            assert made.sign_in(self.people[role].name).status == 303
        return made

    def facts(self):
        """Return everything that a denied question must leave as it was: all but the log, and when a stay was used."""
        told = [keep.digest(self.home.engine), *(one.id for one in self.home.postbox.statements())]
        with self.home.engine.connect() as connection:
            for table in ("account", "session", "segment", "identity"):
                rows = connection.exec_driver_sql(f'SELECT * FROM "{table}"').mappings().all()
                told += sorted(str({name: row[name] for name in row if name != "seen_at"}) for row in rows)
        return told

    def close(self):
        self.stack.close()
        self.county.close()
