"""W1 and W2 into a home, insert and update: time, how it grows with the work, peak memory; beside raw executemany.

Each workload is taken in by a process of its own, which alone can tell its peak of memory.
"""

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from app.desk import Desk
from db.keep import open_home
from sync.homes import StageClock, SystemDice
from tests.speed.county import EVENING, room
from tests.speed.figures import Figure, tell
from tests.speed.workload import DDL, INSERT, UPDATE, inserts, jsonl, row, updates
from ui.office_load import batches, read

ROOT = Path(__file__).resolve().parents[2]


def bench(workloads: tuple[str, ...] = ("W1", "W2")) -> Iterator[Figure]:
    """Take each workload in, and tell how the cost of one record grows from the first to the last."""
    costs = {}
    for workload in workloads:
        told = {"ours": _apart("ours", workload), "floor": _apart("floor", workload)}
        ours, floor = told["ours"], told["floor"]
        costs[workload] = ours["seconds"] / ours["records"]
        note = f"{ours['records']:.0f} records, insert {ours['insert']:.2f} update {ours['update']:.2f} s"
        budget = 3.0 if workload == "W2" else None
        yield Figure(f"{workload} in", ours["seconds"], "s", budget, floor["seconds"], "raw executemany", note=note)
        memory = f"of which the records themselves, held in a list, and Python {floor['peak_mb']:.0f}"
        yield Figure(f"{workload} peak memory", ours["peak_mb"], "MB", 200, note=memory)
    if len(costs) > 1:
        first, last = workloads[0], workloads[-1]
        growth = costs[last] / costs[first]
        note = f"{costs[first] * 1e6:.0f} → {costs[last] * 1e6:.0f} µs a record"
        yield Figure(f"cost of one record, {first} → {last}", growth, "×", 1.1, note=note)


def _apart(which: str, workload: str) -> dict[str, float]:
    words = [sys.executable, "-m", "tests.speed.load", which, workload]
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def take_in(workload: str) -> dict[str, float]:
    """Take a workload in, the way `office load` does."""
    with room() as new:
        file = new / "records.jsonl"
        made = inserts(workload)
        file.write_bytes(jsonl(made))
        later = new / "updates.jsonl"
        later.write_bytes(jsonl(updates(workload, recs=made)))
        count = len(made)
        del made
        home = open_home(new / "home", EVENING)
        desk = Desk(home.shelf, home.ledger, StageClock(EVENING), SystemDice(), "示例干部")
        spans = []
        for lines in (file, later):
            begun = time.perf_counter()
            records = read(lines, print)
            for command in batches(records):
                desk.do(command)
            spans.append(time.perf_counter() - begun)
        home.close()
    return _told(count, *spans)


def write_raw(workload: str) -> dict[str, float]:
    """Write the same rows with plain SQLite, each leg in one durable transaction."""
    with room() as new:
        made = inserts(workload)
        rows = [row(rec) for rec in made]
        turned = [(rec["at"], rec["status"], rec["body"], rec["id"]) for rec in updates(workload, recs=made)]
        connection = sqlite3.connect(new / "raw.db")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(DDL)
        spans = []
        for statement, many in ((INSERT, rows), (UPDATE, turned)):
            begun = time.perf_counter()
            with connection:
                connection.executemany(statement, many)
            spans.append(time.perf_counter() - begun)
        connection.close()
    return _told(len(rows), *spans)


def _told(records: int, insert: float, update: float) -> dict[str, float]:
    return {"records": records, "seconds": insert + update, "insert": insert, "update": update, "peak_mb": peak_mb()}


def peak_mb() -> float:
    """Return the most memory this process has held, in MB. On Linux getrusage(2) would count its starter's too."""
    if sys.platform == "win32":
        return float(psutil.Process().memory_info().peak_wset) / 1e6
    if sys.platform == "linux":
        told = Path("/proc/self/status").read_text("ascii")
        return float(told.split("VmHWM:")[1].split()[0]) * 1024 / 1e6
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps((take_in if sys.argv[1] == "ours" else write_raw)(sys.argv[2])))
    else:
        tell(bench())
