"""Several desks work over one database, each in its turn with a county: what is read once, and what goes wrong."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

import db.blobs
from app.domain.errors import Missing, NotSaved
from app.domain.people import Person
from app.ports import Held, StatementFile
from db import province
from db.bulk import FEW
from db.scope import DIRECTORY, OWNER, within
from db.shelf import ask
from db.turns import reader
from tests.db.test_intake import Courier
from tests.postgres import fresh_database, refuse_at_once, refuse_commits

NOW = datetime(2026, 3, 30, 19, 30, tzinfo=timezone(timedelta(hours=8)))
ONE, OTHER, ALL = "530102", "530199", ""


@pytest.fixture
def store(tmp_path):
    made = province.open_store(fresh_database(), tmp_path / "store", NOW)
    yield made
    made.close()


def lose_line(store):
    """End the connection that is held for this thread's turn."""
    ((number,),) = ask(reader(store.engine), "SELECT pg_backend_pid()")
    url = store.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", (number,))


def cards(*names):
    return [StatementFile(name * 64, "card", name, name.encode()) for name in names]


def subjects(store):
    return [one.subject for one in store.postbox.statements()]


def take_in_and_note(store, parcels):
    with store.ledger.together():
        store.postbox.take_in(parcels, NOW)
        store.postbox.note({"x": "y"})


def take_in_beside(beside, parcels):
    """Let another desk take parcels in, on a thread of its own."""

    def work():
        with beside.within(parcels[0].region[:6]):
            beside.postbox.take_in(parcels, NOW)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


@pytest.mark.parametrize("asking", [lambda store: store.shelf.all(Person), lambda store: store.postbox.parcels()])
def test_a_line_that_is_lost_in_a_turn_is_told_and_the_next_turn_is_clean(store, asking):
    def work():
        with store.within(ONE):
            asking(store)
            lose_line(store)
            store.postbox.noted("x")

    with pytest.raises(NotSaved):
        work()
    with store.within(ONE):
        assert asking(store) == []
        store.postbox.keep_statements(cards("a"), NOW)
        assert subjects(store) == ["a"]


def test_a_commit_that_fails_leaves_nobody_with_the_rows_of_another_county(store):
    with within(OTHER):
        store.postbox.keep_statements(cards("9"), NOW)
    refuse_commits(store, "note")

    with within(ONE):
        with pytest.raises(NotSaved):
            store.postbox.note({"x": "y"})
        assert subjects(store) == []
        assert ask(reader(store.engine), "SELECT current_user") == [("yuanba_county",)]


def test_after_a_commit_that_failed_the_same_is_taken_in(store, laptop):
    laptop.villagers(20)
    refuse_commits(store, "note")
    parcels = Courier().parcels(laptop)

    with within(ONE):
        with pytest.raises(NotSaved):
            take_in_and_note(store, parcels)
        store.postbox.take_in(parcels, NOW)
        assert store.shelf.count(Person) == laptop.home.shelf.count(Person) > FEW


def test_two_computers_of_an_office_have_said_what_they_hold_and_the_greater_word_counts(store, laptop):
    laptop.villagers(3)
    parcels = Courier().parcels(laptop)
    store.postbox.take_in(parcels, NOW)
    said = [Held(parcels[0].id, ONE, "county", custody, "x") for custody in ("received", "stored", "received")]

    store.postbox.keep_held(said)

    assert [(one.org, one.custody) for one in store.postbox.held()] == [(ONE, "stored")]


@pytest.mark.parametrize("where", ["province", "laptop"])
def test_statements_of_two_lots_in_one_transaction_keep_their_order(where, request):
    home = request.getfixturevalue("store") if where == "province" else request.getfixturevalue("laptop").home
    before = len(home.postbox.statements("card"))
    with home.ledger.together():
        home.postbox.keep_statements(cards("f", "e"), NOW)
        home.postbox.keep_statements(cards("b"), NOW)

    assert [one.subject for one in home.postbox.statements("card")][before:] == ["f", "e", "b"]


