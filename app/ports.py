"""What the consultation needs from outside: a shelf to read, a ledger to write, a clock, dice.

All are handed in, so that a whole county can be simulated in one process.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from app.domain.change import ChangeSet
from app.domain.merge import Contest
from app.domain.op import Op
from app.domain.record import Plain, R


@dataclass(frozen=True, slots=True)
class Is:
    """The field has exactly this plain value."""

    field: str
    value: Plain


@dataclass(frozen=True, slots=True)
class Among:
    """The field has one of these plain values."""

    field: str
    values: tuple[Plain, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """The field sorts before this plain value; None never does."""

    field: str
    value: Plain


@dataclass(frozen=True, slots=True)
class AtLeast:
    """The field sorts at this plain value or after it; None never does."""

    field: str
    value: Plain


@dataclass(frozen=True, slots=True)
class Contains:
    """The text of the field has this text somewhere within it; the signs % and _ stand for themselves."""

    field: str
    value: str


Condition = Is | Among | Before | AtLeast | Contains


class Shelf(Protocol):
    """Everything that is written, for reading. Records that are laid down are not on it."""

    def get(self, kind: type[R], record_id: str) -> R:
        """Return one record.

        Raises:
            Missing: There is none, or it is laid down.
        """

    def find(self, kind: type[R], record_id: str | None) -> R | None:
        """Return one record, or None if there is none or the id is None."""

    def kept(self, kind: type[R], record_id: str) -> R | None:
        """Return one record, standing or laid down, for whoever is to bring it back; None if there is none."""

    def all(self, kind: type[R], *where: Condition, order: str = "", limit: int = 0) -> list[R]:
        """Return the records that meet every condition.

        They come in the order of their ids (that of their making) unless `order` names a field,
        with '-' before it for the greatest first. `limit` 0 is no limit.
        """

    def count(self, kind: type[R], *where: Condition) -> int:
        """Return how many records meet every condition."""

    def tally(self, kind: type[R], field: str, *where: Condition) -> dict[Plain, int]:
        """Return how many records meet every condition, by each value of a field; a value nobody has is not there."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One act that was written: its name, and whether it stands or was taken back."""

    id: str
    title: str
    at: datetime


class Ledger(Protocol):
    """The only writer."""

    def write(self, changes: ChangeSet, who: str, at: datetime) -> None:
        """Write rows and journal in one durable transaction; a set met before is left as it is.

        Raises:
            NotSaved: The disk would not take it. Nothing has changed.
        """

    def undo(self, set_id: str, who: str, at: datetime, allow: Callable[[ChangeSet], str]) -> ChangeSet:
        """Take the newest act of this machine back and return what changed; `allow` may refuse
        first, and names the correction it would be done under.

        Raises:
            NothingToUndo: There is none.
            ChangedElsewhere: A field has been touched from elsewhere since.
        """

    def redo(self, set_id: str, who: str, at: datetime, allow: Callable[[ChangeSet], str]) -> ChangeSet:
        """Do again the act last taken back and return what changed; `allow` may refuse
        first, and names the correction it would be done under.

        Raises:
            NothingToUndo: There is none, or something new was done since.
            ChangedElsewhere: A field has been touched from elsewhere since.
        """

    def deeds(self, limit: int) -> list[Deed]:
        """Return the acts that could be undone, the newest first."""

    def undone(self, limit: int) -> list[Deed]:
        """Return the acts that could be done again, the one to be redone next first."""

    def jot(self, notes: dict[str, str | None]) -> None:
        """Keep notes of this machine alone (half-typed words, settings, where it was); None forgets one.

        They are not facts: they carry no version, are never undone and never travel.

        Raises:
            NotSaved: The disk would not take them.
        """

    def jotted(self, prefix: str = "") -> dict[str, str]:
        """Return the notes whose names begin with the prefix."""


class Blobs(Protocol):
    """Pictures and files, sealed beside the ledger, each once; a row names them by their id."""

    def put(self, content: bytes) -> str:
        """Keep the content, durably, and return its id; the same content has the same id.

        Raises:
            NotSaved: The disk would not take it. Nothing is half written.
        """

    def get(self, blob_id: str) -> bytes:
        """Return the content.

        Raises:
            AttachmentLost: It is not there, or not what it was.
        """

    def has(self, blob_id: str) -> bool:
        """Return whether there is such a blob; it may still be damaged."""

    def size(self, blob_id: str) -> int:
        """Return how many bytes the content has.

        Raises:
            AttachmentLost: It is not there.
        """


