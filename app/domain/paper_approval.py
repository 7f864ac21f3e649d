"""议题审批表 (F2): what is known of a topic, and a box for each of those who have to say something to it."""

from dataclasses import dataclass, field

from app.domain.paper import Imprint


@dataclass(frozen=True, slots=True)
class ApprovalForm:
    """The form of one topic. `opinions` are the heads of the boxes, each with what is written in it already.

    `title` names the topic too, so that forms kept side by side are told apart; `head` is what the form is headed with.
    """

    title: str
    head: str
    topic: str = ""
    origin: str = ""
    raised: str = ""
    category: str = ""
    where: str = ""
    situation: str = ""
    planned: str = ""
    asked: str = ""
    approved: str = ""
    opinions: tuple[tuple[str, str], ...] = ()
    note: str = ""
    imprint: Imprint = field(default_factory=Imprint)
