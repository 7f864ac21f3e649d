"""Relay: what is answered to what. Questions may come any number of times, from many at once; see `../WIRE.md`.

A peer is asked by one worker, one question after the other, so that a home needs no locks. Whoever else has to do with
the exchange is handed that same worker (`office.py`), and its work comes between two packs. Where counties are kept
apart there are several desks (`counties.py`), each with a peer and a worker, and each question has one that it goes to.
Who asked waits a few seconds, and is then told to ask again: no line and no proxy between need be patient while a large
pack is taken in.
"""

import json
import logging
import re
import threading
import time
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol, TypeVar

from app.domain.errors import NotTaken, Refused, StoreAway, Trouble
from sync.frame import (
    INLINE,
    MOST_JSON,
    MOST_PACK,
    MOST_PIECE,
    NOBODY,
    EndedEarly,
    FromTheFuture,
    Head,
    Kind,
    Mangled,
    NotAFrame,
    Readable,
    framed,
    read_body,
    read_head,
)
from sync.patient import Lost
from sync.plain import NotPlain, read_plain
from sync.server.store import Full, Kept, Store, TooMuch

WAIT_S = 4.0
AGAIN_S = 20.0
"""Who was told to wait and does not ask again for so long has gone; its answer would be an old one."""
REMEMBERED = 4096
MOST_COMMIT = 100
_LOG = logging.getLogger(__name__)
T = TypeVar("T")


class Peer(Protocol):
    """The home behind a relay. It is asked from one thread only, not that of its making."""

    def have(self, asked: bytes) -> bytes:
        """Return what we have and want and what waits for the asker, as JSON.

        Raises:
            Trouble: The question is refused.
        """

    def take(self, pack: Path) -> Path:
        """Take a pack in whole and durably; return the file of an answer with the receipt and what waits.

        The answer is the relay's to remove, the pack stays its own. The same pack may come any number of times.

        Raises:
            Trouble: It is refused, and nothing of it is taken.
        """


class Heard:
    """A peer that tells of each pack once it has been taken in, with nothing, or refused, with the reason."""

    def __init__(self, peer: Peer, tell: Callable[[Trouble | None], None]) -> None:
        self._peer, self._tell = peer, tell

    def have(self, asked: bytes) -> bytes:
        """Return what we have."""
        return self._peer.have(asked)

    def take(self, pack: Path) -> Path:
        """Take a pack in, and tell."""
        try:
            answer = self._peer.take(pack)
        except Trouble as trouble:
            self._tell(trouble)
            raise
        self._tell(None)
        return answer


def one_worker() -> Executor:
    """Return a worker that does one thing after the other."""
    return ThreadPoolExecutor(1, thread_name_prefix="relay")


@dataclass(frozen=True, slots=True)
class Desk:
    """A peer, and the one thread that asks it."""

    peer: Peer
    worker: Executor


class Desks(ABC):
    """Who is asked what."""

    @abstractmethod
    def for_question(self, asked: bytes) -> Desk:
        """Return the desk that a question goes to.

        Raises:
            Trouble: The question is refused.
        """

    @abstractmethod
    def for_pack(self, pack: Path) -> Desk:
        """Return the desk that a pack goes to.

        Raises:
            Trouble: It is refused.
        """

    @abstractmethod
    def close(self) -> None:
        """Let what is being done be done, and end."""


class OneDesk(Desks):
    """A single desk for everything; the worker ends with it."""

    def __init__(self, peer: Peer, worker: Executor | None = None) -> None:
        self._desk = Desk(peer, worker or one_worker())

    def for_question(self, asked: bytes) -> Desk:
        """Return the desk."""
        return self._desk

    def for_pack(self, pack: Path) -> Desk:
        """Return the desk."""
        return self._desk

    def close(self) -> None:
        """Let the pack that is being taken in be taken in, and end."""
        self._desk.worker.shutdown(wait=True, cancel_futures=True)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `is_end` when the rest of the question was not read, so that the connection must close. A large one
    goes on after `frame` with that many bytes more, read only as they go out."""

    status: int
    frame: bytes
    is_end: bool = False
    more: Iterable[bytes] = ()
    more_bytes: int = 0


class _Away(Exception):
    """What is asked for cannot be had; told as a trouble of the wire's own."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


