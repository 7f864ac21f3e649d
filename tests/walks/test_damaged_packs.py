"""Whatever is done to a pack on its way, it is refused in a sentence and nothing changes; then a good one is taken.

All goes through one process of `office serve-import`, path by path. `YUANBA_DAMAGED` says how many damaged packs
(300 unless told). None may take 10 seconds, nor the process 512 MiB.
"""

import os
import random
import re
import resource
import shutil
import subprocess
import sys
import time
import zipfile
from collections import Counter
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from app.commands.people import RegisterPerson
from app.domain.errors import NotSaved, NotTaken, StickFull, StickReadOnly
from app.domain.people import Person
from db import keep
from tests.sync.fleet import Machine, enrolled
from tests.sync.offices import COUNTY

ROOT = Path(__file__).resolve().parents[2]
DAMAGED = int(os.environ.get("YUANBA_DAMAGED", "300"))
MOST_S, MOST_BYTES = 10.0, 512 << 20
MOST_SENTENCES = 15
SECTOR = 512


def flipped(raw, chance):
    at = chance.randrange(len(raw))
    return raw[:at] + bytes([raw[at] ^ 1 << chance.randrange(8)]) + raw[at + 1 :]


def cut(raw, chance):
    return raw[: chance.randrange(len(raw))]


def with_a_hole(raw, chance):
    at = chance.randrange(len(raw))
    size = min(len(raw) - at, chance.choice((1, SECTOR, 4096)))
    return raw[:at] + bytes(size) + raw[at + size :]


def with_sectors_swapped(raw, chance):
    sectors = [raw[at : at + SECTOR] for at in range(0, len(raw), SECTOR)]
    one, other = chance.sample(range(len(sectors)), 2)
    sectors[one], sectors[other] = sectors[other], sectors[one]
    return b"".join(sectors)


def in_text_mode(raw, chance):
    old, new = chance.choice(((b"\n", b"\r\n"), (b"\0", b""), (b"\x1a", b"")))
    return raw.replace(old, new)


def appended_to(raw, chance):
    return raw + chance.choice(
        (b"\0", b"\n", bytes(SECTOR), raw[:SECTOR], raw, chance.randbytes(1 + chance.randrange(999)))
    )


def doubled_inside(raw, chance):
    at = chance.randrange(0, len(raw), SECTOR)
    return raw[: at + SECTOR] + raw[at:]


WAYS = (
    flipped,
    flipped,
    flipped,
    cut,
    cut,
    with_a_hole,
    with_sectors_swapped,
    in_text_mode,
    appended_to,
    doubled_inside,
)


def other_things(folder):
    """Make what lies about on sticks and is no pack, or no file at all."""
    (folder / "folder.yb").mkdir()
    os.mkfifo(folder / "pipe.yb")
    (folder / "link to nowhere.yb").symlink_to(folder / "nowhere")
    (folder / "empty.yb").write_bytes(b"")
    (folder / "paper.yb").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n")
    (folder / "zeros.yb").write_bytes(bytes(1 << 20))
    with (folder / "huge.yb").open("wb") as huge:
        huge.truncate(5 << 30)
    with zipfile.ZipFile(folder / "bomb.yb", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("0=yuanba_pack_1", bytes(50 << 20))
    strange = ["/dev/zero", "/dev/null", "/dev/full", "nowhere.yb", "x" * 5000, "名\0字", "\udcff\udcfe.yb"]
    return [*map(str, sorted(folder.iterdir())), *strange]


class Taker:
    """One process of `office serve-import`, asked path by path."""

    def __init__(self, home, said):
        self.said = said.open("w+", encoding="utf-8")
        self.child = subprocess.Popen(
            [sys.executable, "-m", "ui.office", "serve-import", "--home", str(home)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.said,
        )

    def answer(self, path):
        """Return the code, the digest and how long it took."""
        began = time.monotonic()
        self.child.stdin.write(os.fsencode(path) + b"\n")
        self.child.stdin.flush()
        line = self.child.stdout.readline().decode().split()
        assert line, self.sentences()
        return int(line[0]), line[1], time.monotonic() - began

    def sentences(self):
        self.said.flush()
        return Path(self.said.name).read_text("utf-8").splitlines()

    def ends(self):
        """End it, and return the most memory it ever had.

        getrusage(2) would not do: what it tells of a child begins with the memory of whoever started it.
        """
        told = Path(f"/proc/{self.child.pid}/status").read_text("ascii")
        most = int(re.search(r"VmHWM:\s+(\d+) kB", told)[1])
        self.child.stdin.close()
        self.child.wait()
        self.child.stdout.close()
        self.said.close()
        return most << 10


@pytest.fixture(scope="module")
def village(tmp_path_factory):
    """A laptop that has exported twice, and its county, which has taken neither in."""
    folder = tmp_path_factory.mktemp("damaged")
    first = folder / "first stick"
    first.mkdir()
    laptop, county = Machine(folder / "laptop", "甲"), Machine(folder / "county", "县")
    county.work.found(COUNTY, "示例县")
    enrolled(laptop, county, first)
    for number in range(2):
        for person in range(20):
            laptop.desk.do(RegisterPerson(f"赵某甲{number}{person}", group="二组", phone="13800000000"))
        stick = folder / f"stick{number}"
        stick.mkdir()
        laptop.writes_to(stick)
    laptop.close()
    county.close()
    return folder


def packs(village):
    return [file for number in range(2) for file in (village / f"stick{number}").rglob("*.YB")]


def known_sentences():
    kinds = [NotTaken, *NotTaken.__subclasses__()]
    return {kind().sentence() for kind in kinds}


def test_no_damage_gets_in_and_a_good_pack_is_taken_at_once(village, tmp_path):
    chance = random.Random("damage")
    good = [file.read_bytes() for file in packs(village)]
    home = tmp_path / "county"
    shutil.copytree(village / "county", home)
    taker = Taker(home, tmp_path / "said")
    _, before, _ = taker.answer("nowhere")
    slowest, codes = 0.0, Counter()

    (tmp_path / "things").mkdir()
    for path in other_things(tmp_path / "things"):
        code, digest, took = taker.answer(path)
        assert (code, digest) == (3, before), path
        slowest = max(slowest, took)
    file = tmp_path / "DAMAGED.YB"
    for number in range(DAMAGED):
        raw = chance.choice(good)
        way = chance.choice(WAYS)
        damaged = way(raw, chance)
        if damaged in good:
            continue
        file.write_bytes(damaged)
        code, digest, took = taker.answer(file)
        codes[way.__name__, code] += 1
        assert (code, digest) == (3, before), f"{number}: {way.__name__} of a pack of {len(raw)} bytes got in"
        slowest = max(slowest, took)
    answers = [taker.answer(file) for file in packs(village)]
    refused = taker.sentences()
    most = taker.ends()

    assert [code for code, _, _ in answers] == [0, 0]
    assert answers[-1][1] not in (before, answers[0][1])
    assert set(refused) <= known_sentences()
    assert len(set(refused)) <= MOST_SENTENCES
    assert slowest <= MOST_S
    assert most <= MOST_BYTES
    print(f"{sum(codes.values())} damaged, slowest {slowest:.3f} s, {most >> 20} MiB, {len(set(refused))} sentences")


# Disks that are full, and sticks that cannot be written


def office(*words, limit=0):
    """Run the command line as a person would, on a disk that takes files no larger than `limit`."""
    return subprocess.run(
        [sys.executable, "-m", "ui.office", *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))) if limit else None,
    )


