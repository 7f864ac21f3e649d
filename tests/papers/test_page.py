"""Strips on pages, titles by sense, and the primitives later papers are made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.paper import Imprint
from app.printing.fonts import SHIPPED, Fonts, FontsMissing, Style, clean
from app.printing.page import Galley, Strip, lay
from app.printing.pen import Align, Look
from app.printing.title import title_cuts
from tests.papers.reading import MM, pages

TALL_LOOK = Look(Style.TITLE, 48.0, pitch=72.0, indent=0, align=Align.CENTER)


def strip(height: float, **more: object) -> Strip:
    return Strip(height, lambda pen, top: None, **more)


def heights(laid: list[list[object]]) -> list[list[float]]:
    return [[piece.strip.height for piece in page] for page in laid]


@given(st.lists(st.tuples(st.floats(1, 100), st.booleans()), max_size=60))
def test_every_strip_is_laid_once_in_order_and_inside_the_page(given_strips):
    strips = [strip(height, with_next=stays) for height, stays in given_strips]

    laid = lay(strips, 10, 110)

    assert [piece.strip for page in laid for piece in page] == strips
    assert all(piece.top + piece.strip.height <= 110.02 for page in laid for piece in page)


def test_strips_that_stay_together_move_together():
    assert heights(lay([strip(60), strip(30, with_next=True), strip(30)], 0, 100)) == [[60], [30, 30]]


def test_a_group_higher_than_a_page_is_laid_strip_by_strip():
    strips = [strip(20), *(strip(40, with_next=True) for _ in range(3)), strip(40)]

    assert heights(lay(strips, 0, 100)) == [[20, 40, 40], [40, 40]]


def test_the_head_is_laid_again_on_each_new_page():
    head = strip(10)
    strips = [strip(10, with_next=True), *(strip(30, head=head) for _ in range(5))]

    assert heights(lay(strips, 0, 100)) == [[10, 30, 30, 30], [10, 30, 30]]


def test_a_gap_falls_away_at_the_top_of_a_page():
    assert heights(lay([strip(95), strip(10, gap=True), strip(50)], 0, 100)) == [[95], [50]]


def test_a_gap_at_the_end_makes_no_page_of_its_own():
    assert len(lay([strip(95), strip(10, gap=True)], 0, 100)) == 1


def test_the_body_begins_under_a_printed_red_head(fonts):
    galley = Galley(fonts)
    for _ in range(30):
        galley.text("正文")

    first, second = pages(galley.pdf("函", Imprint(), start_mm=110))

    assert min(sign.top for sign in first.body()) / MM == pytest.approx(110, abs=0.3)
    assert min(sign.top for sign in second.body()) / MM == pytest.approx(37, abs=0.3)


def test_a_wall_notice_can_be_read_from_afar(fonts):
    galley = Galley(fonts)
    galley.text("今晚七点半\n李某丁家院坝\n商量修挡墙", TALL_LOOK)

    signs = pages(galley.pdf("通知", Imprint()))[0].body()

    assert {sign.size for sign in signs} == {48.0}


def test_levels_of_headings_are_set_in_their_faces(machine_fonts):
    galley = Galley(machine_fonts)
    for level, text in enumerate(("一、甲", "（一）乙", "1.丙", "（1）丁"), start=1):
        galley.heading(text, level)

    faces = [row[-1].font for row in pages(galley.pdf("级", Imprint()))[0].rows()[:4]]

    assert len(set(faces[:3])) == 3
    assert faces[2] == faces[3]


def test_kept_blocks_stay_on_one_page(fonts):
    galley = Galley(fonts)
    galley.add(*(strip(100) for _ in range(6)))
    with galley.kept():
        galley.text("甲\n乙\n丙")

    assert "甲" not in pages(galley.pdf("块", Imprint()))[0].text()


@pytest.mark.parametrize(
    ("title", "room", "lines"),
    [
        ("石墙村15米挡墙院坝协商共识", 20, ["石墙村15米挡墙院坝协商共识"]),
        ("关于石墙村人居环境整治和生活污水治理的院坝协商共识", 20, None),
        ("", 20, []),
    ],
)
def test_titles_are_broken_only_when_they_must_be(title, room, lines):
    cuts = title_cuts(title, [1.0] * len(title), room)

    assert "".join(cuts) == title
    assert lines is None or cuts == lines


@pytest.mark.parametrize(
    "title",
    [
        "关于石墙村人居环境整治和生活污水治理的院坝协商共识",
        "示例县青石乡石墙村宅基地高差滑坡修建挡墙院坝协商任务分解清单",
        "关于示例县青石乡石墙村人居环境整治和生活污水治理暨村规民约修订移风易俗工作的院坝协商共识",
    ],
)
def test_long_titles_break_by_sense_and_never_inside_a_word(title):
    cuts = title_cuts(title, [1.0] * len(title), 20)
    lengths = [len(cut) for cut in cuts]

    assert 2 <= len(cuts) <= 3
    assert max(lengths) <= 20
    assert min(lengths) >= 8
    assert all(any(word in cut for cut in cuts) for word in ("协商", "院坝", "石墙"))
    assert not (len(lengths) == 3 and lengths[1] < min(lengths[0], lengths[2]))


def test_the_papers_screen_is_told_what_is_used(fonts):
    report = {use.style: (use.font, use.official) for use in fonts.report()}

    assert report["仿宋"] == ("Fandol 仿宋", False)
    assert report["小标宋"][0].startswith("思源宋体")
    assert set(report) == {"小标宋", "仿宋", "黑体", "楷体", "宋体"}


def test_borrowed_names_are_told(fonts):
    assert [borrowed.name for borrowed in fonts.borrowed(["赵某甲", "刘某䶮", "刘某䶮"])] == ["刘某䶮"]


def test_a_machine_without_fonts_says_so_in_words(tmp_path):
    with pytest.raises(FontsMissing) as trouble:
        Fonts([tmp_path]).report()

    assert "字体" in trouble.value.sentence()


def test_a_font_that_cannot_be_embedded_is_passed_over(tmp_path):
    (tmp_path / "simfang.ttf").write_bytes(b"OTTO" + bytes(200))

    assert next(use.font for use in Fonts([tmp_path, SHIPPED]).report() if use.style == "仿宋") == "Fandol 仿宋"


@pytest.mark.parametrize(
    ("text", "shown"), [("赵\u200b某\ufe0f甲", "赵某甲"), ("甲\t乙\u3000丙", "甲 乙\u3000丙"), ("一\r\n二", "一\n二")]
)
def test_what_has_no_picture_is_left_out(text, shown):
    assert clean(text) == shown


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        (
            "华宁县通红甸乡所梅早村山脚组便民桥建设院坝协商共识",
            ["华宁县通红甸乡所梅早村山脚组", "便民桥建设院坝协商共识"],
        ),
        ("隆阳区瓦渡乡土官村“清明客”移风易俗院坝协商共识", ["隆阳区瓦渡乡土官村“清明客”", "移风易俗院坝协商共识"]),
        (
            "关于石墙村人居环境整治和生活污水治理的院坝协商共识",
            ["关于石墙村人居环境整治和", "生活污水治理的院坝协商共识"],
        ),
    ],
)
def test_titles_pause_where_one_draws_breath(title, lines):
    assert title_cuts(title, [1.0] * len(title), 20) == lines
