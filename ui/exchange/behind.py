"""The exchange behind the screens: what one home has to send, what came, what waits; and the carrying itself."""

import re
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from itertools import takewhile
from pathlib import Path

from app.desk import Command
from app.domain.errors import NotTaken
from app.domain.paper_exchange import ExchangeCheck
from app.domain.place import Places
from app.ports import OWN, Clock, Postbox, Shelf
from app.ports import Package as Gone
from sync.carriers import place_of
from sync.carriers import sticks as sticks_here
from sync.carriers.wire import synchronise
from sync.custody import CARRIERS, HEADS, Custody, after_a_gap
from sync.directory import REQUEST, Directory, level_of
from sync.exchange import FOLDER, STICK
from sync.exchange import Exchange as Carrier
from sync.inbox import Taken as TakenIn
from sync.inbox import Told, read_told
from sync.outbox import Load
from sync.reach import Reach, reach_of
from ui.exchange.clerk_rows import counted_rows, outgoing_rows
from ui.exchange.contest_views import ContestViews
from ui.exchange.port import (
    Arrivals,
    Choice,
    ContestView,
    Outgoing,
    Package,
    Preview,
    Progress,
    Row,
    Sent,
    Sort,
    Step,
    Stick,
    Stop,
    Synced,
    Taken,
)
from ui.exchange.who import place_words, unit_name
from ui.words import tr

PACKAGES, ARRIVALS = 12, 60
LOOKED_BACK = 200
TOGETHER = timedelta(minutes=10)
TO_THE_END = 2**62
OP_SIZE = 250
"""About how many bytes an entry comes to once it is sealed."""
Span = tuple[str, int, int]
Arrival = tuple[datetime, str, str, bytes]
_DEVICE = re.compile(r"[0-9a-f]{16}")


