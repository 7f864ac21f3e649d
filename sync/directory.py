"""The directory: who is who. A view over signed statements, so cheap that it is built anew whenever it is needed.

Trust begins with pins: the office whose eight digits were compared on the telephone, or that was founded here. From
there it goes down (an office signs the cards of those below) and up (a pinned office signs those of its superiors).
Offices certify devices; a township's own keys are vouched for by its certified devices.

Every organisation has two keys. What is O or C of a township is sealed to its open key, which the county keeps in
trust for laptops to come, and to the county's open key (O) or seal key (C). What is T is sealed to the township's
seal key alone, which never leaves its laptops. Offices above are granted the open key of a county, never its seal key.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from app.domain.errors import NotEnrolled, StatementSpoilt
from app.domain.op import Audience
from app.domain.place import Level
from app.ports import Identity, Postbox, StatementFile
from sync.recent import Recent
from sync.statement import Statement, is_moment, read_statement
from sync.suite import suite

CARD, REQUEST, DEVICE, GRANT, REVOCATION, ERASE = "card", "request", "device", "grant", "revocation", "erase"
AUDIT_HEAD = "audit_head"
"""Where the log of an office stood. It tells nobody who is who, and so is none of `KINDS`."""
OTHER = "other"
"""As what a statement is kept that this program cannot read; a newer one may, which finds it under this name."""
PIN, EXPECTATION = "pin", "expectation"
SEAL, OPEN, SIGN, OWN_DEVICE = "seal", "open", "sign", "device"
"""What an identity is for."""
LOCAL = (PIN, EXPECTATION)
"""Statements of this home to itself; they never travel."""
KINDS = (CARD, REQUEST, DEVICE, GRANT, REVOCATION, ERASE, *LOCAL)
LEVELS = {9: Level.TOWNSHIP, 6: Level.COUNTY, 4: Level.PREFECTURE, 2: Level.PROVINCE}
COUNTY = 6

Id = Annotated[str, Meta(pattern=r"\A[0-9a-f]{16}\Z")]
Key = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Age = Annotated[str, Meta(pattern=r"\Aage1[0-9a-z]{58}\Z")]
Org = Annotated[str, Meta(pattern=r"\A(?:[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9})\Z")]
Text = Annotated[str, Meta(min_length=1, max_length=60)]


class Card(msgspec.Struct, frozen=True):
    """An organisation's card. `replaces` are ids of seal keys that are out of use since, `without` the devices that
    were known to be lost when these keys were made, and so have not got them."""

    org: Org
    name: Text
    level: Level
    sign_key: Key
    seal_key: Age
    open_key: Age
    at: str
    parent: Org | None = None
    replaces: tuple[Id, ...] = ()
    without: tuple[Id, ...] = ()

    @property
    def key_ids(self) -> tuple[str, str]:
        """Return the ids of seal key and open key."""
        return suite().key_id(self.seal_key), suite().key_id(self.open_key)


class DeviceCard(msgspec.Struct, frozen=True):
    """A certificate, or a request for one. A request says which office it goes `to`, and the `sign_key` of an office
    that asks the one above it; a certificate tells what its organisation is called."""

    device: Id
    key: Key
    age: Age
    org: Org
    name: Text
    at: str
    sign_key: Key | None = None
    to: str = ""
    org_name: str = ""


class Grant(msgspec.Struct, frozen=True):
    """A secret key of an organisation, sealed to a device, or to the seal key of another organisation."""

    org: Org
    key_id: Id
    use: str
    to: str
    sealed: str


class Revocation(msgspec.Struct, frozen=True):
    """A device that was lost; what it wrote up to these entries is good."""

    device: Id
    upto: dict[str, int]
    at: str
    reason: str = ""


class Erase(msgspec.Struct, frozen=True):
    """What had to be erased about a region: pairs of a segment that goes and the one, made anew by this device, that
    comes in its place; and pictures that go. `reason` is a code: somebody asked for it, or the years are over."""

    device: Id
    region: Org
    reason: Annotated[str, Meta(pattern=r"\A(?:request|retention)\Z")]
    at: str
    pairs: tuple[tuple[Key, Key], ...]
    blobs: tuple[Key, ...] = ()


class AuditHead(msgspec.Struct, frozen=True):
    """Where the log of an office stood: the number and the hash of its last line then."""

    place: Org
    number: Annotated[int, Meta(ge=1, lt=1 << 53)]
    hash: Key
    at: str


class Pin(msgspec.Struct, frozen=True):
    """A home's word to itself: this is the key of that office. The highest number is the last word."""

    org: Org
    sign_key: Key
    number: int


