"""IPP: what a print queue is asked and what it answers (RFC 8010, RFC 8011), as far as our papers need it.

Qt's own way through CUPS hands a job over and does not look whether it was taken, nor what becomes of it; here every
question has an answer in time or is an error. Source of the numbers: RFC 8011 section 5, CUPS implementation of IPP.
"""

import os
import socket
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from http.client import HTTPConnection, HTTPException
from pathlib import Path

PORT = 631
SOCKETS = ("/run/cups/cups.sock", "/var/run/cups/cups.sock")
ANSWER_S = 5.0
MOST_BYTES = 4_000_000
END, OPERATION, JOB, PRINTER = 0x03, 0x01, 0x02, 0x04
INTEGER, BOOLEAN, ENUM, RANGE, COLLECTION, END_COLLECTION = 0x21, 0x22, 0x23, 0x33, 0x34, 0x37
TEXT, NAME, KEYWORD, URI, CHARSET, LANGUAGE, MEDIA_TYPE = 0x41, 0x42, 0x44, 0x45, 0x47, 0x48, 0x49
_LAST_GOOD = 0x00FF

Value = str | int | bool | bytes
Attributes = dict[str, list[Value]]


class Operation(IntEnum):
    """What a queue can be asked to do."""

    CREATE_JOB = 0x0005
    SEND_DOCUMENT = 0x0006
    CANCEL_JOB = 0x0008
    GET_JOB = 0x0009
    GET_DEFAULT = 0x4001
    GET_PRINTERS = 0x4002


class JobState(IntEnum):
    """Where a job is; the last three are its end."""

    PENDING = 3
    HELD = 4
    PROCESSING = 5
    STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9

    def is_over(self) -> bool:
        """Return whether nothing more will come out of it."""
        return self >= JobState.CANCELED


class QueueSilent(Exception):
    """The queue did not answer, or what it answered is no IPP."""


