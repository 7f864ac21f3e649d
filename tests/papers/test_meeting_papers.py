"""会议记录, 纪要, 通知, 公告, 议程 and the red paper, measured from the PDF with a ruler and read with an eye."""

from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pdfplumber
import pypdfium2
import pytest

from app.printing import draw
from tests.papers import meetings
from tests.papers.reading import MM, joined, pages, text_of

GOLDEN = Path(__file__).parent / "golden"
LEFT, RIGHT, TOP, FOOT = 28 * MM, (28 + 156) * MM, 37 * MM, (37 + 225) * MM
EVERY = {
    "meeting_record": meetings.record(),
    "minutes": meetings.minutes(),
    "invitation": meetings.invitation(),
    "invitation_letter": meetings.letter(),
    "invitation_wall": meetings.wall(),
    "invitation_poster": meetings.a3(),
    "issue_sheet": meetings.issue_sheet(),
    "agenda": meetings.agenda(),
}


def near(value: float, wanted: float, tolerance: float = 0.3) -> bool:
    return abs(value - wanted) <= tolerance


def row_with(page, text):
    return next(row for row in page.rows() if text in "".join(sign.text for sign in row).replace(" ", ""))


def told(paper):
    """Return every text of a paper as it must be read on it."""
    return [text for text in _texts(paper) if text]


def _texts(content):
    if isinstance(content, str):
        return [content]
    if isinstance(content, tuple):
        return [text for part in content for text in _texts(part)]
    slots = getattr(content, "__slots__", ())
    return [text for name in slots if name != "imprint" for text in _texts(getattr(content, name))]


@pytest.mark.parametrize("kind", EVERY)
def test_every_text_of_a_paper_is_on_it(kind, fonts):
    paper = EVERY[kind]
    text = joined(draw(paper, fonts))

    document_name = {paper.title} if kind in ("invitation_wall", "invitation_poster", "issue_sheet") else set()
    assert [part for part in set(told(paper)) - document_name if "".join(part.split()) not in text] == []


@pytest.mark.parametrize("kind", EVERY)
def test_papers_read_as_they_did(kind, fonts):
    assert text_of(draw(EVERY[kind], fonts)) == (GOLDEN / f"{kind}.txt").read_text(encoding="utf-8").rstrip("\n")


@pytest.mark.parametrize("kind", EVERY)
def test_the_same_content_makes_the_same_bytes(kind, fonts):
    assert draw(EVERY[kind], fonts) == draw(EVERY[kind], fonts)


@pytest.mark.parametrize("kind", EVERY)
def test_nothing_is_printed_outside_the_sheet(kind, fonts):
    for page in pages(draw(EVERY[kind], fonts)):
        assert all(sign.x0 >= 10 * MM and sign.x1 <= page.width - 10 * MM for sign in page.signs)
        assert all(8 * MM <= sign.top <= page.height - 8 * MM for sign in page.signs)


@pytest.fixture(scope="module")
def minutes(fonts):
    return draw(meetings.minutes(6), fonts)


def test_the_red_mark_stands_35_mm_under_the_top_of_the_type_area(minutes):
    first = pages(minutes)[0]
    mark = row_with(first, "政协示例县委员会协商纪要")

    assert near(mark[0].top, TOP + 35 * MM, 0.6)
    assert near((mark[0].x0 + mark[-1].x1) / 2, 105 * MM + 1 * MM, 1.0)
    assert mark[0].size > 22


def test_only_the_mark_and_its_line_are_red(minutes):
    with pdfplumber.open(BytesIO(minutes)) as book:
        page = book.pages[0]
        red = {c["text"] for c in page.chars if tuple(c["non_stroking_color"] or ())[:1] not in ((), (0,), (0.0,))}
        lines = [line for line in page.lines if tuple(line["stroking_color"] or ())[:1] not in ((), (0,), (0.0,))]
        others = [
            c
            for other in book.pages[1:]
            for c in other.chars
            if len(tuple(c["non_stroking_color"] or ())) > 1 and c["non_stroking_color"][0] > 0
        ]

    assert red <= set("政协示例县委员会协商纪要")
    assert red
    assert len(lines) == 1
    assert near(lines[0]["x0"], LEFT)
    assert near(lines[0]["x1"], RIGHT)
    assert others == []


