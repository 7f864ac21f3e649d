"""The three papers of an evening, measured from the PDF with a ruler and read with an eye."""

import importlib.util
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest

from app.domain.paper import (
    ActionLine,
    ActionList,
    ActionRow,
    ConsensusPaper,
    ConsensusSection,
    Imprint,
    Signer,
    SignInRow,
    SignInSheet,
)
from app.domain.wording import PENDING_NUMBER
from app.printing import PAPERS, draw, missing_characters
from tests.papers import examples
from tests.papers.reading import MM, document_facts, fonts_in, joined, pages, text_of

GOLDEN = Path(__file__).parent / "golden"
HANZI = "院坝协商共识村民委员会任务分解清单挡墙排水沟地界确权当场钉桩两户签字认可"
"""No marks and no numbers: every line of it is full."""


@pytest.fixture(scope="module")
def full_page(fonts):
    return pages(draw(ConsensusPaper(title="", opening=HANZI * 60, closing=""), fonts))


@pytest.fixture(scope="module")
def sheet(fonts):
    return draw(examples.sheet_of(60), fonts)


def near(value: float, wanted: float, tolerance: float = 0.3) -> bool:
    return abs(value - wanted) <= tolerance


def test_the_type_area_is_that_of_the_standard(full_page):
    page = full_page[0]
    signs = page.body()

    assert (round(page.width / MM), round(page.height / MM)) == (210, 297)
    assert near(min(sign.top for sign in signs) / MM, 37)
    assert near(min(sign.x0 for sign in signs) / MM, 28)
    assert near(max(sign.x1 for sign in signs) / MM, 28 + 156)
    assert max(sign.top + sign.size for sign in signs) / MM <= 37 + 225


def test_twenty_two_lines_of_twenty_eight_characters(full_page):
    middle = full_page[1]
    rows = [row for row in middle.rows() if row[0].top < 262 * MM]

    assert len(rows) == 22
    assert {len(row) for row in rows} == {28}
    assert {round(sign.size, 2) for row in rows for sign in row} == {16.0}


def test_lines_are_28_95_points_apart(full_page):
    tops = [row[0].top for row in full_page[1].rows() if row[0].top < 262 * MM]

    assert all(near(after - before, 28.95, 0.02) for before, after in pairwise(tops))


def test_paragraphs_begin_two_characters_in(full_page):
    first = full_page[0].rows()[0]

    assert len(first) == 26
    assert near(first[0].x0 - 28 * MM, 2 * 156 * MM / 28, 0.5)


def test_page_numbers_stand_where_the_standard_puts_them(full_page):
    for number, page in enumerate(full_page[:4], start=1):
        dashes = [sign for sign in page.signs if sign.text == "—" and near(sign.size, 14, 0.01)]
        digits = [sign for sign in page.signs if near(sign.size, 14, 0.01) and sign.text.isdigit()]
        outer = max(sign.x1 for sign in dashes) if number % 2 else min(sign.x0 for sign in dashes)
        assert "".join(sign.text for sign in digits) == str(number)
        assert len(dashes) == 2
        assert near(outer, (28 + 156) * MM - 14 if number % 2 else 28 * MM + 14)
        assert digits[0].x1 - digits[0].x0 == pytest.approx(7, abs=0.1)


def test_the_dash_of_the_page_number_is_seven_millimetres_below_the_type_area(fonts):
    pdf = draw(ConsensusPaper(title="", opening="好", closing=""), fonts)
    dash = next(sign for sign in pages(pdf)[0].signs if sign.text == "—")

    image = pypdfium2.PdfDocument(pdf)[0].render(scale=6).to_pil().convert("L")
    column = int((dash.x0 + dash.x1) / 2 * 6)
    ink = [row / 6 / MM for row in range(image.height) if image.getpixel((column, row)) < 128]

    assert near(min(row for row in ink if row > 262), 37 + 225 + 7, 0.5)


