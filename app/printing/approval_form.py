"""议题审批表 (F2): one sheet, filled in as far as the topic is known; under it a box for each opinion."""

from app.domain.paper_approval import ApprovalForm
from app.printing.compositor import Compositor
from app.printing.form_rows import NOTE, ROW_MM, TITLE, box, story

BOX_MM = 24.0


def compose(paper: ApprovalForm, to: Compositor) -> None:
    """Set the form."""
    to.title(paper.head, TITLE)
    to.blank(0.3, with_next=True)
    to.form(
        [
            [("议题", paper.topic)],
            [("来源", paper.origin), ("提出日期", paper.raised)],
            [("类别", paper.category), ("所在地", paper.where)],
        ],
        row_mm=ROW_MM,
    )
    story(to, "基本情况", paper.situation, 32.0)
    for label, value, height in (
        ("拟协商\n时间、地点", paper.planned, 14.0),
        ("拟邀请范围", paper.asked, 14.0),
        ("立题日期", paper.approved, ROW_MM),
    ):
        to.form([[(label, value)]], row_mm=height)
    for label, told in paper.opinions:
        box(to, label, told, BOX_MM)
    to.blank(0.2)
    to.text(paper.note, NOTE)