class Clock(Protocol):
    """Tells the time of this machine, right or wrong."""

    def now(self) -> datetime:
        """Return this moment, with its offset from UTC."""


class Dice(Protocol):
    """Random bits."""

    def bits(self, count: int) -> int:
        """Return a number of that many random bits."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What a device signed with: its public key and the signature, both in hexadecimal digits."""

    key: str
    signature: str


class Seal(Protocol):
    """The key of this device, which signs and checks (Ed25519, suite A)."""

    def sign(self, words: bytes) -> Signature:
        """Sign with the device's key."""

    def holds(self, words: bytes, signature: Signature) -> bool:
        """Return whether a signature by whoever's key is good for these bytes; False for anything malformed."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What a command may know of the world: the time, who is at the keys, a way to mint ids, dice, and the seal."""

    now: datetime
    who: str
    mint: Callable[[], str]
    bits: Callable[[int], int]
    seal: Seal | None = None


OWN, TAKEN, RELAYED, UNKNOWN, DOUBTED = "own", "taken", "relayed", "unknown", "doubted"
COVERED = "covered"
"""States of a segment: made here; taken into the journal; not for us to open; of a device that nobody has vouched for
yet; of a device that was reported lost before it was made. What was covered by a snapshot is in the journal as well,
and its sealed bytes are not here: nobody can have them from us."""
EXCHANGE, SENT = "exchange/", "exchange/sent/"
"""How the names of the exchange's notes begin; and of those that say what went to whom, which are long."""
FORGOT = "exchange/forgot"
"""The note of a home that was put back to before, and has forgotten again what it had erased by then."""
ENTERED = frozenset((OWN, TAKEN, COVERED))
"""Of which the entries stand in the journal."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One sealed segment as it lies here or arrives. `ops` are there once it has been opened.

    `acts` are the acts of sealing that it spans, `after` is the one before; `first` and `last` number the entries.
    `taken_at` is when one that lies here came; '' of our own.
    """

    id: str
    stream: str
    region: str
    audience: str
    first: int
    last: int
    acts: tuple[str, ...]
    after: str | None
    size: int
    state: str
    content: bytes = b""
    plain_digest: str | None = None
    key: str = ""
    ops: tuple[Op, ...] = ()
    taken_at: str = ""

    @property
    def device(self) -> str:
        """Return which device wrote it."""
        return self.stream.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Lane:
    """Where the sealing of our stream stands for one audience: its last entry, the digest of its last plaintext, the
    acts that have passed without anything for it, and the act before those."""

    last: int
    prev: str | None
    passed: tuple[str, ...]
    after: str | None


@dataclass(slots=True)
class Taking:
    """What came of taking parcels in; the preview of it says the same."""

    made: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    contests: int = 0
    withheld: int = 0
    waiting: int = 0
    parcels: list[str] = field(default_factory=list)
    kept: int = 0
    known: int = 0
    forks: list[str] = field(default_factory=list)
    kinds: frozenset[str] = frozenset()

    def brought_nothing(self) -> bool:
        """Return whether everything had been here before."""
        return not self.parcels


@dataclass(frozen=True, slots=True)
class StatementFile:
    """A signed statement as it travels: a card, a request, a certificate, a grant, a revocation, a receipt."""

    id: str
    kind: str
    subject: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Identity:
    """A secret that opens segments: of this device (org ''), or of an organisation that it belongs to."""

    key_id: str
    org: str
    use: str
    public: str
    secret: str


@dataclass(frozen=True, slots=True)
class Held:
    """Which organisation holds a segment: received, stored or applied, and when it said so."""

    segment: str
    org: str
    level: str
    custody: str
    at: str


