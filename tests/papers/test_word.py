"""A paper as Word: real styles, the page of the standard, the words of the copy, and the look of its print."""

import io
import zipfile
from collections import Counter

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from app.domain.paper import ActionList, ConsensusPaper, Imprint, Signer
from app.office_files.word import NoWordFile, sum_of, word
from app.printing import PAPERS, PaperKind, draw
from tests.papers import examples, word_examples
from tests.papers.office_eye import lines_of, office
from tests.papers.reading import pages

SHIFT = 12.0
"""How far a line may stand from its print, in points: Word sets letters in the middle of their pitch, we at its top."""
TABLE_SHIFT = 20.0
"""The same in and under a table: Word breaks cells by characters, we never within a quantity, so rows grow apart."""
LINE_BY_LINE = {
    "consensus_paper": examples.wall_consensus,
    "sign_in_sheet": lambda: examples.sheet_of(30),
    **word_examples.PAPERS_OF_THE_MEETING,
}
PAGE_BY_PAGE = {
    "consensus_long": lambda: examples.consensus_of(6, 8, 5),
    "action_list": lambda: examples.list_of(3),
}


def opened(content):
    return docx.Document(io.BytesIO(content))


def once(lines):
    """The lines that stand once on a page, with their tops."""
    count = Counter(text for _, text in lines)
    return {text: top for top, text in lines if count[text] == 1}


def texts(document):
    """Every text of the body, in order."""
    return "".join(part.text or "" for part in document.element.body.iter(qn("w:t")))


@pytest.fixture(scope="module")
def wall(fonts):
    return opened(word(examples.wall_consensus(), fonts))


@pytest.fixture(scope="module")
def seen(machine_fonts, tmp_path_factory):
    """Every paper as LibreOffice prints its Word file, beside our print."""
    desk = office(tmp_path_factory.mktemp("office"))
    papers = {name: make() for name, make in (LINE_BY_LINE | PAGE_BY_PAGE).items()}
    shown = desk.printed({name: word(paper, machine_fonts) for name, paper in papers.items()})
    return {name: (pages(shown[name]), pages(draw(paper, machine_fonts))) for name, paper in papers.items()}


@pytest.mark.parametrize("name", LINE_BY_LINE)
def test_the_word_file_has_the_pages_lines_and_places_of_the_print(seen, name):
    in_word, printed = seen[name]

    assert len(in_word) == len(printed)
    for ours, theirs in zip(map(lines_of, printed), map(lines_of, in_word), strict=True):
        assert [text for _, text in theirs] == [text for _, text in ours]
        assert [text for (at, text), (top, _) in zip(ours, theirs, strict=True) if abs(at - top) > SHIFT] == []


@pytest.mark.parametrize("name", PAGE_BY_PAGE)
def test_where_cells_break_otherwise_a_page_still_says_the_same_in_the_same_places(seen, name):
    in_word, printed = seen[name]

    assert len(in_word) == len(printed)
    for ours, theirs in zip(map(lines_of, printed), map(lines_of, in_word), strict=True):
        assert sorted("".join(text for _, text in theirs)) == sorted("".join(text for _, text in ours))
        places = once(theirs)
        assert [text for text, top in once(ours).items() if abs(places.get(text, top) - top) > TABLE_SHIFT] == []


