"""The end of the log, signed once a week and laid ready for the offices above and below, who keep it.

Whoever has the server in hand can write its log anew from any line on; not what lies at ten other offices by then.
"""

import logging
import threading
from collections.abc import Iterable
from concurrent.futures import Executor
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Protocol

from app.domain.audit import Line, Walk, walk
from app.ports import Clock, Postbox, Seal, StatementFile
from sync.directory import AUDIT_HEAD, AuditHead, Directory
from sync.statement import sign_statement
from sync.suite import suite
from sync.witnessing import heads, is_about

EVERY, AGAIN = timedelta(days=7), timedelta(days=1)
"""How long a signed end is the last one; and how long it is not asked again whether there is another to be signed,
for that is to read what all counties have said of themselves."""
WAKE_EVERY_S = 3600.0
NEVER = datetime.min.replace(tzinfo=UTC)
_LOG = logging.getLogger(__name__)


class Lines(Protocol):
    """Has the lines of the log."""

    def lines(self, after: int = 0) -> Iterable[Line]:
        """Return those after a number, the oldest first."""


def signed_end(found: Walk, place: str, at: datetime, seal: Seal) -> bytes:
    """Return where a log ends, signed by this computer."""
    body = {"place": place, "number": found.count, "hash": found.last, "at": at.isoformat()}
    return sign_statement(AUDIT_HEAD, body, seal.sign)


class Witness:
    """Looks every day, for as long as the block lasts, whether a week has gone. `worker` is the one thread that may
    write for the exchange."""

    def __init__(self, log: Lines, postbox: Postbox, seal: Seal, clock: Clock, worker: Executor) -> None:
        self._log, self._postbox, self._seal, self._clock, self._worker = log, postbox, seal, clock, worker
        self._stop, self._due = threading.Event(), NEVER
        self._thread = threading.Thread(target=self._run, name="witness")

    def __enter__(self) -> "Witness":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()

    def look(self) -> bool:
        """Sign where the log ends, if it has grown and nothing was signed for a week; return whether it was signed.

        A log that is broken is not signed: the page of the log says where. One that has lost the line that was signed
        last, be it cut short or written anew while nothing ran here, is told every day among what went wrong. A day
        that is still to come says nothing of how long ago that was: the clock was wrong then, or is now.
        """
        now = self._clock.now()
        if timedelta() < self._due - now <= AGAIN:
            return False
        self._due, directory = now + AGAIN, Directory.of(self._postbox)
        own, last = directory.own(), self._last(directory)
        if last and not self._has(last):
            _LOG.error("the log of the office is not the one whose line %d was signed here", last.number)
            return False
        if not own or (last and timedelta() <= now - datetime.fromisoformat(last.at) < EVERY):
            return False
        found = walk(self._log.lines())
        if found.broken_at is not None or found.count <= (last.number if last else 0):
            return False
        raw = signed_end(found, own, now, self._seal)
        file = StatementFile(suite().digest(raw), AUDIT_HEAD, own, raw)
        return self._worker.submit(self._postbox.keep_statements, (file,), now).result() > 0

    def _has(self, signed: AuditHead) -> bool:
        """Return whether the log still has the line whose number and hash were signed."""
        line = next(iter(self._log.lines(signed.number - 1)), None)
        return line is not None and (line.number, line.hash) == (signed.number, signed.hash)

    def _last(self, directory: Directory) -> AuditHead | None:
        """Return what this very computer signed last."""
        found = heads(self._postbox, directory, lambda file: is_about(file, directory.own()))
        ours = [said.body for _, said in found if directory.is_ours(said)]
        return max(ours, key=lambda head: head.number, default=None)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.look()
            except Exception as error:  # the store is away, or the server ends: the next hour will do
                self._due = NEVER
                _LOG.info("the end of the log was not signed: %s", type(error).__name__)
            self._stop.wait(WAKE_EVERY_S)