@dataclass(frozen=True, slots=True)
class Package:
    """第 n 包: what went out together."""

    number: int
    at: datetime
    carrier: str
    to_org: str
    items: int
    size: int
    segments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Freight:
    """One picture or file as it travels: its id as its author's home made it, who wrote it, for whom it is, with which
    act of sealing it went on its way, and how many of that act and audience there are.

    `state` is own, whole (its content is here), partly (pieces of it are), relayed (they are not for us to open).
    `have` numbers the sealed pieces that lie here.
    """

    id: str
    device: str
    region: str
    audience: str
    act: str
    among: int
    size: int
    state: str = ""
    have: frozenset[int] = frozenset()


WHOLE, PARTLY = "whole", "partly"


class Cargo(Protocol):
    """The pictures and files that travel: which there are, how far they have come, and their content in pieces.

    Every method that writes is durable when it returns.
    """

    def freights(self) -> list[Freight]:
        """Return all of them, in the order they were first met."""

    def keep_freights(self, freights: Iterable[tuple[Freight, bytes]]) -> None:
        """Keep how things stand with some, in one transaction, each with its author's letter if that is known."""

    def letter(self, blob_id: str) -> bytes:
        """Return the letter of the author; empty when it is not known."""

    def size(self, blob_id: str) -> int | None:
        """Return how large a content is that lies here; None when there is none."""

    def piece(self, blob_id: str, number: int) -> bytes:
        """Return one piece of a content that lies here.

        Raises:
            AttachmentLost: It is gone, or not what it was.
        """

    def adopt(self, blob_id: str, size: int, pieces: Iterable[bytes]) -> None:
        """Write down a content that came from elsewhere under its id; it is there once `settle` has been called.

        Raises:
            NotSaved: The disk would not take it.
        """

    def settle(self) -> None:
        """Make durable what was adopted, each whole or not at all.

        Raises:
            NotSaved: The disk would not take it.
        """

    def shelve(self, blob_id: str, number: int, sealed: bytes) -> None:
        """Keep a sealed piece as it is; it is there once `settle` has been called.

        Raises:
            NotSaved: The disk would not take it.
        """

    def shelved(self, blob_id: str, number: int) -> bytes:
        """Return a sealed piece as it came; empty when it is gone.

        Raises:
            NotSaved: Where it lies, nobody answers just now.
        """

    def unshelve(self, blob_id: str) -> None:
        """Throw the sealed pieces of a picture away."""

    def forget(self, blob_ids: Iterable[str]) -> int:
        """Throw pictures away with all that is known of them, whole or in pieces; return how many were here."""


@dataclass(frozen=True, slots=True)
class Touched:
    """A record that entries in question are about; `is_new` if one of them brings it into being."""

    kind: str
    record_id: str
    is_new: bool


Have = dict[str, dict[str, list[list[int]]]]
"""What somebody holds: stream, audience class, ranges of entries without a gap between."""


