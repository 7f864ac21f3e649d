"""The verbs of the command line about accounts and their log: where the first account is made, and the chain walked."""

import argparse
import getpass
import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from app.domain.account import ROLE_WORDS, Account
from app.domain.audit import Line, Walk, walk
from app.domain.errors import Refused, StatementSpoilt
from app.ports import Clock, Postbox, Seal
from sync.directory import AUDIT_HEAD, Directory, Said, read_said
from sync.server.accounts import Accounts
from sync.server.log_file import checked, is_log, place_of, read, written
from sync.server.parsing import Parser
from sync.server.troubles import content_of
from sync.server.witness import signed_end
from sync.witnessing import heads

DONE, REFUSED = 0, 3


@dataclass(frozen=True, slots=True)
class Opened:
    """What the verbs need of a home: its accounts, the code of its place, and the seal of this computer among it."""

    accounts: Accounts
    clock: Clock
    place: str
    seal: Seal
    postbox: Postbox


class Opening(Protocol):
    """Opens the accounts of a home, until the stack is closed."""

    def __call__(self, told: argparse.Namespace, stack: ExitStack) -> Opened:
        """Return what was opened.

        Raises:
            Trouble: The home cannot be opened.
        """


def parser(name: str) -> Parser:
    """Return the parser of one of the two verbs."""
    made = Parser(prog=f"server {name}", description=_ABOUT[name])
    made.add_argument("do", choices=_DO[name])
    made.add_argument("--home", type=Path, metavar="H", help="the folder of the home; the server must not be running")
    made.add_argument("--database", default="", metavar="URL", help="of a server that keeps its facts in PostgreSQL")
    made.add_argument("--sample", action="store_true", help="of 示例省")
    made.add_argument("--place", default="", metavar="CODE", help="whose server it is, when no office was founded")
    made.add_argument("--places", type=Path, metavar="F.tsv", help="another table of places")
    if name == "account":
        made.add_argument("--name", default="")
        made.add_argument("--role", default="", choices=["", *ROLE_WORDS])
        made.add_argument("--scope", default="", metavar="CODE", help="the place they may see; the server's by default")
    else:
        made.add_argument("--file", type=Path, metavar="F.jsonl", help="walk along a downloaded log instead")
        made.add_argument("--seen", default="", metavar="N:HASH", help="a line that was noted down before")
        made.add_argument(
            "--head", type=Path, metavar="F.json", help="what `audit head` or `heads` wrote before: it must hold still"
        )
    return made


_ABOUT = {
    "account": "make and list accounts",
    "audit": "walk along the log of what accounts did, write it out, sign its end, or tell the ends of others' logs",
}
_DO = {"account": ("add", "list"), "audit": ("verify", "export", "head", "heads")}


def account(words: Sequence[str], opening: Opening, typed: IO[str] | None = None) -> int:
    """Make an account, or list them. The password is typed, or comes as one line of standard input."""
    told = parser("account").parse_args(words)
    with ExitStack() as stack:
        accounts = opening(told, stack).accounts
        if told.do == "list":
            for one in accounts.register.accounts():
                _say(_shown(one))
            return DONE
        password = _password(typed or sys.stdin)
        made, _ = accounts.add(None, told.name, told.role, told.scope, password)
        _say(_shown(made))
    return DONE


def _password(typed: IO[str]) -> str:
    """Return a password that nobody reads over a shoulder or finds in a list of processes; never an empty one."""
    if not typed.isatty():
        return typed.readline().rstrip("\r\n") or " "
    first = getpass.getpass("密码（至少 12 个字）：")
    return first if first == getpass.getpass("再打一遍：") else " "


def _shown(one: Account) -> dict[str, object]:
    told: dict[str, object] = {
        "name": one.name,
        "role": one.role.value,
        "scope": one.scope,
        "second_factor": bool(one.totp),
    }
    return told | {"locked": one.is_locked, "removed": one.removed_at is not None}


