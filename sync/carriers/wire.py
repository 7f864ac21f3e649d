"""Wire: the same packs over HTTP. A usual sync is two questions, `have` and `pack`; with nothing new it is one.

What is large goes and comes in pieces, so that a cut anywhere repeats at most one; see `../WIRE.md`. Runs on a worker
thread, ends within half a second of a stop, and knows no home: the packs are the office's.
"""

import os
import re
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from app.domain.errors import NotTaken
from app.domain.errors_of_line import (
    LineBroken,
    LineDown,
    LineIntercepted,
    NotSent,
    NotTakenThere,
    OtherSideBusy,
    OtherSideFailed,
    SendingStopped,
)
from sync.carriers.line import SILENCE_S, Answer, Broke, Foreign, Http, Line, LineFault, Stop, Transport, Unreachable
from sync.frame import DIRECT, FIRST_PIECE, LEAST_PIECE, MOST_PACK, MOST_PIECE, NOBODY, Kind, framed
from sync.plain import NotPlain, read_plain

UPLOADS = 3  # of one pack: the other side may have lost a half one in between
ROUNDS = 100  # of 64 MB each way; more is another day's work
CALM = 16  # pieces in a row without a fault, before they grow again
PIECE_S = 6.0  # a piece is what the line carries in about this time
BUSY_S = 600.0  # how long a package may take to be taken in over there
_BEAT_S = 0.1
_BLOCK = 1024 * 1024
_DIGEST = re.compile(r"[0-9a-f]{64}")
_UNFINISHED = re.compile(r"([0-9a-f]{64})\.(\d{1,9})\.part")

Progress = Callable[[int, int], None]
"""Told the bytes moved and the bytes known to move, both ways together; neither ever goes back."""


