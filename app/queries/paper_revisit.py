"""回访记录 (F18), made from a task and every round of households about it; before the first a sheet to take along."""

from collections.abc import Mapping

from app.domain import wording
from app.domain.action import ACTION_STAGE_WORDS, Action
from app.domain.paper import Imprint
from app.domain.paper_revisit import RevisitRecord, RevisitRound
from app.domain.practice import Practice
from app.domain.revisit import ANSWERS, Revisit
from app.ports import Shelf
from app.queries.action import ActionStory, story
from app.queries.paper_words import due_words, held_on, printed, sentence, title_words
from app.queries.people import register
from app.queries.sitting import LiveSitting, live_sitting

RECORD = "回访记录"
WALKED_LATER = RevisitRound(answers=("",) * len(ANSWERS))
"""A round nobody has walked yet: room to write."""
NOTE = "满意不满意按户数记，哪一户怎么答不记名字。走了不到10户的，比例说明不了多少。回访人签字存卷。"


def revisit_record(shelf: Shelf, practices: Mapping[str, Practice], action_id: str) -> RevisitRecord:
    """Return the record of a task, its rounds from the first to the last.

    Raises:
        Missing: There is no such task.
    """
    told = story(shelf, action_id)
    action, live = told.action, live_sitting(shelf, told.action.sitting_id, register(shelf))
    rounds = tuple(_round(one) for one in reversed(told.revisits))
    return RevisitRecord(
        title_words(live, practices.get(live.consultation.practice), f"任务{action.number}{RECORD}"),
        "回访（回头看）记录",
        live.consultation.case_number,
        _reason(live, action),
        _state(live, told),
        tuple(ANSWERS.values()),
        rounds or (WALKED_LATER,),
        NOTE,
        Imprint(number=live.consultation.case_number),
    )


def _reason(live: LiveSitting, action: Action) -> str:
    day = held_on(live)
    when = f"{wording.full_day(day)}" if day else ""
    return f"{when}协商“{printed(live.consultation.title)}”定下的第{action.number}项任务：{sentence(action.text)}"


def _state(live: LiveSitting, told: ActionStory) -> str:
    """Return how the task stands: whose it is, until when, whether it is done, and what was written of it last."""
    action, unit = told.action, live.unit(told.action.unit_id)
    due = wording.full_day(action.due_on) if action.due_on else due_words(action, None)
    done = f"，{wording.full_day(action.done_on)}办完" if action.done_on else ""
    facts = (f"承办单位：{unit.name}" if unit else "", f"期限：{due}" if due else "")
    last = told.progress[0].text if told.progress else ""
    head = "；".join((*(fact for fact in facts if fact), f"现在：{ACTION_STAGE_WORDS[action.stage]}{done}。"))
    return "\n".join(part for part in (head, sentence(last)) if part)


def _round(one: Revisit) -> RevisitRound:
    share = one.satisfied_share()
    return RevisitRound(
        wording.full_day(one.visited_on),
        one.by,
        "这一项任务" if one.action_id else "整场协商",
        str(one.households()),
        tuple(map(str, one.answers())),
        "" if share is None else f"{share}%",
        sentence(one.text),
    )
