"""A socket that waits in short beats and asks at each whether waiting on still makes sense.

So a transfer ends within a beat of somebody's 停下, of a server that closes, or of a silence that was long enough.
"""

import contextlib
import io
import selectors
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any, TypeVar

BEAT_S = 0.2
SEND_BUFFER, WIDE_BUFFER = 128 * 1024, 2 * 1024 * 1024  # little, so that what was sent has gone over, or nearly
_BLOCK = 64 * 1024

T = TypeVar("T")
MayWait = Callable[[float], None]
"""Called with the seconds of silence; raises whatever shall end the waiting."""


class Lost(Exception):
    """The connection has no further use."""


class Patient:
    """One connection; `sent` and `received` count its bytes."""

    def __init__(self, sock: socket.socket, may_wait: MayWait) -> None:
        self._sock = sock
        self._may_wait = may_wait
        self._moved = time.monotonic()
        self.sent = self.received = 0
        self._is_cut = False
        self.buffer = SEND_BUFFER
        sock.settimeout(BEAT_S)
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def rest(self) -> None:
        """Begin a new silence: what was before does not count."""
        self._moved = time.monotonic()

    def shake_hands(self) -> None:
        """Come to terms about encryption; a connection in the clear has none."""
        if isinstance(self._sock, ssl.SSLSocket):
            self._beat(self._sock.do_handshake)

    def certificate(self) -> bytes:
        """Return the certificate of the other side; empty in the clear."""
        return (self._sock.getpeercert(binary_form=True) or b"") if isinstance(self._sock, ssl.SSLSocket) else b""

    def sendall(self, content: bytes) -> None:
        """Send all of it."""
        rest = memoryview(content)
        while rest:
            block = rest[:_BLOCK]
            count = self._beat(lambda block=block: self._sock.send(block))  # type: ignore[misc]
            self.sent += count
            rest = rest[count:]

    def receive_into(self, buffer: Any) -> int:
        """Receive what is there, at least one byte; 0 is the end."""
        count = self._beat(lambda: self._sock.recv_into(buffer))
        self.received += count
        return count

    def makefile(self, mode: str = "rb") -> io.BufferedReader:
        """Return a stream to read from; closing it leaves the connection."""
        return io.BufferedReader(_Reader(self), _BLOCK)

    def is_over(self) -> bool:
        """Return whether the other side has hung up, or speaks unasked, while nothing was going on."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._sock, selectors.EVENT_READ)
            return bool(selector.select(0))

    def close(self) -> None:
        """Close it."""
        self._sock.close()

    def widen(self) -> None:
        """Let the system hold more back: the line is quick."""
        if self.buffer < WIDE_BUFFER:
            self.buffer = WIDE_BUFFER
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, WIDE_BUFFER)

    def farewell(self) -> None:
        """Say that no more will come, and hear the other side out for a moment, so that it reads our last words."""
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_WR)
            for _ in range(64):
                if not self._sock.recv(_BLOCK):
                    return

    def cut(self) -> None:
        """End it from another thread: whoever waits on it hears so within a beat."""
        self._is_cut = True

    def _beat(self, act: Callable[[], T]) -> T:
        while True:
            if self._is_cut:
                raise Lost
            self._may_wait(time.monotonic() - self._moved)
            try:
                done = act()
            except TimeoutError:
                continue
            self._moved = time.monotonic()
            return done


class _Reader(io.RawIOBase):
    """What a buffered stream reads a connection through."""

    def __init__(self, patient: Patient) -> None:
        self._patient = patient

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._patient.receive_into(buffer)


def connected(address: tuple[str, int], family: int, may_wait: MayWait) -> socket.socket:
    """Return a connection to an address, waiting in beats.

    Raises:
        OSError: Nobody is there.
    """
    sock = socket.socket(family, socket.SOCK_STREAM)
    begun = time.monotonic()
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        sock.setblocking(False)
        sock.connect_ex(address)
        with selectors.DefaultSelector() as selector:
            selector.register(sock, selectors.EVENT_WRITE)
            while not selector.select(BEAT_S):
                may_wait(time.monotonic() - begun)
        if error := sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise OSError(error, "no connection")
    except BaseException:
        sock.close()
        raise
    return sock
