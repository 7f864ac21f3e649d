"""Signed paper comes back to the right meeting, paper and version; what nobody can place is kept and never guessed."""

import json
import os
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.commands.attachment import FileScans, PlaceScan, RemoveScan
from app.domain.attachment import Placing, Scan
from app.domain.change import ChangeSet, created
from app.domain.consultation import Consultation
from app.domain.edition import Edition
from app.domain.edition_code import PageCode
from app.domain.errors import Incomplete, NotSaved
from app.queries.attachment import papers_back, placed_scans, scans_aside
from db import keep
from db.blobs import lost_attachments
from tests.scanning.photographs import Shot, photograph, signed
from ui import office
from ui.scanning import ScanRun

ROOT = Path(__file__).resolve().parents[2]
NAMES = {"consensus_paper": "协商共识", "sign_in_sheet": "签到表"}
DIGEST = "0123456789abcdef" * 4


@pytest.fixture
def sitting(world):
    return world.sitting("挡墙谁出资")


def sealed(world, sitting_id, version, digest=DIGEST):
    consultation = world.desk.ask(lambda shelf: shelf.all(Consultation))
    told = (consultation[0].id, sitting_id, version, "", "", "", digest, "0" * 20, "", "", world.clock.now())
    edition = Edition(f"{version:032x}", *told)
    world.home.ledger.write(ChangeSet("定稿", created(edition), f"seal-{version}"), "示例干部", world.clock.now())
    return edition


def scan(world, sitting_id, page=1, pages=2, version=0, picture=None, paper="consensus_paper", check="0" * 16):
    picture = picture or f"{sitting_id}{paper}{version}{page}".encode()
    blob = world.home.blobs.put(picture)
    return Scan("IMG_1.jpg", PageCode(sitting_id, paper, version, page, pages, check), blob, "", len(picture))


def filed(world, *scans, here=""):
    placed = world.desk.ask(placed_scans, scans, NAMES, here)
    world.desk.do(FileScans(tuple(placed)))
    return placed


def test_a_page_goes_to_its_paper_and_the_missing_one_is_named(world, sitting):
    (placed,) = filed(world, scan(world, sitting, page=1, pages=4), here=sitting)

    assert placed.placing is Placing.FILED
    assert "《协商共识》（定稿前印的）第 1 页，共 4 页" in placed.sentence
    (back,) = world.desk.ask(papers_back, sitting, NAMES)
    assert back.missing == (2, 3, 4)
    assert back.sentence() == "《协商共识》（定稿前印的）：缺第 2、3、4 页，共 4 页"


def test_when_all_are_there_it_says_so(world, sitting):
    filed(world, scan(world, sitting, 2), scan(world, sitting, 1))

    (back,) = world.desk.ask(papers_back, sitting, NAMES)

    assert back.sentence().endswith("共 2 页，都齐了")


def test_paper_of_a_meeting_that_is_not_here_is_named_and_not_taken(world, sitting):
    (placed,) = filed(world, scan(world, "ab" * 16))

    assert placed.placing is Placing.FOREIGN
    assert placed.sentence.startswith("这是别的会的纸：《协商共识》")
    assert world.desk.ask(papers_back, "ab" * 16, NAMES) == []
    assert world.desk.ask(scans_aside) == []


def test_paper_of_another_meeting_here_goes_to_that_meeting_in_words(world, sitting):
    (placed,) = filed(world, scan(world, sitting), here="another")

    assert placed.placing is Placing.FILED
    assert "这是别的会的纸" in placed.sentence
    assert "归到那个会“石墙村 15 米挡墙院坝协商”" in placed.sentence


def test_a_page_of_an_older_version_goes_to_that_version_in_words(world, sitting):
    first, _ = sealed(world, sitting, 1), sealed(world, sitting, 2)

    (placed,) = filed(world, scan(world, sitting, version=1))

    assert placed.placing is Placing.OTHER_VERSION
    assert "这是第 1 版，现在是第 2 版" in placed.sentence
    (back,) = world.desk.ask(papers_back, sitting, NAMES)
    assert (back.version, back.shown(1).edition_id) == (1, first.id)


