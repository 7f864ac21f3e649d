"""One history, drawn from its seed: people write and carry, and everything that can go wrong does."""

import random
import shutil
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle
from pathlib import Path

from app.domain.people import Person
from app.ports import Parcel
from sync.erasure import Erasures
from sync.homes import StageClock
from ui.simulation.checks import Violation, held_segments
from ui.simulation.county import LAPTOPS, LATE, OFFICES, ORGS, County, clock, enrol_late
from ui.simulation.edits import FEW, Hand
from ui.simulation.faults import damaged, packs_on
from ui.simulation.machine import Machine, drawn_from
from ui.simulation.world import TOWNSHIP, Player, World

STICKS, MOST_PACKS, MOST_MET = 2, 3, 150
QUIET_ROUNDS = 3
"""Who was restored says so, is told what it had said before, says what it has now, and gets what it lacks."""
YEARS = timedelta(days=365.25 * 20)
WEIGHTS = {
    "write": 26,
    "export": 14,
    "take": 18,
    "call": 6,
    "damage": 5,
    "lose": 2,
    "pull": 3,
    "drawer": 4,
    "clock": 3,
    "reopen": 1,
    "keep": 2,
    "restore": 2,
    "clone": 1,
    "newer": 3,
    "revoke": 1,
    "late": 1,
    "erase": 2,
    "photograph": 2,
    "absent": 1,
}


@dataclass(slots=True)
class Ran:
    """What came of a history."""

    seed: str
    steps: int = 0
    exchanges: int = 0
    ops: int = 0
    done: dict[str, int] = field(default_factory=dict)
    law: str = ""
    said: str = ""
    trace: list[str] = field(default_factory=list)


