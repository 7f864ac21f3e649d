"""The room: what was done is announced, what the disk refuses waits its turn and is written once."""

from threading import Event, Timer

from PySide6.QtWidgets import QWidget
from shiboken6 import delete

from app.commands.people import RegisterPerson
from app.domain.errors import Incomplete, NotSaved
from app.domain.people import Person
from tests.world import World
from ui.room import Room


def break_disk(world: World, room: Room) -> list[str]:
    """Make the disk refuse until the returned list is emptied."""
    broken = ["full"]
    write = world.home.ledger.write

    def refusing(*what: object) -> None:
        if broken:
            raise NotSaved("disk full")
        write(*what)

    world.home.ledger.write = refusing
    room.writes.retry.setInterval(20)
    return broken


def test_what_was_written_is_on_the_register_before_it_is_announced(qtbot, room: Room):
    heard = []
    room.changed.connect(lambda changes: heard.append([p.name for p in room.register.people.values()]))

    room.do(room, RegisterPerson("赵某甲"))

    qtbot.waitUntil(lambda: heard == [["赵某甲"]])


def test_a_refusal_is_said_where_it_was_asked_for(qtbot, room: Room):
    refused = []
    room.do(room, RegisterPerson("  "), refused=refused.append)

    qtbot.waitUntil(lambda: len(refused) == 1)
    assert isinstance(refused[0], Incomplete)


def test_a_full_disk_keeps_what_was_done_and_writes_it_once_when_there_is_room(qtbot, world: World, room: Room):
    broken = break_disk(world, room)
    done = []

    for _ in range(3):
        room.do(room, RegisterPerson("赵某甲"), then=lambda changes: done.append("赵"))
    room.do(room, RegisterPerson("钱某乙"), then=lambda changes: done.append("钱"))
    qtbot.wait(60)
    assert room.has_unsaved()
    assert done == []

    broken.clear()
    qtbot.waitUntil(lambda: done == ["赵", "钱"])
    assert [person.name for person in world.home.shelf.all(Person)] == ["赵某甲", "钱某乙"]
    assert not room.has_unsaved()


def test_acts_keep_their_order_when_the_disk_comes_back_in_between(qtbot, world: World, room: Room):
    broken = break_disk(world, room)
    heard = []
    room.changed.connect(lambda changes: heard.append(changes.title))

    for name in ("赵某甲", "钱某乙", "孙某丙"):
        room.do(room, RegisterPerson(name))
    qtbot.wait(30)
    broken.clear()

    qtbot.waitUntil(lambda: len(heard) == 3)
    assert heard == ["登记 赵某甲", "登记 钱某乙", "登记 孙某丙"]


def test_what_a_closed_panel_asked_for_is_written_all_the_same(qtbot, world: World, room: Room):
    broken = break_disk(world, room)
    panel, heard = QWidget(), []
    room.changed.connect(lambda changes: heard.append(changes.title))

    room.do(panel, RegisterPerson("赵某甲"), then=lambda changes: heard.append("panel"))
    delete(panel)
    qtbot.wait(60)
    assert room.has_unsaved()
    broken.clear()

    qtbot.waitUntil(lambda: heard == ["登记 赵某甲"])
    assert not room.has_unsaved()


def test_a_note_is_there_again_in_the_next_room(qtbot, world: World, room: Room):
    room.jot("desk/at", "somewhere")
    qtbot.waitUntil(room.is_saved)

    assert world.desk.jotted("desk/") == {"desk/at": "somewhere"}
    room.jot("desk/at", None)
    qtbot.waitUntil(room.is_saved)
    assert world.desk.jotted("desk/") == {}


def test_what_is_half_typed_is_on_the_disk_before_the_act_that_ends_it(qtbot, world: World, room: Room):
    down, jot, write = [], world.home.ledger.jot, world.home.ledger.write
    may_go_on = Event()

    def slow_jot(notes):
        may_go_on.wait(5)
        jot(notes)
        down.extend(notes.values())

    def told_write(*what):
        write(*what)
        down.append("登记")

    world.home.ledger.jot, world.home.ledger.write = slow_jot, told_write
    room.jot("desk/speak", "挡墙")
    room.jot("desk/speak", "挡墙十五米")
    room.do(room, RegisterPerson("赵某甲"))
    room.jot("desk/speak", None)
    may_go_on.set()
    qtbot.waitUntil(room.is_saved)

    assert down == ["挡墙", "挡墙十五米", "登记", None]


def test_a_note_the_disk_refused_does_not_come_back_over_a_newer_one(qtbot, world: World, room: Room):
    jot, refusals = world.home.ledger.jot, [NotSaved("disk full")]
    may_go_on = Event()

    def jot_later(notes):
        may_go_on.wait(5)
        if refusals:
            raise refusals.pop()
        jot(notes)

    world.home.ledger.jot = jot_later
    room.writes.retry.setInterval(20)
    room.jot("desk/speak", "挡墙")
    room.jot("desk/speak", "挡墙十五米")
    room.do(room, RegisterPerson("赵某甲"))
    may_go_on.set()

    qtbot.waitUntil(lambda: room.is_saved() and not room.has_unsaved())
    assert world.desk.jotted("desk/") == {"desk/speak": "挡墙十五米"}


def test_what_stood_in_line_aside_at_the_end_is_dropped_without_a_word(qtbot, room: Room):
    gate, answered = Event(), []
    for _ in range(9):  # more than are worked on at once
        room.tasks.run(room, gate.wait, answered.append, answered.append, aside=True)
    Timer(0.2, gate.set).start()

    room.tasks.finish()
    qtbot.waitUntil(lambda: not room.tasks.is_busy())

    assert set(answered) == {True}
    assert len(answered) < 9