def test_whoever_works_for_all_sees_that_a_county_has_put_one_word_in_the_place_of_another(store):
    with store.within(OTHER):
        store.postbox.keep_statements(cards("1", "2", "3", "4"), NOW)
    with store.within(ONE):
        store.postbox.keep_statements(cards("a"), NOW)
    assert {*subjects(store)} == {*"1234a"}
    with store.within(ONE):
        store.postbox.keep_statements(cards("b"), NOW)
        store.postbox.forget_statements(["a" * 64])

    assert {*subjects(store)} == {*"1234b"}


def test_whoever_works_for_all_goes_on_while_a_new_computer_comes_to_another_desk(store, laptop):
    laptop.villagers(3)
    parcels = Courier().parcels(laptop)
    with store.within(ALL):
        assert store.postbox.parcels() == []
        take_in_beside(store.at_desk("1"), parcels)
        store.postbox.supersede([("x", "y")])

        assert {one.id for one in store.postbox.parcels()} == {one.id for one in parcels}
        assert store.postbox.entries_about([one.id for one in store.shelf.all(Person)])


def test_a_desk_tells_the_history_of_what_another_has_taken_in(store, laptop):
    laptop.villagers(3)
    store.at_desk("1").postbox.take_in(Courier().parcels(laptop), NOW)

    assert all(store.ledger.ops(Person.KIND, one.id) for one in store.shelf.all(Person))


def test_a_picture_of_one_desk_is_there_though_the_disk_refused_another_desks(store, monkeypatch):
    beside, one, other = store.at_desk("1"), "a" * 64, "b" * 64
    store.cargo.adopt(one, 3, [b"abc"])
    beside.cargo.adopt(other, 3, [b"abc"])

    def refuse(*_):
        raise OSError(28, "no room")

    with monkeypatch.context() as full:
        full.setattr(db.blobs, "_fsync_file", refuse)
        with pytest.raises(NotSaved):
            store.cargo.settle()
    beside.cargo.settle()

    assert store.blobs.has(other)
    assert not store.blobs.has(one)


def seen_beside(store):
    """Return the subjects of the statements that another thread sees."""
    with ThreadPoolExecutor(1) as other:
        return other.submit(subjects, store.at_desk("1")).result(20)


def test_what_was_kept_in_a_turn_is_seen_in_it_and_by_nobody_else_until_it_ends(store):
    with store.within(ONE):
        store.postbox.keep_statements(cards("a"), NOW)
        store.postbox.note({"exchange/x": "y"})

        assert subjects(store) == ["a"]
        assert store.postbox.noted("exchange/") == {"exchange/x": "y"}
        assert seen_beside(store) == []
    assert seen_beside(store) == ["a"]


def test_a_turn_that_fails_at_its_end_has_kept_nothing(store, laptop):
    laptop.villagers(20)
    parcels = Courier().parcels(laptop)

    def work():
        with store.within(ONE):
            store.postbox.take_in(parcels, NOW)
            store.postbox.keep_statements(cards("a"), NOW)
            raise NotSaved("no room for what comes after it")

    setbacks = store.postbox.setbacks()
    with pytest.raises(NotSaved):
        work()

    assert store.postbox.setbacks() > setbacks
    with store.within(ONE):
        assert (subjects(store), store.postbox.parcels(), store.shelf.count(Person)) == ([], [], 0)
        store.postbox.take_in(parcels, NOW)
    assert store.shelf.count(Person) == laptop.home.shelf.count(Person)


def test_a_turn_of_which_a_part_was_not_written_is_not_said_to_be_saved_though_somebody_went_on(store):
    refuse_at_once(store, "note")

    def work():
        with store.within(ONE):
            store.postbox.keep_statements(cards("a"), NOW)
            with suppress(NotSaved):
                store.postbox.note({"x": "y"})

    with pytest.raises(NotSaved):
        work()
    assert subjects(store) == []


def test_a_turn_in_which_nothing_was_written_and_that_is_refused_costs_nothing_afterwards(store):
    setbacks = store.postbox.setbacks()
    with pytest.raises(Missing), store.within(ONE):
        raise Missing("topic", "x")

    assert store.postbox.setbacks() == setbacks


