"""The headless command line, called as a person or a script would."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import text

from db import keep
from sync.homes import StageClock, SystemClock, default_home
from ui import office

ROOT = Path(__file__).resolve().parents[2]


def call(capsys, *words):
    """Call the command line in this process; return its exit code, its lines and what it told."""
    try:
        code = office.main([str(word) for word in words])
    except SystemExit as ended:
        code = ended.code
    said = capsys.readouterr()
    return code, said.out.splitlines(), said.err


def record(kind, record_id, **told):
    blank = {
        "parent": "s1",
        "region": "530101100",
        "author": "a1",
        "at": 1_790_000_000_000,
        "status": "",
        "title": "题",
    }
    return {"op": "put", "rec": {"id": record_id, "kind": kind, "body": "文"} | blank | told}


@pytest.fixture
def workload(tmp_path):
    def written(*records):
        file = tmp_path / "workload.jsonl"
        file.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records), "utf-8")
        return file

    return written


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


def test_every_edit_is_acknowledged_and_found_by_the_check(capsys, home):
    code, lines, _ = call(capsys, "work", "--home", home, "--seed", 5, "--edits", 120)
    assert code == 0
    tokens = [line.removeprefix("ACK ") for line in lines]
    assert len(set(tokens)) == 120

    code, lines, _ = call(capsys, "check", "--home", home, "--deep")

    assert code == 0
    assert json.loads(lines[-1]) == {"ok": True, "tokens": tokens, "problems": []}


def test_the_same_seed_makes_the_same_facts_and_a_second_run_goes_on(capsys, home, tmp_path):
    other = tmp_path / "other"
    for folder in (home, other):
        call(capsys, "work", "--home", folder, "--seed", 9, "--edits", 40)
    first = call(capsys, "digest", "--home", home)
    assert first == call(capsys, "digest", "--home", other)

    call(capsys, "work", "--home", home, "--seed", 9, "--edits", 40)

    assert call(capsys, "digest", "--home", home) != first
    assert len(json.loads(call(capsys, "check", "--home", home)[1][-1])["tokens"]) == 80


def test_a_workload_is_taken_in_and_its_second_lines_change_what_differs(capsys, home, workload):
    records = [
        record("session", "s1", status="open", title="排水沟"),
        record("participant", "p1", status="干部", title="赵某甲"),
        record("issue", "i1", status="提出"),
        record("statement", "t1", status="保留"),
        record("statement", "t2", status="提出"),
        record("action", "a1", status="待办"),
    ]
    code, lines, _ = call(capsys, "load", "--home", home, workload(*records))
    assert code == 0
    told = json.loads(lines[-1])
    assert (told["records"], told["transactions"]) == (6, 1)

    again = [
        record("action", "a1", status="已办结", body="修好了"),
        record("session", "s1", status="已核实", title="沟"),
    ]
    call(capsys, "load", "--home", home, workload(*again))

    opened = keep.open_home(home, SystemClock().now())
    with opened.engine.connect() as connection:
        rows = {
            "consultation": "SELECT title, stage FROM consultation",
            "action": "SELECT text, note, stage, done_on FROM action",
            "person": "SELECT name, role, note FROM person",
            "statement": "SELECT number, kind FROM statement ORDER BY number",
        }
        found = {kind: [tuple(row) for row in connection.execute(text(query))] for kind, query in rows.items()}
    assert found == {
        "consultation": [("沟", "EVALUATED")],
        "action": [("题", "修好了", "DONE", "2026-09-21")],
        "person": [("赵某甲", "VILLAGE_CADRE", "文")],
        "statement": [(1, "DISSENT"), (2, "CLAIM")],
    }
    assert keep.check(opened.engine, deep=True).problems == []
    opened.close()


def test_more_than_a_thousand_records_go_in_a_thousand_at_a_time(capsys, home, workload):
    records = [record("participant", f"p{number}", title=f"赵某{number}") for number in range(1_001)]

    _, lines, _ = call(capsys, "load", "--home", home, workload(*records))

    assert json.loads(lines[-1])["transactions"] == 2
    assert len(json.loads(call(capsys, "check", "--home", home, "--deep")[1][-1])["tokens"]) == 2


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"\xff\xfe",
        b"null",
        b'{"op":"put"}',
        json.dumps(record("spaceship", "x")).encode(),
        json.dumps(record("session", "x") | {"op": "del"}).encode(),
        json.dumps(record("session", "", title="x")).encode(),
        json.dumps(record("action", "p1")).encode(),
        json.dumps(record("session", "x", at=10**18)).encode(),
        json.dumps(record("session", "x", at="soon")).encode(),
        json.dumps(record("session", "x", body="1101011990030778" + "70")).encode(),
        b"[" * 5_000,
    ],
)
def test_a_line_that_is_no_record_is_told_by_its_number_and_nothing_is_taken(capsys, home, workload, line):
    call(capsys, "work", "--home", home, "--edits", 3)
    before = call(capsys, "digest", "--home", home)
    file = workload(record("participant", "p1"))
    file.write_bytes(file.read_bytes() + line + b"\n")

    code, lines, told = call(capsys, "load", "--home", home, file)

    assert (code, lines) == (3, [])
    assert "第 2 行" in told
    assert "Traceback" not in told
    assert call(capsys, "digest", "--home", home) == before


@pytest.mark.parametrize("words", [[], ["fly"], ["work", "--edits", "-1"], ["work", "--edits", "many"], ["print"]])
def test_called_wrongly_it_ends_with_two(capsys, words):
    assert call(capsys, *words)[0] == 2


@pytest.mark.parametrize("verb", ["check", "digest", "list"])
def test_where_there_is_no_home_none_is_made(capsys, home, verb):
    code, _, told = call(capsys, verb, "--home", home)

    assert code == 3
    assert "这里没有院坝的数据" in told
    assert not home.exists()


def test_an_open_home_a_missing_file_and_an_unknown_consultation_are_told_in_a_sentence(capsys, home, tmp_path):
    call(capsys, "work", "--home", home, "--edits", 3)
    _, lines, _ = call(capsys, "load", "--home", home, tmp_path / "none.jsonl")
    assert lines == []
    to = tmp_path / "x.pdf"
    unknown = call(capsys, "print", "--home", home, "--consultation", "x", "--paper", "action_list", "--to", to)
    opened = keep.open_home(home, SystemClock().now())

    busy = call(capsys, "work", "--home", home, "--edits", 1)

    opened.close()
    assert (unknown[0], busy[0]) == (3, 3)
    assert "院坝已经开着了" in busy[2]
    assert not to.exists()


def test_a_paper_is_printed_and_the_same_meeting_prints_the_same_paper(capsys, home, tmp_path):
    call(capsys, "work", "--home", home, "--seed", 3, "--edits", 60)
    consultation = json.loads(call(capsys, "list", "--home", home)[1][0])
    words = ("print", "--home", home, "--consultation", consultation["id"], "--paper", "consensus_paper", "--to")

    first = json.loads(call(capsys, *words, tmp_path / "a" / "1.pdf")[1][-1])
    second = json.loads(call(capsys, *words, tmp_path / "2.pdf")[1][-1])

    assert first["pages"] >= 1
    assert first["sha256"] == second["sha256"]
    assert (tmp_path / "a" / "1.pdf").read_bytes().startswith(b"%PDF")


def test_a_paper_is_written_as_one_long_picture_for_the_telephone(capsys, home, tmp_path):
    call(capsys, "work", "--home", home, "--seed", 3, "--edits", 60)
    consultation = json.loads(call(capsys, "list", "--home", home)[1][0])
    words = ("print", "--home", home, "--consultation", consultation["id"], "--paper", "meeting_record", "--to")

    told = json.loads(call(capsys, *words, tmp_path / "record.png")[1][-1])

    with Image.open(tmp_path / "record.png") as picture:
        assert picture.format == "PNG"
        assert picture.width == pytest.approx(909, abs=2)
        assert picture.height > told["pages"] * 1280


def test_the_calibration_sheet_needs_no_home_and_a_paper_there_is_not_is_told(capsys, home, tmp_path):
    sheet = call(capsys, "print", "--home", home, "--paper", "calibration", "--to", tmp_path / "c.pdf")
    unknown = call(
        capsys, "print", "--home", home, "--paper", "diploma", "--consultation", "x", "--to", tmp_path / "d.pdf"
    )

    assert (sheet[0], json.loads(sheet[1][-1])["pages"]) == (0, 1)
    assert (unknown[0], unknown[2].strip()) == (2, "没有“diploma”这种文书")
    assert not (tmp_path / "d.pdf").exists()


def test_on_a_full_disk_it_says_so_and_what_was_acknowledged_is_there(tmp_path, home):
    small = 1_200_000  # room for the tables, and for some acts
    done = subprocess.run(
        [sys.executable, "-m", "ui.office", "work", "--home", home, "--edits", "5000"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (small, resource.RLIM_INFINITY)),
    )

    assert done.returncode == 3
    assert "没存上" in done.stderr
    assert "Traceback" not in done.stderr
    acknowledged = [line.removeprefix("ACK ") for line in done.stdout.splitlines()]
    assert acknowledged
    opened = keep.open_home(home, SystemClock().now())
    findings = keep.check(opened.engine, deep=True)
    opened.close()
    assert findings.problems == []
    assert findings.tokens == acknowledged


def test_the_window_is_never_needed():
    parts = "ui.office, ui.office_work, ui.office_load, ui.office_papers, ui.rehearsal"
    code = f"import sys, {parts}; print('PySide6' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("platform", "told", "ends"),
    [
        ("linux", {"XDG_DATA_HOME": "/data"}, "/data/yuanba"),
        ("linux", {"XDG_DATA_HOME": "relative"}, ".local/share/yuanba"),
        ("linux", {}, ".local/share/yuanba"),
        ("darwin", {}, "Library/Application Support/yuanba"),
        ("win32", {"LOCALAPPDATA": "/app"}, "/app/yuanba"),
        ("win32", {}, "AppData/Local/yuanba"),
    ],
)
def test_a_home_lies_in_the_platforms_own_folder(platform, told, ends):
    assert default_home(told, platform).as_posix().endswith(ends)


def test_a_stage_clock_shows_what_it_is_set_to():
    from datetime import datetime, timedelta

    clock = StageClock(datetime(2026, 3, 30), timedelta(seconds=5))

    assert [clock.now().second, clock.now().second] == [0, 5]
    clock.set(datetime(2027, 1, 1))
    assert clock.now().year == 2027
    assert SystemClock().now().utcoffset() is not None