@pytest.mark.parametrize(
    "paper", [examples.wall_consensus(), examples.consensus_of(12, 18, 9), examples.sheet_of(60), examples.list_of(18)]
)
def test_every_font_is_embedded_as_a_truetype_subset(paper, fonts):
    found = fonts_in(draw(paper, fonts))

    assert len(found) >= 3
    assert {font.kind for font in found} == {"TrueType"}
    assert all(font.outlines is not None and font.name[6] == "+" for font in found)


@pytest.mark.parametrize("which", ["fonts", "machine_fonts"])
def test_every_printed_character_has_a_picture(which, request):
    fonts = request.getfixturevalue(which)
    pdf = draw(examples.sheet_of(60), fonts)

    signs = [sign for page in pages(pdf) for sign in page.signs if sign.text.strip()]

    for font in fonts_in(pdf):
        glyphs = font.outlines["glyf"]
        codes = {code: name for table in font.outlines["cmap"].tables for code, name in table.cmap.items()}
        pictures = {name for name in codes.values() if font.outlines.getGlyphID(name) and glyphs[name].numberOfContours}
        assert len(pictures) >= len({sign.text for sign in signs if sign.font == font.name}) > 0
    assert "\ufffd" not in text_of(pdf)
    assert "(cid:" not in text_of(pdf)


def test_rare_characters_of_names_are_printed(sheet):
    text = joined(sheet)

    assert all(character in text for character in examples.RARE)
    assert "〓" not in text


def test_a_name_with_a_rare_character_is_set_in_one_font(sheet):
    rows = [row for page in pages(sheet) for row in page.rows()]
    name = next(row for row in rows if "欧" in {sign.text for sign in row})
    signs = [sign for sign in name if 40 * MM < sign.x0 < 61 * MM]

    assert "".join(sign.text for sign in signs).startswith("欧阳某")
    assert len({sign.font for sign in signs}) == 1


def test_what_no_font_has_is_marked_and_told(fonts):
    paper = SignInSheet("签到表", rows=(SignInRow("赵\ue863\U000311ff"),), blank_rows=0)

    assert missing_characters(paper, fonts) == ("\ue863（U+E863）", "\U000311ff（U+311FF）")
    assert "赵〓〓" in joined(draw(paper, fonts))


def test_the_header_of_the_sign_in_sheet_is_on_every_page(sheet):
    made = pages(sheet)

    assert len(made) == 4
    assert all("序号姓名单位/村组职务/身份签到备注" in "".join(page.text().split()) for page in made)


def test_sign_in_rows_have_room_for_a_thumb_and_are_never_split(sheet):
    numbers = []
    for page in pages(sheet):
        levels = sorted({round(rule.top, 1) for rule in page.rules if near(rule.top, rule.bottom, 0.01)})
        uprights = sorted({round(rule.x0, 1) for rule in page.rules if near(rule.x0, rule.x1, 0.01)})
        heights = [after - before for before, after in pairwise(levels)]
        cells = [sign for sign in page.body() if sign.top > levels[0]]
        assert min(heights) >= 10 * MM
        assert uprights[5] - uprights[4] >= 30 * MM
        assert all(_inside(sign.top, sign.size, levels) for sign in cells)
        numbers += [_number_between(cells, uprights, top, foot) for top, foot in pairwise(levels)]

    assert [number for number in numbers if number != "序号"] == [str(number) for number in range(1, 76)]


def _inside(top, size, levels):
    return any(above <= top + 0.1 and top + size <= below + 0.1 for above, below in pairwise(levels))


def _number_between(cells, uprights, top, foot):
    signs = [sign for sign in cells if top < sign.top < foot and sign.x0 < uprights[1]]
    return "".join(sign.text for sign in sorted(signs, key=lambda sign: sign.x0))


