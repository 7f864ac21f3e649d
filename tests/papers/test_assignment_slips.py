"""交办单 on paper: a page for a slip, a line to cut along, a receipt with room to write, nothing outside the page."""

import pytest

from app.domain.paper import Imprint
from app.domain.paper_assignment import AssignedTask, AssignmentSlip, AssignmentSlips
from app.printing import draw
from tests.papers.reading import MM, joined, pages

TEXT = "沿确权界线修15米挡墙，留泄水孔三个"


def slips_of(units, tasks):
    rows = tuple(
        AssignedTask(n, TEXT, "二、挡墙谁出资", "村委会\n乡人民政府", "2026年4月30日", "刘某")
        for n in range(1, tasks + 1)
    )
    return AssignmentSlips(
        "石墙村15米挡墙院坝协商任务交办单",
        "交办〔2026〕　　　号",
        "2026年3月30日，青石乡石墙村就修建挡墙一事进行协商，形成共识3项。现将下列任务交你单位牵头办理，请按时办结。",
        "请自收到之日起3个工作日内在下联签收退回；确不属于本单位职责的，同期退回，写明建议承办单位。",
        tuple(AssignmentSlip(f"第{n}单位", rows) for n in range(1, units + 1)),
        "示例县政协办公室",
        "　　　年　　　月　　　日",
        "收到后3个工作日内退交办单位",
        Imprint(sitting_id="0" * 32, paper="assignment_slips", version=0),
    )


@pytest.mark.parametrize("tasks", [1, 4])
def test_every_slip_is_one_page_with_its_receipt(tasks, fonts):
    made = pages(draw(slips_of(3, tasks), fonts))

    assert len(made) == 3
    for number, page in enumerate(made, start=1):
        text = "".join(page.text().split())
        assert f"第{number}单位" in text
        assert all(
            word in text for word in ("沿此线剪开", "签收人", "签收日期", "退办理由", "非本单位职责", "承办单位")
        )


def test_the_receipt_stands_under_the_line_with_rows_to_write_in(fonts):
    page = pages(draw(slips_of(1, 2), fonts))[0]
    cut = next(sign for sign in page.signs if sign.text == "剪")
    rows = {(round(f.top, 1), round(f.bottom, 1)) for f in page.frames if f.top > cut.top and f.x1 - f.x0 > 20 * MM}

    assert len(rows) == 4
    assert all(bottom - top >= 10 * MM - 0.1 for top, bottom in rows)


def test_no_empty_slip_is_printed_for_nobody(fonts):
    assert "—1—" in joined(draw(AssignmentSlips("交办单"), fonts))
