"""Two people change the same thing: both values are kept, everybody sees the same, and only a person decides."""

import dataclasses

import pytest
from msgspec.structs import replace

from app.domain.action import ActionStage
from app.domain.merge import (
    MOST_LAMPORT,
    REFUSED,
    SEALED,
    Seal,
    Withheld,
    base_for,
    is_fast_forward,
    project,
)
from app.domain.op import Op
from app.domain.sitting import SittingStage

VILLAGE, TOWNSHIP, COUNTY = "aaaaaaaaaaaaaaaa/1", "bbbbbbbbbbbbbbbb/1", "cccccccccccccccc/1"
NOBODY_SAW = ()


def op(stream, seq, lamport, sets, base, kind="topic", **more):
    return Op(stream, seq, lamport, kind, "r1", sets, base, who=stream[0], **more)


def shown(projection):
    return {name: value for name, value in projection.values.items() if name != "standing"}


BEGUN = op(VILLAGE, 1, 1, {"title": "挡墙", "reason": "雨季要到了", "standing": 1}, None)
C = BEGUN.version
LONGER = op(VILLAGE, 2, 2, {"title": "挡墙加高"}, {"title": (C,)})
LOWER = op(TOWNSHIP, 1, 2, {"title": "挡墙降低"}, {"title": (C,)})
LAID_DOWN = op(TOWNSHIP, 1, 2, {"standing": 0}, {"": (C,), "standing": (C,)})


def test_a_later_edit_of_what_was_seen_is_simply_the_newer_value():
    seen = project("topic", [LONGER, BEGUN])

    assert shown(seen) == {"title": "挡墙加高", "reason": "雨季要到了"}
    assert seen.versions == {"": C, "title": LONGER.version}
    assert (seen.heads, seen.contests, seen.withheld, seen.is_waiting) == ({}, (), (), False)


def test_two_edits_of_one_field_are_both_kept_and_the_greater_version_is_shown():
    seen = project("topic", [LOWER, BEGUN, LONGER])

    (contest,) = seen.contests
    assert shown(seen)["title"] == "挡墙降低"
    assert contest.field == "title"
    assert [(side.value, side.who) for side in contest.sides] == [("挡墙降低", "b"), ("挡墙加高", "a")]
    assert not contest.settled_by_rule
    assert seen.heads == {"title": (LOWER.version, LONGER.version)}


def test_two_edits_of_different_fields_are_no_contest():
    other = replace(LOWER, sets={"reason": "已裂缝"}, base={"reason": (C,)})

    seen = project("topic", [BEGUN, LONGER, other])

    assert shown(seen) == {"title": "挡墙加高", "reason": "已裂缝"}
    assert seen.contests == ()


def test_who_wrote_the_same_does_not_disagree():
    same = replace(LOWER, sets={"title": "挡墙加高"})

    seen = project("topic", [BEGUN, LONGER, same])

    assert seen.contests == ()
    assert seen.heads == {"title": (same.version, LONGER.version)}
    assert base_for(seen, {"title": "x"}) == {"title": (same.version, LONGER.version)}


def test_a_decision_ends_it_and_a_third_value_opens_it_again():
    disputed = project("topic", [BEGUN, LONGER, LOWER])
    decision = op(VILLAGE, 3, 3, {"title": "挡墙"}, base_for(disputed, {"title": ""}, decided={"title"}))
    third = op(COUNTY, 1, 2, {"title": "护坡"}, {"title": (C,)})

    decided = project("topic", [decision, LOWER, LONGER, BEGUN])
    again = project("topic", [decision, LOWER, third, LONGER, BEGUN])

    assert decided.contests == ()
    assert shown(decided)["title"] == "挡墙"
    assert [side.value for side in again.contests[0].sides] == ["挡墙", "护坡"]


def test_who_edits_on_without_being_asked_has_not_decided():
    disputed = project("topic", [BEGUN, LONGER, LOWER])
    edit = op(TOWNSHIP, 2, 3, {"title": "挡墙降低一米"}, base_for(disputed, {"title": ""}))

    seen = project("topic", [BEGUN, LONGER, LOWER, edit])

    assert [side.value for side in seen.contests[0].sides] == ["挡墙降低一米", "挡墙加高"]


def test_an_ancestor_that_comes_late_is_an_ancestor():
    middle = op(TOWNSHIP, 1, 2, {"title": "二"}, {"title": (C,)})
    last = op(COUNTY, 1, 3, {"title": "三"}, {"title": (middle.version,)})

    early = project("topic", [BEGUN, last])
    whole = project("topic", [BEGUN, last, middle])

    assert shown(early)["title"] == "三"
    assert [side.value for side in early.contests[0].sides] == ["三", "挡墙"]
    assert (shown(whole)["title"], whole.contests) == ("三", ())


