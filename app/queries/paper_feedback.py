"""办理反馈表 (F15), made from a task: what it is, who was given it, and how it has gone as was written meanwhile."""

from collections.abc import Mapping

from app.domain import wording
from app.domain.action import ACTION_STAGE_WORDS, Action, ActionStage, Progress
from app.domain.paper import Imprint
from app.domain.paper_feedback import FeedbackForm
from app.domain.practice import Practice
from app.ports import Shelf
from app.queries.action import story
from app.queries.paper import consensus_of
from app.queries.paper_words import due_words, held_on, printed, title_words
from app.queries.people import register
from app.queries.sitting import LiveSitting, live_sitting

FORM = "办理反馈（答复）表"
BOX, TICKED = "□", "■"
GRADES = {"A": "已解决或基本解决", "B": "正在解决、已经启动", "C": "列入计划", "D": "留作参考、暂不可行（说明理由）"}
"""How a unit grades what came of it, as proposals are graded (source: domain.md 5.2, ActionResult)."""
GRADED = {ActionStage.DONE: "A", ActionStage.LONG_TERM: "C"}
"""The stages that say a grade by themselves; any other is for the unit to tick."""
TOLD = frozenset({*GRADED, ActionStage.BLOCKED, ActionStage.RETURNED, ActionStage.HANDED_UP, ActionStage.DROPPED})
"""The stages a line of progress is told with."""
NOTE = (
    "“办理过程”由平时写的进展填好，请核对、补充。本表一式两份，承办单位负责人签字、盖章，一份退交办单位，一份自存。"
    "佐证有什么附什么，照片不是必须的。"
)


def feedback_form(shelf: Shelf, practices: Mapping[str, Practice], action_id: str) -> FeedbackForm:
    """Return the form of a task.

    Raises:
        Missing: There is no such task.
    """
    told = story(shelf, action_id)
    action, live = told.action, live_sitting(shelf, told.action.sitting_id, register(shelf))
    matter, practice = live.consultation, practices.get(live.consultation.practice)
    unit, person, day = live.unit(action.unit_id), live.person(action.person_id), held_on(live)
    return FeedbackForm(
        title_words(live, practice, f"任务{action.number}{FORM}"),
        FORM,
        f"{wording.full_day(day)}，{printed(matter.title)}" if day else printed(matter.title),
        f"第{action.number}项　{printed(action.text)}",
        consensus_of(live, action),
        unit.name if unit else "",
        supporting(live, action),
        person.name if person else "",
        wording.full_day(action.due_on) if action.due_on else due_words(action, None),
        "\n".join(_line(line) for line in reversed(told.progress)),
        _grades(action),
        note=NOTE,
        imprint=Imprint(number=matter.case_number),
    )


def supporting(live: LiveSitting, action: Action) -> str:
    """Return the units that support a task, one a line."""
    units = ((live.unit(one), one) for one in action.support_units)
    return "\n".join(unit.name if unit else name for unit, name in units)


def _line(line: Progress) -> str:
    day = f"{wording.full_day(line.said_at.date())}　" if line.said_at else ""
    return f"{day}{printed(line.text)}" + (f"（{ACTION_STAGE_WORDS[line.stage]}）" if line.stage in TOLD else "")


def _grades(action: Action) -> str:
    given = GRADED.get(action.stage, "")
    return "\n".join(f"{TICKED if grade == given else BOX} {grade}　{words}" for grade, words in GRADES.items())
