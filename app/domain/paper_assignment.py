"""交办单 and 签收回执 (F13): what each unit is given to do, and the half it cuts off, signs and sends back."""

from dataclasses import dataclass, field

from app.domain.paper import Imprint


@dataclass(frozen=True, slots=True)
class AssignedTask:
    """One task on a slip, under the number it has in the list of all tasks."""

    number: int
    task: str
    consensus: str = ""
    support_units: str = ""
    due: str = ""
    supervisor: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class AssignmentSlip:
    """One page for one unit. `action_ids` are the tasks on it, so that its receipt finds them again by its page."""

    unit: str
    tasks: tuple[AssignedTask, ...] = ()
    action_ids: tuple[str, ...] = ()
    part: str = ""


@dataclass(frozen=True, slots=True)
class AssignmentSlips:
    """The slips of one consultation, a page each in the order of their pages."""

    title: str
    number: str = ""
    opening: str = ""
    demands: str = ""
    slips: tuple[AssignmentSlip, ...] = ()
    organ: str = ""
    day: str = ""
    return_words: str = ""
    imprint: Imprint = field(default_factory=Imprint)