class Behind:
    """What `ui.exchange.port.Exchange` asks for, on one open home."""

    def __init__(self, carrier: Carrier, postbox: Postbox, shelf: Shelf, places: Places, clock: Clock) -> None:
        self._carrier = carrier
        self._postbox = postbox
        self._shelf = shelf
        self._places, self._clock = places, clock
        self._views = ContestViews(postbox, shelf, places, clock, carrier.directory)
        self._items: dict[int, int] = {}

    @property
    def carrier(self) -> Carrier:
        """Return what carries, for whoever enrols."""
        return self._carrier

    # What there is

    def begun_here(self, kind: str, record_id: str) -> bool:
        """Return whether a record was brought into being on this computer."""
        own = self._carrier.device()
        begun = (op for op in self._postbox.ops(kind, record_id) if op.base is None)
        return any(op.stream.partition("/")[0] == own for op in begun)

    def outgoing(self) -> Outgoing:
        """Return what has not been sent yet, or was sent and is not known to have arrived."""
        directory = self._carrier.directory()
        own = directory.own()
        if not own:
            return Outgoing()
        neighbours = self._carrier.outbox.neighbours()
        loads = [self._carrier.outbox.load_for(to) for to in neighbours]
        touched = self._postbox.touched(self._unheld(loads[0])) if loads else []
        rows, items = outgoing_rows(self._shelf, touched)
        loads = [load for load in loads if load.is_news]
        passed_on = {one.id for load in loads for one in load.parcels if one.state != OWN}
        if passed_on:
            rows = (*rows, Row(tr("替别处带的"), Sort.OTHER, tr("{count} 件", count=len(passed_on))))
        receipts = {one.id for load in loads for one in (*load.statements, *load.receipts)}
        if loads and receipts and not (rows or passed_on):
            rows = (
                Row(tr("回执"), Sort.RECEIPT, tr("收到了什么，说一声")),
            )  # goes along, and is nothing to be urged to
        size = sum(load.size for load in loads) + OP_SIZE * len(touched)
        items, number = items + bool(passed_on), self._carrier.outbox.next_number()
        waiting = {one.id for load in loads for one in load.parcels}
        return Outgoing(rows, items, size if rows else 0, number, self._since(waiting) if items else None)

    def _since(self, waiting: set[str]) -> date | None:
        """Return the day on which the oldest of what waits was first sent, or was written if it never was."""
        sent = [gone.at for gone in self._postbox.packages(LOOKED_BACK) if not waiting.isdisjoint(gone.segments)]
        fresh = [datetime.fromisoformat(op.wall) for op in self._postbox.unsealed(1) if op.wall]
        return min((at.date() for at in (*sent, *fresh)), default=None)

    def _unheld(self, load: Load) -> list[Span]:
        """Return the spans of our entries that somebody is not known to hold, and of those not sealed yet."""
        spans = {(one.stream, one.first, one.last) for one in load.parcels if one.state == OWN}
        return [*sorted(spans), (self._postbox.stream(), self._postbox.unsealed_from(), TO_THE_END)]

    def arrivals(self) -> Arrivals:
        """Return what was taken in last: of one sender, and within a few minutes."""
        met = self._postbox.arrivals(ARRIVALS)
        contests = len(self._views.keys())
        if not met:
            return Arrivals(contests=contests)
        at, _, sender, _ = met[0]
        told = [read_told(raw) for when, _, who, raw in met if who == sender and abs(at - when) < TOGETHER]
        rows = counted_rows(_sum(one.made for one in told), tr("新"))
        rows += counted_rows(_sum(one.changed for one in told), tr("改"))
        waiting, kept = sum(one.waiting for one in told), sum(one.kept for one in told)
        if waiting:
            rows += (Row(tr("看不懂，先存着"), Sort.OTHER, tr("{count} 条", count=waiting)),)
        if kept:
            rows += (Row(tr("不是给这里看的，原样存着"), Sort.OTHER, tr("{count} 件", count=kept)),)
        return Arrivals(self._sender(sender), at, rows or (Row(tr("回执"), Sort.RECEIPT),), contests)

    def _sender(self, name: str) -> str:
        """Return who sent: by name; one who gave none, by whose computer it is."""
        directory = self._carrier.directory()
        asked = [said.body for said in directory.said(REQUEST) if said.body.device == name]
        card = directory.device(name) or (asked[-1] if asked else None)
        return card.name if card else tr("还没登记的电脑") if _DEVICE.fullmatch(name) else name

    def packages(self) -> list[Package]:
        """Return what went out, the newest first; what only brought receipts is not told."""
        custody = self._custody()
        own = custody.directory.own()
        found = [gone for gone in self._postbox.packages(PACKAGES) if gone.segments and own.startswith(gone.to_org)]
        return [self._package(gone, custody) for gone in found]

    def _custody(self, gaps: Sequence[str] = ()) -> Custody:
        directory = self._carrier.directory()
        name_of = partial(unit_name, directory=directory, places=self._places)
        return Custody(self._postbox, directory, name_of, self._clock.now(), gaps)

    def _package(self, gone: Gone, custody: Custody) -> Package:
        received = {tr(HEADS[level_of(org)]): at.date() if at else None for org, at in custody.arrived(gone).items()}
        carrier = tr(CARRIERS.get(gone.carrier, gone.carrier))
        return Package(gone.number, gone.at.date(), self._items_of(gone, custody), carrier, received)

    def _items_of(self, gone: Gone, custody: Custody) -> int:
        """Return how many things a package brought, as a clerk counts them; it never changes."""
        if gone.number not in self._items:
            parcels = [custody.parcels[one] for one in gone.segments if one in custody.parcels]
            spans = sorted({(one.stream, one.first, one.last) for one in parcels if one.state == OWN})
            count = outgoing_rows(self._shelf, self._postbox.touched(spans))[1] if spans else 0
            self._items[gone.number] = count + any(one.state != OWN for one in parcels) or gone.items
        return self._items[gone.number]

    def reach(self, records: Sequence[str]) -> Reach | None:
        """Return how far all that was written about records has got."""
        return reach_of(self._postbox, self._carrier.directory(), records)

    def gaps(self) -> list[str]:
        """Return what is missing of others by name: 缺第 7 包，桃园村笔记本，3月2日."""
        directory = self._carrier.directory()
        missing = sorted({one.device for one in after_a_gap(self._postbox.parcels())})
        arrivals = [(at, sender, read_told(raw)) for at, _, sender, raw in self._postbox.arrivals(10 * ARRIVALS)]
        return [self._gap(device, directory, arrivals) for device in missing if device != directory.device_id]

    def _gap(self, device: str, directory: Directory, arrivals: list[tuple[datetime, str, Told]]) -> str:
        card = directory.device(device)
        name = card.name if card else tr("没登记的电脑")
        its = {device} if card is None else {device, card.name}
        came = sorted(
            (told.number, at) for at, sender, told in arrivals if (told.device or sender) in its and told.number
        )
        numbers = {number for number, _ in came}
        lost = [number for number in range(1, max(numbers, default=0)) if number not in numbers]
        at = next((at for number, at in came if lost and number > lost[-1]), came[-1][1] if came else None)
        day = tr("{month}月{day}日", month=at.month, day=at.day) if at else ""
        what = tr("缺第 {number} 包", number=lost[-1]) if lost else tr("缺一包")
        return "，".join(part for part in (what, name, day) if part)

    def check(self) -> ExchangeCheck:
        """Return 交换核对单 as things stand."""
        custody = self._custody(self.gaps())
        gone = [(one, self._items_of(one, custody)) for one in self._postbox.packages(PACKAGES) if one.segments]
        return custody.check(gone)

    def sticks(self) -> list[Stick]:
        """Return the sticks plugged in now."""
        return [Stick(one.label, one.folder, one.free, one.is_read_only) for one in sticks_here()]

    # Carrying

    def write_to(self, folder: Path, progress: Progress, stop: Stop) -> Sent:
        """Write what is to be sent; when it returns, all of it can be read there."""
        place, before = place_of(folder), self.outgoing()
        titles = [row.title for row in before.rows] or [tr("登记申请")]
        pace = _Pace(titles, max(1, before.items), progress)
        pace.tell(0, 1)
        carrier = STICK if place.is_removable else FOLDER
        done = self._carrier.export(place, pace.tell, stop, carrier)
        if not done.numbers:
            return Sent(0, cleared=done.cleared)
        items = max(1, before.items)
        return Sent(items, items, done.numbers[-1], place_words(done.to[0]), done.cleared)

    def look(self, folder: Path, progress: Progress, stop: Stop) -> Preview:
        """Return what could be taken in from there, all packs together; nothing changes.

        Raises:
            NotTaken: Nothing there can be read.
        """
        found = [one for one in self._carrier.found(place_of(folder)) if not self._is_ours(one.name)]
        files = []
        for no, one in enumerate(found):
            progress(Step(tr("第 {no} 包，共 {count} 包", no=no + 1, count=len(found)), no, len(found)))
            files.append(self._carrier.fetched(one, stop=stop))
        looked = list(zip(files, self._carrier.look_all(files, stop), strict=True))
        whole = [(file, taken) for file, taken in looked if isinstance(taken, TakenIn)]
        spoilt = [trouble for _, trouble in looked if isinstance(trouble, NotTaken)]
        if spoilt and not any(taken.is_news() for _, taken in whole):
            raise spoilt[0]
        return _preview(whole, spoilt, self._sender)

    def _is_ours(self, name: str) -> bool:
        """Return whether a pack bears the name of this very computer."""
        return name.upper().startswith(f"YB-{self._carrier.directory().own()}-{self._carrier.device()[:4]}-".upper())

    def take(self, preview: Preview, progress: Progress, stop: Stop) -> Taken:
        """Take in what was looked at, each pack whole."""
        files = preview.hold if isinstance(preview.hold, tuple) else ()
        taken = []
        for no, file in enumerate(files):
            progress(Step(tr("第 {no} 包，共 {count} 包", no=no + 1, count=len(files)), no, len(files)))
            taken.append(self._carrier.take_file(file, STICK, stop))
        return _taken(taken, preview.sender)

    def sync(self, address: str, progress: Progress, stop: Stop) -> Synced:
        """Send and fetch over the wire."""
        before = self.outgoing()
        met = self._postbox.arrivals(1)
        pace = _Pace([row.title for row in before.rows] or [tr("看看有没有新的")], max(1, before.items), progress)
        done = synchronise(address, self._carrier, None, pace.tell, stop)
        to = next(iter(self._carrier.outbox.neighbours()), "")
        sent = Sent(before.items, 0, 0, place_words(to)) if done.delivered and to and before.items else None
        return Synced(sent, self._came_since(met) if done.taken else None)

    def _came_since(self, before: list[Arrival]) -> Taken | None:
        """Return what came after the arrival that was the newest; the clock may have been set back meanwhile."""
        met = list(takewhile(lambda one: one not in before, self._postbox.arrivals(ARRIVALS)))
        told = [(who, read_told(raw)) for _, _, who, raw in met]
        if not told:
            return None
        new, changed = (
            sum(sum(one.values()) for one in many) for many in zip(*((t.made, t.changed) for _, t in told), strict=True)
        )
        contests, unread = sum(one.contests for _, one in told), sum(one.waiting for _, one in told)
        return Taken(self._sender(told[0][0]), new, changed, contests, unread, is_large=True)

    # What waits

    def contests(self) -> list[ContestView]:
        """Return what waits for a person, the oldest first."""
        return self._views.all()

    def decision(self, view: ContestView, choice: Choice, reason: str) -> Command:
        """Return the command that decides."""
        return self._views.decision(view, choice, reason)


