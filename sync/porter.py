"""The porter: carries pictures and files, piece by piece. See `FORMAT.md` 8.

Records never wait for their pictures, and a picture that cannot be used disturbs nothing else: it is left out, and the
receipt that does not name it asks for it again. What is whole here is sealed anew for each journey; what is not, or is
not for us to open, goes on as it came, byte for byte.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.attachment import Attachment
from app.domain.errors import AttachmentLost, NotEnrolled, NotForUs, NotSaved
from app.domain.op import Audience, Op
from app.domain.place import Level
from app.ports import OWN, PARTLY, RELAYED, WHOLE, Cargo, Freight, Postbox, Seal
from sync.directory import Directory, level_of
from sync.piece import (
    MOST_PIECES,
    PIECE,
    SMALL,
    PieceSpoilt,
    count_of,
    length_of,
    letter_of,
    numbers_in,
    open_piece,
    seal_piece,
)
from sync.receipts import RECEIPT, Receipt, may_say, newest, sheaf_of

NAMED = ("blob", "thumbnail")
"""The fields of an attachment that name something to carry."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece that is to go to somebody."""

    freight: Freight
    number: int

    @property
    def name(self) -> str:
        """Return how it is called in a pack."""
        return f"{self.freight.id}/{self.number}"

    @property
    def is_small(self) -> bool:
        """Return whether it travels with the text."""
        return self.freight.size <= SMALL

    @property
    def room(self) -> int:
        """Return at most how many bytes it comes to, sealed."""
        length = length_of(self.freight.size, self.number)
        return length + (length >> 10) + 80 * count_of(self.freight.size) + 4096


@dataclass(frozen=True, slots=True)
class Brought:
    """What a pack brought: new pieces, pictures that are whole with them, pieces that were of no use."""

    pieces: int = 0
    whole: int = 0
    spoilt: int = 0

    def __add__(self, other: "Brought") -> "Brought":
        """Return both together."""
        return Brought(self.pieces + other.pieces, self.whole + other.whole, self.spoilt + other.spoilt)


NOTHING = Brought()


