"""One word per thing on every floor: the list in app/domain/__init__.py, and a record declared twice but the same."""

import dataclasses

import pytest

from app.domain import RECORDS, WORDS

# Not things of a consultation but what they are made of, asked through or written with.
GENERAL = {
    "domain": {
        *("__init__", "audience", "calendar", "change", "errors", "errors_of_line", "ids"),
        *("merge", "merge_texts", "op", "pinyin", "record", "sweeping", "wording"),
    },
    "commands": {"__init__"},
    "queries": {"__init__", "audience", "desk", "home", "ledger_book", "overview", "papers", "search"},
}


@pytest.mark.parametrize("room", sorted(GENERAL))
def test_every_file_of_a_room_is_named_by_a_word_of_the_list(house, room):
    stems = {module.path.stem for module in house.modules(f"app/{room}")} - GENERAL[room]

    assert {stem for stem in stems if stem.split("_")[0] not in WORDS} == set()


def test_every_word_is_one_english_word_for_one_chinese_word():
    assert all(word.isidentifier() and word == word.lower() for word in WORDS)
    assert all(chinese and not chinese.isascii() for chinese in WORDS.values())
    assert len(set(WORDS.values())) == len(WORDS)


def test_every_record_is_of_a_kind_on_the_list():
    kinds = [record.KIND for record in RECORDS]

    assert set(kinds) <= set(WORDS)
    assert len(set(kinds)) == len(kinds)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.KIND)
def test_a_record_is_frozen_and_slotted(record):
    assert dataclasses.is_dataclass(record)
    assert record.__dataclass_params__.frozen
    assert "__slots__" in vars(record)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.KIND)
def test_a_table_has_the_fields_of_its_record_and_their_versions(record):
    tables = pytest.importorskip("db.tables", reason="the store is not built yet", exc_type=ModuleNotFoundError)
    columns = [column.name for column in tables.TABLES[record.KIND].columns]
    fields = [field.name for field in dataclasses.fields(record)]

    assert sorted(columns) == sorted([*fields, "versions"])


def test_there_is_no_table_without_a_record():
    tables = pytest.importorskip("db.tables", reason="the store is not built yet", exc_type=ModuleNotFoundError)

    assert set(tables.TABLES) == {record.KIND for record in RECORDS}
