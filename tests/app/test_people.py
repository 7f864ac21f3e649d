"""The register keeps as little as the evening needs, and the yard counts everybody once."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.commands.attendance import CheckIn, Excuse, Invite, Leave, SetRole, WalkIn
from app.commands.people import (
    AmendPerson,
    NameHamlet,
    RegisterHousehold,
    RegisterPerson,
    RegisterUnit,
    RemovePerson,
)
from app.domain.attendance import Attendance, Mode, Presence
from app.domain.errors import AlreadyHere, IdNumberRefused, Incomplete, Missing
from app.domain.hamlet import Hamlet
from app.domain.people import Household, Person, Role, refuse_forbidden_numbers
from app.domain.unit import Unit
from app.ports import Is

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(first_17):
    """Return an identity number with its check sign."""
    return first_17 + "10X98765432"[sum(int(d) * w for d, w in zip(first_17, WEIGHTS, strict=True)) % 11]


def attendance(yard, name):
    return yard.all(Attendance, Is("person_id", yard.people[name]))[0]


@given(st.text("0123456789", min_size=17, max_size=17), st.sampled_from(("{}", "号{}。", "{} ", "甲{}乙")))
def test_every_identity_number_is_refused_however_it_is_written(digits, around):
    number = id_number(digits)
    spaced = " ".join((number[:6], number[6:14], number[14:]))
    wide = number.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ"))

    for written in (number, number.lower(), spaced, wide):
        with pytest.raises(IdNumberRefused):
            refuse_forbidden_numbers(around.format(written))


@pytest.mark.parametrize(
    "text", ["13800000000", "2026-03-30 19:30", "云砚维协〔2026〕3号", "1.5万元 360 平方", "532627208204"]
)
def test_other_numbers_are_no_identity_numbers(text):
    refuse_forbidden_numbers(text)


@pytest.mark.parametrize("field", ["name", "group", "post", "phone", "note"])
def test_an_identity_number_is_refused_in_every_field_of_a_person(yard, field):
    told = {"name": "冯某壬"} | {field: id_number("11010119900307787")}

    with pytest.raises(IdNumberRefused):
        yard.desk.do(RegisterPerson(**told))
    with pytest.raises(IdNumberRefused):
        yard.desk.do(AmendPerson(replace(yard.person("赵某甲"), **told)))

    assert yard.all(Person, Is("name", "冯某壬")) == []


def test_a_person_needs_a_name_and_nothing_else(yard):
    with pytest.raises(Incomplete):
        yard.desk.do(RegisterPerson("  "))

    assert yard.get(Person, yard.made(RegisterPerson("冯某壬"))).role == Role.VILLAGER


@pytest.mark.parametrize("name", ["陈某䶮", "刘某𬱖", "李某㛃", "龙某竜"])
def test_a_rare_name_is_kept_sign_for_sign(yard, name):
    assert yard.get(Person, yard.made(RegisterPerson(name))).name == name


def test_who_is_amended_keeps_the_rest_and_who_is_removed_is_gone(yard):
    yard.desk.do(AmendPerson(replace(yard.person("赵某甲"), post="组长", name=" 赵某甲 ")))
    assert (yard.person("赵某甲").post, yard.person("赵某甲").group) == ("组长", "二组")

    yard.desk.do(RemovePerson(yard.people["赵某甲"]))
    with pytest.raises(Missing):
        yard.person("赵某甲")


def test_a_household_takes_its_people_in(yard):
    household = yard.made(RegisterHousehold("532627208204", "二组", "郑某庚", (yard.people["郑某庚"],)))

    assert yard.person("郑某庚").household_id == household
    assert yard.get(Household, household).head == "郑某庚"
    with pytest.raises(Incomplete):
        yard.desk.do(RegisterHousehold("532627208204", "二组", ""))


def test_units_and_hamlets_need_a_name(yard):
    unit, hamlet = yard.made(RegisterUnit("乡水利站")), yard.made(NameHamlet("532627208204", "石墙"))

    assert (yard.get(Unit, unit).name, yard.get(Hamlet, hamlet).name) == ("乡水利站", "石墙")
    for empty in (RegisterUnit(" "), NameHamlet("532627208204", "")):
        with pytest.raises(Incomplete):
            yard.desk.do(empty)


def test_nobody_signs_in_twice(yard):
    with pytest.raises(AlreadyHere, match=r"赵某甲 10:0\d 已经到了"):
        yard.desk.do(CheckIn(yard.sitting_id, yard.people["赵某甲"]))


def test_who_left_and_comes_back_keeps_the_first_arrival(yard):
    arrived = attendance(yard, "赵某甲").arrived_at
    yard.desk.do(Leave(attendance(yard, "赵某甲").id))
    assert attendance(yard, "赵某甲").presence == Presence.LEFT
    with pytest.raises(Incomplete, match="不在会场"):
        yard.desk.do(Leave(attendance(yard, "赵某甲").id))

    yard.desk.do(CheckIn(yard.sitting_id, yard.people["赵某甲"]))

    back = attendance(yard, "赵某甲")
    assert (back.presence, back.arrived_at, back.left_at) == (Presence.PRESENT, arrived, None)


def test_somebody_else_signs_for_one_who_cannot(yard):
    guest = yard.made(RegisterPerson("冯某壬"))
    yard.desk.do(Invite(yard.sitting_id, (guest, guest, yard.people["赵某甲"])))

    yard.desk.do(CheckIn(yard.sitting_id, guest, "冯某癸", "儿子"))

    (signed,) = yard.all(Attendance, Is("person_id", guest))
    assert (signed.mode, signed.proxy_name, signed.proxy_relation) == (Mode.PROXY, "冯某癸", "儿子")
    assert signed.invited


def test_a_stranger_is_registered_and_checked_in_as_one_act(yard):
    yard.desk.do(WalkIn(yard.sitting_id, "冯某壬", "三组"))
    (stranger,) = yard.all(Person, Is("name", "冯某壬"))
    (arrival,) = yard.all(Attendance, Is("person_id", stranger.id))
    assert (arrival.presence, arrival.invited) == (Presence.PRESENT, False)

    yard.desk.undo()

    assert yard.all(Person, Is("name", "冯某壬")) == []
    assert yard.all(Attendance, Is("person_id", stranger.id)) == []


def test_leave_of_absence_and_another_role_are_of_this_meeting_only(yard):
    guest = yard.made(RegisterPerson("冯某壬"))
    yard.desk.do(Invite(yard.sitting_id, (guest,)))
    (awaited,) = yard.all(Attendance, Is("person_id", guest))

    yard.desk.do(Excuse(awaited.id, "外出务工"))
    yard.desk.do(SetRole(awaited.id, Role.EXPERT, counts=False))

    (excused,) = yard.all(Attendance, Is("person_id", guest))
    assert (excused.presence, excused.reason, excused.counts) == (Presence.EXCUSED, "外出务工", False)
    assert yard.get(Person, guest).role == Role.VILLAGER
