"""Finding a person or a unit by initials in a field: those who are here first, units that exist nowhere yet too."""

from collections.abc import Callable, Sequence
from functools import cache

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.domain.people import Person
from app.domain.pinyin import Index
from app.queries.people import FoundPerson, FoundUnit, Register
from app.queries.sitting import LiveSitting
from ui.widgets.candidate_popup import Candidate, CandidatePopup
from ui.widgets.composing_edit import ComposingLine
from ui.words import tr

COMMON_UNITS = (
    *("村委会", "村党支部", "村民小组", "村集体", "驻村工作队", "乡政府", "镇政府", "街道办", "乡政协联络组"),
    *("自然资源所", "司法所", "派出所", "水务站", "林草站", "农业农村服务中心", "财政所", "供电所", "卫生院", "县政协"),
)
_ENTER = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)


@cache
def common_units() -> Index[str]:
    """Return the units nearly every township has, found by sound."""
    return Index((name, name, ()) for name in COMMON_UNITS)


def rank_here(live: LiveSitting, unit_id: str | None = None) -> Callable[[Person], int]:
    """Return how near somebody is: of this unit first, then in the yard, then expected, then the rest."""
    here = {attendance.person_id for attendance in live.here()}
    expected = {attendance.person_id for attendance in live.attendances()}

    def rank(person: Person) -> int:
        if unit_id is not None and person.unit_id == unit_id:
            return 0
        return 1 if person.id in here else 2 if person.id in expected else 3

    return rank


def person_rows(found: Sequence[FoundPerson], register: Register) -> list[Candidate]:
    """Return people as rows of the popup."""
    return [Candidate(f.person.id, f.person.name, "", register.where(f.person), hits=f.positions) for f in found]


class SearchLine(ComposingLine):
    """A line for initials with its list of candidates; Enter takes one. `taken` is said with what was typed replaced.

    `passed` is Enter with nothing to take: the text as typed, empty or a name nobody knows.
    """

    taken = Signal()
    passed = Signal(str)

    def __init__(self, name: str, example: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chosen_id: str | None = None
        self.chosen_name = ""
        self.live: LiveSitting | None = None
        self.setAccessibleName(name)
        self.setPlaceholderText(example)
        self.set_initials_only()
        self.keyed.connect(self._seek)
        self.submitted.connect(self.passed)
        self._popup: CandidatePopup | None = None

    @property
    def popup(self) -> CandidatePopup:
        """Return the list of candidates; it is made when first needed, in the window the line stands in."""
        if self._popup is None:
            self._popup = CandidatePopup(self, self.accessibleName())
            self._popup.chosen.connect(self._take)
        return self._popup

    def is_finding(self) -> bool:
        """Return whether there is somebody or something Enter would take."""
        return self._popup is not None and self._popup.isVisible() and self._popup.current_row() >= 0

    def take_current(self) -> None:
        """Take the current candidate, as Enter would."""
        self.popup.take(_ENTER)

    def choose(self, chosen_id: str | None, name: str) -> None:
        """Show a choice already made; with no name the line is empty again."""
        self.chosen_id, self.chosen_name = chosen_id, name
        self.resume(name)
        self.setCursorPosition(0)
        self.setToolTip(name)
        self._shut()

    def candidates(self, key: str) -> list[Candidate]:
        """Return what the letters may mean; sub-classes know."""
        raise NotImplementedError

    def _seek(self, key: str) -> None:
        if key == self.chosen_name:
            self._shut()
            return
        self.chosen_id, self.chosen_name = None, ""
        if not key.strip() or not self.hasFocus():
            self._shut()
            return
        self.popup.show_candidates(self.candidates(key))

    def _shut(self) -> None:
        if self._popup is not None:
            self._popup.hide()

    def _take(self, key: object) -> None:
        self._take_key(str(key))
        self.taken.emit()

    def _take_key(self, key: str) -> None:
        raise NotImplementedError

    def _register(self) -> Register:
        assert self.live is not None
        return self.live.register


class PersonLine(SearchLine):
    """A line that finds people; Space takes the current one too while letters are typed."""

    def __init__(self, name: str, example: str, parent: QWidget | None = None) -> None:
        super().__init__(name, example, parent)
        self.unit_id: str | None = None
        self._space = _SpaceTakes(self)

    @property
    def popup(self) -> CandidatePopup:
        """Return the list of candidates; Space is lent last so that it is asked first."""
        is_new = self._popup is None
        made = super().popup
        if is_new:
            self.lend_keys(self._space)
        return made

    def person(self) -> Person | None:
        """Return who was chosen."""
        return self.live.person(self.chosen_id) if self.live else None

    def candidates(self, key: str) -> list[Candidate]:
        """Return people, those of the unit and those in the yard first."""
        if self.live is None:
            return []
        found = self._register().find_people(key, first=rank_here(self.live, self.unit_id))
        return person_rows(found, self._register())

    def _take_key(self, key: str) -> None:
        self.choose(key, self._register().people[key].name)


class _SpaceTakes:
    """Space in a line for initials: it takes the current candidate."""

    def __init__(self, line: PersonLine) -> None:
        self._line = line

    def wants(self, event: QKeyEvent) -> bool:
        """Say whether Space would take somebody."""
        is_plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        return event.key() == Qt.Key.Key_Space and is_plain and self._line.is_finding()

    def take(self, event: QKeyEvent) -> None:
        """Take the current candidate."""
        self._line.take_current()


class UnitLine(SearchLine):
    """A line that finds units; a name nobody has registered yet is a choice too, without an id."""

    def candidates(self, key: str) -> list[Candidate]:
        """Return units of the register, then the common ones it lacks."""
        if self.live is None:
            return []
        found: list[FoundUnit] = self._register().find_units(key)
        rows = [Candidate(f"#{f.unit.id}", f.unit.name, hits=f.positions) for f in found]
        known = {f.unit.name for f in found} | {unit.name for unit in self._register().units.values()}
        hits = [hit for hit in common_units().search(key, 6) if hit.id not in known]
        return rows + [Candidate(hit.id, hit.id, "", tr("新登记"), hits=hit.positions) for hit in hits]

    def name_for_new(self) -> str:
        """Return the name to register: what stands in the line when it is none we know; empty if it is."""
        return "" if self.chosen_id else self.text().strip()

    def _take_key(self, key: str) -> None:
        if key.startswith("#"):
            self.choose(key[1:], self._register().units[key[1:]].name)
        else:
            self.choose(None, key)
