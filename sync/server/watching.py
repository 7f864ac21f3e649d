"""What whoever looks after a server sees of it: counters for machines, and one JSON line a happening; no personal data.

Addresses are counted by their pattern (/places/{code}), never by what was asked: a search may be for somebody's name.
"""

import json
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType

STEPS_S = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
SAID_EVERY_S, MOST_COMPLAINTS = 60.0, 256
Labels = tuple[tuple[str, str], ...]


class Watch:
    """Counts what happens; may be told from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, Labels]] = Counter()
        self._since = time.time()

    def count(self, name: str, by: float = 1, **labels: str) -> None:
        """Count something that happened."""
        with self._lock:
            self._counts[(name, tuple(sorted(labels.items())))] += by  # type: ignore[assignment]

    def took(self, path: str, status: int, seconds: float) -> None:
        """Count a question with its answer and how long it took."""
        self.count("yuanba_requests_total", path=path, status=str(status))
        self.count("yuanba_request_seconds_sum", seconds, path=path)
        self.count("yuanba_request_seconds_count", path=path)
        for step in STEPS_S:
            if seconds <= step:
                self.count("yuanba_request_seconds_bucket", path=path, le=str(step))
        self.count("yuanba_request_seconds_bucket", path=path, le="+Inf")

    def text(self, **gauges: float) -> str:
        """Return everything as Prometheus reads it, with what is so just now."""
        with self._lock:
            counted = sorted(self._counts.items())
        lines = [f"yuanba_started_seconds {self._since:.0f}"]
        lines += [f"{name}{_shown(labels)} {count:g}" for (name, labels), count in counted]
        lines += [f"yuanba_{name} {value:g}" for name, value in sorted(gauges.items())]
        return "\n".join(lines) + "\n"


def _shown(labels: Labels) -> str:
    told = ",".join(f'{name}="{_quoted(value)}"' for name, value in labels)
    return f"{{{told}}}" if told else ""


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


class Sparing(logging.Filter):
    """Lets the same complaint through once a minute, with how many were left out since: of a database that is away, or
    a disk that is full, everybody who asks hears at once. What becomes of each pack is always told."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock, self._lock = clock, threading.Lock()
        self._told: dict[tuple[str, str, object], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether it is told."""
        if record.levelno < logging.WARNING or record.name == "server":
            return True
        error = record.exc_info and (record.exc_info[0], where(record.exc_info[2]))
        complaint = (record.name, record.getMessage(), error)
        with self._lock:
            now = self._clock()
            if complaint not in self._told and len(self._told) >= MOST_COMPLAINTS:
                self._told.clear()
            at, left_out = self._told.get(complaint, (now - SAID_EVERY_S, 0))
            is_time = now - at >= SAID_EVERY_S
            self._told[complaint] = (now, 0) if is_time else (at, left_out + 1)
        record.left_out = left_out
        return is_time


class JsonLines(logging.Formatter):
    """Writes each record as one JSON object: when, how grave, from where, what; and of an error where it arose."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told: dict[str, object] = {
            "at": at,
            "level": record.levelname,
            "from": record.name,
            "what": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0]:
            told |= {"error": record.exc_info[0].__name__, "where": where(record.exc_info[2])}
        if left_out := getattr(record, "left_out", 0):
            told |= {"left_out": left_out}
        return json.dumps(told, ensure_ascii=False)


def where(trace: TracebackType | None) -> str:
    """Return file and line of an error, without its words: they may hold what somebody wrote."""
    spots = []
    while trace is not None:
        code = trace.tb_frame.f_code
        spots.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return " < ".join(reversed(spots[-6:]))
