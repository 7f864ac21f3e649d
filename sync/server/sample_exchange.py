"""The computers of 示例省: who was enrolled, when each was heard from last, and what is the matter with a few.

The office of the sample is founded like any other. Then counties call: their packs hold what real ones hold, signed
statements and sealed segments, and are taken in by the intake that takes in everybody's, on days before the sample's
last evening. Keys are drawn from a seed, so that the same comes of it each time.
"""

import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from app.domain.op import Op
from app.domain.place import NOWHERE, Place, Places
from app.domain.topic import Topic
from app.domain.unit import Unit
from app.ports import Postbox, Shelf
from sync.directory import CARD, DEVICE, REQUEST, REVOCATION, SIGN, level_of
from sync.exchange import APP, Exchange
from sync.homes import StageClock
from sync.inbox import WIRE
from sync.pack import PackHead, write_pack
from sync.segment import LineWriter, Sealed, SegmentHead, seal_segment
from sync.server.sample import LAST_EVENING, SEED
from sync.statement import add_signature, sign_statement
from sync.suite import Sign, suite

NOBODYS = "age1ta59e96y0wr84dxyd4mtj0lpctjkqn2jm0efw02xl7pqn76zlagsy3n9ez"
"""A key whose secret was thrown away: what is sealed to others than the office of the sample, nobody can open."""
FOUNDED, JOINED = LAST_EVENING - timedelta(days=290), LAST_EVENING - timedelta(days=200)
FIRST_COUNTY = "示例县"
GAP, FORKED, LOST, SILENT = "石桥镇", "茶山乡", "江边乡", "枫林乡"
"""Townships of it: of one a pack never came, one has put a backup back, one has lost a laptop, one is silent."""
FIRST, SILENT_COUNTY = "21", "991121"
"""How the code of the first county of a prefecture ends, which exchanges before the others; this one has not called for
weeks."""
MOST_CALLS = 1_000


@dataclass(frozen=True, slots=True)
class _Computer:
    """A computer of the sample."""

    org: str
    name: str
    sign: Sign

    @property
    def key(self) -> str:
        return self.sign(b"").key

    @property
    def device(self) -> str:
        return suite().fingerprint(self.key)

    def told(self, at: datetime = JOINED) -> dict[str, Any]:
        """Return what a request or a certificate says of it."""
        told = {"device": self.device, "key": self.key, "age": NOBODYS, "org": self.org, "name": self.name}
        return told | {"at": at.isoformat()}

    def wrote(self, number: int, to: str, before: Sealed | None = None, twin: str = "") -> Sealed:
        """Return a segment of one entry, sealed to an office, and after which other one it was sealed."""
        device, public = self.device, f"{self.org}:O"
        act = suite().digest(f"{device} {number}{twin}".encode())[:32]
        unit = {"name": f"{number}号联络点{twin}", "place_code": self.org, "standing": 1}
        op = Op(f"{device}/1", number, number, Unit.KIND, act, unit, None, act, "", JOINED.isoformat())
        after, prev = (before.head.acts[-1], before.plain_digest) if before else (None, None)
        head = SegmentHead(device, 1, number, number, (act,), after, prev, public, (), APP, APP)
        return seal_segment(head, (LineWriter().line(op),), self.sign, (to, NOBODYS), is_ours=True)


@dataclass(slots=True)
class _Call:
    """What a computer brings, so many days before the last evening."""

    by: _Computer
    days: int
    statements: list[bytes] = field(default_factory=list)
    segments: list[Sealed] = field(default_factory=list)

    def packed(self, file: Path) -> Path:
        """Write it as a pack into a file, and return the file."""
        head = PackHead(self.by.key, JOINED.isoformat(), (f"org:{NOWHERE}",), packer_name=self.by.name)
        carried = [(one.id, one.head, one.content) for one in self.segments]
        with file.open("wb") as out:
            write_pack(out, head, self.statements, (), carried, (), self.by.sign)
        return file