def audit(words: Sequence[str], opening: Opening) -> int:
    """Walk along the log and say where it breaks, or write it out, which is a line of it too; or sign its last line, or
    tell what others have signed of theirs.

    Raises:
        StatementSpoilt: What is to be the signed end of this log is none.
        Refused: There is no signed end in the file of them, or the file is not there, or no log.
    """
    told = parser("audit").parse_args(words)
    kept = _kept(told.head) if told.head else []
    if told.file:
        raw = content_of(told.file).splitlines(keepends=True)
        if not is_log(raw):
            raise Refused(
                f"{told.file} 不是审计日志", "什么也没变", "查的文件要是 audit export 写的，或者从管理页面取的"
            )
        found, ends = checked(raw), _of(kept, place_of(raw))
        return _judged(found, told.seen, ends, list(read(raw)) if found.broken_at is None else [])
    with ExitStack() as stack:
        home = opening(told, stack)
        lines = home.accounts.register.lines()
        if told.do == "head":
            sys.stdout.write(_signed(walk(lines), home).decode() + "\n")
        elif told.do == "heads":
            found_ends = heads(home.postbox, Directory.of(home.postbox))
            sys.stdout.writelines(end.raw.decode() + "\n" for _, end in found_ends if end.body.place != home.place)
        elif told.do == "export":
            home.accounts.note(None, "audit.export", "")
            sys.stdout.writelines(written(home.accounts.register.lines(), home.place, home.clock.now()))
        else:
            listed = list(lines)
            return _judged(walk(listed), told.seen, [*_own_ends(home), *_of(kept, home.place)], listed)
    return DONE


def _own_ends(home: Opened) -> list[Said]:
    """Return the ends of its own log that this office has signed; whoever cut the log short may have left them."""
    found = heads(home.postbox, Directory.of(home.postbox))
    return [end for _, end in found if end.body.place == home.place]


def _signed(found: Walk, home: Opened) -> bytes:
    """Return the end of a log, signed: to be kept by somebody else, against whom no log can be written anew.

    Raises:
        Refused: The log is broken, or has no line yet.
    """
    if found.broken_at is not None or not found.count:
        raise Refused("日志是空的，或者断了，没有可签的", "什么也没变", "先用 audit verify 看看断在哪里")
    return signed_end(found, home.place, home.clock.now(), home.seal)


def _kept(file: Path) -> list[Said]:
    """Return the signed ends of logs that a file holds, one on a line.

    Raises:
        StatementSpoilt: One is none.
        Refused: There is none at all, and so nothing that a log could be held against.
    """
    ends = [_head(raw) for raw in content_of(file).splitlines()]
    if not ends:
        raise Refused(f"{file} 里一条签过的日志末尾也没有", "什么也没变", "没有可对的，不能说日志没改过；同步以后再取")
    return ends


def _head(raw: bytes) -> Said:
    """Return the signed end of a log.

    Raises:
        StatementSpoilt: It is none, or its signature does not hold.
    """
    said = read_said(raw)
    if said is None or said.kind != AUDIT_HEAD:
        raise StatementSpoilt("no end of a log")
    return said


def _of(kept: Sequence[Said], place: str) -> Sequence[Said]:
    """Return the ends that say they are of the log of one place; all of them if none does, which then hold or not."""
    return [one for one in kept if one.body.place == place] or kept


def _judged(found: Walk, noted: str, ends: Sequence[Said], lines: Sequence[Line]) -> int:
    """Say what came of a walk; a line that was noted down must still be there, for a chain cut short looks whole. With
    ends that were signed it tells by whom, for whoever kept them to compare."""
    there = {f"{one.number}:{one.hash}" for one in lines}
    seen = [*([noted] if noted else []), *(f"{one.body.number}:{one.body.hash}" for one in ends)]
    keys = sorted({key for one in ends for key in one.keys})
    is_there = there.issuperset(seen)
    is_good = found.broken_at is None and is_there
    _say(
        {"ok": is_good, "lines": found.count, "last": found.last, "broken_at": found.broken_at, "seen": is_there}
        | ({"signed_by": keys} if keys else {})
    )
    return DONE if is_good else REFUSED


def _say(told: dict[str, object]) -> None:
    print(json.dumps(told, ensure_ascii=False), flush=True)