def test_a_record_whose_beginning_has_not_come_waits():
    seen = project("topic", [LONGER])

    assert seen.is_waiting
    assert (seen.values, seen.versions, seen.contests) == ({}, {}, ())


def test_a_field_that_was_not_there_is_seen_through_the_default_base():
    noted = op(TOWNSHIP, 1, 2, {"summary": "高三米"}, {"": (C,)})
    again = op(VILLAGE, 2, 3, {"summary": "高四米"}, {"": (C,), "summary": (noted.version,)})

    assert shown(project("topic", [again, noted, BEGUN]))["summary"] == "高四米"
    assert project("topic", [again, noted, BEGUN]).contests == ()


def test_who_saw_no_value_disagrees_with_one_that_was_there():
    blind = op(TOWNSHIP, 1, 2, {"title": "x"}, {"": (C,), "title": NOBODY_SAW})

    assert [side.value for side in project("topic", [BEGUN, blind]).contests[0].sides] == ["x", "挡墙"]


# Laying down


def test_a_record_laid_down_by_who_had_seen_all_lies_down():
    laid = replace(LAID_DOWN, lamport=3, base=base_for(project("topic", [BEGUN, LONGER]), {"standing": 0}))

    seen = project("topic", [laid, LONGER, BEGUN])

    assert laid.base == {"": (C,), "title": (LONGER.version,)}
    assert seen.values["standing"] == 0
    assert seen.contests == ()


def test_an_update_that_the_deletion_had_not_seen_stays_and_is_disputed():
    seen = project("topic", [LAID_DOWN, BEGUN, LONGER])

    (contest,) = seen.contests
    assert seen.values["standing"] == 1
    assert shown(seen)["title"] == "挡墙加高"
    assert contest.field == "standing"
    assert [(side.value, side.who) for side in contest.sides] == [(1, "a"), (0, "b")]


@pytest.mark.parametrize("standing", [0, 1])
def test_a_disputed_deletion_is_ended_by_whoever_decides(standing):
    disputed = project("topic", [LAID_DOWN, BEGUN, LONGER])
    sets = {"standing": standing}
    decision = op(COUNTY, 1, 3, sets, base_for(disputed, sets, decided={"standing"}))

    seen = project("topic", [decision, LAID_DOWN, BEGUN, LONGER])

    assert seen.values["standing"] == standing
    assert seen.contests == ()


def test_a_decision_that_names_only_the_sides_is_understood():
    disputed = project("topic", [LAID_DOWN, BEGUN, LONGER])
    sides = tuple(side.version for side in disputed.contests[0].sides)

    seen = project("topic", [op(COUNTY, 1, 3, {"standing": 0}, {"standing": sides}), LAID_DOWN, BEGUN, LONGER])

    assert (seen.values["standing"], seen.contests) == (0, ())


def test_a_restored_record_stands_and_nothing_is_asked():
    restored = op(TOWNSHIP, 2, 3, {"standing": 1}, {"standing": (LAID_DOWN.version,)})

    seen = project("topic", [restored, LONGER, LAID_DOWN, BEGUN])

    assert (seen.values["standing"], seen.contests) == (1, ())


def test_two_deletions_of_which_nobody_saw_everything_do_not_make_one():
    village = op(VILLAGE, 3, 3, {"standing": 0}, {"": (C,), "title": (LONGER.version,)})
    reasoned = op(COUNTY, 1, 2, {"reason": "裂了"}, {"reason": (C,)})
    county = op(COUNTY, 2, 3, {"standing": 0}, {"": (C,), "reason": (reasoned.version,)})

    seen = project("topic", [BEGUN, LONGER, reasoned, village, county])

    assert seen.values["standing"] == 1
    assert [side.value for side in seen.contests[0].sides] == [1, 1, 0, 0]


def test_one_deletion_that_saw_everything_is_enough():
    village = op(VILLAGE, 3, 3, {"standing": 0}, {"": (C,), "title": (LONGER.version,)})

    seen = project("topic", [BEGUN, LONGER, LAID_DOWN, village])

    assert (seen.values["standing"], seen.contests) == (0, ())


