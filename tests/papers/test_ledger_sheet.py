"""台账 on paper: a list as wide as its sheet, its sums with those who sign for it, and what its columns count."""

from datetime import date

from app.domain.place import Place
from app.domain.return_figures import MEANINGS, ReturnFigures
from app.printing import draw, missing_characters
from app.queries.ledger_book import Ledger
from app.queries.ledger_columns import NUMBER_FIRST, TOPICS, CellKind, LedgerColumn
from app.queries.paper_ledger import ledger_sheet
from app.queries.return_count import Return, ReturnRow
from app.queries.return_sheet import return_ledger
from tests.papers.reading import pages, text_of

DAY = date(2026, 7, 2)
TOWNSHIPS = tuple(
    ReturnRow(f"9905212{at:02}", f"示例{at}乡", ReturnFigures(at, at, at, 1, 30, 2, 1)) for at in range(11)
)


def half_year() -> Ledger:
    """The return of a county of eleven townships, as many as most have."""
    whole = sum((one.figures for one in TOWNSHIPS), ReturnFigures())
    found = Return(Place("990521", "示例县"), date(2026, 1, 1), date(2026, 6, 30), TOWNSHIPS, whole, ())
    return return_ledger(found, "政协示例县委员会办公室", DAY)


def test_the_return_of_a_county_stands_on_one_sheet_turned_sideways_with_places_to_sign(fonts):
    first, second = pages(draw(ledger_sheet(half_year()), fonts))

    assert first.width > first.height
    told = "".join(sign.text for sign in first.signs)
    for words in (
        "示例县2026年上半年协商工作统计报表",
        "合计",
        "填报人",
        "审核人",
        "单位负责人",
        "单位盖章",
        "不排名次",
    ):
        assert words in told.replace(" ", "")
    assert "指标说明" in "".join(sign.text for sign in second.signs)


def test_every_column_says_on_paper_what_it_counts(fonts):
    told = "".join(text_of(draw(ledger_sheet(half_year()), fonts)).split())

    assert all("".join(one.sentence.split()) in told for one in MEANINGS if len(one.sentence) < 40)


def test_forty_townships_repeat_the_head_and_keep_the_sums_with_who_signs(fonts):
    columns = (NUMBER_FIRST, LedgerColumn("乡镇", CellKind.TEXT, 8), *[LedgerColumn("数", CellKind.NUMBER, 4)] * 16)
    rows = tuple((at, f"示例乡{at}", *[at] * 16) for at in range(1, 41))
    sums = (None, "合计", *[820] * 16)
    long = Ledger("报表", "长报表", columns, rows, "说明", DAY, sums=sums, signers=("填报人", "审核人"))

    sheets = ["".join(sign.text for sign in page.signs) for page in pages(draw(ledger_sheet(long), fonts))]

    assert len(sheets) > 1
    assert all("序" in sheet for sheet in sheets)
    assert any("合计" in sheet and "填报人" in sheet for sheet in sheets)


def test_a_list_without_rows_is_a_head_and_its_note(fonts):
    empty = Ledger("议题清单", "议题清单", TOPICS, (), "没有议题", DAY, "示例乡")

    paper = ledger_sheet(empty)

    assert "没有议题" in text_of(draw(paper, fonts))
    assert missing_characters(paper, fonts) == ()