def test_full_pages_of_the_sign_in_sheet_hold_twenty_to_twenty_five_rows(sheet):
    second = pages(sheet)[1]
    levels = {round(rule.top, 1) for rule in second.rules if near(rule.top, rule.bottom, 0.01)}

    assert 20 <= len(levels) - 2 <= 25


def test_notes_about_proxies_and_thumbs_are_printed(sheet):
    text = joined(sheet)

    assert "女儿赵某乙代" in text
    assert "按指印" in text
    assert "个人信息告知" in text


def test_the_action_list_lies_on_its_side_with_the_number_at_the_portrait_foot(fonts):
    page = pages(draw(examples.list_of(18), fonts))[0]
    dashes = [sign for sign in page.signs if sign.text == "—" and not sign.upright]
    table = [rule for rule in page.rules if near(rule.top, rule.bottom, 0.01)]

    assert (round(page.width / MM), round(page.height / MM)) == (297, 210)
    assert near(min(rule.x0 for rule in table) / MM, 35)
    assert near(max(rule.x1 for rule in table) / MM, 35 + 225)
    assert len(dashes) == 2
    assert all(25 * MM < sign.x0 < 30 * MM for sign in dashes)


def test_action_rows_run_on_under_the_same_header(fonts):
    made = pages(draw(examples.list_of(18), fonts))

    assert len(made) > 1
    assert all("任务内容" in page.text() for page in made)


def test_nothing_is_printed_outside_the_sheet(fonts):
    papers = [examples.wall_consensus(), examples.consensus_of(12, 18, 9), examples.sheet_of(60), examples.list_of(18)]

    for paper in papers:
        for page in pages(draw(paper, fonts)):
            assert all(sign.x0 >= 15 * MM and sign.x1 <= page.width - 15 * MM for sign in page.signs)
            assert all(10 * MM <= sign.top <= page.height - 10 * MM for sign in page.signs)


@pytest.mark.parametrize(
    ("name", "paper"),
    [
        ("consensus_paper", examples.wall_consensus()),
        ("sign_in_sheet", examples.sheet_of(3)),
        ("action_list", examples.list_of(2)),
    ],
)
def test_papers_read_as_they_did(name, paper, fonts):
    assert text_of(draw(paper, fonts)) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8").rstrip("\n")


def test_the_consensus_paper_says_everything_it_was_given(fonts):
    paper = examples.wall_consensus()
    text = joined(draw(paper, fonts))

    said = [paper.title, paper.date_line, paper.opening, paper.closing, paper.copies_line, paper.language_line]
    said += [part for section in paper.sections for part in (section.heading, section.text, section.tally)]
    said += [paper.notice, *paper.seals, "【未达比例】", "四、任务分解"]
    assert [part for part in said if "".join(part.split()) not in text] == []


def test_a_draft_says_so_and_has_no_number_yet(fonts):
    text = joined(draw(ConsensusPaper(title="共识", imprint=Imprint(draft=True, version=2)), fonts))

    assert f"编号{PENDING_NUMBER}" in text
    assert text.count("草稿") == 2
    assert "第2版" in text


def test_page_x_of_y_and_the_code_are_on_every_page(sheet):
    made = pages(sheet)

    assert all(f"第{number}页共4页" in page.text() for number, page in enumerate(made, start=1))


def test_seals_and_thumbs_have_dashed_places_and_no_drawn_seal(fonts):
    last = pages(draw(examples.wall_consensus(), fonts))[-1]
    sides = sorted(round((frame.x1 - frame.x0) / MM) for frame in last.frames if frame.x1 - frame.x0 > 5 * MM)

    assert sides.count(45) == 1
    assert sides.count(15) == 6
    assert "村委会盖章处" in last.text()


def test_headings_never_stand_alone_at_the_foot_of_a_page(fonts):
    for page in pages(draw(examples.consensus_of(12, 18, 9), fonts)):
        rows = [row for row in page.rows() if row[0].top < 262 * MM]
        assert "件事怎么办" not in "".join(sign.text for sign in rows[-1])