class Office(Protocol):
    """Our own side of the conversation. `folder` is a place of the wire's own, where answers half fetched wait."""

    @property
    def folder(self) -> Path:
        """Return the folder; it exists."""

    def have(self) -> bytes:
        """Return the JSON that says what we have and need."""

    def pack_for(self, answer: bytes) -> Path | None:
        """Return the pack for somebody who answered so; None when nothing is new either way.

        When something waits for us and we have nothing, it is a pack of nothing but its header. A pack that was given
        before and not dropped since is given again as it is, so that what has gone over of it need not go again.

        Raises:
            NotSent: The answer is not what it should be.
        """

    def drop(self, pack: Path) -> None:
        """Forget a pack: the other side has taken it, or refused it."""

    def take(self, pack: Path) -> bool:
        """Take an answer in. Return whether it is worth asking again at once.

        It may come again: taking twice is taking once.

        Raises:
            NotTaken: It is no good, and is forgotten.
        """


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What a synchronisation did. Bytes are those on the wire, `resent` those of pieces that had to go again."""

    questions: int
    sent: int
    received: int
    resent: int
    delivered: int
    taken: int

    @property
    def is_nothing_new(self) -> bool:
        """Return whether neither side had anything for the other."""
        return not (self.delivered or self.taken)


def synchronise(
    url: str,
    office: Office,
    transport: Transport | None = None,
    progress: Progress = lambda moved, whole: None,
    stop: Stop = lambda: False,
) -> Exchanged:
    """Exchange with the relay at an address until neither has anything for the other.

    Raises:
        NotSent: The line would not, somebody stopped it, or the other side refused. Whatever came in before stays in.
    """
    talk = _Talk(url, transport or Http(), progress, stop)
    try:
        _finish_fetching(talk, office)
        for _ in range(ROUNDS):
            if not _once_around(talk, office):
                break
        return talk.told()
    finally:
        talk.close()


def _finish_fetching(talk: "_Talk", office: Office) -> None:
    """Take answers that a cut left here, whole or half; one that nobody over there keeps any more comes anew later."""
    for pack in sorted(office.folder.glob("*.yb")):
        _take(talk, office, pack)
    for half in sorted(office.folder.glob("*.part")):
        found = _UNFINISHED.fullmatch(half.name)
        fetched = talk.fetch(office.folder, found[1], int(found[2])) if found else None
        if fetched:
            _take(talk, office, fetched)
        half.unlink(missing_ok=True)


def _once_around(talk: "_Talk", office: Office) -> bool:
    pack = office.pack_for(talk.have(office.have()))
    if pack is None:
        return False
    try:
        answer = talk.deliver(pack)
    except NotTakenThere:
        office.drop(pack)
        raise
    office.drop(pack)
    return _take(talk, office, talk.answer_file(answer, office.folder))


def _take(talk: "_Talk", office: Office, pack: Path) -> bool:
    try:
        is_more = office.take(pack)
    except NotTaken:
        pack.unlink(missing_ok=True)
        raise
    pack.unlink(missing_ok=True)
    talk.taken += 1
    return is_more


class _Gone(OtherSideFailed):
    """The other side does not have what was asked for."""


class _Talk:
    """One synchronisation: its line, its patience, and what has moved."""

    def __init__(self, url: str, transport: Transport, progress: Progress, stop: Stop) -> None:
        self._line: Line = transport.line(url, stop, self._tell)
        self._pauses, self._stop, self._progress = transport.pauses_s, stop, progress
        self._until = time.monotonic() + SILENCE_S
        self._faults = 0
        self._piece, self._calm = FIRST_PIECE, CALM
        self._foreign: Foreign | None = None
        self._is_reached = False
        self._shown = self._whole = 0
        self._questions = self._resent = self._delivered = self.taken = 0

    def told(self) -> Exchanged:
        """Return what has been done."""
        sent, received = self._line.moved()
        self._progress(self._whole, self._whole)
        return Exchanged(self._questions, sent, received, self._resent, self._delivered, self.taken)

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def have(self, body: bytes) -> bytes:
        """Say what we have and return what the other side says."""
        answer = self._waited_for(lambda: self._ask("POST", "/v1/have", Kind.HAVE, body))
        if answer.head.kind is not Kind.HAVE:
            raise _no_answer(answer)
        return answer.body

    def deliver(self, pack: Path) -> Answer:
        """Send a pack and return the other side's answer, which holds a pack or says where one is."""
        size, digest = _measured(pack)
        answer = self._sent_whole(pack, size) if size <= DIRECT else None
        for _ in range(UPLOADS):
            if answer is None:
                self._upload(pack, size, digest)
            answer = self._waited_for(lambda: self._commit(digest, size), answer)
            if answer.head.kind is not Kind.STATE:
                self._delivered += 1
                return answer
            answer = None
        raise LineBroken("the other side loses what it has")

    def _commit(self, digest: str, size: int) -> Answer:
        return self._ask("POST", f"/v1/pack?upload={digest}", Kind.COMMIT, b'{"size":%d}' % size)

    def _waited_for(self, ask: Callable[[], Answer], answer: Answer | None = None) -> Answer:
        """Ask until the other side has done its work; it says every few seconds that it has not yet."""
        begun = time.monotonic()
        answer = answer or ask()
        while answer.head.kind is Kind.WAIT:
            if time.monotonic() - begun > BUSY_S:
                raise OtherSideBusy
            answer = ask()
        return answer

    def answer_file(self, answer: Answer, folder: Path) -> Path:
        """Return the file of the pack that an answer holds, fetched if need be."""
        if answer.head.kind is Kind.PACK:
            self._grow(len(answer.body))
            file = folder / f"{answer.head.digest}.yb"
            file.write_bytes(answer.body)
            return file
        said = _said(answer, Kind.LATER)
        digest, size = said.get("pack"), _count(said, "size")
        if not isinstance(digest, str) or not _DIGEST.fullmatch(digest) or size > MOST_PACK:
            raise _no_answer(answer)
        file_or_none = self.fetch(folder, digest, size)
        if file_or_none is None:
            raise LineBroken("the answer was dropped")
        return file_or_none

    def fetch(self, folder: Path, digest: str, size: int) -> Path | None:
        """Fetch an answer piece by piece, from where it was left; None when the other side has dropped it."""
        half = folder / f"{digest}.{size}.part"
        self._grow(size - _size(half))
        with suppress(_Gone):
            while (there := _size(half)) < size:
                _append(half, self._fetched_piece(digest, there, min(self._piece, size - there)))
            if _measured(half) == (size, digest):
                return half.replace(folder / f"{digest}.yb")
        half.unlink(missing_ok=True)
        return None

    def _sent_whole(self, pack: Path, size: int) -> Answer | None:
        """Send a small pack with one question; None when the line was cut, and it shall go in pieces."""
        self._grow(size)
        try:
            answer = self._ask_once("POST", "/v1/pack", Kind.PACK, pack.read_bytes())
        except LineFault as fault:
            self._bear(fault)
            self._resent += size
            return None
        self._went_on()
        return answer

    def _upload(self, pack: Path, size: int, digest: str) -> None:
        there = self._there(digest)
        self._grow(size - there)
        with pack.open("rb") as file:
            while there < size:
                file.seek(there)
                there = self._sent_piece(digest, there, file.read(min(self._piece, size - there)))

    def _there(self, digest: str) -> int:
        while True:
            try:
                answer = self._ask_once("GET", f"/v1/upload/{digest}", Kind.STATE, b"")
            except LineFault as fault:
                self._bear(fault)
            else:
                return _count(_said(answer, Kind.STATE), "there")

    def _sent_piece(self, digest: str, at: int, piece: bytes) -> int:
        """Send one piece and return how far the other side is; after a cut it is asked."""
        begun = time.monotonic()
        try:
            answer = self._ask_once("PUT", f"/v1/upload/{digest}/{at}", Kind.PIECE, piece)
            there = _count(_said(answer, Kind.STATE), "there")
            self._keep_pace(len(piece), time.monotonic() - begun)
        except LineFault as fault:
            self._bear(fault)
            there = self._there(digest)
            self._resent += max(0, at + len(piece) - max(there, at))
        if there > at:
            self._went_on()
        return there

    def _fetched_piece(self, digest: str, at: int, count: int) -> bytes:
        begun = time.monotonic()
        answer = self._ask("GET", f"/v1/pack/{digest}/{at}/{count}", Kind.PIECE, b"")
        if answer.head.kind is not Kind.PIECE or len(answer.body) != count:
            raise _no_answer(answer)
        self._keep_pace(count, time.monotonic() - begun)
        return answer.body

    def _ask(self, method: str, target: str, kind: Kind, body: bytes) -> Answer:
        """Ask until there is an answer, or no patience left."""
        while True:
            try:
                answer = self._ask_once(method, target, kind, body)
            except LineFault as fault:
                self._bear(fault)
            else:
                self._went_on()
                return answer

    def _ask_once(self, method: str, target: str, kind: Kind, body: bytes) -> Answer:
        if self._stop():
            raise SendingStopped
        ask = secrets.token_hex(8)
        self._questions += 1
        if method == "GET":
            answer = self._line.ask(method, f"{target}?ask={ask}", b"")
        else:
            answer = self._line.ask(method, target, framed(kind, ask, body))
        is_to_us = answer.head.ask == ask or (answer.head.ask == NOBODY and answer.head.kind is Kind.TROUBLE)
        if not is_to_us:
            raise Foreign("an answer to another question")
        if answer.head.kind is Kind.TROUBLE:
            _raise(answer)
        return answer

    def _went_on(self) -> None:
        """Have new patience: something has been gained."""
        self._faults, self._foreign, self._is_reached = 0, None, True
        self._until = time.monotonic() + SILENCE_S

    def _bear(self, fault: LineFault) -> None:
        """Wait a little after a fault; tell a person when it is one too many."""
        self._piece, self._calm = max(LEAST_PIECE, self._piece // 4), 0
        if isinstance(fault, Foreign):
            self._foreign = fault
            self._line.close()
        if self._faults >= len(self._pauses) or time.monotonic() >= self._until:
            # That somebody else answered says more than that the line was then cut.
            raise _trouble(self._foreign or fault, self._is_reached) from fault
        self._pause(self._pauses[self._faults])
        self._faults += 1

    def _pause(self, pause_s: float) -> None:
        end = time.monotonic() + pause_s
        while (rest := end - time.monotonic()) > 0:
            if self._stop():
                raise SendingStopped
            time.sleep(min(_BEAT_S, rest))

    def _keep_pace(self, count: int, took_s: float) -> None:
        """Let the next piece be what the line carries in a few seconds; after a fault, only once it has been calm."""
        self._calm += 1
        if count < self._piece or self._calm < CALM:
            return
        wanted = count / max(took_s, 1e-6) * PIECE_S
        self._piece = int(min(MOST_PIECE, max(LEAST_PIECE, min(wanted, 2 * self._piece))))

    def _grow(self, size: int) -> None:
        self._whole += size

    def _tell(self, moved: int) -> None:
        now = min(moved, self._whole)
        if now > self._shown:
            self._shown = now
            self._progress(now, self._whole)


def _raise(answer: Answer) -> None:
    """Raise what a frame of trouble says; what may pass is a fault of the line."""
    said = _said(answer, Kind.TROUBLE)
    if answer.status == 404:
        raise _Gone
    if answer.status == 422:
        raise NotTakenThere(*(_words(said.get(part)) for part in ("code", "what", "kept", "advice")))
    if answer.status == 503:
        raise _Busy
    if answer.status in (400, 408):
        raise Foreign("our question did not arrive as it was")
    raise OtherSideFailed(f"{answer.status} {_words(said.get('code'))}")


class _Busy(LineFault):
    """The other side has too much to do."""


def _trouble(fault: LineFault, is_reached: bool) -> NotSent:
    told: dict[type[LineFault], Callable[[], NotSent]] = {
        Unreachable: lambda: LineDown(str(fault)),
        Broke: lambda: LineBroken(str(fault)) if is_reached else LineDown(str(fault)),
        Foreign: lambda: LineIntercepted(str(fault)),
        _Busy: OtherSideBusy,
    }
    return told[type(fault)]()


def _no_answer(answer: Answer) -> NotSent:
    return OtherSideFailed(f"{answer.status} {answer.head.kind}")


def _said(answer: Answer, kind: Kind) -> dict[str, Any]:
    """Return the JSON object in an answer of a kind."""
    if answer.head.kind is not kind:
        raise _no_answer(answer)
    try:
        said = read_plain(answer.body)
    except NotPlain as error:
        raise _no_answer(answer) from error
    if not isinstance(said, dict):
        raise _no_answer(answer)
    return said


def _count(said: dict[str, Any], name: str) -> int:
    value = said.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_PACK:
        raise OtherSideFailed(f"no {name}")
    return value


def _words(value: object) -> str:
    """Return words of the other side as they may be shown: short, and nothing but letters and signs."""
    text = value if isinstance(value, str) else ""
    return "".join(sign for sign in text if sign.isprintable())[:120]


def _measured(file: Path) -> tuple[int, str]:
    digest, size = sha256(), 0
    with file.open("rb") as content:
        while block := content.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return size, digest.hexdigest()


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _append(file: Path, piece: bytes) -> None:
    with file.open("ab") as end:
        end.write(piece)
        end.flush()
        os.fsync(end.fileno())
