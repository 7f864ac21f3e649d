"""A nursery: the program loaded once, from which each run of the command line is a process of its own.

A run is forked before anything was opened, so it is what `python -m ui.office` is a second later; only that second is
saved. It writes where it is told, and may be killed from outside like any process. With `YUANBA_DIES_AT` it kills
itself with SIGKILL at the n-th step to the disk: before and after each fsync, each commit, each change of a name.
"""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OPS_IN_AN_ACT = 60


@dataclass
class Run:
    """One process of the command line: its pid, what it says, and how it ended (-9 when killed)."""

    pid: int
    folder: Path
    nursery: "Nursery"
    code: int | None = field(default=None)

    @property
    def out(self) -> str:
        return self._written(".out")

    @property
    def err(self) -> str:
        return self._written(".err")

    def _written(self, ending: str) -> str:
        file = self.folder / f"{self.pid}{ending}"
        return file.read_text("utf-8", "replace") if file.exists() else ""

    @property
    def acts(self) -> list[str]:
        """Return the acts it acknowledged, each in a whole line."""
        return [
            line.split()[1] for line in self.out.splitlines(keepends=True) if line[:4] == "ACK " and line[-1] == "\n"
        ]

    @property
    def last(self) -> dict:
        """Return the last thing it said."""
        return json.loads([line for line in self.out.splitlines() if line.startswith("{")][-1])

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def ends(self) -> int:
        if self.code is None:
            self.code = self.nursery.wait(self.pid)
        return self.code


class Nursery:
    """A loaded program; `with Nursery(folder) as office: office("export", "--home", …)` begins runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: set[int] = set()
        self._mother = subprocess.Popen(
            [sys.executable, "-m", "tests.walks.nursery"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "Nursery":
        return self

    def __exit__(self, *_: object) -> None:
        for pid in self._open:
            os.kill(pid, signal.SIGKILL)
        self._mother.stdin.close()
        self._mother.wait()
        self._mother.stdout.close()

    def __call__(self, *words: object, dies_at: int = 0, lines: str = "", says_to: str = "") -> Run:
        """Begin a run; it ends itself at the n-th step to the disk if `dies_at` says so. What it says is kept in a
        file, or goes into the pipe `says_to`."""
        told = {"words": [str(word) for word in words], "to": str(self.folder), "dies_at": dies_at, "lines": lines}
        told["says_to"] = says_to
        pid = self._asked(told)
        self._open.add(pid)
        return Run(pid, self.folder, self)

    def does(self, *words: object, **more: object) -> Run:
        """Do a run to its end."""
        run = self(*words, **more)
        run.ends()
        return run

    def wait(self, pid: int) -> int:
        code = self._asked({"wait": pid})
        self._open.discard(pid)
        return code

    def _asked(self, told: object) -> int:
        self._mother.stdin.write(json.dumps(told) + "\n")
        self._mother.stdin.flush()
        return int(self._mother.stdout.readline())


def _steps_counted(dies_at: int) -> list[int]:
    """Count the steps to the disk of this process, and end it at the one given; 0 only counts."""
    from sqlalchemy import Engine, event

    count = [0]

    def step(*_: object) -> None:
        count[0] += 1
        if count[0] == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(call):
        def stepping(*args, **more):
            step()
            done = call(*args, **more)
            step()
            return done

        return stepping

    for name in ("fsync", "rename", "replace", "unlink", "mkdir"):
        setattr(os, name, around(getattr(os, name)))
    event.listen(Engine, "commit", step)
    event.listen(Engine, "begin", step)
    return count


def _run(told: dict) -> int:
    from ui.office import main

    base = Path(told["to"]) / str(os.getpid())
    for number, place in ((2, f"{base}.err"), (1, told["says_to"] or f"{base}.out")):
        os.dup2(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), number)
    count = _steps_counted(told["dies_at"])
    code = main(told["words"])
    sys.stdout.flush()
    Path(f"{base}.steps").write_text(str(count[0]), "ascii")
    return code


def _be_a_mother() -> None:
    import_module("ui.office")
    for name in (
        "ui.office_exchange",
        "ui.office_work",
        "sync.server.web",
        "alembic.command",
    ):  # what a run would load on its way
        import_module(name)
    # An evening is sealed in several acts, so that a kill can come between two.
    import_module("sync.outbox").MOST_OPS = OPS_IN_AN_ACT
    for line in sys.stdin:
        told = json.loads(line)
        if "wait" in told:
            _, status = os.waitpid(told["wait"], 0)
            print(os.waitstatus_to_exitcode(status), flush=True)
            continue
        pid = os.fork()
        if pid == 0:
            code = 70
            try:
                os.dup2(os.open(told["lines"] or os.devnull, os.O_RDONLY), 0)
                code = _run(told)
            except BaseException:  # what the interpreter would print, and its exit code
                sys.excepthook(*sys.exc_info())
                code = 1
            finally:
                sys.stderr.flush()
                os._exit(code)
        print(pid, flush=True)


if __name__ == "__main__":
    _be_a_mother()
