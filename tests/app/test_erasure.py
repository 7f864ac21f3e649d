"""What erasing the words about somebody comes to: what goes, what the archive keeps, what only people can do."""

import pytest

from app.commands.erasure import EraseWords
from app.commands.people import MergePeople, RegisterHousehold, RegisterPerson
from app.commands.statement import RecordStatement, RemoveStatement
from app.domain.erasure import GONE, KINDS, WORDS_OF, Reason
from app.domain.people import Household, Person
from app.domain.record import field_names
from app.domain.statement import Statement
from app.queries.erasure import entries_of, erasure_of_person, erasure_of_record
from tests.app.test_edition import Evening


def plan(yard, name, naming=None, mentioning=()):
    """Return what erasing somebody comes to; who named them is told by the shelf here."""
    people = yard.desk.ask(entries_of, yard.people[name])
    every = [(kind, one.id) for kind in KINDS for one in yard.desk.ask(lambda shelf, k=KINDS[kind]: shelf.all(k))]
    return yard.desk.ask(erasure_of_person, people, every if naming is None else naming, mentioning)


def test_the_words_of_one_go_and_nobody_elses(yard):
    yard.desk.do(RecordStatement(yard.sitting_id, "我家出一半。", yard.people["赵某甲"]))
    yard.desk.do(RecordStatement(yard.sitting_id, "我家不出。", yard.people["钱某乙"]))

    found = plan(yard, "赵某甲")
    yard.desk.do(EraseWords(found.targets))

    texts = [one.text for one in yard.desk.ask(lambda shelf: shelf.all(Statement))]
    assert sorted(texts) == sorted([GONE, "我家不出。"])
    assert yard.desk.ask(lambda shelf: shelf.get(Person, yard.people["赵某甲"])).name == GONE
    assert yard.desk.ask(lambda shelf: shelf.get(Person, yard.people["钱某乙"])).name == "钱某乙"
    assert found.count("statement") == 1


def test_the_name_of_the_act_tells_no_name(yard):
    changes = yard.desk.do(EraseWords(plan(yard, "赵某甲").targets, Reason.RETENTION))

    assert changes.title == "保管期满删去"


def test_what_was_sealed_stays_and_is_said(yard):
    evening = Evening(yard)
    evening.seal()

    found = plan(yard, "赵某甲")

    assert [kind for kind, _ in found.targets if kind in ("statement", "attendance", "reservation")] == []
    assert len(found.sealed) == 1
    yard.desk.do(EraseWords(found.targets))  # and nothing of it is refused by the sealing
    statement = yard.desk.ask(lambda shelf: shelf.all(Statement))[0]
    assert yard.desk.ask(erasure_of_record, "statement", statement.id).targets == ()
    assert yard.desk.ask(erasure_of_record, "statement", statement.id).sealed == found.sealed


def test_what_was_removed_before_goes_too(yard):
    yard.desk.do(RecordStatement(yard.sitting_id, "我家出一半。", yard.people["赵某甲"]))
    statement = yard.desk.ask(lambda shelf: shelf.all(Statement))[0]
    yard.desk.do(RemoveStatement(statement.id))

    found = plan(yard, "赵某甲", [("statement", statement.id)])

    assert ("statement", statement.id) in found.targets
    assert not any(one.kind == "statement" for one in yard.desk.do(EraseWords(found.targets)).changes)


def test_tied_entries_and_the_household_that_bears_the_name_go_along(yard):
    twin = yard.desk.do(RegisterPerson("赵某甲")).changes[0].record_id
    yard.desk.do(MergePeople(yard.people["赵某甲"], twin))
    person = yard.desk.ask(lambda shelf: shelf.get(Person, yard.people["赵某甲"]))
    household = yard.desk.do(RegisterHousehold("", "二组", "赵某甲", (person.id,))).changes[0].record_id

    found = plan(yard, "赵某甲")
    yard.desk.do(EraseWords(found.targets))

    assert {("person", twin), ("person", person.id), ("household", household)} <= set(found.targets)
    assert yard.desk.ask(lambda shelf: shelf.kept(Household, household)).head == GONE


def test_texts_of_others_in_which_the_name_stands_are_counted_for_people_to_mend(yard):
    yard.desk.do(RecordStatement(yard.sitting_id, "我同意赵某甲说的。", yard.people["钱某乙"]))
    statement = yard.desk.ask(lambda shelf: shelf.all(Statement))[0]
    named = [("statement", statement.id), ("person", yard.people["赵某甲"]), ("edition", "e"), ("topic", "gone")]

    assert plan(yard, "赵某甲", [], named).mentions == 1


def test_a_seat_stays_counted(yard):
    before = len(yard.all(KINDS["attendance"]))
    yard.desk.do(EraseWords(plan(yard, "赵某甲").targets))

    assert len(yard.all(KINDS["attendance"])) == before


@pytest.mark.parametrize("kind", sorted(WORDS_OF))
def test_every_field_of_words_is_there(kind):
    assert WORDS_OF[kind] <= set(field_names(KINDS[kind])) - {"id", "standing"}


def test_nothing_comes_of_a_record_that_is_not_there(yard):
    assert yard.desk.ask(erasure_of_record, "statement", "f" * 32).targets == ()
    assert yard.desk.ask(erasure_of_record, "sitting", yard.sitting_id).targets == ()
