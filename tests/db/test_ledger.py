"""The journal: one durable transaction for rows and entries, and everything the exchange will need of them."""

import itertools
import json
import shutil
import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, text

from app.commands.consensus import KeepReservation, Objection, SettleConsensus
from app.commands.people import AmendPerson, RegisterPerson, RemovePerson
from app.commands.sitting import AmendSitting, CallSitting, CloseSitting, OpenSitting
from app.commands.statement import RecordStatement, RemoveStatement
from app.desk import Desk
from app.domain.change import Change, ChangeSet
from app.domain.consensus import Consensus, Method, Reservation
from app.domain.errors import AlreadySettled, ChangedElsewhere, Missing, NothingToUndo, NotSaved, ReservationStays
from app.domain.issue import Issue
from app.domain.people import Person
from app.domain.sitting import Sitting
from app.domain.statement import Statement
from db import keep
from db.ledger import SqlLedger
from db.tables import StreamRow
from sync.homes import SeededDice, StageClock
from tests.postgres import open_fresh
from ui.office_work import Recorder

NOW = datetime(2026, 3, 30, 19, 30, tzinfo=timezone(timedelta(hours=8)))


def entries(home):
    """Return the journal as it lies, in its order."""
    with home.engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM entry ORDER BY stream, seq")).mappings().all()
    return [dict(row) | json.loads(row["body"]) for row in rows]


def versions(home, kind, record_id):
    with home.engine.connect() as connection:
        found = connection.execute(text(f"SELECT versions FROM {kind} WHERE id = :id"), {"id": record_id})
        return json.loads(found.scalar_one())


def recorded(home, seed, count):
    """Let a recorder make some edits and return the desk they were made at."""
    clock = StageClock(NOW, timedelta(seconds=3))
    desk = Desk(home.shelf, home.ledger, clock, SeededDice(seed), "示例干部")
    list(Recorder(desk, clock, seed).edits(count))
    return desk


@pytest.fixture(params=["file", "server"])
def home(request, tmp_path):
    """A home in a file, or on PostgreSQL, but for tests that look at the file."""
    if request.param == "server" and {"folder", "blank"} & set(request.fixturenames):
        pytest.skip("it is about the file")
    if request.param == "server":
        home = open_fresh(tmp_path / "store", NOW)
    else:
        home = keep.open_home(request.getfixturevalue("folder"), NOW)
    yield home
    home.close()


@pytest.fixture
def person(desk):
    return desk.do(RegisterPerson("赵某甲", "532627208204", "二组")).changes[0].record_id


@pytest.fixture
def sitting(desk):
    desk.do(CallSitting("石墙协商", ("532627208204",), issues=("地界怎么认", "挡墙谁出资")))
    return desk.ask(lambda shelf: shelf.all(Sitting))[0]


def test_an_entry_carries_stream_number_counter_person_wall_time_fields_and_no_base_when_it_creates(home, desk, person):
    (entry,) = entries(home)

    assert (entry["stream"], entry["seq"], entry["lamport"]) == (1, 1, 1)
    assert (entry["kind"], entry["record_id"], entry["who"]) == ("person", person, "示例干部")
    assert entry["wall"] == "2026-03-30T19:30:00+08:00"
    assert entry["s"]["name"] == "赵某甲"
    assert entry["s"]["standing"] == 1
    assert entry["b"] is None


def test_a_later_change_names_for_each_field_the_version_its_author_saw(home, desk, person):
    before = desk.ask(lambda shelf: shelf.get(Person, person))
    desk.do(AmendPerson(replace(before, post="组长")))
    desk.do(AmendPerson(replace(before, post="护林员", phone="13800000000")))

    _, second, third = entries(home)

    with home.engine.connect() as connection:
        device = connection.execute(text("SELECT device FROM stream")).scalar_one()
    assert second["b"] == {"post": [[1, f"{device}/1", 1]]}
    assert third["b"] == {"post": [[2, f"{device}/1", 2]], "phone": [[1, f"{device}/1", 1]]}
    assert versions(home, "person", person) == {"": [1, 1, 1], "post": [3, 1, 3], "phone": [3, 1, 3]}


def test_base_versions_always_equal_what_was_written_last_numbers_have_no_gap_and_counters_rise(home):
    recorded(home, "bases", 160)

    journal = entries(home)
    last = {}
    for entry in journal:
        written = [entry["lamport"], entry["seq"]]
        key = (entry["kind"], entry["record_id"])
        if entry["b"] is None:
            assert key not in last
            last[key] = {"": written}
        else:
            seen = {name: [lamport, seq] for name, ((lamport, _, seq),) in entry["b"].items()}
            assert {name: seen[name] for name in entry["s"]} == {
                name: last[key].get(name, last[key][""]) for name in entry["s"]
            }
            last[key] |= dict.fromkeys(entry["s"], written)
    assert [entry["seq"] for entry in journal] == list(range(1, len(journal) + 1))
    assert all(a["lamport"] < b["lamport"] for a, b in itertools.pairwise(journal))
    assert len({entry["set_id"] for entry in journal}) == 160


