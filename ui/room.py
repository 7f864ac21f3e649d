"""The room all screens stand in: the desk, the register, the places, the clock, and ways to say and go."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol, TypeVar

from PySide6.QtCore import QObject, Signal

from app.desk import Command, Desk
from app.domain.change import ChangeSet
from app.domain.errors import Trouble
from app.domain.place import Places
from app.domain.practice import Practice
from app.ports import Clock, Seal, Shelf
from app.queries.people import Register, register
from app.queries.place_cells import COUNTY
from app.settings import ME, PLACE, Setting
from ui.exchange.enrol_port import Enrolling
from ui.exchange.port import Exchange
from ui.tasks import Tasks
from ui.writes import Write, Writes

if TYPE_CHECKING:
    from ui.erasing import ErasureDesk
    from ui.exchange.relay_door import RelayDoor

P = ParamSpec("P")
T = TypeVar("T")


class Opener(Protocol):
    """What the shell does for a screen that wants another one opened."""

    def __call__(self, page: str, record_id: str = "") -> None:
        """Open a page, on a record if an id is given."""


def _ignore(_: object) -> None:
    pass


class Room(QObject):
    """What every screen is given.

    `changed` is said after any act was written, with the register already up to date. `saved` is said when the
    disk has confirmed, `not_saved` when it has not; what was to be written is tried again every two seconds, in order.
    `renewed` is said when much has come in from elsewhere: whoever shows something asks anew.
    `hinted` is said when the page in view has other keys now, `waiting` how many things there are to send.
    `exchange` is what 同步 works with; None until this computer is enrolled: then `joined` is said. `enrolling` is what
    登记 works with, `eraser` what erases the words about somebody, `door` what lets townships send by themselves; all
    None on practice data.
    """

    changed = Signal(object)
    saved = Signal(datetime)
    not_saved = Signal(object)
    troubled = Signal(object)
    broken = Signal(object)
    said = Signal(str, str)
    went = Signal(str, str)
    dressed = Signal(str, int)
    moved_in = Signal()
    renewed = Signal()
    joined = Signal()
    hinted = Signal()
    waiting = Signal(int)

    def __init__(
        self,
        desk: Desk,
        register: Register,
        places: Places,
        practices: Mapping[str, Practice],
        clock: Clock,
        notes: dict[str, str],
        where: str = "",
    ) -> None:
        super().__init__()
        self._desk = desk
        self.register = register
        self.places = places
        self.practices = practices
        self.clock = clock
        self.tasks = Tasks(self)
        self.where = where
        self.exchange: Exchange | None = None
        self.enrolling: Enrolling | None = None
        self.eraser: ErasureDesk | None = None
        self.door: RelayDoor | None = None
        self._notes = notes
        self.writes = Writes(self.tasks, desk.jot, self)
        self.writes.refused.connect(self.not_saved)
        self.writes.kept.connect(lambda: self.saved.emit(self.now()))

    @property
    def seal(self) -> Seal:
        """Return the seal of this device, for checking what was sealed."""
        return self._desk.seal

    def now(self) -> datetime:
        """Return this moment by the machine's clock."""
        return self.clock.now()

    def today(self) -> date:
        """Return this day by the machine's clock."""
        return self.clock.now().date()

    def do(
        self,
        owner: QObject,
        command: Command,
        then: Callable[[ChangeSet], None] = _ignore,
        refused: Callable[[Trouble], None] | None = None,
        say: str = "",
        soon: bool = True,
    ) -> None:
        """Carry a command out; `then` is called once it is durable, `refused` when a rule says no.

        `say` becomes a toast with undo. Without `refused` the refusal is said by the shell. A command the disk has
        refused waits to be written; the same one asked for again meanwhile is not done twice.
        """

        def written(changes: ChangeSet) -> None:
            then(changes)
            if say and changes:
                self.said.emit(say, changes.id)

        self._write(owner, command, lambda: self._desk.do(command), written, refused, soon)

    def undo(self, owner: QObject) -> None:
        """Take back the newest act of this machine and say which."""
        self._write(owner, None, self._desk.undo, self._toggled)

    def redo(self, owner: QObject) -> None:
        """Do again what was taken back last and say which."""
        self._write(owner, None, self._desk.redo, self._toggled)

    def _toggled(self, changes: ChangeSet) -> None:
        self.said.emit(changes.title, "")

    def ask(
        self,
        owner: QObject,
        then: Callable[[T], None],
        question: Callable[Concatenate[Shelf, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Ask a question and hand the answer to `then`."""
        self.tasks.run(owner, lambda: self._desk.ask(question, *args, **kwargs), then, self._went_wrong, soon=True)

    def jot(self, name: str, text: str | None) -> None:
        """Keep a note of this machine (half-typed words, a setting, where it was); None forgets it."""
        if self._notes.get(name) == text:
            return
        if text is None:
            self._notes.pop(name, None)
        else:
            self._notes[name] = text
        self.writes.note(name, text)

    def introduce(self, name: str) -> None:
        """Note who is at the keys; acts from now on carry the name."""
        self._desk.who = name
        self.choose(ME, name)

    def jotted(self, name: str, default: str = "") -> str:
        """Return a note of this machine as it was last kept."""
        return self._notes.get(name, default)

    def work(
        self,
        owner: QObject,
        work: Callable[[], T],
        then: Callable[[T], None],
        otherwise: Callable[[BaseException], None] | None = None,
    ) -> None:
        """Run anything slow on the worker (a paper, an import) and hand what it made to `then`."""
        self.tasks.run(owner, work, then, otherwise or self._went_wrong)

    def with_desk(
        self,
        owner: QObject,
        work: Callable[[Desk], T],
        then: Callable[[T], None],
        otherwise: Callable[[BaseException], None] | None = None,
    ) -> None:
        """Run work on the worker that keeps pictures or asks several things at once; it writes no record."""
        self.tasks.run(owner, lambda: work(self._desk), then, otherwise or self._went_wrong)

    def aside(self, owner: QObject, work: Callable[[], T], then: Callable[[T], None] = _ignore) -> None:
        """Run slow work that touches neither ledger nor shelf, out of the way of what does."""
        self.tasks.run(owner, work, then, self._went_wrong, aside=True)

    def errand(
        self,
        owner: QObject,
        work: Callable[[], T],
        then: Callable[[T], None],
        otherwise: Callable[[BaseException], None] | None = None,
    ) -> None:
        """Run a long work of the exchange, one after another, while acts go on being recorded."""
        self.tasks.run(owner, work, then, otherwise or self._went_wrong, errand=True)

    def say(self, text: str) -> None:
        """Say one line in passing."""
        self.said.emit(text, "")

    def go(self, page: str, record_id: str = "") -> None:
        """Open a page, on a record if an id is given."""
        self.went.emit(page, record_id)

    def setting(self, setting: Setting) -> str:
        """Return what was chosen, or the default."""
        return self._notes.get(setting.name, setting.default)

    @property
    def is_office(self) -> bool:
        """Return whether we work for a county, prefecture or province."""
        return 0 < len(self.setting(PLACE)) <= COUNTY

    def choose(self, setting: Setting, value: str) -> None:
        """Choose, and remember it on this machine."""
        self.jot(setting.name, value)

    def dress(self, theme: str, base: int) -> None:
        """Wear another theme or letter size."""
        self.dressed.emit(theme, base)

    def take_in(self, changes: ChangeSet) -> None:
        """Tell the screens what came from elsewhere and is written already."""
        self._announce(changes)

    def let_erase(self, eraser_on: "Callable[[Desk], ErasureDesk]") -> None:
        """Have what erases the words about somebody; without it nobody can ask for it here."""
        self.eraser = eraser_on(self._desk)

    def let_in(self, door: "RelayDoor") -> None:
        """Have the relay of this home; it is shut until somebody opens it."""
        self.door = door

    def join(self, exchange: Exchange | None, enrolling: Enrolling) -> None:
        """Have what 同步 and 登记 work with; without an exchange this computer is nobody's yet."""
        self.exchange, self.enrolling = exchange, enrolling
        self.joined.emit()

    def renew(self) -> None:
        """Read the register anew, then tell the screens that much has come in from elsewhere."""

        def adopt(fresh: Register) -> None:
            self.register.renew(fresh)
            self.renewed.emit()

        self.tasks.run(self, lambda: self._desk.ask(register), adopt, self._went_wrong)

    def settle(self) -> None:
        """Say that the place where we work is another one."""
        self.moved_in.emit()

    def is_saved(self) -> bool:
        """Return whether everything asked for is on the disk."""
        return self.writes.is_empty()

    def has_unsaved(self) -> bool:
        """Return whether the disk refused something that is still waiting to be written."""
        return self.writes.is_stuck()

    def _write(
        self,
        owner: QObject,
        what: object,
        work: Callable[[], ChangeSet],
        then: Callable[[ChangeSet], None],
        refused: Callable[[Trouble], None] | None = None,
        soon: bool = True,
    ) -> None:
        def otherwise(error: BaseException) -> None:
            if isinstance(error, Trouble) and refused is not None:
                refused(error)
            else:
                self._went_wrong(error)

        self.writes.add(Write(owner, what, work, self._announce, then, otherwise, soon))

    def _announce(self, changes: ChangeSet) -> None:
        if changes:
            self.register.take(changes)
            self.changed.emit(changes)
            self.saved.emit(self.now())

    def _went_wrong(self, error: BaseException) -> None:
        if isinstance(error, Trouble):
            self.troubled.emit(error)
        else:
            self.broken.emit(error)