def test_the_page_is_that_of_the_standard(wall):
    section = wall.sections[0]

    edges = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(edge.mm) for edge in edges] == [37, 35, 28, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert section._sectPr.find(qn("w:docGrid")).get(qn("w:linePitch")) == "579"
    assert wall.styles["公文正文"].paragraph_format.line_spacing == Pt(28.95)


def test_every_paragraph_has_a_style_named_in_chinese(wall):
    used = {paragraph.style.name for paragraph in wall.paragraphs}
    in_tables = {p.style.name for table in wall.tables for row in table.rows for c in row.cells for p in c.paragraphs}

    assert {"公文标题", "公文正文", "一级标题", "小字", "空行"} <= used
    assert {"表头", "表格正文", "签字栏", "指印", "盖章处"} <= in_tables
    assert all(not name.isascii() for name in used | in_tables)


def test_headings_stand_in_the_outline_and_the_styles_name_official_type(wall):
    heading = wall.styles["一级标题"]
    faces = {
        name: wall.styles[name].element.rPr.rFonts.get(qn("w:eastAsia"))
        for name in ("公文标题", "公文正文", "一级标题", "二级标题", "页脚")
    }

    assert heading.base_style.name == "Heading 1"
    assert list(faces.values()) == ["方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"]
    assert wall.styles["公文正文"].element.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"


def test_every_foot_says_it_is_a_copy_and_gives_its_sum(wall):
    section, total = wall.sections[0], sum_of(examples.wall_consensus())

    for foot in (section.footer, section.even_page_footer):
        said = "\n".join(paragraph.text for paragraph in foot.paragraphs)
        assert "可编辑副本，不是签字原件" in said
        assert f"内容摘要 {total}" in said
        assert "石墙〔2026〕3号 · 第3版" in said
        assert " PAGE " in {code.text for code in foot._element.iter(qn("w:instrText"))}
    assert wall.settings.odd_and_even_pages_header_footer
    assert wall.core_properties.comments == "可编辑副本，不是签字原件"


def test_a_copy_of_what_was_sealed_tells_the_code_of_the_original(fonts):
    sealed = word(ConsensusPaper("题", imprint=Imprint(version=2, digits="12345678901234567890")), fonts)
    open_one = word(ConsensusPaper("题", imprint=Imprint(version=0)), fonts)

    feet = ["\n".join(p.text for p in opened(file).sections[0].footer.paragraphs) for file in (sealed, open_one)]
    assert "第2版" in feet[0]
    assert "原件验真码 1234" in feet[0]
    assert "未定稿" in feet[1]
    assert "原件验真码" not in feet[1]


def test_the_sum_is_of_the_words_and_not_of_the_version():
    paper = examples.wall_consensus()

    other = ConsensusPaper(**{name: getattr(paper, name) for name in paper.__slots__} | {"imprint": Imprint()})
    changed = ConsensusPaper(**{name: getattr(paper, name) for name in paper.__slots__} | {"closing": "改了"})

    assert sum_of(other) == sum_of(paper) != sum_of(changed)


def test_a_draft_says_so_on_every_page(fonts):
    section = opened(word(ConsensusPaper("题", imprint=Imprint(draft=True)), fonts)).sections[0]

    assert "草稿" in section.header.paragraphs[0].text
    assert "草稿" in section.even_page_header.paragraphs[0].text


def test_a_list_repeats_its_header_and_never_splits_a_row(fonts):
    document = opened(word(examples.list_of(40), fonts))
    table, section = document.tables[0], document.sections[0]

    heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert heads == [True] + [False] * 40
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert section.page_width > section.page_height
    assert abs(section.left_margin - Mm(35)) < Mm(0.1)


def test_signatures_and_seals_stay_in_one_piece_with_what_is_signed(fonts):
    document = opened(word(examples.wall_consensus(), fonts))
    body = [part for part in document.element.body if part.tag != qn("w:sectPr")]
    start = next(at for at, part in enumerate(body) if "本共识已当场宣读" in "".join(part.itertext()))

    between = [p for part in body[start:-2] for p in part.iter(qn("w:p"))]
    assert all(p.pPr.find(qn("w:keepNext")) is not None for p in between)


def test_the_same_paper_is_the_same_bytes(fonts):
    paper = examples.wall_consensus()

    first = word(paper, fonts)

    assert first == word(paper, fonts)
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_rare_characters_and_forbidden_ones_make_a_file_that_opens(fonts):
    name = f"欧阳{examples.RARE}\x00\x0b\ufffe\ud800<&>"

    document = opened(word(ConsensusPaper(name, signers=(Signer("当事人", name),)), fonts))

    assert examples.RARE in texts(document)
    assert "<&>" in texts(document)


def test_an_empty_paper_is_a_file_too(fonts):
    assert texts(opened(word(ActionList(""), fonts))).startswith("序号")


def test_what_is_drawn_and_not_written_is_refused_with_a_way_on(fonts, monkeypatch):
    drawn = PaperKind("承诺卡", ActionList, None, draw=lambda paper, fonts: b"")
    monkeypatch.setitem(PAPERS, "action_list", drawn)

    with pytest.raises(NoWordFile, match="没有 Word 版"):
        word(ActionList("题"), fonts)


def test_under_a_printed_red_head_the_text_begins_where_it_was_told_to(fonts):
    first = opened(word(ConsensusPaper("题", imprint=Imprint(start_mm=100)), fonts)).paragraphs[0]

    assert abs(first.paragraph_format.line_spacing - Mm(63)) < Mm(0.2)
