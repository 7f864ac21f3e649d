"""A world while it goes on: who there is, what each truly has, and every exchange with its checks."""

import random
from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import cast

from app.commands.attachment import FileScans
from app.desk import Command, Desk
from app.domain.attachment import Placed, Placing, Scan
from app.domain.change import ChangeSet
from app.domain.errors import ErasureForbidden, Missing, NotCarried, NotEnrolled, NotTaken, Refused
from app.domain.op import Op
from app.ports import OWN
from sync.carriers import Place, place_of
from sync.directory import ERASE
from sync.erasure import Erasures
from sync.exchange import Relay
from sync.inbox import Taken
from ui.erasing import ErasureDesk
from ui.simulation.checks import Violation, check_custody, check_home, check_nameless, held_segments
from ui.simulation.faults import PulledDisk
from ui.simulation.machine import Machine
from ui.simulation.oracle import Oracle, Uid, View

TOWNSHIP, OTHER_TOWNSHIP, COUNTY, PROVINCE = "530102001", "530102002", "530102", "53"

NEWS, KNOWN, REFUSED = "news", "known", "refused"


@dataclass(slots=True)
class Player:
    """A computer and whoever works at it. `own` is what was written on it and is still there."""

    name: str
    machine: Machine
    org: str
    own: list[Uid] = field(default_factory=list)
    view: View = field(default_factory=dict)
    is_enrolled: bool = True
    is_clone: bool = False
    is_restored: bool = False
    is_lost: bool = False

    @property
    def holder(self) -> str:
        """Return under which name its receipts count."""
        return self.org if len(self.org) <= len(COUNTY) else f"{self.org}/{self.machine.device}"