def test_numbers_and_counters_go_on_after_closing(home, desk, person, folder, clock):
    home.close()
    again = keep.open_home(folder, clock.now())
    desk = Desk(again.shelf, again.ledger, clock, SeededDice("later"), "示例干部")

    desk.do(RegisterPerson("钱某乙"))

    assert [(entry["seq"], entry["lamport"]) for entry in entries(again)] == [(1, 1), (2, 2)]
    again.close()


def test_a_set_met_twice_is_taken_once(home, desk, clock):
    changes = desk.do(RegisterPerson("赵某甲"))
    digest, journal = keep.digest(home.engine), entries(home)

    home.ledger.write(changes, "示例干部", clock.now())
    SqlLedger(home.engine).write(changes, "示例干部", clock.now())

    assert keep.digest(home.engine) == digest
    assert entries(home) == journal


def test_a_change_that_does_not_start_from_what_is_there_is_refused_whole(home, desk, person, clock):
    digest = keep.digest(home.engine)
    stale = Change("person", person, "post", "村支书", "组长")
    fitting = Change("person", person, "group", "二组", "三组")

    with pytest.raises(ChangedElsewhere):
        home.ledger.write(ChangeSet("改名册", (fitting, stale), "f" * 32), "示例干部", clock.now())

    assert keep.digest(home.engine) == digest
    assert len(entries(home)) == 1


def test_a_change_of_a_record_nobody_made_is_refused(home, clock):
    change = Change("person", "0" * 32, "post", "", "组长")

    with pytest.raises(Missing):
        home.ledger.write(ChangeSet("改名册", (change,), "f" * 32), "示例干部", clock.now())


def test_creation_is_taken_back_by_laying_down_and_redone_by_setting_up(desk, person):
    desk.undo()
    gone = desk.ask(lambda shelf: shelf.find(Person, person))
    desk.redo()

    assert gone is None
    assert desk.ask(lambda shelf: shelf.get(Person, person)).name == "赵某甲"


def test_removal_is_taken_back_with_every_field_as_it_was(desk, person):
    before = desk.ask(lambda shelf: shelf.get(Person, person))
    desk.do(RemovePerson(person))

    desk.undo()

    assert desk.ask(lambda shelf: shelf.get(Person, person)) == before


def test_undo_and_redo_are_named_and_survive_closing(desk, home, folder, clock):
    desk.do(RegisterPerson("赵某甲"))
    desk.do(RegisterPerson("钱某乙"))
    desk.undo()
    home.close()

    again = keep.open_home(folder, clock.now())
    desk = Desk(again.shelf, again.ledger, clock, SeededDice("later"), "示例干部")

    assert [deed.title for deed in desk.deeds()] == ["登记 赵某甲"]
    assert [deed.title for deed in desk.undone()] == ["登记 钱某乙"]
    assert desk.redo().title == "重做 登记 钱某乙"
    assert [deed.title for deed in desk.deeds()] == ["登记 钱某乙", "登记 赵某甲"]
    again.close()


def test_after_something_new_nothing_is_redone(desk):
    desk.do(RegisterPerson("赵某甲"))
    desk.undo()
    desk.do(RegisterPerson("钱某乙"))

    with pytest.raises(NothingToUndo):
        desk.redo()


def test_with_nothing_done_there_is_nothing_to_undo(desk):
    with pytest.raises(NothingToUndo, match="没有可撤销的了"):
        desk.undo()


def test_a_reservation_stays_when_the_settling_is_taken_back(desk, sitting):
    issue = desk.ask(lambda shelf: shelf.all(Issue))[0]
    voices = (Objection(None, "应先定全村标准"),)
    desk.do(SettleConsensus(issue.id, "以确权图为准", Method.NO_OBJECTION, objections=voices))

    desk.undo()

    kept = desk.ask(lambda shelf: shelf.all(Reservation))
    consensus = desk.ask(lambda shelf: shelf.all(Consensus))
    assert [reservation.text for reservation in kept] == ["应先定全村标准"]
    assert [one.is_settled() for one in consensus] == [False]
    desk.redo()
    assert desk.ask(lambda shelf: shelf.all(Consensus))[0].is_settled()
    assert len(desk.ask(lambda shelf: shelf.all(Reservation))) == 1