@pytest.mark.parametrize("paper", [SignInSheet(""), ConsensusPaper(""), ActionList("")])
def test_empty_papers_are_one_clean_page(paper, fonts):
    made = pages(draw(paper, fonts))

    assert len(made) == 1
    assert "—1—" in joined(draw(paper, fonts))


def test_a_row_longer_than_a_page_runs_on_and_loses_nothing(fonts):
    text = HANZI * 40
    pdf = draw(ActionList("清单", rows=(ActionLine(text), ActionLine("后一项"))), fonts)

    characters = joined(pdf)
    assert sum(characters.count(character) for character in "院坝") >= 80
    assert "后一项" in characters
    assert all(sign.top + sign.size <= (28 + 156) * MM for page in pages(pdf) for sign in page.signs if sign.upright)


def test_very_long_texts_stay_in_their_columns(fonts):
    long = "https://example.cn/" + "x" * 300
    section = ConsensusSection(HANZI * 5, long + HANZI * 10, HANZI * 3, True)
    paper = ConsensusPaper(title=HANZI * 3, sections=(section,), signers=(Signer(HANZI, "欧阳" * 10),))

    for page in pages(draw(paper, fonts)):
        assert all(sign.x1 <= (28 + 156) * MM + 1 for sign in page.body())


def test_the_same_content_makes_the_same_bytes(fonts):
    assert draw(examples.wall_consensus(), fonts) == draw(examples.wall_consensus(), fonts)


def test_the_file_says_what_it_is_and_whose(fonts):
    facts = document_facts(draw(examples.wall_consensus(), fonts))

    assert facts["Title"] == "石墙村15米挡墙院坝协商共识"
    assert facts["Author"] == "示例县政协"


def test_every_kind_of_paper_is_registered_under_its_file_name():
    assert [kind.name for kind in PAPERS.values()][:3] == ["签到表", "协商共识", "任务分解清单"]
    assert (
        len({kind.name for kind in PAPERS.values()}) == len({kind.content for kind in PAPERS.values()}) == len(PAPERS)
    )
    assert all(importlib.util.find_spec(f"app.printing.{code}") for code in PAPERS)


@pytest.mark.parametrize("issues", range(7))
@pytest.mark.parametrize("signers", [2, 5, 9])
def test_those_who_sign_and_the_seals_stand_on_one_page_unless_that_wastes_one(issues, signers, fonts):
    made = pages(draw(examples.consensus_of(issues, 3, signers), fonts))

    signed = [number for number, page in enumerate(made) if "指印" in page.text()]
    before = made[signed[0]]

    assert "签字" in before.text()
    if len(signed) > 1:
        heading = next(row for row in before.rows() if "".join(sign.text for sign in row).strip() == "签字")
        assert heading[0].top < (37 + 225 * 0.5) * MM
    assert "乡人民政府盖章处" in made[-1].text()


def test_a_long_seal_breaks_before_its_last_word(fonts):
    seals = ("通红甸彝族苗族乡人民政府盖章处",)

    text = text_of(draw(ConsensusPaper("共识", signers=(Signer("主持"),), seals=seals), fonts))

    assert "盖章处" in text.splitlines()


def test_what_each_brings_is_broken_between_the_parts(fonts):
    share = "县林草局1200株穗条\n周某甲、吴某乙、郑某丙各12个工"
    row = ActionRow("嫁接", "县林草局", "12月25日", share, ("周某甲",))

    lines = text_of(draw(ConsensusPaper("共识", actions=(row,)), fonts))

    assert "县林草局1200株穗条" in lines
    assert "郑某丙各12个工" in lines


def test_a_sheet_printed_before_the_meeting_leaves_room_for_how_many_came(fonts):
    text = text_of(draw(SignInSheet("签到表", time="2026年3月30日", expected=12), fonts))

    assert "应到12人\u3000实到\u3000\u3000人" in text
