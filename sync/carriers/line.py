"""One line to one relay: HTTP/1.1 over plain TCP in a county's own network, over TLS elsewhere.

Only Host and Content-Length are relied upon. Whatever does not begin as a frame of ours is not read on: a portal's
page is recognised by its first twelve bytes. Redirects are not followed, proxies of the environment are not used.
"""

import http.client
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Protocol, cast
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_der_x509_certificate

from app.domain.errors_of_line import AddressUnclear, ClockDoubted, LineIntercepted, OtherSideNewer, SendingStopped
from sync.frame import MOST_PIECE, TYPE, EndedEarly, FromTheFuture, Head, Mangled, NotAFrame, read_body, read_head
from sync.patient import BEAT_S, Patient, connected

SILENCE_S = 12.0  # the stick is offered within fifteen
PAUSES_S = (0.3, 1.0, 3.0)  # before each further try when a line breaks
QUICK = 2_000_000  # bytes a second, as within a house
SLOWEST = 8_000  # bytes a second; a line below this is given up
PORTS = {"http": 8420, "https": 443}
_PIN = re.compile(r"[0-9a-f]{64}")
_HOST = re.compile(r"[A-Za-z0-9.:_-]{1,253}")
_NOT_YET, _EXPIRED = 9, 10  # X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED

Stop = Callable[[], bool]
Moved = Callable[[int], None]


class LineFault(Exception):
    """The line failed in a way that may pass; each is tried again before a person is told."""


class Unreachable(LineFault):
    """Nobody answers there."""


class Broke(LineFault):
    """It ended before the answer was whole."""


class Foreign(LineFault):
    """Something answered that is not ours."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the frame's line and what followed."""

    status: int
    head: Head
    body: bytes


class Line(Protocol):
    """A conversation with one relay."""

    def ask(self, method: str, target: str, frame: bytes) -> Answer:
        """Ask and return the answer.

        Raises:
            LineFault: It may be asked again.
            NotSent: It makes no sense to.
        """

    def moved(self) -> tuple[int, int]:
        """Return how many bytes went out and came in, all told."""

    def close(self) -> None:
        """Hang up."""


class Transport(Protocol):
    """Makes lines. `pauses_s` are the waits before each further try."""

    @property
    def pauses_s(self) -> tuple[float, ...]:
        """Return the waits."""

    def line(self, url: str, stop: Stop, moved: Moved) -> Line:
        """Return a line; it is opened by its first question."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a relay is, and the pin of its key when the address says it."""

    is_secret: bool
    host: str
    port: int
    pin: str = ""

    @property
    def shown(self) -> str:
        """Return it as the Host field names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def address_of(url: str) -> Address:
    """Read what somebody typed: `http://192.168.1.10:8420`, or without `http://` and without a port.

    An address that was copied may end in `#` and the pin of the relay's key: `https://192.168.1.10:8420#5a01…`.

    Raises:
        AddressUnclear: It is no address.
    """
    text = url.strip()
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError) as error:
        raise AddressUnclear from error
    is_plain = not (parts.query or parts.username or parts.path.strip("/"))
    is_secret = parts.scheme == "https"
    is_pin = bool(_PIN.fullmatch(parts.fragment)) and is_secret
    if not _HOST.fullmatch(host) or not is_plain or (parts.fragment and not is_pin):
        raise AddressUnclear
    return Address(is_secret, host, port, parts.fragment)


@dataclass(frozen=True, slots=True)
class Http:
    """Lines over HTTP. With a `pin` (SHA-256 of the public key, 64 hexadecimal digits) that key alone decides: neither
    names nor dates do, so that a wrong clock does not matter. Without one the system's certificates decide."""

    pin: str = ""
    silence_s: float = SILENCE_S
    pauses_s: tuple[float, ...] = PAUSES_S
    trust: Callable[[], ssl.SSLContext] = field(default=ssl.create_default_context)

    def line(self, url: str, stop: Stop, moved: Moved) -> "HttpLine":
        """Return a line to the address; nothing is opened yet."""
        address = address_of(url)
        return HttpLine(replace(address, pin=self.pin or address.pin), self, stop, moved)