def test_the_number_the_organ_and_the_day_stand_between_mark_and_red_line(minutes):
    first = pages(minutes)[0]
    number, organ, day = (
        row_with(first, word) for word in ("石墙〔2026〕3号", "政协示例县委员会办公室", "2026年4月2日")
    )
    red = next(rule for rule in first.rules if rule.top > organ[0].top)

    assert near((number[0].x0 + number[-1].x1) / 2, 106 * MM, 1.0)
    assert near(organ[0].x0, LEFT + 16, 0.5)
    assert near(day[-1].x1, RIGHT - 16, 0.5)
    assert near(red.top - (organ[0].top + 28.95), 4 * MM, 0.6)


def test_body_lines_of_the_minutes_stand_on_the_grid(minutes):
    second = pages(minutes)[1]
    tops = [row[0].top for row in second.rows() if TOP - 1 < row[0].top < FOOT - 20]

    assert near(tops[0], TOP, 0.5)
    assert all(
        near((after - before) / 28.95, round((after - before) / 28.95), 0.02) for before, after in pairwise(tops)
    )


def test_those_present_hang_beside_a_label_in_black_type(minutes):
    pages_ = pages(minutes)
    page = next(page for page in pages_ if "出席：" in page.text())
    rows = page.rows()
    at = next(number for number, row in enumerate(rows) if row[0].text == "出")
    first, second = rows[at], rows[at + 1]

    assert near(first[0].x0 - LEFT, 2 * 156 * MM / 28, 0.6)
    assert near(second[0].x0, first[3].x0, 0.6)
    assert first[0].font != first[3].font


def imprint_rules(page):
    return sorted((rule for rule in page.rules if near(rule.x0, LEFT) and near(rule.x1, RIGHT)), key=lambda r: r.top)


@pytest.mark.parametrize("points", [0, 2, 5, 8, 11])
def test_the_imprint_stands_at_the_foot_of_the_last_page(points, fonts):
    made = pages(draw(meetings.minutes(points), fonts))
    rules = imprint_rules(made[-1])[-3:]

    assert near(rules[-1].top, FOOT, 0.8)
    sent, issued = row_with(made[-1], "分送："), row_with(made[-1], "2026年4月2日印发")
    assert rules[0].top < sent[0].top < rules[1].top < issued[0].top < rules[2].top
    assert {round(sign.size, 1) for sign in (*sent, *issued)} == {14.0}
    assert near(sent[0].x0, LEFT + 14, 0.5)
    assert near(issued[-1].x1, RIGHT - 14, 0.5)
    assert len(made[-1].body()) > len(sent) + len(issued)


def test_the_rules_of_the_imprint_are_as_thick_as_the_standard_says(minutes):
    with pdfplumber.open(BytesIO(minutes)) as book:
        lines = sorted((line for line in book.pages[-1].lines if near(line["x0"], LEFT)), key=lambda line: line["top"])

    assert [round(line["linewidth"] / MM, 2) for line in lines[-3:]] == [0.35, 0.25, 0.35]


def test_on_paper_with_a_printed_head_the_mark_is_left_out_and_text_begins_there(fonts):
    first = pages(draw(meetings.minutes(start_mm=120), fonts))[0]

    assert "政协示例县委员会协商纪要" not in first.text()
    assert near(min(sign.top for sign in first.body()), 120 * MM, 1.0)
    assert "石墙〔2026〕3号" in first.text()


@pytest.mark.parametrize("kind", ["invitation", "invitation_letter"])
def test_organ_and_day_stand_as_over_a_seal(kind, fonts):
    page = pages(draw(EVERY[kind], fonts))[0]
    body = [row for row in page.rows() if row[0].top < FOOT]
    organ, day = body[-2], body[-1]

    assert near(day[-1].x1, RIGHT - 4 * 16, 1.0)
    assert near((organ[0].x0 + organ[-1].x1) / 2, (day[0].x0 + day[-1].x1) / 2, 1.0)
    assert near(day[0].top - organ[0].top, 28.95, 0.1)
    assert page.frames == () or all(frame.x1 - frame.x0 < 20 * MM for frame in page.frames)