class Expectation(msgspec.Struct, frozen=True):
    """A home's word to itself: the digits that were read out for the office's answer to a request."""

    request: str
    digits: str


_BODIES: dict[str, type[msgspec.Struct]] = {
    CARD: Card,
    REQUEST: DeviceCard,
    DEVICE: DeviceCard,
    GRANT: Grant,
    REVOCATION: Revocation,
    ERASE: Erase,
    AUDIT_HEAD: AuditHead,
    PIN: Pin,
    EXPECTATION: Expectation,
}


@dataclass(frozen=True, slots=True)
class Said:
    """A statement that was read: what it says, the keys that signed, and the file as it travels."""

    id: str
    kind: str
    body: Any
    keys: frozenset[str]
    raw: bytes


@lru_cache(maxsize=1 << 15)
def read_said(raw: bytes) -> Said | None:
    """Return what a statement says; None when it is none that a directory can use."""
    try:
        told = read_statement(raw, suite().holds)
        body = msgspec.convert(told.body, _BODIES[told.kind])
        _check(told, body)
    except (StatementSpoilt, msgspec.ValidationError, KeyError, ValueError):
        return None
    return Said(told.id, told.kind, body, frozenset(key for _, key in told.signers), raw)


def _check(told: Statement, body: msgspec.Struct) -> None:
    """Refuse what no good program writes: keys that are none, a device with the id of another, a level or a moment that
    is not."""
    if isinstance(body, Card | Erase | AuditHead) and not is_moment(body.at):
        raise StatementSpoilt("a moment that is none")
    if isinstance(body, Card):
        if body.level is not level_of(body.org) or not told.is_signed_by(body.sign_key):
            raise StatementSpoilt("a card of another level, or not signed by itself")
        _check_recipients(body.seal_key, body.open_key)
    elif isinstance(body, DeviceCard):
        _check_recipients(body.age)
        is_asked = told.kind == REQUEST
        if suite().fingerprint(body.key) != body.device or (is_asked and not told.is_signed_by(body.key)):
            raise StatementSpoilt("a device with the id of another, or not signed by itself")
    elif isinstance(body, Erase) and not any(suite().fingerprint(key) == body.device for _, key in told.signers):
        raise StatementSpoilt("erased by one, signed by another")


def _check_recipients(*keys: str) -> None:
    if not all(map(suite().is_recipient, keys)):
        raise StatementSpoilt("a key that nothing can be sealed to")


def level_of(org: str) -> Level:
    """Return how high an organisation stands, which its code tells; ValueError for no code of one."""
    level = LEVELS.get(len(org))
    if level is None or not org.isascii() or not org.isdecimal():
        raise ValueError(f"no organisation has this code: {org}")
    return level


def chain(region: str) -> tuple[str, ...]:
    """Return the organisations a region belongs to, from the lowest up: township, county, prefecture, province."""
    return tuple(region[:size] for size in LEVELS if size <= len(region))


def certifier(org: str) -> str:
    """Return the office that certifies the devices of an organisation: the county for townships, else itself."""
    return org[:COUNTY]


def file_of(kind: str, said: Said) -> StatementFile:
    """Return a statement as it is kept, under whom it is about."""
    about = {CARD: "org", PIN: "org", GRANT: "to", EXPECTATION: "request", ERASE: "region", AUDIT_HEAD: "place"}
    return StatementFile(said.id, kind, getattr(said.body, about.get(kind, "device")), said.raw)


def opening(identities: Iterable[Identity]) -> list[str]:
    """Return the secrets that open what is sealed for a home; the signing key of an office is none."""
    return [identity.secret for identity in identities if identity.use != SIGN]