class Porter:
    """Carries the pictures of one home."""

    def __init__(self, cargo: Cargo, postbox: Postbox, seal: Seal) -> None:
        self._cargo = cargo
        self._postbox = postbox
        self._seal = seal
        self._letters: dict[str, bytes] = {}

    def freights(self) -> list[Freight]:
        """Return all pictures that travel."""
        return self._cargo.freights()

    # Out

    def send_on_its_way(self, parts: Iterable[Mapping[Audience, Op]], act: str, region: str) -> None:
        """Write down what the attachments of an act of sealing name, each for whom its record is.

        Done before the act is kept, so that no crash in between leaves a picture at home for good.
        """
        found: dict[str, Audience] = {}
        for told in parts:
            for audience, op in told.items():
                names = [op.sets.get(name) for name in NAMED if op.kind == Attachment.KIND]
                found |= {str(blob_id): audience for blob_id in names if blob_id}
        if not found:
            return
        known = {one.id: one for one in self._cargo.freights()}
        device = self._postbox.stream().partition("/")[0]
        new = {blob_id: audience for blob_id, audience in found.items() if _is_new(known.get(blob_id), audience)}
        sizes = {blob_id: size for blob_id in new if (size := self._cargo.size(blob_id)) is not None}
        going = {blob_id: size for blob_id, size in sizes.items() if size <= MOST_PIECES * PIECE}
        counts = [new[blob_id] for blob_id in going]
        self._cargo.keep_freights(
            (Freight(blob_id, device, region, new[blob_id], act, counts.count(new[blob_id]), size, OWN), b"")
            for blob_id, size in going.items()
        )

    def wanted(
        self, to: str, directory: Directory, travels: Callable[[Freight], bool], device: str = ""
    ) -> list[Piece]:
        """Return the pieces that somebody is not known to hold and that lie here: what is small first, then as it came.

        To a township goes what any of its laptops lacks, or one `device` of it.
        """
        freights = [one for one in self._cargo.freights() if travels(one) and self._can_go(one, directory)]
        holders = self._holders(to, directory, device) if freights else []
        pieces: list[Piece] = []
        for freight in sorted(freights, key=lambda one: one.size > SMALL):
            here = _all(freight) if freight.state in (OWN, WHOLE) else freight.have
            lacking = frozenset().union(*(here - holds(freight) for holds in holders)) if here else here
            pieces += (Piece(freight, number) for number in sorted(lacking))
        return pieces

    @staticmethod
    def _can_go(freight: Freight, directory: Directory) -> bool:
        """Return whether pieces can be sealed now: not while the keys of those who may see them are changed."""
        if freight.state not in (OWN, WHOLE):
            return True
        try:
            directory.recipients(freight.region, Audience(freight.audience))
        except NotEnrolled:
            return False
        return True

    def _holders(self, to: str, directory: Directory, device: str) -> list[Callable[[Freight], frozenset[int]]]:
        """Return for each who should hold it what they hold: an office is one, however many computers it has."""
        said = {one.device: one for _, one in newest(self._postbox.statements(RECEIPT)).values()}
        good = {name: one for name, one in said.items() if one.org == to and may_say(one, directory)}
        if level_of(to) is not Level.TOWNSHIP:
            computers = {card.device for card in directory.devices(to)}
            return [lambda freight: _held(freight, good.values(), computers)]
        laptops = [card.device for card in directory.devices(to) if directory.revoked_upto(card.device) is None]
        laptops = [device] if device in laptops else laptops
        return [_holding(good.get(laptop), laptop) for laptop in laptops]

    def contents(self, pieces: Iterable[Piece], directory: Directory) -> Iterator[tuple[str, bytes]]:
        """Yield name and sealed bytes of each piece, in the order of a pack; what is damaged here, or lies where nobody
        answers just now, stays here: words do not wait for it."""
        for piece in sorted(pieces, key=lambda one: (one.freight.id, one.number)):
            sealed = self._content(piece.freight, piece.number, directory)
            if sealed:
                yield piece.name, sealed

    def _content(self, freight: Freight, number: int, directory: Directory) -> bytes:
        try:
            if freight.state not in (OWN, WHOLE):
                return self._cargo.shelved(freight.id, number)
            recipients = directory.recipients(freight.region, Audience(freight.audience))
            content = self._cargo.piece(freight.id, number)
            return seal_piece(self._letter(freight, content), content, recipients)
        except (AttachmentLost, NotEnrolled, NotSaved):
            return b""

    def _letter(self, freight: Freight, first: bytes) -> bytes:
        """Return the letter of a picture: the author's as it came, or our own, written anew alike each time."""
        letter = self._letters.get(freight.id) or (self._cargo.letter(freight.id) if freight.state == WHOLE else b"")
        if not letter:
            count = count_of(freight.size)
            pieces = [first] if count == 1 else (self._cargo.piece(freight.id, number) for number in range(count))
            letter = letter_of(freight, (hashlib.sha256(piece).hexdigest() for piece in pieces), self._seal.sign)
            if count > 1:
                self._letters[freight.id] = letter
        return letter

    # In

    def take(
        self,
        arriving: Iterable[tuple[Freight, Mapping[int, Callable[[], bytes]]]],
        directory: Directory,
        secrets: Sequence[str],
        *,
        is_trial: bool = False,
    ) -> Brought:
        """Take in what arrives of pictures: for each, what stands outside, and how to read its pieces.

        Raises:
            NotSaved: The disk would not take it; what was taken in before that stays.
        """
        known = {one.id: one for one in self._cargo.freights()}
        brought, rows = NOTHING, []
        for freight, pieces in arriving:
            taking = _Taking(self._cargo, self._seal, directory, secrets, is_trial)
            row = taking.take(freight, known.get(freight.id), pieces)
            brought += taking.brought
            if row is not None:
                rows.append((row, taking.letter))
        if not is_trial and rows:
            self._cargo.settle()
            self._cargo.keep_freights(rows)
            for row, _ in rows:
                if row.state == WHOLE and row.id in known and known[row.id].have:
                    self._cargo.unshelve(row.id)
        return brought

    def take_again(self, directory: Directory, secrets: Sequence[str]) -> Brought:
        """Try once more what lies here and was not for us to open, now that somebody has said something new."""
        waiting = [one for one in self._cargo.freights() if one.state == RELAYED]
        return self.take(((replace(one, state="", have=frozenset()), {}) for one in waiting), directory, secrets)


