"""Tasks: grouped as people look at them, and one with its whole story."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.action import Action, ActionStage, Contribution, Progress
from app.domain.change import STANDING, Change, ChangeSet, applied
from app.domain.consensus import Consensus
from app.domain.consultation import Consultation
from app.domain.issue import Issue
from app.domain.record import R
from app.domain.revisit import Revisit
from app.domain.wording import numeral
from app.ports import Is, Shelf
from app.queries.revisit import revisits_about
from app.queries.sitting import numbered


@dataclass(frozen=True, slots=True)
class ActionGroup:
    """Tasks under one heading (逾期, 这周, 四月, 办完了)."""

    heading: str
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class ActionStory:
    """One task with what was agreed, who brings what, how it has gone, and what the households said afterwards.

    `consensus_number` counts the settled ones of its sitting in the order of their issues; 0 without a consensus.
    """

    action: Action
    consultation: Consultation | None
    consensus: Consensus | None
    contributions: tuple[Contribution, ...]
    progress: tuple[Progress, ...]
    consensus_number: int = 0
    revisits: tuple[Revisit, ...] = ()


@dataclass(slots=True)
class Board:
    """Every task with the consultation it came from and every revisit, kept up to date by each act's changes."""

    actions: dict[str, Action]
    consultations: dict[str, Consultation]
    revisits: dict[str, Revisit]

    def take(self, changes: ChangeSet) -> bool:
        """Apply an act and return whether it touched a task, a consultation or a revisit."""
        touched = False
        for kind, record_id, parts in changes.by_record():
            if kind == Action.KIND:
                touched |= _take(self.actions, Action, record_id, parts)
            elif kind == Consultation.KIND:
                touched |= _take(self.consultations, Consultation, record_id, parts)
            elif kind == Revisit.KIND:
                touched |= _take(self.revisits, Revisit, record_id, parts)
        return touched

    def of(self, consultation_id: str = "") -> list[Action]:
        """Return the tasks of one consultation, or all, by their day; those without a day come last."""
        under: dict[str, list[Action]] = {}
        for action in self.actions.values():
            if action.standing and consultation_id in ("", action.consultation_id):
                under.setdefault(action.consultation_id, []).append(action)
        return sorted((action for tasks in under.values() for action in numbered(tasks)), key=_by_day)

    def held(self) -> list[Consultation]:
        """Return the consultations that gave out tasks, the newest first."""
        wanted = {action.consultation_id for action in self.actions.values() if action.standing}
        known = (self.consultations[one] for one in wanted if one in self.consultations)
        return sorted(known, key=lambda consultation: consultation.id, reverse=True)

    def place_of(self, action: Action) -> str:
        """Return the code of the village a task belongs to; empty when none is known."""
        consultation = self.consultations.get(action.consultation_id)
        return consultation.place_codes[0] if consultation and consultation.place_codes else ""


def _take(held: dict[str, R], kind: type[R], record_id: str, parts: tuple[Change, ...]) -> bool:
    """Apply the changes of one record to those that are held; return False if it is none of them and not a new one."""
    creates = any(part.field == STANDING and part.old is None for part in parts)
    if not creates and record_id not in held:
        return False
    held[record_id] = applied(kind, held.get(record_id), record_id, parts)
    return True


def board(shelf: Shelf) -> Board:
    """Return every task with its consultation, and every revisit."""
    actions, consultations, revisits = shelf.all(Action), shelf.all(Consultation), shelf.all(Revisit)
    return Board(_by_id(actions), _by_id(consultations), _by_id(revisits))


def _by_id(records: list[R]) -> dict[str, R]:
    return {record.id: record for record in records}


def _by_day(action: Action) -> tuple[bool, date, int]:
    return action.due_on is None, action.due_on or date.max, action.number


