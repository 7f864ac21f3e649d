"""Receipts: what a home holds, said and signed, so that others know what has arrived. See `FORMAT.md`.

A receipt is a state, not an event: the newest of a signer says everything that the older ones said.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from app.domain.errors import StatementSpoilt
from app.domain.op import Audience
from app.domain.place import Level
from app.ports import ENTERED, OWN, RELAYED, WHOLE, Freight, Have, Held, Parcel, Postbox, StatementFile
from sync.directory import LOCAL, Directory, level_of
from sync.erasure import Erasures
from sync.piece import count_of, spans_of
from sync.recent import Recent
from sync.segment import Class, Count, Device, Hash, Number, Stream
from sync.statement import read_statement, sign_statement
from sync.suite import Sign, suite

RECEIPT = "receipt"
SHORT = 8
"""How many digits of a statement's id are enough to say that it is known."""
LARGE = 1 << 16
"""A receipt above this speaks of hundreds of laptops, and takes megabytes once it is read."""
RECEIVED, STORED, APPLIED = "received", "stored", "applied"
Ranges = list[list[int]]
Spans = dict[Stream, dict[Class, list[Annotated[list[Number], Meta(min_length=2, max_length=2)]]]]
Org = Annotated[str, Meta(pattern=r"\A(?:[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9})\Z")]
Span = Annotated[list[Count], Meta(min_length=2, max_length=2)]
Sheaf = Annotated[str, Meta(pattern=r"\A[0-9a-f]{12}[OCT]\Z")]
"""The pictures that one act of sealing sent on their way for one audience: first digits of the act, and the class."""
Digits = Annotated[str, Meta(pattern=r"\A[0-9a-f]{8}\Z")]


class Receipt(msgspec.Struct, frozen=True):
    """What an organisation's device holds: `have` sealed or not, `applied` of it opened and taken in; `known` are the
    first digits of the statements that it need not be told again. `blobs` are the sheaves of pictures of which nothing
    is missing; of others `partly` says which pieces there are. `erased` are the first digits of the statements of
    erasing of which nothing that had to go lies here any more."""

    org: Org
    device: Device
    no: Number
    at: str
    have: Spans
    applied: Spans
    level: str = ""
    known: list[Digits] = []
    blobs: list[Sheaf] = []
    erased: list[Digits] = []
    partly: dict[Hash, list[Span]] = {}


def receipt_of(
    postbox: Postbox, directory: Directory, sign: Sign, at: str, freights: Sequence[Freight] = ()
) -> StatementFile | None:
    """Return the receipt that says what we hold: the last one again when nothing has come since; None before we are
    enrolled, or while nothing has ever come."""
    org, device = directory.own(), directory.device_id
    parcels = postbox.parcels()
    if not org:
        return None
    holds: dict[str, Any] = {
        "have": _have(parcels),
        "applied": _have(one for one in parcels if one.state in ENTERED),
    }
    holds |= {"known": sorted(one.id[:SHORT] for one in postbox.statements() if one.kind not in (RECEIPT, *LOCAL))}
    holds |= _pictures(freights)
    applied = Erasures.of(directory).applied((one.id for one in parcels), (one.id for one in freights))
    holds |= {"erased": [one[:SHORT] for one in applied]}
    last = newest(postbox.statements(RECEIPT)).get(device)
    if last is not None and all(getattr(last[1], name) == told for name, told in holds.items()):
        return last[0]
    body = {"org": org, "device": device, "no": last[1].no + 1 if last else 1, "at": at}
    raw = sign_statement(RECEIPT, body | holds | {"level": level_of(org).value}, sign)
    return StatementFile(suite().digest(raw), RECEIPT, device, raw)


def _pictures(freights: Sequence[Freight]) -> dict[str, Any]:
    """Return what a receipt says of pictures that came from elsewhere."""
    sheaves: dict[str, list[Freight]] = {}
    for one in freights:
        if one.state != OWN:
            sheaves.setdefault(sheaf_of(one), []).append(one)
    whole = {name for name, told in sheaves.items() if sum(map(_is_whole, told)) >= max(one.among for one in told)}
    partly = {
        one.id: [[0, count_of(one.size) - 1]] if one.state == WHOLE else spans_of(one.have)
        for name, told in sorted(sheaves.items())
        for one in told
        if name not in whole and (one.state == WHOLE or one.have)
    }
    return {"blobs": sorted(whole), "partly": partly}


