"""Counting beside: figures follow what comes in, on a thread of their own, one county after the other."""

import logging
import threading
import time
from types import TracebackType

from app.ports import Clock, Shelf
from app.queries.place_book import Book, bring_up_to_date

LOOK_EVERY_S = 10.0
REST_S = 0.5
"""So much of a pause at least between two counts, in which a rush of packs gathers."""
RESTS = 4
"""How many times as long as it has counted it rests."""
_LOG = logging.getLogger(__name__)


class Counting:
    """Counts what has come in since it was counted last, for as long as the block lasts."""

    def __init__(self, shelf: Shelf, book: Book, clock: Clock) -> None:
        self._shelf, self._book, self._clock = shelf, book, clock
        self._heard, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="figures")

    def hear(self) -> None:
        """Be told that something has come in; it is counted within a moment."""
        self._heard.set()

    def __enter__(self) -> "Counting":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._stop.set()
        self._heard.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._heard.clear()
            begun = time.monotonic()
            try:
                while bring_up_to_date(self._shelf, self._book, self._clock.now(), self._stop.is_set):
                    self._rest_after(begun)
                    begun = time.monotonic()
            except Exception as error:  # the store is away, or the fault is ours: figures go on once it is mended
                _LOG.warning("figures could not be counted: %s", type(error).__name__)
            self._rest_after(begun)
            self._heard.wait(LOOK_EVERY_S)

    def _rest_after(self, begun: float) -> None:
        """Leave the machine to those who call: in a rush figures take a fifth of a processor, and are a little late."""
        self._stop.wait(max(REST_S, RESTS * (time.monotonic() - begun)))