class HttpLine:
    """One connection at a time, kept for the next question where the other side lets us."""

    def __init__(self, address: Address, manner: Http, stop: Stop, moved: Moved) -> None:
        self._address, self._manner, self._stop, self._moved = address, manner, stop, moved
        self._patient: Patient | None = None
        self._allowed_s = manner.silence_s
        self._counted = (0, 0)

    def ask(self, method: str, target: str, frame: bytes) -> Answer:
        """Ask; see `Line`."""
        begun = time.monotonic()
        self._allowed_s = self._manner.silence_s
        try:
            patient = self._open()
            patient.rest()
            # What the system holds back for a slow line is silent while it goes out.
            self._allowed_s += min(len(frame), patient.buffer) / SLOWEST - (time.monotonic() - begun)
            self._say(patient, method, target, frame)
            answer = self._hear(patient, method)
            if self._patient and len(frame) > QUICK * (time.monotonic() - begun):
                self._patient.widen()
            return answer
        except FromTheFuture as error:
            self.close()
            raise OtherSideNewer from error
        except (LineFault, OSError, http.client.HTTPException, NotAFrame, EndedEarly, Mangled) as error:
            self.close()
            raise _fault(error) from error
        except BaseException:
            self.close()
            raise

    def moved(self) -> tuple[int, int]:
        """Return how many bytes went out and came in over all connections."""
        now = (self._patient.sent, self._patient.received) if self._patient else (0, 0)
        return self._counted[0] + now[0], self._counted[1] + now[1]

    def close(self) -> None:
        """Hang up; the next question opens anew."""
        if self._patient:
            self._counted = self.moved()
            self._patient.close()
            self._patient = None

    def _open(self) -> Patient:
        if self._patient and self._patient.is_over():
            self.close()
        if self._patient is None:
            sock = self._reach()
            if self._address.is_secret:
                sock = self._encrypted(sock)
            self._patient = Patient(sock, self._may_wait)
            self._come_to_terms(self._patient)
        return self._patient

    def _reach(self) -> socket.socket:
        error: OSError | None = None
        for family, address in _found(self._address, self._may_wait):
            try:
                return connected(address, family, self._may_wait)
            except OSError as refused:
                error = refused
        raise Unreachable(str(error))

    def _encrypted(self, sock: socket.socket) -> socket.socket:
        context = self._manner.trust()
        if self._address.pin:
            # The pinned key is compared right after the handshake, before a byte of ours goes out.
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        try:
            return context.wrap_socket(sock, server_hostname=self._address.host, do_handshake_on_connect=False)
        except BaseException:
            sock.close()
            raise

    def _come_to_terms(self, patient: Patient) -> None:
        try:
            patient.shake_hands()
        except ssl.SSLCertVerificationError as error:
            if error.verify_code in (_NOT_YET, _EXPIRED):
                raise ClockDoubted from error
            raise LineIntercepted(str(error.verify_message)) from error
        except ssl.SSLEOFError as error:
            raise Broke(str(error)) from error
        except ssl.SSLError as error:
            raise Foreign(str(error)) from error
        pin = self._address.pin
        if self._address.is_secret and pin and pin_of(patient.certificate()) != pin:
            raise LineIntercepted("another key")

    def _say(self, patient: Patient, method: str, target: str, frame: bytes) -> None:
        fields = f"{method} {target} HTTP/1.1\r\nHost: {self._address.shown}\r\n"
        if method != "GET":
            fields += f"Content-Type: {TYPE}\r\nContent-Length: {len(frame)}\r\n"
        try:
            patient.sendall(fields.encode("ascii") + b"\r\n" + frame)
        except (BrokenPipeError, ConnectionResetError):
            return  # it may have answered before it had heard all, and hung up

    def _hear(self, patient: Patient, method: str) -> Answer:
        # HTTPResponse asks nothing of a socket but makefile.
        response = http.client.HTTPResponse(cast(socket.socket, patient), method=method)
        try:
            response.begin()
            head = _head(response)
            body = read_body(response, head, MOST_PIECE)
            if response.will_close or response.read(1):
                self.close()
            return Answer(response.status, head, body)
        finally:
            response.close()

    def _may_wait(self, silent_s: float) -> None:
        if self._stop():
            raise SendingStopped
        if silent_s > self._allowed_s:
            raise Broke("silence") if self._patient else Unreachable("silence")
        self._moved(sum(self.moved()))


def pin_of(certificate: bytes) -> str:
    """Return the pin of a certificate (DER): SHA-256 of its public key as in RFC 7469, in hexadecimal digits."""
    key = load_der_x509_certificate(certificate).public_key()
    return sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def _head(response: http.client.HTTPResponse) -> Head:
    try:
        return read_head(response)
    except EndedEarly:
        if response.length == 0:  # all of it has come, and it is not ours
            raise NotAFrame from None
        raise


def _fault(error: Exception) -> Exception:
    if isinstance(error, LineFault):
        return error
    if isinstance(error, http.client.IncompleteRead | EndedEarly | ConnectionError):
        return Broke(repr(error))
    if isinstance(error, http.client.HTTPException | NotAFrame | Mangled):
        return Foreign(repr(error))
    return Broke(repr(error))


def _found(address: Address, may_wait: Callable[[float], None]) -> list[tuple[int, tuple[str, int]]]:
    """Look a name up on a thread of its own, since the system's look-up cannot be stopped."""
    found: list[tuple[int, tuple[str, int]]] = []

    def look_up() -> None:
        try:
            for family, _, _, _, place in socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM):
                found.append((family, cast(tuple[str, int], place)))
        except (OSError, UnicodeError):
            return

    begun = time.monotonic()
    thread = threading.Thread(target=look_up, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(BEAT_S / 4)
        may_wait(time.monotonic() - begun)
    return found
