"""The server as its user starts it: a process of its own over a home, at free ports of loopback."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ("-m", "sync.server")


@dataclass(frozen=True)
class Started:
    """A running server: where its pages and its relay answer."""

    pages: str
    relay: str
    process: "subprocess.Popen[str]"


@contextmanager
def server_on(
    folder: Path, *words: str, program: Sequence[str] = PROGRAM, told: Mapping[str, str] | None = None
) -> Iterator[Started]:
    """Start the server of a home, with what is told in its environment; at the end of the block it is asked to end,
    unless it was killed before."""
    command = [sys.executable, *program, "--home", str(folder), "--port", "0", "--relay-port", "0"]
    streams = {"stderr": subprocess.PIPE, "stdout": subprocess.DEVNULL}
    with subprocess.Popen([*command, *words], text=True, cwd=ROOT, env=os.environ | (told or {}), **streams) as process:
        assert process.stderr is not None
        try:
            urls = {}
            for line in process.stderr:
                name, _, url = line.strip().partition("：")
                urls[name] = url
                if name.startswith("按"):
                    break
            yield Started(urls["网页"], urls["交换"], process)
        finally:
            process.terminate()
            process.wait(60)