def enrolled(exchange: Exchange, postbox: Postbox, shelf: Shelf, clock: StageClock, places: Places) -> None:
    """Found the office of the sample and take in what counties bring of the townships that have topics; where that was
    cut off before, only what is missing. The clock is the exchange's."""
    busy = {str(village)[:9] for village in shelf.tally(Topic, "village_code")}
    if not exchange.directory().own():
        clock.set(FOUNDED)
        exchange.enrolment().found(NOWHERE, places.place(NOWHERE).name)
    to = exchange.directory().current(NOWHERE)[-1].open_key
    above = next(suite().signer(bytes.fromhex(one.secret)) for one in postbox.identities() if one.use == SIGN)
    calls = sorted(_calls(places, busy, to, above), key=lambda call: -call.days)
    with tempfile.TemporaryDirectory() as folder:
        for call in calls[len(postbox.arrivals(MOST_CALLS)) :]:
            clock.set(LAST_EVENING - timedelta(days=call.days))
            exchange.take_file(call.packed(Path(folder) / "call.yb"), WIRE)


def _calls(places: Places, busy: Collection[str], to: str, above: Sign) -> Iterator[_Call]:
    dice = Random(SEED)
    own = _Computer(NOWHERE, "省里二号电脑", _signer(dice))
    asked = own.told(LAST_EVENING - timedelta(days=1)) | {"to": NOWHERE}
    yield _Call(own, 1, [sign_statement(REQUEST, asked, own.sign)])
    for county in (place for place in places if len(place.code) == 6 and place.code.endswith(FIRST)):
        days = 33 if county.code == SILENT_COUNTY else dice.choice((0, 0, 0, 1, 1, 2, 3, 5))
        townships = [one for one in places.children(county.code) if one.code in busy]
        yield from _county(county, townships, days, to, above, dice)


def _county(
    county: Place, townships: Collection[Place], days: int, to: str, above: Sign, dice: Random
) -> Iterator[_Call]:
    """Yield what the office of a county brings: first who it is and what computers it has, and each time what some of
    them have written."""
    sign, desk = _signer(dice), _Computer(county.code, f"{county.display_name}值班电脑", _signer(dice))
    said = [_card(county, sign, above), _certificate(desk, county.name, sign)]
    calls = {days: _Call(desk, days)}
    for township in townships:
        mark = township.name if county.name == FIRST_COUNTY else ""
        for number in range(1, 3 if mark == LOST or dice.random() < 0.15 else 2):
            name = f"{township.display_name}{'二号' * (number - 1)}笔记本"
            laptop = _Computer(township.code, name, _signer(dice))
            said.append(_certificate(laptop, township.name, sign))
            if mark == LOST and number == 1:
                said.append(_lost(laptop, sign))
            came = 23 if mark == SILENT else dice.randint(15, 40) if dice.random() < 0.03 else days
            calls.setdefault(came, _Call(desk, came)).segments += _written(laptop, mark, to)
    calls[max(calls)].statements = said
    yield from calls.values()


def _written(laptop: _Computer, mark: str, to: str) -> list[Sealed]:
    first = laptop.wrote(1, to)
    if mark == GAP:
        return [first, laptop.wrote(3, to, laptop.wrote(2, to, first))]
    if mark == FORKED:
        return [first, laptop.wrote(2, to, first), laptop.wrote(2, to, first, "乙")]
    return [first]


def _card(county: Place, sign: Sign, above: Sign) -> bytes:
    told = {"org": county.code, "name": county.name, "level": level_of(county.code).value, "parent": NOWHERE}
    told |= {"sign_key": sign(b"").key, "seal_key": NOBODYS, "open_key": NOBODYS, "at": JOINED.isoformat()}
    return add_signature(sign_statement(CARD, told | {"replaces": [], "without": []}, sign), above)


def _certificate(computer: _Computer, org_name: str, sign: Sign) -> bytes:
    return sign_statement(DEVICE, computer.told() | {"org_name": org_name}, sign)


def _lost(laptop: _Computer, sign: Sign) -> bytes:
    told = {"device": laptop.device, "upto": {f"{laptop.device}/1": 1}, "at": LAST_EVENING.isoformat()}
    return sign_statement(REVOCATION, told | {"reason": "班车上丢了"}, sign)


def _signer(dice: Random) -> Sign:
    return suite().signer(dice.randbytes(32))
