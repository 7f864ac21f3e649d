"""Revisits: those of a task or a consultation, and the tasks whose households nobody has gone back to in time."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from app.domain.action import Action, ActionStage
from app.domain.calendar import months_on
from app.domain.practice import Deadlines
from app.domain.revisit import Revisit
from app.ports import Is, Shelf

NEVER: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class DueRevisit:
    """A task that is done and waits for its first or its second revisit since the day `due_on`."""

    action: Action
    due_on: date
    is_second: bool


def revisits_of(shelf: Shelf, consultation_id: str) -> list[Revisit]:
    """Return every revisit of a consultation, of its tasks and of the whole, the latest day first."""
    return _latest_first(shelf.all(Revisit, Is("consultation_id", consultation_id)))


def revisits_about(shelf: Shelf, action: Action) -> list[Revisit]:
    """Return the revisits of a task and those of its whole consultation, the latest day first."""
    return [one for one in revisits_of(shelf, action.consultation_id) if one.action_id in (None, action.id)]


def _latest_first(revisits: list[Revisit]) -> list[Revisit]:
    return sorted(revisits, key=lambda one: (one.visited_on, one.id), reverse=True)


def due_revisits(
    actions: Iterable[Action], revisits: Iterable[Revisit], today: date, deadlines_of: Callable[[Action], Deadlines]
) -> list[DueRevisit]:
    """Return the tasks that wait for a revisit, the longest due first; empty when somebody has gone to all.

    Two are due: so many months after a task was done, and so many more (`first_revisit_months` and
    `second_revisit_months` of its practice). Each day on which somebody went since counts as one, whether it was
    about the task or about its whole consultation. 0 months: the practice goes without.
    """
    went: dict[str, set[date]] = {}
    for one in (one for one in revisits if one.standing):
        went.setdefault(one.action_id or one.consultation_id, set()).add(one.visited_on)
    found = []
    for action in actions:
        if action.stage is ActionStage.DONE and action.done_on is not None and action.done_on < today:
            days = went.get(action.id, NEVER) | went.get(action.consultation_id, NEVER)
            due = _due(action, sum(day >= action.done_on for day in days) if days else 0, deadlines_of(action))
            if due is not None and due.due_on <= today:
                found.append(due)
    return sorted(found, key=lambda due: (due.due_on, due.action.id))


def _due(action: Action, times: int, deadlines: Deadlines) -> DueRevisit | None:
    """Return the revisit that a task waits for after so many; None when there is no more to come."""
    months = tuple(filter(None, (deadlines.first_revisit_months, deadlines.second_revisit_months)))
    if action.done_on is None or times >= len(months):
        return None
    return DueRevisit(action, _months_after(action.done_on, months[times]), times > 0)


_months_after = lru_cache(4096)(months_on)  # a county's tasks were done on some hundred days
