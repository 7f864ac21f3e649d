"""“四议两公开”决策实施登记表 (F23): six sheets, each a page, what is known filled in and room to write the rest."""

from app.domain.paper import Signer
from app.domain.paper_decision import DecisionForms, DecisionSheet
from app.printing.compositor import Compositor
from app.printing.fonts import Style
from app.printing.pen import CELL_SIZE, Align, Look

TITLE = Look(Style.TITLE, 20.0, pitch=28.0, indent=0, align=Align.CENTER)
NAME = Look(Style.HEAD, 16.0, pitch=26.0, indent=0, align=Align.CENTER)
ABOUT = Look(size=12.0, pitch=20.0, indent=0, align=Align.LEFT)
RULE = Look(size=CELL_SIZE, pitch=14.5)
LABEL_MM = 28.0
COUNTED = "应到　　　人，实到　　　人，占　　　%"
SIGN_MM = 30.0


def compose(paper: DecisionForms, to: Compositor) -> None:
    """Set the six sheets."""
    for place, sheet in enumerate(paper.sheets):
        if place:
            to.new_page()
        _sheet(paper, sheet, to)


def _sheet(paper: DecisionForms, sheet: DecisionSheet, to: Compositor) -> None:
    to.title(paper.title, TITLE)
    to.text(sheet.name, NAME, with_next=True)
    to.text(f"村（社区）：{paper.village}　　　　编号：", ABOUT, with_next=True)
    for label, value, height in sheet.fields:
        to.form([[(label, value)]], row_mm=height, label_mm=LABEL_MM)
        if label == "主持人" and sheet.shares:
            to.form([[("参会情况", COUNTED)]], row_mm=12.0, label_mm=LABEL_MM)
    for who in sheet.signs[: 0 if sheet.seal and not sheet.shares else None]:
        to.form([[(f"{who}\n签字", "")]], row_mm=_room(sheet), label_mm=LABEL_MM)
    to.blank(0.2)
    to.text(sheet.rule, RULE)
    if sheet.seal and sheet.shares:
        to.seals((sheet.seal,))
    elif sheet.seal:
        to.sign([Signer(who) for who in sheet.signs], (sheet.seal,))


def _room(sheet: DecisionSheet) -> float:
    if not sheet.shares:
        return 18.0
    return 22.0 if sheet.rule else SIGN_MM if sheet.seal else 46.0