def _is_whole(freight: Freight) -> bool:
    return freight.state == WHOLE or (freight.state == RELAYED and len(freight.have) == count_of(freight.size))


def sheaf_of(freight: Freight) -> str:
    """Return the name under which receipts speak of the pictures that one act of sealing sent for one audience."""
    return f"{freight.act[:12]}{freight.audience}"


def newest(files: Iterable[StatementFile]) -> dict[str, tuple[StatementFile, Receipt]]:
    """Return the newest receipt of each device. It is asked of the same thousand files a dozen times an exchange."""
    listed = list(files)
    return dict(_NEWEST.of(listed, lambda: _newest(listed)))


def _newest(files: list[StatementFile]) -> dict[str, tuple[StatementFile, Receipt]]:
    found: dict[str, tuple[StatementFile, Receipt]] = {}
    for file in files:
        said = read_receipt(file.raw)
        if said is not None and (said.device not in found or found[said.device][1].no < said.no):
            found[said.device] = (file, said)
    return found


_NEWEST: Recent[list[StatementFile], dict[str, tuple[StatementFile, Receipt]]] = Recent(4)


def read_receipt(raw: bytes) -> Receipt | None:
    """Return what a receipt says; None when it is none, or not signed by its device."""
    return _read_few(raw) if len(raw) > LARGE else _read_many(raw)


def _read(raw: bytes) -> Receipt | None:
    try:
        told = read_statement(raw, suite().holds)
        said = msgspec.convert(told.body, Receipt)
    except (StatementSpoilt, msgspec.ValidationError):
        return None
    own = any(suite().fingerprint(key) == said.device for _, key in told.signers)
    return said if told.kind == RECEIPT and own else None


_read_many, _read_few = lru_cache(1 << 14)(_read), lru_cache(1 << 5)(_read)


def held_of(files: Iterable[StatementFile], directory: Directory, parcels: Iterable[Parcel]) -> Iterator[Held]:
    """Return what receipts say of segments that lie here; a signer of another organisation than it names is nobody."""
    about: dict[str, list[Receipt]] = {}
    for _, one in newest(files).values():
        if may_say(one, directory):
            for stream in one.have:
                about.setdefault(stream, []).append(one)
    for parcel in parcels:
        for one in about.get(parcel.stream, ()):
            custody = _custody(parcel, one)
            if custody:
                yield Held(parcel.id, _holder(one), level_of(one.org).value, custody, one.at)


def known_to(org: str, files: Iterable[StatementFile], directory: Directory, device: str = "") -> frozenset[str]:
    """Return the first digits of the statements that an organisation knows: an office, or each laptop of a township;
    with `device` those that this one computer knows."""
    said = _said_of(org, files, directory)
    if level_of(org) is Level.TOWNSHIP:
        laptops = [device] if device else _in_use(org, directory)
        known = [set(said[laptop].known) if laptop in said else set() for laptop in laptops]
        return frozenset(set.intersection(*known)) if known else frozenset()
    return frozenset(digits for one in said.values() for digits in one.known)


def erased_at(org: str, files: Iterable[StatementFile], directory: Directory, device: str = "") -> frozenset[str]:
    """Return the first digits of the statements of erasing that every computer of an organisation has followed, of an
    office every one that has said anything; with `device` those that this one has."""
    said = _said_of(org, files, directory)
    wanted = [device] if device else _in_use(org, directory) if level_of(org) is Level.TOWNSHIP else list(said)
    erased = [set(said[one].erased) if one in said else set() for one in wanted]
    return frozenset(set.intersection(*erased)) if erased else frozenset()


def _said_of(org: str, files: Iterable[StatementFile], directory: Directory) -> dict[str, Receipt]:
    return {device: one for device, (_, one) in newest(files).items() if one.org == org and may_say(one, directory)}


def _in_use(org: str, directory: Directory) -> list[str]:
    return [card.device for card in directory.devices(org) if directory.revoked_upto(card.device) is None]


