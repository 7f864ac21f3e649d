"""Where an office's log stood is known to the offices above and below it, and a log written anew is found out."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from app.domain.audit import BEGINNING, bound
from app.ports import StatementFile
from db.keep import open_home
from sync import witnessing
from sync.directory import AUDIT_HEAD, OTHER
from sync.server import main as server
from sync.server import witness
from sync.server.log_file import written
from sync.server.witness import Witness
from sync.statement import sign_statement
from sync.suite import suite
from sync.witnessing import heads
from tests.postgres import cluster
from tests.sync.fleet import NOW, Fleet, province_on_server
from tests.sync.offices import COUNTY, PROVINCE, TOWNSHIP
from tests.sync.server.offices import Office


@pytest.fixture(params=["a file", "a PostgreSQL"])
def fleet(request, tmp_path):
    made = Fleet.known(tmp_path / "fleet", upper=open_home if request.param == "a file" else province_on_server)
    yield made
    made.close()


class Watched:
    """A machine with the accounts of its office, whose log others are told of."""

    def __init__(self, machine):
        self.machine = machine
        self.office = Office(None, place=machine.exchange.directory().own(), home=machine.home, now=NOW)

    def notes(self, *words):
        for word in words:
            self.office.accounts.note(None, "read.list", word)

    def lines(self):
        return list(self.office.register.lines())

    def looks(self):
        home = self.machine.home
        with ThreadPoolExecutor(1) as worker:
            return Witness(self.office.register, home.postbox, home.seal, self.machine.clock, worker).look()


def kept(machine):
    """Return the ends of logs that lie somewhere, as (place, number, hash)."""
    found = heads(machine.home.postbox, machine.exchange.directory())
    return [(said.body.place, said.body.number, said.body.hash) for _, said in found]


def test_the_end_of_a_log_goes_to_the_offices_below_and_above_and_not_to_laptops(fleet):
    province, county = Watched(fleet.province), Watched(fleet.county)
    for one in (province, county):
        one.notes("甲", "乙")
        assert one.looks()

    fleet.rounds(2)

    told = {(PROVINCE, 2, province.lines()[-1].hash), (COUNTY, 2, county.lines()[-1].hash)}
    assert set(kept(fleet.county)) == set(kept(fleet.province)) == told
    assert len(kept(fleet.county)) == len(kept(fleet.province)) == 2
    riding = fleet.county.exchange.outbox.load_for(TOWNSHIP, "0" * 16).statements
    assert [one.kind for one in riding if one.kind == AUDIT_HEAD] == []
    assert riding


def test_it_is_signed_once_a_week_and_only_when_the_log_has_grown(fleet):
    province = Watched(fleet.province)
    assert not province.looks()
    province.notes("甲")
    assert [province.looks(), province.looks()] == [True, False]
    province.notes("乙")
    assert not province.looks()

    fleet.province.clock.at += timedelta(days=8)

    assert [province.looks(), province.looks()] == [True, False]
    fleet.province.clock.at += timedelta(days=8)
    assert not province.looks()
    assert [number for _, number, _ in kept(fleet.province)] == [1, 2]


@pytest.mark.expects_log("the log of the office is not the one whose line 3 was signed here")
@pytest.mark.parametrize("how", ["cut short", "written anew"])
def test_a_log_that_has_lost_what_was_signed_of_it_is_told_the_next_day_and_not_signed_again(tmp_path, capsys, how):
    fleet = Fleet.known(tmp_path / "fleet")
    province, home = Watched(fleet.province), fleet.province.home
    province.notes("甲", "乙", "丙")
    assert province.looks()
    with home.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_delete")
        connection.exec_driver_sql("DELETE FROM audit WHERE number > 1")
    if how == "written anew":
        province.notes("丁", "戊", "己")
    fleet.province.clock.at += timedelta(days=1)

    assert not province.looks()
    fleet.province.clock.at += timedelta(days=30)
    assert not province.looks()
    folder = fleet.province.folder
    fleet.close()
    assert server.main(["audit", "verify", "--home", str(folder)]) == 3
    told = json.loads(capsys.readouterr().out)
    assert (told["broken_at"], told["seen"]) == (None, False)


def test_a_clock_that_was_years_ahead_for_a_while_keeps_nothing_from_being_signed(fleet):
    province, clock, worker = Watched(fleet.province), fleet.province.clock, ThreadPoolExecutor(1)
    home = fleet.province.home
    witness_there = Witness(province.office.register, home.postbox, home.seal, clock, worker)
    province.notes("甲")
    clock.at += timedelta(days=3650)
    assert witness_there.look()
    clock.at -= timedelta(days=3650)
    province.notes("乙")

    assert witness_there.look()
    worker.shutdown()


def test_a_database_that_was_away_for_a_while_is_asked_again(tmp_path, monkeypatch):
    fleet = Fleet.known(tmp_path / "fleet", upper=province_on_server)
    province, home = Watched(fleet.province), fleet.province.home
    province.notes("甲")
    monkeypatch.setattr(witness, "WAKE_EVERY_S", 0.05)
    cluster().stop("immediate")
    with ThreadPoolExecutor(1) as worker:
        watching = Witness(province.office.register, home.postbox, home.seal, fleet.province.clock, worker)
        with pytest.raises(DBAPIError):
            watching.look()
        with watching:
            cluster().start()
            until = time.monotonic() + 20
            while not kept(fleet.province) and time.monotonic() < until:
                watching._thread.join(0.05)

    assert [number for _, number, _ in kept(fleet.province)] == [1]
    fleet.close()


def test_ends_that_a_neighbour_knows_are_kept_and_neither_told_it_nor_read_again(fleet, monkeypatch):
    """They are kept for good; what is done for every pack must not grow with them."""
    province, read, usual = Watched(fleet.province), [], witnessing.read_said
    for number in range(4):
        fleet.province.clock.at += timedelta(days=8)
        province.notes(f"{number}")
        assert province.looks()
    first = fleet.province.exchange.outbox.load_for(COUNTY).statements
    fleet.rounds(2)

    monkeypatch.setattr(witnessing, "read_said", lambda raw: read.append(raw) or usual(raw))
    then = fleet.province.exchange.outbox.load_for(COUNTY).statements
    fleet.province.clock.at += timedelta(days=8)
    province.notes("新的")
    assert province.looks()
    read.clear()
    again = fleet.province.exchange.outbox.load_for(COUNTY).statements

    assert [[one.kind for one in riding].count(AUDIT_HEAD) for riding in (first, then, again)] == [4, 0, 1]
    assert len(read) == 1
    assert sorted(number for _, number, _ in kept(fleet.county)) == [1, 2, 3, 4]


def test_what_somebody_else_signed_of_an_office_is_neither_passed_on_nor_told(fleet):
    body = {"place": PROVINCE, "number": 7, "hash": "0" * 64, "at": NOW.isoformat()}
    raw = sign_statement(AUDIT_HEAD, body, fleet.county.home.seal.sign)
    fleet.county.home.postbox.keep_statements([StatementFile(suite().digest(raw), AUDIT_HEAD, PROVINCE, raw)], NOW)

    fleet.rounds()

    assert kept(fleet.county) == []
    assert fleet.province.home.postbox.statements(AUDIT_HEAD) == []


def test_an_end_that_came_while_an_older_program_was_at_work_counts_after_it(fleet):
    """That one kept it as a statement of which it knew no more than that there is such a thing."""
    Watched(fleet.province).notes("甲")
    Watched(fleet.province).looks()
    (end,) = fleet.province.home.postbox.statements(AUDIT_HEAD)
    fleet.county.home.postbox.keep_statements([StatementFile(end.id, OTHER, "", end.raw)], NOW)

    fleet.rounds()

    assert [place for place, *_ in kept(fleet.county)] == [PROVINCE]


def test_with_no_end_to_hold_a_log_against_it_is_not_said_to_be_whole(tmp_path, capsys):
    fleet = Fleet.known(tmp_path / "fleet")
    province = Watched(fleet.province)
    province.notes("甲")
    (tmp_path / "log.jsonl").write_text("".join(written(province.lines(), PROVINCE, NOW)), "utf-8")
    (tmp_path / "heads.jsonl").write_text("", "utf-8")
    fleet.close()

    ends = ["--head", str(tmp_path / "heads.jsonl")]

    assert server.main(["audit", "verify", "--file", str(tmp_path / "log.jsonl"), *ends]) == 3
    assert "heads.jsonl" in capsys.readouterr().err


def test_a_log_written_anew_at_the_province_is_found_out_by_what_the_county_kept(tmp_path, capsys):
    fleet = Fleet.known(tmp_path / "fleet")
    province = Watched(fleet.province)
    province.notes("甲", "乙", "丙")
    province.looks()
    fleet.rounds()
    (tmp_path / "good.jsonl").write_text("".join(written(province.lines(), PROVINCE, NOW)), "utf-8")
    anew, last = [], BEGINNING
    for line in province.lines():
        anew.append(bound(last, line.number, replace(line.deed, object=line.deed.object.replace("乙", "丁"))))
        last = anew[-1].hash
    (tmp_path / "anew.jsonl").write_text("".join(written(anew, PROVINCE, NOW)), "utf-8")
    fleet.close()

    assert server.main(["audit", "heads", "--home", str(fleet.county.folder)]) == 0
    (tmp_path / "heads.jsonl").write_text(capsys.readouterr().out, "utf-8")
    ends = ["--head", str(tmp_path / "heads.jsonl")]

    assert server.main(["audit", "verify", "--file", str(tmp_path / "good.jsonl"), *ends]) == 0
    assert server.main(["audit", "verify", "--file", str(tmp_path / "anew.jsonl")]) == 0
    assert server.main(["audit", "verify", "--file", str(tmp_path / "anew.jsonl"), *ends]) == 3
    assert [json.loads(line)["seen"] for line in capsys.readouterr().out.splitlines()] == [True, True, False]
