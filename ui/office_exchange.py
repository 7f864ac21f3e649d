"""The exchange without a window: writing packs, taking them in, the wire, a relay for the county's own network."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event

from app.domain.errors import Trouble
from app.ports import Postbox, Taking
from sync.carriers import place_of
from sync.carriers.wire import synchronise
from sync.exchange import FOLDER, RELAY, Exchange, Exported, Relay
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
        told_of = {"items": exported.items, "bytes": exported.size, "files": files, "to": list(exported.to)}
        self._say(told_of | {"cleared": exported.cleared})
        self._tell(_sentence(exported))

    def take(self, sources: Iterable[Path], *, is_look: bool = False) -> bool:
        """Take packs in, each whole or not at all, or look what that would do; return whether all of them could be."""
        files = [file for source in sources for file in self._files(source)]
        looked = self._exchange.look_all(files) if is_look else map(self._taken, files)
        said = [self._say_of(file, one, is_taken=not is_look) for file, one in zip(files, looked, strict=True)]
        return all(said)

    def _files(self, source: Path) -> Iterator[Path]:
        """Yield what may be packs: a file as it is, whatever it is called, or what lies in a folder."""
        if source.is_file():
            yield source
        else:
            yield from (found.path for found in self._exchange.found(source))

    def _taken(self, file: Path) -> Taken | Trouble:
        try:
            return self._exchange.take_file(file, FOLDER)
        except Trouble as trouble:
            return trouble

    def _say_of(self, file: Path, found: Taken | Trouble, *, is_taken: bool) -> bool:
        if isinstance(found, Trouble):
            self._say({"file": str(file), "taken": False, "code": found.code})
            self._tell(found.sentence())
            return False
        self._say({"file": str(file), "taken": is_taken, **_told(found)})
        return True

    def serve_import(self, lines: Iterable[str]) -> None:
        """Take in each pack whose path comes as a line; answer 0 or 3 and the digest of the home."""
        for line in lines:
            path = line.rstrip("\r\n")
            if not path:
                continue
            taken = self._taken(Path(path))
            if isinstance(taken, Trouble):
                self._tell(taken.sentence())
            print(3 if isinstance(taken, Trouble) else 0, self._digest(), flush=True)

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
        from sync.server.troubles import binding
        from sync.server.web import Server

        folder = self._folder / RELAY
        folder.mkdir(exist_ok=True)
        with binding(told.address, told.port, "--port"):
            server = Server(Relay(self._exchange), folder, (told.address, told.port))
        with server:
            self._say({"url": server.url})
            self._tell(f"在 {server.url} 等着，按 Ctrl C 停")
            until.wait()


def _sentence(exported: Exported) -> str:
    if exported.cleared:
        return f"{_sentence(replace(exported, cleared=0))}；早就送到了的 {exported.cleared} 包已清走"
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