class _Taking:
    """The taking in of one picture."""

    def __init__(self, cargo: Cargo, seal: Seal, directory: Directory, secrets: Sequence[str], is_trial: bool) -> None:
        self._cargo = cargo
        self._seal = seal
        self._directory = directory
        self._secrets = secrets
        self._is_trial = is_trial
        self.letter = b""
        self.brought = Brought()

    def take(
        self, freight: Freight, here: Freight | None, arriving: Mapping[int, Callable[[], bytes]]
    ) -> Freight | None:
        """Return how things stand with a picture now; None when nothing has changed."""
        if here is not None and (here.state == OWN or (here.state == WHOLE and _is_same(here, freight))):
            return None
        have = here.have if here is not None and _is_same(here, freight) else frozenset()
        new = {number: read for number, read in arriving.items() if number not in have and number in _all(freight)}
        is_again = here is not None and here.state == RELAYED and not arriving
        if not new and not is_again:
            return None
        sources = {number: self._shelf(freight, number) for number in have} | new
        is_vouched = self._directory.may_write(freight.device, freight.region)
        try:
            if is_vouched and len(sources) == count_of(freight.size):
                self._adopt(freight, sources, is_there=here is not None and here.state == WHOLE)
                self.brought = Brought(len(new), 1)
                return replace(freight, state=WHOLE, have=frozenset())
        except NotForUs:
            is_vouched = False
        except PieceSpoilt:
            pass  # which of them it is, the next look at each alone tells
        if here is not None and here.state == WHOLE:
            return None  # what is here is good; what came says something else, and cannot prove it
        return self._shelve(freight, here, sources, new, is_vouched=is_vouched)

    def _shelf(self, freight: Freight, number: int) -> Callable[[], bytes]:
        return lambda: self._cargo.shelved(freight.id, number)

    def _adopt(self, freight: Freight, sources: Mapping[int, Callable[[], bytes]], *, is_there: bool) -> None:
        contents = self._opened(freight, sources)
        if self._is_trial or is_there:
            for _ in contents:
                pass
        else:
            self._cargo.adopt(freight.id, freight.size, contents)

    def _opened(self, freight: Freight, sources: Mapping[int, Callable[[], bytes]]) -> Iterator[bytes]:
        for number in sorted(sources):
            yield self._open(freight, number, sources[number]())

    def _open(self, freight: Freight, number: int, sealed: bytes) -> bytes:
        letter, content = open_piece(sealed, freight, number, self._secrets, self._seal.holds, self.letter)
        if self.letter not in (b"", letter):
            raise PieceSpoilt("two letters about one picture")
        self.letter = letter
        return content

    def _shelve(
        self,
        freight: Freight,
        here: Freight | None,
        sources: Mapping[int, Callable[[], bytes]],
        new: Mapping[int, Callable[[], bytes]],
        *,
        is_vouched: bool,
    ) -> Freight | None:
        """Keep the pieces that are good as they came, and forget those that are not."""
        if here is not None and not _is_same(here, freight) and not self._is_trial:
            self._cargo.unshelve(freight.id)
        good, state = set(), PARTLY if is_vouched else RELAYED
        for number in sorted(sources):
            sealed = sources[number]()
            try:
                if is_vouched:
                    self._open(freight, number, sealed)
            except NotForUs:
                state = RELAYED
            except PieceSpoilt:
                self.brought += Brought(spoilt=1)
                continue
            good.add(number)
            if number in new and not self._is_trial:
                self._cargo.shelve(freight.id, number, sealed)
        self.brought += Brought(len(good & set(new)))
        row = replace(freight, state=state, have=frozenset(good))
        return None if row == here or not (good or here) else row


def _is_new(known: Freight | None, audience: Audience) -> bool:
    """Return whether a picture has to go on its way: for the first time, or for more readers than before."""
    return known is None or (known.state == OWN and known.audience == Audience.TOWNSHIP != audience)


def _is_same(one: Freight, other: Freight) -> bool:
    return replace(one, state="", have=frozenset()) == replace(other, state="", have=frozenset())


def _all(freight: Freight) -> frozenset[int]:
    return frozenset(range(count_of(freight.size)))


def _held(freight: Freight, receipts: Iterable[Receipt], authors: Iterable[str]) -> frozenset[int]:
    """Return the pieces of a picture that somebody holds, by all receipts of theirs; an author holds what is its."""
    said = list(receipts)
    if freight.device in authors or any(sheaf_of(freight) in one.blobs for one in said):
        return _all(freight)
    return frozenset().union(*(numbers_in(one.partly.get(freight.id, ())) for one in said))


def _holding(said: Receipt | None, laptop: str) -> Callable[[Freight], frozenset[int]]:
    return lambda freight: _held(freight, [said] if said else [], (laptop,))
