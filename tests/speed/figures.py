"""Figures: what a benchmark tells, one JSON line each: the figure, the floor of the same run, and their ratio."""

import gc
import json
import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured. `budget` is in the figure's unit, `most` is the ratio to the floor that is still allowed."""

    name: str
    figure: float
    unit: str
    budget: float | None = None
    floor: float | None = None
    floor_what: str = ""
    most: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Return how many times the floor it took."""
        return self.figure / self.floor if self.floor else None

    @property
    def over(self) -> bool:
        """Return whether it is over its budget, in itself or beside its floor."""
        beside = self.ratio is not None and self.most is not None and self.ratio > self.most
        return beside or (self.budget is not None and self.figure > self.budget)

    def line(self) -> str:
        """Return it as one line of JSON."""
        return json.dumps({**asdict(self), "ratio": self.ratio, "over": self.over}, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Spread:
    """How times of the same thing lie, in ms."""

    p50: float
    p95: float
    p99: float
    most: float
    count: int

    def __str__(self) -> str:
        return f"p50 {self.p50:.1f} p95 {self.p95:.1f} p99 {self.p99:.1f} max {self.most:.1f} of {self.count}"


def spread(times_ms: Iterable[float]) -> Spread:
    """Return how the times lie; a percentile is the smallest time that so many per cent do not exceed."""
    ranked = sorted(times_ms)

    def at(share: float) -> float:
        return ranked[max(0, math.ceil(share * len(ranked)) - 1)]

    return Spread(at(0.5), at(0.95), at(0.99), ranked[-1], len(ranked))


def took_ms(work: Callable[[], object]) -> float:
    """Return how long one run of the work took."""
    begun = time.perf_counter_ns()
    work()
    return (time.perf_counter_ns() - begun) / 1e6


def usual_ms(work: Callable[[], object], times: int, warm: int = 1) -> float:
    """Return the median time of the work after some runs that do not count."""
    for _ in range(warm):
        work()
    gc.collect()
    return median(took_ms(work) for _ in range(times))


def tell(figures: Iterator[Figure]) -> None:
    """Print the figures as they come."""
    for figure in figures:
        print(figure.line(), flush=True)
