"""The exchange of one home: onto a stick and from it, over the wire and to whoever calls. All of it the same packs.

`Exchange` is what windows, command line, wire (`sync.carriers.wire.Office`) and relay (`sync.server.relay.Peer`) use.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from app.domain.errors import NotCarried, NotEnrolled, NotSaved, NotTaken, PackSpoilt, Refused, Trouble
from app.domain.errors_of_line import OtherSideFailed
from app.domain.place import NOWHERE
from app.ports import FORGOT, Cargo, Clock, Dice, Postbox, Seal, Shelf
from app.queries.audience import split_of
from sync.carriers import Disk, Found, Place, fetch, pack_name, take_from, write_out
from sync.directory import ERASE, Directory
from sync.enrolment import Enrolment
from sync.erasing import Eraser
from sync.erasure import HALF, SWEEP, Erasures, forget_copies, forget_copy, forget_kept
from sync.inbox import WIRE, Inbox, Taken
from sync.numbers import Begun
from sync.outbox import Load, Outbox, Split
from sync.pack import PackHead, read_pack
from sync.piece import PIECE
from sync.porter import Porter
from sync.receipts import RECEIPT, SHORT, newest
from sync.snapshot import Snapshots, ready_elsewhere
from sync.tidying import Tidying

RELAY = "relay"
"""The folder of a home where its relay keeps packs on their way; ours lies beside it."""
STICK, FOLDER = "stick", "folder"
APP = "0.1.0"
READ_BY = "exchange/read-by"
"""Which program has tried last to read what lies here unread."""
Progress = Callable[[int, int], None]
Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Exported:
    """What is on the stick now: the packages by number, how many entries, bytes, files, and who takes them in;
    `cleared` packages of before had arrived and were taken away."""

    numbers: tuple[int, ...] = ()
    items: int = 0
    size: int = 0
    files: tuple[Path, ...] = ()
    to: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    cleared: int = 0


class Asked(msgspec.Struct, frozen=True):
    """What somebody on the wire says of itself: who it is, and the first digits of its newest receipt, which says all
    that it holds."""

    org: str = ""
    device: str = ""
    receipt: str = ""


class Answered(msgspec.Struct, frozen=True):
    """The answer: who we are, our newest receipt, which of the asker's we know, and how many bytes wait for it."""

    org: str = ""
    device: str = ""
    receipt: str = ""
    yours: str = ""
    waiting: int = 0


