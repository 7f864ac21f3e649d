"""Of which place and which days a list is asked for: this year, half of it, last year, or days of one's own."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.calendar import Day, read_past_day
from app.domain.return_figures import USE_WORDS, Use, usual_use
from app.domain.wording import full_day
from ui.room import Room
from ui.theme import look
from ui.topic.pick_field import PickField, above
from ui.widgets.candidate_popup import MOST, Candidate
from ui.widgets.choice import Filters
from ui.widgets.field import Field
from ui.words import tr

YEAR, FIRST, SECOND, LAST, ALL, OWN = "year", "first", "second", "last", "all", "own"
SPANS = {YEAR: "今年", FIRST: "上半年", SECOND: "下半年", LAST: "去年", ALL: "不限", OWN: "自己定"}
EVER = (date(2000, 1, 1), date(2099, 12, 31))


def span_of(key: str, today: date) -> tuple[date, date]:
    """Return the first and the last day of a span; of days of one's own those of this year."""
    year = today.year
    return {
        FIRST: (date(year, 1, 1), date(year, 6, 30)),
        SECOND: (date(year, 7, 1), date(year, 12, 31)),
        LAST: (date(year - 1, 1, 1), date(year - 1, 12, 31)),
        ALL: EVER,
    }.get(key, (date(year, 1, 1), date(year, 12, 31)))


class LedgerScope(QWidget):
    """The line in which both are chosen; `changed` is said when they are others."""

    changed = Signal()

    def __init__(self, room: Room) -> None:
        super().__init__()
        self.room, self.code, self.key = room, "", YEAR
        self._chosen_use: Use | None = None
        self.since, self.until = span_of(YEAR, room.today())
        self.place = PickField(tr("哪里"), tr("全县；要一个乡镇打首字母"), self._places)
        self.span = Filters(tr("时段"), SPANS, YEAR, self.choose)
        self.first, self.last = Field(tr("从，如 1月1日"), tr("从哪天")), Field(tr("到，如 6月30日"), tr("到哪天"))
        self.uses = Filters(
            tr("上报还是留存"), {one.value: words for one, words in USE_WORDS.items()}, Use.UP, self.be_for
        )
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(look().px(10))
        self._grid.setColumnStretch(1, 1)
        self.place_parts(is_wide=True)
        for field in (self.first, self.last):
            field.hide()
            field.line.submitted.connect(lambda _: self._take_days())
        self.place.picked.connect(lambda key: self.go_to(str(key)))
        self.place.passed.connect(self._back_to_all)

    def place_parts(self, *, is_wide: bool) -> None:
        """Stand on one line, or on two where there is no room for one."""
        px = look().px
        for part in (self.place, self.first, self.last):
            part.setMinimumWidth(px(150))
            part.setMaximumWidth(px(260))
        self._grid.addWidget(self.place, 0, 0)
        self._grid.addWidget(self.span, 0 if is_wide else 1, 1 if is_wide else 0, 1, 1 if is_wide else 4)
        self._grid.addWidget(self.first, 0, 2)
        self._grid.addWidget(self.last, 0, 3)
        self._grid.addWidget(self.uses, 0, 4)

    def _places(self, typed: str) -> list[Candidate]:
        """Return the places of our own that are meant: townships, and below a township its villages."""
        own = self.own
        found = self.room.places.search(typed, MOST, within=own) if own else []
        told = (one.place for one in found if len(one.place.code) <= max(9, len(own) + 3))
        return [Candidate(one.code, one.display_name, "", above(self.room.places, one.code)) for one in told]

    @property
    def own(self) -> str:
        """Return the place we work for: a county, or a township and not one of its villages."""
        return self.room.jotted("here/place")[:9]

    @property
    def use(self) -> Use:
        """Return where a return goes: as was chosen, else where one of such a place usually goes."""
        place = self.room.places.get(self.code)
        return self._chosen_use or (usual_use(place.level) if place else Use.UP)

    def be_for(self, use: str) -> None:
        """Ask for a return that goes up, or for one that stays."""
        self._chosen_use = Use(use)
        self.uses.mark(use)
        self.changed.emit()

    def enter(self) -> None:
        """Begin with all of our own place."""
        if not self.code.startswith(self.own) or not self.code:
            self.code = self.own
        self._show_place()

    def go_to(self, code: str) -> None:
        """Ask for another place."""
        if code and code != self.code:
            self.code, self._chosen_use = code, None
            self._show_place()
            self.changed.emit()

    def _show_place(self) -> None:
        self.uses.mark(self.use)
        place = self.room.places.get(self.code)
        if place is not None:
            self.place.choose(place.code, tr("{place}全部", place=place.display_name))

    def _back_to_all(self) -> None:
        """Ask for everything again once the field was emptied."""
        if self.place.key is None and not self.place.text():
            self.code = ""
            self.enter()
            self.changed.emit()

    def choose(self, key: str) -> None:
        """Ask for another span."""
        self.key = key
        self.span.mark(key)
        for field in (self.first, self.last):
            field.setVisible(key == OWN)
        if key == OWN:
            self.first.line.resume(full_day(self.since))
            self.last.line.resume(full_day(self.until))
            self.first.line.setFocus()
            return
        self.since, self.until = span_of(key, self.room.today())
        self.changed.emit()

    def _take_days(self) -> None:
        """Take days of one's own; what is none is said under its field."""
        days = [self._day(field) for field in (self.first, self.last)]
        if None in days:
            return
        since, until = (day for day in days if day is not None)
        if since > until:
            self.last.say_wrong(tr("比开头那天还早"))
            return
        self.since, self.until = since, until
        self.changed.emit()

    def _day(self, field: Field) -> date | None:
        read: Callable[[str, date], object] = read_past_day
        found = read(field.line.text(), date(self.room.today().year, 12, 31))
        field.say_wrong("" if isinstance(found, Day) else tr("没看懂，写 1月1日 或 2026-06-30"))
        return found.date if isinstance(found, Day) else None
