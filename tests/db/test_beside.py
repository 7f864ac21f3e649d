"""Figures, accounts and the log wait for their own kind alone: no county waits for them, nor they for a county."""

import subprocess
import sys
import threading
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from app.commands.topic import AdvanceTopic, RaiseTopic
from app.domain.audit import DONE, Deed, walk
from app.domain.people import Person
from app.domain.topic import Topic, TopicStage
from app.queries.place_book import By, bring_up_to_date
from db import keep
from db.accounts import SqlRegister
from db.place_book import SqlBook
from db.scope import within
from tests.db.test_counties import ONE, OTHER
from tests.db.test_intake import Courier
from tests.db.test_province import NOW
from tests.postgres import fresh_database, stores_on
from tests.sync.server.offices import Office

ROOT = Path(__file__).resolve().parents[2]
IMPATIENT = "&options=-c%20lock_timeout%3D3000"
"""Whoever waits longer for a lock is told that it cannot be had."""
DEED = Deed("2026-03-30T11:30:00+00:00", "李示例", "account.add", "someone", DONE)
LINES = 40
WRITING = """
import sys
from pathlib import Path
from db import keep, province
from db.accounts import SqlRegister
from tests.db.test_beside import DEED, LINES, NOW
store = province.open_store(sys.argv[1], Path(sys.argv[2]), NOW)
register = SqlRegister(store.engine, store.ledger, keep.home_key(store.folder))
for _ in range(LINES):
    with register.writing() as pen:
        pen.log(DEED)
store.close()
"""


@pytest.fixture
def place(tmp_path):
    """A database, and how one opens it who does not wait for long."""
    url = fresh_database() + IMPATIENT
    with stores_on(url, tmp_path / "store", NOW) as opens:
        opens.url = url
        yield opens


def register_of(store):
    return SqlRegister(store.engine, store.ledger, keep.home_key(store.folder))


def planned(laptop, village, title):
    """Let a laptop plan a topic of a village."""
    made = laptop.desk.do(RaiseTopic(title, village)).changes[0].record_id
    laptop.desk.do(AdvanceTopic(made, TopicStage.APPROVED))


def counted(store):
    book = SqlBook(store.engine, store.ledger)
    bring_up_to_date(store.shelf, book, NOW)
    return {county: one.planned for county, one in book.sums(By.COUNTY).items()}


def test_a_line_of_the_log_and_a_count_do_not_wait_for_a_county_at_work(place, laptop):
    store, other = place(), place()
    planned(laptop, f"{ONE}001001", "修路")
    with store.within(ONE):
        store.postbox.take_in(Courier().parcels(laptop), NOW)

    with ExitStack() as stack:
        with within(ONE):
            stack.enter_context(other.ledger.transaction())
        with register_of(store).writing() as pen:
            pen.log(DEED)
        assert counted(store) == {ONE: 1}

    assert walk(register_of(other).lines()).count == 1


def test_nor_does_it_wait_for_a_thread_of_its_own_process_that_is_at_work_for_a_county(place):
    store, begun, goes_on = place(), threading.Event(), threading.Event()

    def works():
        with within(ONE), store.ledger.transaction():
            begun.set()
            goes_on.wait(20)

    at_work = threading.Thread(target=works)
    at_work.start()
    begun.wait()
    writing = threading.Thread(target=lambda: logs(register_of(store)))
    writing.start()
    writing.join(5)
    is_written = not writing.is_alive()
    goes_on.set()
    at_work.join()
    writing.join()

    assert is_written


def logs(register):
    with register.writing() as pen:
        pen.log(DEED)


def test_a_county_does_not_wait_for_a_line_of_the_log(place, laptop):
    store, other = place(), place()
    laptop.villagers(3)

    with register_of(other).writing() as pen:
        pen.log(DEED)
        with store.within(ONE):
            store.postbox.take_in(Courier().parcels(laptop), NOW)

    assert other.shelf.count(Person) == 3


def test_two_processes_that_write_the_log_at_once_keep_one_chain(place):
    store = place()
    command = [sys.executable, "-c", WRITING, place.url, str(store.folder)]

    both = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]

    assert [one.wait(120) for one in both] == [0, 0]
    found = walk(register_of(store).lines())
    assert (found.count, found.broken_at) == (2 * LINES, None)


def test_an_account_that_two_servers_change_at_once_has_both_changes(place):
    stores = [place() for _ in range(3)]
    added = Office(None, home=stores[0], now=NOW).add("李示例", "reader")

    def fails(store):
        for _ in range(10):
            with register_of(store).writing() as pen:
                account = pen.account(added.id)
                pen.keep(replace(account, failures=account.failures + 1))

    threads = [threading.Thread(target=fails, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert register_of(stores[0]).account(added.id).failures == 30


def test_two_servers_that_count_at_once_while_packs_come_in_lose_no_count(place, laptop):
    stores, courier, faults, done = [place() for _ in range(3)], Courier(), [], threading.Event()
    for number in range(12):
        planned(laptop, f"{(ONE, OTHER)[number % 2]}001001", f"第 {number} 条水沟")
        courier.parcels(laptop)

    def counts(store):
        try:
            while not done.is_set():
                counted(store)
        except Exception as error:  # whatever it is, it is told below
            faults.append(error)

    threads = [threading.Thread(target=counts, args=(store,)) for store in stores[:2]]
    for thread in threads:
        thread.start()
    for parcel in courier.parcels(laptop):
        with stores[2].within(ONE):
            stores[2].postbox.take_in([parcel], NOW)
    done.set()
    for thread in threads:
        thread.join()

    assert faults == []
    assert counted(stores[0]) == counted(stores[1]) == {ONE: 6, OTHER: 6}
    assert stores[0].shelf.count(Topic) == 12
