"""办理反馈（答复）表 (F15): one sheet for one task, what is known filled in, the answer and the seal the unit's own."""

from app.domain.paper_feedback import FeedbackForm
from app.printing.compositor import Compositor
from app.printing.form_rows import NOTE, ROW_MM, TITLE, box, story

SIGNED = "　　　负责人签字：　　　　　　　　（盖章）　　　　　年　　月　　日"
CONTACT = (("经办人", ""), ("联系电话", ""))


def names(paper: FeedbackForm) -> list[str]:
    """Return every name that is kept in one piece."""
    return [paper.person]


def compose(paper: FeedbackForm, to: Compositor) -> None:
    """Set the form."""
    to.title(paper.head, TITLE)
    to.blank(0.3, with_next=True)
    rows = [
        [("协商事项", paper.matter)],
        [("任务内容", paper.task)],
        [("对应共识", paper.consensus)],
        [("承办单位", paper.unit), ("配合单位", paper.support_units)],
        [("责任人", paper.person), ("完成时限", paper.due)],
    ]
    to.form(rows, row_mm=ROW_MM)
    story(to, "办理过程", paper.process, 48.0)
    to.form([[("办理结果", paper.result)]], row_mm=24.0)
    to.form([[("佐证", paper.proof)]], row_mm=16.0)
    to.form([[("下步打算", paper.plans)]], row_mm=24.0)
    box(to, "承办单位\n意见", "", 24.0, foot=SIGNED)
    to.form([list(CONTACT)], row_mm=ROW_MM)
    to.blank(0.2)
    to.text(paper.note, NOTE)