class Relay:
    """Answers for one home."""

    def __init__(self, desks: Desks, folder: Path, wait_s: float = WAIT_S) -> None:
        self._desks, self._store, self._wait_s = desks, Store(folder), wait_s
        self._sorting = one_worker()
        self._lock = threading.Lock()
        self._takings: OrderedDict[str, Future[Kept]] = OrderedDict()
        self._asked: OrderedDict[str, tuple[Future[bytes], float]] = OrderedDict()

    def close(self) -> None:
        """Let the pack that is being taken in be taken in, and end."""
        self._sorting.shutdown(wait=True, cancel_futures=True)
        self._desks.close()

    def answer(self, method: str, target: str, stream: Readable) -> Reply:
        """Return the answer to a question; `stream` holds its frame and nothing else."""
        ask = NOBODY
        try:
            answer, found = _route(method, target)
            if method == "GET":
                *words, ask = found
                return answer(self, ask, *words)
            head = _head(stream)
            ask = head.ask
            return answer(self, head, stream, *found)
        except _Away as away:
            return _trouble(away.status, ask, away.code)
        except (EndedEarly, Mangled):
            return _trouble(400, ask, "W-MANGLED")
        except TooMuch:
            return _trouble(413, ask, "W-TOO-LARGE")
        except Full:
            return _trouble(507, ask, "W-DISK")
        except (NotTaken, Refused) as refusal:
            return _told(422, refusal, ask)
        except StoreAway:
            _LOG.warning("the database is away: %s was not done", "/".join(re.split("[/?]", target)[:3]))
            return _trouble(503, ask, "W-AWAY")
        except Trouble as trouble:
            return _told(507, trouble, ask)
        except Lost:
            raise
        except OSError as error:
            _LOG.warning("the relay's disk: %r", error)
            return _trouble(507, ask, "W-DISK")
        except Exception:
            _LOG.exception("a question could not be answered: %s %s", method, target)
            return _trouble(500, ask, "W-OURS")

    def _have(self, head: Head, stream: Readable) -> Reply:
        _expect(head, Kind.HAVE, MOST_JSON)
        answer = self._answer_to(head.digest, self._store.receive(stream, head))
        if not self._is_done(answer):
            return _json(202, Kind.WAIT, head.ask, {})
        with self._lock:
            self._asked.pop(head.digest, None)
        return Reply(200, framed(Kind.HAVE, head.ask, answer.result()))

    def _answer_to(self, digest: str, file: Path) -> "Future[bytes]":
        """Let the peer be asked what stands in a file; who was told to wait and asks the same again has kept its place
        in the row."""
        now = time.monotonic()
        with self._lock:
            for one in [one for one, (given, at) in self._asked.items() if given.done() and now - at > AGAIN_S]:
                del self._asked[one]
            known, _ = self._asked.pop(digest, (None, now))
            answer = known or Future()
            self._asked[digest] = (answer, now)
            while len(self._asked) > REMEMBERED:
                self._asked.popitem(last=False)
        if known is None:
            answer.add_done_callback(lambda _: file.unlink(missing_ok=True))
            desks = self._desks
            self._let(answer, lambda: desks.for_question(file.read_bytes()), lambda peer: peer.have(file.read_bytes()))
        else:
            file.unlink(missing_ok=True)
        return answer

    def _pack(self, head: Head, stream: Readable) -> Reply:
        _expect(head, Kind.PACK, MOST_PACK)
        file = self._store.receive(stream, head)
        with self._lock:
            taking = self._takings.get(head.digest)
            is_new = taking is None or taking.done()
            if taking is None or is_new:
                file = self._store.arrive(head.digest, file)
                taking = self._begin(head.digest)
        if is_new:
            self._let_take(taking, head.digest, file)
        else:
            file.unlink(missing_ok=True)
        return self._outcome(taking, head)

    def _commit(self, head: Head, stream: Readable, digest: str) -> Reply:
        _expect(head, Kind.COMMIT, MOST_COMMIT)
        size = _size_in(read_body(stream, head, MOST_COMMIT))
        file = None
        with self._lock:
            taking = self._takings.get(digest)
            if (taking is None or _may_be_tried_again(taking)) and (file := self._store.arrived(digest, size)):
                taking = self._begin(digest)
        if taking and file:
            self._let_take(taking, digest, file)
        if taking:
            return self._outcome(taking, head)
        if kept := self._store.answer_to(digest):
            return self._answered(kept, head)
        return _json(404, Kind.STATE, head.ask, {"there": self._store.there(digest)})

    def _state(self, ask: str, digest: str) -> Reply:
        kept = self._store.answer_to(digest)
        return _json(200, Kind.STATE, ask, {"there": kept.asked if kept else self._store.there(digest)})

    def _piece(self, head: Head, stream: Readable, digest: str, at: str) -> Reply:
        _expect(head, Kind.PIECE, MOST_PIECE)
        there = self._store.append(digest, int(at), self._store.receive(stream, head))
        with self._lock:
            taking = self._takings.get(digest)
            if at == "0" and taking and taking.done():
                del self._takings[digest]
        return _json(200, Kind.STATE, head.ask, {"there": there})

    def _fetch(self, ask: str, digest: str, at: str, count: str) -> Reply:
        return self._part_of(digest, int(at), min(int(count), MOST_PIECE), Kind.PIECE, ask)

    def _begin(self, digest: str) -> "Future[Kept]":
        """Take down that a pack is about to be taken in."""
        taking = self._takings[digest] = Future()
        self._takings.move_to_end(digest)
        while len(self._takings) > REMEMBERED:
            self._takings.popitem(last=False)
        return taking

    def _let_take(self, taking: "Future[Kept]", digest: str, file: Path) -> None:
        """Let a pack be taken in where it belongs."""

        def find() -> Desk:
            with _gone_if_refused(file):
                return self._desks.for_pack(file)

        def take(peer: Peer) -> Kept:
            with _gone_if_refused(file):
                kept = self._store.keep_answer(digest, file.stat().st_size, peer.take(file))
            file.unlink(missing_ok=True)
            return kept

        self._let(taking, find, take)

    def _let(self, promised: "Future[T]", find: Callable[[], Desk], work: Callable[[Peer], T]) -> None:
        """Let a desk do some work, and keep what comes of it in what was promised. Which desk that is has to be looked
        up: by one thread, so that hundreds who call at once do not stand in the way of those at work."""

        def do(desk: Desk) -> None:
            try:
                promised.set_result(work(desk.peer))
            except BaseException as error:
                promised.set_exception(error)

        def sort() -> None:
            try:
                desk = find()
                desk.worker.submit(do, desk)
            except BaseException as error:
                promised.set_exception(error)

        self._sorting.submit(sort)

    def _outcome(self, taking: "Future[Kept]", head: Head) -> Reply:
        if not self._is_done(taking):
            return _json(202, Kind.WAIT, head.ask, {})
        return self._answered(taking.result(), head)

    def _answered(self, kept: Kept, head: Head) -> Reply:
        if kept.size > INLINE:
            return _json(200, Kind.LATER, head.ask, {"pack": kept.digest, "size": kept.size})
        return self._part_of(kept.digest, 0, kept.size, Kind.PACK, head.ask)

    def _part_of(self, digest: str, at: int, count: int, kind: Kind, ask: str) -> Reply:
        part, told, size = partial(self._store.answer_part, digest, at, count), sha256(), 0
        try:
            for block in part():
                told.update(block)
                size += len(block)
        except FileNotFoundError as error:
            raise _Away(404, "W-GONE") from error
        return Reply(200, Head(kind, ask, size, told.hexdigest()).line(), more=part(), more_bytes=size)

    def _is_done(self, work: "Future[bytes] | Future[Kept]") -> bool:
        waited: Sequence[Future[Any]] = [work]
        return bool(wait(waited, self._wait_s).done)


