"""收件: the relay of an office, open at this computer while its window is: townships call it and send by themselves.

It is the relay of the servers (`sync.server`), asked on the worker of errands: what a township sends and what the clerk
carries by stick come one after the other, and the ledger keeps its one writer. Opening and shutting is done aside.
"""

import errno
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from enum import StrEnum
from pathlib import Path
from typing import ParamSpec, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QAbstractSocket, QHostAddress, QNetworkInterface

from app.domain.errors import Trouble
from app.queries.place_cells import COUNTY
from sync.exchange import RELAY
from sync.server.office import Office, State
from sync.server.relay import Heard, OneDesk, Peer
from sync.server.web import Limits, Server
from ui.room import Room
from ui.words import tr

P = ParamSpec("P")
T = TypeVar("T")
EVERYWHERE, PORT = "0.0.0.0", 8420
GRACE_S = 2.0
"""How long a township that is in the middle of sending keeps a window from closing; it sends the rest again."""
TOGETHER_MS = 3_000
"""Packs come in rushes: for those of so long the screens ask anew once."""


class Door(StrEnum):
    """How the relay stands."""

    SHUT = "shut"
    OPENING = "opening"
    OPEN = "open"
    SHUTTING = "shutting"


class DoorTaken(Trouble):
    """Another program answers at our number already."""

    code = "N-711"

    def __init__(self, port: int) -> None:
        what = tr("收件没开成，{number} 让别的程序占着", number=port)
        advice = tr("多半是这台电脑上还开着另一个院坝，关掉那一个再点一次。急就用 U 盘收。")
        super().__init__(what, tr("数据都在，收到的一条没少。"), advice)


class DoorBarred(Trouble):
    """This computer does not let us answer the network."""

    code = "N-712"

    def __init__(self) -> None:
        advice = tr("多半是防护软件拦着，允许院坝联网再点一次。急就用 U 盘收。")
        super().__init__(tr("收件没开成，这台电脑不让开"), tr("数据都在，收到的一条没少。"), advice)


def addresses() -> tuple[str, ...]:
    """Return the addresses under which others on the network find this computer; none where it is on no network."""
    flag, found = QNetworkInterface.InterfaceFlag, list[str]()
    for one in QNetworkInterface.allInterfaces():
        flags = one.flags()
        if flags & flag.IsUp and flags & flag.IsRunning and not flags & flag.IsLoopBack:
            found += [entry.ip().toString() for entry in one.addressEntries() if _is_to_be_told(entry.ip())]
    return tuple(found)


def _is_to_be_told(address: QHostAddress) -> bool:
    """Return whether an address can be read out by telephone, and leads here from other computers."""
    is_short = address.protocol() == QAbstractSocket.NetworkLayerProtocol.IPv4Protocol
    return is_short and not address.isLinkLocal()


class RelayDoor(QObject):
    """Opens and shuts the relay. `changed` is said when it stands otherwise, `came` once for what has come together."""

    changed = Signal()
    came = Signal()
    _took = Signal(str)

    def __init__(
        self, room: Room, peer: Peer, office: Callable[[Executor], Office], folder: Path, port: int = PORT
    ) -> None:
        super().__init__(room)
        self._room, self._folder, self.port = room, folder / RELAY, port
        self._peer, self._worker = Heard(peer, self._hear), _Lent(room.tasks.errands)
        self._office = office(self._worker)
        self._server: Server | None = None
        self.stands = Door.SHUT
        self.trouble: Trouble | None = None
        self.taken, self.refusal = 0, ""
        self.find: Callable[[], Sequence[str]] = addresses
        self._gather = QTimer(self, interval=TOGETHER_MS, singleShot=True)
        self._gather.timeout.connect(self._tell)
        self._took.connect(self._note)

    def open(self) -> None:
        """Open it, unless it is open; what stands in the way is kept as `trouble`."""
        if self.stands is Door.SHUT:
            self._stand(Door.OPENING)
            self._room.tasks.run(self, self._served, self._opened, self._not_opened, aside=True)

    def shut(self) -> None:
        """Shut it; what is being taken in is taken in, and townships keep the rest."""
        if self.stands is Door.OPEN and self._server is not None:
            self._stand(Door.SHUTTING)
            self._room.tasks.run(self, self._server.close, lambda _: self._closed(), self._not_opened, aside=True)

    def end(self) -> None:
        """Shut it now, for the window is closing."""
        server, self._server = self._server, None
        if server is not None and self.stands is Door.OPEN:
            server.close()
        self.stands = Door.SHUT

    def state(self, scope: str) -> State:
        """Return which computers there are within a scope, and when something of each came in last; for the worker."""
        return self._office.state(scope, is_bare=len(scope) == COUNTY)

    def urls(self) -> tuple[str, ...]:
        """Return what townships type to come here."""
        return tuple(f"http://{address}:{self.port}" for address in self.find())

    def _served(self) -> Server:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            limits = Limits(grace_s=GRACE_S)
            server = Server(OneDesk(self._peer, self._worker), self._folder, (EVERYWHERE, self.port), limits)
        except OSError as error:
            raise DoorTaken(self.port) if error.errno == errno.EADDRINUSE else DoorBarred() from error
        server.start()
        return server

    def _opened(self, server: Server) -> None:
        self._server, self.port, self.trouble = server, server.port, None
        self._stand(Door.OPEN)

    def _closed(self) -> None:
        self._server = None
        self._stand(Door.SHUT)

    def _not_opened(self, error: BaseException) -> None:
        self.trouble = error if isinstance(error, Trouble) else None
        self._stand(Door.SHUT)
        if not isinstance(error, Trouble):
            self._room.broken.emit(error)

    def _stand(self, stands: Door) -> None:
        self.stands = stands
        self.changed.emit()

    def _hear(self, trouble: Trouble | None) -> None:
        """Say on the thread of the window what the worker did with a pack: '' or why it was refused."""
        self._took.emit(trouble.what if trouble else "")

    def _note(self, refusal: str) -> None:
        """Take note of a pack that was taken in, or refused."""
        self.taken, self.refusal = self.taken + (not refusal), refusal
        if not self._gather.isActive():
            self._gather.start()

    def _tell(self) -> None:
        self._room.renew()
        self.came.emit()


class _Lent(Executor):
    """A worker that belongs to somebody else, who ends it."""

    def __init__(self, worker: Executor) -> None:
        self._worker = worker

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """Have it do something in its turn."""
        return self._worker.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Do nothing: it goes on for whoever it belongs to."""