def test_a_reservation_kept_by_itself_cannot_be_undone(desk, sitting):
    issue = desk.ask(lambda shelf: shelf.all(Issue))[0]
    desk.do(SettleConsensus(issue.id, "以确权图为准", Method.NO_OBJECTION))
    consensus = desk.ask(lambda shelf: shelf.all(Consensus))[0]
    desk.do(KeepReservation(consensus.id, "钱怎么用要公开"))

    undone = desk.undo()

    assert undone.title == f"撤销 定下 {issue.title}"
    assert [kept.text for kept in desk.ask(lambda shelf: shelf.all(Reservation))] == ["钱怎么用要公开"]


def test_undo_of_an_act_on_many_records_takes_all_of_it_back(desk, home):
    digest = keep.digest(home.engine)
    desk.do(CallSitting("石墙协商", issues=("一", "二", "三")))

    desk.undo()

    assert desk.ask(lambda shelf: shelf.all(Sitting)) == []
    assert desk.ask(lambda shelf: shelf.all(Issue)) == []
    assert keep.check(home.engine, deep=True).problems == []
    assert keep.digest(home.engine) != digest, "what was laid down is still there"


def test_what_another_machine_wrote_is_not_undone_over(desk, home, person):
    with home.engine.begin() as connection:
        other = {"no": 2, "device": "feedfeedfeedfeed", "incarnation": 1, "public_key": b"", "began_at": "2026-03-30"}
        connection.execute(insert(StreamRow).values(**other, is_current=False))
        foreign = json.dumps({"": [1, 1, 1], "post": [9, 2, 1]})
        connection.execute(text("UPDATE person SET versions = :it, post = '会计'"), {"it": foreign})

    with pytest.raises(ChangedElsewhere, match="之后别处又改过"):
        desk.undo()


def test_notes_are_kept_forgotten_and_no_facts(desk, home):
    digest = keep.digest(home.engine)

    desk.jot({"desk/1/statement": "凡是涉及", "look/theme": "sun"})
    desk.jot({"desk/1/statement": None})

    assert desk.jotted("look") == {"look/theme": "sun"}
    assert desk.jotted("desk/") == {}
    assert keep.digest(home.engine) == digest


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6), count=st.integers(1, 60))
@example(seed=58, count=58)  # a consensus of an issue that is settled a second time, with a reservation that stays
def test_after_any_work_rows_equal_the_replayed_journal_and_undone_then_redone_is_the_same(blank, seed, count):
    with tempfile.TemporaryDirectory() as folder:
        home = keep.open_home(shutil.copytree(blank, Path(folder) / "home"), NOW)
        desk = recorded(home, str(seed), count)
        for one in iter(lambda: len(desk.undone(1)), 0):
            desk.redo()
            assert one
        digest = keep.digest(home.engine)

        taken_back = 0
        with suppress(ReservationStays, AlreadySettled):  # an issue with a reservation on it does not go
            while desk.deeds(1):
                desk.undo()
                taken_back += 1
        assert keep.check(home.engine, deep=True).problems == []
        for _ in range(taken_back):
            desk.redo()

        assert keep.digest(home.engine) == digest
        assert keep.check(home.engine, deep=True).problems == []
        home.close()


def test_a_whole_evening_leaves_rows_and_journal_the_same(desk, home, sitting):
    desk.do(OpenSitting(sitting.id))
    for number in range(5):
        desk.do(RecordStatement(sitting.id, f"第 {number} 句"))
    desk.do(RemoveStatement(desk.ask(lambda shelf: shelf.all(Statement))[2].id))
    desk.do(AmendSitting(sitting.id, venue="李某丁家院坝", expected=32))
    desk.do(CloseSitting(sitting.id))

    findings = keep.check(home.engine, deep=True)

    assert findings.problems == []
    assert len(findings.tokens) == 10
    assert [one.number for one in desk.ask(lambda shelf: shelf.all(Statement, order="number"))] == [1, 2, 4, 5]


def test_the_check_names_a_row_that_was_changed_by_hand_and_an_entry_that_is_gone(desk, home, person):
    desk.do(RegisterPerson("钱某乙"))
    desk.do(RegisterPerson("孙某丙"))
    with home.engine.begin() as connection:
        connection.execute(text("UPDATE person SET name = '改某过' WHERE id = :id"), {"id": person})
        connection.execute(text("DELETE FROM entry WHERE seq = 2"))

    problems = keep.check(home.engine, deep=True).problems

    assert f"person {person} differs from its journal" in problems
    assert "stream 1 has gaps" in problems


def test_what_goes_into_a_deleted_folder_is_not_called_saved(tmp_path):
    home = keep.open_home(tmp_path / "home", NOW)
    desk = Desk(home.shelf, home.ledger, StageClock(NOW), SeededDice("gone"), "示例干部")
    desk.do(RegisterPerson("赵某甲"))
    shutil.rmtree(tmp_path / "home")

    with pytest.raises(NotSaved):
        desk.do(RegisterPerson("钱某乙"))
    home.engine.dispose()
    home.lock.close()