class History:
    """The steps of one history."""

    def __init__(self, county: County, folder: Path, seed: str, steps: int, machines: int = 0) -> None:
        self._county, self._folder = county, folder
        self._chance = random.Random(seed)
        self._steps = steps
        self.ran = Ran(seed)
        self.world = World(folder, self._chance, county.oracle)
        self.world.ever = {org: set(ids) for org, ids in county.ever.items()}
        count = machines or self._chance.choice((2, 2, 3, 3, 4))
        for name in (*list(LAPTOPS)[:count], *OFFICES):
            self._seat(name, folder / name)
        self._sticks = [folder / f"stick{no}" for no in range(STICKS)]
        for stick in self._sticks:
            stick.mkdir()
        self._kept: list[tuple[str, Path, list[tuple[str, str, str]]]] = []

    def _seat(self, name: str, folder: Path) -> Player:
        self._county.copy(name, folder)
        player = Player(name, Machine(folder, name, clock(), self._dice()), ORGS[name], is_enrolled=name != LATE)
        player.own = list(self._county.own.get(name, []))
        return self._sit_down(player)

    def _sit_down(self, player: Player) -> Player:
        self.world.players[player.name] = player
        self.world.absorb(player)
        return player

    def _dice(self) -> random.Random:
        return random.Random(self._chance.getrandbits(64))

    def run(self) -> Ran:
        """Take every step, then let all meet; what was found is told, not raised."""
        try:
            for step in range(self._steps):
                self.ran.steps = step + 1
                self._step()
            self.ran.steps += 1
            self._meet()
        except Violation as found:
            self.ran.law, self.ran.said = found.law, found.words
        except Exception as error:
            self.ran.law, self.ran.said = "crash", f"{type(error).__name__}: {error}"
            self._raised = error
        self.ran.exchanges, self.ran.ops = self.world.exchanges, len(self.world.oracle.ops)
        return self.ran

    def _step(self) -> None:
        names = list(WEIGHTS)
        name = self._chance.choices(names, [WEIGHTS[one] for one in names])[0]
        told = getattr(self, f"_{name}")()
        if told is not None:
            self.ran.done[name] = self.ran.done.get(name, 0) + 1
            self.ran.trace.append(f"{self.ran.steps} {name} {told}")

    def _anybody(self) -> Player:
        return self._chance.choice(list(self.world.players.values()))

    def _laptop(self) -> Player:
        laptops = [one for one in self.world.players.values() if len(one.org) > 6]
        return self._chance.choice(laptops)

    # Steps: each returns what is told of it, or None when there was nothing to do

    def _write(self) -> str | None:
        player = self._laptop() if self._chance.random() < 0.93 else self.world.players["县"]
        hand = Hand(self.world, player, self._dice())
        count = sum(hand.write() for _ in range(self._chance.randrange(1, 4)))
        return f"{player.name} {count}" if count else None

    def _newer(self) -> str:
        player = self._laptop()
        Hand(self.world, player, self._dice()).write_newer()
        return player.name

    def _export(self) -> str | None:
        player, stick = self._anybody(), self._chance.choice(self._sticks)
        files = self.world.export(player, stick)
        return f"{player.name} {stick.name} {[file.name for file in files]}" if files else None

    def _pull(self) -> str:
        player, stick = self._anybody(), self._chance.choice(self._sticks)
        at = self._chance.randrange(1, 14)
        files = self.world.export(player, stick, at)
        return f"{player.name} {stick.name} at {at} {[file.name for file in files]}"

    def _take(self) -> str | None:
        player, stick = self._anybody(), self._chance.choice(self._sticks)
        found = player.machine.exchange.found(self.world.place(stick))
        if not found:
            return None
        chosen = [one for one in found if one.to_org == player.org or self._chance.random() < 0.3][-6:]
        self._chance.shuffle(chosen)
        if self._chance.random() < 0.15:
            self.world.take_all(player, [player.machine.exchange.fetched(one) for one in chosen[:MOST_PACKS]])
            return f"{player.name} {stick.name} {[one.name for one in chosen[:MOST_PACKS]]} together"
        for one in chosen[:MOST_PACKS]:
            looks, again = self._chance.random() < 0.3, self._chance.random() < 0.15
            file = player.machine.exchange.fetched(one)
            self.world.take(player, file, looks=looks, again=again)
        return f"{player.name} {stick.name} {[one.name for one in chosen[:MOST_PACKS]]}"

    def _drawer(self) -> str | None:
        """Somebody finds an old stick in a drawer."""
        if not self.world.drawer:
            return None
        player, file = self._anybody(), self._chance.choice(self.world.drawer)
        self.world.take(player, file, looks=self._chance.random() < 0.3)
        return f"{player.name} {file.name}"

    def _call(self) -> str:
        caller = self._laptop() if self._chance.random() < 0.7 else self.world.players["县"]
        called = self.world.players["县" if len(caller.org) > 6 else "省"]
        cut = self._chance.choice((1, 2, 9, 9, 9))
        self.world.call(caller, called, cut)
        return f"{caller.name} {called.name} cut {cut}"

    def _damage(self) -> str | None:
        """A pack is damaged on a copy, and somebody tries to take it in."""
        if not self.world.drawer:
            return None
        file = self._chance.choice(self.world.drawer[-6:])
        bad = self._folder / "damaged.yb"
        bad.write_bytes(damaged(file.read_bytes(), self._chance))
        player = self._anybody()
        what = self.world.take(player, bad, is_whole=False)
        return f"{player.name} {file.name} {what}"

    def _lose(self) -> str | None:
        """A stick is lost, and a new one bought."""
        stick = self._chance.choice(self._sticks)
        if not packs_on(stick):
            return None
        shutil.rmtree(stick)
        stick.mkdir()
        return stick.name

    def _erase(self) -> str | None:
        """Somebody asks that what is known about them be erased."""
        player = self._laptop() if self._chance.random() < 0.8 else self.world.players["县"]
        people = player.machine.desk.ask(lambda shelf: shelf.all(Person, order="id", limit=FEW))
        if not people or not player.is_enrolled:
            return None
        person = self._chance.choice(people)
        return f"{player.name} {person.id[-4:]}" if self.world.erase(player, person.id) else None

    def _photograph(self) -> str:
        player = self._laptop()
        content = self._dice().randbytes(self._chance.choice((900, 40_000)))
        self.world.photograph(player, content)
        return f"{player.name} {len(content)}"

    def _absent(self) -> str:
        """An empty stick, a stick of somebody else, and no stick change nothing."""
        player = self._anybody()
        before = player.machine.digest()
        empty = self._folder / "empty"
        empty.mkdir(exist_ok=True)
        (empty / "YB-读我.txt").write_text("没有", "utf-8")
        if player.machine.exchange.found(self.world.place(empty)) or player.machine.digest() != before:
            raise Violation("P7", f"an empty stick changed {player.name}")
        return player.name

    def _clock(self) -> str:
        player = self._anybody()
        by = self._chance.choice((YEARS, -YEARS, timedelta(hours=-3), timedelta(days=40)))
        moment = player.machine.clock.moment
        machine_clock = player.machine.clock
        machine_clock.set(moment + by if 1985 < (moment + by).year < 2090 else moment)
        machine_clock.step = self._chance.choice((timedelta(milliseconds=1), -timedelta(seconds=2)))
        return f"{player.name} {machine_clock.moment.isoformat()}"

    def _reopen(self) -> str:
        player = self._anybody()
        player.machine.close()
        player.machine.open()
        self.world.check(player)
        return player.name

    def _keep(self) -> str:
        """Somebody copies a home folder aside."""
        player = self._laptop()
        to = self._folder / f"kept{len(self._kept)}"
        player.machine.copy_to(to)
        self._kept.append((player.name, to, list(player.own)))
        return player.name

    def _restore(self) -> str | None:
        """Somebody puts an old copy of a home back; what tells of it outside may be gone too."""
        kept = [one for one in self._kept if one[0] in self.world.players]
        if not kept:
            return None
        name, copy, own = self._chance.choice(kept)
        player = self.world.players[name]
        machine = player.machine
        machine.close()
        shutil.rmtree(machine.folder)
        shutil.copytree(copy, machine.folder)
        if machine.outside and self._chance.random() < 0.5:
            shutil.rmtree(machine.outside, ignore_errors=True)
        player.own, player.is_restored = list(own), True
        machine.open()
        self._sit_down(player)
        self.world.check(player)
        return name

    def _clone(self) -> str | None:
        """A laptop's disk is copied to another laptop; the machine may tell or not."""
        if any(player.is_clone for player in self.world.players.values()):
            return None
        player = self._laptop()
        if player.name == LATE:
            return None
        folder = self._folder / f"{player.name}二"
        player.machine.copy_to(folder)
        machine_clock = StageClock(player.machine.clock.moment, timedelta(milliseconds=1))
        print_ = player.machine.print_ if self._chance.random() < 0.5 else f"{player.name}二"
        machine = Machine(folder, f"{player.name}二", machine_clock, self._dice(), print_)
        twin = Player(f"{player.name}二", machine, player.org, list(player.own), is_clone=True)
        self._sit_down(twin)
        self.world.check(twin)
        return f"{player.name} {'told' if machine.print_ != player.machine.print_ else 'not told'}"

    def _revoke(self) -> str | None:
        """The county reports a laptop lost."""
        laptops = [
            one for one in self.world.players.values() if len(one.org) > 6 and not one.is_clone and one.is_enrolled
        ]
        if self.world.revoked or len([one for one in laptops if one.org == TOWNSHIP]) < 2:
            return None
        player = self._chance.choice(laptops)
        office = self.world.players["县"].machine.exchange
        if not any(card.device == player.machine.device for card in office.directory().devices()):
            return None
        office.enrolment().lose(player.machine.device, "丢了")
        self.world.revoked.add(player.machine.device)
        return player.name

    def _late(self) -> str | None:
        if LATE in self.world.players:
            return None
        player = self._seat(LATE, self._folder / LATE)
        Hand(self.world, player, self._dice()).write()  # work begins before enrolment
        enrol_late(player.machine, self.world.players["县"].machine, TOWNSHIP)
        player.is_enrolled = True
        self.world.absorb(player)
        self.world.absorb(self.world.players["县"])
        return player.name

    # The end: everybody meets everybody, and nothing may be missing

    def _meet(self) -> None:
        """Let all exchange over a good stick until nobody has anything new, then compare."""
        for player in self.world.players.values():
            self.world.export(player, self._sticks[0])
        there = self._all_segments()
        met = self._carry_around()
        self.ran.trace.append(f"{self.ran.steps} meet {met} visits")
        for player in self.world.players.values():
            self._check_complete(player, there)
        self._check_alike()

    def _carry_around(self) -> int:
        """Let a good stick go round until it brings nobody news for some rounds; return how many it has met."""
        good = self._folder / "good"
        good.mkdir()
        taken: dict[str, dict[str, str]] = {}
        quiet = 0
        for met, player in enumerate(cycle(self._route())):
            quiet = 0 if self._visit(player, good, taken) else quiet + 1
            if quiet >= QUIET_ROUNDS * len(self._route()):
                return met + 1
            if met > MOST_MET:
                raise Violation("P11", f"after {met} visits they still have something new to tell each other")
        raise AssertionError

    def _route(self) -> list[Player]:
        players = self.world.players
        laptops = [one for one in players.values() if len(one.org) > 6]
        return [*laptops, players["县"], players["省"], players["县"]]

    def _visit(self, player: Player, stick: Path, taken: dict[str, dict[str, str]]) -> bool:
        """Take in the newest that came for somebody and write what is to go; return whether any of it was news."""
        is_first = player.name not in taken
        before = self._facts_of(player)
        has_met = self.world.visit(player, stick, taken.setdefault(player.name, {}))
        if is_first or has_met:
            self.world.export(player, stick)
        return is_first or self._facts_of(player) != before

    @staticmethod
    def _facts_of(player: Player) -> tuple[object, ...]:
        """Return how much lies with somebody but receipts: of two copies of one laptop each contradicts the other's."""
        kinds = ("card", "device", "grant", "revocation", "erase")
        box = player.machine.box
        pictures = tuple(sorted((one.id, one.state, len(one.have)) for one in player.machine.home.cargo.freights()))
        return len(player.machine.parcels()), len(box.statements(*kinds)), pictures

    def _all_segments(self) -> dict[str, Parcel]:
        """Return every segment that anybody still has, sealed for others or not."""
        return {one.id: one for player in self.world.players.values() for one in player.machine.parcels()}

    def _check_complete(self, player: Player, there: dict[str, Parcel]) -> None:
        self.world.check(player)
        if not self._is_plain(player):
            return  # of two computers with one name nobody can tell which has received what
        counted = self._counted()
        held = self._as_counted(held_segments(player.machine.parcels()), counted)
        everything = there | self._all_segments()
        wanted = {id_ for id_, one in everything.items() if self._is_for(one, player)}
        lost = self._as_counted(wanted, counted) - self._gone() - held
        if lost:
            of = [f"{one.audience} of {one.stream} {one.first}-{one.last}" for one in map(everything.get, lost) if one]
            raise Violation("P3", f"{player.name} never got {len(lost)} segments that somebody has: {sorted(of)}")

        self.world.check_pictures(player, [one for one in self.world.players.values() if self._is_plain(one)])
        self._check_erased(player)

    def _is_plain(self, player: Player) -> bool:
        """Return whether a computer is nobody's copy, and was not reported lost."""
        return player.machine.device not in self.world.revoked | self.world.copied()

    def _gone(self) -> set[str]:
        """Return the segments that had to go, as anybody has heard."""
        return {
            one
            for player in self.world.players.values()
            for one in Erasures.of(player.machine.exchange.directory()).gone
        }

    def _counted(self) -> set[str]:
        """Return the segments made anew whose word counts with everybody who can still be reached; that of a laptop
        which was lost before its county had heard of it does not."""
        plain = [one for one in self.world.players.values() if self._is_plain(one)]
        return {come for player in plain for come in Erasures.of(player.machine.exchange.directory()).pairs}

    def _as_counted(self, segments: set[str], counted: set[str]) -> set[str]:
        """Return segments with the first ones in the place of what was made anew and does not count."""
        first_of = self.world.oracle.first_of
        return {one if one in counted else first_of(one) for one in segments}

    def _check_erased(self, player: Player) -> None:
        secrets = self.world.oracle.secrets(self._counted())
        words = player.machine.words() if secrets else ""
        still = sorted(secret for secret in secrets if secret in words)
        if still:
            raise Violation("P3", f"{player.name} still tells {still[:2]}, which had to be erased")

    def _is_for(self, parcel: Parcel, player: Player) -> bool:
        if parcel.device in self.world.revoked:
            return False
        org = player.org
        has_turned = bool(self.world.revoked) or LATE in self.world.players
        if has_turned and len(parcel.region) < len(org):
            return False  # what an office seals while a township has no good keys, the township cannot open later
        is_near = parcel.region == org or org.startswith(parcel.region) or parcel.region.startswith(org)
        if not is_near:
            return False
        if parcel.audience == "O":
            return True
        if parcel.audience == "C":
            return len(org) >= 6
        return org == parcel.region

    def _check_alike(self) -> None:
        """Check that those who hold the same show the same."""
        seen: dict[frozenset[str], tuple[Player, str, object]] = {}
        for player in self.world.players.values():
            parcels = player.machine.parcels()
            if player.machine.box.unsealed(1):
                continue
            key = frozenset(held_segments(parcels))
            told = (player, player.machine.digest(), sorted(player.machine.contested().items()))
            other = seen.setdefault(key, told)
            if other[1:] != told[1:]:
                raise Violation("P1", f"{player.name} and {other[0].name} hold the same and do not show the same")
        chosen = self._anybody()
        problems = chosen.machine.problems()
        if problems:
            raise Violation("P1", f"{chosen.name}: {problems[:2]}")


def run_history(county: County, folder: Path, seed: str, steps: int, machines: int = 0) -> Ran:
    """Run one history in a folder of its own, which is removed afterwards."""
    folder.mkdir(parents=True)
    with drawn_from(random.Random(f"{seed}/machine")):
        history = History(county, folder, seed, steps, machines)
        try:
            return history.run()
        finally:
            history.world.close()
            shutil.rmtree(folder, ignore_errors=True)