def test_the_one_addressed_stands_flush_left_a_line_under_the_title(fonts):
    page = pages(draw(EVERY["invitation"], fonts))[0]
    title, whom = row_with(page, "通知"), row_with(page, "各位村民")

    assert near(whom[0].x0, LEFT, 0.5)
    assert near(whom[0].top - title[0].top, 2 * 28.95, 1.5)


def test_a_wall_notice_has_letters_of_36_to_48_points(fonts):
    for issues in (1, 3, 6):
        page = pages(draw(meetings.wall(issues), fonts))[0]
        assert 36 <= row_with(page, "挡墙谁来出资")[0].size <= 48


def test_an_a3_notice_is_a3_and_larger(fonts):
    made = pages(draw(meetings.a3(3), fonts))

    assert (round(made[0].width / MM), round(made[0].height / MM)) == (297, 420)
    assert row_with(made[0], "挡墙谁来出资")[0].size >= 48


@pytest.mark.parametrize("issues", [1, 3, 6, 12, 30])
def test_two_sheets_of_issues_stand_on_one_page_the_same_above_and_below_the_cut(issues, fonts):
    made = pages(draw(meetings.issue_sheet(issues), fonts))
    middle = 148.5 * MM
    upper = [sign for page in made for sign in page.signs if sign.top < middle]
    lower = [sign for page in made for sign in page.signs if sign.top >= middle]

    assert [sign.text for sign in upper] == [sign.text for sign in lower]
    assert all(near(below.top - above.top, middle, 0.1) for above, below in zip(upper, lower, strict=True))
    for number in range(1, issues + 1):
        assert f"第{number}件" in joined(draw(meetings.issue_sheet(issues), fonts))
    cut = [rule for rule in made[0].rules if near(rule.top, middle, 0.5)]
    assert cut[0].x1 - cut[0].x0 > 209 * MM


def test_lines_of_the_red_paper_do_not_run_over_each_other(fonts):
    for issues in (1, 6, 12):
        page = pages(draw(meetings.issue_sheet(issues), fonts))[0]
        boxes = sorted({(round(row[0].top, 1), max(sign.size for sign in row)) for row in page.rows()})
        assert all(top + size <= below + 0.5 for (top, size), (below, _) in pairwise(boxes))


def test_red_paper_is_solid_black_and_nothing_else(fonts):
    image = pypdfium2.PdfDocument(draw(EVERY["issue_sheet"], fonts))[0].render(scale=1).to_pil()

    assert image.convert("RGB").getextrema()[0] == image.convert("RGB").getextrema()[2]
    page = pages(draw(EVERY["issue_sheet"], fonts))[0]
    assert {sign.font for sign in page.signs} == {page.signs[0].font}
    assert min(sign.size for sign in page.signs if sign.size != 9) >= 14


def test_a_record_of_two_hundred_statements_keeps_its_headings_and_its_signers_together(fonts):
    made = pages(draw(meetings.record(200), fonts))

    assert joined(draw(meetings.record(200), fonts)).count("10:") >= 200
    assert all(word in made[-1].text() for word in ("主持人", "记录人", "监票人", "计票人"))
    for page in made[:-1]:
        last = [row for row in page.rows() if row[0].top < FOOT][-1]
        assert not "".join(sign.text for sign in last).startswith("（")


def test_page_numbers_of_the_minutes_stand_outside(minutes):
    for number, page in enumerate(pages(minutes), start=1):
        dashes = [sign for sign in page.signs if sign.text == "—" and near(sign.size, 14, 0.01)]
        outer = max(sign.x1 for sign in dashes) if number % 2 else min(sign.x0 for sign in dashes)
        assert near(outer, RIGHT - 14 if number % 2 else LEFT + 14)


@pytest.mark.parametrize("kind", ["meeting_record", "minutes", "invitation", "agenda"])
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(kind, fonts):
    for paper in (EVERY[kind], meetings.record(60), meetings.minutes(9), meetings.agenda(12)):
        for line in text_of(draw(paper, fonts)).splitlines():
            assert not line.startswith(tuple("，。、；：？！）》」』】〕”’…%")), line
            assert not line.endswith(tuple("（《「『【〔“‘")), line
