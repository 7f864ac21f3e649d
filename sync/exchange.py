"""The exchange of one home: onto a stick and from it, over the wire and to whoever calls. All of it the same packs.

`Exchange` is what windows, command line, wire (`sync.carriers.wire.Office`) and relay (`sync.server.relay.Peer`) use.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from app.domain.errors import NotEnrolled, OtherSideFailed, PackSpoilt
from app.ports import Clock, Dice, Have, Parcel, Postbox, Seal
from sync.carriers import Disk, Found, Place, fetch, pack_name, take_from, write_out
from sync.directory import Directory
from sync.enrolment import Enrolment
from sync.inbox import Inbox, Taken
from sync.outbox import Load, Outbox, Split
from sync.pack import PackHead, read_pack
from sync.receipts import RECEIPT, SHORT, newest

STICK, WIRE, FOLDER = "stick", "wire", "folder"
Progress = Callable[[int, int], None]
Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Exported:
    """What is on the stick now: the packages by number, how many entries, bytes, files, and who takes them in."""

    numbers: tuple[int, ...] = ()
    items: int = 0
    size: int = 0
    files: tuple[Path, ...] = ()
    to: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()


class Asked(msgspec.Struct, frozen=True):
    """What somebody on the wire says of itself: who it is, what it holds, the statements it knows by their first
    digits."""

    org: str = ""
    device: str = ""
    have: Have = {}
    known: list[str] = []


class Answered(msgspec.Struct, frozen=True):
    """The answer: what we hold, and how many bytes wait for the asker."""

    org: str = ""
    device: str = ""
    have: Have = {}
    known: list[str] = []
    waiting: int = 0


class Exchange:
    """Everything one home does to exchange. `folder` is a place of its own for what is on its way."""

    def __init__(
        self,
        postbox: Postbox,
        seal: Seal,
        clock: Clock,
        dice: Dice,
        split: Split,
        folder: Path,
        *,
        schema: str,
        app: str,
        disk: Disk | None = None,
    ) -> None:
        self._postbox = postbox
        self._seal = seal
        self._clock = clock
        self._disk = disk
        self._folder = folder
        self.outbox = Outbox(postbox, seal, clock, dice, split, schema=schema, app=app)
        self.inbox = Inbox(postbox, seal, clock)
        self._given: dict[Path, Load] = {}

    def directory(self) -> Directory:
        """Return who is who, as this home may believe it now."""
        return Directory.of(self._postbox)

    def enrolment(self) -> Enrolment:
        """Return what this home can do about who is who, at this moment."""
        return Enrolment(self._postbox, self._seal, self._clock.now())

    # Out and in by stick or folder

    def prepare(self, stop: Stop = lambda: False) -> None:
        """Seal what is new, as far as there is somebody to seal it to."""
        self.enrolment().tend()
        with suppress(NotEnrolled):
            self.outbox.seal_new(stop)

    def to_send(self) -> list[Load]:
        """Return what is to go to each of our neighbours; an applicant has its request to send."""
        if not self.directory().own():
            return self._requests()
        loads = (self.outbox.load_for(to) for to in self.outbox.neighbours())
        return [load for load in loads if load.is_news]

    def _requests(self) -> list[Load]:
        """Return the newest request that this computer has made, as a load for the office that answers it."""
        to, files = self.enrolment().letter()
        return [Load(to, (), tuple(files), ())] if to else []

    def export(
        self,
        place: Place,
        progress: Progress = lambda done, whole: None,
        stop: Stop = lambda: False,
        carrier: str = STICK,
    ) -> Exported:
        """Seal what is new and write what is to be sent; return once all of it can be read there.

        Raises:
            NotEnrolled: Nobody has been asked yet whose computer this is to be.
            NotCarried: It is not there; what was there before is as it was.
        """
        self.prepare(stop)
        loads = self.to_send()
        if not loads and not self.directory().own() and not self.enrolment().own_requests():
            raise NotEnrolled
        done = Exported()
        for load in loads:
            done = self._write_load(load, place, done, progress, stop, carrier)
        return done

    def _write_load(
        self, load: Load, place: Place, done: Exported, progress: Progress, stop: Stop, carrier: str
    ) -> Exported:
        packs = self.outbox.packs(load)
        for part, pack in enumerate(packs, 1):
            number = self.outbox.next_number()
            name = pack_name(self.directory().own() or "0", self._device(), number)
            write = _writer(self.outbox, pack, number, part, len(packs))
            written = write_out(place, load.to, name, write, pack.size, self._disk, progress, stop)
            self.outbox.gone(pack, carrier, written.size)
            done = Exported(
                (*done.numbers, number),
                done.items + pack.items(),
                done.size + written.size,
                (*done.files, written.path),
                (*done.to, load.to),
                (*done.segments, *(one.id for one in pack.parcels)),
            )
        return done

    def _device(self) -> str:
        return self._postbox.stream().partition("/")[0]

    def found(self, source: Place | Path) -> list[Found]:
        """Return what may be packs on a stick, in a folder, or the one file given."""
        return take_from(source, self.directory().own(), self._disk)

    def fetched(self, found: Found, progress: Progress = lambda done, whole: None, stop: Stop = lambda: False) -> Path:
        """Copy what was found into the inbox and return the copy."""
        inbox = self._folder / "in"
        inbox.mkdir(parents=True, exist_ok=True)
        return fetch(found, inbox, self._disk, progress, stop)

    def look(self, file: Path, stop: Stop = lambda: False) -> Taken:
        """Return what taking a pack in would do."""
        return self.inbox.look(file, stop)

    def take_file(self, file: Path, carrier: str = STICK, stop: Stop = lambda: False) -> Taken:
        """Take a pack in whole, and do what follows from what it says."""
        taken = self.inbox.take(file, carrier, stop)
        tended = self.enrolment().tend()
        if tended.pinned or tended.opened:
            self.inbox.take_again()
        return taken

    # Over the wire: the calling side

    @property
    def folder(self) -> Path:
        """Return the folder where answers half fetched wait."""
        folder = self._folder / "wire"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def have(self) -> bytes:
        """Return what we say of ourselves to the one we call."""
        self.prepare()
        return msgspec.json.encode(Asked(*self._self_told()))

    def _self_told(self) -> tuple[str, str, Have, list[str]]:
        return self.directory().own(), self._device(), self._postbox.have(), self._known()

    def _known(self) -> list[str]:
        """Return the first digits of the statements that we need not be told again."""
        receipts = {file.id for file, _ in newest(self._postbox.statements(RECEIPT)).values()}
        kept = [one.id for one in self._postbox.statements() if one.kind != RECEIPT or one.id in receipts]
        return sorted(one[:SHORT] for one in kept)

    def pack_for(self, answer: bytes) -> Path | None:
        """Return the pack for somebody who answered so; None when nothing is new either way."""
        try:
            said = msgspec.json.decode(answer, type=Answered)
        except msgspec.MsgspecError as error:
            raise OtherSideFailed from error
        load = self._load_against(said.org, said.have, said.known)
        if load is None and not said.waiting:
            return None
        return self._given_pack(load or Load(said.org, (), (), ()))

    def _load_against(self, to: str, have: Have, known: list[str]) -> Load | None:
        """Return what somebody lacks, by what they say themselves; None when that is nothing."""
        if not self.directory().own():
            requests = [one for one in self._requests() if one.statements[0].id[:SHORT] not in known]
            return requests[0] if requests else None
        load = self.outbox.load_for(to)
        parcels = tuple(one for one in load.parcels if not _covers(have, one))
        files = tuple(one for one in load.statements if one.id[:SHORT] not in known)
        receipts = tuple(one for one in load.receipts if one.id[:SHORT] not in known)
        if not (parcels or files or receipts):
            return None
        return replace(load, parcels=parcels, statements=files, receipts=receipts)

    def _given_pack(self, load: Load) -> Path:
        first = self.outbox.packs(load)[0]
        for path, given in self._given.items():
            if _same(given, first) and path.exists():
                return path
        path = self._folder / f"out-{self.outbox.next_number():06}.tmp"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            self.outbox.write(first, file, self.outbox.next_number())
        self._given[path] = first
        return path

    def drop(self, pack: Path) -> None:
        """Forget a pack: the other side has taken it, or refused it."""
        load = self._given.pop(pack, None)
        if load is not None and (load.parcels or load.statements):
            self.outbox.gone(load, WIRE, pack.stat().st_size)
        pack.unlink(missing_ok=True)

    def take(self, pack: Path) -> Any:
        """Take what came over the wire; return whether it is worth asking again at once."""
        try:
            taken = self.take_file(pack, WIRE)
        finally:
            pack.unlink(missing_ok=True)
        return taken.is_news()


class Relay:
    """The answering side: what a home says to those who call it."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def have(self, asked: bytes) -> bytes:
        """Return what we hold and how much waits for the asker, as JSON."""
        exchange = self._exchange
        try:
            said = msgspec.json.decode(asked, type=Asked)
        except msgspec.MsgspecError as error:
            raise PackSpoilt(str(error)) from error
        exchange.prepare()
        load = exchange._load_against(said.org, said.have, said.known) if said.org else None
        waiting = max(1, load.size) if load else 0
        return msgspec.json.encode(Answered(*exchange._self_told(), waiting))

    def take(self, pack: Path) -> Path:
        """Take a pack in whole and durably; return the file of an answer with the receipt and what waits."""
        exchange = self._exchange
        exchange.take_file(pack, WIRE)
        with pack.open("rb") as file:
            head = read_pack(file).head
        exchange.prepare()
        to = self._org_of(head)
        load = exchange._load_against(to, head.have, []) if to else None
        path = exchange._folder / f"answer-{pack.stem[:16]}.tmp"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as out:
            exchange.outbox.write(load or Load(exchange.directory().own() or "00", (), (), ()), out, 1)
        return path

    def _org_of(self, head: PackHead) -> str:
        card = self._exchange.directory().device(head.device)
        return card.org if card else ""


def _covers(have: Have, parcel: Parcel) -> bool:
    spans = have.get(parcel.stream, {}).get(parcel.audience, [])
    return any(first <= parcel.first and parcel.last <= last for first, last in spans)


def _same(one: Load, other: Load) -> bool:
    return [_ids(one), one.to] == [_ids(other), other.to]


def _ids(load: Load) -> list[str]:
    return [one.id for one in (*load.parcels, *load.statements, *load.receipts)]


def _writer(outbox: Outbox, load: Load, number: int, part: int, of: int) -> Callable[[BinaryIO], None]:
    def write(file: BinaryIO) -> None:
        outbox.write(load, file, number, part, of)

    return write
