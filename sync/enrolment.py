"""Enrolment: how a computer becomes one of its township's, and an office one of its superior's: by stick and telephone.

    laptop   ask         a request onto the stick; eight digits on the screen
             telephone   the laptop reads its eight, the county types them; the county reads its eight, the laptop types
    county   accept      the digits must be those of the request on the stick; the answer goes onto the stick
    laptop   import      the digits typed must be those of the county's card; then it is pinned, and believed

The laptop's digits come from every byte of its request, the county's from that request and the key of its office, so
that a request or a card that was changed on the way is noticed by whoever types. Both are drawn through scrypt with
128 MiB: whoever carries the stick would have to try a hundred million keys at half a second each while it travels.
That is what is protected: against a carrier who reads and writes the stick, overhears the call, and knows all this.
Not protected: against somebody who speaks on the telephone in the clerk's voice, or who sits at one of the computers.

`tend` does by itself what follows from the statements here: it opens what was granted, makes the township's keys on
its first laptop, turns keys when a device was lost or a year is over, and grants keys to those who should have them.
"""

import hashlib
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from app.domain.errors import DigitsDiffer, NotForUs, Refused, SegmentSpoilt
from app.domain.people import refuse_forbidden_numbers
from app.domain.place import Level
from app.ports import Identity, Postbox, Seal, StatementFile
from sync.directory import (
    CARD,
    DEVICE,
    ERASE,
    EXPECTATION,
    GRANT,
    LOCAL,
    OPEN,
    OWN_DEVICE,
    PIN,
    REQUEST,
    REVOCATION,
    SEAL,
    SIGN,
    Card,
    DeviceCard,
    Directory,
    Grant,
    Said,
    certifier,
    chain,
    file_of,
    level_of,
    opening,
    read_said,
)
from sync.statement import add_signature, sign_statement
from sync.suite import Sign, suite

COST = 17
"""Digits are drawn with 2^17 rounds of 1 KiB: 128 MiB and about half a second."""
DIGITS = 8
YEAR = timedelta(days=365)
LONGEST_NAME = 40
MOST_DRAWN = 4096
"""How many requests' digits are remembered."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it lies here: what is read out, and to which office the stick goes."""

    request: StatementFile
    digits: str
    to: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """Who was taken in, and the digits that are read back to them."""

    device: str
    name: str
    org: str
    digits: str


@dataclass(slots=True)
class Tended:
    """What followed from the statements that lie here."""

    pinned: list[str]
    opened: int = 0
    made: int = 0
    granted: int = 0


def shown(digits: str) -> str:
    """Return digits as they are read out: 4821 0937."""
    return f"{digits[:4]} {digits[4:]}"


def typed(text: str) -> str:
    """Return the eight digits somebody typed, in whatever width and with whatever between.

    Raises:
        Refused: They are not eight.
    """
    found = "".join(sign for sign in unicodedata.normalize("NFKC", text) if not sign.isspace() and sign not in "-–—·")
    if len(found) != DIGITS or not (found.isascii() and found.isdecimal()):
        raise Refused("要 8 位数字", "什么也没变", "照电话里念的，4 位 4 位地输")
    return found


def request_digits(request: bytes) -> str:
    """Return the digits of a request, which every byte of it decides; drawn once, for half a second is long where
    strangers have put hundreds."""
    return _request_digits(hashlib.sha256(request).digest(), COST)


@lru_cache(maxsize=MOST_DRAWN)
def _request_digits(request: bytes, _: int) -> str:
    return _drawn(b"yuanba request", request)


def with_digits(requests: Sequence[Said], digits: str) -> Said | None:
    """Return the request that has these digits. The newest is looked at first: who is on the telephone has just asked,
    and strangers may have put hundreds before."""
    return next((said for said in reversed(requests) if request_digits(said.raw) == digits), None)


def answer_digits(request: bytes, org: str, sign_key: str) -> str:
    """Return the digits of an office's answer to a request."""
    return _drawn(b"yuanba answer " + org.encode(), hashlib.sha256(request).digest() + bytes.fromhex(sign_key))


