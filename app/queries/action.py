"""Tasks: grouped as people look at them, and one with its whole story."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.action import Action, ActionStage, Contribution, Progress
from app.domain.consensus import Consensus
from app.domain.consultation import Consultation
from app.ports import Is, Shelf


@dataclass(frozen=True, slots=True)
class ActionGroup:
    """Tasks under one heading (逾期, 这周, 四月, 办完了)."""

    heading: str
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class ActionStory:
    """One task with what was agreed, who brings what, and how it has gone."""

    action: Action
    consultation: Consultation | None
    consensus: Consensus | None
    contributions: tuple[Contribution, ...]
    progress: tuple[Progress, ...]


def all_actions(shelf: Shelf, consultation_id: str = "") -> list[Action]:
    """Return all tasks by their day, or those of one consultation; tasks without a day come last."""
    where = (Is("consultation_id", consultation_id),) if consultation_id else ()
    return sorted(shelf.all(Action, *where), key=lambda action: (action.due_on is None, action.due_on, action.number))


def by_due(actions: list[Action], today: date) -> list[ActionGroup]:
    """Return the tasks in the order 逾期, 这周, then month by month, then those without a day, then those done."""
    groups: dict[str, list[Action]] = {"逾期": [], "这周": []}
    rest: dict[str, list[Action]] = {"没定期限": [], "办完了": []}
    for action in actions:
        heading = _heading(action, today)
        (rest if heading in rest else groups).setdefault(heading, []).append(action)
    return [ActionGroup(name, tuple(found)) for name, found in (groups | rest).items() if found]


def _heading(action: Action, today: date) -> str:
    if not action.is_open():
        return "办完了"
    if action.due_on is None:
        return "没定期限"
    if action.is_overdue(today):
        return "逾期"
    if action.due_on <= today + timedelta(days=6 - today.weekday()):
        return "这周"
    return (
        f"{action.due_on.month}月"
        if action.due_on.year == today.year
        else f"{action.due_on.year}年{action.due_on.month}月"
    )


def story(shelf: Shelf, action_id: str) -> ActionStory:
    """Return one task whole, the latest progress first."""
    action = shelf.get(Action, action_id)
    lines = shelf.all(Progress, Is("action_id", action.id))
    return ActionStory(
        action,
        shelf.find(Consultation, action.consultation_id),
        shelf.find(Consensus, action.consensus_id),
        tuple(shelf.all(Contribution, Is("action_id", action.id))),
        tuple(sorted(lines, key=lambda line: line.id, reverse=True)),
    )


def counts(actions: list[Action], today: date) -> tuple[int, int, int]:
    """Return how many are done, overdue, and under way."""
    done = sum(action.stage == ActionStage.DONE for action in actions)
    overdue = sum(action.is_overdue(today) for action in actions)
    return done, overdue, sum(action.is_open() for action in actions) - overdue
