"""Blanks for a power cut, and the calibration sheet, measured from the PDF with a ruler."""

from itertools import pairwise

import pytest

from app.domain.paper import Imprint, Issuer
from app.domain.paper_blanks import BlankSet
from app.printing import draw, missing_characters
from app.queries.paper_blanks import SAMPLE, calibration
from tests.papers.reading import MM, joined, pages

HEAD = "石墙村15米挡墙院坝协商"


def blanks(issues=("地界怎么认", "挡墙谁出资"), meeting=HEAD):
    return BlankSet(
        f"{meeting}应急空白表",
        meeting,
        "2026年3月30日10时00分",
        "青石乡石墙村李某丁家院坝",
        "王某辛",
        "示例干部",
        issues,
        seals=("村委会盖章处",),
        imprint=Imprint(sitting_id="0" * 32, paper="blank_set", version=0),
    )


@pytest.fixture(scope="module")
def sheet(fonts):
    made = pages(draw(calibration(Issuer("示例县政协办公室")), fonts))
    assert len(made) == 1
    return made[0]


def test_the_frame_of_the_calibration_sheet_is_the_type_area_to_a_tenth_of_a_millimetre(sheet):
    frame = max(sheet.frames, key=lambda one: one.x1 - one.x0)

    assert (frame.x1 - frame.x0) / MM == pytest.approx(156, abs=0.1)
    assert (frame.bottom - frame.top) / MM == pytest.approx(225, abs=0.1)
    assert frame.x0 / MM == pytest.approx(28, abs=0.1)
    assert frame.top / MM == pytest.approx(37, abs=0.1)


def test_two_rulers_have_a_tick_for_every_millimetre(sheet):
    top = {
        round(rule.x0 / MM - 28, 2) for rule in sheet.rules if abs(rule.bottom / MM - 37) < 0.05 and rule.x0 == rule.x1
    }
    left = {
        round(rule.top / MM - 37, 2)
        for rule in sheet.rules
        if abs(rule.x1 / MM - 28) < 0.05 and rule.top == rule.bottom
    }

    assert sorted(top) == pytest.approx(list(range(157)), abs=0.05)
    assert sorted(left) == pytest.approx(list(range(226)), abs=0.05)


def test_a_line_of_a_hundred_millimetres_and_the_three_widths_are_there(sheet):
    level = [rule for rule in sheet.rules if rule.top == rule.bottom]

    assert sum(abs((rule.x1 - rule.x0) / MM - 100) < 0.05 for rule in level) == 4
    assert all(f"{width}毫米" in "".join(sheet.text().split()) for width in ("0.25", "0.35", "0.5", "100"))


def test_lines_of_type_have_twenty_eight_characters_as_wide_as_the_frame(sheet):
    rows = [row for row in sheet.rows() if abs(row[0].size - 16) < 0.01]

    assert len(SAMPLE) == 28
    assert len(rows) == 4
    assert all("".join(sign.text for sign in row) == SAMPLE for row in rows)
    assert all((row[-1].x1 - row[0].x0) / MM == pytest.approx(156, abs=0.3) for row in rows)


def test_the_calibration_sheet_says_what_to_set_and_lacks_no_character(sheet, machine_fonts):
    assert "缩放100%" in "".join(sheet.text().split())
    assert "适应页面" in sheet.text()
    assert missing_characters(calibration(), machine_fonts) == ()


@pytest.fixture(scope="module")
def made(fonts):
    """The blanks of a meeting with two issues."""
    return pages(draw(blanks(), fonts))


def test_every_blank_has_the_head_of_its_meeting(made):
    heads = ["".join(page.text().split()) for page in made]
    assert sum(f"{HEAD}签到表" in head for head in heads) == 3
    assert sum(f"{HEAD}记录" in head for head in heads) == 2
    assert sum(f"{HEAD}共识" in head for head in heads) == 1
    assert sum(f"{HEAD}计票表" in head for head in heads) == 1
    assert all("王某辛" in head for head in heads if HEAD in head)


@pytest.mark.parametrize("meeting", ["关于示例县青石乡石墙村人居环境整治和生活污水治理暨村规民约修订的院坝协商"])
def test_sheets_to_sign_and_to_note_on_are_whole_pages_under_the_longest_title(meeting, fonts):
    made = pages(draw(blanks(meeting=meeting), fonts))

    assert all("签到表" in "".join(page.text().split()) for page in made[:3])
    assert all("说了什么" in page.text() for page in made[3:5])


def test_there_is_room_for_a_thumb_in_every_row(made):
    for page in made[:5]:
        levels = sorted({round(rule.top, 1) for rule in page.rules if rule.top == rule.bottom})
        rows = [below - above for above, below in pairwise(levels[1:])]
        assert min(rows) >= 10 * MM


def test_issues_on_the_table_stand_on_the_consensus_and_on_the_tally(made):
    text = "".join("".join(page.text().split()) for page in made)

    assert text.count("一、地界怎么认") == 2
    assert text.count("二、挡墙谁出资") == 2
    assert "监票人" in text
    assert "每人一画，满五画成一个“正”" in text


def test_a_meeting_without_issues_has_room_for_three(fonts):
    text = joined(draw(blanks(issues=("",) * 3), fonts))

    assert text.count("议定内容") == 3
    assert text.count("不表态") == 3
