"""`office erase`: a look, the erasing, and what is refused, each with a sentence."""

import json

import pytest

from app.commands.statement import RecordStatement
from app.domain.people import Person
from db import keep
from tests.world import MORNING, World
from ui import office


@pytest.fixture
def folder(tmp_path):
    world = World(tmp_path / "home")
    who = world.villager("赵某甲", phone="13800003217")
    world.villager("钱某乙")
    world.villager("钱某乙")
    sitting = world.sitting("谁出资", invited=(who,))
    world.desk.do(RecordStatement(sitting, "两家各出一半。", speaker_id=who))
    world.close()
    return tmp_path / "home"


def office_says(capsys, folder, *arguments):
    code = office.main(["erase", "--home", str(folder), *arguments])
    told = capsys.readouterr()
    return code, [json.loads(line) for line in told.out.splitlines()], told.err


def names(folder) -> list[str]:
    home = keep.open_home(folder, MORNING)
    found = sorted(one.name for one in home.shelf.all(Person))
    home.close()
    return found


def test_a_look_counts_and_erases_nothing(capsys, folder):
    code, (told,), said = office_says(capsys, folder, "--person", "赵某甲", "--look")

    assert code == 0
    assert told["records"] == {"person": 1, "attendance": 1, "statement": 1}
    assert told["entries"] == 2
    assert said.startswith("要删的：2 处")
    assert "赵某甲" in names(folder)


def test_it_erases_and_has_nothing_left_to_do(capsys, folder):
    code, (told,), said = office_says(capsys, folder, "--person", "赵某甲", "--reason", "retention")
    again, _, refused = office_says(capsys, folder, "--person", "（已删去）")

    assert (code, told["entries"]) == (0, 2)
    assert "印出去的纸" in said
    assert again == 3
    assert refused == "没有可删的了。什么都没变\n"
    assert names(folder) == ["钱某乙", "钱某乙", "（已删去）"]
    assert office.main(["check", "--deep", "--home", str(folder)]) == 0


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (("--person", "孙某丙"), "名册上没有“孙某丙”"),
        (("--person", "钱某乙"), "名册上有 2 个“钱某乙”"),
        (("--record", "sitting:1"), "“sitting”这种记录不能单独删"),
        (("--record", "topic:1"), "没有可删的了"),
    ],
)
def test_what_it_does_not_know_it_says(capsys, folder, asked, sentence):
    code, told, said = office_says(capsys, folder, *asked)

    assert (code, told) == (3, [])
    assert said.startswith(sentence)