class Exchange:
    """Everything one home does to exchange. `folder` is a place of its own for what is on its way; where several work
    side by side each is told its `desk`."""

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
        cargo: Cargo | None = None,
        desk: str = "",
    ) -> None:
        self._postbox = postbox
        self._seal = seal
        self._clock = clock
        self._cargo = cargo
        self._disk = disk
        self._folder, self._own = folder, folder / "wire" / desk
        porter = Porter(cargo, postbox, seal) if cargo else None
        self._snapshots = folder / "snap" / desk
        snapshots = Snapshots(postbox, seal, self._snapshots)
        told = {"schema": schema, "app": app}
        self.outbox = Outbox(postbox, seal, clock, dice, split, porter=porter, snapshots=snapshots, **told)
        self.inbox = Inbox(postbox, seal, clock, porter)
        self._program = f"{app} {schema}"
        self._given: dict[Path, Begun] = {}
        self._tended: tuple[Directory, int, date, int] | None = None

    def directory(self) -> Directory:
        """Return who is who, as this home may believe it now."""
        return Directory.of(self._postbox)

    def eraser(self) -> Eraser:
        """Return what this home can do to have words erased, at this moment."""
        return Eraser(self._postbox, self._seal, self._clock)

    def enrolment(self) -> Enrolment:
        """Return what this home can do about who is who, at this moment."""
        return Enrolment(self._postbox, self._seal, self._clock.now())

    # Out and in by stick or folder

    def prepare(self, stop: Stop = lambda: False) -> None:
        """Seal what is new, as far as there is somebody to seal it to; read what an older program could not.

        Raises:
            Refused: It is the sample, of which nothing ever goes to anybody.
        """
        if self.directory().own() == NOWHERE:
            raise Refused("示例省是编的，不跟任何人交换", "什么也没送出去", "真要交换，另设一个单位")
        self._tend()
        if self._postbox.noted(READ_BY).get(READ_BY) != self._program:
            self.inbox.take_again()
            self._postbox.note({READ_BY: self._program})
        with suppress(NotEnrolled):
            self.outbox.seal_new(stop)
        with suppress(NotEnrolled):  # while keys are being changed it waits, and holds nothing else up
            self._tend_erasures()
        self.sweep()

    def _tend_erasures(self) -> None:
        if self._postbox.noted(FORGOT) and self.directory().own():
            self.eraser().say_again()
        if self._postbox.statements(ERASE):
            self.eraser().tend()

    def to_send(self) -> list[Load]:
        """Return what is to go to each of our neighbours; an applicant has its request to send."""
        loads = self.outbox.loads()
        return self._requests() if loads is None else [load for load in loads if load.is_news]

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
        self._settle(place)
        self.prepare(stop)
        loads = self.to_send()
        if not loads and not self.directory().own() and not self.enrolment().own_requests():
            raise NotEnrolled
        done = Exported()
        for load in loads:
            rest = self._not_there_yet(load, place)
            if rest.is_news:
                done = self._write_load(rest, place, done, progress, stop, carrier)
        return replace(done, cleared=self._tidied(place))

    def export_request(self, place: Place, carrier: str = STICK) -> Exported:
        """Write the newest request of this computer and nothing else; an office that stands by itself has what to send
        to those below it, and its request beside that.

        Raises:
            NotCarried: It is not there; what was there before is as it was.
        """
        self._settle(place)
        done = Exported()
        for load in self._requests():
            done = self._write_load(load, place, done, lambda done, whole: None, lambda: False, carrier)
        return done

    def _tidied(self, place: Place) -> int:
        """Take from a stick what has long arrived; what cannot be done now is done the next time."""
        tidying = self._tidying()
        with suppress(NotCarried):
            return tidying.tidy(place) if tidying.directory.own() else 0
        return 0

    def _tidying(self) -> Tidying:
        return Tidying(self._postbox, self.directory(), self.outbox.porter, self._inbox(), self._disk)

    def _inbox(self) -> Path:
        folder = self._folder / "in"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _not_there_yet(self, load: Load, place: Place) -> Load:
        """Return a load without the pictures that lie on this very stick already, in packs of ours that are whole.

        Words are few and go every time; pictures fill a stick.
        """
        if not load.pieces:
            return load
        lying = self._tidying().lying(place)
        there = {name for package in lying if package.to_org == load.to for name in package.segments}
        return load.without({one.name for one in load.pieces} & there)

    def _write_load(
        self, load: Load, place: Place, done: Exported, progress: Progress, stop: Stop, carrier: str
    ) -> Exported:
        packs = self.outbox.packs(load, stop=stop)
        for part, pack in enumerate(packs, 1):
            number = self.outbox.next_number()
            name = pack_name(self.directory().own() or "0", self.device(), number)
            begun = self.outbox.begin(pack, carrier, place.device_id, name)
            write = _writer(self.outbox, pack, number, part, len(packs))
            try:
                written = write_out(place, load.to, name, write, pack.size, self._disk, progress, stop)
            except BaseException:
                with suppress(Trouble):
                    self._settle(place)
                raise
            self.outbox.gone(begun, written.size)
            done = Exported(
                (*done.numbers, number),
                done.items + pack.items(),
                done.size + written.size,
                (*done.files, written.path),
                (*done.to, load.to),
                (*done.segments, *pack.ids()),
            )
        return done

    def _settle(self, place: Place) -> None:
        """Find out what became of packages whose writing was cut off; they keep their numbers, or give them back."""
        if self.outbox.numbers.begun():
            self.outbox.numbers.settle(place, self._inbox(), self._clock.now, self.device(), self._disk)

    def device(self) -> str:
        """Return the id of this computer."""
        return self._postbox.stream().partition("/")[0]

    def found(self, source: Place | Path) -> list[Found]:
        """Return what may be packs on a stick, in a folder, or the one file given; copies of an earlier look go."""
        for copy in (self._folder / "in").glob("*.yb"):
            with suppress(OSError):
                copy.unlink()
        return take_from(source, self.directory().own(), self._disk)

    def fetched(self, found: Found, progress: Progress = lambda done, whole: None, stop: Stop = lambda: False) -> Path:
        """Copy what was found into the inbox and return the copy."""
        return fetch(found, self._inbox(), self._disk, progress, stop)

    def look(self, file: Path, stop: Stop = lambda: False) -> Taken:
        """Return what taking a pack in would do."""
        return self.inbox.look(file, stop)

    def look_all(self, files: Iterable[Path], stop: Stop = lambda: False) -> list[Taken | NotTaken]:
        """Return what taking packs in one after the other would do, or why one would be refused."""
        return self.inbox.look_all(files, stop)

    def take_file(self, file: Path, carrier: str = STICK, stop: Stop = lambda: False) -> Taken:
        """Take a pack in whole, and do what follows from what it says."""
        taken = self.inbox.take(file, carrier, stop)
        if self._tend():  # a snapshot in it is believed only now, and does not lie here unread as segments do
            self.inbox.take(file, carrier, stop)
        self.sweep(file)
        return taken

    def confirm(self, digits: str) -> str:
        """Take the digits that an office read out, and with them whatever lies here and waited for it; return which
        office they pin, '' while its answer has not come."""
        office = self.enrolment().confirm(digits)
        self._tend(is_pinned=bool(office))
        return office

    def _tend(self, *, is_pinned: bool = False) -> bool:
        """Do what follows from who is who; what could not be read or believed so far is tried again, if that is so."""
        today, setbacks = self._clock.now().date(), self._postbox.setbacks()
        seen = (self.directory(), len(self._postbox.identities()), today, setbacks)
        if seen == self._tended and not is_pinned:  # in an office of thousands it takes long to find nothing to do
            return False
        tended = self.enrolment().tend()
        self._tended = seen
        is_told_more = bool(is_pinned or tended.pinned or tended.opened)
        if is_told_more:
            self.inbox.take_again()
        return is_told_more

    def sweep(self, but: Path | None = None) -> None:
        """Sweep away what is left of what was erased: pictures, old copies of packs, free pages; `but` has just been
        taken in, and may still be looked at. What the disk does not do now it does the next time."""
        is_due = bool(self._postbox.noted(SWEEP))
        if not is_due and not self._postbox.statements(ERASE):
            return
        erasures = Erasures.of(self.directory())
        with suppress(NotSaved):
            if self._cargo and erasures.blobs:
                self._cargo.forget(erasures.blobs)
            if is_due:
                ready = ready_elsewhere(self._folder / "snap", self._snapshots, erasures.gone)
                forget_copies(self._folder, erasures.gone, self._own, ready | ({but} if but else set()))
                forget_kept(self._folder.with_name(RELAY))
                self._postbox.sweep()
                self._postbox.note({SWEEP: None})
            if but is not None and erasures.gone and but.parent == self._folder / "in":
                forget_copy(but, erasures.gone)

    # Over the wire: the calling side

    @property
    def folder(self) -> Path:
        """Return the folder where answers half fetched wait, and those of this desk are written."""
        self._own.mkdir(parents=True, exist_ok=True)
        return self._own

    def have(self) -> bytes:
        """Return what we say of ourselves to the one we call."""
        self.prepare()
        return msgspec.json.encode(Asked(self.directory().own(), self.device(), self.receipt_digits()))

    def receipt_digits(self, device: str = "") -> str:
        """Return the first digits of the newest receipt of a device, or of our own; '' when there is none."""
        if not device:
            own = self.outbox.receipt()
            return own.id[:SHORT] if own else ""
        met = newest(self._postbox.statements(RECEIPT)).get(device)
        return met[0].id[:SHORT] if met else ""

    def pack_for(self, answer: bytes) -> Path | None:
        """Return the pack for somebody who answered so; None when nothing is new either way."""
        try:
            said = msgspec.json.decode(answer, type=Answered)
        except msgspec.MsgspecError as error:
            raise OtherSideFailed from error
        if not self.directory().own():
            requests = self._requests()
            return self._given_pack(requests[0]) if requests else None
        load = self._with_request(self.outbox.load_for(said.org))
        is_told = said.yours == self.receipt_digits() and said.receipt == self.receipt_digits(said.device)
        if is_told and not (load.parcels or load.pieces or load.statements or said.waiting):
            return None
        return self._given_pack(load)

    def _with_request(self, load: Load) -> Load:
        """Return a load with the request that an office has for whoever gets it, until that is answered."""
        asked = [one for request in self._requests() if request.to == load.to for one in request.statements]
        known = {one.id for one in load.statements}
        return replace(load, statements=(*load.statements, *(one for one in asked if one.id not in known)))

    def _given_pack(self, load: Load) -> Path:
        """Return a file with the first pack of a load: the very one that was given before, even by a program that was
        killed since, so that what has gone over of it need not go again, and it keeps its number."""
        first = self.outbox.packs(load, PIECE)[0]
        begun = {one.number: one for one in self.outbox.numbers.begun() if one.carrier == WIRE}
        for path in sorted(self._folder.glob("out-*.tmp")):
            package = begun.get(_number_of(path))
            if package and path not in self._given and _is_whole(path):
                self._given[path] = package
            if path in self._given and _is_same(self._given[path], first):
                return path
            self._given.pop(path, None)
            path.unlink(missing_ok=True)
        return self._packed(first)

    def _packed(self, load: Load) -> Path:
        begun = self.outbox.begin(load, WIRE)
        path = self._folder / f"out-{begun.number:06}.tmp"
        try:
            _write_to(path, _writer(self.outbox, load, begun.number, 1, 1))
        except NotSaved:
            with suppress(NotSaved):
                self.outbox.numbers.free(begun.number)  # it is given to the next
            raise
        self._given[path] = begun
        return path

    def drop(self, pack: Path) -> None:
        """Forget a pack: the other side has taken it, or refused it."""
        begun = self._given.pop(pack, None)
        if begun is not None and begun.segments:
            self.outbox.gone(begun, pack.stat().st_size)
        elif begun is not None:
            self.outbox.numbers.free(begun.number)
        pack.unlink(missing_ok=True)

    def take(self, pack: Path) -> Any:
        """Take what came over the wire; return whether it is worth asking again at once: more is to come or to go."""
        try:
            taken = self.take_file(pack, WIRE)
        finally:
            pack.unlink(missing_ok=True)
        is_more = taken.head.part < taken.head.parts or any(load.parcels or load.pieces for load in self.to_send())
        return is_more and taken.is_news()


