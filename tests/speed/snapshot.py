"""A new laptop: a county's year, sealed evening by evening, taken in at once from a stick; beside raw SQLite.

Goal D14 of the design: from the pack on the stick to a home with which somebody can work. The same laptop takes the
same year from its segments, for comparison. Each taking is in a process of its own, as on a laptop that has just
been unpacked; the key of the township was given before.
"""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from sync import outbox, snapshot
from tests.speed.county import room
from tests.speed.exchange import recorded
from tests.speed.figures import Figure, tell
from tests.speed.load import peak_mb
from tests.speed.workload import inserts, jsonl, updates
from tests.sync.fleet import Machine, enrolled
from tests.sync.offices import COUNTY, TOWNSHIP

ROOT = Path(__file__).resolve().parents[2]
EVENING = 100
"""How many entries are sealed at a time: what an evening comes to."""


def bench(workload: str = "W2") -> Iterator[Figure]:
    """Let a new laptop take a workload in both ways."""
    with room() as folder:
        told = worked(folder, workload)
        floor = _apart("tests.speed.exchange", "floor", workload)["seconds"] * 1000
        through = _apart("tests.speed.snapshot", str(folder / "new"), str(folder / "snapshot"))
        by_itself = _apart("tests.speed.snapshot", str(folder / "other"), str(folder / "segments"))
    assert through["digest"] == by_itself["digest"] == told["digest"]
    for name, one in (("snapshot", through), ("segments", by_itself)):
        most = 5000.0 if name == "snapshot" else None
        note = f"{told['segments']} segments, {told[f'{name}_kb']:,.0f} kB"
        yield Figure(f"{workload} new laptop, {name}", one["ms"], "ms", most, floor, "raw executemany", note=note)
        yield Figure(f"{workload} new laptop, {name}, looked at", one["look_ms"], "ms")
        yield Figure(f"{workload} new laptop, {name}, peak memory", one["peak_mb"], "MB", 200)
    yield Figure(f"{workload} snapshot made at the county and written", told["snapshot_ms"], "ms")
    yield Figure(f"{workload} the same once more, it lies ready", told["again_ms"], "ms")
    yield Figure(f"{workload} segments written by the county", told["segments_ms"], "ms")


def _apart(module: str, *words: str) -> dict[str, float]:
    done = subprocess.run([sys.executable, "-m", module, *words], capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def worked(folder: Path, workload: str) -> dict[str, float]:
    """Let a laptop record a workload, and its county write it for a new one, which has no word of it yet."""
    a, new, county = (Machine(folder / name, name) for name in ("a", "new", "county"))
    county.work.found(COUNTY, "示例县")
    stick = folder / "stick"
    stick.mkdir()
    for laptop in (a, new):
        enrolled(laptop, county, stick)
    for machine in (a, new, county, a, new):
        machine.takes_from(stick)
        machine.writes_to(stick)
    new.close()
    shutil.copytree(folder / "new", folder / "other")
    outbox.MOST_OPS = EVENING
    records = inserts(workload)
    for leg, told in enumerate((records, updates(workload, recs=records))):
        file = folder / f"{leg}.jsonl"
        file.write_bytes(jsonl(told))
        recorded(a, file)
    (folder / "up").mkdir()
    a.writes_to(folder / "up")
    county.takes_from(folder / "up")
    told = {"digest": a.digest(), "segments": len(county.exchange.outbox.load_for(TOWNSHIP).parcels)}
    for name in ("snapshot", "again", "segments"):
        if name == "segments":
            snapshot.FEWEST = sys.maxsize
            shutil.rmtree(county.folder / "exchange" / "snap", ignore_errors=True)
        begun = time.perf_counter()
        (folder / name).mkdir()
        written = county.writes_to(folder / name)
        told |= {f"{name}_ms": (time.perf_counter() - begun) * 1000, f"{name}_kb": written.size / 1000}
    a.close()
    county.close()
    return told


def taken(home: str, stick: str) -> dict[str, object]:
    """Let a laptop look at what lies on a stick, and take it in."""
    laptop = Machine(Path(home), "new", 1)
    begun = time.perf_counter()
    for found in laptop.exchange.found(Path(stick)):
        laptop.exchange.look(laptop.exchange.fetched(found))
    looked = time.perf_counter()
    laptop.takes_from(Path(stick))
    done = time.perf_counter()
    told = {"look_ms": (looked - begun) * 1000, "ms": (done - looked) * 1000, "peak_mb": peak_mb()}
    told["digest"] = laptop.digest()
    laptop.close()
    return told


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(json.dumps(taken(*sys.argv[1:])))
    else:
        tell(bench())