@pytest.fixture
def copies(village, tmp_path):
    for name in ("laptop", "county"):
        shutil.copytree(village / name, tmp_path / name)
    return tmp_path


def test_a_full_disk_takes_nothing_in_says_so_and_takes_it_all_once_there_is_room(village, copies):
    home, stick = copies / "county", village / "stick1"
    before = office("digest", "--home", home).stdout

    full = office("import", "--home", home, stick, limit=(home / "ledger.db").stat().st_size // 4096 * 4096 // 8)
    after = office("digest", "--home", home).stdout
    roomy = office("import", "--home", home, stick)

    assert full.returncode == 3, full.stderr
    assert NotSaved("").sentence() in full.stderr
    assert "Traceback" not in full.stderr
    assert after == before
    assert roomy.returncode == 0
    assert office("check", "--home", home, "--deep").returncode == 0


def test_a_full_stick_takes_no_half_pack_and_the_next_one_has_all(copies):
    stick = copies / "stick"
    stick.mkdir()

    full = mounted_export(copies / "laptop", stick, "size=8k")
    roomy = office("export", "--home", copies / "laptop", "--to", stick)

    assert full.returncode == 3, full.stderr
    assert StickFull(stick.name).what in full.stderr
    assert "Traceback" not in full.stderr
    assert roomy.returncode == 0
    assert len(list(stick.rglob("*.YB"))) == 1


def test_a_stick_that_can_only_be_read_is_told_from_a_full_one(copies):
    stick = copies / "stick"
    stick.mkdir()

    said = mounted_export(copies / "laptop", stick, "size=1m,ro")

    assert said.returncode == 3
    assert StickReadOnly(stick.name).what in said.stderr
    assert "Traceback" not in said.stderr


def mounted_export(home, stick, options):
    """Export onto a medium of its own, where this machine lets us mount one."""
    if not shutil.which("mount") or os.geteuid() != 0:
        pytest.skip("only root may mount")
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(stick)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        said = office("export", "--home", home, "--to", stick)
        left = [file for file in stick.rglob("*") if file.is_file()]
    finally:
        subprocess.run(["umount", str(stick)], check=True)
    assert left == []
    return said


# Clocks that are wrong by decades


@pytest.mark.parametrize("year", [1970, 2106])
def test_a_clock_wrong_by_decades_orders_nothing_wrongly(village, copies, year):
    """The laptop's clock is wrong in one home and right in the other: the county shows the same facts."""
    shown = []
    for name, moment in (("right", None), ("wrong", datetime(year, 1, 2, tzinfo=timezone(timedelta(hours=8))))):
        place = copies / name
        place.mkdir()
        for home in ("laptop", "county"):
            shutil.copytree(village / home, place / home)
        laptop, county = Machine(place / "laptop", "甲"), Machine(place / "county", "县")
        stick = place / "stick"
        stick.mkdir()
        for machine in (laptop, county):
            machine.clock.at = moment or machine.clock.at
        laptop.desk.do(RegisterPerson("孙某丙", group="一组"))
        laptop.writes_to(stick)
        taken = county.takes_from(stick)
        shown.append(sorted((one.name, one.group) for one in county.home.shelf.all(Person)))
        assert taken[-1].taking.contests == 0
        assert keep.check(county.home.engine, deep=True).problems == []
        laptop.close()
        county.close()
    assert shown[0] == shown[1]
    assert ("孙某丙", "一组") in shown[0]