def is_ahead(stream: str, have: Have, files: Iterable[StatementFile], directory: Directory) -> bool:
    """Return whether somebody who may say so holds more of our stream than we have: we were restored or copied."""
    ours = max((last for spans in have.get(stream, {}).values() for _, last in spans), default=0)
    said = [one.have.get(stream, {}) for _, one in newest(files).values() if may_say(one, directory)]
    return any(last > ours for spans in said for ranges in spans.values() for _, last in ranges)


def holding(
    org: str, files: Iterable[StatementFile], directory: Directory, parcels: Sequence[Parcel], device: str = ""
) -> frozenset[str]:
    """Return the segments that an organisation's newest receipts say it holds: an office, every laptop of a township
    that is in use, or one `device` of it. What an older receipt said and a newer one does not is gone: a disk was
    restored. A laptop that has said nothing yet is taken to have what it wrote."""
    said = _said_of(org, files, directory)
    if level_of(org) is not Level.TOWNSHIP:
        return frozenset(one.id for one in parcels if any(_covers(told.have, one) for told in said.values()))
    laptops = _in_use(org, directory)
    held = [_held_by(laptop, said, parcels) for laptop in ([device] if device in laptops else laptops)]
    return frozenset(set.intersection(*held)) if held else frozenset()


def _held_by(laptop: str, said: Mapping[str, Receipt], parcels: Iterable[Parcel]) -> set[str]:
    """Return what a laptop says it holds; one that has said nothing yet is taken to have what it wrote."""
    if laptop in said:
        return {one.id for one in parcels if _covers(said[laptop].have, one)}
    return {one.id for one in parcels if one.stream.startswith(f"{laptop}/")}


def new_to(
    org: str, files: Iterable[StatementFile], directory: Directory, parcels: Iterable[Parcel], device: str = ""
) -> frozenset[str]:
    """Return the segments of a township's own that are for some laptop of it which has not even half of them, and that
    every other one holds; with `device` those for this one."""
    if level_of(org) is not Level.TOWNSHIP:
        return frozenset()
    own = [one for one in parcels if one.region == org and one.audience != Audience.TOWNSHIP]
    said = _said_of(org, files, directory)
    laptops = [device] if device else _in_use(org, directory)
    held = [_held_by(laptop, said, own) for laptop in laptops]
    others = [one for one in held if 2 * len(one) >= len(own)]
    return frozenset(one.id for one in own).intersection(*others) if len(others) < len(held) else frozenset()


def forgetful(files: Iterable[StatementFile]) -> frozenset[str]:
    """Return the devices whose last receipt, as they came, is not their newest: they have forgotten what they said."""
    listed = list(files)
    read = [read_receipt(file.raw) for file in listed]
    last = {said.device: said.no for said in read if said is not None}
    return frozenset(device for device, (_, one) in newest(listed).items() if last[device] < one.no)


def may_say(said: Receipt, directory: Directory) -> bool:
    """Return whether who signed a receipt is of the organisation that it names."""
    card = directory.device(said.device)
    return card is not None and card.org == said.org


def _holder(said: Receipt) -> str:
    """Return under which name a receipt counts: offices as a whole, in a township each laptop for itself."""
    return f"{said.org}/{said.device}" if level_of(said.org) is Level.TOWNSHIP else said.org


def _custody(parcel: Parcel, said: Receipt) -> str:
    if not _covers(said.have, parcel):
        return ""
    if _covers(said.applied, parcel):
        return APPLIED
    return STORED if level_of(said.org) is Level.PROVINCE else RECEIVED


def _covers(have: Have, parcel: Parcel) -> bool:
    spans = have.get(parcel.stream, {}).get(parcel.audience, [])
    return any(first <= parcel.first and parcel.last <= last for first, last in spans)


def _have(parcels: Iterable[Parcel]) -> Have:
    have: dict[str, dict[str, Ranges]] = {}
    for parcel in sorted(parcels, key=lambda one: (one.stream, one.audience, one.first)):
        spans = have.setdefault(parcel.stream, {}).setdefault(parcel.audience, [])
        if spans and parcel.first <= spans[-1][1] + 1:
            spans[-1][1] = max(spans[-1][1], parcel.last)
        else:
            spans.append([parcel.first, parcel.last])
    return have


def in_words(have: Have) -> dict[str, Any]:
    """Return what somebody holds as it stands in the header of a pack: of branches nothing can be said by numbers."""
    return {stream: spans for stream, spans in have.items() if "~" not in stream}
