"""交办单: the tasks of a consultation slip by slip, one page for each unit that leads them.

Everything on a slip must stand on one page, for a scanned receipt is known by its page: a unit with more tasks than a
page holds has several slips.
"""

from itertools import groupby
from typing import TYPE_CHECKING

from app.domain import wording
from app.domain.action import Action
from app.domain.paper import Imprint
from app.domain.paper_assignment import AssignedTask, AssignmentSlip, AssignmentSlips
from app.queries.paper import consensus_of
from app.queries.paper_places import place_words
from app.queries.paper_words import BLANK, agreements, due_words, held_on, matter_words, printed, title_words
from app.queries.sitting import LiveSitting

if TYPE_CHECKING:  # `papers` lists our maker, so it imports us
    from app.queries.papers import Matter

OFFICE = "党委办公室（政协办公室）盖章"
ROOM_MM, ROW_MM, LINE_MM = 62.0, 10.0, 4.5
"""What a page has for the rows of its table, what a row takes at the least, and each line in it."""
SIGNS = (12, 6, 5)
"""How many characters fill a line of the task, of its consensus, of the units that support it."""


def assignment_slips(matter: "Matter") -> AssignmentSlips | None:
    """Return a slip for each unit that leads a task; None when no task has a unit yet."""
    live, practice = matter.live, matter.practice
    slips = _slips(live)
    if not slips:
        return None
    day, workdays = held_on(live), practice.deadlines.return_workdays
    when = f"{wording.full_day(day)}，" if day else ""
    agreed = agreements(live)
    came_of = f"，形成共识{agreed}项" if agreed else ""
    return AssignmentSlips(
        title_words(live, practice, "任务交办单"),
        f"交办〔{day.year if day else BLANK}〕{BLANK}号",
        f"{when}{place_words(live, matter.places)}就{matter_words(live, practice)}进行协商{came_of}。"
        "现将下列任务交你单位牵头办理，请按时限办结，并书面反馈办理情况。",
        f"请自收到之日起{workdays}个工作日内在下联签收退回；确不属于本单位职责的，同期退回，写明建议承办单位。"
        "逾期未退的视为接收。",
        slips,
        matter.issuer.organ or OFFICE,
        f"{BLANK}年{BLANK}月{BLANK}日",
        f"收到后{workdays}个工作日内退交办单位",
        Imprint(number=live.consultation.case_number),
    )


def tasks_on_page(matter: "Matter", page: int) -> tuple[str, ...]:
    """Return the ids of the tasks on a page of the slips, counted from 1; none for a page there is not."""
    slips = _slips(matter.live)
    return slips[page - 1].action_ids if 1 <= page <= len(slips) else ()


def _slips(live: LiveSitting) -> tuple[AssignmentSlip, ...]:
    """Return the slips, units in the order of their first task.

    A task that has ended keeps its place, so that a receipt that comes back late still finds it by its page.
    """
    numbered = [(n, a) for n, a in enumerate(live.actions(), start=1) if a.unit_id]
    first = {action.unit_id: number for number, action in reversed(numbered)}
    ordered = sorted(numbered, key=lambda pair: (first[pair[1].unit_id], pair[0]))
    slips: list[AssignmentSlip] = []
    for unit_id, theirs in groupby(ordered, key=lambda pair: pair[1].unit_id):
        unit = live.unit(unit_id)
        slips += _of_unit(unit.name if unit else "", live, list(theirs))
    return tuple(slips)


def _of_unit(unit: str, live: LiveSitting, theirs: list[tuple[int, Action]]) -> list[AssignmentSlip]:
    """Return as many slips as one unit's tasks take."""
    pages: list[list[tuple[AssignedTask, str]]] = [[]]
    left = ROOM_MM
    for number, action in theirs:
        task = _task(live, number, action)
        if pages[-1] and _height_mm(task) > left:
            pages.append([])
            left = ROOM_MM
        pages[-1].append((task, action.id))
        left -= _height_mm(task)
    return [
        AssignmentSlip(
            unit,
            tuple(task for task, _ in page),
            tuple(action_id for _, action_id in page),
            f"（{place}/{len(pages)}）" if len(pages) > 1 else "",
        )
        for place, page in enumerate(pages, start=1)
    ]


def _height_mm(task: AssignedTask) -> float:
    """Return about how high a row is, rather too much than too little."""
    cells = zip((task.task, task.consensus, task.support_units), SIGNS, strict=True)
    lines = max(sum(-(-len(line) // signs) for line in text.split("\n")) for text, signs in cells)
    return max(ROW_MM, lines * LINE_MM + 2)


def _task(live: LiveSitting, number: int, action: Action) -> AssignedTask:
    supporting = (live.unit(name) for name in action.support_units)
    given = [unit.name if unit else name for unit, name in zip(supporting, action.support_units, strict=True)]
    person = live.person(action.person_id)
    return AssignedTask(
        number,
        printed(action.text),
        consensus_of(live, action),
        "\n".join(given),
        wording.full_day(action.due_on) if action.due_on else due_words(action, None),
        action.supervisor,
        person.name if person else "",
    )
