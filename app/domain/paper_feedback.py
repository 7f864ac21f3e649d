"""办理反馈表 (F15): what a unit answers about one task; what was written of it meanwhile stands on it already."""

from dataclasses import dataclass, field

from app.domain.paper import Imprint


@dataclass(frozen=True, slots=True)
class FeedbackForm:
    """The form of one task. `process` is what was done, a line each; `result` are the grades to tick, one a line.

    `title` tells the task by its number, so that forms kept side by side are told apart; `head` stands on the sheet.
    """

    title: str
    head: str
    matter: str = ""
    task: str = ""
    consensus: str = ""
    unit: str = ""
    support_units: str = ""
    person: str = ""
    due: str = ""
    process: str = ""
    result: str = ""
    proof: str = ""
    plans: str = ""
    note: str = ""
    imprint: Imprint = field(default_factory=Imprint)