def by_due(actions: list[Action], today: date, to_revisit: Collection[str] = ()) -> list[ActionGroup]:
    """Return the tasks in the order 逾期, 这周, then month by month, those without a day, 该回访, and those done.

    `to_revisit` are the ids of those that are done and wait for somebody to go back.
    """
    groups: dict[str, list[Action]] = {"逾期": [], "这周": []}
    rest: dict[str, list[Action]] = {"没定期限": [], "该回访": [], "办完了": []}
    for action in actions:
        heading = "该回访" if action.id in to_revisit else _heading(action, today)
        (rest if heading in rest else groups).setdefault(heading, []).append(action)
    return [ActionGroup(name, tuple(found)) for name, found in (groups | rest).items() if found]


def by_unit(actions: list[Action], names: Mapping[str, str]) -> list[ActionGroup]:
    """Return the tasks by unit in the order units were registered: no order of merit. Those without one come last."""
    return _grouped(actions, lambda action: action.unit_id or "", lambda unit_id: names.get(unit_id, "没定单位"))


def by_village(
    actions: list[Action], place_of: Callable[[Action], str], name: Callable[[str], str]
) -> list[ActionGroup]:
    """Return the tasks by village in the administrative order of their codes; those without one come last."""
    return _grouped(actions, place_of, lambda code: name(code) or "没写村")


def _grouped(actions: list[Action], key: Callable[[Action], str], name: Callable[[str], str]) -> list[ActionGroup]:
    groups: dict[str, list[Action]] = {}
    for action in sorted(actions, key=lambda action: (not action.is_open(), _by_day(action))):
        groups.setdefault(key(action), []).append(action)
    ordered = sorted(groups, key=lambda one: (not one, one))
    return [ActionGroup(name(one), tuple(groups[one])) for one in ordered]


def _heading(action: Action, today: date) -> str:
    if not action.is_open():
        return "办完了"
    if action.due_on is None:
        return "没定期限"
    if action.is_overdue(today):
        return "逾期"
    if action.due_on <= today + timedelta(days=6 - today.weekday()):
        return "这周"
    month = f"{numeral(action.due_on.month)}月"
    return month if action.due_on.year == today.year else f"{action.due_on.year}年{month}"


def story(shelf: Shelf, action_id: str) -> ActionStory:
    """Return one task whole, the latest progress first."""
    action = _as_numbered(shelf, shelf.get(Action, action_id))
    lines = shelf.all(Progress, Is("action_id", action.id))
    return ActionStory(
        action,
        shelf.find(Consultation, action.consultation_id),
        shelf.find(Consensus, action.consensus_id),
        tuple(shelf.all(Contribution, Is("action_id", action.id))),
        tuple(sorted(lines, key=lambda line: line.id, reverse=True)),
        _consensus_number(shelf, action),
        tuple(revisits_about(shelf, action)),
    )


def _as_numbered(shelf: Shelf, action: Action) -> Action:
    """Return a task with the number it has among those of its consultation."""
    tasks = numbered(shelf.all(Action, Is("consultation_id", action.consultation_id)))
    return next((one for one in tasks if one.id == action.id), action)


def _consensus_number(shelf: Shelf, action: Action) -> int:
    """Return which of the sitting's settled consensus a task stands under, from 1; 0 for none."""
    numbers = {issue.id: issue.number for issue in shelf.all(Issue, Is("sitting_id", action.sitting_id))}
    settled = [one for one in shelf.all(Consensus, Is("sitting_id", action.sitting_id)) if one.is_settled()]
    settled.sort(key=lambda one: numbers.get(one.issue_id, 0))
    return next((at for at, one in enumerate(settled, start=1) if one.id == action.consensus_id), 0)


def counts(actions: list[Action], today: date) -> tuple[int, int, int]:
    """Return how many are done, overdue, and under way."""
    done = sum(action.stage == ActionStage.DONE for action in actions)
    overdue = sum(action.is_overdue(today) for action in actions)
    return done, overdue, sum(action.is_open() for action in actions) - overdue
