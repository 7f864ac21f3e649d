"""卷内目录 and 封底 (F24): what the folder must hold and holds, what is lacking, and who put it together."""

from app.domain.paper import Signer
from app.domain.paper_dossier import DossierIndex, DossierItem
from app.printing.column import Column, cell_look
from app.printing.compositor import Compositor
from app.printing.fonts import Style
from app.printing.pen import SMALL_SIZE, Align, Look

LEFT, CENTERED = cell_look(SMALL_SIZE), cell_look(SMALL_SIZE, Align.CENTER)
HEAD = Look(Style.HEAD, SMALL_SIZE, pitch=21.0)
COLUMNS = (
    Column("序号", 13, CENTERED),
    Column("文件名称", 67, LEFT),
    Column("必备", 15, CENTERED),
    Column("已有", 29, CENTERED),
    Column("页号", 14, CENTERED),
    Column("备注", 18, LEFT),
)
BACK = "　　　"


def compose(paper: DossierIndex, to: Compositor) -> None:
    """Set the contents on one page, the back of the folder on the next."""
    to.title(paper.title)
    to.blank(0.3)
    facts = [list(paper.facts[start : start + 2]) for start in range(0, len(paper.facts), 2)]
    to.form(facts, row_mm=11.0, label_mm=26.0)
    to.blank(0.4)
    to.table(COLUMNS, [_row(item) for item in paper.folder.items], row_mm=10.0)
    to.blank(0.3)
    to.text(f"{paper.folder.sentence()}。" if paper.folder.items else "", HEAD)
    to.new_page()
    _back(paper, to)


def _row(item: DossierItem) -> tuple[str, ...]:
    return (str(item.number), item.name, item.need.value, item.found or "—", "", "缺" if item.is_missing else "")


def _back(paper: DossierIndex, to: Compositor) -> None:
    """Put the last sheet: 封底 of a mediation folder, 卷内备考表 of any other."""
    to.title("封底" if paper.folder.name == "调解卷宗" else "卷内备考表")
    to.blank(0.5)
    to.form(
        [
            [("本卷情况\n说明", f"本卷共{BACK}页，已编页号。")],
            [("缺损、修改\n补充情况", "")],
        ],
        row_mm=45.0,
        label_mm=30.0,
    )
    to.form([[("保管期限", paper.keeping), ("归档日期", "")]], row_mm=12.0, label_mm=30.0)
    to.blank(0.5)
    to.sign((Signer("立卷人"), Signer("检查人")))