def test_a_page_of_a_version_this_machine_has_not_seen_is_kept_and_said(world, sitting):
    sealed(world, sitting, 1)

    (placed,) = filed(world, scan(world, sitting, version=3))

    assert "这是第 3 版，这台电脑上只到第 1 版" in placed.sentence
    assert world.desk.ask(papers_back, sitting, NAMES)[0].version == 3


def test_a_code_that_does_not_fit_its_sealed_version_is_put_aside(world, sitting):
    sealed(world, sitting, 1)

    good, bad = filed(
        world,
        scan(world, sitting, version=1, check=DIGEST[:16]),
        scan(world, sitting, page=2, version=1, check="f" * 16),
    )

    assert (good.placing, bad.placing) == (Placing.FILED, Placing.ASIDE)
    assert len(world.desk.ask(scans_aside)) == 1


def test_the_same_page_photographed_twice_is_kept_twice_and_the_newest_shown(world, sitting):
    filed(world, scan(world, sitting, picture=b"blurred"))
    (placed,) = filed(world, scan(world, sitting, picture=b"sharp"))

    (back,) = world.desk.ask(papers_back, sitting, NAMES)
    assert "两张都留着" in placed.sentence
    assert len(back.scans[1]) == 2
    assert world.home.blobs.get(back.shown(1).blob) == b"sharp"


def test_the_very_same_picture_is_not_kept_twice(world, sitting):
    one = scan(world, sitting)

    first = filed(world, one, one)
    again = filed(world, one)

    assert [placed.placing for placed in first + again] == [Placing.FILED, Placing.ALREADY, Placing.ALREADY]
    assert len(world.desk.ask(papers_back, sitting, NAMES)[0].scans[1]) == 1


def test_a_page_nobody_can_read_waits_for_a_person_and_then_goes_where_they_say(world, sitting):
    blob = world.home.blobs.put(b"a page in the rain")
    (placed,) = filed(world, Scan("IMG_9.jpg", None, blob, "", 18))
    (waiting,) = world.desk.ask(scans_aside)
    assert (placed.placing, waiting.note) == (Placing.ASIDE, "IMG_9.jpg")

    world.desk.do(PlaceScan(waiting.id, sitting, "sign_in_sheet", 0, 2, 3))

    (back,) = world.desk.ask(papers_back, sitting, NAMES)
    assert (back.name, back.missing) == ("签到表", (1, 3))
    assert world.desk.ask(scans_aside) == []
    with pytest.raises(Incomplete):
        world.desk.do(PlaceScan(waiting.id, sitting, "sign_in_sheet", 0, 2, 3))


def test_a_scan_that_is_none_of_ours_can_be_put_away_and_taken_back(world):
    filed(world, Scan("IMG_9.jpg", None, world.home.blobs.put(b"a dog"), "", 5))
    (waiting,) = world.desk.ask(scans_aside)

    world.desk.do(RemoveScan(waiting.id))
    assert world.desk.ask(scans_aside) == []
    world.desk.undo()

    assert world.desk.ask(scans_aside) == [waiting]


def test_a_batch_is_one_act_and_is_undone_as_one(world, sitting):
    filed(world, *(scan(world, sitting, page, 5) for page in range(1, 6)))

    assert world.desk.deeds(1)[0].title == "收回签好的纸 5页"
    world.desk.undo()

    assert world.desk.ask(papers_back, sitting, NAMES) == []


# The whole way, over the command line


def call(capsys, *words):
    code = office.main([str(word) for word in words])
    said = capsys.readouterr()
    return code, [json.loads(line) for line in said.out.splitlines()], said.err


@pytest.fixture(scope="session")
def photographed(press):
    """Return how both pages of a meeting were photographed, the second one upside down, and one page of a meeting
    elsewhere; each meeting once."""

    @cache
    def taken(sitting_id):
        random = np.random.default_rng(20260330)
        ours, others = press(sitting_id, 0, ""), press()
        shots = [(ours.pages[0], 0), (ours.pages[1], 2), (others.pages[0], 1)]
        return [photograph(signed(page, random), Shot(1800, 2400, turn=turn), random).jpeg() for page, turn in shots]

    return taken


@pytest.fixture
def pictures(world, photographed, tmp_path):
    """The photographs of a real meeting, in files."""
    sitting_id = world.sitting("挡墙谁出资")
    files = []
    for number, picture in enumerate(photographed(sitting_id)):
        file = tmp_path / f"IMG_{number}.jpg"
        file.write_bytes(picture)
        files.append(file)
    return sitting_id, files


