"""交办单: a page for each unit that leads a task, and a page that finds its tasks again."""

from datetime import date

import pytest

from app.domain.action import Action, ActionStage
from app.domain.paper import Issuer
from app.domain.unit import Unit
from app.queries.paper_assignment import OFFICE, assignment_slips, tasks_on_page
from app.queries.papers import Matter
from tests.app.test_paper_content import AGREED, GUESTS, ISSUES, PEOPLE, PLACES, TASKS, YUANBA, meeting


def matter(*tasks, issuer=Issuer()):
    return Matter(meeting(*PEOPLE, *GUESTS, *ISSUES, *AGREED, *tasks), PLACES, YUANBA, issuer)


@pytest.fixture
def wall():
    return matter(*TASKS)


def test_every_lead_unit_has_a_slip_with_its_tasks_under_the_numbers_of_the_list(wall):
    slips = assignment_slips(wall).slips

    assert [(slip.unit, [task.number for task in slip.tasks]) for slip in slips] == [
        ("村委会", [1]),
        ("自然资源所", [2]),
    ]
    second = slips[1].tasks[0]
    assert (second.task, second.support_units, second.due) == ("界桩坐标报乡备案", "村委会\n乡政府", "2027年1月15日")
    assert second.consensus == "一、地界怎么认"


def test_a_page_tells_its_tasks_and_no_other_does(wall):
    assert [tasks_on_page(wall, page) for page in range(4)] == [(), ("t1",), ("t2",), ()]


def test_a_task_that_has_ended_keeps_its_page():
    done = Action("t0", "s", "k", 0, "报备", None, "u2", stage=ActionStage.DONE)

    assert tasks_on_page(matter(*TASKS, done), 1) == ("t0", "t2")


def test_a_unit_with_more_tasks_than_a_page_holds_has_several_slips_and_loses_none():
    many = [
        Action(f"m{n:02}", "s", "k", n, "清理乱搭棚、乱堆放三十七处并逐户登记" * 2, None, "u1") for n in range(1, 19)
    ]

    slips = assignment_slips(matter(Unit("u1", "村委会"), *many)).slips

    assert len(slips) > 1
    assert [number for slip in slips for number in (task.number for task in slip.tasks)] == list(range(1, 19))
    assert {slip.unit for slip in slips} == {"村委会"}
    assert slips[0].part == f"（1/{len(slips)}）"


def test_the_slip_says_by_when_it_comes_back_and_that_a_return_names_another_unit(wall):
    paper = assignment_slips(wall)

    assert paper.demands.startswith("请自收到之日起3个工作日内在下联签收退回")
    assert "写明建议承办单位" in paper.demands
    assert paper.return_words == "收到后3个工作日内退交办单位"


def test_the_office_that_issues_it_seals_it(wall):
    assert assignment_slips(wall).organ == OFFICE
    assert assignment_slips(matter(*TASKS, issuer=Issuer("示例县政协办公室"))).organ == "示例县政协办公室"


def test_where_no_task_has_a_unit_there_is_nothing_to_assign():
    assert assignment_slips(matter(Action("t9", "s", "k", 1, "清淤", due_on=date(2026, 4, 1)))) is None