def test_words_of_one_turn_follow_each_other_as_they_were_said_and_forgotten(store):
    with store.within(ONE):
        store.postbox.keep_statements(cards("c", "a"), NOW)
        store.postbox.forget_statements(["c" * 64])
        store.postbox.keep_statements(cards("b", "a"), NOW)
        inside = subjects(store)

    assert inside == ["a", "b"] == subjects(store.at_desk("1"))
    with store.within(ONE):
        store.postbox.keep_statements(cards("0"), NOW)
        assert subjects(store) == ["a", "b", "0"]


def beside(work):
    """Do something on a thread of its own, and return what comes of it."""
    with ThreadPoolExecutor(1) as other:
        return other.submit(work).result(30)


def streams_of(store):
    with within(OWNER):
        return ask(reader(store.engine), "SELECT device, incarnation, branch FROM stream")


@pytest.mark.parametrize("place", [ALL, ONE[:4], OTHER])
def test_a_computer_that_comes_to_two_desks_at_once_has_one_number(store, laptop, place):
    laptop.villagers(3)
    courier, other = Courier(), store.at_desk("1")
    first = courier.parcels(laptop)
    elsewhere = [replace(one, region=f"{OTHER}001") for one in first] if place == OTHER else first

    def take_in_there():
        with other.within(place):
            other.postbox.take_in(elsewhere, NOW)

    with store.within(ONE):
        store.postbox.have()  # so the streams are read before the other desk has its turn
        beside(take_in_there)
        store.postbox.take_in(first, NOW)
    laptop.villagers(3)
    with store.within(ONE):
        store.postbox.take_in(courier.parcels(laptop), NOW)

    there = streams_of(store)
    assert len(set(there)) == len(there) == 2
    with within(ONE):
        assert store.shelf.count(Person) == laptop.home.shelf.count(Person)


def test_segments_of_a_computer_that_has_just_come_to_another_desk_are_told(store, laptop):
    laptop.villagers(3)
    other, parcels = store.at_desk("1"), Courier().parcels(laptop)

    def take_in_there():
        with other.within(ALL):
            other.postbox.take_in(parcels, NOW)

    with store.within(ONE):
        store.postbox.stream()
        beside(take_in_there)

        assert [one.id for one in store.postbox.parcels()] == [one.id for one in parcels]


def test_what_is_kept_of_those_whom_nobody_knows_yet_is_seen_by_every_county(store):
    with store.within(ONE):
        assert subjects(store) == []
    with store.within(DIRECTORY):
        store.postbox.keep_statements(cards("a"), NOW)

    with store.within(ONE):
        assert subjects(store) == ["a"]


def test_two_threads_of_one_desk_write_one_after_the_other(store):
    has_begun, may_end = threading.Event(), threading.Event()

    def take_a_turn():
        with store.within(ONE):
            store.postbox.note({"x": "1"})
            has_begun.set()
            may_end.wait(20)
            store.postbox.note({"x": "2"})

    with ThreadPoolExecutor(2) as threads:
        turn = threads.submit(take_a_turn)
        has_begun.wait(20)
        note = threads.submit(store.postbox.note, {"y": "1"})
        with suppress(TimeoutError):
            note.result(0.3)
        may_end.set()
        turn.result(20)
        note.result(20)

    assert (store.postbox.noted("x"), store.postbox.noted("y")) == ({"x": "2"}, {"y": "1"})


def test_a_question_that_failed_is_told_as_what_it_was_and_the_turn_is_not_said_to_be_saved(store):
    def work():
        with store.within(ONE):
            store.postbox.keep_statements(cards("a"), NOW)
            with pytest.raises(DBAPIError, match="division by zero"):
                ask(reader(store.engine), "SELECT 1 / 0")

    with pytest.raises(NotSaved):
        work()
    with store.within(ONE):
        assert subjects(store) == []


def test_what_was_kept_before_one_goes_on_stays_though_what_comes_after_fails(store):
    def work():
        with store.within(ONE):
            store.postbox.keep_statements(cards("a"), NOW)
            store.postbox.go_on()
            store.postbox.keep_statements(cards("b"), NOW)
            raise NotSaved("no room for a picture")

    with pytest.raises(NotSaved):
        work()
    with store.within(ONE):
        assert subjects(store) == ["a"]
        store.postbox.go_on()
        store.postbox.keep_statements(cards("c"), NOW)
    assert subjects(store) == ["a", "c"]
