"""A year of a county that does not matter: what its townships planned, held, agreed and did, and who came.

It is the sample of the pages (`sync/server/sample.py`) on the townships of one county, with people who sign in; all
names are invented.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from app.desk import Desk
from app.domain.action import Action
from app.domain.attendance import Attendance, Presence
from app.domain.change import ChangeSet, created
from app.domain.consensus import Consensus
from app.domain.consultation import Consultation
from app.domain.edition import Edition
from app.domain.people import Person, Role
from app.domain.place import Places
from app.domain.record import Record
from app.domain.sitting import Sitting
from app.ports import Moment, Seal, Shelf
from sync.server.sample import SampleProvince, Sealing

SURNAMES, SIGNS = "赵钱孙李周吴郑王冯陈何吕施张孔", "甲乙丙丁戊己庚辛壬癸子丑寅卯辰"
ROLES = (Role.CPPCC_MEMBER, Role.VILLAGE_CADRE, Role.LINE_DEPT)


@dataclass(frozen=True, slots=True)
class TellYear:
    """Write records down, in one act."""

    records: tuple[Record, ...]

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the records as they begin."""
        return ChangeSet("一年", tuple(change for record in self.records for change in created(record)))


def records(places: Places, county: str, seal: Seal, topics: int, year: int = 2026) -> Iterator[Record]:
    """Yield a year of a county (or of one township), the same each time."""
    below = "\n".join(f"{one.code}\t{one.name}" for one in places if one.code.startswith(county) and not one.is_hidden)
    made, dice = SampleProvince(years=((year, topics),), made=int(county) << 40), Random(county)
    village, consensus = "", ""
    for record in made._records(Places(below), Sealing(seal.sign)):
        if isinstance(record, Edition):
            continue  # sealing is a matter of its own: it holds what has been written
        if isinstance(record, Consultation):
            village = record.place_codes[0]
        elif isinstance(record, Consensus):
            consensus = record.id
        yield _hung(record, consensus)
        if isinstance(record, Sitting):
            yield from _guests(made, record, village, dice)


def _hung(record: Record, consensus: str) -> Record:
    """Return a task hung on what was settled last, as a recorder would."""
    return replace(record, consensus_id=consensus) if isinstance(record, Action) else record


def _guests(made: SampleProvince, sitting: Sitting, village: str, dice: Random) -> Iterator[Record]:
    for at in range(dice.randint(12, 30)):
        name = f"{dice.choice(SURNAMES)}某{dice.choice(SIGNS)}"
        role = ROLES[at] if at < len(ROLES) else Role.VILLAGER
        person = Person(made._id(), name, village, role=role)
        yield person
        came = Attendance.of(sitting.id, person.id, role)
        yield replace(came, presence=Presence.PRESENT, arrived_at=sitting.opened_at)


def lived(desk: Desk, places: Places, county: str, seal: Seal, topics: int = 60) -> None:
    """Write a year down at a desk."""
    batch: list[Record] = []
    for record in records(places, county, seal, topics):
        batch.append(record)
        if len(batch) >= 1_000:
            desk.do(TellYear(tuple(batch)))
            batch = []
    desk.do(TellYear(tuple(batch)))