class QueueRefused(Exception):
    """The queue answered, and said no; `status` is its own number for why."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status:#06x}")
        self.status = status


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute of a request: its type, name and values."""

    tag: int
    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a queue answered: its status and the groups of attributes, each with the number of its kind."""

    status: int
    groups: tuple[tuple[int, Attributes], ...]

    def of(self, kind: int) -> Iterator[Attributes]:
        """Yield the groups of one kind, in order."""
        return (attributes for tag, attributes in self.groups if tag == kind)


def first(attributes: Mapping[str, list[Value]], name: str, default: Value = "") -> Value:
    """Return the first value of an attribute."""
    values = attributes.get(name)
    return values[0] if values else default


def number(attributes: Mapping[str, list[Value]], name: str) -> int:
    """Return the first value of an attribute as a number; 0 if it is none."""
    value = first(attributes, name, 0)
    return value if isinstance(value, int) else 0


def words(attributes: Mapping[str, list[Value]], name: str) -> tuple[str, ...]:
    """Return all values of an attribute that are text."""
    return tuple(value for value in attributes.get(name, ()) if isinstance(value, str))


def packed(code: int, groups: list[tuple[int, list[Field]]], data: bytes = b"", request: int = 1) -> bytes:
    """Return a message: a request, or an answer when `code` is a status."""
    out = [struct.pack(">BBHI", 2, 0, code, request)]
    for tag, fields in groups:
        out.append(bytes([tag]))
        out += [_field(field) for field in fields]
    return b"".join([*out, bytes([END]), data])


def _field(field: Field) -> bytes:
    parts, name = [], field.name.encode()
    for value in field.values:
        body = _value(field.tag, value)
        parts.append(struct.pack(">BH", field.tag, len(name)) + name + struct.pack(">H", len(body)) + body)
        name = b""
    return b"".join(parts)


def _value(tag: int, value: Value) -> bytes:
    if tag == BOOLEAN:
        return bytes([bool(value)])
    if isinstance(value, int):
        return struct.pack(">i", value)
    return value if isinstance(value, bytes) else value.encode()


def unpacked(raw: bytes) -> tuple[Answer, bytes]:
    """Return a message and the data after it.

    Raises:
        QueueSilent: These bytes are no IPP.
    """
    try:
        return _unpacked(raw)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise QueueSilent("no IPP") from error


def _unpacked(raw: bytes) -> tuple[Answer, bytes]:
    major, _, status, _ = struct.unpack_from(">BBHI", raw)
    if major not in (1, 2):
        raise QueueSilent("no IPP")
    groups: list[tuple[int, Attributes]] = []
    place, name, depth = 8, "", 0
    while (tag := raw[place]) != END:
        place += 1
        if tag < 0x10:
            groups.append((tag, {}))
            continue
        told, body, place = _attribute(raw, place)
        name = told or name
        depth += (tag == COLLECTION) - (tag == END_COLLECTION)
        if depth == 0 and tag != END_COLLECTION and groups:
            groups[-1][1].setdefault(name, []).append(_read(tag, body))
    return Answer(status, tuple(groups)), raw[place + 1 :]


def _attribute(raw: bytes, place: int) -> tuple[str, bytes, int]:
    """Return name, value, and where the next one begins."""
    (length,) = struct.unpack_from(">H", raw, place)
    name = raw[place + 2 : place + 2 + length]
    place += 2 + length
    (length,) = struct.unpack_from(">H", raw, place)
    end = place + 2 + length
    if end > len(raw):
        raise QueueSilent("cut off")
    return name.decode(), raw[place + 2 : end], end


def _read(tag: int, body: bytes) -> Value:
    if tag in (INTEGER, ENUM):
        return int(struct.unpack(">i", body)[0])
    if tag == BOOLEAN:
        return body != b"\0"
    return body.decode() if 0x40 <= tag < 0x60 else body


@dataclass(frozen=True, slots=True)
class Door:
    """Where the print queues of this machine answer: a socket's path, or a host and port."""

    host: str = "localhost"
    port: int = PORT
    path: str = ""

    def ask(self, operation: Operation, groups: list[tuple[int, list[Field]]], where: str, data: bytes = b"") -> Answer:
        """Ask one thing and return the answer.

        Raises:
            QueueSilent: There is no answer within five seconds, or it is none.
            QueueRefused: The answer is no.
        """
        message = packed(operation, [(OPERATION, [*_HEAD, *groups[0][1]]), *groups[1:]], data)
        answer, _ = unpacked(self._sent(where, message))
        if answer.status > _LAST_GOOD:
            raise QueueRefused(answer.status)
        return answer

    def _sent(self, where: str, message: bytes) -> bytes:
        line = _SocketLine(self.path) if self.path else HTTPConnection(self.host, self.port, timeout=ANSWER_S)
        try:
            line.request("POST", where, message, {"Content-Type": "application/ipp"})
            answer = line.getresponse()
            body = answer.read(MOST_BYTES)
        except (OSError, HTTPException) as error:
            raise QueueSilent(str(error)) from error
        finally:
            line.close()
        if answer.status != 200:
            raise QueueSilent(str(answer.status))
        return body


_HEAD = (
    Field(CHARSET, "attributes-charset", ("utf-8",)),
    Field(LANGUAGE, "attributes-natural-language", ("zh-cn",)),
)


class _SocketLine(HTTPConnection):
    """A connection through a socket of this machine."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=ANSWER_S)
        self._path = path

    def connect(self) -> None:
        """Open the socket."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(ANSWER_S)
        self.sock.connect(self._path)


def door(told: str | None = None) -> Door:
    """Return where the queues answer: as `CUPS_SERVER` says, else the socket of the machine, else its port."""
    told = os.environ.get("CUPS_SERVER", "") if told is None else told
    if told.startswith("/"):
        return Door(path=told)
    if told:
        host, _, port = told.partition(":")
        return Door(host, int(port) if port.isdecimal() else PORT)
    found = next((path for path in SOCKETS if Path(path).exists()), "")
    return Door(path=found)