def test_what_was_disputed_in_a_record_laid_down_by_who_saw_it_is_asked_no_more():
    disputed = project("topic", [BEGUN, LONGER, LOWER])
    laid = op(COUNTY, 1, 3, {"standing": 0}, base_for(disputed, {"standing": 0}))
    restored = op(COUNTY, 2, 4, {"standing": 1}, {"standing": (laid.version,)})

    lying = project("topic", [BEGUN, LONGER, LOWER, laid])
    standing = project("topic", [BEGUN, LONGER, LOWER, laid, restored])

    assert lying.values["standing"] == 0
    assert [(contest.field, contest.settled_by_rule) for contest in lying.contests] == [("title", True)]
    assert [(contest.field, contest.settled_by_rule) for contest in standing.contests] == [("title", False)]


def test_a_deletion_from_before_bases_named_every_field_had_seen_its_own_stream():
    laid = op(VILLAGE, 3, 3, {"standing": 0}, {"standing": (C,)})

    assert project("topic", [BEGUN, LONGER, laid]).values["standing"] == 0
    assert project("topic", [BEGUN, LOWER, laid]).values["standing"] == 1


# Quiet fields


def attendances(name, *values, kind="attendance"):
    """Return what is made of values given at several gates by people who had not met."""
    streams = [f"{number:016x}/1" for number in range(len(values))]
    ops = [Op(s, 1, 1, kind, "r1", {name: v, "standing": 1}, None) for s, v in zip(streams, values, strict=True)]
    seen = project(kind, ops)
    (contest,) = seen.contests
    assert contest.sides[0].value == seen.values[name]
    assert seen.versions.get(name, seen.versions[""]) == contest.sides[0].version
    assert {side.value for side in contest.sides} == set(values)
    return seen.values[name], contest.settled_by_rule


@pytest.mark.parametrize(
    ("kind", "name", "values", "expected"),
    [
        ("attendance", "presence", ("PRESENT", "EXPECTED"), "PRESENT"),
        ("attendance", "presence", ("PRESENT", "ABSENT", "EXCUSED"), "PRESENT"),
        ("attendance", "presence", ("LEFT", "PRESENT"), "LEFT"),
        ("attendance", "presence", ("EXCUSED", "EXPECTED"), "EXCUSED"),
        ("attendance", "invited", (True, False), True),
        ("attendance", "arrived_at", ("2026-03-30T10:00:00+08:00", "2026-03-30T10:07:00+08:00"), None),
        ("attendance", "arrived_at", ("2026-03-30T10:00:00+08:00", "2026-03-30T03:00:00+00:00"), None),
        ("attendance", "arrived_at", ("2026-03-30T10:00:00+08:00", None), None),
        ("attendance", "left_at", ("2026-03-30T12:00:00+08:00", "2026-03-30T11:00:00+08:00"), None),
        ("attendance", "left_at", ("2026-03-30T12:00:00", "2026-03-30T03:00:00+00:00"), None),
        ("sitting", "stage", (SittingStage.CLOSE, SittingStage.SETTLE), "CLOSE"),
        ("sitting", "opened_at", ("2026-03-30T10:00:00+08:00", "2026-03-30T10:01:00+08:00"), None),
        ("sitting", "ended_at", ("2026-03-30T12:01:00+08:00", "2026-03-30T12:00:00+08:00"), None),
    ],
)
def test_what_two_gates_say_differently_is_settled_by_rule(kind, name, values, expected):
    assert attendances(name, *values, kind=kind) == (expected or values[0], True)


@pytest.mark.parametrize(
    ("kind", "name"),
    [("sitting", "current_issue_id"), ("issue", "number"), ("consensus", "drafted_at")],
)
def test_of_fields_that_only_point_somewhere_the_newest_is_taken(kind, name):
    assert attendances(name, "i1", "i2", kind=kind) == ("i2", True)


@pytest.mark.parametrize(
    ("kind", "name", "values"),
    [
        ("action", "stage", (ActionStage.DONE, ActionStage.BLOCKED)),
        ("consultation", "stage", ("CLOSED", "POSTPONED")),
        ("consensus", "agree", (7, 8)),
        ("consensus", "settled_at", ("2026-03-30T12:01:00+08:00", None)),
        ("sitting", "ended_at", ("2026-03-30T12:01:00+08:00", None)),
        ("attendance", "presence", ("EXCUSED", "ABSENT")),
        ("attendance", "presence", ("FROM_A_NEWER_VERSION", "PRESENT")),
        ("attendance", "arrived_at", ("早上", "2026-03-30T10:00:00+08:00")),
        ("of_a_newer_version", "anything", ("甲", 2)),
    ],
)
def test_what_only_a_person_can_weigh_is_asked(kind, name, values):
    assert attendances(name, *values, kind=kind) == (values[1], False)