@contextmanager
def _gone_if_refused(file: Path) -> Iterator[None]:
    """Remove a pack that will not be taken in, however often it is tried."""
    try:
        yield
    except (NotTaken, Refused):
        file.unlink(missing_ok=True)
        raise


def _may_be_tried_again(taking: "Future[Kept]") -> bool:
    """Return whether a pack was not taken for a reason that lies here, like a full disk."""
    error = taking.exception() if taking.done() else None
    return error is not None and not isinstance(error, NotTaken | Refused)


def _size_in(told: bytes) -> int:
    try:
        size = read_plain(told)["size"]
    except (NotPlain, KeyError, TypeError) as error:
        raise _Away(400, "W-SIZE") from error
    if not isinstance(size, int) or isinstance(size, bool) or not 0 < size <= MOST_PACK:
        raise _Away(400, "W-SIZE")
    return size


_DIGEST = "([0-9a-f]{64})"
_ASK = r"\?ask=([0-9a-f]{16})"
_ROUTES: tuple[tuple[str, "re.Pattern[str]", Callable[..., Reply]], ...] = (
    ("POST", re.compile("/v1/have"), Relay._have),
    ("POST", re.compile("/v1/pack"), Relay._pack),
    ("POST", re.compile(rf"/v1/pack\?upload={_DIGEST}"), Relay._commit),
    ("GET", re.compile(rf"/v1/upload/{_DIGEST}{_ASK}"), Relay._state),
    ("PUT", re.compile(rf"/v1/upload/{_DIGEST}/(0|[1-9]\d{{0,7}})"), Relay._piece),
    ("GET", re.compile(rf"/v1/pack/{_DIGEST}/(0|[1-9]\d{{0,7}})/([1-9]\d{{0,7}}){_ASK}"), Relay._fetch),
)


