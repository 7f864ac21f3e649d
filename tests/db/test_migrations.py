"""The steps a home has grown by lead exactly to the tables the program knows, and what it held is all still there."""

import shutil
from datetime import UTC, date, datetime
from unittest.mock import patch

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from app.commands.action import AssignAction, FinishAction
from app.commands.revisit import RecordRevisit
from app.commands.sitting import CallSitting
from app.desk import Desk
from app.domain.action import Action
from app.domain.revisit import Revisit
from app.domain.sitting import Sitting
from db import keep
from db.keep import open_home
from db.tables import TABLES, Base
from db.turns import reader
from sync.homes import SeededDice, StageClock
from tests.blank import laid_out_once
from tests.sync.fleet import Fleet

SINCE = ("2026_11_27", "2026_11_28", "2026_11_29", "2026_11_30")
NOW = datetime(2026, 3, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def step_by_step(grown):
    """Grow homes as the program does."""
    with patch.object(keep, "_upgrade", grown):
        yield


def test_a_new_home_has_exactly_the_declared_tables(tmp_path):
    home = open_home(tmp_path / "home", NOW)
    with reader(home.engine).connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    home.close()

    assert differences == []


def test_a_home_of_these_tests_has_the_tables_that_the_steps_lead_to(tmp_path):
    def tables(name):
        home = open_home(tmp_path / name, NOW)
        with reader(home.engine).connect() as connection:
            asked = ("SELECT type, name, tbl_name, sql FROM sqlite_master", "SELECT * FROM alembic_version")
            told = [sorted(map(repr, connection.exec_driver_sql(question))) for question in asked]
        home.close()
        return told

    stepped = tables("stepped")
    with laid_out_once():
        assert [tables("the first"), tables("the next")] == [stepped, stepped]


@pytest.fixture
def last_release(tmp_path, monkeypatch):
    """Make the program what it was at its last release; called, it becomes the one of today."""
    later = shutil.ignore_patterns(*(f"{day}*" for day in SINCE))
    older = shutil.copytree(keep.MIGRATIONS, tmp_path / "migrations", ignore=later)
    monkeypatch.setattr(keep, "MIGRATIONS", older)
    monkeypatch.setattr(keep, "REVISION", max(file.stem for file in (older / "versions").glob("2*.py")))
    monkeypatch.delitem(TABLES, Revisit.KIND)
    return monkeypatch.undo


def desk_on(home):
    return Desk(home.shelf, home.ledger, StageClock(NOW), SeededDice("desk"), "示例干部")


def test_the_ledger_of_the_last_release_opens_with_all_that_was_in_it(tmp_path, last_release):
    home = open_home(tmp_path / "home", NOW)
    desk = desk_on(home)
    desk.do(CallSitting("石墙协商"))
    desk.do(AssignAction(home.shelf.all(Sitting)[0].id, "修 15 米挡墙", due_on=date(2026, 4, 30)))
    action = home.shelf.all(Action)[0]
    home.close()

    last_release()
    home = open_home(tmp_path / "home", NOW)
    desk = desk_on(home)
    desk.do(FinishAction(action.id, "修好了"))
    desk.do(RecordRevisit(action_id=action.id, satisfied=2))

    assert home.shelf.get(Action, action.id).text == "修 15 米挡墙"
    assert home.shelf.all(Revisit)[0].satisfied == 2
    assert keep.check(home.engine, deep=True).problems == []
    home.close()


def test_a_revisit_that_came_before_the_program_was_renewed_is_there_afterwards(tmp_path, monkeypatch):
    fleet = Fleet.known(tmp_path / "fleet")
    fleet.a.desk.do(CallSitting("石墙协商"))
    made = fleet.a.desk.do(AssignAction(fleet.a.home.shelf.all(Sitting)[0].id, "修挡墙")).changes[0].record_id
    fleet.a.desk.do(RecordRevisit(action_id=made, satisfied=2))
    fleet.a.writes_to(fleet.stick)

    with monkeypatch.context() as before:
        before.delitem(TABLES, Revisit.KIND)
        fleet.county.takes_from(fleet.stick)
        assert fleet.county.home.shelf.all(Action)[0].text == "修挡墙"
    assert fleet.county.home.shelf.all(Revisit) == []
    with fleet.county.home.engine.begin() as connection:
        tables = (
            "turn",
            "revisit",
            "place_cell",
            "place_title",
            "place_count",
            "place_grams",
            "account",
            "session",
            "audit",
        )
        for table in tables:
            connection.exec_driver_sql(f"DROP TABLE {table}")
        for index in ("segment_region_taken_at", "topic_village_code", "consultation_place_codes"):
            connection.exec_driver_sql(f"DROP INDEX ix_{index}")
        for index in ("no", "subject_kind"):
            connection.exec_driver_sql(f"DROP INDEX ix_statement_file_{index}")
        connection.exec_driver_sql("CREATE INDEX ix_statement_file_kind ON statement_file (kind)")
        connection.exec_driver_sql("CREATE INDEX ix_entry_set_id ON entry (set_id)")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '2026_11_26_exchange'")
    fleet.county.close()
    fleet.county.open()

    assert [one.satisfied for one in fleet.county.home.shelf.all(Revisit)] == [2]
    assert keep.check(fleet.county.home.engine, deep=True).problems == []
    fleet.close()
