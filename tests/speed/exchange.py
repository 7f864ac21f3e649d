"""The exchange: a busy week and a county's year, sealed, carried in a folder and taken in; beside raw SQLite.

Goals D1 to D4, D7 and D8 of the design: from entries that are durable here to rows that are durable there, signed,
sealed, checked for conflicts, with fsync on both sides. Peak memory is that of a process of its own.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app.desk import Desk
from sync.homes import StageClock, SystemDice
from tests.speed.county import room
from tests.speed.figures import Figure, tell, took_ms, usual_ms
from tests.speed.load import peak_mb, write_raw
from tests.speed.workload import inserts, jsonl, updates
from tests.sync.fleet import Machine, enrolled
from tests.sync.offices import COUNTY
from ui.office_load import batches, read

ROOT = Path(__file__).resolve().parents[2]
BUDGETS = {"W1": (40.0, 12.0, 150.0, 33.0), "W2": (3000.0, None, 7200.0, None)}
"""For each workload: insert leg in ms, update leg in ms, pack of the inserts in kB, pack of the updates in kB."""


def bench(workloads: tuple[str, ...] = ("W1", "W2")) -> Iterator[Figure]:
    """Exchange each workload, and tell how the cost of one record grows from the first to the last."""
    costs = {}
    for workload in workloads:
        told, floor = _apart("ours", workload), _apart("floor", workload)
        insert_most, update_most, insert_kb, update_kb = BUDGETS[workload]
        for leg, most, kilobytes in (("insert", insert_most, insert_kb), ("update", update_most, update_kb)):
            ms = told[f"{leg}_out"] + told[f"{leg}_in"]
            note = f"out {told[f'{leg}_out']:.0f} in {told[f'{leg}_in']:.0f} ms"
            ratio = 10.0 if leg == "insert" else None
            raw = floor[leg] * 1000
            yield Figure(f"{workload} {leg}, out and in", ms, "ms", most, raw, "raw executemany", ratio, note)
            yield Figure(f"{workload} {leg}, pack", told[f"{leg}_kb"], "kB", kilobytes)
        yield Figure(f"{workload} exchange, peak memory of taking in", told["peak_mb"], "MB", 200)
        yield Figure(f"{workload} taken in again", told["again"], "ms", 10.0 if workload == "W1" else None)
        note = f"while it is looked at {told['look_held']:.0f} ms"
        yield Figure(f"{workload} taken in, longest wait of a note that is typed", told["held"], "ms", 50.0, note=note)
        yield Figure(f"{workload} nothing new to send", told["nothing"], "ms", 2.0)
        costs[workload] = (told["insert_out"] + told["insert_in"]) / told["records"]
    if len(costs) > 1:
        first, last = workloads[0], workloads[-1]
        note = f"{costs[first] * 1e3:.0f} → {costs[last] * 1e3:.0f} µs a record"
        yield Figure(f"exchange of one record, {first} → {last}", costs[last] / costs[first], "×", 1.1, note=note)


def _apart(which: str, workload: str) -> dict[str, float]:
    words = [sys.executable, "-m", "tests.speed.exchange", which, workload]
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def exchanged(workload: str) -> dict[str, float]:
    """Let one laptop record a workload and another of its township have it."""
    with room() as folder:
        a, b, county = (Machine(folder / name, name) for name in ("a", "b", "c"))
        county.work.found(COUNTY, "示例县")
        (folder / "stick").mkdir()
        for laptop in (a, b, a):
            if not laptop.exchange.directory().own():
                enrolled(laptop, county, folder / "stick")
            county.takes_from(folder / "stick")
            county.writes_to(folder / "stick")
            laptop.takes_from(folder / "stick")
            laptop.writes_to(folder / "stick")
        told = _legs(a, b, county, folder, workload)
        for machine in (a, b, county):
            machine.close()
    return told


def _legs(a: Machine, b: Machine, county: Machine, folder: Path, workload: str) -> dict[str, float]:
    made = inserts(workload)
    told: dict[str, float] = {"records": len(made)}
    for leg, records in (("insert", made), ("update", updates(workload, recs=made))):
        file, stick = folder / f"{leg}.jsonl", folder / leg
        file.write_bytes(jsonl(records))
        stick.mkdir()
        recorded(a, file)
        begun = time.perf_counter()
        sent = a.writes_to(stick)
        told[f"{leg}_out"] = (time.perf_counter() - begun) * 1000
        begun = time.perf_counter()
        taken = b.takes_from(stick)
        told[f"{leg}_in"] = (time.perf_counter() - begun) * 1000
        assert sum(one.taking.contests for one in taken) == 0
        told[f"{leg}_kb"] = sent.size / 1000
        if leg == "insert":
            told["again"] = usual_ms(lambda stick=stick: b.takes_from(stick), 5)
            county.close()
            told |= _apart("typing", str(stick))
            county.open()
            _receipted(a, county, stick, folder / "answer")
    told["nothing"] = usual_ms(a.exchange.to_send, 5)
    assert b.digest() == a.digest()
    return told


def recorded(machine: Machine, file: Path) -> None:
    clock = StageClock(machine.clock.now())
    desk = Desk(machine.home.shelf, machine.home.ledger, clock, SystemDice(), "示例干部")
    for command in batches(read(file, print)):
        desk.do(command)


def taken_while_typing(stick: str) -> dict[str, float]:
    """Let the county take a stick in while somebody types there, in a process that has done nothing else."""
    county = Machine(Path(stick).parent / "c", "c", 9)
    told = {"look_held": _noted_while(county, lambda: _looked_at(county, Path(stick)))}
    told["held"] = _noted_while(county, lambda: county.takes_from(Path(stick)))
    county.close()
    return told | {"peak_mb": peak_mb()}


def _noted_while(machine: Machine, work: Callable[[], object]) -> float:
    """Return how many ms the slowest of the notes waited that somebody typing had kept while the work was done."""
    waits: list[float] = []
    with ThreadPoolExecutor(1) as threads:
        working = threads.submit(work)
        while not working.done():
            waits.append(took_ms(lambda: machine.home.ledger.jot({"typing": str(len(waits))})))
            time.sleep(0.005)
        working.result()
    return max(waits)


def _looked_at(machine: Machine, stick: Path) -> None:
    for found in machine.exchange.found(stick):
        machine.exchange.look(machine.exchange.fetched(found))


def _receipted(a: Machine, county: Machine, stick: Path, answer: Path) -> None:
    """Let the county take a stick in and its receipt come back, so that the second leg carries the second leg alone."""
    answer.mkdir()
    county.takes_from(stick)  # again: it has taken it in while somebody typed
    county.writes_to(answer)
    a.takes_from(answer)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        works = {"ours": exchanged, "typing": taken_while_typing, "floor": write_raw}
        print(json.dumps(works[sys.argv[1]](sys.argv[2])))
    else:
        tell(bench())