class Directory:
    """Who is who, as one home may believe it. `device` is the home's own."""

    def __init__(self, files: Iterable[StatementFile], device: str = "") -> None:
        self.device_id = device
        self._said: dict[str, list[Said]] = {kind: [] for kind in KINDS}
        for file in files:
            said = read_said(file.raw) if file.kind in self._said else None
            if said is not None:
                self._said[file.kind].append(said)
        self._cards = self._joined(CARD)

    @classmethod
    def of(cls, postbox: Postbox) -> "Directory":
        """Return the directory of a home: it is asked for a dozen times an exchange, and seldom changes."""
        files, device = postbox.statements(*KINDS), postbox.stream().partition("/")[0]
        return _RECENT.of((device, files), lambda: cls(files, device))

    def said(self, kind: str) -> list[Said]:
        """Return what was said of a kind, in the order it came, believed or not."""
        return list(self._said[kind])

    def _joined(self, kind: str) -> list[tuple[Any, frozenset[str]]]:
        """Return each thing that was said once, with all who signed it in any of its files."""
        keys: dict[bytes, frozenset[str]] = {}
        bodies: dict[bytes, Any] = {}
        for said in self._said[kind]:
            whole = msgspec.json.encode(said.body)
            bodies[whole] = said.body
            keys[whole] = keys.get(whole, frozenset()) | said.keys
        return [(body, keys[whole]) for whole, body in bodies.items()]

    def is_ours(self, said: Said) -> bool:
        """Return whether this very device said it to itself."""
        return any(suite().fingerprint(key) == self.device_id for key in said.keys)

    @cached_property
    def pins(self) -> dict[str, str]:
        """Return the signing key of each office that was compared here, or founded; the last word counts."""
        pins = [said.body for said in self._said[PIN] if self.is_ours(said)]
        return {pin.org: pin.sign_key for pin in sorted(pins, key=lambda pin: pin.number)}

    @cached_property
    def sign_keys(self) -> dict[str, frozenset[str]]:
        """Return the signing keys of each office that may be believed."""
        keys = {org: frozenset((key,)) for org, key in self.pins.items()}
        offices = [(card, signers) for card, signers in self._cards if card.level is not Level.TOWNSHIP]
        grew = True
        while grew:
            grew = False
            for card, signers in offices:
                known = keys.get(card.org, frozenset())
                if card.org not in self.pins and card.sign_key not in known and self._vouched(card, signers, keys):
                    keys[card.org] = known | {card.sign_key}
                    grew = True
        return keys

    def _vouched(self, card: Card, signers: frozenset[str], keys: dict[str, frozenset[str]]) -> bool:
        """Return whether somebody above whom we believe signed a card, or somebody below whom we have pinned."""
        above = any(signers & keys.get(org, frozenset()) for org in chain(card.org)[1:])
        return above or any(
            key in signers for org, key in self.pins.items() if org.startswith(card.org) and org != card.org
        )

    @cached_property
    def _certificates(self) -> dict[str, list[DeviceCard]]:
        """Return every device somebody we believe has certified, its newest certificate last."""
        found: dict[str, list[DeviceCard]] = {}
        for card, signers in self._joined(DEVICE):
            if signers & self.sign_keys.get(certifier(card.org), frozenset()):
                found.setdefault(card.device, []).append(card)
        return {device: sorted(cards, key=lambda card: (card.at, card.org)) for device, cards in found.items()}

    def device(self, device: str) -> DeviceCard | None:
        """Return a device that somebody we believe has certified; one that was lost since is still there."""
        cards = self._certificates.get(device)
        return cards[-1] if cards else None

    def devices(self, org: str = "") -> list[DeviceCard]:
        """Return the certified devices, of one organisation or of all, those that were lost too."""
        return [card for cards in self._certificates.values() for card in cards[-1:] if org in ("", card.org)]

    @cached_property
    def keys(self) -> frozenset[str]:
        """Return the keys of all who may be believed: of offices and of certified devices, lost ones too."""
        certified = (card.key for cards in self._certificates.values() for card in cards)
        return frozenset().union(*self.sign_keys.values(), certified)

    def own(self) -> str:
        """Return the organisation of this home; '' before it is enrolled."""
        card = self.device(self.device_id)
        return card.org if card else ""

    def may_write(self, device: str, region: str) -> bool:
        """Return whether a device may write about a region: that of its organisation, no other."""
        return any(card.org == region for card in self._certificates.get(device, ()))

    @cached_property
    def grants(self) -> tuple[Said, ...]:
        """Return the grants of those who may have the key: the computers of its organisation, and of the office that
        keeps it in trust. What anybody else says was granted keeps nobody from granting it."""
        return tuple(said for said in self._said[GRANT] if self._may_grant(said))

    def _may_grant(self, said: Said) -> bool:
        owners = (said.body.org, certifier(said.body.org))
        signers = map(suite().fingerprint, said.keys)
        return any(card.org in owners for device in signers for card in self._certificates.get(device, ()))

    def may_erase(self, device: str, region: str) -> bool:
        """Return whether a device may say what is to be erased about a region: one of its township or its county."""
        return any(card.org in (region, certifier(region)) for card in self._certificates.get(device, ()))

    @cached_property
    def erasures(self) -> tuple[Said, ...]:
        """Return what has been said of erasing by those who may. A lost device might be in anybody's hands: its word
        counts when the office above has signed as well."""
        return tuple(
            said
            for said in self._said[ERASE]
            if self.may_erase(said.body.device, said.body.region)
            and (
                self.revoked_upto(said.body.device) is None
                or said.keys & self.sign_keys.get(certifier(said.body.region), frozenset())
            )
        )

    @cached_property
    def _lost(self) -> dict[tuple[str, str], dict[str, int]]:
        """Return what each office has said of each device of its own that was lost."""
        lost: dict[tuple[str, str], dict[str, int]] = {}
        for said in self._said[REVOCATION]:
            told = said.body
            for office in {certifier(card.org) for card in self._certificates.get(told.device, ())}:
                if said.keys & self.sign_keys.get(office, frozenset()):
                    marks = lost.setdefault((office, told.device), {})
                    # A later word with a higher mark says that somebody has looked at what came in between.
                    marks.update({stream: max(upto, marks.get(stream, 0)) for stream, upto in told.upto.items()})
        return lost

    def revoked_upto(self, device: str, region: str = "") -> dict[str, int] | None:
        """Return for a lost device up to which entry of each stream it is believed, a stream not named not at all;
        None for a device in good standing. With a region only the word of the office above that counts."""
        if region:
            return self._lost.get((certifier(region), device))
        marks = [marks for (_, lost), marks in self._lost.items() if lost == device]
        return {stream: upto for said in marks for stream, upto in said.items()} if marks else None

    def lost(self, org: str) -> frozenset[str]:
        """Return the lost devices that held the keys of an organisation: its own, and of a township the county's."""
        office = certifier(org)
        return frozenset(
            device
            for (by, device) in self._lost
            if by == office and any(card.org in (org, office) for card in self._certificates[device])
        )

    @cached_property
    def _accepted(self) -> dict[str, list[Card]]:
        """Return all cards that may be believed, the oldest first."""
        found: dict[str, list[Card]] = {}
        for card, _ in sorted(self._cards, key=lambda pair: (pair[0].at, pair[0].seal_key)):
            if self._is_accepted(card):
                found.setdefault(card.org, []).append(card)
        return found

    def _is_accepted(self, card: Card) -> bool:
        if card.level is not Level.TOWNSHIP:
            return card.sign_key in self.sign_keys.get(card.org, frozenset())
        return self.may_write(suite().fingerprint(card.sign_key), card.org)

    def cards(self, org: str) -> list[Card]:
        """Return all cards of an organisation that may be believed, those out of use too, the oldest first."""
        return list(self._accepted.get(org, ()))

    def current(self, org: str) -> tuple[Card, ...]:
        """Return the cards that things are sealed to: not replaced, and made since its lost devices were known to be.

        There are several when two laptops of a township made keys before they met.
        """
        lost, cards = self.lost(org), self._accepted.get(org, ())
        good = [card for card in cards if suite().fingerprint(card.sign_key) not in lost]
        gone = {key_id for card in good for key_id in card.replaces}
        return tuple(card for card in good if card.key_ids[0] not in gone and lost <= set(card.without))

    def org(self, code: str) -> Card | None:
        """Return the newest card of an organisation; None when there is none to be believed."""
        cards = self.current(code) or self._accepted.get(code)
        return cards[-1] if cards else None

    def below(self, org: str) -> list[str]:
        """Return the known organisations below one."""
        return sorted(code for code in self._accepted if code.startswith(org) and code != org)

    def recipients(self, region: str, audience: Audience) -> tuple[str, ...]:
        """Return the keys that a segment of our region is sealed to, sorted.

        Raises:
            NotEnrolled: The county's card is not known yet, or keys are being changed and the new ones are not here.
        """
        return tuple(sorted(set(self._recipients(region, audience))))

    def _recipients(self, region: str, audience: Audience) -> Iterator[str]:
        own, office = self._keys_of(region), certifier(region)
        if audience is Audience.TOWNSHIP:
            yield from (card.seal_key for card in own)
        elif audience is Audience.COUNTY:
            yield from (card.open_key if region != office else card.seal_key for card in own)
            yield from (card.seal_key for card in self._keys_of(office))
            if level_of(region) is Level.COUNTY:
                yield from self._open_keys(self.below(region))
        else:
            self._keys_of(office)
            yield from self._open_keys((*chain(region), *self.below(region)))

    def _keys_of(self, org: str) -> tuple[Card, ...]:
        cards = self.current(org)
        if not cards:
            raise NotEnrolled(is_turning=bool(self.own()))
        return cards

    def _open_keys(self, orgs: Iterable[str]) -> Iterator[str]:
        yield from (card.open_key for org in orgs for card in self.current(org))

    def riders(self, to: str, but: frozenset[str] = frozenset()) -> list[StatementFile]:
        """Return the statements that ride in a pack to an organisation, but those it is known to have: cards,
        certificates and revocations of the line it stands in and of ours, and what was granted along it.

        An office above us knows its own line better than we do, so nothing of that goes up.
        """
        own = self.own()
        orgs = {*chain(to), *chain(own)}
        if own.startswith(to):
            orgs = {*chain(own), *self.below(own)} - (set(chain(to)) if own != to else set())
        believed = [card for card, _ in self._cards if self._is_accepted(card)]
        files = [file_of(CARD, self._fullest(card)) for card in believed if card.org in orgs]
        riding: dict[str, Callable[[Any], bool]] = {
            DEVICE: lambda card: card.org in orgs and card in self._certificates.get(card.device, ()),
            GRANT: lambda grant: (own.startswith(to) and grant.to in chain(to)) or self._is_of(grant.to, {own, to}),
            REVOCATION: lambda told: self.revoked_upto(told.device) is not None and self._is_of(told.device, orgs),
            ERASE: lambda told: (
                (told.region.startswith(to) or to.startswith(told.region)) and self.may_erase(told.device, told.region)
            ),
        }
        said = {kind: self._said[kind] for kind in riding} | {GRANT: self.grants}  # or anybody could fill every pack
        files += [file_of(kind, one) for kind, rides in riding.items() for one in said[kind] if rides(one.body)]
        return [file for file in files if file.id not in but]

    def _fullest(self, card: Card) -> Said:
        """Return of all files of a card the one that says most: signed by our own office, and by many."""
        ours = self.pins.get(self.own(), "")
        same = [said for said in self._said[CARD] if said.body == card]
        return max(same, key=lambda said: (ours in said.keys, len(said.keys), said.id))

    def _is_of(self, whom: str, orgs: set[str]) -> bool:
        """Return whether a device or organisation is one of those."""
        return whom in orgs or any(card.org in orgs for card in self._certificates.get(whom, ()))


_RECENT: Recent[tuple[str, list[StatementFile]], Directory] = Recent(8)
"""The directories that were made last, each by its device and the statements that make it."""