def _drawn(salt: bytes, words: bytes) -> str:
    drawn = hashlib.scrypt(words, salt=salt, n=1 << COST, r=8, p=1, maxmem=(1 << COST) * 2048, dklen=16)
    return f"{int.from_bytes(drawn, 'big') % 10**DIGITS:0{DIGITS}}"


class Enrolment:
    """What one home does about who is who, at one moment. `now` is written down as evidence and decides nothing but
    whether a year is over."""

    def __init__(self, postbox: Postbox, seal: Seal, now: datetime) -> None:
        self._postbox = postbox
        self._seal = seal
        self._now = now
        self._read: Directory | None = None

    @property
    def directory(self) -> Directory:
        """Return the directory as it now stands."""
        if self._read is None:
            self._read = Directory.of(self._postbox)
        return self._read

    def ask(self, org: str, name: str) -> Asked:
        """Ask to be one of an organisation's computers; an office asks to stand under the one named.

        Asking again for the same gives the same request and the same digits.

        Raises:
            Refused: There is no such organisation, no name, or it is so already.
        """
        _level(org)
        name, own = _named(name), self.directory.own()
        secret = self._sign_identity(own)
        if own and not secret:
            raise Refused(f"这台电脑已经登记在 {own}", "原来的登记没动", "换单位要换一份新数据")
        if secret and org not in chain(own)[1:]:
            raise Refused(f"{org} 不是 {own} 的上级", "什么也没变", "上级的代码更短，是本级代码的开头")
        body = {"device": self.directory.device_id, "key": self._key(), "age": self._device_identity().public}
        body |= {"org": own or org, "name": name, "at": self._now.isoformat()}
        if secret:
            body["sign_key"] = secret.public
        return self._asked(body | {"to": org if secret else certifier(org)})

    def _asked(self, body: dict[str, Any]) -> Asked:
        for said in self.own_requests():
            same = said.body.org == body["org"] and said.body.name == body["name"]
            if same and said.body.to == body["to"] and said.body.sign_key == body.get("sign_key"):
                return Asked(file_of(said.kind, said), request_digits(said.raw), said.body.to)
        raw = sign_statement(REQUEST, body, self._seal.sign)
        file = self._keep(raw)
        return Asked(file, request_digits(raw), body["to"])

    def letter(self) -> tuple[str, list[StatementFile]]:
        """Return the newest request of this computer and, of an office, the cards it asks with; and to whom they go.
        Nothing was asked, or it has been answered: '' and nothing."""
        requests = self.own_requests()
        asked = requests[-1] if requests else None
        if asked is None or (asked.body.to in self.directory.pins if asked.body.sign_key else self.directory.own()):
            return "", []
        cards = [said for said in self.directory.said(CARD) if said.body.org == asked.body.org and asked.body.sign_key]
        return asked.body.to, [file_of(said.kind, said) for said in (asked, *cards)]

    def waiting(self, others: Iterable[bytes] = ()) -> list[Said]:
        """Return the requests that we could accept and have not, of those kept here and the others given."""
        known = {said.id: said for said in (*self.directory.said(REQUEST), *_requests(others))}
        return [said for said in known.values() if self._may_accept(said.body) and not self._is_accepted(said.body)]

    def _may_accept(self, asked: DeviceCard) -> bool:
        own = self.directory.own()
        is_ours = own in chain(asked.org)[1:] if asked.sign_key else certifier(asked.org) == own
        return bool(own) and is_ours and asked.to == own and asked.device != self.directory.device_id

    def _is_accepted(self, asked: DeviceCard) -> bool:
        if asked.sign_key:
            return asked.sign_key in self.directory.sign_keys.get(asked.org, ())
        return self.directory.may_write(asked.device, asked.org)

    def accept(self, digits: str, others: Iterable[bytes] = (), name_of: Callable[[str], str] = str) -> Accepted:
        """Take in whoever read these digits out, by a request kept here or among the other statements given; `name_of`
        tells what a code is called.

        Raises:
            Refused: We are no office that may, or nobody asks.
            DigitsDiffer: No request has these digits. Nothing has changed.
        """
        digits, others, own = typed(digits), list(others), self.directory.own()
        secret = self._sign_identity(own)
        if not own or secret is None:
            raise Refused("登记要在单位设立时用的那台电脑上办", "什么也没变", "县里的单位先设立，再收申请")
        # A stick may have been lost with the answer on it: the same request is answered again, and nothing else done.
        again = [said for said in _requests(others) if self._may_accept(said.body) and self._is_accepted(said.body)]
        waiting = [*self.waiting(others), *again]
        if not waiting:
            raise Refused("这里没有等着登记的申请", "什么也没变", "看看 U 盘插对没有，申请在 YUANBA 文件夹里")
        asked = with_digits(waiting, digits)
        if asked is None:
            raise DigitsDiffer("U 盘上的申请")
        if asked not in again:
            self._take(asked, secret, others, name_of(asked.body.org))
        self.tend()
        told = asked.body
        return Accepted(told.device, told.name, told.org, answer_digits(asked.raw, own, secret.public))

    def _take(self, asked: Said, secret: Identity, others: list[bytes], org_name: str) -> None:
        """Certify a device, or countersign the card of an office."""
        told, files = asked.body, [file_of(asked.kind, asked)]
        if told.sign_key:
            cards = [said for said in map(read_said, others) if said and said.kind == CARD]
            cards += self.directory.said(CARD)
            theirs = [said for said in cards if (said.body.org, said.body.sign_key) == (told.org, told.sign_key)]
            if not theirs:
                raise Refused("申请里没有那个单位的名片", "什么也没变", "请那边重新导出申请")
            files += [_file(add_signature(said.raw, _office(secret))) for said in theirs]
        else:
            body = {"device": told.device, "key": told.key, "age": told.age, "org": told.org, "name": told.name}
            body |= {"at": self._now.isoformat(), "org_name": org_name}
            files.append(_file(sign_statement(DEVICE, body, _office(secret))))
        self._keep_files(files)

    def confirm(self, digits: str) -> str:
        """Take the digits that the office read out: pin its card if it is here, else when it comes. Return the office
        that was pinned, or ''.

        Raises:
            Refused: Nothing was asked.
            DigitsDiffer: The answer that is here has others. Nothing has changed.
        """
        digits, requests = typed(digits), self.own_requests()
        if not requests:
            raise Refused("这台电脑还没有申请登记", "什么也没变", "先导出申请，再打电话")
        for request in requests:
            for card in self._answers(request.body):
                if answer_digits(request.raw, card.org, card.sign_key) == digits:
                    self._pin(card.org, card.sign_key)
                    self.tend()
                    return card.org
        if any(self._has_answer(request.body) for request in requests):
            raise DigitsDiffer("县里的名片")
        body = {"request": requests[-1].id, "digits": digits}
        self._keep(sign_statement(EXPECTATION, body, self._seal.sign))
        return ""

    def _answers(self, asked: DeviceCard) -> list[Card]:
        """Return the cards that may be the answer to a request of ours, believed or not."""
        offices = chain(asked.org)[1:] if asked.sign_key else (certifier(asked.org),)
        pinned = self.directory.pins
        cards = {said.body.sign_key: said.body for said in self.directory.said(CARD) if said.body.org in offices}
        return [card for card in cards.values() if pinned.get(card.org) != card.sign_key]

    def _has_answer(self, asked: DeviceCard) -> bool:
        """Return whether somebody has said that he accepted a request of ours, whoever he may be."""
        if asked.sign_key:
            return bool(self._answers(asked))
        certified = [said.body for said in self.directory.said(DEVICE)]
        return any((card.device, card.org) == (asked.device, asked.org) for card in certified)

    def answer_waits(self) -> bool:
        """Return whether an answer came whose digits nobody has compared yet."""
        return any(self._has_answer(said.body) and self._answers(said.body) for said in self.own_requests())

    def found(self, org: str, name: str) -> str:
        """Found an office on this computer and return the id of its signing key.

        Raises:
            Refused: It is a township's, or this computer belongs to somebody already.
        """
        level, name, own = _level(org), _named(name), self.directory.own()
        if level is Level.TOWNSHIP:
            raise Refused("乡镇不用设立单位", "什么也没变", "乡镇的电脑向县里申请登记")
        if own:
            raise Refused(f"这台电脑已经登记在 {own}", "原来的登记没动", "换单位要换一份新数据")
        raw = suite().new_signing_key()
        public = suite().signer(raw)(b"").key
        secret = Identity(suite().fingerprint(public), org, SIGN, public, raw.hex())
        self._postbox.keep_identity(secret, self._now)
        certificate = {"device": self.directory.device_id, "key": self._key(), "age": self._device_identity().public}
        certificate |= {"org": org, "name": name, "at": self._now.isoformat(), "org_name": name}
        card = self._new_card(org, name, secret.public, frozenset())
        files = [
            _file(sign_statement(kind, body, _office(secret))) for kind, body in ((CARD, card), (DEVICE, certificate))
        ]
        self._keep_files([*files, _file(sign_statement(PIN, self._pin_body(org, public), self._seal.sign))])
        return secret.key_id

    def lose(self, whom: str, reason: str = "") -> DeviceCard:
        """Report a device of ours lost, by its name or the beginning of its id: what we hold of it now is good, what
        comes later waits until somebody has looked at it. Our keys are turned if it had them.

        Raises:
            Refused: We are not the office that certified it, or it is not clear which is meant.
        """
        own = self.directory.own()
        secret = self._sign_identity(own)
        found = [card for card in self.directory.devices() if card.name == whom or card.device.startswith(whom.lower())]
        found = [card for card in found if whom and certifier(card.org) == own]
        if secret is None or len(found) != 1 or found[0].device == self.directory.device_id:
            raise Refused(f"“{whom}”对不上哪一台别的电脑", "什么也没变", "写全名，或者写编号的前几位")
        device = found[0].device
        have = {stream: spans for stream, spans in self._postbox.have().items() if stream.startswith(f"{device}/")}
        upto = {stream: max(last for ranges in spans.values() for _, last in ranges) for stream, spans in have.items()}
        body = {"device": device, "upto": upto, "at": self._now.isoformat(), "reason": reason.strip()}
        # What it had erased by now stays erased: the words are gone from here, and we say so in its place.
        erased = [said.raw for said in self.directory.said(ERASE) if said.body.device == device]
        signed = [add_signature(raw, _office(secret)) for raw in erased]
        self._keep_files([_file(raw) for raw in (sign_statement(REVOCATION, body, _office(secret)), *signed)])
        self.tend()
        return found[0]

    def take(self, raws: Iterable[bytes]) -> int:
        """Keep statements that came with a pack and do what follows; return how many were new. What only a home says
        to itself, and what no directory can use, is left."""
        found = [said for said in map(read_said, raws) if said is not None]
        files = [file_of(said.kind, said) for said in found if said.kind not in LOCAL]
        new = self._postbox.keep_statements(files, self._now) if files else 0
        self._read = None
        self.tend()
        return new

    def tend(self) -> Tended:
        """Do what follows from the statements that lie here; doing it again does nothing. Call it after taking in, and
        before sealing."""
        tended = Tended(self._pin_expected())
        tended.opened = self._open_grants()
        own = self.directory.own()
        if own and not self._is_lost():
            tended.made = self._turn_keys(own)
            self._vouch(own)
            tended.granted = self._grant(own)
        return tended

    def _is_lost(self) -> bool:
        return self.directory.revoked_upto(self.directory.device_id) is not None

    def _pin_expected(self) -> list[str]:
        """Pin the offices whose digits had been read out before their cards came."""
        requests = {said.id: said for said in self.own_requests()}
        pinned = []
        for said in filter(self.directory.is_ours, self.directory.said(EXPECTATION)):
            request = requests.get(said.body.request)
            if request is None:
                continue
            for card in self._answers(request.body):
                if answer_digits(request.raw, card.org, card.sign_key) == said.body.digits:
                    self._pin(card.org, card.sign_key)
                    pinned.append(card.org)
        return pinned

    def _open_grants(self) -> int:
        """Open the keys that were granted to us."""
        mine = self._postbox.identities()
        new = opened(self.directory, mine)
        for identity in new:
            self._postbox.keep_identity(identity, self._now)
        return len(new)

    def _turn_keys(self, own: str) -> int:
        """Make new keys of our organisation when it has none that are good any more."""
        secret = self._sign_identity(own)
        is_office = level_of(own) is not Level.TOWNSHIP
        if is_office and (secret is None or secret.public not in self.directory.sign_keys.get(own, ())):
            return 0
        lost = self.directory.lost(own)
        if is_office:
            lost = lost.union(*(self.directory.lost(org) for org in chain(own)))
        if self._are_good(self.directory.current(own), lost):
            return 0
        signer = _office(secret) if is_office and secret else self._seal.sign
        body = self._new_card(own, self._name_of(own), secret.public if secret else self._key(), lost)
        self._keep_files([_file(sign_statement(CARD, body, signer))])
        return 1

    def _are_good(self, cards: tuple[Card, ...], lost: frozenset[str]) -> bool:
        newest = [card for card in cards if lost <= set(card.without)]
        return any(self._now - datetime.fromisoformat(card.at) < YEAR for card in newest)

    def _name_of(self, org: str) -> str:
        card = self.directory.org(org)
        told = self.directory.device(self.directory.device_id)
        return card.name if card else (told.org_name if told and told.org_name else org)

    def _new_card(self, org: str, name: str, sign_key: str, lost: frozenset[str]) -> dict[str, Any]:
        """Return a card with new keys, which are kept first."""
        keys = {}
        for use in (SEAL, OPEN):
            secret, public = suite().new_identity()
            self._postbox.keep_identity(Identity(suite().key_id(public), org, use, public, secret), self._now)
            keys[f"{use}_key"] = public
        replaced = sorted(card.key_ids[0] for card in self.directory.cards(org))
        parent = next((above for above in chain(org)[1:] if self.directory.org(above)), None)
        body = {"org": org, "name": name, "level": level_of(org).value, "parent": parent, "sign_key": sign_key}
        return body | keys | {"at": self._now.isoformat(), "replaces": replaced, "without": sorted(lost)}

    def _vouch(self, own: str) -> None:
        """Sign the cards of the offices above us that we believe, so that those below us can."""
        secret = self._sign_identity(own)
        if secret is None:
            return
        for org in chain(own)[1:]:
            for card in self.directory.current(org):
                files = [said for said in self.directory.said(CARD) if said.body == card]
                if not any(secret.public in said.keys for said in files):
                    plainest = min(files, key=lambda said: (len(said.keys), said.id))
                    self._keep_files([_file(add_signature(plainest.raw, _office(secret)))])

    def _grant(self, own: str) -> int:
        """Grant the keys we hold to all who should have them and have not."""
        there = {(said.body.key_id, said.body.to) for said in self.directory.grants}
        files = []
        for identity in self._postbox.identities():
            for to, key in self._entitled(identity, own):
                if (identity.key_id, to) not in there:
                    sealed = b64encode(suite().seal(identity.secret.encode("ascii"), (key,))).decode()
                    body = {"org": identity.org, "key_id": identity.key_id, "use": identity.use, "to": to}
                    files.append(_file(sign_statement(GRANT, body | {"sealed": sealed}, self._seal.sign)))
                    there.add((identity.key_id, to))
        self._keep_files(files)
        return len(files)

    def _entitled(self, identity: Identity, own: str) -> Iterator[tuple[str, str]]:
        """Return who should have a key, and the key to seal it to: the computers of its organisation, the one that made
        it too, for it may be put back to before it did or have been copied; of an open key the county of the township,
        which keeps it in trust, and all offices above a county."""
        if identity.use not in (SEAL, OPEN):
            return
        is_ours = any(identity.key_id in card.key_ids for card in self.directory.cards(identity.org))
        if not is_ours or own not in (identity.org, certifier(identity.org)):
            return
        lost = self.directory.lost(identity.org)
        for card in self.directory.devices(identity.org):
            if card.device not in lost:
                yield card.device, card.age
        if identity.use == OPEN and identity.org == own:
            above = (certifier(own),) if level_of(own) is Level.TOWNSHIP else chain(own)[1:]
            yield from ((org, self.directory.current(org)[-1].seal_key) for org in above if self.directory.current(org))

    def own_requests(self) -> list[Said]:
        """Return the requests of this computer, the newest last."""
        return [said for said in self.directory.said(REQUEST) if said.body.device == self.directory.device_id]

    def _sign_identity(self, org: str) -> Identity | None:
        mine = (identity for identity in self._postbox.identities() if identity.use == SIGN)
        return next((identity for identity in mine if org and identity.org == org), None)

    def _device_identity(self) -> Identity:
        """Return the key that grants to this device are sealed to, made when it is first needed."""
        found = next((one for one in self._postbox.identities() if one.use == OWN_DEVICE), None)
        if found is None:
            secret, public = suite().new_identity()
            found = Identity(suite().key_id(public), "", OWN_DEVICE, public, secret)
            self._postbox.keep_identity(found, self._now)
        return found

    def _key(self) -> str:
        return self._seal.sign(b"").key

    def _pin_body(self, org: str, sign_key: str) -> dict[str, Any]:
        numbers = [said.body.number for said in self.directory.said(PIN)]
        return {"org": org, "sign_key": sign_key, "number": max(numbers, default=0) + 1}

    def _pin(self, org: str, sign_key: str) -> None:
        self._keep_files([_file(sign_statement(PIN, self._pin_body(org, sign_key), self._seal.sign))])

    def _keep(self, raw: bytes) -> StatementFile:
        file = _file(raw)
        self._keep_files([file])
        return file

    def _keep_files(self, files: list[StatementFile]) -> None:
        if files:
            self._postbox.keep_statements(files, self._now)
            self._read = None


