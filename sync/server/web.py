"""HTTP for a relay: a thread for each connection, and a limit for everything that a stranger could do.

At most so many connections are served at once; others wait in the system's queue. A question must be put within
seconds, its body must keep coming, its size is known beforehand; nothing is listed, nothing executed, nothing logged.
"""

import errno
import http.client
import io
import logging
import re
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from sync.frame import TYPE
from sync.patient import BEAT_S, Lost, Patient
from sync.server.relay import Desks, OneDesk, Peer, Relay, Reply, most_bytes, trouble_frame

_LOG = logging.getLogger(__name__)
_REQUEST = re.compile(rb"(GET|POST|PUT) (/[\x21-\x7e]{0,300}) HTTP/1\.[01]\r?\n")
_REASONS = http.client.responses
_NO_MORE = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
"""There are more connections than the system has room for: the next one waits, and does not go away."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What strangers may do, at most."""

    connections: int = 1024
    idle_s: float = 5.0
    head_s: float = 10.0
    silence_s: float = 20.0
    slowest: int = 500  # bytes a second, once the silence has passed
    head_bytes: int = 8192
    grace_s: float = 5.0
    wait_s: float = 4.0


@dataclass(slots=True)
class _Phase:
    """What a connection is about: idle, head, body or answer; since when, and how many bytes had come."""

    name: str = "idle"
    begun: float = field(default_factory=time.monotonic)
    received: int = 0


class Server:
    """A relay at an address. `with Server(peer, folder) as server:` serves until the end of the block."""

    def __init__(
        self,
        peer: Peer | Desks,
        folder: Path,
        address: tuple[str, int] = ("127.0.0.1", 8420),
        limits: Limits | None = None,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """Bind to the address (port 0 takes a free one); with `trust`, speak TLS. Desks end with the server; a single
        peer gets one."""
        self.limits = limits or Limits()
        self._trust = trust
        self._listener = _listening(address)
        self._relay = Relay(peer if isinstance(peer, Desks) else OneDesk(peer), folder, self.limits.wait_s)
        self._closing = threading.Event()
        self._slots = threading.Semaphore(self.limits.connections)
        self._open: dict[threading.Thread, Patient] = {}
        self._lock = threading.Lock()
        self._accepting = threading.Thread(target=self._accept, name="relay-door", daemon=True)

    @property
    def port(self) -> int:
        """Return the port it listens at."""
        return int(self._listener.getsockname()[1])

    @property
    def url(self) -> str:
        """Return the address as a person types it."""
        host = str(self._listener.getsockname()[0])
        return f"{'https' if self._trust else 'http'}://{f'[{host}]' if ':' in host else host}:{self.port}"

    def start(self) -> None:
        """Begin to serve, on threads of its own."""
        self._accepting.start()

    def close(self) -> None:
        """Take no more, let what is under way come to its end for a few seconds, and end."""
        self._closing.set()
        if self._accepting.ident:
            self._accepting.join()
        self._listener.close()
        end = time.monotonic() + self.limits.grace_s
        for thread, patient in self._connections():
            thread.join(max(0.0, end - time.monotonic()))
            patient.cut()
        for thread, _ in self._connections():
            thread.join()
        self._relay.close()

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close()

    def _connections(self) -> list[tuple[threading.Thread, Patient]]:
        with self._lock:
            return list(self._open.items())

    def _accept(self) -> None:
        while not self._closing.is_set():
            if not self._slots.acquire(timeout=BEAT_S):
                continue
            try:
                sock, _ = self._listener.accept()
            except OSError as error:  # nobody came within a beat, or went away before being let in, or nobody can be
                self._slots.release()
                if error.errno in _NO_MORE:
                    self._closing.wait(BEAT_S)
                continue
            try:
                self._begin(_Visit(self, sock))
            except (OSError, RuntimeError):  # the latter when the system has no thread left
                sock.close()
                self._slots.release()

    def _begin(self, visit: "_Visit") -> None:
        thread = threading.Thread(target=self._attend, args=(visit,), daemon=True)
        with self._lock:
            thread.start()  # it cannot come to its end before it is among those that are open
            self._open[thread] = visit.patient

    def _attend(self, visit: "_Visit") -> None:
        try:
            visit.attend()
        except (OSError, Lost):
            pass  # it left, or was too slow, or was of no further use
        except Exception:
            _LOG.exception("a connection ended by our own mistake")
        finally:
            visit.patient.close()
            with self._lock:
                del self._open[threading.current_thread()]
            self._slots.release()

    def is_open(self) -> bool:
        """Return whether anybody is let in still."""
        return self._accepting.is_alive()

    def is_closing(self) -> bool:
        """Return whether it is about to end."""
        return self._closing.is_set()

    def has_room(self) -> bool:
        """Return whether somebody else could be let in at once."""
        return len(self._open) < self.limits.connections

    def encrypted(self, sock: socket.socket) -> socket.socket:
        """Return the connection as it shall be spoken on."""
        if self._trust is None:
            return sock
        return self._trust.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)

    def answer(self, method: str, target: str, body: "_Body") -> Reply:
        """Return the relay's answer."""
        return self._relay.answer(method, target, body)