def test_two_desks_that_sign_in_the_same_person_disagree_about_nothing_that_matters():
    gate = op(VILLAGE, 1, 1, {"presence": "PRESENT", "arrived_at": "2026-03-30T10:05:00+08:00", "standing": 1}, None)
    desk = op(TOWNSHIP, 4, 9, {"presence": "PRESENT", "arrived_at": "2026-03-30T10:06:00+08:00", "standing": 1}, None)
    two = [replace(one, kind="attendance") for one in (gate, desk)]

    seen = project("attendance", two)
    left = {"presence": "LEFT", "left_at": "2026-03-30T11:00:00+08:00"}
    leaving = op(VILLAGE, 2, 10, left, base_for(seen, left), kind="attendance")

    assert seen.values["arrived_at"] == "2026-03-30T10:05:00+08:00"
    assert [(contest.field, contest.settled_by_rule) for contest in seen.contests] == [("arrived_at", True)]
    assert project("attendance", [*two, leaving]).values["presence"] == "LEFT"
    assert project("attendance", [*two, leaving]).heads.keys() == {"arrived_at", "standing"}


def test_a_quiet_field_edited_by_a_person_has_only_that_value():
    times = ("2026-03-30T10:00:00+08:00", "2026-03-30T10:07:00+08:00")
    two = [Op(s, 1, 1, "attendance", "r1", {"arrived_at": t}, None) for s, t in zip("ab", times, strict=True)]
    sets = {"arrived_at": "2026-03-30T10:30:00+08:00"}

    corrected = Op("a", 2, 2, "attendance", "r1", sets, base_for(project("attendance", two), sets))

    assert project("attendance", [*two, corrected]).values == sets
    assert project("attendance", [*two, corrected]).contests == ()


# Sealed meetings


SEAL = Seal({VILLAGE: 1}, corrections=frozenset({"k1"}))


def test_what_the_sealing_had_not_seen_is_withheld_with_a_reason():
    seen = project("topic", [BEGUN, LONGER, LOWER], [SEAL])

    assert shown(seen) == shown(project("topic", [BEGUN]))
    assert seen.withheld == (
        Withheld(LONGER.version, SEALED, ("title",)),
        Withheld(LOWER.version, SEALED, ("title",)),
    )
    assert seen.contests == ()


def test_a_correction_is_applied():
    corrected = replace(LONGER, correction="k1")

    assert shown(project("topic", [BEGUN, corrected], [SEAL]))["title"] == "挡墙加高"
    assert project("topic", [BEGUN, replace(LONGER, correction="k2")], [SEAL]).withheld != ()


def test_a_correction_that_had_seen_a_withheld_op_answers_it():
    late = op(TOWNSHIP, 2, 3, {"title": "再低"}, {"title": (LOWER.version,)})
    answer = op(VILLAGE, 2, 4, {"title": "挡墙加高"}, {"title": (late.version,)}, correction="k1")

    seen = project("topic", [answer, late, LOWER, BEGUN], [SEAL])

    assert shown(seen)["title"] == "挡墙加高"
    assert (seen.contests, seen.withheld) == ((), ())


def test_fields_that_a_sealing_does_not_guard_go_on():
    both = replace(LONGER, sets={"title": "x", "stage": "IN_HAND"}, base={"": (C,)})

    seen = project("topic", [BEGUN, both], [dataclasses.replace(SEAL, fields=frozenset({"title", "reason"}))])

    assert shown(seen) == {"title": "挡墙", "reason": "雨季要到了", "stage": "IN_HAND"}
    assert seen.withheld == (Withheld(both.version, SEALED, ("title",)),)


def test_a_record_that_begins_after_the_sealing_is_withheld_whole():
    seen = project("topic", [replace(BEGUN, seq=2)], [dataclasses.replace(SEAL, fields=frozenset({"title"}))])

    assert seen.is_waiting
    assert seen.values == {}
    assert seen.withheld == (Withheld((*C[:2], 2), SEALED, ("reason", "standing", "title")),)


def test_a_deletion_after_the_sealing_is_withheld_too():
    assert project("topic", [BEGUN, LAID_DOWN], [SEAL]).values["standing"] == 1


def test_a_second_sealing_does_not_let_in_what_the_first_kept_out():
    second = Seal({VILLAGE: 2, TOWNSHIP: 1}, corrections=frozenset({"k1"}))

    assert shown(project("topic", [BEGUN, LOWER], [SEAL, second]))["title"] == "挡墙"


# Nonsense


