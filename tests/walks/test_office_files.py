"""Word, Excel and templates from the command line, in a home where a meeting is under way."""

import io
import json
import subprocess
import sys
from pathlib import Path

import docx
import openpyxl
import pytest

from tests.walks.test_office import call

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def held(capsys, tmp_path):
    """A home with a meeting; returns the home and the id."""
    home = tmp_path / "home"
    call(capsys, "work", "--home", home, "--seed", 3, "--edits", 60)
    return home, json.loads(call(capsys, "list", "--home", home)[1][0])["id"]


def words(home, consultation, to, *more):
    return ("word", "--home", home, "--consultation", consultation, "--paper", "consensus_paper", "--to", to, *more)


def paragraphs(file):
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(file.read_bytes())).paragraphs]


def test_a_paper_is_written_as_word_and_says_the_same_twice(capsys, held, tmp_path):
    home, consultation = held

    first = json.loads(call(capsys, *words(home, consultation, tmp_path / "a" / "1.docx"))[1][-1])
    second = json.loads(call(capsys, *words(home, consultation, tmp_path / "2.docx"))[1][-1])

    assert first["sha256"] == second["sha256"]
    assert any("协商共识" in line or "协商意向" in line for line in paragraphs(tmp_path / "2.docx"))


def test_a_template_in_the_home_is_used_until_it_is_moved_away(capsys, held, tmp_path):
    home, consultation = held
    own = home / "templates" / "consensus_paper.docx"
    assert call(capsys, "template", "--paper", "consensus_paper", "--to", own)[0] == 0
    document = docx.Document(str(own))
    document.add_paragraph("我县自己的格式：{{标题}}")
    document.save(str(own))

    told = json.loads(call(capsys, *words(home, consultation, tmp_path / "1.docx"))[1][-1])
    own.unlink()
    plain = json.loads(call(capsys, *words(home, consultation, tmp_path / "2.docx"))[1][-1])

    assert (told["template"], plain["template"]) == (str(own), "")
    assert paragraphs(tmp_path / "1.docx")[-1].startswith("我县自己的格式：")
    assert "{{" not in paragraphs(tmp_path / "1.docx")[-1]


def test_a_wrong_template_is_named_and_leaves_no_file(capsys, held, tmp_path):
    home, consultation = held
    wrong, to = tmp_path / "wrong.docx", tmp_path / "out.docx"
    document = docx.Document()
    document.add_paragraph("{{标提}}")
    document.save(str(wrong))

    code, _, said = call(capsys, *words(home, consultation, to, "--template", wrong))

    assert code == 3
    assert "{{标提}}" in said
    assert not to.exists()
    assert list(tmp_path.glob("*.part")) == []


@pytest.mark.parametrize("name", ["actions", "topics", "consultations"])
def test_a_list_is_written_as_excel(capsys, held, tmp_path, name):
    home, _ = held

    told = json.loads(call(capsys, "excel", "--home", home, "--list", name, "--to", tmp_path / "l.xlsx")[1][-1])

    sheet = openpyxl.load_workbook(tmp_path / "l.xlsx").active
    assert sheet.max_row == 4 + max(1, told["rows"])


def test_the_return_of_a_place_and_some_days_adds_up(capsys, held, tmp_path):
    home, _ = held
    days = ("--since", "2020-01-01", "--until", "2099-12-31")
    ask = ("excel", "--home", home, "--list", "return", "--place", "5326", *days, "--to", tmp_path / "r.xlsx")

    told = json.loads(call(capsys, *ask)[1][-1])

    rows = list(openpyxl.load_workbook(tmp_path / "r.xlsx").worksheets[0].iter_rows(min_row=4, values_only=True))
    assert rows[told["rows"]][1] == "合计"
    assert sum(row[4] for row in rows[: told["rows"]]) == rows[told["rows"]][4]


@pytest.mark.parametrize(("use", "words"), [((), "上报"), (("--use", "kept"), "本县留存")])
def test_a_return_goes_up_unless_it_is_said_that_it_stays(capsys, held, tmp_path, use, words):
    home, _ = held

    call(capsys, "excel", "--home", home, "--list", "return", "--place", "5326", *use, "--to", tmp_path / "r.xlsx")

    title = openpyxl.load_workbook(tmp_path / "r.xlsx").worksheets[0]["A1"].value
    assert title.endswith(f"统计报表（{words}）")


@pytest.mark.parametrize("name", ["supervision", "plan"])
def test_a_list_of_one_place_is_written_without_a_window(capsys, held, tmp_path, name):
    home, _ = held

    code, lines, _ = call(
        capsys, *("excel", "--home", home, "--list", name, "--place", "999999", "--to", tmp_path / "l.xlsx")
    )

    assert (code, json.loads(lines[-1])["rows"]) == (0, 0)


def test_who_came_needs_a_meeting_and_names_stay_inside(capsys, held, tmp_path):
    home, consultation = held
    ask = ("excel", "--home", home, "--list", "attendance", "--to", tmp_path / "l.xlsx")

    refused, _, said = call(capsys, *ask)
    code, lines, _ = call(capsys, *ask, "--consultation", consultation)

    assert (refused, code) == (3, 0)
    assert "哪一场" in said
    rows = json.loads(lines[-1])["rows"]
    assert "不公开" in openpyxl.load_workbook(tmp_path / "l.xlsx").active.cell(4 + rows, 1).value


@pytest.mark.parametrize(("paper", "told"), [("nothing", "没有“nothing”这种文书"), ("calibration", "没有 Word 版")])
def test_what_has_no_word_file_is_refused(capsys, tmp_path, paper, told):
    code, _, said = call(capsys, "template", "--paper", paper, "--to", tmp_path / "t.docx")

    assert code == 3
    assert told in said


@pytest.mark.parametrize("verb", ["print", "word"])
def test_a_place_that_cannot_be_written_to_is_named_and_nothing_is_left_behind(capsys, held, tmp_path, verb):
    home, consultation = held
    taken = tmp_path / "共识"
    taken.mkdir()
    before = set(tmp_path.iterdir())

    code, _, said = call(capsys, verb, *words(home, consultation, taken)[1:])

    assert code == 3
    assert "“共识”写不进去。会议内容都在" in said
    assert "屏幕" not in said
    assert set(tmp_path.iterdir()) == before


def test_checking_a_file_that_is_not_there_does_not_call_it_a_bad_code(capsys, held, tmp_path):
    home, _ = held

    code, _, said = call(capsys, "verify", "--home", home, tmp_path / "照片.jpg")

    assert code == 3
    assert "“照片.jpg”找不到了" in said


def test_writing_word_and_excel_needs_no_window():
    code = "import sys, ui.office_files; print('PySide6' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