def _route(method: str, target: str) -> tuple[Callable[..., Reply], tuple[str, ...]]:
    is_known = False
    for its_method, pattern, answer in _ROUTES:
        if found := pattern.fullmatch(target):
            if method == its_method:
                return answer, found.groups()
            is_known = True
    raise _Away(405, "W-METHOD") if is_known else _Away(404, "W-NOWHERE")


def most_bytes(method: str, target: str) -> int:
    """Return how large the body of a question may be; 0 for what is not answered or has none."""
    try:
        answer, _ = _route(method, target)
    except _Away:
        return 0
    line = 160
    return {
        Relay._have: MOST_JSON + line,
        Relay._pack: MOST_PACK + line,
        Relay._piece: MOST_PIECE + line,
        Relay._commit: MOST_COMMIT + line,
    }.get(answer, 0)


def _head(stream: Readable) -> Head:
    try:
        return read_head(stream)
    except FromTheFuture as error:
        raise _Away(505, "W-NEWER") from error
    except NotAFrame as error:
        raise _Away(400, "W-FOREIGN") from error


def _expect(head: Head, kind: Kind, most: int) -> None:
    """Refuse a frame of another kind, or with more in it."""
    if head.kind is not kind:
        raise _Away(400, "W-KIND")
    if head.length > most:
        raise TooMuch


def _json(status: int, kind: Kind, ask: str, told: dict[str, object]) -> Reply:
    return Reply(status, framed(kind, ask, json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()))


def _trouble(status: int, ask: str, code: str) -> Reply:
    """Return a trouble of the wire's own, which the other side puts into words; what was asked may not all be read."""
    reply = _json(status, Kind.TROUBLE, ask, {"code": code})
    return Reply(reply.status, reply.frame, is_end=True)


def _told(status: int, trouble: Trouble, ask: str) -> Reply:
    told: dict[str, object] = {"code": trouble.code, "what": trouble.what}
    return _json(status, Kind.TROUBLE, ask, {**told, "kept": trouble.kept, "advice": trouble.advice})


def trouble_frame(code: str) -> bytes:
    """Return the frame of a trouble of the wire's own for a question that could not be read."""
    return _trouble(400, NOBODY, code).frame
