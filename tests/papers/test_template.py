"""A county's own Word templates: filled whole, or refused with the placeholder that is wrong."""

import io
import string
import zipfile
from contextlib import suppress

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.office_files.template import TemplateWrong, context, fill, starter
from app.office_files.template_words import WORDS
from app.printing import PAPERS
from tests.papers import examples

WALL = examples.wall_consensus()


def template(*lines):
    """A Word file as somebody would type it."""
    document, out = docx.Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(out)
    return out.getvalue()


def said(content):
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_placeholders_in_chinese_are_filled_from_the_paper():
    content = fill(template("我县格式", "{{标题}}", "编号：{{编号}}", "{{内容摘要}}"), WALL)

    assert "我县格式\n石墙村15米挡墙院坝协商共识\n编号：石墙〔2026〕3号" in said(content)


def test_loops_repeat_a_paragraph_for_each_task():
    content = fill(template("{%p for 项 in 任务 %}", "{{loop.index}}. {{项.任务内容}}", "{%p endfor %}"), WALL)

    assert "1. 沿确权界线修15米挡墙，留泄水孔三个\n2. 界桩坐标报乡备案" in said(content)


@pytest.mark.parametrize("kind", [code for code, kind in PAPERS.items() if kind.compose])
def test_there_is_a_starter_for_every_paper_that_is_written(fonts, kind):
    content = starter(kind, fonts)

    assert "{{标题}}" in said(content)
    assert content == starter(kind, fonts)


@pytest.mark.parametrize("paper", [WALL, examples.sheet_of(4), examples.list_of(3)], ids=lambda paper: paper.title)
def test_a_starter_is_filled_without_a_placeholder_left(fonts, paper):
    kind = next(code for code, kind in PAPERS.items() if isinstance(paper, kind.content))
    content = fill(starter(kind, fonts), paper)

    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert not any(b"{{" in package.read(name) or b"{%" in package.read(name) for name in package.namelist())
    assert paper.title in said(content)
    assert content == fill(starter(kind, fonts), paper)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{{标提}}", "{{标提}}"),
        ("{{任务[0].没有}}", "{{没有}}"),
        ("{{ 标题", "标题"),
        ("{% for 项 in 任务 %}", "写得不对"),
        ("{{标题|没有这个}}", "没有这个"),
        ("{{标题.__class__.__mro__}}", "不许用"),
        ("{% for a in range(10**9) %}{% endfor %}", "不许用"),
        ("{{1/0}}", "填不了"),
        ("{{任务[99].任务内容}}", "没有"),
    ],
)
def test_a_mistake_in_a_template_is_named_and_nothing_is_written(line, told):
    with pytest.raises(TemplateWrong) as refused:
        fill(template("{{标题}}", line), WALL)

    assert told in refused.value.sentence()
    assert "没有生成文件" in refused.value.sentence()


@pytest.mark.parametrize("junk", [b"", b"PK", b"x" * 100, b"PK\x03\x04" + b"\0" * 60])
def test_what_is_no_word_file_is_refused(junk):
    with pytest.raises(TemplateWrong, match="不是 Word 文件"):
        fill(junk, WALL)


def test_a_template_that_would_swell_is_refused_before_it_is_opened():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b" " * 65_000_000)

    with pytest.raises(TemplateWrong, match="太大"):
        fill(out.getvalue(), WALL)


def test_what_people_wrote_is_text_and_never_markup():
    paper = examples.sheet_of(1)
    odd = type(paper)("<w:p>{{编号}}&amp;\x00", imprint=paper.imprint)

    assert "<w:p>{{编号}}&amp;" in said(fill(template("{{标题}}"), odd))


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=string.printable + "{}%标题任务项", max_size=30))
def test_whatever_stands_in_a_template_it_is_filled_or_refused(line):
    with zipfile.ZipFile(io.BytesIO(template("占位"))) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    written = "".join(sign for sign in line if sign.isprintable() and sign not in "<>&")
    parts["word/document.xml"] = parts["word/document.xml"].replace("占位".encode(), written.encode())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)

    with suppress(TemplateWrong):
        assert docx.Document(io.BytesIO(fill(out.getvalue(), WALL)))


def test_names_of_placeholders_are_chinese_and_everything_shown_has_one():
    assert all(not word.isascii() for word in WORDS.values())
    assert "任务" in context(WALL)
    assert context(WALL)["任务"] == context(WALL)["actions"]
