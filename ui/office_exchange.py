"""The exchange without a window: writing packs, taking them in, the wire, a relay for the county's own network."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from threading import Event

from app.domain.errors import Trouble
from app.ports import Postbox, Taking
from sync.carriers import place_of
from sync.carriers.wire import synchronise
from sync.exchange import FOLDER, Exchange, Exported, Relay
from sync.inbox import Taken

Say = Callable[[object], None]
Tell = Callable[[str], None]


class ExchangeDesk:
    """What the command line does to exchange, on one open home; `digest` tells the state of its facts."""

    def __init__(
        self, postbox: Postbox, exchange: Exchange, folder: Path, digest: Callable[[], str], say: Say, tell: Tell
    ) -> None:
        self._postbox = postbox
        self._exchange = exchange
        self._folder = folder
        self._digest = digest
        self._say = say
        self._tell = tell

    def export(self, told: Namespace) -> None:
        """Write what is to be sent into a folder; ACK <act> for each of ours once it is there for good."""
        told.to.mkdir(parents=True, exist_ok=True)
        exported = self._exchange.export(place_of(told.to), carrier=FOLDER)
        self._acknowledge(exported.segments)
        files = [str(file) for file in exported.files]
        self._say({"items": exported.items, "bytes": exported.size, "files": files, "to": list(exported.to)})
        self._tell(_sentence(exported))

    def take(self, sources: Iterable[Path], *, is_look: bool = False) -> bool:
        """Take packs in, each whole or not at all; return whether all of them could be."""
        is_good = True
        for source in sources:
            for file in self._files(source):
                is_good &= self._take_one(file, is_look=is_look)
        return is_good

    def _files(self, source: Path) -> Iterator[Path]:
        """Yield what may be packs: a file as it is, whatever it is called, or what lies in a folder."""
        if source.is_file():
            yield source
        else:
            yield from (found.path for found in self._exchange.found(source))

    def _take_one(self, file: Path, *, is_look: bool) -> bool:
        try:
            taken = self._exchange.look(file) if is_look else self._exchange.take_file(file, FOLDER)
        except Trouble as trouble:
            self._say({"file": str(file), "taken": False, "code": trouble.code})
            self._tell(trouble.sentence())
            return False
        self._say({"file": str(file), "taken": not is_look, **_told(taken)})
        return True

    def serve_import(self, lines: Iterable[str]) -> None:
        """Take in each pack whose path comes as a line; answer 0 or 3 and the digest of the home."""
        for line in lines:
            path = line.rstrip("\r\n")
            if not path:
                continue
            try:
                self._exchange.take_file(Path(path), FOLDER)
                code = 0
            except Trouble as trouble:
                self._tell(trouble.sentence())
                code = 3
            print(code, self._digest(), flush=True)

    def sync(self, told: Namespace) -> None:
        """Send and fetch over the wire; ACK <act> for each of ours that both sides now hold."""
        before = self._held()
        exchanged = synchronise(told.url, self._exchange)
        self._acknowledge(sorted(self._held() - before))
        self._say({"questions": exchanged.questions, "sent": exchanged.sent, "received": exchanged.received})
        self._tell("两边都没有新的" if exchanged.is_nothing_new else "两边都收好了")

    def _held(self) -> set[str]:
        return {one.segment for one in self._postbox.held()}

    def _acknowledge(self, segments: Iterable[str]) -> None:
        for act in self._postbox.acts(segments):
            print("ACK", act, flush=True)

    def serve(self, told: Namespace, until: Event) -> None:
        """Answer those who call over the network until told to stop."""
        from sync.server.web import Server

        folder = self._folder / "relay"
        folder.mkdir(exist_ok=True)
        with Server(Relay(self._exchange), folder, (told.address, told.port)) as server:
            self._say({"url": server.url})
            self._tell(f"在 {server.url} 等着，按 Ctrl C 停")
            until.wait()


def _sentence(exported: Exported) -> str:
    if not exported.files:
        return "没有要送的，都送过了"
    return f"{exported.items} 条都在盘里了，可以拔" if exported.items else "在盘里了，可以拔"


def _told(taken: Taken) -> dict[str, object]:
    taking: Taking = taken.taking
    counts = {"new": sum(taking.made.values()), "changed": sum(taking.changed.values()), "contests": taking.contests}
    kept = {"withheld": taking.withheld, "waiting": taking.waiting, "kept": taking.kept, "known": taking.known}
    return {"from": taken.sender, "number": taken.number, **counts, **kept, "forks": taking.forks}


def lines_of_stdin() -> Iterator[str]:
    """Yield the lines that come, as they come; whatever bytes a name has."""
    yield from (os.fsdecode(line) for line in sys.stdin.buffer)