def opened(directory: Directory, own: Iterable[Identity]) -> tuple[Identity, ...]:
    """Return the keys that were granted to a home and that it has not got, given those it has; one may open another."""
    mine = list(own)
    begun = len(mine)
    ours, grants = {directory.device_id, directory.own()}, [said.body for said in directory.said(GRANT)]
    grants = [grant for grant in grants if grant.to in ours]
    grew = True
    while grew:
        known = {identity.key_id for identity in mine}
        new = {
            one.key_id: one for grant in grants if grant.key_id not in known for one in _opened(directory, grant, mine)
        }
        mine += new.values()
        grew = bool(new)
    return tuple(mine[begun:])


def _opened(directory: Directory, grant: Grant, mine: Iterable[Identity]) -> Iterator[Identity]:
    """Yield a key that was granted, if it is ours to open and belongs to a card that we believe."""
    try:
        secret = suite().unseal(b64decode(grant.sealed, validate=True), opening(mine)).decode("ascii")
        public = suite().public_of(secret)
    except (NotForUs, SegmentSpoilt, ValueError):
        return
    for card in directory.cards(grant.org):
        for use, key in ((SEAL, card.seal_key), (OPEN, card.open_key)):
            if key == public and grant.key_id == suite().key_id(public):
                yield Identity(grant.key_id, grant.org, use, public, secret)


def _file(raw: bytes) -> StatementFile:
    said = read_said(raw)
    assert said is not None, "a statement of our own that nobody could read"
    return file_of(said.kind, said)


def _office(secret: Identity) -> Sign:
    """Return what signs for an office."""
    return suite().signer(bytes.fromhex(secret.secret))


def _requests(raws: Iterable[bytes]) -> list[Said]:
    found = [read_said(raw) for raw in raws]
    return [said for said in found if said is not None and said.kind == REQUEST]


def _level(org: str) -> Level:
    try:
        return level_of(org)
    except ValueError as error:
        raise Refused(f"没有“{org}”这个区划代码", "什么也没变", "乡镇 9 位，县 6 位，州市 4 位，省 2 位") from error


def _named(name: str) -> str:
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Refused("名字要写，最多 40 个字", "什么也没变", "比如“桃园村笔记本”")
    refuse_forbidden_numbers(name)
    return name
