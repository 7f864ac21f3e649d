"""A line that misbehaves: a real TCP proxy that cuts, delays, doubles, mangles, swallows, or shows a portal's page."""

import contextlib
import queue
import selectors
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

BLOCK = 16 * 1024
BEAT_S = 0.2


@dataclass(frozen=True)
class Fault:
    """What is wrong with the line. Bytes are counted from the moment the fault was set; most happen once."""

    cut_up: int | None = None
    cut_down: int | None = None
    flip_up: int | None = None
    flip_down: int | None = None
    every: int = 0  # cut after so many bytes upwards, again and again
    page: bytes | None = None  # what a portal says to everybody
    is_mute: bool = False  # takes everything, says nothing
    swallowed: int = 0  # so many answers come from the other side and are lost
    is_doubled: bool = False  # every question arrives twice
    bytes_a_second: int = 0
    latency_s: float = 0.0  # each way


class _Cut(Exception):
    pass


class FaultyLine:
    """A proxy on loopback; `set` gives it a fault, `up` and `down` count what passed since."""

    def __init__(self, port: int) -> None:
        self._to = ("127.0.0.1", port)
        self._fault = Fault()
        self._closing = threading.Event()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(BEAT_S)
        self.set(Fault())
        self._spawn(self._accept)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def set(self, fault: Fault) -> None:
        """Misbehave so from now on, and count anew."""
        with self._lock:
            self._fault = fault
            self._done: set[str] = set()
            self._swallowed = 0
            self._since_cut = 0
            self.up = self.down = self.connections = 0

    def close(self) -> None:
        self._closing.set()
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _spawn(self, work, *given) -> threading.Thread:
        thread = threading.Thread(target=work, args=given, daemon=True)
        self._threads = [one for one in self._threads if one.is_alive()] + [thread]
        thread.start()
        return thread

    def _accept(self) -> None:
        while not self._closing.is_set():
            with contextlib.suppress(TimeoutError):
                near, _ = self._listener.accept()
                self.connections += 1
                self._spawn(self._serve, near)

    def _serve(self, near: socket.socket) -> None:
        fault = self._fault
        near.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with near, contextlib.suppress(OSError, _Cut):
            if fault.page is not None or fault.is_mute:
                self._be_a_portal(near, fault)
                return
            with socket.create_connection(self._to) as far:
                far.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if fault.bytes_a_second:
                    self._carry_slowly(near, far, fault)
                elif fault.is_doubled or fault.swallowed:
                    self._carry_questions(near, far, fault)
                else:
                    self._carry(near, far)

    def _be_a_portal(self, near: socket.socket, fault: Fault) -> None:
        near.settimeout(BEAT_S)
        with contextlib.suppress(TimeoutError):
            self.up += len(near.recv(BLOCK))
            near.sendall(fault.page or b"")
        if fault.is_mute:
            self._closing.wait(60)
            return
        near.shutdown(socket.SHUT_WR)
        with contextlib.suppress(TimeoutError):
            while near.recv(BLOCK):
                pass

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(near, selectors.EVENT_READ, ("up", far))
            selector.register(far, selectors.EVENT_READ, ("down", near))
            while not self._closing.is_set():
                for key, _ in selector.select(BEAT_S):
                    way, other = key.data
                    block = key.fileobj.recv(BLOCK)
                    self._pass(way, block, other)
                    if not block:
                        return

    def _pass(self, way: str, block: bytes, other: socket.socket) -> None:
        """Send a block on, as far as the fault lets it."""
        with self._lock:
            fault, begun = self._fault, getattr(self, way)
            setattr(self, way, begun + len(block))
            cut, flip = getattr(fault, f"cut_{way}"), getattr(fault, f"flip_{way}")
            is_cut = f"cut {way}" not in self._done and cut is not None and begun + len(block) > cut
            if flip is not None and f"flip {way}" not in self._done and begun <= flip < begun + len(block):
                block = bytes(sign ^ 1 if at == flip - begun else sign for at, sign in enumerate(block))
                self._done.add(f"flip {way}")
            if is_cut:
                block = block[: max(0, cut - begun)]
                self._done.add(f"cut {way}")
            if fault.every and way == "up":
                self._since_cut += len(block)
                if self._since_cut > fault.every:
                    self._since_cut, is_cut = 0, True
        other.sendall(block)
        if is_cut:
            raise _Cut

    def _carry_questions(self, near: socket.socket, far: socket.socket, fault: Fault) -> None:
        """Carry whole questions and answers, some of them twice or to nobody."""
        asking, answering = near.makefile("rb"), far.makefile("rb")
        with asking, answering:
            while question := _message(asking):
                self.up += len(question)
                if fault.is_doubled:
                    with socket.create_connection(self._to) as again, again.makefile("rb") as answer:
                        again.sendall(question)
                        _message(answer)
                far.sendall(question)
                answer_bytes = _message(answering)
                if self._swallowed < fault.swallowed:
                    self._swallowed += 1
                    return
                self.down += len(answer_bytes)
                near.sendall(answer_bytes)

    def _carry_slowly(self, near: socket.socket, far: socket.socket, fault: Fault) -> None:
        """Carry at a pace, late; to open the connection has taken a way there and back."""
        opened = time.monotonic() + 2 * fault.latency_s
        thread = self._spawn(self._trickle, far, near, "down", fault, opened)
        self._trickle(near, far, "up", fault, opened)
        thread.join()

    def _trickle(self, source: socket.socket, other: socket.socket, way: str, fault: Fault, free: float) -> None:
        waiting: queue.Queue[tuple[float, bytes]] = queue.Queue(16)
        sender = self._spawn(_deliver, waiting, other)
        source.settimeout(BEAT_S)
        while not self._closing.is_set():
            try:
                block = source.recv(2048)
            except TimeoutError:
                continue
            except OSError:
                block = b""
            setattr(self, way, getattr(self, way) + len(block))
            free = max(free, time.monotonic()) + len(block) / fault.bytes_a_second
            waiting.put((free + fault.latency_s, block))
            if not block:
                break
        else:
            waiting.put((0.0, b""))
        sender.join()


def _deliver(waiting: "queue.Queue[tuple[float, bytes]]", other: socket.socket) -> None:
    while True:
        due, block = waiting.get()
        time.sleep(max(0.0, due - time.monotonic()))
        with contextlib.suppress(OSError):
            if block:
                other.sendall(block)
            else:
                other.shutdown(socket.SHUT_WR)
        if not block:
            return


def _message(stream) -> bytes:
    """Read one HTTP message that tells its length."""
    lines = []
    for line in stream:
        lines.append(line)
        if line == b"\r\n":
            break
    lengths = [int(line[15:]) for line in lines if line.lower().startswith(b"content-length:")]
    return b"".join(lines) + stream.read(lengths[0] if lengths else 0)


@contextlib.contextmanager
def faulty_line(port: int) -> Iterator[FaultyLine]:
    """Lay a line to a port of this machine."""
    line = FaultyLine(port)
    try:
        yield line
    finally:
        line.close()
