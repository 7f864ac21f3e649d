"""The verb `simulate`: whole counties in one process, each with every fault that its seed draws, checked by an oracle.

A history that breaks a law is told with its seed and step, and the same seed runs it again exactly.
"""

import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from ui.simulation.county import found_county
from ui.simulation.history import Ran, run_history

STEPS = 30
MEMORY = Path("/dev/shm")


def simulate(
    seed: int,
    histories: int,
    tell: Callable[[object], None] = lambda fact: None,
    *,
    steps: int = STEPS,
    machines: int = 0,
    folder: Path | None = None,
    with_trace: bool = False,
) -> list[Ran]:
    """Run histories with the seeds from `seed` on and return those that broke a law; `tell` hears of each of these and
    in the end of all. Homes lie in memory where the system has such a place, or below `folder`."""
    broken: list[Ran] = []
    total: Counter[str] = Counter()
    with _yard(folder) as yard:
        county = found_county(yard / "county")
        began = time.perf_counter()
        for number in range(seed, seed + histories):
            ran = run_history(county, yard / str(number), str(number), steps, machines)
            total.update(ran.done | {"exchanges": ran.exchanges, "ops": ran.ops})
            if ran.law:
                broken.append(ran)
                tell({name: told for name, told in asdict(ran).items() if with_trace or name != "trace"})
        seconds = time.perf_counter() - began
    rate = round(histories / seconds, 2) if seconds else 0
    laws = dict(Counter(ran.law for ran in broken))
    tell({"histories": histories, "broken": len(broken), "laws": laws, "per_second": str(rate), "did": dict(total)})
    return broken


@contextmanager
def _yard(folder: Path | None) -> Iterator[Path]:
    parent = folder or (MEMORY if MEMORY.is_dir() else None)
    yard = Path(tempfile.mkdtemp(prefix="yuanba-simulation-", dir=parent))
    try:
        yield yard
    finally:
        shutil.rmtree(yard, ignore_errors=True)