class World:
    """Everybody, and the truth about them."""

    def __init__(self, folder: Path, chance: random.Random, oracle: Oracle | None = None) -> None:
        self.folder = folder
        self.chance = chance
        self.oracle = deepcopy(oracle) if oracle else Oracle()
        self.players: dict[str, Player] = {}
        self.ever: dict[str, set[str]] = {}
        self.drawer: list[Path] = []
        self.pictures: dict[str, tuple[str, str, bytes]] = {}
        self.revoked: set[str] = set()
        self.is_checking = True
        self.exchanges = 0
        self._places: dict[Path, Place] = {}

    # Writing

    def edit(self, player: Player, act: Callable[[], ChangeSet | None]) -> bool:
        """Let somebody do one thing; return whether anything was written."""
        contested = frozenset(player.machine.box.contests())
        try:
            changes = act()
        except (Missing, Refused):
            return False
        if not changes:
            return False
        self.keep(player, changes, contested)
        return True

    def keep(self, player: Player, changes: ChangeSet, contested: frozenset[tuple[str, str, str]]) -> None:
        """Let the oracle keep what was written."""
        self._keep(player, self.oracle.commit(changes, player.view, contested))

    def edit_newer(self, player: Player, op: Op, changes: ChangeSet) -> None:
        """Let a newer version write what this one does not know."""
        player.machine.write_newer(op)
        self._keep(player, self.oracle.commit(changes, player.view, is_newer=True))

    def _keep(self, player: Player, made: list[Uid]) -> None:
        player.own += made
        for uid in made:
            player.view[uid] = self.oracle.ops[uid].sets

    # Keeping the truth

    def absorb(self, player: Player) -> None:
        """Note what somebody has sealed, and what lies there now."""
        machine = player.machine
        parcels = machine.parcels()
        new = [one for one in parcels if one.id not in self.oracle.segments]
        anew = Erasures.of(machine.exchange.directory()).pairs if new and machine.box.statements(ERASE) else {}
        for parcel in new:
            if parcel.id in anew:
                self._absorb_anew(machine, parcel.id, anew[parcel.id])
            elif parcel.state == OWN:
                self._absorb_segment(machine, parcel.id, parcel.stream, parcel.audience, parcel.first, parcel.last)
        self.ever.setdefault(player.holder, set()).update(self.oracle.first_of(parcel.id) for parcel in parcels)
        player.view = self.view(player)

    def view(self, player: Player) -> View:
        """Return what somebody holds. A home that was put back to before forgets at once what it had forgotten by then,
        if what is kept of that outside of it is still there."""
        view = self.oracle.view(player.own, held_segments(player.machine.parcels()))
        gone = self.oracle.all_erased() if player.is_restored else {}
        for uid in gone.keys() & view.keys():
            view[uid] |= dict.fromkeys(gone[uid] & player.machine.erased_of(uid) & view[uid].keys())
        return view

    def _absorb_segment(
        self, machine: Machine, segment: str, stream: str, audience: str, first: int, last: int
    ) -> None:
        view, masked = self.oracle.segments.setdefault(segment, {}), self.oracle.masked.setdefault(segment, set())
        for (of, seq), (uid, parts) in machine.newly_sealed.items():
            for letter, part in parts.items():
                if of == stream and first <= seq <= last and letter == audience:
                    view[uid] = dict(part.sets)
                    masked.update((uid, name) for name in part.masked)

    def _absorb_anew(self, machine: Machine, come: str, gone: set[str]) -> None:
        """Note what a segment says that was made anew here; only what somebody has asked for may be absent."""
        known = sorted(gone & self.oracle.segments.keys())
        if not known:
            return
        told = [(uid, machine.erased_of(uid)) for uid in self.oracle.segments[known[0]]]
        for uid, names in told:
            more = {name for name in names if (uid[1:], name) not in self.oracle.asked}
            if more:
                raise Violation("P3", f"{machine.name} has erased {sorted(more)} of {uid}, unasked")
        self.oracle.make_anew(come, known[0], told)

    def copied(self) -> set[str]:
        """Return the devices of which there are two."""
        return {one.machine.device for one in self.players.values() if one.is_clone}

    def erase(self, player: Player, person_id: str) -> bool:
        """Let somebody have a person's words erased; return whether there was anything to erase."""
        machine = player.machine
        machine.exchange.prepare()
        self.absorb(player)
        desk = ErasureDesk(cast(Desk, _Through(self, player)), machine.exchange, machine.box)
        fields = desk.plan_of("person", person_id).fields()
        self.oracle.asked |= {(key, name) for key, names in fields.items() for name in names}
        try:
            desk.erase("person", person_id)
        except (Missing, Refused, ErasureForbidden):
            return False
        finally:
            self.absorb(player)
        self.check(player)
        return True

    def photograph(self, player: Player, content: bytes) -> None:
        """Let somebody file a picture of nobody's yet."""
        blobs = player.machine.home.blobs
        blob, small = blobs.put(content), blobs.put(content[:300])
        scan = Scan("一页.jpg", None, blob, small, len(content), sha256(content).hexdigest())
        filing = FileScans((Placed(scan, Placing.ASIDE, ""),))
        if self.edit(player, lambda: player.machine.desk.do(filing)):
            device = player.machine.device
            self.pictures |= {blob: (player.org, device, content), small: (player.org, device, content[:300])}

    def check_pictures(self, player: Player, others: Iterable[Player]) -> None:
        """Check that somebody has every picture of their place that any of the others still has, as it was filed, or
        has had it erased."""
        gone = Erasures.of(player.machine.exchange.directory()).blobs
        for blob, (org, device, content) in self.pictures.items():
            is_for = len(player.org) >= len(COUNTY) and org.startswith(player.org) and blob not in gone
            is_for = is_for and device not in self.revoked
            if is_for and player.machine.picture(blob) != content:
                who = [other.name for other in others if other.machine.picture(blob) == content]
                if who:
                    raise Violation("P18", f"{player.name} has not got picture {blob[:8]} of {org}, which {who} have")

    def check(self, player: Player) -> None:
        """Check one home by the oracle."""
        if self.is_checking:
            check_home(player.machine, self.oracle, self.view(player), player.org)
            if player.machine.device not in self.copied():  # of two with one name no receipt can tell which it means
                check_custody(player.machine, self.oracle, self.ever)
            if len(player.org) < len(COUNTY):
                check_nameless(player.machine, self.oracle)

    # Exchanging

    def export(self, player: Player, stick: Path, pulled_at: int = 0) -> tuple[Path, ...]:
        """Write onto a stick, which may be pulled at some call; return the files."""
        disk = PulledDisk()
        disk.calls_left = pulled_at
        exchange = player.machine.exchange
        exchange._disk = disk
        files: tuple[Path, ...] = ()
        try:
            files = exchange.export(self.place(stick)).files
        except (NotCarried, NotEnrolled):
            pass
        finally:
            exchange._disk = None
        self.absorb(player)
        self.drawer += [self._filed(file) for file in files]
        return files

    def place(self, stick: Path) -> Place:
        """Return a stick as the machine shows it; to ask the system each time costs more than all else about it."""
        return self._places.setdefault(stick, self._places.get(stick) or place_of(stick))

    def visit(self, player: Player, stick: Path, met: dict[str, str]) -> bool:
        """Let somebody take in what lies there for them from each writer; return whether there was anything after what
        is among `met`, what they have had."""
        known = dict(met)
        there = [one for one in player.machine.exchange.found(self.place(stick)) if one.to_org == player.org]
        has_copies = any(one.is_clone for one in self.players.values())  # whose packs have the same names
        for found in sorted(there, key=lambda one: one.name):
            writer = found.name if has_copies else found.name.rpartition("-")[0]
            if met.get(writer, "") < found.name:
                met[writer] = found.name
                self.take(player, player.machine.exchange.fetched(found))
        return met != known

    def _filed(self, file: Path) -> Path:
        """Keep a pack in a drawer, from which it may turn up at any time."""
        drawer = self.folder / "drawer"
        drawer.mkdir(exist_ok=True)
        copy = drawer / f"{len(list(drawer.iterdir())):04}-{file.name}"
        copy.write_bytes(file.read_bytes())
        return copy

    def take(self, player: Player, file: Path, is_whole: bool = True, looks: bool = False, again: bool = False) -> str:
        """Let somebody take a pack in, and check all that must hold; return whether it was refused, old or news."""
        machine = player.machine
        before, there = machine.digest(), {(one.id, one.state) for one in machine.parcels()}
        self.exchanges += 1
        try:
            looked = machine.exchange.look(file) if looks else None
            if looks and machine.digest() != before:
                raise Violation("P19", f"looking at {file.name} changed {machine.name}")
            taken = machine.exchange.take_file(file)
        except NotTaken as refusal:
            if is_whole:
                raise Violation("P5", f"{machine.name} refused {file.name}, which is whole: {refusal!r}") from refusal
            if machine.digest() != before or {(one.id, one.state) for one in machine.parcels()} != there:
                raise Violation("P5", f"{file.name} was refused by {machine.name} and changed it") from refusal
            return REFUSED
        if looked is not None and looked != taken:
            raise Violation("P19", f"{machine.name} was told {looked}, and {taken} came of it")
        if not taken.is_news() and machine.digest() != before:
            raise Violation("P2", f"{file.name} brought {machine.name} nothing, and changed it")
        self.absorb(player)
        self.check(player)
        if again and file.exists():  # a copy that holds what had to be erased is swept away
            self._take_again(player, file)
        return NEWS if taken.is_news() else KNOWN

    def take_all(self, player: Player, files: Sequence[Path]) -> None:
        """Let somebody look at several packs, and take them in one after the other: it comes to what was said."""
        machine = player.machine
        before = machine.digest()
        looked = machine.exchange.look_all(files)
        if machine.digest() != before:
            raise Violation("P19", f"looking at {len(files)} packs changed {machine.name}")
        taken: list[Taken | NotTaken] = []
        for file in files:
            try:
                taken.append(machine.exchange.take_file(file))
            except NotTaken as refusal:
                taken.append(refusal)
            self.exchanges += 1
        if [_told(one) for one in looked] != [_told(one) for one in taken]:
            raise Violation("P19", f"{machine.name} was told {looked}, and {taken} came of it")
        self.absorb(player)
        self.check(player)

    def _take_again(self, player: Player, file: Path) -> None:
        machine = player.machine
        before = machine.digest()
        if machine.exchange.take_file(file).is_news() or machine.digest() != before:
            raise Violation("P2", f"{machine.name} took {file.name} twice and found something new in it")

    def call(self, caller: Player, called: Player, cut: int = 9) -> None:
        """Let one call another over a line that is cut after so many legs."""
        exchange, relay = caller.machine.exchange, Relay(called.machine.exchange)
        answer = relay.have(exchange.have())
        self.absorb(called)
        self.absorb(caller)
        pack = exchange.pack_for(answer) if cut > 0 else None
        if pack is None:
            return
        carried = self.folder / f"wire-{self.exchanges}.yb"
        carried.write_bytes(pack.read_bytes())
        if cut > 1:
            self._answered(caller, called, relay, pack, carried, cut)
        carried.unlink(missing_ok=True)

    def _answered(self, caller: Player, called: Player, relay: Relay, pack: Path, carried: Path, cut: int) -> None:
        self.exchanges += 1
        back = relay.take(carried)
        self.absorb(called)
        self.check(called)
        if cut > 2:
            caller.machine.exchange.drop(pack)
            caller.machine.exchange.take(back)
            self.absorb(caller)
            self.check(caller)
        back.unlink(missing_ok=True)

    def close(self) -> None:
        """Close every home."""
        for player in self.players.values():
            player.machine.close()


class _Through:
    """A desk at which the oracle looks on."""

    def __init__(self, world: World, player: Player) -> None:
        self._world, self._player = world, player
        self.ask = player.machine.desk.ask

    def do(self, command: Command) -> ChangeSet:
        """Do it, and let the oracle keep it."""
        contested = frozenset(self._player.machine.box.contests())
        changes = self._player.machine.desk.do(command)
        self._world.keep(self._player, changes, contested)
        return changes


def _told(one: Taken | NotTaken) -> object:
    """Return what a person is told of a pack; what lies in two is known, and only counted when it is taken."""
    if isinstance(one, NotTaken):
        return one.code
    taking = one.taking
    return taking.made, taking.changed, taking.contests, taking.withheld, taking.waiting, taking.kept, one.pictures