def test_the_command_line_files_them_and_names_the_rest(capsys, world, pictures, tmp_path):
    _, files = pictures
    yard = tmp_path / "yard.png"
    Image.new("RGB", (900, 600), (90, 140, 80)).save(yard)
    (tmp_path / "words.jpg").write_bytes(b"words")
    world.close()

    code, lines, err = call(capsys, "scan", "--home", world.folder, files[0], files[2], yard, tmp_path / "words.jpg")

    assert code == 0
    assert [line.get("outcome") for line in lines[:-1]] == ["filed", "foreign", "aside", "refused"]
    assert lines[-1]["filed"] == 1
    assert lines[-1]["missing"] == ["《协商共识》（定稿前印的）：缺第 2 页，共 2 页"]
    assert "1/3 IMG_0.jpg" in err
    code, lines, _ = call(capsys, "scan", "--home", world.folder, files[1])
    assert (code, lines[-1]["missing"]) == (0, [])
    code, lines, err = call(capsys, "scan", "--home", world.folder, files[1], yard)
    assert code == 3
    assert [line.get("outcome") for line in lines[:-1]] == ["already", "already"]
    assert "一页也没归好" in err
    code, lines, _ = call(capsys, "check", "--home", world.folder, "--deep")
    assert (code, lines[-1]["problems"]) == (0, [])


def test_a_full_disk_files_nothing_and_says_so(capsys, world, pictures, monkeypatch):
    _, files = pictures
    before = keep.digest(world.home.engine)
    world.close()

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("db.blobs.os.fsync", full)
        code, lines, err = call(capsys, "scan", "--home", world.folder, files[0])

    assert (code, lines) == (3, [])
    assert NotSaved("").what in err
    home = keep.open_home(world.folder, world.clock.now())
    assert keep.digest(home.engine) == before
    home.close()


@pytest.mark.kill
@pytest.mark.skipif(os.name == "nt", reason="kills as Unix does")
@pytest.mark.parametrize("kill", range(int(os.environ.get("YUANBA_SCAN_KILLS", "3"))))
def test_a_kill_in_the_middle_leaves_what_was_before_or_the_whole_batch(world, pictures, kill):
    sitting_id, files = pictures
    before = keep.digest(world.home.engine)
    world.close()
    call_line = [sys.executable, "-m", "ui.office", "scan", "--home", str(world.folder), *map(str, files[:2])]

    child = subprocess.Popen(call_line, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    begun = child.stderr.readline()
    time.sleep(0.25 * kill)
    child.send_signal(signal.SIGKILL)
    child.stderr.close()
    child.wait()

    assert begun
    home = keep.open_home(world.folder, world.clock.now())
    try:
        back = papers_back(home.shelf, sitting_id, NAMES)
        assert keep.check(home.engine, deep=True).problems + lost_attachments(home.shelf, home.blobs) == []
        assert keep.digest(home.engine) == before if not back else back[0].missing == ()
        assert list((world.folder / "blobs").glob("part/*")) == []
    finally:
        home.close()


# The whole way, for the window


def test_the_window_is_told_page_by_page_and_then_what_became_of_them(qtbot, world, pictures):
    sitting_id, files = pictures
    room = world.room()
    heard, changed = [], []
    room.changed.connect(changed.append)
    run = ScanRun(room, files[:2], room, sitting_id)
    run.went_on.connect(heard.append)

    with qtbot.waitSignal(run.ended) as ended:
        run.start()

    taken = ended.args[0]
    assert (taken.filed, taken.missing) == (2, ())
    assert taken.act
    assert [step.done for step in heard if step.known] == [0, 1, 2]
    assert len(changed) == 1
    room.tasks.finish()


def test_stopping_in_the_window_leaves_nothing_behind(qtbot, world, pictures):
    sitting_id, files = pictures
    room = world.room()
    run = ScanRun(room, files * 5, room, sitting_id)
    run.went_on.connect(lambda step: run.stop() if step.known else None)

    with qtbot.waitSignal(run.failed) as failed:
        run.start()

    assert failed.args[0].code == "I-502"
    assert world.desk.ask(papers_back, sitting_id, NAMES) == []
    assert not (world.folder / "blobs").exists()
    room.tasks.finish()