class Relay:
    """The answering side: what a home says to those who call it."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        with suppress(OSError):  # a disk that will not says so at the first answer
            for half in exchange.folder.glob(f"*{HALF}"):
                half.unlink(missing_ok=True)  # whoever wrote it was killed: a desk answers one after the other

    def have(self, asked: bytes) -> bytes:
        """Return what we hold and how much waits for the asker, as JSON."""
        exchange = self._exchange
        try:
            said = msgspec.json.decode(asked, type=Asked)
        except msgspec.MsgspecError as error:
            raise PackSpoilt(str(error)) from error
        exchange.prepare()
        yours = exchange.receipt_digits(said.device) if said.device else ""
        waiting = self._waiting(said, yours)
        is_known = exchange.directory().device(said.device) is not None
        own = (exchange.directory().own(), exchange.device(), exchange.receipt_digits() if is_known else "")
        return msgspec.json.encode(Answered(*own, yours, waiting))

    def _waiting(self, said: Asked, yours: str) -> int:
        """Return about how many bytes wait for whoever asks; of strangers nobody knows what they lack."""
        card = self._exchange.directory().device(said.device)
        if card is None:
            return 0
        load = self._exchange.outbox.load_for(card.org, card.device)
        return max(1, load.size) if load.parcels or load.pieces or load.statements or yours != said.receipt else 0

    def take(self, pack: Path) -> Path:
        """Take a pack in whole and durably; return the file of an answer with the receipt and what waits."""
        exchange = self._exchange
        head = exchange.take_file(pack, WIRE).head
        exchange.prepare()
        packs = exchange.outbox.packs(self._load_of(head), PIECE)
        half = exchange.folder / f"answer-{pack.stem[:16]}{HALF}"
        _write_to(half, _writer(exchange.outbox, packs[0], exchange.outbox.next_number(), 1, len(packs)))
        return half.replace(half.with_suffix(".tmp"))

    def _load_of(self, head: PackHead) -> Load:
        """Return what the packer of a pack is not known to hold; to strangers only what answers them."""
        card = self._exchange.directory().device(head.device)
        if card is None:
            return Load(self._exchange.directory().own() or "00", (), (), ())
        return self._exchange.outbox.load_for(card.org, card.device)


def _is_same(given: Begun, load: Load) -> bool:
    """Return whether a package that was given before is what a load comes to."""
    sent = sorted(one.id for one in (*load.statements, *load.receipts))
    segments = [*load.ids(), *(one.name for one in load.pieces)]
    return (given.to, [*given.segments], [*given.sent]) == (load.to, segments, sent)


def _number_of(path: Path) -> int:
    digits = path.stem.removeprefix("out-")
    return int(digits) if digits.isdecimal() else 0


def _is_whole(path: Path) -> bool:
    """Return whether a pack of our own was written to its end; what was not is of no use to anybody."""
    try:
        with path.open("rb") as file:
            read_pack(file)
    except (OSError, NotTaken):
        path.unlink(missing_ok=True)
        return False
    return True


def _write_to(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Write a pack that goes over the wire; of one that the disk would not take nothing is left behind.

    Raises:
        NotSaved: The disk would not take it.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write(file)
    except OSError as error:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        raise NotSaved(str(error)) from error


def _writer(outbox: Outbox, load: Load, number: int, part: int, of: int) -> Callable[[BinaryIO], None]:
    def write(file: BinaryIO) -> None:
        outbox.write(load, file, number, part, of)

    return write


def exchange_of(
    postbox: Postbox,
    shelf: Shelf,
    seal: Seal,
    clock: Clock,
    dice: Dice,
    folder: Path,
    schema: str,
    cargo: Cargo | None = None,
    desk: str = "",
) -> Exchange:
    """Return the exchange of an open home in this folder; `schema` names the newest step its tables have grown, and
    without `cargo` no pictures travel. `desk` tells it from others at work in the same folder."""
    split = split_of(shelf, postbox.ops)
    where = folder / "exchange"
    return Exchange(postbox, seal, clock, dice, split, where, schema=schema, app=APP, cargo=cargo, desk=desk)