class _Pace:
    """Tells bytes as the things they belong to, and how long it will take yet."""

    def __init__(self, titles: list[str], items: int, progress: Progress) -> None:
        self._titles, self._items, self._progress = titles, items, progress
        self._began = time.monotonic()

    def tell(self, done: int, whole: int) -> None:
        """Tell how far it is."""
        part = min(1.0, done / whole) if whole else 1.0
        title = self._titles[min(len(self._titles) - 1, int(part * len(self._titles)))]
        took = time.monotonic() - self._began
        left = took / part - took if part > 0.02 else None
        self._progress(Step(title, int(part * self._items), self._items, left))


def _sum(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    whole: dict[str, int] = {}
    for one in counts:
        for kind, count in one.items():
            whole[kind] = whole.get(kind, 0) + count
    return whole


def _preview(looked: list[tuple[Path, TakenIn]], spoilt: list[NotTaken], name_of: Callable[[str], str]) -> Preview:
    """Return several previews as one."""
    news = [taken for _, taken in looked if taken.is_news()]
    files = tuple(file for file, taken in looked if taken.is_news())
    whole = _taken(news, name_of(news[-1].sender) if news else "")
    known = sum(taken.taking.known for _, taken in looked)
    gaps = tuple(tr("有一包收不了：{why}", why=trouble.what) for trouble in spoilt)
    counts = (whole.new, whole.changed, whole.contests, whole.unread, known)
    return Preview(whole.sender, *counts, gaps, files, whole.letters, whole.pictures, whole.kept)


def _taken(many: list[TakenIn], sender: str) -> Taken:
    new = sum(sum(one.taking.made.values()) for one in many)
    changed = sum(sum(one.taking.changed.values()) for one in many)
    contests, unread = sum(one.taking.contests for one in many), sum(one.taking.waiting for one in many)
    letters, pictures = sum(one.statements for one in many), sum(one.pictures.pieces for one in many)
    is_large, kept = bool(new or changed or contests or pictures), sum(one.taking.kept for one in many)
    counts = (new, changed, contests, unread)
    return Taken(sender, *counts, letters=letters, is_large=is_large, pictures=pictures, kept=kept)
