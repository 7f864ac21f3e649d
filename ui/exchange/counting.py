"""The number beside 同步: how many things wait to be sent, counted anew when the hands have come to rest."""

from PySide6.QtCore import QObject, QTimer

from app.domain.change import ChangeSet
from ui.exchange.port import Outgoing
from ui.room import Room

REST_MS = 2_000


class Counting(QObject):
    """Counts after acts, never during them; says `room.waiting`."""

    def __init__(self, room: Room, parent: QObject) -> None:
        super().__init__(parent)
        self.room = room
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self.count)
        self._rest.start()
        room.changed.connect(self._heard)
        room.joined.connect(self._rest.start)

    def _heard(self, _: ChangeSet) -> None:
        self._rest.start()

    def count(self) -> None:
        """Count now, if this computer is enrolled."""
        if self.room.exchange is not None:
            self.room.errand(self, self.room.exchange.outgoing, self._say)

    def _say(self, found: Outgoing) -> None:
        self.room.waiting.emit(found.items)