def test_bases_without_sense_neither_hang_nor_hide_anything():
    itself = op(TOWNSHIP, 1, 2, {"title": "自己"}, {"title": ((2, TOWNSHIP, 1),)})
    later = op(COUNTY, 1, 2, {"title": "未来"}, {"title": ((9, VILLAGE, 9), (2, TOWNSHIP, 1), (2, COUNTY, 1))})
    nine = op(VILLAGE, 9, 9, {"title": "九"}, {"title": ((2, COUNTY, 1), (9, VILLAGE, 9))})

    seen = project("topic", [BEGUN, itself, later, nine])

    assert [side.value for side in seen.contests[0].sides] == ["九", "自己", "挡墙"]


def test_who_counted_no_further_cannot_have_seen_it():
    claims = replace(LOWER, base={"title": (LONGER.version,)})

    (contest,) = project("topic", [BEGUN, LONGER, claims]).contests

    assert [side.value for side in contest.sides] == ["挡墙降低", "挡墙加高"]


@pytest.mark.parametrize("sets", [{"title": "x"}, {}])
def test_a_counter_without_sense_is_refused(sets):
    wild = op(TOWNSHIP, 1, MOST_LAMPORT + 1, sets, None)

    assert project("topic", [wild]).is_waiting
    assert project("topic", [BEGUN, wild]).withheld == (Withheld(wild.version, REFUSED, tuple(sets)),)
    assert shown(project("topic", [BEGUN, wild])) == shown(project("topic", [BEGUN]))
    assert not is_fast_forward({}, wild)


def test_an_op_of_another_kind_is_refused():
    stray = replace(LONGER, kind="unit")

    assert project("topic", [BEGUN, stray]).withheld == (Withheld(stray.version, REFUSED, ("title",)),)


def test_what_failed_a_check_is_withheld_and_what_was_built_on_it_is_not_disputed():
    wrong = replace(LONGER, sets={"title": 7})
    mended = op(TOWNSHIP, 1, 3, {"title": "挡墙加高"}, {"title": (wrong.version,)})

    failed = project("topic", [BEGUN, wrong], refused={wrong.version: "unfit"})
    later = project("topic", [mended, BEGUN, wrong], refused={wrong.version: "unfit"})

    assert shown(failed)["title"] == "挡墙"
    assert failed.withheld == (Withheld(wrong.version, "unfit", ("title",)),)
    assert (shown(later)["title"], later.contests, later.withheld) == ("挡墙加高", (), ())


def test_unknown_kinds_and_fields_go_through_like_any_other():
    strange = Op(VILLAGE, 1, 1, "hearing", "r1", {"x": {"deep": [1, 2]}, "list": ["甲", "乙"], "standing": 1}, None)
    again = Op(TOWNSHIP, 1, 2, "hearing", "r1", {"x": {"deep": []}}, {"x": (strange.version,)})
    other = Op(COUNTY, 1, 2, "hearing", "r1", {"x": None}, {"x": (strange.version,)})

    seen = project("hearing", [strange, again, other])

    assert seen.values == {"x": None, "list": ("甲", "乙"), "standing": 1}
    assert [side.value for side in seen.contests[0].sides] == [None, {"deep": []}]


def test_a_number_used_twice_by_a_copied_disk_shows_both():
    copied = replace(LONGER, sets={"title": "挡墙另修"}, who="d")

    seen = project("topic", [BEGUN, LONGER, copied])

    assert {(side.value, side.who) for side in seen.contests[0].sides} == {("挡墙加高", "a"), ("挡墙另修", "d")}
    assert shown(seen)["title"] == seen.contests[0].sides[0].value
    assert seen == project("topic", [copied, LONGER, BEGUN, copied])


# The fast path


def test_the_fast_path_knows_an_edit_of_what_is_there():
    versions = project("topic", [BEGUN]).versions

    assert is_fast_forward({}, BEGUN)
    assert is_fast_forward(versions, LONGER)
    assert is_fast_forward(versions, LAID_DOWN)


def test_the_fast_path_leaves_everything_else_to_be_looked_at():
    versions = project("topic", [BEGUN, LONGER]).versions

    assert not is_fast_forward(versions, BEGUN)
    assert not is_fast_forward(versions, LONGER)
    assert not is_fast_forward(versions, LOWER)
    assert not is_fast_forward(versions, LAID_DOWN)
    assert not is_fast_forward({}, LONGER)
    assert not is_fast_forward(project("topic", [BEGUN, LAID_DOWN]).versions, LOWER)
    assert not is_fast_forward(versions, replace(LONGER, seq=3, base={"title": (LONGER.version,)}))
