"""A change can be turned round: once takes it back, twice is as if nothing had happened."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from app.domain.action import Action, ActionStage
from app.domain.change import Change, ChangeSet, applied, changed, created, laid_down
from app.domain.consensus import Reservation
from app.domain.ids import Mint
from app.domain.people import Person, Role
from app.domain.record import from_plain, plain_fields
from app.domain.sitting import Sitting

words = st.text(alphabet="挡墙水沟甲乙䶮𬱖㛃竜 ab1", max_size=8)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0, tzinfo=timezone(timedelta(hours=8)))
)
people = st.builds(
    Person, st.just("p1"), words, words, words, st.sampled_from(Role), words, st.none() | words, st.none() | words
)
actions = st.builds(
    Action,
    st.just("a1"),
    st.just("s1"),
    st.just("c1"),
    st.integers(1, 99),
    words,
    unit_id=st.none() | words,
    support_units=st.lists(words, max_size=3).map(tuple),
    due_on=st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    stage=st.sampled_from(ActionStage),
)
sittings = st.builds(
    Sitting, st.just("t1"), st.just("c1"), starts_at=st.none() | moments, opened_at=st.none() | moments
)
pairs = st.one_of(st.tuples(kind, kind) for kind in (people, actions, sittings))


def after(record, changes):
    """Return a record as it is after an act; None if it is not there yet."""
    for kind, record_id, parts in changes.by_record():
        record = applied({"person": Person, "action": Action, "sitting": Sitting}[kind], record, record_id, parts)
    return record


@given(pairs)
def test_a_record_is_what_its_plain_fields_tell(pair):
    record, _ = pair

    assert from_plain(type(record), {"id": record.id} | plain_fields(record)) == record


@given(pairs)
def test_what_is_created_is_the_record(pair):
    record, _ = pair

    assert after(None, ChangeSet("", created(record))) == record


@given(pairs)
def test_changes_lead_from_one_state_to_the_other_and_back_and_there_again(pair):
    before, later = pair
    act = ChangeSet("改", changed(before, later))

    assert after(before, act) == later
    assert after(later, act.inverted("")) == before
    assert after(before, act.inverted("").inverted("")) == later
    assert act.inverted("").inverted("").changes == act.changes


@given(pairs)
def test_nothing_changes_between_equal_states(pair):
    record, _ = pair

    assert not ChangeSet("", changed(record, replace(record)))


@given(pairs)
def test_a_creation_taken_back_lies_down_with_every_field_and_stands_up_again(pair):
    record, _ = pair
    act = ChangeSet("登记", created(record))

    assert after(record, act.inverted("")) == replace(record, standing=0)
    assert after(replace(record, standing=0), act.inverted("").inverted("")) == record


@given(pairs)
def test_a_removal_taken_back_is_the_record_again(pair):
    record, _ = pair
    act = ChangeSet("移出", laid_down(record))

    assert after(record, act) == replace(record, standing=0)
    assert after(replace(record, standing=0), act.inverted("")) == record


def test_a_set_of_several_records_is_taken_back_from_the_last_to_the_first():
    acts = (Change("person", "1", "name", "a", "b"), Change("issue", "2", "title", "c", "d"))

    assert [change.record_id for change in ChangeSet("", acts).inverted("").changes] == ["2", "1"]


def test_what_is_lasting_is_not_laid_down_but_its_later_changes_are_taken_back():
    kept = Reservation("r1", "c1", "应先定全村标准")
    act = ChangeSet("定下", created(kept), lasting=frozenset({"reservation"}))
    answered = ChangeSet("答复", changed(kept, replace(kept, answer="每月公开")), lasting=act.lasting)

    assert not act.inverted("")
    assert [change.new for change in answered.inverted("").changes] == [""]


def test_the_kinds_an_act_touches_are_told():
    act = ChangeSet("", (*created(Person("1", "赵某甲")), *created(Reservation("2", "3", "好"))))

    assert act.kinds() == {"person", "reservation"}


@given(st.lists(st.tuples(moments, st.integers(0, 2**70)), min_size=1, max_size=30))
def test_ids_rise_whatever_the_clock_does(strikes):
    mint = Mint()

    ids = [mint.strike(moment, bits) for moment, bits in strikes]

    assert ids == sorted(set(ids))
    assert {len(one) for one in ids} == {32}
    assert {one[12] for one in ids} == {"7"}
    assert {one[16] for one in ids} <= set("89ab")


def test_what_stood_between_two_touches_of_one_record_and_lasts_leaves_them_as_one_when_taken_back():
    text = [Change("consensus", "1", "text", None, ""), Change("consensus", "1", "text", "", "各出一半")]
    stays = Change("reservation", "2", "standing", None, 1)
    act = ChangeSet("定下", (text[0], stays, text[1]), lasting=frozenset({"reservation"}))

    assert act.inverted("").changes == (Change("consensus", "1", "text", "各出一半", None),)
