"""A laptop is enrolled from the command line: a stick up, one call, the stick back."""

import json
import socket

import pytest

from sync import enrolment
from sync.directory import Directory
from sync.homes import SystemClock
from sync.letter import read_letters
from ui import office

TOWNSHIP, COUNTY = "530102001", "530102"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(enrolment, "COST", 4)


@pytest.fixture
def call(capsys):
    """Call the command line in this process; return its exit code, its lines and what it told."""

    def called(home, *words):
        code = office.main(["enrol", "--home", str(home), *map(str, words)])
        said = capsys.readouterr()
        return code, [json.loads(line) for line in said.out.splitlines()], said.err

    return called


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def county(tmp_path, call):
    assert call(tmp_path / "county", "--found", COUNTY, "--name", "示例县")[0] == 0
    return tmp_path / "county"


def import_letters(home, stick):
    """Take in what lies on a stick, as an import does."""
    with office._opened(home) as opened:
        work = enrolment.Enrolment(opened.postbox, opened.seal, SystemClock().now())
        return work.take(read_letters(stick, TOWNSHIP, home / "in"))


def test_a_stick_up_one_call_and_the_stick_back(call, tmp_path, stick, county):
    laptop = tmp_path / "laptop"

    _, (asked,), told = call(laptop, "--ask", TOWNSHIP, "--device-name", "桃园村笔记本", "--to", stick)
    assert enrolment.shown(asked["digits"]) in told
    code, (accepted,), told = call(county, "--accept", stick, "--digits", asked["digits"])
    assert code == 0
    assert (accepted["name"], accepted["org"]) == ("桃园村笔记本", TOWNSHIP)
    assert enrolment.shown(accepted["digits"]) in told
    assert call(laptop, "--confirm", accepted["digits"])[1] == [{"pinned": ""}]
    import_letters(laptop, stick)

    state = call(laptop)[1]
    assert state[0]["org"] == TOWNSHIP
    assert {one["name"] for one in state[1:]} == {"示例县", "桃园村笔记本"}
    assert sorted(file.parent.name for file in stick.rglob("*.YB")) == [COUNTY, TOWNSHIP]


def test_digits_may_be_compared_after_the_stick_came_back(call, tmp_path, stick, county):
    laptop = tmp_path / "laptop"
    _, (asked,), _ = call(laptop, "--ask", TOWNSHIP, "--device-name", "桃园村笔记本", "--to", stick)
    _, (accepted,), _ = call(county, "--accept", stick, "--digits", asked["digits"])
    import_letters(laptop, stick)
    assert "还没核对" in call(laptop)[2]

    wrong = f"{(int(accepted['digits']) + 1) % 10**8:08}"
    code, _, told = call(laptop, "--confirm", wrong)
    assert code == 3
    assert "对不上" in told
    assert call(laptop, "--confirm", accepted["digits"])[1] == [{"pinned": COUNTY}]
    assert call(laptop)[1][0]["org"] == TOWNSHIP


def test_wrong_digits_are_refused_and_leave_stick_and_county_as_they_were(call, tmp_path, stick, county):
    _, (asked,), _ = call(tmp_path / "laptop", "--ask", TOWNSHIP, "--device-name", "桃园村笔记本", "--to", stick)
    wrong = f"{(int(asked['digits']) + 1) % 10**8:08}"
    before = sorted(stick.rglob("*"))

    code, lines, told = call(county, "--accept", stick, "--digits", wrong)

    assert code == 3
    assert lines == []
    assert "8 位数" in told
    assert sorted(stick.rglob("*")) == before
    assert [one["name"] for one in call(county)[1][1:]] == ["示例县"]


def test_an_answer_that_was_lost_is_written_again(call, tmp_path, stick, county):
    _, (asked,), _ = call(tmp_path / "laptop", "--ask", TOWNSHIP, "--device-name", "桃园村笔记本", "--to", stick)
    request = next(stick.rglob("*.YB"))
    first = call(county, "--accept", request, "--digits", asked["digits"])[1]
    for answer in (stick / "YUANBA" / TOWNSHIP).iterdir():
        answer.unlink()

    code, again, _ = call(county, "--accept", request, "--digits", asked["digits"])

    assert code == 0
    assert again[0]["digits"] == first[0]["digits"]
    assert len(list((stick / "YUANBA" / TOWNSHIP).iterdir())) == 1
    assert len(call(county)[1]) == 3


def test_a_damaged_request_is_refused_in_words(call, tmp_path, stick, county):
    call(tmp_path / "laptop", "--ask", TOWNSHIP, "--device-name", "桃园村笔记本", "--to", stick)
    request = next(stick.rglob("*.YB"))
    raw = bytearray(request.read_bytes())
    raw[len(raw) // 2] ^= 1
    request.write_bytes(raw)

    code, _, told = call(county, "--accept", stick, "--digits", "48210937")

    assert code == 3
    assert told.strip()


def test_a_lost_laptop_is_named_lost(call, tmp_path, stick, county):
    _, (asked,), _ = call(tmp_path / "laptop", "--ask", TOWNSHIP, "--device-name", "桃园村笔记本", "--to", stick)
    call(county, "--accept", stick, "--digits", asked["digits"])

    code, (lost,), told = call(county, "--lost", "桃园村笔记本", "--reason", "乡里来电话")

    assert code == 0
    assert lost["device"] == asked["device"]
    assert "先放着等人看" in told
    assert [one["lost"] for one in call(county)[1][1:]].count(True) == 1


def test_a_home_that_is_not_there_is_not_made_by_accepting(call, tmp_path, stick):
    code, _, told = call(tmp_path / "nobody", "--accept", stick, "--digits", "48210937")

    assert code == 3
    assert "没有院坝的数据" in told
    assert not (tmp_path / "nobody").exists()


def test_a_county_asks_its_province_in_the_same_way(call, tmp_path, stick, county):
    province = tmp_path / "province"
    call(province, "--found", "53", "--name", "示例省")
    _, (asked,), _ = call(county, "--ask", "53", "--device-name", "县里值班电脑", "--to", stick)
    code, (accepted,), _ = call(province, "--accept", stick, "--digits", asked["digits"])
    assert code == 0
    assert accepted["org"] == COUNTY
    call(county, "--confirm", accepted["digits"])
    with office._opened(county) as opened:
        work = enrolment.Enrolment(opened.postbox, opened.seal, SystemClock().now())
        work.take(read_letters(stick, COUNTY, county / "in"))
        assert Directory.of(opened.postbox).org("53").name == "示例省"


@pytest.mark.parametrize("words", [("--found", "530199"), ("--ask", "530102999", "--device-name", "桃园村笔记本")])
def test_a_slip_in_a_code_is_found_before_anything_is_founded_for_good(call, tmp_path, stick, words):
    code, lines, told = call(tmp_path / "home", *words, "--to", stick)

    assert (code, lines) == (3, [])
    assert f"区划表里没有 {words[1]}" in told
    assert not (tmp_path / "home").exists()


def test_a_relay_whose_port_another_program_has_says_so(county, capsys):
    with socket.create_server(("127.0.0.1", 0)) as other:
        assert office.main(["serve", "--home", str(county), "--port", str(other.getsockname()[1])]) == 3

    assert "已经有别的程序在用" in capsys.readouterr().err
