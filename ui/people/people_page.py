"""名册: everybody who lives and works here; a list to type into, and one person beside it."""

from collections import Counter

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout

from app.commands.people import RemovePerson
from app.domain.change import ChangeSet
from app.domain.people import Bench, Household, Person, bench_of
from app.domain.unit import Unit
from app.queries.people import FoundPerson
from app.settings import PLACE
from ui.actions import bind, shown_key
from ui.home.following import Following
from ui.page import Hint, Page
from ui.people.filter_line import FilterLine
from ui.people.household_line import HouseholdLine
from ui.people.new_person import NewPerson
from ui.people.people_list import PeopleRows, RowList
from ui.people.person_detail import PersonDetail
from ui.people.twins_line import TwinsLine
from ui.people.two_panes import TwoPanes
from ui.room import Room
from ui.theme import Role as Face
from ui.theme import look
from ui.widgets.button import Button
from ui.widgets.chip import Chip
from ui.widgets.empty_state import EmptyState
from ui.widgets.label import Label
from ui.widgets.row import Row
from ui.words import tr

DETAIL_WIDTH = 400
EVERYBODY = 1_000_000
MANY, FIRST, REST_MS = 2_000, 60, 120


class PeoplePage(Page):
    """The register."""

    name = "people"

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self.panes = TwoPanes(DETAIL_WIDTH)
        self.count, self.filter = (
            Label("", Face.NOTE, "ink2"),
            FilterLine(tr("筛选名册"), tr("姓名首字母、汉字，或电话后四位")),
        )
        self.new, self.household, self.twins = NewPerson(room), HouseholdLine(room), TwinsLine(room)
        self.rows, self.list = PeopleRows(self._row, self), RowList(tr("名册"))
        self.chips = {bench: Chip(tr(bench) if bench else tr("全部"), "filter") for bench in ("", *Bench)}
        self.detail = PersonDetail(room)
        self.empty = EmptyState(
            "address-book",
            tr("名册还是空的"),
            tr("来一个记一个：姓名、组、身份，三个回车。开会时签到也会自己进名册"),
            tr("登记一个人"),
            shown_key("new"),
        )
        self.add = Button(tr("登记一个人"), "primary", "plus", shown_key("new"))
        self.merge = Button(tr("合成一户"), "link", key=shown_key("people.household"))
        self.ticks = Label("", Face.CAPTION, "ink2")
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._lay_out()
        self._wire()
        self._stale = True

    def _lay_out(self) -> None:
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.panes)
        column = self.panes.column
        head = QHBoxLayout()
        head.setSpacing(look().px(12))
        head.addWidget(Label(tr("名册"), Face.PAGE))
        head.addWidget(self.count, 1)
        head.addWidget(self.add)
        column.addLayout(head)
        for part in (self.new, self.household, self.twins, self.filter):
            column.addWidget(part)
        column.addLayout(self._make_chips())
        column.addWidget(self.list, 1)
        column.addWidget(self.empty, 1)
        column.addLayout(self._make_foot())
        self.panes.pane.column.addWidget(Following(self.detail))
        self.list.setModel(self.rows)

    def _make_chips(self) -> QHBoxLayout:
        row, group = QHBoxLayout(), QButtonGroup(self)
        row.setSpacing(look().px(8))
        for chip in self.chips.values():
            group.addButton(chip)
            row.addWidget(chip)
        row.addStretch(1)
        self.chips[""].setChecked(True)
        group.buttonClicked.connect(lambda _: self._find())
        return row

    def _make_foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.addWidget(self.ticks, 1)
        foot.addWidget(self.merge)
        return foot

    def _wire(self) -> None:
        self.filter.keyed.connect(self._narrow)
        self._rest.timeout.connect(self._find)
        self.filter.down.connect(self._to_list)
        self.list.moved.connect(self._show_current)
        self.list.opened.connect(self._open)
        self.list.typed.connect(self._type_on)
        self.add.clicked.connect(self._begin_new)
        self.empty.acted.connect(self._begin_new)
        self.merge.clicked.connect(self._begin_household)
        self.new.made.connect(self._made)
        self.new.closed.connect(lambda: self._put_away(self.new))
        self.household.made.connect(self._merged)
        self.household.closed.connect(lambda: self._put_away(self.household))
        self.list.installEventFilter(self)
        self.twins.stand_behind(self.new, self.household)
        self.room.renewed.connect(self._renewed)
        bind(self, {"new": self._begin_new, "filter": self.filter.setFocus, "people.household": self._begin_household})
        bind(self, {"people.one": self.twins.merge, "people.apart": self.twins.keep_apart})
        bind(self.list, {"list.tick": self._tick, "list.bin": self._remove, "list.edit": self._open})

    def enter(self, record_id: str = "") -> None:
        """Show the register, on somebody if an id is given."""
        if record_id:
            self.filter.line.clear()
            self.chips[""].setChecked(True)
        if self._stale:
            self.twins.look()
        if self._stale or record_id:
            self._find(record_id)
        self.panes.show_detail(bool(record_id))
        (self.list if record_id or self.rows.found else self.filter).setFocus()

    def took(self, changes: ChangeSet) -> None:
        """Find again when somebody, a household or a unit is another."""
        if changes.kinds() & {Person.KIND, Household.KIND, Unit.KIND}:
            self._find()
            self.twins.look()

    def _renewed(self) -> None:
        """Find again when the register was read anew: something was erased, or has come in."""
        if self.isVisible():
            self._find()

    def _heard(self, changes: ChangeSet) -> None:
        if not self.isVisible():
            self._stale = True
        super()._heard(changes)

    def hints(self) -> tuple[Hint, ...]:
        """Return the keys worth knowing now."""
        if self.new.isVisible():
            return (Hint("↵", tr("下一格")), Hint("Esc", tr("先放着")))
        return (
            Hint("Ctrl F", tr("筛选")),
            Hint("Ctrl N", tr("登记")),
            Hint("F2", tr("改")),
            Hint("Space", tr("勾选")),
            Hint("Ctrl M", tr("合成一户")),
            Hint("Del", tr("移出")),
        )

    def _narrow(self, query: str) -> None:
        """Show the first hits under the typing hand; of a large register the rest follows when it rests."""
        self.twins.put_off()
        is_large = len(self.room.register.people) > MANY and self.chips[""].isChecked()
        if not (query and is_large):
            self._find()
            return
        self._rest.start()
        self.rows.show(self.room.register.find_people(query, FIRST))
        self.list.go_to(0)
        self._say_what_is_there(query, len(self.rows.found))
        self.filter.count.say("")

    def _found(self, query: str) -> list[FoundPerson]:
        if query:
            return self.room.register.find_people(query, EVERYBODY)
        return [FoundPerson(person, ()) for person in self.room.register.standing()]

    def _find(self, wanted: str = "") -> None:
        """Show whom the letters and the bench mean; whoever was current stays so while still there."""
        self._rest.stop()
        kept, query = wanted or self._current_id(), self.filter.text()
        found = self._found(query)
        benches = Counter(bench_of(one.person.role) for one in found)
        self._say_benches(benches, len(found))
        chosen = next(bench for bench, chip in self.chips.items() if chip.isChecked())
        shown = [one for one in found if bench_of(one.person.role) == chosen] if chosen else found
        self.rows.show(shown)
        self.list.go_to(max(0, self.rows.place_of(kept)))
        self._say_what_is_there(query, len(shown))
        self._show_current()
        self._stale = False

    def _say_benches(self, benches: Counter[Bench], count: int) -> None:
        for bench, chip in self.chips.items():
            chip.say(tr(bench) if bench else tr("全部"), str(benches[Bench(bench)] if bench else count))

    def _say_what_is_there(self, query: str, count: int) -> None:
        nobody = not self.room.register.people or (not count and not query and self.chips[""].isChecked())
        self.count.say("" if query or nobody else tr("{count} 人", count=count))
        self.filter.count.say(tr("{count} 人", count=count) if query else "")
        self.empty.setVisible(not count)
        self.list.setVisible(bool(count))
        self.add.setVisible(not nobody)
        if nobody:
            self.empty.say(tr("名册还是空的"), tr("来一个记一个：姓名、组、身份，三个回车。开会时签到也会自己进名册"))
        elif not count:
            self.empty.say(tr("没有“{query}”", query=query), tr("少打一个字母试试，或登记新来的人"))
        self._say_ticks()

    def _say_ticks(self) -> None:
        ticked = len(self.rows.ticked)
        self.ticks.say(tr("勾了 {count} 人", count=ticked) if ticked else tr("↑↓ 选择    → 看详情    空格 勾选"))
        self.merge.setVisible(ticked > 1)

    def _row(self, found: FoundPerson, icon: str) -> Row:
        person = found.person
        place = self.room.places.get(person.village_code)
        parts = (self.room.register.where(person), place.display_name if place else "")
        household = self.room.register.households.get(person.household_id or "")
        tone, weight = ("pine", "fill") if icon == "check-circle" else ("ink3", None)
        detail = " · ".join(part for part in parts if part)
        right = tr("{head} 户", head=household.head) if household and household.standing else ""
        return Row(person.name, detail, right, "ink2", icon, tone, weight, found.positions)

    def _current(self) -> Person | None:
        at = self.list.currentIndex().row()
        return self.rows.found[at].person if 0 <= at < len(self.rows.found) else None

    def _current_id(self) -> str:
        person = self._current()
        return person.id if person else ""

    def _show_current(self) -> None:
        self.detail.show_person(self._current())

    def _open(self) -> None:
        if self._current():
            self.panes.show_detail(True)
            self.detail.edit()

    def _to_list(self) -> None:
        if self.rows.found:
            self.list.setFocus()

    def _type_on(self, letter: str) -> None:
        self.filter.setFocus()
        self.filter.line.insert(letter)

    def _tick(self) -> None:
        person = self._current()
        if person:
            self.rows.tick(person.id)
            self._say_ticks()

    def _remove(self) -> None:
        person = self._current()
        if person:
            self.rows.ticked.pop(person.id, None)
            self.room.do(self, RemovePerson(person.id), say=tr("已移出名册 {name}", name=person.name))

    def _begin_new(self) -> None:
        person = self._current()
        self.panes.show_detail(False)
        self.new.begin(person.village_code if person and person.village_code else self.room.setting(PLACE))

    def _made(self, person_id: str) -> None:
        self.list.go_to(self.rows.place_of(person_id))

    def _begin_household(self) -> None:
        people = [self.room.register.people[person_id] for person_id in self.rows.ticked]
        if len(people) > 1:
            self.household.begin(people)
        else:
            self.room.say(tr("先用空格勾上同一户的人，再合成一户"))

    def _merged(self) -> None:
        self.rows.clear_ticks()
        self._say_ticks()
        self._put_away(self.household)

    def _put_away(self, card: NewPerson | HouseholdLine) -> None:
        card.hide()
        (self.list if self.rows.found else self.filter).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back to the list from the sheet by Esc."""
        if event.key() == Qt.Key.Key_Escape and not self.list.hasFocus():
            self.panes.show_detail(False)
            self._to_list()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.list and event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.list.viewport().update()
        return False