class _Visit:
    """One connection, from its first question to its end."""

    def __init__(self, server: Server, sock: socket.socket) -> None:
        self._server, self._limits = server, server.limits
        self._phase = _Phase()
        self.patient = Patient(server.encrypted(sock), self._may_wait)

    def attend(self) -> None:
        """Answer questions until one side has had enough."""
        self._enter("head")
        self.patient.shake_hands()
        stream = self.patient.makefile()
        is_kept = True
        while is_kept:
            self._enter("idle")
            is_kept = self._one_question(stream)

    def _one_question(self, stream: io.BufferedReader) -> bool:
        """Answer one question and return whether the next may come on this connection."""
        if not stream.peek(1):
            return False
        self._enter("head")
        try:
            method, target, fields = _question(stream, self._limits.head_bytes)
            body = _Body(stream, _body_length(method, target, fields))
        except _Unreadable as unreadable:
            self._say(Reply(unreadable.status, trouble_frame(unreadable.code), is_end=True), True)
            return False
        if fields.get("expect", "").lower() == "100-continue":
            self.patient.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        self._enter("body")
        reply = self._server.answer(method, target, body)
        is_end = reply.is_end or bool(body.rest) or not self._is_to_be_kept(fields)
        self._say(reply, is_end)
        return not is_end

    def _is_to_be_kept(self, fields: dict[str, str]) -> bool:
        return "close" not in fields.get("connection", "").lower() and self._server.has_room()

    def _say(self, reply: Reply, is_end: bool) -> None:
        self._enter("answer")
        fields = (
            f"HTTP/1.1 {reply.status} {_REASONS.get(reply.status, 'Trouble')}\r\nContent-Type: {TYPE}\r\n"
            f"Content-Length: {len(reply.frame) + reply.more_bytes}\r\nCache-Control: no-store\r\n"
        )
        fields += "Connection: close\r\n" if is_end else ""
        self.patient.sendall(fields.encode("ascii") + b"\r\n" + reply.frame)
        for block in reply.more:
            self.patient.sendall(block)
        if is_end:
            self.patient.farewell()

    def _enter(self, name: str) -> None:
        self._phase = _Phase(name, time.monotonic(), self.patient.received)
        self.patient.rest()

    def _may_wait(self, silent_s: float) -> None:
        phase, limits = self._phase, self._limits
        lasted_s = time.monotonic() - phase.begun
        if phase.name == "idle":
            if self._server.is_closing() or lasted_s > limits.idle_s:
                raise Lost
        elif phase.name == "head":
            if lasted_s > limits.head_s:
                raise Lost
        elif silent_s > limits.silence_s or self._creeps(lasted_s):
            raise Lost

    def _creeps(self, lasted_s: float) -> bool:
        moved = self.patient.received + self.patient.sent - self._phase.received
        return lasted_s > self._limits.silence_s and moved < lasted_s * self._limits.slowest


class _Unreadable(Exception):
    """A question that is none."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


class _Body:
    """The body of a question, no further than its length."""

    def __init__(self, stream: io.BufferedReader, length: int) -> None:
        self._stream, self.rest = stream, length

    def read(self, size: int, /) -> bytes:
        """Return that many bytes, fewer at the end."""
        return self._counted(self._stream.read, size)

    def readline(self, size: int, /) -> bytes:
        """Return a line with its end."""
        return self._counted(self._stream.readline, size)

    def _counted(self, read: Callable[[int], bytes], size: int) -> bytes:
        try:
            got = read(min(size, self.rest))
        except OSError as error:  # not to be taken for one of the disk
            raise Lost from error
        self.rest -= len(got)
        return got


def _question(stream: io.BufferedReader, most: int) -> tuple[str, str, dict[str, str]]:
    """Read the first line and the fields."""
    found = _REQUEST.fullmatch(stream.readline(512))
    if found is None:
        raise _Unreadable(400, "W-QUESTION")
    lines = []
    while (line := stream.readline(most + 1)) not in (b"\r\n", b"\n"):
        most -= len(line)
        if most < 0 or not line.endswith(b"\n"):
            raise _Unreadable(431 if most < 0 else 400, "W-FIELDS")
        lines.append(line)
    fields: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.decode("latin-1").partition(":")
        name = name.lower()
        if not colon or not name.isascii() or name != name.strip() or (name in fields and name in _ONCE):
            raise _Unreadable(400, "W-FIELDS")
        fields[name] = value.strip()
    return found[1].decode("ascii"), found[2].decode("ascii"), fields


_ONCE = ("content-length", "transfer-encoding", "content-type", "host")


def _body_length(method: str, target: str, fields: dict[str, str]) -> int:
    """Return how long the body is, when it may be that long and of that type."""
    told = fields.get("content-length", "")
    if "transfer-encoding" in fields or (method != "GET" and not told):
        raise _Unreadable(411, "W-LENGTH")
    if told and not re.fullmatch(r"\d{1,12}", told):
        raise _Unreadable(400, "W-LENGTH")
    # A field that was stripped on the way is not missed: the frame says what it is.
    if fields.get("content-type", TYPE).partition(";")[0].strip().lower() != TYPE and method != "GET":
        raise _Unreadable(415, "W-TYPE")
    length = int(told or 0)
    if length > most_bytes(method, target) and most_bytes(method, target):
        raise _Unreadable(413, "W-TOO-LARGE")
    return length


def _listening(address: tuple[str, int]) -> socket.socket:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    # On Windows the option would let two programs answer at one address, and nobody would be told that it is taken.
    if sys.platform != "win32":
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(address)
        sock.listen(1024)
        sock.settimeout(BEAT_S)
    except OSError:
        sock.close()
        raise
    return sock
