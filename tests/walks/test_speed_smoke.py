"""Every benchmark still measures something, on a county small enough for a blink; nobody asks how long it took."""

import importlib
import json
from collections.abc import Callable, Iterator

import pytest

from tests.speed import __main__ as table
from tests.speed.county import TINY
from tests.speed.figures import Figure, spread
from tests.speed.workload import selfcheck

SMALL: dict[str, Callable[[Callable[..., Iterator[Figure]]], Iterator[Figure]]] = {
    "ledger": lambda bench: bench(TINY, times=3),
    "load": lambda bench: bench(("W1",)),
    "search": lambda bench: bench(TINY, times=5),
    "cold_start": lambda bench: bench(TINY, starts=1, platforms=("offscreen",)),
    "keystroke": lambda bench: bench(TINY, keys=9),
    "enter": lambda bench: bench(TINY, times=2),
    "opening": lambda bench: bench(TINY, times=2),
    "turning": lambda bench: bench(TINY, times=1),
    "papers": lambda bench: bench(TINY, times=1),
    "office_files": lambda bench: bench(TINY, times=1),
    "returns": lambda bench: bench(TINY, times=1),
    "sealing": lambda bench: bench(TINY, times=1),
    "typst": lambda bench: bench(times=1),
    "scans": lambda bench: bench(2),
    "carriers": lambda bench: bench(100_000, times=1),
    "pictures": lambda bench: bench(5_000_000, 1, 2, times=1),
    "wire": lambda bench: bench(2_000_000, 0.0, 1_200_000, times=2),
    "exchange": lambda bench: bench(("W1",)),
    "snapshot": lambda bench: bench("W1"),
    "province": lambda bench: bench(TINY, counties=3, times=2),
    "rush": lambda bench: bench(2, minutes=0.02),
    "intake": lambda bench: bench(2, 2),
    "memory": lambda bench: bench(TINY, rounds=1),
}
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.mark.parametrize("name", table.BENCHMARKS)
def test_a_benchmark_tells_figures(name: str, qapp: object) -> None:
    bench = importlib.import_module(f"tests.speed.{name}").bench

    figures = list(SMALL[name](bench))

    assert figures
    for told in (json.loads(figure.line()) for figure in figures):
        assert told["name"]
        assert told["unit"]
        assert {"figure", "floor", "floor_what", "ratio", "budget", "over"} <= set(told)


def test_the_table_shows_what_is_over(capsys: pytest.CaptureFixture[str]) -> None:
    slow = Figure("a thing", 30, "ms", budget=16, floor=10, floor_what="a raw thing", most=2)

    table._print_table([table.HEADS, table._row(json.loads(slow.line()))])

    assert capsys.readouterr().out.splitlines()[1].split() == [
        *("a", "thing", "30", "ms", "16", "2×", "10", "3.0×", "OVER", "a", "raw", "thing")
    ]


def test_a_percentile_is_a_time_that_was_taken() -> None:
    told = spread(range(1, 101))

    assert (told.p50, told.p95, told.p99, told.most) == (50, 95, 99, 100)


def test_the_workload_is_the_one_that_was_agreed() -> None:
    assert selfcheck()["sha256"] == "4079acf6684890d8d24a6c52de72a9229e1e69c62a3e7f2426816b336b392e82"