class Postbox(Protocol):
    """What the exchange may do with a home: seal what is new, keep and hand out segments, take in what arrives.

    All of it goes through the one gate that writes; every method that writes is one durable transaction.
    """

    def turn(self) -> int:
        """Return a number that is another one after each transaction: what was read at one turn is so till the next."""

    def setbacks(self) -> int:
        """Return how often something that was kept may not have come to be after all."""

    def stream(self) -> str:
        """Return the name of our present stream."""

    def begin_incarnation(self, reason: str, at: datetime) -> None:
        """Go on under a new name, for somebody holds entries of ours that we do not have; what was not sealed goes
        along."""

    def unsealed(self, limit: int) -> list[Op]:
        """Return our first entries that have not been sealed, in their order, at most so many."""

    def lane(self, region: str, audience: str) -> Lane:
        """Return where the sealing of our stream stands for an audience."""

    def keep_sealed(self, act: str, after: str | None, last: int, parcels: Iterable[Parcel]) -> None:
        """Keep what one act of sealing made, up to our entry `last`."""

    def unsealed_from(self) -> int:
        """Return the number of our first entry that has not been sealed, or that the next one will have."""

    def touched(self, spans: Iterable[tuple[str, int, int]]) -> list[Touched]:
        """Return the records that the entries of these spans (stream, first, last) are about, in the order of ids."""

    def last_act(self) -> str | None:
        """Return the newest act of sealing of our stream."""

    def parcels(self, *, but: frozenset[str] = frozenset(), state: str = "") -> list[Parcel]:
        """Return all segments that lie here without their content, oldest first, but those named."""

    def content(self, segment_id: str) -> bytes:
        """Return the sealed bytes of a segment."""

    def acts(self, segments: Iterable[str]) -> list[str]:
        """Return the ids of our own acts that these segments hold, in the order they were done."""

    def have(self) -> Have:
        """Return what we hold."""

    def go_on(self) -> None:
        """Make durable what has been kept in this turn with a place, if there is one: what comes after may fail for
        itself.

        Raises:
            NotSaved: The disk would not take it.
        """

    def together(self) -> AbstractContextManager[None]:
        """Make one durable transaction of all that is kept until the end of the block. Reading sees it afterwards.

        Raises:
            NotSaved: The disk would not take it. Nothing of it is kept.
        """

    def open(self, parcels: Iterable[Parcel]) -> Iterable[Parcel]:
        """Return parcels ready for `take_in`, gone through once. It is the long part of it, and nobody waits for it."""

    def take_in(self, parcels: Iterable[Parcel], at: datetime) -> Taking:
        """Take parcels in: all, or nothing when one of them cannot be."""

    def rehearse(self, many: Iterable[Iterable[Parcel]], at: datetime) -> list[Taking]:
        """Return what would come of taking parcels in, one lot after the other; nothing is taken."""

    def supersede(self, pairs: Iterable[tuple[str, str]]) -> int:
        """Put segments that were made anew, and lie here, in the place of those that had to go: pairs of what goes and
        what comes. What goes is forgotten; return how many did."""

    def entries_about(self, records: Iterable[str]) -> list[tuple[str, int]]:
        """Return (stream, number) of every entry about records, told by their ids."""

    def naming(self, words: Iterable[str]) -> list[tuple[str, str]]:
        """Return (kind, record id) of every record of which some entry has one of these words in it, laid down or not:
        an id, or a name in a text."""

    def erased(self) -> list[Op]:
        """Return the entries of which something is erased; it goes through all of them."""

    def erase(self, ops: Iterable[Op], at: datetime) -> None:
        """Erase from entries that were never sealed what these say is erased of them."""

    def sweep(self) -> None:
        """Write everything anew, so that nothing of what was forgotten is left on the disk.

        Raises:
            NotSaved: It could not be done just now, and can be done again.
        """

    def statements(self, *kinds: str) -> list[StatementFile]:
        """Return the statements of these kinds, or of all, in the order they came."""

    def keep_statements(self, statements: Iterable[StatementFile], at: datetime) -> int:
        """Keep statements not met before; return how many were new."""

    def forget_statements(self, ids: Iterable[str]) -> None:
        """Forget statements of which a newer one says everything."""

    def identities(self) -> list[Identity]:
        """Return the secrets that open what is sealed for us."""

    def keep_identity(self, identity: Identity, at: datetime) -> None:
        """Keep a secret; one met before is left as it is."""

    def held(self) -> list[Held]:
        """Return who holds which of the segments that lie here."""

    def keep_held(self, held: Iterable[Held]) -> None:
        """Keep what receipts said; a lesser word does not replace a greater."""

    def packages(self, limit: int) -> list[Package]:
        """Return what went out, the newest first."""

    def keep_package(self, package: Package) -> int:
        """Keep a package that went out and return its number; 0 asks for the next one."""

    def arrivals(self, limit: int) -> list[tuple[datetime, str, str, bytes]]:
        """Return what came in, the newest first: when, by which carrier, from whom, and what it brought as JSON."""

    def keep_arrival(self, at: datetime, carrier: str, sender: str, told: bytes) -> None:
        """Keep that something was taken in."""

    def contests(self, is_by_rule: bool = False) -> list[tuple[str, str, str]]:
        """Return (kind, record id, field) of what two sides have changed."""

    def disputed(self, kind: str, record_id: str) -> tuple[Contest, ...]:
        """Return what of a record waits for a person, field by field."""

    def ops(self, kind: str, record_id: str) -> list[Op]:
        """Return every op of a record that lies here."""

    def note(self, notes: dict[str, str | None]) -> None:
        """Keep notes of this machine alone; None forgets one."""

    def noted(self, prefix: str) -> dict[str, str]:
        """Return the notes whose names begin with the prefix."""
